"""One rule for what a scanner may be called, wherever its id comes in."""

import pytest

from shared import scanner_ids

BAD = ["bad id/+#", "../../x", "", ".", "..", "-a", "a/b", "a+", "#", "a\n", "a:b", "é", "x" * 65]


@pytest.mark.parametrize("scanner", BAD)
def test_an_id_that_would_break_a_topic_or_a_path_is_refused(scanner: str) -> None:
    """Ids become levels of topics, users of the broker and names of files."""
    with pytest.raises(scanner_ids.ScannerIdError, match="cannot be the id of a scanner: use letters"):
        scanner_ids.check(scanner)


@pytest.mark.parametrize("scanner", [*scanner_ids.SERVICES, "Web"])
def test_the_name_of_a_service_is_refused(scanner: str) -> None:
    """A scanner of that name would have the rights of the service, not its own."""
    with pytest.raises(scanner_ids.ScannerIdError, match="is the name of a service: give the scanner another id"):
        scanner_ids.check(scanner)


@pytest.mark.parametrize("scanner", ["kerk-1", "A", "0.b_C-d", "x" * 64])
def test_other_ids_are_fine(scanner: str) -> None:
    """Letters, digits, dots, dashes and underscores."""
    assert scanner_ids.trouble_with(scanner) is None
