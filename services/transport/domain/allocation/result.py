"""From the plan of a leg to who sits where."""

from shared.facts import Text
from transport.domain.allocation import why, words
from transport.domain.allocation.leg import Leg
from transport.domain.allocation.model import Allocation, LeftOver, Move
from transport.domain.allocation.pieces import NOWHERE, Atom
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
