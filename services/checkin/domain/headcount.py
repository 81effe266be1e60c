"""How the numbers add up: `registered = expected + Σ locations + Σ runs + underway + away` (CONTRACT section 2)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from shared import instants
from shared.facts import AWAY, UNDERWAY, Headcount, PlaceCount, RunCount
from shared.programme import Programme
from shared.timetable import expected_place

GroupCounts = Mapping[frozenset[str], int]


@dataclass(frozen=True, kw_only=True)
class Tallied:
    """What is counted at a moment: everybody by group set, the away by group set, and who is exactly at each place."""

    registered: GroupCounts
    away: GroupCounts
    present: Mapping[str, int]
    unconfirmed: int
    missing: int


def assemble(programme: Programme, tallied: Tallied, at_ms: int) -> Headcount:
    """The headcount of a moment.

    A place that the programme no longer has stays in it as long as somebody is there, so that the sum holds.
    """
    registered = sum(tallied.registered.values())
    seen = sum(tallied.present.values())
    return Headcount(
        event=programme.event,
        at=instants.to_text(at_ms),
        registered=registered,
        expected=registered - seen,
        underway=tallied.present.get(UNDERWAY, 0),
        away=tallied.present.get(AWAY, 0),
        places=_places(programme, tallied, at_ms),
        runs=_runs(programme, tallied.present),
        unconfirmed=tallied.unconfirmed,
        missing=tallied.missing,
    )


def _places(programme: Programme, tallied: Tallied, at_ms: int) -> tuple[PlaceCount, ...]:
    present = _with_rooms(programme, tallied.present)
    expected = _with_rooms(programme, _expected(programme, tallied, at_ms))
    counts = []
    for location in programme.locations:
        counts.append(_place(location.id, location.name, location.capacity, present, expected))
        counts += [_place(room.id, room.name, room.capacity, present, expected) for room in location.rooms]
    return (*counts, *_left_over(programme, tallied.present))


def _place(
    place: str, name: str, capacity: int | None, present: Mapping[str, int], expected: Mapping[str, int]
) -> PlaceCount:
    return PlaceCount(
        place=place,
        name=name,
        kind="room" if "." in place else "location",
        present=present.get(place, 0),
        expected=expected.get(place, 0),
        capacity=capacity,
    )


def _left_over(programme: Programme, present: Mapping[str, int]) -> list[PlaceCount]:
    here = {*programme.index.places, UNDERWAY, AWAY}
    gone = sorted(p for p, count in present.items() if count and p not in here and programme.location_of(p) is None)
    return [PlaceCount(place=p, name=p, kind="location", present=present[p], expected=0, capacity=None) for p in gone]


def _with_rooms(programme: Programme, counts: Mapping[str, int]) -> Counter[str]:
    """The counts, with the people of each room also in its location."""
    found: Counter[str] = Counter()
    for place, count in counts.items():
        location = programme.location_of(place)
        found[place] += count
        if location is not None and location.id != place:
            found[location.id] += count
    return found


def _expected(programme: Programme, tallied: Tallied, at_ms: int) -> Counter[str]:
    """Persons, not away, whose current item is at a place; in a gap the next one (CONTRACT section 8)."""
    found: Counter[str] = Counter()
    for groups, count in tallied.registered.items():
        place = expected_place(programme, groups, at_ms)
        if place is not None:
            found[place] += count - tallied.away.get(groups, 0)
    return found


def _runs(programme: Programme, present: Mapping[str, int]) -> tuple[RunCount, ...]:
    return tuple(RunCount(run.id, present.get(run.id, 0)) for run in programme.runs)
