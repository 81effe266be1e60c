"""What the pages and the API need of check-in, as they use it; `checkin.wiring` gives it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared import facts
from shared.clock import Clock
from shared.errors import Unavailable
from shared.figures import Figures
from shared.programme import Programme
from shared.web.board import Board
from shared.web.metrics import Metrics
from shared.web.sse import HEARTBEAT_S, MOST_STREAMS


class Answer(Protocol):
    """What came of one scan: the verdict as JSON, or None and what is wrong with the scan."""

    @property
    def verdict(self) -> bytes | None: ...
    @property
    def problem(self) -> str | None: ...


class Health(Protocol):
    """`ingest_age_ms` is real time since the consumer was last seen, None when it never was."""

    @property
    def database(self) -> bool: ...
    @property
    def ingest_age_ms(self) -> int | None: ...


class Present(Protocol):
    """Somebody on a roll call; `since_ms` is None for somebody not seen yet."""

    @property
    def person(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def since_ms(self) -> int | None: ...
    @property
    def how(self) -> facts.How | None: ...
    @property
    def unconfirmed(self) -> bool: ...


class RollCall(Protocol):
    """Who is at a place, and who should be by the programme and is not."""

    @property
    def present(self) -> Sequence[Present]: ...
    @property
    def absent(self) -> Sequence[Present]: ...


class Found(Protocol):
    """A person in a list."""

    @property
    def person(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def groups(self) -> Sequence[str]: ...
    @property
    def place(self) -> str: ...


class Persons(Protocol):
    """A page of persons; `cursor` None is the last."""

    @property
    def persons(self) -> Sequence[Found]: ...
    @property
    def cursor(self) -> str | None: ...


class Seen(Protocol):
    """A sighting of a person; `voided` when it was taken back."""

    @property
    def id(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def at_ms(self) -> int: ...
    @property
    def how(self) -> facts.How: ...
    @property
    def source(self) -> str: ...
    @property
    def voided(self) -> bool: ...


class Whole(Found, Protocol):
    """One person with the day's sightings."""

    @property
    def phone(self) -> str: ...
    @property
    def needs(self) -> str: ...
    @property
    def sightings(self) -> Sequence[Seen]: ...


class ScannerRow(Protocol):
    """A device and where it stands; `heard_ms` None when it never spoke."""

    @property
    def id(self) -> str: ...
    @property
    def checkpoint(self) -> str: ...
    @property
    def online(self) -> bool: ...
    @property
    def heard_ms(self) -> int | None: ...


class Aside(Protocol):
    """A message that could not be used."""

    @property
    def id(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def received_ms(self) -> int: ...
    @property
    def payload(self) -> bytes: ...


class CheckIn(Protocol):
    """The service, as far as the web uses it."""

    @property
    def event(self) -> str: ...
    def programme(self) -> Programme: ...
    def headcount(self, at_ms: int | None = None) -> facts.Headcount: ...
    def roll_call(self, place: str, at_ms: int | None = None) -> RollCall: ...
    def persons(self, q: str, limit: int, cursor: str | None) -> Persons: ...
    def person(self, person: str) -> Whole | None: ...
    def take_scans(self, items: Sequence[bytes], scanner: str) -> Sequence[Answer]: ...
    def scanners(self) -> Sequence[ScannerRow]: ...
    def quarantined(self, limit: int) -> Sequence[Aside]: ...
    def health(self) -> Health: ...
    def figures(self) -> Figures: ...


@dataclass(frozen=True, kw_only=True)
class Deps:
    """All that `create_app` puts together; `session_key` signs tokens and sessions.

    `explain` tells which exceptions mean that the database cannot be used now.
    """

    checkin: CheckIn
    board: Board
    clock: Clock
    session_key: str = field(repr=False)
    metrics: Metrics = field(default_factory=Metrics)
    most_streams: int = MOST_STREAMS
    heartbeat_s: float = HEARTBEAT_S
    explain: Callable[[Exception], Unavailable | None] = lambda _: None
