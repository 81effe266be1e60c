"""Where the programme wants a person of some groups to be at a moment: pure questions, answered from a kept plan.

An item runs from its start up to but not including its end. A gap is a moment without an item.
Where items overlap, one of the person's own groups goes before one for everybody, then the later start.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from shared.programme import Item, Programme

EARLY_MS = 20 * 60_000
_PLANS_KEPT = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What holds for one group set between two boundaries of its plan; `allowed` None is anywhere."""

    current: Item | None
    next: Item | None
    allowed: frozenset[str] | None

    @property
    def expected(self) -> str | None:
        """The place of the current item, in a gap of the next one."""
        item = self.current or self.next
        return item.place if item else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The day of one group set: `moments[i]` holds before `boundaries[i]` (ms), the last one after them all."""

    boundaries: tuple[int, ...]
    moments: tuple[Moment, ...]

    def at(self, at_ms: int) -> Moment:
        """What holds at a moment."""
        return self.moments[bisect_right(self.boundaries, at_ms)]


_plans: WeakKeyDictionary[Programme, dict[frozenset[str], Plan]] = WeakKeyDictionary()


def plan_of(programme: Programme, groups: frozenset[str]) -> Plan:
    """The plan of a group set, worked out once for each programme: many people share a few group sets."""
    plans = _plans.get(programme)
    if plans is None:
        plans = _plans.setdefault(programme, {})
    plan = plans.get(groups)
    if plan is None:
        if len(plans) >= _PLANS_KEPT:  # every person their own groups: do not keep more than fits
            plans.clear()
        plan = plans[groups] = make_plan(programme, groups)
    return plan


def current_item(programme: Programme, groups: frozenset[str], at_ms: int) -> Item | None:
    """The item that a person of these groups is expected at now, None in a gap."""
    return plan_of(programme, groups).at(at_ms).current


def next_item(programme: Programme, groups: frozenset[str], at_ms: int) -> Item | None:
    """The first item of these groups that starts after this moment, None after the last start."""
    return plan_of(programme, groups).at(at_ms).next


def expected_place(programme: Programme, groups: frozenset[str], at_ms: int) -> str | None:
    """The place of the current item, in a gap of the next one; None after the last item."""
    return plan_of(programme, groups).at(at_ms).expected


def allowed_places(programme: Programme, groups: frozenset[str], at_ms: int) -> frozenset[str] | None:
    """The places where an `in` scan of a person of these groups needs no warning; None is anywhere.

    Those of the current items; in a gap of the previous and the next one; and of an item from 20 minutes before its
    start. An item in a room allows its location too, an item at a location all its rooms. A person whom no item names
    by a group may be anywhere.
    """
    return plan_of(programme, groups).at(at_ms).allowed


def make_plan(programme: Programme, groups: frozenset[str]) -> Plan:
    """Work out the plan of a group set."""
    items = programme.items_of(groups)
    boundaries = sorted({edge for item in items for edge in (item.start_ms - EARLY_MS, item.start_ms, item.end_ms)})
    starts = [boundaries[0] - 1 if boundaries else 0, *boundaries]
    return Plan(boundaries=tuple(boundaries), moments=tuple(_moment(programme, items, at_ms) for at_ms in starts))


def _moment(programme: Programme, items: tuple[Item, ...], at_ms: int) -> Moment:
    now = [item for item in items if item.start_ms <= at_ms < item.end_ms]
    ahead = [item for item in items if item.start_ms > at_ms]
    current = min(now, key=lambda item: (not item.groups, -item.start_ms), default=None)
    following = min(ahead, key=lambda item: (item.start_ms, not item.groups), default=None)
    allowed = None
    if any(item.groups for item in items):
        near = [*now, *(item for item in ahead if item.start_ms - EARLY_MS <= at_ms)]
        if not now:
            near += _around_gap(items, following, at_ms)
        allowed = _places(programme, near)
    return Moment(current=current, next=following, allowed=allowed)


def _around_gap(items: tuple[Item, ...], following: Item | None, at_ms: int) -> list[Item]:
    """All that ended last, together, and all that start first."""
    ended = max((item.end_ms for item in items if item.end_ms <= at_ms), default=None)
    starts = following.start_ms if following else None
    return [item for item in items if item.end_ms == ended or item.start_ms == starts]


def _places(programme: Programme, items: Iterable[Item]) -> frozenset[str]:
    places: set[str] = set()
    for item in items:
        location = programme.location_of(item.place)
        places.add(item.place)
        if location and location.id == item.place:
            places.update(room.id for room in location.rooms)
        elif location:
            places.add(location.id)
    return frozenset(places)
