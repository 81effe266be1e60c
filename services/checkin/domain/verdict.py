"""What a door answers to a scan (CONTRACT section 4): one pure function.

| outcome | when |
| --- | --- |
| refuse `unknown` `forged` `revoked` `wrong-event` | the badge does not stand for somebody of this event |
| admit `goodbye` | out: always, also for somebody not known inside, so that the numbers stay true |
| refuse `closed` | in, strict door, outside its hours |
| admit `again` | in, already here; an arrival that was only implied is not yet being here |
| warn, or refuse where strict: `not-expected-here`, then `full` | in, advise or strict |
| admit `back` / `welcome` | in, was here before / was not |
"""

from collections.abc import Container
from typing import NamedTuple

from checkin.domain.door import Door
from shared.facts import AWAY, UNDERWAY, Outcome, Reason
from shared.scans import BadgeState


class Known(NamedTuple):
    """What was known of somebody just before the scan, by the sightings up to its moment.

    `others`: how many others are at the door's place now; None for a late scan, whose moment had another number.
    """

    allowed: Container[str] | None
    is_here: bool
    was_here: bool
    others: int | None


class Decision(NamedTuple):
    """The answer; `place` is where the person is from then on, None when the scan is no sighting."""

    outcome: Outcome
    reason: Reason
    place: str | None


def decide(door: Door, at_ms: int, badge: BadgeState, known: Known) -> Decision:
    """Judge one scan at a door."""
    if badge != "known":
        return Decision("refuse", badge, None)
    if door.direction == "out":
        return Decision("admit", "goodbye", _after(door, at_ms))
    if door.policy == "strict" and not door.open_ms <= at_ms < door.close_ms:
        return Decision("refuse", "closed", None)
    if known.is_here:
        return Decision("admit", "again", door.place)
    note = None if door.policy == "count" else _note(door, known)
    if note is None:
        return Decision("admit", "back" if known.was_here else "welcome", door.place)
    return Decision("refuse", note, None) if door.policy == "strict" else Decision("warn", note, door.place)


def _after(door: Door, at_ms: int) -> str:
    """Where an out scan leaves somebody (CONTRACT section 2)."""
    if door.is_room:
        return door.location
    return AWAY if door.away_from_ms is not None and at_ms >= door.away_from_ms else UNDERWAY


def _note(door: Door, known: Known) -> Reason | None:
    if known.allowed is not None and door.place not in known.allowed:
        return "not-expected-here"
    if door.capacity is not None and known.others is not None and known.others >= door.capacity:
        return "full"
    return None
