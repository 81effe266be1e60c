"""What the handlers need from outside: the store, in one transaction."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from checkin.domain.person import Person
from checkin.domain.whereabouts import Stay
from shared.facts import Sighting


class KnownScan(NamedTuple):
    """A scan that was answered before: the digest of its content, and the verdict as it was sent, without `person`."""

    content: str
    verdict: str
    checkpoint: str
    name: str | None
    organisation: str | None


class Holder(NamedTuple):
    """Whom a badge stands for, and where they are by the latest sighting; `groups` is a JSON array as it is stored."""

    event: str
    person: str
    revoked: bool
    groups: str
    name: str
    organisation: str
    stay: Stay | None


ScanRow = tuple[object, ...]  # the columns of checkin.adapters.store.SCAN


class Aside(NamedTuple):
    """A message to set aside in quarantine."""

    event: str
    topic: str
    payload: bytes
    kind: str
    reason: str
    received_ms: int


class Asked(NamedTuple):
    """What must be known to judge a scan; `place` is its door's, empty where the checkpoint is no door."""

    scan: str
    digest: str
    place: str


class Looked(NamedTuple):
    """What the store knows of a batch of scans."""

    known: Mapping[str, KnownScan]  # by scan: those that were answered before
    holders: Mapping[str, Holder]  # by digest: whom a badge stands for, of this event, else of another
    seats: Mapping[str, Mapping[str, str]]  # by person: the run of each transfer that they have a seat on
    visits: Mapping[tuple[str, str], int]  # by person and place: when they were first there, in milliseconds
    counts: Mapping[str, int]  # by place: how many persons are exactly there now


class ScanStore(Protocol):
    """What judging scans reads and writes: a few statements, whatever the number of scans and of people."""

    def look(self, event: str, asked: Sequence[Asked]) -> Looked:
        """All that is needed for most scans."""

    def history(self, event: str, persons: Sequence[str]) -> Mapping[str, Sequence[Stay]]:
        """All counting sightings of these persons."""

    def keep(self, rows: Sequence[ScanRow], sightings: Sequence[Sighting], received_ms: int) -> list[Sighting]:
        """Keep scans with their answers, and move the people; returns the sightings that were new, numbered.

        To be called once, after `look`, for scans that were looked at.
        """

    def set_aside(self, items: Sequence[Aside]) -> int:
        """Keep what cannot be used; the same message again is kept once. Returns how many were new."""


class BadgeRow(NamedTuple):
    """A code that stands for a person; `own` when it was made here."""

    digest: str
    person: str
    code: str
    own: bool
    revoked: bool


class ScannerRow(NamedTuple):
    """A device, where it stands, and the configuration it was last sent (JSON)."""

    id: str
    checkpoint: str
    version: int
    config: str


class Registry(Protocol):
    """What loading files reads and writes."""

    def programme(self, event: str) -> tuple[bytes, int] | None:
        """The file that was loaded and its revision."""

    def save_programme(self, event: str, raw: bytes, rev: int, now_ms: int) -> None:
        """Keep a programme."""

    def people(self, event: str) -> dict[str, Person]:
        """Everybody registered, by id."""

    def save_people(self, event: str, persons: Sequence[Person]) -> None:
        """Keep persons, new or changed."""

    def badges(self, event: str) -> list[BadgeRow]:
        """All badges of an event, revoked ones too."""

    def add_badges(self, event: str, badges: Sequence[BadgeRow], now_ms: int) -> None:
        """Keep new badges."""

    def revoke_badges(self, event: str, digests: Sequence[str], now_ms: int) -> None:
        """Take badges out of use."""

    def scanners(self, event: str) -> list[ScannerRow]:
        """All scanners of an event."""

    def save_scanners(self, event: str, scanners: Sequence[ScannerRow], now_ms: int) -> None:
        """Keep scanners, new or changed."""

    def touch(self) -> None:
        """Tell the other processes that what they keep in memory is old."""

    def publish(self, messages: Sequence[tuple[str, bytes, bool]]) -> None:
        """Have messages published (topic, payload, retain) after this transaction."""


class SightingStore(Protocol):
    """What folding another service's sightings reads and writes."""

    def known_persons(self, event: str, persons: Sequence[str]) -> set[str]:
        """Which of these are registered."""

    def record(self, sightings: Sequence[Sighting], received_ms: int) -> list[Sighting]:
        """Store sightings and move the people they are of; returns those that were new, numbered."""

    def set_aside(self, items: Sequence[Aside]) -> int:
        """Keep what cannot be used; the same message again is kept once. Returns how many were new."""
