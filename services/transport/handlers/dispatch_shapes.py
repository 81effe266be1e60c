"""The dispatcher's view, as JSON: all runs on a time line, coaches, free seats, what needs a decision."""

from msgspec import Struct

from shared.facts import Moment, Text
from transport.handlers.sheet_shapes import ConflictRun, RunTimes


class DispatchNumbers(Struct, frozen=True, kw_only=True):
    """How full a run is; `free` None is not known."""

    seats: int | None
    listed: int
    aboard: int
    nameless: int
    to_come: int
    carried: int
    excused: int
    free: int | None
    wheelchairs: int
    wheelchairs_free: int


class DispatchRun(Struct, frozen=True, kw_only=True):
    """A run of the time line."""

    run: str
    name: str
    transfer: str
    leg: str
    kerb: str
    coach: str
    replaced: bool
    state: str
    times: RunTimes
    numbers: DispatchNumbers


class PositionLine(Struct, frozen=True, kw_only=True):
    """Where a coach's tracker last was: degrees of WGS 84 times ten million."""

    lat_e7: int
    lon_e7: int
    at: Moment


class DispatchCoach(Struct, frozen=True, kw_only=True):
    """A coach with its next run, None when it has none; `spare` has none at all and may be a relief coach."""

    coach: str
    name: str
    plate: str
    operator: str
    phone: str
    seats: int | None
    wheelchairs: int
    turn_round_ms: int
    spare: bool
    place: str | None
    next: str | None
    position: PositionLine | None


class DispatchLeg(Struct, frozen=True, kw_only=True):
    """Free seats on what departs of a leg in the next 30 minutes."""

    leg: str
    transfer: str
    free: int
    wheelchairs_free: int
    runs: tuple[str, ...]


class DispatchConflict(Struct, frozen=True, kw_only=True):
    """Somebody boarded on two runs of a transfer; `stands` is the later."""

    transfer: str
    person: str
    name: str
    runs: tuple[ConflictRun, ...]
    stands: str


class DispatchNoSeat(Struct, frozen=True, kw_only=True):
    """Somebody without a seat in a transfer, and why."""

    transfer: str
    person: str
    name: str
    organisation: str
    why: Text


class Dispatch(Struct, frozen=True, kw_only=True):
    """All of it at a moment; the lists of people are null for who may see numbers only."""

    event: str
    at: Moment
    runs: tuple[DispatchRun, ...]
    coaches: tuple[DispatchCoach, ...]
    legs: tuple[DispatchLeg, ...]
    conflicts: tuple[DispatchConflict, ...] | None
    without_seat: tuple[DispatchNoSeat, ...] | None
