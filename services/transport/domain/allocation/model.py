"""What the allocation is given and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from shared.facts import Text

Preference = Literal["fewest", "evenest"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """A run as the allocation sees it.

    `seats` None is not known, and holds everybody. A wheelchair takes `wheelchair_seats` of the seats (0: it stands
    where no seat is). `taken` people, `taken_wheelchairs` of them in a wheelchair, are aboard and not among the
    travellers: nameless people are. `name` is what people call the run; `order` that of departure.
    """

    run: str
    leg: str
    seats: int | None
    wheelchairs: int = 0
    wheelchair_seats: int = 1
    name: str = ""
    coach: str = ""
    taken: int = 0
    taken_wheelchairs: int = 0
    order: int = 0

    @property
    def title(self) -> str:
        """What to call this run in words."""
        return self.name or self.run


@dataclass(frozen=True, kw_only=True, slots=True)
class Traveller:
    """A person who is to travel on a leg.

    An organisation is kept whole before a group is; empty is nobody's. People with the same `together` travel on one
    run. `told` is the run they were told, `fixed` one that they stay on whatever happens: they are aboard.
    """

    person: str
    leg: str
    organisation: str = ""
    group: str = ""
    wheelchair: bool = False
    together: str = ""
    told: str | None = None
    fixed: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOver:
    """Somebody without a seat, and why."""

    person: str
    leg: str
    why: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """An organisation or a group that is not whole: how many of it are where (run "": without a seat), and why."""

    kind: Literal["organisation", "group"]
    name: str
    leg: str
    pieces: tuple[tuple[str, int], ...]
    why: Text

    @property
    def people(self) -> int:
        """How many of it travel."""
        return sum(count for _, count in self.pieces)


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Somebody who goes elsewhere than they were told; `run` None is nowhere."""

    person: str
    leg: str
    told: str
    run: str | None


class Score(NamedTuple):
    """How good an allocation is: less is better, the first difference decides.

    `filling` is the number of coaches where the fewest are preferred, and otherwise how uneven the filling is, in
    steps of five per cent (standard deviation): a seat more or less is no reason to send people elsewhere than they
    were told. `spread` is the same to the last seat, and only decides where nothing else does.
    """

    wheelchairs_left: int = 0
    left_over: int = 0
    parted: int = 0
    organisations_split: int = 0
    groups_split: int = 0
    lone: int = 0
    filling: int = 0
    moves: int = 0
    coach_changes: int = 0
    spread: int = 0

    def fewest_moves_first(self) -> tuple[int, ...]:
        """The same with moves before everything but a seat for everybody: what a disturbance asks for."""
        return (*self[:3], self.moves, *self[3:7], *self[8:])

    def plus(self, other: "Score") -> "Score":
        """Of two legs together."""
        return Score(*(one + another for one, another in zip(self, other, strict=True)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Allocation:
    """The run of each person who has a seat, who has none, and in words what is not as one would wish."""

    seats: Mapping[str, str]
    left_over: tuple[LeftOver, ...] = ()
    splits: tuple[Split, ...] = ()
    moves: tuple[Move, ...] = ()
    used: tuple[str, ...] = ()
    score: Score
    explanations: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What would become of people if runs did not come, or came smaller; nothing has been changed.

    `affected` are those who were told such a run. `plan` moves as few people as can be; `other` is there when moving
    more people than that gives a better allocation by the order of importance.
    """

    without: tuple[str, ...]
    affected: tuple[str, ...]
    plan: Allocation
    other: Allocation | None
    explanations: tuple[Text, ...]
