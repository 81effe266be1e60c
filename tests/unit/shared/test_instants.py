"""Moments on the wire and inside."""

import pytest

from shared import instants


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "2024-02-30T00:00:00Z"])
def test_a_moment_that_could_not_be_written_again_is_not_read(text: str) -> None:
    """Its offset leads out of the calendar, or the day does not exist: refused with an example."""
    with pytest.raises(ValueError, match="write for example"):
        instants.to_ms(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"])
def test_every_moment_of_the_calendar_is_written_as_it_was_read(text: str) -> None:
    """From the first to the last millisecond."""
    assert instants.to_text(instants.to_ms(text)) == text
