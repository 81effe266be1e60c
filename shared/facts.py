"""The facts and messages of CONTRACT section 4, as frozen types.

A member that may be missing has its default here; members that are not known are ignored. Moments are RFC 3339 texts on
the wire (`at`) and milliseconds inside (`at_ms`).
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from shared.instants import RFC3339

ScanId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._:-]{8,64}$(?!\n)")]
Slug = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$(?!\n)")]
Moment = Annotated[str, Meta(pattern=RFC3339)]
BadgeCode = Annotated[str, Meta(min_length=1, max_length=256)]
Whole = Annotated[int, Meta(ge=0, le=2**53)]

Outcome = Literal["admit", "warn", "refuse"]
How = Literal["scanned", "manual", "implied"]
Direction = Literal["in", "out"]
Policy = Literal["advise", "strict", "count"]
Reason = Literal[
    "welcome",
    "back",
    "goodbye",
    "again",
    "aboard",
    "off",
    "not-expected-here",
    "full",
    "not-listed",
    "other-run",
    "unknown",
    "forged",
    "revoked",
    "wrong-event",
    "closed",
    "departed",
]
UNDERWAY = "underway"
AWAY = "away"
EXPECTED = "expected"


class Text(Struct, frozen=True):
    """The same words in both languages of the pages."""

    nl: str
    en: str


class Scan(Struct, frozen=True, kw_only=True):
    """A badge was read: what a device says (CONTRACT section 4).

    `age_ms` is None where the device says that it does not know: it restarted between reading and sending.
    """

    id: ScanId
    badge: BadgeCode
    checkpoint: Slug
    at: Moment
    synced: bool = True
    age_ms: Whole | None = 0
    seq: Whole | None = None


class Shown(Struct, frozen=True):
    """What of a person a verdict may show, where the checkpoint's `show_name` allows it."""

    name: str
    organisation: str


class Verdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one scan. `present` is the headcount of the place after it; `at` the moment it counts from."""

    scan: str
    outcome: Outcome
    reason: Reason
    title: Text
    line: Text
    place: str
    present: int
    at: Moment
    person: Shown | None = None


class PersonCard(Struct, frozen=True, kw_only=True):
    """A person as the services know them: ids and digests in clear, everything personal in `sealed`."""

    person: Slug
    rev: int
    groups: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    revoked: tuple[str, ...] = ()
    sealed: str = ""


class Personal(Struct, frozen=True, kw_only=True):
    """What is inside `PersonCard.sealed`."""

    name: str
    organisation: str = ""
    email: str = ""
    phone: str = ""
    needs: str = ""


class ScannerState(Struct, frozen=True, kw_only=True):
    """How a scanner is; the last will has only `online: false`."""

    online: bool
    firmware: str = ""
    checkpoint: str = ""
    queued: int = 0
    battery: int | None = None
    rssi: int | None = None
    synced: bool = True
    uptime_s: int = 0
    at: Moment | None = None


class BadgeDigest(Struct, frozen=True):
    """Which codes a device may know: how they are checked and a digest of the list."""

    algorithm: str
    digest: str


class ScannerConfig(Struct, frozen=True, kw_only=True):
    """Where a scanner stands and how it behaves; an older `version` is ignored."""

    checkpoint: str
    kind: Literal["door", "coach"]
    direction: Direction
    title: Text
    show_name: bool
    language: Literal["nl", "en"]
    offline: Literal["admit", "refuse"]
    badges: BadgeDigest
    version: int


class Sighting(Struct, frozen=True, kw_only=True):
    """Person P was at place X from time T (CONTRACT section 2). A `void` takes the named sighting back."""

    id: str
    event: str
    person: str
    place: str
    at_ms: int
    how: How
    source: str
    scan: str | None = None
    void: str | None = None
    sequence: int = 0

    @property
    def order(self) -> tuple[int, bytes]:
        """What decides which of two sightings is the later: (at, id as UTF-8 bytes)."""
        return (self.at_ms, self.id.encode())


class RunState(Struct, frozen=True, kw_only=True):
    """How a run is; `missing` are the listed who are still to come, `counted` the hand count, `carried` who arrived."""

    run: str
    transfer: str
    coach: str
    origin: str
    destination: str
    state: str
    depart_at: Moment
    arrive_at: Moment | None = None
    seats: int
    listed: int
    aboard: int
    counted: int | None = None
    nameless: int = 0
    missing: int
    carried: int = 0
    at: Moment


class Passengers(Struct, frozen=True, kw_only=True):
    """Who has a seat on a run, by id (docs/contract.md)."""

    run: str
    transfer: str
    persons: tuple[str, ...]
    rev: int
    at: Moment


class PlaceCount(Struct, frozen=True, kw_only=True):
    """One place in a headcount; a room's people are also in its location's number."""

    place: str
    name: str
    kind: Literal["location", "room"]
    present: int
    expected: int
    capacity: int | None


class RunCount(Struct, frozen=True):
    """One run in a headcount."""

    run: str
    aboard: int


class Headcount(Struct, frozen=True, kw_only=True):
    """How many persons are at each place at a moment."""

    event: str
    at: Moment
    registered: int
    expected: int
    underway: int
    away: int
    places: tuple[PlaceCount, ...]
    runs: tuple[RunCount, ...]
    unconfirmed: int
    missing: int


class Alert(Struct, frozen=True, kw_only=True):
    """Something that needs a human."""

    alert: str
    level: Literal["info", "warn", "urgent"]
    kind: str
    text: Text
    place: str | None
    since: Moment


class Sync(Struct, frozen=True, kw_only=True):
    """A service asks another for its sightings after `since` again (docs/contract.md)."""

    since: int
    asking: str = msgspec.field(name="from")
