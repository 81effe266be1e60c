"""What the handlers need from outside: the store, in one transaction; each call is few statements for any number."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from shared.alerts import AlertStore
from shared.facts import Outcome, PersonCard, Reason, Sighting, Text
from transport.domain.acts import Act, Marks
from transport.domain.arrival import Arrival
from transport.domain.run import Taken
from transport.domain.seated import Boarded
from transport.domain.stays import Seat, Stay


class KnownScan(NamedTuple):
    """A scan that was answered before: its content's digest, and the verdict as it was sent, without `person`."""

    content: str
    verdict: str
    checkpoint: str
    person: str | None


class Holder(NamedTuple):
    """Whom a badge stands for; `sealed` is what is personal, as it is on the card."""

    event: str
    person: str
    revoked: bool
    sealed: str


class Card(NamedTuple):
    """A person's card as it is kept."""

    person: str
    groups: frozenset[str]
    sealed: str


class Numbers(NamedTuple):
    """How many have a seat on a run, are in it, are still to come, and rode it to its arrival."""

    listed: int = 0
    aboard: int = 0
    missing: int = 0
    carried: int = 0


class Aside(NamedTuple):
    """A message to set aside in quarantine."""

    event: str
    topic: str
    payload: bytes
    kind: str
    reason: str
    received_ms: int


class ReadRow(NamedTuple):
    """A badge of a known person that was read in a coach, with the answer it got."""

    id: str
    person: str
    checkpoint: str
    at_ms: int
    received_ms: int
    outcome: Outcome
    reason: Reason


class PrintRow(NamedTuple):
    """A printed passenger list: its numbered rows with the persons on them."""

    nth: int
    at_ms: int
    rows: tuple[tuple[int, str], ...]


class AllocationRow(NamedTuple):
    """A proposed allocation; `body` is a handler's JSON."""

    id: str
    transfer: str
    at_ms: int
    state: str
    body: str


class AskedStep(NamedTuple):
    """A step that was asked for before with the same key: what was asked, and the answer it got."""

    asked: str
    answer: str


T = TypeVar("T")
FOREVER = 2**62
ScanRow = tuple[object, ...]  # the columns of transport.adapters.scans.SCAN
Seen = tuple[str, int, str]  # place, at_ms, how


class Scans(Protocol):
    """Scans and badges."""

    def known_scans(self, ids: Sequence[str]) -> Mapping[str, KnownScan]:
        """Which of these scans were answered before."""

    def holders(self, event: str, digests: Sequence[str]) -> Mapping[str, Holder]:
        """Whom these badges stand for: of this event, else of another."""

    def add_scans(self, rows: Sequence[ScanRow]) -> None:
        """Keep scans with their answers."""

    def set_aside(self, items: Sequence[Aside]) -> int:
        """Keep what cannot be used; the same message again is kept once. Returns how many were new."""


class Facts(Protocol):
    """Sightings, and what follows from them."""

    def record(self, sightings: Iterable[Sighting], received_ms: int) -> list[Sighting]:
        """Store sightings and move the people they are of; returns those that were new, numbered."""

    def history(self, event: str, persons: Iterable[str]) -> dict[str, list[Stay]]:
        """All counting sightings of these persons, in order."""

    def boarded(self, event: str, runs: Iterable[str], until_ms: int, known_ms: int = FOREVER) -> dict[str, Boarded]:
        """Which of these runs each person boarded last, up to a moment, by what was known at another."""

    def visitors(self, event: str, place: str) -> set[str]:
        """Who was ever at a place."""

    def visitors_of_two(self, event: str, runs: Collection[str]) -> set[str]:
        """Who was ever in more than one of these runs."""

    def in_use(self, event: str) -> set[str]:
        """The places where anybody registered is now."""

    def own_since(self, event: str, after: int) -> list[Sighting]:
        """The sightings that this service made, after a sequence number."""

    def presence(self, event: str, until_ms: int | None, known_ms: int = FOREVER) -> dict[str, Seen]:
        """Where everybody is, or was at a moment, by what was known at another."""

    def presence_of(self, event: str, persons: Iterable[str]) -> dict[str, str]:
        """Where these persons are now."""

    def located(self, event: str, until_ms: int | None, known_ms: int = FOREVER) -> dict[str, Seen]:
        """The same, looking back through `underway`."""

    def seen_between(
        self, event: str, after_ms: int, until_ms: int, known_ms: int = FOREVER
    ) -> Sequence[tuple[str, str]]:
        """Each (person, place) of a counting sighting after one moment and up to another."""

    def arrivals(self, event: str, persons: Iterable[str]) -> dict[str, list[Arrival]]:
        """What arrivals implied for these persons before, by run."""

    def standing(self, event: str, runs: Iterable[str]) -> dict[str, set[str]]:
        """Who arrived with each of these runs."""

    def put_arrivals(self, event: str, run: str, arrivals: Iterable[Arrival]) -> None:
        """Keep what an arrival implied."""


