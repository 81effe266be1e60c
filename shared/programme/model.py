"""A whole programme day, and the questions that need more than one of its values."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from shared import instants
from shared.programme.values import (
    Checkpoint,
    Coach,
    Group,
    Item,
    Leg,
    Location,
    Place,
    Room,
    Run,
    ScannerSpec,
    Text,
    Transfer,
)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_Identified)


def _by_id(values: Iterable[_T]) -> Mapping[str, _T]:
    return MappingProxyType({value.id: value for value in values})


@dataclass(frozen=True, kw_only=True)
class Index:
    """Everything of a programme by its id, in the order of the file; for ids from outside use `.get`."""

    locations: Mapping[str, Location]
    rooms: Mapping[str, Room]
    places: Mapping[str, Place]
    groups: Mapping[str, Group]
    items: Mapping[str, Item]
    transfers: Mapping[str, Transfer]
    legs: Mapping[str, Leg]
    coaches: Mapping[str, Coach]
    runs: Mapping[str, Run]
    checkpoints: Mapping[str, Checkpoint]
    scanners: Mapping[str, ScannerSpec]


@dataclass(frozen=True, kw_only=True, eq=False)
class Programme:
    """One event's day (CONTRACT.md §7); compared by identity, so that what is worked out from it can be kept by it.

    `source` is the file as it was read, for a service to store and to parse again.
    A lookup by an id that is not in the programme raises KeyError; `index` has `.get` for ids from outside.
    """

    event: str
    title: Text
    zone: ZoneInfo
    date: dt.date
    locations: tuple[Location, ...]
    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    transfers: tuple[Transfer, ...]
    coaches: tuple[Coach, ...]
    runs: tuple[Run, ...]
    checkpoints: tuple[Checkpoint, ...]
    scanners: tuple[ScannerSpec, ...]
    source: bytes

    @cached_property
    def rooms(self) -> tuple[Room, ...]:
        """The rooms of all locations."""
        return tuple(room for location in self.locations for room in location.rooms)

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """The legs of all transfers."""
        return tuple(leg for transfer in self.transfers for leg in transfer.legs)

    @cached_property
    def index(self) -> Index:
        """Everything by its id."""
        return Index(
            locations=_by_id(self.locations),
            rooms=_by_id(self.rooms),
            places=_by_id([*self.locations, *self.rooms, *self.runs]),
            groups=_by_id(self.groups),
            items=_by_id(self.items),
            transfers=_by_id(self.transfers),
            legs=_by_id(self.legs),
            coaches=_by_id(self.coaches),
            runs=_by_id(self.runs),
            checkpoints=_by_id(self.checkpoints),
            scanners=_by_id(self.scanners),
        )

    @cached_property
    def first_item_ms(self) -> int:
        """When the first item starts; midnight in the event's zone when there are no items."""
        midnight = dt.datetime.combine(self.date, dt.time(), tzinfo=self.zone)
        return min((item.start_ms for item in self.items), default=instants.of(midnight))

    @cached_property
    def last_item_ms(self) -> int:
        """When the last item ends; the same as `first_item_ms` when there are no items."""
        return max((item.end_ms for item in self.items), default=self.first_item_ms)

    def local(self, at_ms: int) -> dt.datetime:
        """A moment as an aware datetime in the event's zone, for the pages."""
        return instants.local(at_ms, self.zone)

    def place(self, place_id: str) -> Place:
        """The location, room or run with this id; `underway` and `away` are not in the programme."""
        return self.index.places[place_id]

    def location_of(self, place_id: str) -> Location | None:
        """The location itself, or the room's location; None for a run, `underway`, `away` and unknown ids."""
        return self.index.locations.get(place_id.partition(".")[0])

    def group(self, group_id: str) -> Group:
        """The group with this id."""
        return self.index.groups[group_id]

    def item(self, item_id: str) -> Item:
        """The item with this id."""
        return self.index.items[item_id]

    def items_of(self, groups: frozenset[str]) -> tuple[Item, ...]:
        """The items for a person of these groups in order of start, those for everybody among them."""
        return tuple(sorted((item for item in self.items if item.is_for(groups)), key=lambda item: item.start_ms))

    def transfer(self, transfer_id: str) -> Transfer:
        """The transfer with this id."""
        return self.index.transfers[transfer_id]

    def leg(self, leg_id: str) -> Leg:
        """The leg with this id."""
        return self.index.legs[leg_id]

    def leg_of(self, transfer_id: str, groups: frozenset[str]) -> Leg | None:
        """The leg of a transfer that a person of these groups is expected on, or None."""
        return self.transfer(transfer_id).leg_for(groups)

    def coach(self, coach_id: str) -> Coach:
        """The coach with this id."""
        return self.index.coaches[coach_id]

    def run(self, run_id: str) -> Run:
        """The run with this id."""
        return self.index.runs[run_id]

    def runs_of_leg(self, leg_id: str) -> tuple[Run, ...]:
        """The runs of a leg in order of departure."""
        return self._runs_by_leg.get(leg_id, ())

    def runs_of_transfer(self, transfer_id: str) -> tuple[Run, ...]:
        """The runs of a transfer in order of departure."""
        return tuple(run for run in self._runs_in_order if run.transfer == transfer_id)

    def runs_of_coach(self, coach_id: str) -> tuple[Run, ...]:
        """The runs of a coach in order of departure."""
        return self._runs_by_coach.get(coach_id, ())

    def checkpoint(self, checkpoint_id: str) -> Checkpoint:
        """The checkpoint with this id."""
        return self.index.checkpoints[checkpoint_id]

    def scanner(self, scanner_id: str) -> ScannerSpec:
        """The scanner with this id."""
        return self.index.scanners[scanner_id]

    @cached_property
    def _runs_in_order(self) -> tuple[Run, ...]:
        return tuple(sorted(self.runs, key=lambda run: (run.depart_ms, run.id)))

    @cached_property
    def _runs_by_leg(self) -> Mapping[str, tuple[Run, ...]]:
        return {leg.id: tuple(run for run in self._runs_in_order if run.leg == leg.id) for leg in self.legs}

    @cached_property
    def _runs_by_coach(self) -> Mapping[str, tuple[Run, ...]]:
        return {coach.id: tuple(run for run in self._runs_in_order if run.coach == coach.id) for coach in self.coaches}
