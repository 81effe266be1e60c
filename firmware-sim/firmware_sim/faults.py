"""What goes wrong with scanners, planned: pure, and the same for the same seed."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from shared.mqtt import Message, Outgoing
from shared.programme import Programme

MINUTE_MS = 60_000
LAG_MS = 90_000

FaultKind = Literal["offline", "mangled", "clock", "power"]
FAULTS: tuple[FaultKind, ...] = ("offline", "mangled", "clock", "power")

T = TypeVar("T", Outgoing, Message)


@dataclass(frozen=True, kw_only=True)
class Switch:
    """At a moment, true time, a scanner loses or gets back its network or its power."""

    at_ms: int
    scanner: str
    to: Literal["offline", "online", "off", "on"]


@dataclass(frozen=True, kw_only=True)
class FaultPlan:
    """The faults of one day; `lag_ms` is how far a scanner's clock is behind."""

    switches: tuple[Switch, ...] = ()
    lag_ms: Mapping[str, int] = field(default_factory=dict)
    mangled: frozenset[str] = frozenset()


def parse_faults(text: str) -> frozenset[FaultKind]:
    """Read `all`, `none` or a list such as `offline,clock`.

    Raises ValueError with what may be written.
    """
    if text in {"all", "none"}:
        return frozenset(FAULTS if text == "all" else ())
    wanted = [part.strip() for part in text.split(",")]
    if unknown := [part for part in wanted if part not in FAULTS]:
        raise ValueError(f"{', '.join(unknown)}: write all, none, or some of {','.join(FAULTS)}")
    return frozenset(kind for kind in FAULTS if kind in wanted)


def plan_faults(programme: Programme, kinds: Collection[FaultKind]) -> FaultPlan:
    """The faults of the day, where they hurt most.

    `offline`: an entrance and a coach for 20 minutes, the coach from before it departs until after it arrived.
    `power`: another entrance for three minutes, another coach for one while it boards. `clock`: the first entrance
    after a transfer 90 s behind, all day. `mangled`: messages of every scanner doubled and overtaken.
    """
    doors = _doors(programme)
    coaches = [scanner for run in programme.runs for scanner in _of_coach(programme, run.coach)]
    runs = [run for run in programme.runs if _of_coach(programme, run.coach)]
    start = programme.first_item_ms
    switches: list[Switch] = []
    if "offline" in kinds:
        switches += _outage(doors[:1], start + 10 * MINUTE_MS, 20, "offline", "online")
        switches += _outage(coaches[:1], runs[0].depart_ms - 10 * MINUTE_MS if runs else 0, 20, "offline", "online")
    if "power" in kinds:
        switches += _outage(doors[1:2], start + 20 * MINUTE_MS, 3, "off", "on")
        switches += _outage(coaches[1:2], runs[1].depart_ms - 6 * MINUTE_MS if runs[1:] else 0, 1, "off", "on")
    return FaultPlan(
        switches=tuple(sorted(switches, key=lambda switch: (switch.at_ms, switch.scanner))),
        lag_ms=dict.fromkeys(_first_destination(programme)[:1], LAG_MS) if "clock" in kinds else {},
        mangled=frozenset(scanner.id for scanner in programme.scanners) if "mangled" in kinds else frozenset(),
    )


def _outage(
    scanners: Sequence[str],
    from_ms: int,
    minutes: int,
    down: Literal["offline", "off"],
    up: Literal["online", "on"],
) -> list[Switch]:
    until_ms = from_ms + minutes * MINUTE_MS
    return [
        switch
        for scanner in scanners
        for switch in (Switch(at_ms=from_ms, scanner=scanner, to=down), Switch(at_ms=until_ms, scanner=scanner, to=up))
    ]


def _doors(programme: Programme) -> list[str]:
    """The scanners at the entrance of the place where the day begins."""
    first = min(programme.items, key=lambda item: item.start_ms, default=None)
    return _entrances(programme, first.place.partition(".")[0]) if first else []


def _first_destination(programme: Programme) -> list[str]:
    return [scanner for leg in programme.legs for scanner in _entrances(programme, leg.destination)]


def _entrances(programme: Programme, place: str) -> list[str]:
    ids = {point.id for point in programme.checkpoints if point.place == place and point.direction == "in"}
    return [scanner.id for scanner in programme.scanners if scanner.checkpoint in ids]


def _of_coach(programme: Programme, coach: str) -> list[str]:
    ids = {point.id for point in programme.checkpoints if point.coach == coach and point.direction == "in"}
    return [scanner.id for scanner in programme.scanners if scanner.checkpoint in ids]


class Mangler:
    """Doubles some messages of one scanner and lets some be overtaken; never loses one that is not forgotten."""

    def __init__(self, throw: random.Random, *, doubled: float = 0.15, held: float = 0.15) -> None:
        self._throw = throw
        self._doubled = doubled
        self._held_share = held
        self._held: list[Outgoing] = []

    def outward(self, messages: list[Outgoing]) -> list[Outgoing]:
        """What goes out now of `messages` and of what was held back before."""
        late, self._held = self._held, []
        now: list[Outgoing] = []
        for message in messages:
            # a retained message out of order would stay wrong: only the connection's own order guards it
            hold = not message.retain and self._throw.random() < self._held_share
            (self._held if hold else now).append(message)
            if not message.retain and self._throw.random() < self._doubled:
                now.append(message)
        if now or self._throw.random() < 0.2:
            self._throw.shuffle(late)
            return now + late
        self._held = late
        return now

    def inward(self, messages: list[Message]) -> list[Message]:
        """What came, some of it twice, in another order."""
        came = [message for message in messages for _ in range(1 + (self._throw.random() < self._doubled))]
        self._throw.shuffle(came)
        return came

    def forget(self) -> None:
        """The power or the network went: what was held back is lost."""
        self._held = []
