"""All that the coordinator's page needs of one run, as JSON (docs/runs.md).

`persons`, `missing` and `conflicts` are null for who may see numbers only.
"""

from typing import Literal

from msgspec import Struct

from shared.facts import How, Moment, Text


class At(Struct, frozen=True, kw_only=True):
    """A place with its name."""

    place: str
    name: str


class CoachLine(Struct, frozen=True, kw_only=True):
    """The coach that takes the run now; `replaced`: not the one that was planned."""

    coach: str
    name: str
    plate: str
    operator: str
    phone: str
    seats: int | None
    wheelchairs: int
    replaced: bool


class Allowed(Struct, frozen=True, kw_only=True):
    """A step that the run's state allows now."""

    letter: str
    step: str


class ThreeTimes(Struct, frozen=True, kw_only=True):
    """One moment of a run: as planned, as expected now, and as it was."""

    planned: Moment
    estimated: Moment
    real: Moment | None


class RunTimes(Struct, frozen=True, kw_only=True):
    """The moments of a run; `late_ms` is how much later than planned it arrives."""

    open: ThreeTimes
    depart: ThreeTimes
    arrive: ThreeTimes
    late_ms: int


class RunNumbers(Struct, frozen=True, kw_only=True):
    """How many are how far, each with its grade: `scanned`, `manual` and `provisional` add up to `aboard`."""

    seats: int | None
    listed: int
    aboard: int
    scanned: int
    manual: int
    provisional: int
    nameless: int
    to_come: int
    excused: int
    left_behind: int
    arrived: int
    unconfirmed: int
    free: int | None
    wheelchairs: int
    wheelchairs_free: int
    counted: int | None
    difference: int | None
    settled: str | None


class ExcuseLine(Struct, frozen=True, kw_only=True):
    """Why somebody is not waited for; `act` takes it back."""

    why: str
    to: str | None
    by: str
    at: Moment
    act: str


class RiderLine(Struct, frozen=True, kw_only=True):
    """A person of the run; `letter` and `state` are those of docs/runs.md, `act` the sighting that put them there."""

    row: int
    person: str
    name: str
    organisation: str
    party: str
    phone: str
    needs: str
    wheelchair: bool
    together: str
    letter: str
    state: str
    how: How | None
    provisional: bool
    at: Moment | None
    told: str | None
    elsewhere: bool
    excuse: ExcuseLine | None
    act: str
    last_place: str | None
    last_place_name: str
    last_at: Moment | None
    digests: tuple[str, ...]


class PartyLine(Struct, frozen=True, kw_only=True):
    """An organisation on this run: how many of it are listed, and how many of those are aboard or arrived."""

    party: str
    name: str
    listed: int
    aboard: int


class ConflictRun(Struct, frozen=True, kw_only=True):
    """One of the two runs that somebody was boarded on, and when."""

    run: str
    name: str
    at: Moment


class ConflictLine(Struct, frozen=True, kw_only=True):
    """Somebody boarded on two runs; `stands` is the later, until somebody says otherwise."""

    person: str
    name: str
    runs: tuple[ConflictRun, ...]
    stands: str


class LikelyLine(Struct, frozen=True, kw_only=True):
    """Somebody who may explain the difference, and why."""

    person: str
    why: Text


class GateLine(Struct, frozen=True, kw_only=True):
    """Whether the run may depart, and what is in the way."""

    open: bool
    counted: int | None
    aboard: int
    nameless: int
    difference: int | None
    to_settle: tuple[str, ...]
    likely: tuple[LikelyLine, ...]


class NextRun(Struct, frozen=True, kw_only=True):
    """A later run of the same leg that may still take somebody; `free` None is not known."""

    run: str
    name: str
    depart: Moment
    free: int | None
    wheelchairs_free: int


class Touches(Struct, frozen=True, kw_only=True):
    """An item that people of this run come too late for."""

    item: str
    title: Text
    start: Moment
    late_ms: int
    people: int


class ActLine(Struct, frozen=True, kw_only=True):
    """Something that somebody did on this run."""

    id: str
    kind: str
    person: str | None
    at: Moment
    by: str
    undone: bool


class PrintLine(Struct, frozen=True, kw_only=True):
    """The last passenger list that was printed."""

    nth: int
    at: Moment


class Sheet(Struct, frozen=True, kw_only=True):
    """One run, whole. `rev` grows with every change of the event's runs, lists or sightings."""

    run: str
    name: str
    transfer: str
    leg: str
    kerb: str
    rev: int
    at: Moment
    origin: At
    destination: At
    coach: CoachLine
    checkpoint: str | None
    policy: Literal["advise", "strict", "count"]
    state: str
    allowed: tuple[Allowed, ...]
    times: RunTimes
    numbers: RunNumbers
    persons: tuple[RiderLine, ...] | None
    parties: tuple[PartyLine, ...]
    conflicts: tuple[ConflictLine, ...] | None
    gate: GateLine
    next: tuple[NextRun, ...]
    touches: tuple[Touches, ...]
    acts: tuple[ActLine, ...]
    print: PrintLine | None
    coaches: tuple[CoachLine, ...] = ()
    names_for_driver: bool = False


class LastSeen(Struct, frozen=True, kw_only=True):
    """Somebody who is missing at last call: where and when last seen, and how to reach them."""

    person: str
    name: str
    organisation: str
    phone: str
    wheelchair: bool
    last_place: str | None
    last_place_name: str
    last_at: Moment | None


class LastCall(Struct, frozen=True, kw_only=True):
    """The wait-or-go card: who is missing, where there is room after this, and what waiting touches."""

    run: str
    name: str
    state: str
    at: Moment
    depart: ThreeTimes
    missing_count: int
    missing: tuple[LastSeen, ...] | None
    next: tuple[NextRun, ...]
    touches: tuple[Touches, ...]


class PartyPerson(Struct, frozen=True, kw_only=True):
    """Somebody of a party on a run, as the party's own contact sees them."""

    person: str
    name: str
    state: str


class Party(Struct, frozen=True, kw_only=True):
    """A party on a run, for its own contact: these people and no others."""

    run: str
    party: str
    name: str
    run_name: str
    kerb: str
    state: str
    depart: ThreeTimes
    listed: int
    aboard: int
    persons: tuple[PartyPerson, ...]


class ActAnswer(Struct, frozen=True, kw_only=True):
    """What became of an act (docs/runs.md)."""

    id: str
    outcome: Literal["done", "again", "kept", "refused"]
    letter: str | None = None
    flags: tuple[str, ...] = ()
    why: Text | None = None
