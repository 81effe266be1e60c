"""Which of these parts fill a room best: a subset-sum dynamic programme whose table is one large integer.

Bit `s + w * stride` says that some of the parts so far take `s` seats and `w` wheelchair places together, so that one
shift and one OR add a part to all sums at once.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeVar


class Part(Protocol):
    """What takes seats: `base` for those who sit, and places for `wheels` wheelchairs."""

    @property
    def base(self) -> int: ...
    @property
    def wheels(self) -> int: ...


P = TypeVar("P", bound=Part)


class Want(NamedTuple):
    """What a choice is to take: of seats about `aim`, at least `least`; of wheelchair places at least `wheels`.

    Within `near` of the aim the choice is good enough, and no more parts are looked at.
    """

    least: int
    aim: int
    near: int = 0
    wheels: int = 0


def choose(parts: Iterable[P], *, seats: int, wheels: int, cost: int, want: Want) -> tuple[list[P], int]:
    """Some of `parts` that fit together in `seats` and `wheels` places, and how many seats they take.

    Earlier parts are preferred. `cost` is the number of seats that a wheelchair takes here.
    """
    stride = 2 * seats + 2
    row = (1 << (seats + 1)) - 1
    valid = _in_every_row(row, range(wheels + 1), stride)
    low, high = max(want.least, want.aim - want.near, 0), min(seats, want.aim + want.near)
    enough = ((1 << (high + 1)) - 1) >> low << low if low <= high else 0
    goal = _in_every_row(enough, range(want.wheels, wheels + 1), stride)
    reach = 1
    steps: list[tuple[int, int, P]] = []  # what could be reached before a part, its code, and the part
    alike: dict[int, int] = {}
    for part in parts:
        asked = code = part.base
        if chairs := part.wheels:
            asked += chairs * cost
            code = asked + chairs * stride
        count = alike.get(code, 0) + 1
        if chairs > wheels or count * asked > seats:
            continue  # too large, or more of one size than can ever be in one choice
        alike[code] = count
        steps.append((reach, code, part))
        reach |= (reach << code) & valid
        if reach & goal:
            break
    at, taken = _best(reach, row=row, stride=stride, wheels=wheels, want=want)
    chosen = []
    for before, code, part in reversed(steps):
        if not before >> at & 1:
            chosen.append(part)
            at -= code
    return chosen, taken


def _in_every_row(bits: int, rows: range, stride: int) -> int:
    found = 0
    for row in rows:
        found |= bits << row * stride
    return found


def _best(reach: int, *, row: int, stride: int, wheels: int, want: Want) -> tuple[int, int]:
    """Where in the table the best sum stands, and the sum."""
    found: list[tuple[bool, bool, int, int, int]] = []
    for places in range(wheels + 1):
        sums = reach >> places * stride & row
        if sums:
            total = _closest(sums, want)
            found.append((places < want.wheels, total < want.least, abs(total - want.aim), -places, total))
    best = min(found)
    return best[4] - best[3] * stride, best[4]


def _closest(sums: int, want: Want) -> int:
    """The sum nearest to the aim that is enough; without one, the highest."""
    below = (sums & ((1 << (want.aim + 1)) - 1)).bit_length() - 1
    higher = sums >> want.aim
    if higher:
        above = want.aim + (higher & -higher).bit_length() - 1
        if below < want.least or above - want.aim < want.aim - below:
            return above
    return below if below >= 0 else sums.bit_length() - 1
