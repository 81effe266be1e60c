"""What must hold between the entries of a programme."""

from shared.programme.draft import Draft


def check_draft(draft: Draft) -> None:
    """Note every mistake between the entries."""
