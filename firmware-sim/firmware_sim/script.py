"""A script of what people do at the kerb: timed deeds on phones and readers, and when those have no network. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time as wall_time
from typing import Any, Literal

from shared import instants
from shared.programme import Direction, Programme

SECOND_MS = 1000

What = Literal["act", "step", "scan", "door"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """One thing that somebody does at `at_ms`, true time, on a phone or reader.

    `act` is one of docs/runs.md, `step` a step of a run, asked for at once where there is network, `scan` a badge
    before a coach's reader, `door` one before a door's. `body` is what goes on the wire besides its id and its moment.
    """

    at_ms: int
    phone: str
    what: What
    id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outage:
    """A phone without network, or without power, up to but not including `until_ms`: what it holds comes in then."""

    phone: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True, kw_only=True)
class Script:
    """All that happens, in order of time."""

    deeds: tuple[Deed, ...]
    outages: tuple[Outage, ...]

    @property
    def phones(self) -> tuple[str, ...]:
        """Every phone and reader that does something."""
        return tuple(dict.fromkeys(deed.phone for deed in self.deeds))

    def is_offline(self, phone: str, at_ms: int) -> bool:
        """Whether a phone has no network at a moment."""
        return any(one.phone == phone and one.from_ms <= at_ms < one.until_ms for one in self.outages)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, times as text."""
        return {
            "deeds": [
                {"at": instants.to_text(d.at_ms), "phone": d.phone, "what": d.what, "id": d.id, **d.body}
                for d in self.deeds
            ],
            "outages": [
                {"phone": o.phone, "from": instants.to_text(o.from_ms), "until": instants.to_text(o.until_ms)}
                for o in self.outages
            ],
        }


class Pen:
    """Writes a script down. Times are local, `HH:MM` or `HH:MM:SS`; `badges` is the code of each person.

    Deeds are numbered as they are written, so that the same story has the same ids, which begin with `name`.
    """

    def __init__(self, programme: Programme, badges: Mapping[str, str], *, name: str) -> None:
        self._programme = programme
        self._badges = badges
        self._name = name
        self._deeds: list[Deed] = []
        self._outages: list[Outage] = []

    def script(self) -> Script:
        """What was written so far, in order of time."""
        return Script(deeds=tuple(sorted(self._deeds, key=_in_order)), outages=tuple(self._outages))

    def no_network(self, phone: str, begin: str, end: str) -> None:
        """A phone is without network."""
        self._outages.append(Outage(phone=phone, from_ms=self._ms(begin), until_ms=self._ms(end)))

    def step(self, clock: str, phone: str, run: str, step: str, **members: Any) -> None:
        """A step of a run."""
        self._write(self._ms(clock), phone, "step", {"run": run, "step": step, **members})

    def act(self, clock: str, phone: str, run: str, kind: str, **members: Any) -> str:
        """An act; returns its id, for an undo."""
        return self._write(self._ms(clock), phone, "act", {"run": run, "kind": kind, **members})

    def by_hand(self, clock: str, phone: str, run: str, persons: Iterable[str], *, every_s: int = 10) -> None:
        """People are ticked aboard by name, one after the other."""
        for at_ms, person in self._in_turn(clock, persons, every_s):
            self._write(at_ms, phone, "act", {"run": run, "kind": "aboard", "person": person})

    def by_badge(self, clock: str, phone: str, run: str, persons: Iterable[str], *, every_s: int = 5) -> None:
        """People are read aboard with a phone's camera, one after the other."""
        for at_ms, person in self._in_turn(clock, persons, every_s):
            self._write(at_ms, phone, "act", {"run": run, "kind": "aboard", "badge": self._badges[person]})

    def read(self, clock: str, checkpoint: str, persons: Iterable[str], *, every_s: int = 5) -> None:
        """People hold their badge before a checkpoint's reader, one after the other."""
        what: What = "scan" if self._programme.checkpoint(checkpoint).kind == "coach" else "door"
        for at_ms, person in self._in_turn(clock, persons, every_s):
            body = {"checkpoint": checkpoint, "badge": self._badges[person]}
            self._write(at_ms, f"reader.{checkpoint}", what, body)

    def _in_turn(self, clock: str, persons: Iterable[str], every_s: int) -> Sequence[tuple[int, str]]:
        begin_ms = self._ms(clock)
        return [(begin_ms + n * every_s * SECOND_MS, person) for n, person in enumerate(persons)]

    def _write(self, at_ms: int, phone: str, what: What, body: Mapping[str, Any]) -> str:
        identity = f"{self._name}.{len(self._deeds) + 1:05}"
        self._deeds.append(Deed(at_ms=at_ms, phone=phone, what=what, id=identity, body=dict(body)))
        return identity

    def _ms(self, clock: str) -> int:
        return local_ms(self._programme, clock)


def local_ms(programme: Programme, clock: str) -> int:
    """A local time of the programme's day, in ms. Raises ValueError when it is no time."""
    at = wall_time.fromisoformat(clock)
    return instants.of(datetime.combine(programme.date, at, tzinfo=programme.zone))


def entrance(programme: Programme, place: str) -> str:
    """The checkpoint through which people come in at a location. Raises ValueError when it has none."""
    return _door(programme, place, "in")


def way_out(programme: Programme, place: str) -> str:
    """The checkpoint through which people go out of a location. Raises ValueError when it has none."""
    return _door(programme, place, "out")


def reader_of(programme: Programme, coach: str) -> str:
    """The checkpoint in a coach. Raises ValueError when it has none."""
    for point in programme.checkpoints:
        if point.coach == coach and point.direction == "in":
            return point.id
    raise ValueError(f"coach {coach} has no checkpoint: give it one in the programme")


def _door(programme: Programme, place: str, direction: Direction) -> str:
    for point in programme.checkpoints:
        if point.place == place and point.direction == direction:
            return point.id
    raise ValueError(f"{place} has no checkpoint of direction {direction}: give it one in the programme")


def _in_order(deed: Deed) -> tuple[int, str]:
    return (deed.at_ms, deed.id)
