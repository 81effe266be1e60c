"""A person's counting sightings in order, and what follows from them for seats. Pure."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
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
    """A seat in one transfer: `told` is what they were given, `run` what holds: boarded or moved to last, else `told`.

    `at_ms` and `id` are those of that boarding or move; -1 and empty before any. `first` is what they were given before
    a coordinator's hand moved them at `moved_ms`, -1 when none did.
    """

    told: str | None
    run: str | None
    at_ms: int = -1
    id: str = ""
    first: str | None = None
    moved_ms: int = -1


class Move(NamedTuple):
    """A coordinator's hand gave somebody a seat on a run."""

    at_ms: int
    id: bytes
    run: str


def place_before(stays: Iterable[Stay], at_ms: int, identity: bytes) -> str | None:
    """Where a person was just before a moment."""
    last = max((stay for stay in stays if stay[:2] < (at_ms, identity)), default=None)
    return None if last is None else last.place


def place_at(stays: Iterable[Stay], at_ms: int) -> str | None:
    """Where a person was at an instant, without what an arrival at that very instant implies."""
    last = max((s for s in stays if s.at_ms <= at_ms and not (s.implied and s.at_ms == at_ms)), default=None)
    return None if last is None else last.place


def reseat(
    programme: Programme,
    stays: Iterable[Stay],
    held: Mapping[str, Seat],
    moves: Iterable[Move] = (),
    *,
    cancelled: Set[str] = frozenset(),
) -> dict[str, Seat]:
    """A person's seat in each transfer: the run they boarded or were moved to last holds, else what they were told.

    `held` are their seats so far, by transfer. What was decided about a seat since that boarding or move stands.
    """
    runs = programme.index.runs
    boarded = [Move(s.at_ms, s.id, s.place) for s in stays if s.place in runs and s.place not in cancelled]
    moved = sorted(moves)
    transfers = {*held, *(runs[one.run].transfer for one in (*boarded, *moved))}
    return {
        transfer: _seat(
            held.get(transfer, Seat(told=None, run=None)),
            max((one for one in boarded if runs[one.run].transfer == transfer), default=None),
            max((one for one in moved if runs[one.run].transfer == transfer), default=None),
        )
        for transfer in sorted(transfers)
    }


def _seat(held: Seat, boarded: Move | None, moved: Move | None) -> Seat:
    seat = _told(held, moved)
    last = max((one for one in (boarded, moved) if one is not None), default=None)
    if last is None:
        return replace(seat, run=seat.told, at_ms=-1, id="")
    is_known = (held.at_ms, held.id.encode()) == last[:2]
    return replace(seat, run=held.run if is_known else last.run, at_ms=last.at_ms, id=last.id.decode())


def _told(held: Seat, moved: Move | None) -> Seat:
    """What they are told; a move that was taken back gives again what was told before."""
    first = held.told if held.moved_ms < 0 else held.first
    if moved is None:
        return replace(held, told=first, first=None, moved_ms=-1)
    return held if moved.at_ms == held.moved_ms else replace(held, told=moved.run, first=first, moved_ms=moved.at_ms)
