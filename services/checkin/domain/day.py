"""One event's day as the doors need it: the programme, and what was worked out from it and is kept."""

from bisect import bisect_right
from collections.abc import Mapping

from checkin.domain import whereto, words
from checkin.domain.door import Door, doors_of
from checkin.domain.whereto import Seats
from shared.facts import Text
from shared.programme import Item, Programme
from shared.scans import Keys, Unknown, state_of_unknown
from shared.timetable import plan_of

MOST_KEPT = 20_000  # answers worked out before; many people share a few group sets


class Day:
    """Programme, doors and badge keys of one event; `others` are the other events of this installation."""

    def __init__(self, programme: Programme, *, badge_key: bytes, others: Keys) -> None:
        self.event = programme.event
        self.programme = programme
        self.doors: Mapping[str, Door] = doors_of(programme)
        self._badge_key = badge_key
        self._others = others
        self._targets: dict[tuple[frozenset[str], int, str], Item | None] = {}

    def state_of_unknown(self, code: str) -> Unknown:
        """What a code is that stands for nobody of this event."""
        return state_of_unknown(code, event=self.event, key=self._badge_key, others=self._others)

    def allowed(self, groups: frozenset[str], at_ms: int) -> frozenset[str] | None:
        """Where a person of these groups needs no warning."""
        return plan_of(self.programme, groups).at(at_ms).allowed

    def line(self, door: Door, groups: frozenset[str], at_ms: int, seats: Seats) -> Text:
        """Where a person goes next, under an answer at this door."""
        item = self._target(door, groups, at_ms)
        return whereto.line(self.programme, door, item, seats, at_ms) or words.NOTHING

    def _target(self, door: Door, groups: frozenset[str], at_ms: int) -> Item | None:
        key = (groups, bisect_right(plan_of(self.programme, groups).boundaries, at_ms), door.checkpoint)
        try:
            return self._targets[key]
        except KeyError:
            if len(self._targets) >= MOST_KEPT:
                self._targets.clear()
            leaving = door.direction == "out"
            item = whereto.target(self.programme, door, groups, at_ms, leaving=leaving)
            self._targets[key] = item
            return item