class Said(Protocol):
    """What was said of persons so far, to be worked out again when facts come late."""

    def log(self, event: str, persons: Iterable[str]) -> dict[str, list[Sighting]]:
        """Everything that was said of these persons, voids and what they take back too; in no order."""

    def reads(self, event: str, checkpoints: Sequence[str], since_ms: int) -> list[ReadRow]:
        """The badges of known persons that were read at these checkpoints from a moment on."""

    def reads_of(self, ids: Iterable[str]) -> list[ReadRow]:
        """These badges that were read."""

    def moves(self, event: str, persons: Iterable[str]) -> dict[str, list[Act]]:
        """The acts that gave these persons seats on other runs and that nobody took back, in no order."""

    def inside(self, event: str, runs: Collection[str]) -> dict[str, int]:
        """How many are in each of these runs now, also without a seat on it, as when it was cancelled."""

    def beyond(self, event: str, places: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
        """Each (run, person) with a seat on it who was located last at one of the places of its transfer."""

    def located_on(self, event: str, runs: Collection[str]) -> list[tuple[str, str, str]]:
        """Each person with a seat on one of these runs, and where they were located last: (run, person, place)."""


class Runs(Protocol):
    """Programme, runs and their steps."""

    def programme_revs(self) -> Mapping[str, int]:
        """The revision of each event's programme."""

    def programme(self, event: str) -> bytes:
        """The programme file of an event."""

    def put_programme(self, event: str, raw: bytes, rev: int, loaded_ms: int) -> None:
        """Keep a programme file."""

    def steps(
        self, event: str, known_ms: int = FOREVER, runs: Collection[str] | None = None
    ) -> Mapping[str, Sequence[Taken]]:
        """The steps asked of all runs, or of some, in the order they came in, those without effect too."""

    def per_run(self, run: str, what: str, make: Callable[[], T]) -> T:
        """What `make` works out of one run: perhaps as it was kept, if nothing about the run changed since."""

    def add_step(self, event: str, run: str, nth: int, taken: Taken, *, taken_ms: int) -> None:
        """Keep a step, the `nth` that came in for its run."""

    def asked_step(self, event: str, key: str) -> AskedStep | None:
        """What an idempotency key stands for."""

    def put_asked_step(self, event: str, key: str, asked: AskedStep, made_ms: int) -> None:
        """Keep the answer to an idempotency key."""


class Cards(Protocol):
    """Who is who: the small copy of check-in's retained cards."""

    def cards(self, event: str, persons: Iterable[str] | None = None) -> list[Card]:
        """The cards of an event, or of some persons."""

    def groups(self, event: str) -> dict[str, frozenset[str]]:
        """The groups of everybody registered."""

    def put_cards(self, event: str, cards: Sequence[PersonCard]) -> bool:
        """Keep newer cards, all badges with them; returns whether anything changed."""

    def forget(self, event: str, persons: Sequence[str]) -> bool:
        """Drop cards, badges and seats; returns whether there were any."""


class Seats(Protocol):
    """Passenger lists."""

    def seats(self, event: str, persons: Iterable[str]) -> dict[tuple[str, str], Seat]:
        """The seats of these persons, by (transfer, person)."""

    def seats_of_transfer(self, event: str, transfer: str) -> dict[str, Seat]:
        """The seats of everybody in one transfer, by person."""

    def put_seats(self, event: str, transfer: str, seats: Mapping[str, Seat]) -> None:
        """Write these seats over what was there."""

    def drop_seats(self, event: str, transfer: str, persons: Iterable[str]) -> None:
        """Take seats away."""

    def without_seat(self, event: str, transfer: str) -> dict[str, Text]:
        """Who got no seat, and why."""

    def put_without_seat(self, event: str, transfer: str, persons: Mapping[str, Text]) -> None:
        """Write the whole list of who got no seat."""

    def listed(self, event: str, run: str) -> set[str]:
        """Who has a seat on one run."""

    def numbers(self, event: str, runs: Collection[str] | None = None) -> dict[str, Numbers]:
        """The numbers of every run that has any, or of some."""

    def waived(self, event: str, excused: Sequence[tuple[str, str]]) -> dict[str, int]:
        """How many of these (run, person) would be counted as still to come on that run."""

    def load(self, event: str, run: str) -> tuple[int, int]:
        """How many have a seat on one run, and how many are in it now."""

    def passengers(self, event: str, runs: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
        """Who has a seat on each run, or on some, sorted."""


class Hands(Protocol):
    """What coordinators' hands say, prints, allocations, and where coaches are."""

    def acts(self, event: str, runs: Iterable[str] | None = None, known_ms: int = FOREVER) -> list[Act]:
        """All acts of an event, or those on some runs, in no order."""

    def marks(self, event: str, runs: Collection[str] | None = None) -> dict[str, Marks]:
        """What the acts that stand come to, on each run that has any, or on some."""

    def answered_acts(self, ids: Sequence[str]) -> Mapping[str, tuple[Act, str]]:
        """Which of these came before, and the answers they got, as JSON."""

    def undone(self, ids: Sequence[str]) -> list[Act]:
        """The acts that take back one of these, which came before what they take back."""

    def add_acts(self, event: str, acts: Sequence[tuple[Act, str]], received_ms: int) -> None:
        """Keep acts with their answers, as JSON; those that are kept already get the new answer."""

    def prints(self, event: str, run: str) -> list[PrintRow]:
        """The passenger lists of a run that were printed, in order."""

    def add_print(self, event: str, run: str, made: PrintRow) -> None:
        """Keep one."""

    def allocations(self, event: str, transfer: str) -> list[AllocationRow]:
        """The allocations proposed for a transfer, newest first."""

    def allocation(self, event: str, identity: str) -> AllocationRow | None:
        """One of them."""

    def put_allocation(self, event: str, row: AllocationRow) -> None:
        """Keep one, over what was there."""

    def positions(self, event: str) -> dict[str, list[str]]:
        """The positions of each coach, as JSON, oldest first; those of the last hour of each."""

    def add_position(self, event: str, coach: str, at_ms: int, body: str) -> None:
        """Keep one; the same moment again changes nothing."""

    def badges(self, event: str, persons: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The digests of the badges of these persons that are good."""


class Meta(Protocol):
    """Small things to remember."""

    def get_meta(self, key: str) -> str | None:
        """What is remembered under a key."""

    def set_meta(self, key: str, value: str) -> None:
        """Remember something."""

    def fingerprint(self, event: str) -> tuple[Any, ...]:
        """Something that differs whenever a run or a passenger list of this event may have changed."""

    def put_outbox(self, row: str, owner: str, messages: Sequence[tuple[str, bytes, bool]]) -> None:
        """Keep messages for publishing in the transaction they follow from."""


class Store(Scans, Facts, Said, Runs, Cards, Seats, Hands, Meta, Protocol):
    """All of it, on one connection."""

    @property
    def alerts(self) -> AlertStore:
        """The alerts that are on."""
