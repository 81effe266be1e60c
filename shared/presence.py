"""The one rule of where people are (CONTRACT section 2), as pure functions.

A person is at the place of the latest counting sighting, ordered by `(at, id)`. It counts when no void names it;
a void places nobody. So any order, any doubling and any delay of the same sightings gives the same answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from shared.facts import UNDERWAY, Sighting


def counting(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Those that place somebody: each once, without voids and without what a void names."""
    unique = {sighting.id: sighting for sighting in sightings}
    voided = {sighting.void for sighting in unique.values() if sighting.void is not None}
    return [s for s in unique.values() if s.void is None and s.id not in voided]


def fold(sightings: Iterable[Sighting], *, at_ms: int | None = None) -> dict[str, Sighting]:
    """The latest counting sighting of each person, at `at_ms` or now."""
    return latest(s for s in counting(sightings) if at_ms is None or s.at_ms <= at_ms)


def latest(sightings: Iterable[Sighting]) -> dict[str, Sighting]:
    """The last of each person's sightings by `(at, id)`: a last-writer-wins register."""
    found: dict[str, Sighting] = {}
    for sighting in sightings:
        held = found.get(sighting.person)
        if held is None or sighting.order > held.order:
            found[sighting.person] = sighting
    return found


def located(sightings: Iterable[Sighting], *, at_ms: int | None = None) -> dict[str, Sighting]:
    """As `fold`, but looking back through `underway`: the last place each person was known to be in."""
    return latest(s for s in counting(sightings) if s.place != UNDERWAY and (at_ms is None or s.at_ms <= at_ms))


def tally(presence: Mapping[str, Sighting], *, location_of: Callable[[str], str | None]) -> Counter[str]:
    """How many persons are at each place; a room's people are also counted in its location.

    `location_of` gives the location of a room, and None for every other place.
    """
    counts: Counter[str] = Counter()
    for sighting in presence.values():
        counts[sighting.place] += 1
        location = location_of(sighting.place)
        if location is not None:
            counts[location] += 1
    return counts
