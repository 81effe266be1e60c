"""From the plan of a leg to who sits where."""

from collections.abc import Callable, Sequence

from shared.facts import Text
from transport.domain.allocation import why, words
from transport.domain.allocation.leg import Leg
from transport.domain.allocation.model import Allocation, LeftOver, Move
from transport.domain.allocation.pieces import NOWHERE, Atom, Piece
from transport.domain.allocation.plan import Plan


def allocation_of(plan: Plan, *, moves_first: bool = False) -> Allocation:
    """What the plan of one leg says, without explanations: those are of all legs together."""
    leg = plan.leg
    seats: dict[str, str] = {}
    left: list[LeftOver] = []
    moves: list[Move] = []
    for atom, run in _everybody(plan):
        name = _name(leg, run)
        for one in atom.members:
            if name is None:
                left.append(LeftOver(person=one.person, leg=leg.name, why=_why_left(leg, atom, one.person)))
            else:
                seats[one.person] = name
            if one.told is not None and one.told != name:
                moves.append(Move(person=one.person, leg=leg.name, told=one.told, run=name))
    return Allocation(
        seats=dict(sorted(seats.items())),
        left_over=tuple(sorted(left, key=lambda one: one.person)),
        splits=why.splits(plan, moves_first=moves_first),
        moves=tuple(sorted(moves, key=lambda one: one.person)),
        used=tuple(room.vehicle.run for run, room in enumerate(leg.rooms) if plan.people[run]),
        score=plan.score(),
    )


def with_told_in_place(plan: Plan) -> None:
    """Let people who may change places do so where it puts them where they were told; nothing else changes."""
    by_party: dict[int, list[tuple[Piece, int]]] = {}
    for run in [*range(len(plan.leg.rooms)), NOWHERE]:
        for piece in plan.content[run]:
            by_party.setdefault(piece.party, []).append((piece, run))
    for pieces in by_party.values():
        if len(pieces) > 1 and any(piece.told or piece.near for piece, _ in pieces):
            exchanged = _exchanged(pieces)
            for piece, run in pieces:
                plan.take(piece, run)
            for piece, run in exchanged:
                plan.put(piece, run)


def _exchanged(pieces: Sequence[tuple[Piece, int]]) -> list[tuple[Piece, int]]:
    """The same number of each kind of atom on each run, with as many as can be where they were told."""
    kinds: dict[object, list[Atom]] = {}
    slots: dict[object, dict[int, int]] = {}
    for piece, run in sorted(pieces, key=lambda one: (one[1] < 0, one[1])):
        for atom in piece.atoms:
            kinds.setdefault(atom.alike, []).append(atom)
            free = slots.setdefault(atom.alike, {})
            free[run] = free.get(run, 0) + 1
    content: dict[int, list[Atom]] = {}
    for kind, atoms in kinds.items():
        rest = _seated(atoms, slots[kind], content, lambda atom: atom.told)
        rest = _seated(rest, slots[kind], content, lambda atom: atom.near)
        rest.sort(key=lambda atom: not atom.told)  # who was told nothing yet stays without first
        every = [run for run, count in slots[kind].items() for _ in range(count)]
        for atom, run in zip(rest, every, strict=True):
            content.setdefault(run, []).append(atom)
    return [(Piece(pieces[0][0].party, atoms), run) for run, atoms in content.items()]


def _seated(
    atoms: Sequence[Atom],
    free: dict[int, int],
    content: dict[int, list[Atom]],
    wish: Callable[[Atom], Sequence[int]],
) -> list[Atom]:
    """Seat those whose wish is free; returns the others."""
    rest = []
    for atom in atoms:
        runs = wish(atom)
        run = next((run for run in runs if free.get(run)), NOWHERE)
        if run == NOWHERE:
            rest.append(atom)
        else:
            free[run] -= 1
            content.setdefault(run, []).append(atom)
    return rest


def _everybody(plan: Plan) -> list[tuple[Atom, int]]:
    found = [(atom, run) for piece, run in plan.leg.settled for atom in piece.atoms]
    for run in [*range(len(plan.leg.rooms)), NOWHERE]:
        found += [(atom, run) for piece in plan.content[run] for atom in piece.atoms]
    return found


def _name(leg: Leg, run: int) -> str | None:
    if run == NOWHERE:
        return None
    return leg.elsewhere[run] if run < NOWHERE else leg.rooms[run].vehicle.run


def _why_left(leg: Leg, atom: Atom, person: str) -> Text:
    if person in leg.why:
        return leg.why[person]
    if atom.wheels:
        one = next(one for one in atom.members if one.person == person)
        return words.NO_PLACE if one.wheelchair else words.NO_PLACE_COMPANION
    return words.no_room_together(len(atom.members)) if len(atom.members) > 1 else words.NO_SEAT
