"""The words of a programme as frozen values (CONTRACT.md §1); every time is int milliseconds since the epoch, UTC."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["in", "out"]
Policy = Literal["advise", "strict", "count"]
GroupKind = Literal["pillar", "theme", "organisation", "session", "role", "together"]
CheckpointKind = Literal["door", "coach"]
Mode = Literal["coach", "own"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text for the pages, in Dutch and in English."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """The English text for `en` and `en-…`, else the Dutch one."""
        return self.en if language.lower().startswith("en") else self.nl


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """A space in a location; `id` is the place id, such as `stadhuis.raadzaal`."""

    id: str
    location: str
    name: str
    floor: str | None
    capacity: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A building or site; `lat_e7` and `lon_e7` are degrees of WGS 84 times ten million, where they are known."""

    id: str
    name: str
    address: str | None
    capacity: int | None
    rooms: tuple[Room, ...]
    lat_e7: int | None = None
    lon_e7: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What decides where a person goes; people of one group of kind `together` must travel on one run."""

    id: str
    name: Text
    kind: GroupKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A line of the programme, from `start_ms` up to but not including `end_ms`; no groups means everybody."""

    id: str
    title: Text
    start_ms: int
    end_ms: int
    place: str
    groups: frozenset[str]

    def is_for(self, groups: frozenset[str]) -> bool:
        """Whether a person of these groups is expected at it."""
        return not self.groups or not self.groups.isdisjoint(groups)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """One origin and one destination within a transfer; no groups means everybody whom no other leg takes.

    Of mode `own` people walk, cycle or drive: expected at the destination, not missing at the kerb.
    """

    id: str
    transfer: str
    origin: str
    destination: str
    groups: frozenset[str]
    minutes: int | None
    mode: Mode = "coach"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """A move of the programme from `start_ms` up to `end_ms`; arrivals may be confirmed up to `grace_ms` later."""

    id: str
    title: Text
    start_ms: int
    end_ms: int
    grace_ms: int
    legs: tuple[Leg, ...]

    def leg_for(self, groups: frozenset[str]) -> Leg | None:
        """The first leg that shares a group, else the leg without groups, else None."""
        left_over = None
        for leg in self.legs:
            if not leg.groups:
                left_over = leg
            elif not leg.groups.isdisjoint(groups):
                return leg
        return left_over


@dataclass(frozen=True, kw_only=True, slots=True)
class Coach:
    """A vehicle; `seats` None is not known yet, `wheelchair_seats` how many of them one wheelchair costs.

    `turn_round_ms` is what it needs between an arrival and the next opening.
    """

    id: str
    name: str
    plate: str | None
    seats: int | None
    wheelchairs: int
    operator: str | None
    phone: str | None
    wheelchair_seats: int = 1
    turn_round_ms: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One coach driving one leg once, as planned; `seats` are its own, else its coach's, else None."""

    id: str
    name: str
    coach: str
    leg: str
    transfer: str
    origin: str
    destination: str
    seats: int | None
    wheelchairs: int
    open_ms: int
    depart_ms: int
    arrive_ms: int
    kerb: str | None
    wheelchair_seats: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """A point where badges are read: at a place, or in a coach; exactly one of `place` and `coach` is set.

    From `away_from_ms` on, an `out` scan here means `away` instead of `underway` (CONTRACT.md §2).
    """

    id: str
    title: Text
    place: str | None
    coach: str | None
    direction: Direction
    policy: Policy
    show_name: bool
    away_from_ms: int | None

    @property
    def kind(self) -> CheckpointKind:
        """Which of the two scan topics its scanners use."""
        return "door" if self.coach is None else "coach"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannerSpec:
    """A scanner and the checkpoint where it stands when the day begins."""

    id: str
    checkpoint: str


Place = Location | Room | Run
