"""Moments: whole milliseconds since 1970 inside, RFC 3339 on the wire (CONTRACT section 3).

Order between two sightings is decided in whole milliseconds, so an integer is the honest type for it: it has no zone to
forget and no digits to round (docs/adr/0003-milliseconds-inside.md).
"""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
RFC3339 = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?([Zz]|[+-][0-9]{2}:[0-9]{2})$(?!\n)"
)
_SHAPE = re.compile(RFC3339)
_FIRST_MS = (datetime(1, 1, 1, tzinfo=UTC) - EPOCH) // MILLISECOND
_LAST_MS = (datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC) - EPOCH) // MILLISECOND


def to_ms(text: str) -> int:
    """Milliseconds since 1970 of an RFC 3339 text with an offset; more digits are cut off, never rounded.

    Raises ValueError with the remedy where the text is not such a moment, or one outside the years 1–9999 in UTC.
    """
    if not _SHAPE.match(text):
        raise ValueError("is not an RFC 3339 time with an offset: write for example 2024-01-11T09:41:07.120+01:00")
    try:
        at_ms = (datetime.fromisoformat(text.upper()) - EPOCH) // MILLISECOND
    except (ValueError, OverflowError) as error:
        raise ValueError(f"is not a moment that exists ({error}): write for example 2024-01-11T09:41:07Z") from None
    if not _FIRST_MS <= at_ms <= _LAST_MS:  # its offset leads out of the calendar
        raise ValueError("is outside the years 1 to 9999 in UTC: write for example 2024-01-11T09:41:07Z")
    return at_ms


def to_text(at_ms: int) -> str:
    """RFC 3339 in UTC with three digits after the second."""
    return from_ms(at_ms).isoformat(timespec="milliseconds")[:-6] + "Z"


def from_ms(at_ms: int) -> datetime:
    """An aware datetime in UTC."""
    return EPOCH + timedelta(milliseconds=at_ms)


def of(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime.

    Raises ValueError when it has no zone: such a time means something else on every machine.
    """
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be placed: give it one")
    return (moment - EPOCH) // MILLISECOND


def local(at_ms: int, zone: ZoneInfo) -> datetime:
    """The moment as a wall clock in `zone` shows it."""
    return from_ms(at_ms).astimezone(zone)
