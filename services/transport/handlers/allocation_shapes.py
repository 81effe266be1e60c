"""Allocations that were proposed, as JSON (docs/runs.md): nothing is changed until one is applied."""

from typing import Literal

from msgspec import Struct

from shared.facts import Moment, Text

Kind = Literal["plan", "what-if", "move"]
State = Literal["proposed", "applied", "undone"]


class MoveLine(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Somebody who would get another seat; `from_` is `from` on the wire, null for who had none."""

    person: str
    name: str
    organisation: str
    from_: str | None
    to: str | None


class LeftLine(Struct, frozen=True, kw_only=True):
    """Somebody who would have no seat, and why."""

    person: str
    name: str
    why: Text


class Piece(Struct, frozen=True, kw_only=True):
    """How many of a split organisation are on a run; an empty run is without a seat."""

    run: str
    people: int


class SplitLine(Struct, frozen=True, kw_only=True):
    """An organisation or group that would not be whole, and why."""

    organisation: str
    pieces: tuple[Piece, ...]
    why: Text


class RunChange(Struct, frozen=True, kw_only=True):
    """A run before and after."""

    run: str
    name: str
    seats: int | None
    before: int
    after: int
    wheelchairs: int
    wheelchairs_after: int


class Proposal(Struct, frozen=True, kw_only=True):
    """What an allocation would change, and why it is as it is; `affected` are those whose run does not come."""

    allocation: str
    transfer: str
    kind: Kind
    state: State
    at: Moment
    prefer: str
    moves: tuple[MoveLine, ...]
    left_over: tuple[LeftLine, ...]
    splits: tuple[SplitLine, ...]
    why: tuple[Text, ...]
    runs: tuple[RunChange, ...]
    affected: int
    coaches_before: int
    coaches_after: int
