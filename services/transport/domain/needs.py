"""What somebody wrote as their needs, as far as a coach must know."""

WHEELCHAIR = ("rolstoel", "wheelchair")


def needs_wheelchair(needs: str) -> bool:
    """Whether it asks for a wheelchair place."""
    return any(word in needs.casefold() for word in WHEELCHAIR)
