"""What transport shows, as JSON: lists of names are null for who may only see numbers."""

from typing import Literal

from msgspec import Struct

from shared.facts import Moment, RunState, Text


class Named(Struct, frozen=True, kw_only=True):
    """Somebody by name: `place` is where they are (perhaps `underway`), `last_place` where they were last located.

    `last_at` is when they were last seen at all: of somebody underway when they left `last_place`.
    """

    person: str
    name: str
    organisation: str
    phone: str
    place: str
    last_place: str | None
    last_at: Moment | None
    run: str | None


class Grades(Struct, frozen=True, kw_only=True):
    """How many of a number are how sure: a badge was read, a hand said so, counted without a name, or it follows."""

    scanned: int = 0
    manual: int = 0
    counted: int = 0
    implied: int = 0


class Lists(Struct, frozen=True, kw_only=True):
    """Numbers, and the names behind those that need a human; see docs of `GET …/transfers/{transfer}`."""

    listed: int
    aboard: int
    arrived: int
    missing_count: int
    unconfirmed_count: int
    left_behind_count: int
    missing: tuple[Named, ...] | None
    unconfirmed: tuple[Named, ...] | None
    left_behind: tuple[Named, ...] | None


class RunView(Lists, frozen=True, kw_only=True):
    """A run in a transfer; `to_come` have a seat on it and are not there yet."""

    run: str
    name: str
    kerb: str
    coach: str
    state: str
    depart_at: Moment
    arrive_at: Moment
    seats: int | None
    counted: int | None
    nameless: int
    difference: int | None
    late_ms: int
    grades: Grades
    excused_count: int
    to_come_count: int
    to_come: tuple[Named, ...] | None


class LegView(Lists, frozen=True, kw_only=True):
    """A leg; `expected` are those whom their groups send on it."""

    leg: str
    origin: str
    destination: str
    mode: Literal["coach", "own"] = "coach"
    expected: int
    own_travel_count: int = 0
    runs: tuple[RunView, ...]


class LocationView(Struct, frozen=True, kw_only=True):
    """A location: there when the transfer began, of those gone since, come since, and there now (`here`, by `grades`).

    `aboard` are in runs that start or end here; the lists are null for who may see numbers only.
    """

    place: str
    name: str
    before: int
    left: int
    arrived: int
    here: int
    aboard: int
    unconfirmed_count: int
    left_behind_count: int
    missing_count: int
    own_travel_count: int
    grades: Grades
    unconfirmed: tuple[Named, ...] | None
    left_behind: tuple[Named, ...] | None
    missing: tuple[Named, ...] | None
    own_travel: tuple[Named, ...] | None


class NoSeat(Struct, frozen=True, kw_only=True):
    """Somebody whom the filling could not seat, and why."""

    person: Named
    why: Text


class Totals(Struct, frozen=True, kw_only=True):
    """The conservation line: `registered` is the sum of the others, or `holds` is false and somebody must look."""

    registered: int
    expected: int
    locations: int
    aboard: int
    underway: int
    away: int
    holds: bool = True


class TransferView(Lists, frozen=True, kw_only=True):
    """A transfer at a moment."""

    event: str
    transfer: str
    title: Text
    at: Moment
    known: Moment | None = None
    start: Moment
    end: Moment
    totals: Totals
    legs: tuple[LegView, ...]
    locations: tuple[LocationView, ...]
    without_seat_count: int
    without_seat: tuple[NoSeat, ...] | None


class RunLine(Struct, frozen=True, kw_only=True):
    """A run in a list."""

    run: str
    name: str
    kerb: str
    state: RunState


class TransferLine(Struct, frozen=True, kw_only=True):
    """A transfer in a list."""

    transfer: str
    title: Text
    start: Moment
    end: Moment
    runs: tuple[RunLine, ...]


class Passenger(Struct, frozen=True, kw_only=True):
    """Somebody on a passenger list."""

    person: str
    name: str
    organisation: str
    phone: str
    wheelchair: bool
    state: Literal["listed", "aboard", "arrived"]


class PassengerList(Struct, frozen=True, kw_only=True):
    """Who has a seat on a run."""

    run: str
    transfer: str
    at: Moment
    listed: int
    aboard: int
    persons: tuple[Passenger, ...] | None


class AsideLine(Struct, frozen=True, kw_only=True):
    """A message that could not be used; `payload` is as much of it as can be shown, at most 2,000 characters."""

    id: str
    topic: str
    kind: str
    reason: str
    received: Moment
    payload: str


class AsideList(Struct, frozen=True, kw_only=True):
    """The quarantine, newest first."""

    messages: tuple[AsideLine, ...]
