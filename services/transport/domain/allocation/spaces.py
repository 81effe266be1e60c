"""Rooms while they are filled, and how one attempt goes about it."""

from random import Random
from typing import NamedTuple

from transport.domain.allocation.pieces import Piece


class Style(NamedTuple):
    """How one attempt goes about it.

    `even` aims at rooms equally full, instead of as full as can be; `noise` mixes large parties with small (0: the
    largest first); `grouped` takes parties of one group after each other; `shuffled` fills rooms in any order.
    """

    even: bool = False
    shuffled: bool = True
    noise: float = 0.0
    grouped: bool = False


class Space:
    """A room while it is filled. `load` and `weight` are for an even filling."""

    __slots__ = ("cost", "load", "run", "seats", "weight", "wheels")

    def __init__(self, run: int, *, seats: int, wheels: int, cost: int, load: int, weight: int) -> None:
        self.run = run
        self.seats = seats
        self.wheels = wheels
        self.cost = cost
        self.load = load
        self.weight = weight

    def holds(self, piece: Piece) -> bool:
        return piece.base + piece.wheels * self.cost <= self.seats and piece.wheels <= self.wheels

    def take(self, piece: Piece) -> None:
        """Less by what a piece takes."""
        self.seats -= piece.base + piece.wheels * self.cost
        self.wheels -= piece.wheels


def arrange(spaces: list[Space], style: Style, *, wheelchairs: bool, rng: Random) -> None:
    """Sort rooms as they are to be filled: as they depart, or by chance; those with wheelchair places rather first."""
    if style.shuffled:
        rng.shuffle(spaces)
    if not style.even and (not style.shuffled or rng.random() < 0.6):
        spaces.sort(key=lambda space: (not space.load, -space.seats))
    if wheelchairs:
        if len({space.cost for space in spaces if space.wheels}) > 1 and rng.random() < 0.5:
            spaces.sort(key=lambda space: space.cost)
        if not style.shuffled or rng.random() < 0.7:
            spaces.sort(key=lambda space: not space.wheels)
