"""Where the people of one batch are while it is judged, scan after scan: the fold of CONTRACT section 2, running."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from checkin.domain.door import Door


class Stay(NamedTuple):
    """A counting sighting of one person; stays of a person are in order of `(at_ms, id)`."""

    at_ms: int
    id: bytes
    place: str
    implied: bool


class Whereabouts:
    """What is known of the persons of a batch; `counts` are everybody at exactly each place, `visits` first visits."""

    def __init__(self, counts: Mapping[str, int], visits: Mapping[tuple[str, str], int]) -> None:
        self._counts = dict(counts)
        self._visits = dict(visits)
        self._trails: dict[str, list[Stay]] = {}

    def know(self, person: str, stays: Iterable[Stay]) -> None:
        """Take in what the store knows of a person: the latest stay, or all of them where a scan is older."""
        self._trails[person] = sorted(stays)

    def before(self, person: str, at_ms: int, identity: bytes) -> Stay | None:
        """The latest stay before a moment."""
        trail = self._trails[person]
        position = bisect_left(trail, (at_ms, identity))
        return trail[position - 1] if position else None

    def is_late(self, person: str, at_ms: int, identity: bytes) -> bool:
        """Whether something later than this is known already."""
        trail = self._trails[person]
        return bool(trail) and trail[-1][:2] > (at_ms, identity)

    def was_at(self, person: str, place: str, before_ms: int) -> bool:
        """Whether a person was at exactly this place earlier."""
        first = self._visits.get((person, place))
        return first is not None and first < before_ms

    def present(self, door: Door) -> int:
        """How many are at a door's place now."""
        counts = self._counts
        return sum(counts.get(place, 0) for place in door.inside)

    def others(self, door: Door, person: str) -> int:
        """How many others are at a door's place now."""
        trail = self._trails[person]
        return self.present(door) - (bool(trail) and trail[-1].place in door.inside)

    def move(self, person: str, stay: Stay) -> None:
        """Take in a new sighting."""
        trail = self._trails[person]
        if not trail or stay > trail[-1]:
            if trail:
                self._counts[trail[-1].place] -= 1
            self._counts[stay.place] = self._counts.get(stay.place, 0) + 1
            trail.append(stay)
        else:
            insort(trail, stay)
        key = (person, stay.place)
        self._visits[key] = min(stay.at_ms, self._visits.get(key, stay.at_ms))
