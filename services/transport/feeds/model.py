"""What the feeds are made of: the runs of the day as they are now, in numbers. Nobody's name or id is in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from shared.programme import Programme
from shared.programme.values import Text
from transport.domain.run import State
from transport.domain.tracker import Position

EventKind = Literal["boarded", "alighted"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """A location that runs depart from or arrive at; degrees × 10⁷, both None where the programme has none."""

    id: str
    name: str
    lat_e7: int | None = None
    lon_e7: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LegFeed:
    """A leg, with the title of its transfer."""

    id: str
    title: Text
    origin: str
    destination: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RunFeed:
    """A run with its three times in milliseconds; `coach` is the one that drives it now, perhaps a relief coach.

    `aboard` has the nameless in it, `carried` is who came along to the destination. `seats` None is not known.
    `since_ms` is when the last step was taken. An estimate that is None: nobody can say, planned is all there is.
    """

    run: str
    name: str
    leg: str
    coach: str
    coach_name: str
    plate: str | None
    origin: str
    destination: str
    kerb: str | None
    state: str
    open_ms: int
    depart_ms: int
    arrive_ms: int
    estimated_depart_ms: int | None = None
    estimated_arrive_ms: int | None = None
    departed_ms: int | None = None
    arrived_ms: int | None = None
    since_ms: int | None = None
    seats: int | None = None
    wheelchairs: int = 0
    aboard: int = 0
    carried: int = 0
    position: Position | None = None

    @property
    def is_halted(self) -> bool:
        """Whether it broke down."""
        return self.state == State.HALTED

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not run."""
        return self.state == State.CANCELLED


@dataclass(frozen=True, kw_only=True, slots=True)
class PassengerEvent:
    """So many people boarded or alighted at a moment; `stop` says at which end of the run: 1 origin, 2 destination."""

    run: str
    coach: str
    at_ms: int
    kind: EventKind
    stop: Literal[1, 2] = 1
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The day at `now_ms`; `version` changes when the programme does (a digest of its file)."""

    event: str
    title: Text
    zone: ZoneInfo
    date: dt.date
    now_ms: int
    version: str
    sites: tuple[Site, ...]
    legs: tuple[LegFeed, ...]
    runs: tuple[RunFeed, ...]
    events: tuple[PassengerEvent, ...] = ()


class Source(Protocol):
    """What the routes need of transport; `take_position` is safe to call twice with the same position."""

    def programme(self) -> Programme: ...
    def feed(self) -> Feed: ...
    def take_position(self, position: Position) -> None: ...
