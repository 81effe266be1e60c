"""A person's counting sightings in order, and what follows from them for seats. Pure."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

from shared.facts import How
from shared.programme import Programme


class Stay(NamedTuple):
    """A counting sighting of one person; stays are in order of `(at_ms, id)`."""

    at_ms: int
    id: bytes
    place: str
    implied: bool = False
    manual: bool = False

    @property
    def how(self) -> How:
        """How sure it is."""
        return "implied" if self.implied else "manual" if self.manual else "scanned"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """A seat in one transfer: `told` is what the filling gave, `run` what holds: the run boarded last, else `told`.

    `at_ms` and `id` are those of the boarding; -1 and empty before any.
    """

    told: str | None
    run: str | None
    at_ms: int = -1
    id: str = ""


def place_before(stays: Iterable[Stay], at_ms: int, identity: bytes) -> str | None:
    """Where a person was just before a moment."""
    last = max((stay for stay in stays if stay[:2] < (at_ms, identity)), default=None)
    return None if last is None else last.place


def place_at(stays: Iterable[Stay], at_ms: int) -> str | None:
    """Where a person was at an instant, without what an arrival at that very instant implies."""
    last = max((s for s in stays if s.at_ms <= at_ms and not (s.implied and s.at_ms == at_ms)), default=None)
    return None if last is None else last.place


def reseat(
    programme: Programme, stays: Iterable[Stay], told: Mapping[str, str | None], *, cancelled: Set[str] = frozenset()
) -> dict[str, Seat]:
    """A person's seat in each transfer that they boarded for, or were told one in: the run boarded last holds."""
    boarded: dict[str, Stay] = {}
    runs = programme.index.runs
    for stay in stays:
        if stay.place in runs and stay.place not in cancelled:
            transfer = runs[stay.place].transfer
            boarded[transfer] = max(stay, boarded.get(transfer, stay))
    seats = {transfer: Seat(told=run, run=run) for transfer, run in told.items()}
    for transfer, stay in boarded.items():
        seats[transfer] = Seat(told=told.get(transfer), run=stay.place, at_ms=stay.at_ms, id=stay.id.decode())
    return seats
