"""What somebody wrote as their needs."""

import pytest

from transport.domain.needs import needs_wheelchair


@pytest.mark.parametrize(
    ("needs", "rolls"),
    [
        ("rolstoel", True),
        ("Elektrische ROLSTOEL, vegetarisch", True),
        ("wheelchair user", True),
        ("vegan", False),
        ("", False),
    ],
)
def test_a_wheelchair_is_found_in_either_language(needs: str, rolls: bool) -> None:
    """Anywhere in the text, in any case."""
    assert needs_wheelchair(needs) is rolls
