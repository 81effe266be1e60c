"""Fill rooms one by one, each as well as the parties that are left allow; and cut a party only where none fits.

Before a room is filled it is known how many seats may stay empty: all that there are too many. Where the best choice of
whole parties leaves more than that, part of one more is taken, never one person of it where that can be helped.
"""

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from transport.domain.allocation.pieces import NOWHERE, Piece, cut
from transport.domain.allocation.spaces import Space, Style
from transport.domain.allocation.subset import Want, choose

SEVERAL = 2  # people who travel together are at least two


class Packing:
    """One attempt: `placed` says which piece goes to which run."""

    def __init__(self, spaces: Sequence[Space], pieces: Iterable[Piece], *, rng: Random, style: Style) -> None:
        self._spaces = spaces
        self._rng = rng
        self._style = style
        self._eager = rng.random() < 0.5  # to fill wheelchair places where they cost fewer seats than elsewhere
        self._order = self._sorted(pieces)
        self._left = dict.fromkeys(self._order)
        self._wheels = sum(piece.wheels for piece in self._left)
        self.placed: list[tuple[Piece, int]] = []

    def pack(self, homes: Mapping[int, Sequence[Piece]]) -> list[tuple[Piece, int]]:
        """Place everything; `homes` are pieces that had better go to a run, by run."""
        self._cut_oversize()
        seats = sum(space.seats for space in self._spaces)
        asked = self._asked()
        wheels_after = sum(space.wheels for space in self._spaces)
        if asked > seats:
            self._leave_some(asked - seats, homes)
            asked = seats
        load, weight = sum(space.load for space in self._spaces), sum(space.weight for space in self._spaces)
        for number, space in enumerate(self._spaces):
            if not self._left:
                break
            wheels_after -= space.wheels
            room = space.seats
            spare = max(0, seats - asked)
            aim = room
            if self._style.even:
                aim = -(-(asked + load) * space.weight // weight) - space.load
            cheap = all(space.cost < one.cost for one in self._spaces[number + 1 :] if one.wheels)
            wheels = 0 if cheap and self._eager else wheels_after
            asked -= self._fill(space, spare=spare, aim=aim, wheels_after=wheels, home=homes.get(space.run, ()))
            seats, load, weight = seats - room, load - space.load, weight - space.weight
        self._place_rest()
        return self.placed

    def _sorted(self, pieces: Iterable[Piece]) -> list[Piece]:
        style, rng = self._style, self._rng
        order = sorted(pieces, key=lambda piece: -piece.size * (1 + style.noise * rng.random()))
        if style.grouped:
            ranks: dict[int, float] = {}
            order.sort(key=lambda piece: ranks.setdefault(piece.groups[0][0] if piece.groups else -1, rng.random()))
        return order

    def _asked(self) -> int:
        """Seats for everybody, with wheelchairs where they cost least."""
        wheels = self._wheels
        asked = sum(piece.base for piece in self._left)
        if wheels:
            for space in sorted(self._spaces, key=lambda space: space.cost):
                here = min(wheels, space.wheels)
                asked += here * space.cost
                wheels -= here
        return asked

    def _fill(self, space: Space, *, spare: int, aim: int, wheels_after: int, home: Sequence[Piece]) -> int:
        """Whole parties, and a part of one more where too many seats would stay empty; how many seats were taken."""
        if not space.seats:
            return 0
        least = max(0, space.seats - spare)
        aim = min(max(aim, least), space.seats)
        want = Want(
            least=least,
            aim=aim,
            wheels=min(space.wheels, max(0, self._wheels - wheels_after)),
        )
        at_most = min(space.wheels, self._wheels)
        chosen, taken = self._choose(space, seats=space.seats, wheels=at_most, want=want, home=home)
        if taken < least and (hole := self._larger_hole(space.seats - taken)) < space.seats:
            fewer = space.seats - hole
            want = want._replace(least=0, aim=fewer, near=0)
            chosen, taken = self._choose(space, seats=fewer, wheels=at_most, want=want, home=home)
        before = space.seats
        for piece in chosen:
            self._place(piece, space)
        if taken < least:
            self._cut_into(space, least=least - taken)
        return before - space.seats

    def _larger_hole(self, hole: int) -> int:
        """For a party that is to be cut: never for one person of it, and by chance for more than must be."""
        if self._rng.random() < 0.5:
            return max(hole, SEVERAL)
        return hole + self._rng.randrange(SEVERAL, 2 * SEVERAL + 2)

    def _choose(
        self, space: Space, *, seats: int, wheels: int, want: Want, home: Sequence[Piece]
    ) -> tuple[list[Piece], int]:
        left = self._left
        if len(self._order) > 2 * len(left):
            self._order = [piece for piece in self._order if piece in left]
        parts: Iterable[Piece] = (piece for piece in self._order if piece in left)
        if home:
            first = dict.fromkeys(piece for piece in home if piece in left)
            parts = [*first, *(piece for piece in parts if piece not in first)]
        return choose(parts, seats=seats, wheels=wheels, cost=space.cost, want=want)

    def _cut_into(self, space: Space, *, least: int) -> None:
        """Fill what is left of a room with part of a party; the rest of it stays for other rooms."""
        candidates = [piece for piece in self._left if piece.size > 1]
        self._rng.shuffle(candidates)
        # who leaves two or more behind comes first, then who is there to be cut already
        candidates.sort(key=lambda piece: piece.size < space.seats + SEVERAL)
        for piece in candidates[:8]:
            if self._cut(piece, space, least=least, most=space.seats):
                return

    def _cut(self, piece: Piece, space: Space, *, least: int, most: int) -> bool:
        """Part of a party into the room: whole groups of it where that can be, and not all but one."""
        most = min(most, max(1, piece.asks(space.cost) - SEVERAL))
        parts = cut(
            piece,
            least=min(most, max(least, SEVERAL)),
            most=most,
            wheels=space.wheels,
            cost=space.cost,
            rng=self._rng,
            run=space.run,
        )
        if parts is None:
            return False
        here, rest = parts
        del self._left[piece]
        self._left[here] = self._left[rest] = None
        self._order.insert(0, rest)
        self._place(here, space)
        return True

    def _cut_oversize(self) -> None:
        """Parties larger than any room have rooms of their own, until what is left of them fits in another."""
        roomy = max((space.seats for space in self._spaces), default=0)
        for piece in [piece for piece in self._order if piece.wheels or piece.size > roomy]:
            rest: Piece | None = piece
            while rest is not None and rest.size > 1 and not any(space.holds(rest) for space in self._spaces):
                rest = self._cut_once(rest)

    def _cut_once(self, piece: Piece) -> Piece | None:
        """Part of a party that no room holds into a large one; what is left of it, None when nothing can be done."""
        rng = self._rng
        wheels = rng.random() < 0.5  # first; else those who sit, and the rest finds its places
        spaces = sorted(
            (space for space in self._spaces if space.seats or (space.wheels and piece.wheels)),
            key=lambda one: (-min(one.wheels, piece.wheels) * wheels, -one.seats * (0.4 + 0.6 * rng.random())),
        )
        if not spaces:
            return None
        space, spare = spaces[0], self._spare(piece, spaces)
        share = space.seats
        if spare > 0 and self._style.even:
            share -= spare * space.seats // (spare + piece.asks(space.cost))
        elif spare > 0 and rng.random() < 0.7:
            share -= rng.randint(0, min(spare, max(0, space.seats - 1)))
        return self._order[0] if self._cut(piece, space, least=share, most=share) else None

    def _spare(self, piece: Piece, spaces: Sequence[Space]) -> int:
        """Seats that stay free when a party has as few rooms as it needs."""
        asked = piece.asks(spaces[0].cost)
        for space in spaces:
            asked -= space.seats
            if asked <= 0:
                break
        return -asked

    def _leave_some(self, seats: int, homes: Mapping[int, Sequence[Piece]]) -> None:
        """Too few seats: who stays without is chosen as if there were a room for them, so that few parties are cut."""
        nowhere = Space(NOWHERE, seats=seats, wheels=0, cost=1, load=0, weight=1)
        self._fill(nowhere, spare=0, aim=seats, wheels_after=10**9, home=homes.get(NOWHERE, ()))

    def _place_rest(self) -> None:
        """Whoever is left where there is room still: whole where that can be, then cut."""
        nowhere = [piece for piece, run in self.placed if run == NOWHERE]
        if nowhere and any(space.seats for space in self._spaces):
            self.placed = [(piece, run) for piece, run in self.placed if run != NOWHERE]
            self._left |= dict.fromkeys(nowhere)
            self._wheels += sum(piece.wheels for piece in nowhere)
        for piece in sorted(self._left, key=lambda piece: (-piece.wheels, -piece.size)):
            self._place_somewhere(piece)
        for piece in list(self._left):
            self.placed.append((piece, NOWHERE))
            del self._left[piece]

    def _place_somewhere(self, piece: Piece) -> None:
        rest: Piece | None = piece
        while rest is not None:
            fitting = [space for space in self._spaces if space.holds(rest)]
            if fitting:
                self._place(rest, min(fitting, key=lambda space: space.seats))
                return
            rest = self._cut_somewhere(rest)

    def _cut_somewhere(self, piece: Piece) -> Piece | None:
        """Part of a piece into the room with most seats; the rest of it, None when no room takes any."""
        spaces = sorted(self._spaces, key=lambda space: (-min(space.wheels, piece.wheels), -space.seats))
        for space in spaces:
            if space.seats and self._cut(piece, space, least=1, most=space.seats):
                return self._order[0]
        return None

    def _place(self, piece: Piece, space: Space) -> None:
        del self._left[piece]
        self._wheels -= piece.wheels
        space.take(piece)
        self.placed.append((piece, space.run))
