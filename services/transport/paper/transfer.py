"""A transfer as it is printed and handed on: every number with how it is known (CONTRACT sections 1 and 2)."""

from dataclasses import dataclass
from typing import Literal

from shared.facts import Text
from transport.paper.model import Times

Kind = Literal["missing", "unconfirmed", "left-behind"]
GRADES = ("scanned", "manual", "counted", "implied")
LETTERS = ("S", "M", "C", "I")


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """How many, and how they are known; what no grade says is known from the registration and the plan."""

    number: int
    scanned: int = 0
    manual: int = 0
    counted: int = 0
    implied: int = 0

    @property
    def grades(self) -> tuple[int, int, int, int]:
        """In the order of GRADES."""
        return self.scanned, self.manual, self.counted, self.implied

    @property
    def known_grades(self) -> tuple[int | None, ...]:
        """The grades; each None where none is known, for 0 would say that nobody was scanned."""
        return self.grades if any(self.grades) or not self.number else (None,) * len(GRADES)

    @property
    def letters(self) -> str:
        """`S` where all are of one grade, `35 S 4 M` where not, nothing where no grade says."""
        known = [(number, letter) for number, letter in zip(self.grades, LETTERS, strict=True) if number]
        if len(known) == 1 and known[0][0] == self.number:
            return known[0][1]
        return " ".join(f"{number} {letter}" for number, letter in known)

    def __add__(self, other: "Figure") -> "Figure":
        """Both together."""
        return Figure(
            number=self.number + other.number,
            scanned=self.scanned + other.scanned,
            manual=self.manual + other.manual,
            counted=self.counted + other.counted,
            implied=self.implied + other.implied,
        )


ZERO = Figure(number=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A place where the transfer begins or ends.

    There when it began, of those gone since, come since, there now, in runs that start or end here; None is not known.
    """

    place: str
    name: str
    before: Figure | None
    left: Figure | None
    arrived: Figure | None
    here: Figure | None
    aboard: Figure | None
    unconfirmed: Figure | None
    left_behind: Figure | None
    missing: Figure | None
    own_travel: Figure | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunLine:
    """A run of a leg; `counted` is the hand count, `difference` what it has more than is known."""

    run: str
    name: str
    kerb: str
    state: str
    depart: Times
    arrive: Times
    seats: int | None
    listed: int
    aboard: Figure
    arrived: Figure
    unconfirmed: Figure
    left_behind: Figure
    missing: Figure
    counted: int | None = None
    difference: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LegLine:
    """From → to: `expected` by their groups, `own_travel` of them by own means, and the runs in order of departure."""

    leg: str
    origin: str
    destination: str
    expected: int
    own_travel: int
    runs: tuple[RunLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody by name; `run` is the name of the run they have or had a seat on."""

    person: str
    kind: Kind
    name: str
    organisation: str
    phone: str
    last_place: str
    last_ms: int | None
    run: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """The conservation line: everybody registered is in exactly one of the others (CONTRACT section 2).

    `known` is false where somebody is at a place that the programme does not have.
    """

    places: int
    aboard: int
    underway: int
    away: int
    expected: int
    registered: int
    known: bool = True

    @property
    def holds(self) -> bool:
        """Whether everybody is somewhere, and nobody twice."""
        return self.known and self.difference == 0

    @property
    def parts(self) -> tuple[int, ...]:
        """What must add up to `registered`."""
        return self.places, self.aboard, self.underway, self.away, self.expected

    @property
    def difference(self) -> int:
        """How many more there are than registered."""
        return sum(self.parts) - self.registered


@dataclass(frozen=True, kw_only=True, slots=True)
class TransferSheet:
    """A transfer at a moment, by what was known at `known_ms` (None: now); `persons` None for numbers only."""

    event: str
    transfer: str
    title: Text
    start_ms: int
    end_ms: int
    at_ms: int
    locations: tuple[Location, ...]
    legs: tuple[LegLine, ...]
    persons: tuple[Person, ...] | None
    sum: Sum
    known_ms: int | None = None
