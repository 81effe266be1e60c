"""Which organisations and groups are split, and the reason that can be seen from the plan."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from shared.facts import Text
from transport.domain.allocation import words
from transport.domain.allocation.leg import Name
from transport.domain.allocation.model import Split
from transport.domain.allocation.pieces import NOWHERE
from transport.domain.allocation.plan import Plan

Kind = Literal["organisation", "group"]


def splits(plan: Plan, *, moves_first: bool) -> tuple[Split, ...]:
    """Organisations first, then groups; the largest first."""
    leg = plan.leg
    found = _of("organisation", leg.organisations, plan.where, plan, moves_first=moves_first)
    return tuple(found + _of("group", leg.groups, plan.where_group, plan, moves_first=moves_first))


def _of(
    kind: Kind, names: Sequence[Name], where: Callable[[int], dict[int, int]], plan: Plan, *, moves_first: bool
) -> list[Split]:
    found = []
    for number, name in enumerate(names):
        runs = where(number)
        if len(runs) > 1:
            pieces = tuple((_run(plan, run), count) for run, count in sorted(runs.items(), key=_last_nowhere))
            reason = _why(plan, kind, number, runs, moves_first=moves_first)
            found.append(Split(kind=kind, name=name.name, leg=plan.leg.name, pieces=pieces, why=reason))
    return sorted(found, key=lambda one: (-one.people, one.name))


def _last_nowhere(piece: tuple[int, int]) -> tuple[bool, int]:
    return (piece[0] < 0, piece[0])


def _run(plan: Plan, run: int) -> str:
    if run == NOWHERE:
        return ""
    return plan.leg.elsewhere[run] if run < NOWHERE else plan.leg.rooms[run].vehicle.run


def _why(plan: Plan, kind: Kind, number: int, runs: Mapping[int, int], *, moves_first: bool) -> Text:
    """The first reason that holds."""
    leg = plan.leg
    aboard = sorted(run for run in _settled(plan, kind, number) if run != NOWHERE)
    titles = [leg.rooms[run].vehicle.title if run >= 0 else leg.elsewhere[run] for run in aboard]
    if len(aboard) > 1:
        return words.aboard_already(titles)
    if NOWHERE in runs:
        return words.NO_PLACE if _only_for_want_of_a_place(plan, kind, number) else words.TOO_FEW
    people = sum(runs.values())
    if all(room.vehicle.seats is not None and room.vehicle.seats < people for room in leg.rooms):
        return words.no_run_has(people)
    chairs = _chairs(plan, kind, number)
    total = sum(chairs.values())
    with_seats = [
        run
        for run, room in enumerate(leg.rooms)
        if plan.free[run] >= people - runs.get(run, 0) + (total - chairs.get(run, 0)) * (room.cost - 1)
    ]
    if not with_seats:
        return words.no_run_had_free(people)
    if not any(plan.places[run] >= total - chairs.get(run, 0) for run in with_seats):
        return words.no_run_had_wheelchairs(total)
    if aboard:
        return words.aboard_already(titles)
    return words.FEWEST_MOVES if moves_first else words.OTHERWISE


def _only_for_want_of_a_place(plan: Plan, kind: Kind, number: int) -> bool:
    """Whether all of them who are left over use a wheelchair, or travel with somebody who does."""
    left = [*plan.content[NOWHERE], *(piece for piece, run in plan.leg.settled if run == NOWHERE)]
    return all(
        atom.wheels > 0
        for piece in left
        for atom in piece.atoms
        if any((place.organisation if kind == "organisation" else place.group) == number for place in atom.places)
    )


def _settled(plan: Plan, kind: Kind, number: int) -> set[int]:
    """Where some of them are and stay."""
    return {
        run
        for piece, run in plan.leg.settled
        if any(number == one for one, _ in (piece.organisations if kind == "organisation" else piece.groups))
    }


def _chairs(plan: Plan, kind: Kind, number: int) -> dict[int, int]:
    """How many of them are in a wheelchair, by run."""
    found: dict[int, int] = {}
    content = [(piece, run) for run in range(len(plan.leg.rooms)) for piece in plan.content[run]]
    for piece, run in [*content, *plan.leg.settled]:
        if piece.wheels:
            found[run] = found.get(run, 0) + sum(
                one.wheelchair and (place.organisation if kind == "organisation" else place.group) == number
                for atom in piece.atoms
                for one, place in zip(atom.members, atom.places, strict=True)
            )
    return found
