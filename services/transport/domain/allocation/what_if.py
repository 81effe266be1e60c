"""What would become of people if a run did not come: an answer before anything is confirmed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from shared.facts import Text
from transport.domain.allocation import words
from transport.domain.allocation.model import Allocation, Preference, Proposal, Traveller, Vehicle
from transport.domain.allocation.planning import RESTARTS, Choice, allocate, planned


def what_if(
    vehicles: Iterable[Vehicle],
    travellers: Iterable[Traveller],
    *,
    without: Collection[str] | Mapping[str, Vehicle | None],
    prefer: Preference = "evenest",
    seed: int = 0,
    restarts: int = RESTARTS,
) -> Proposal:
    """Who is affected when runs do not come, or another vehicle comes for them, and what moves the fewest people.

    `without` are the runs that do not come; as a mapping it says which vehicle comes instead, under the same id of a
    run or its own. `told` of the travellers is where they sit now; where nobody was told anything, they are allocated
    first. Who was aboard (`fixed`) a run that does not come is not so any more.
    """
    runs, people = list(vehicles), list(travellers)
    instead: Mapping[str, Vehicle | None] = without if isinstance(without, Mapping) else dict.fromkeys(without)
    if not any(one.told for one in people):
        now = allocate(runs, people, prefer=prefer, seed=seed, restarts=restarts)
        people = [replace(one, told=now.seats.get(one.person)) for one in people]
    affected = sorted(one.person for one in people if one.told in instead or one.fixed in instead)
    kept = [instead.get(run.run, run) for run in runs]
    there = [run for run in kept if run is not None]
    asked = [_after(one, instead) for one in people]
    titles = {run.run: run.title for run in [*runs, *there]}
    choice = Choice(prefer=prefer, seed=seed, restarts=restarts, titles=titles)
    plan = planned(there, asked, replace(choice, moves_first=True))
    other = planned(there, asked, choice)
    better = other if other.score < plan.score else None
    gone = [titles.get(run, run) for run in instead]
    return Proposal(
        without=tuple(instead),
        affected=tuple(affected),
        plan=plan,
        other=better,
        explanations=_explain(gone, len(affected), plan, better, titles),
    )


def _after(one: Traveller, instead: Mapping[str, Vehicle | None]) -> Traveller:
    """Where the vehicle that comes instead has a run of its own, that is where they were told."""
    told = one.told
    if told is not None and (vehicle := instead.get(told)) is not None:
        told = vehicle.run
    return replace(one, told=told, fixed=None if one.fixed in instead else one.fixed)


def _explain(
    gone: list[str], affected: int, plan: Allocation, other: Allocation | None, titles: Mapping[str, str]
) -> tuple[Text, ...]:
    found = [words.without(gone, affected), *words.moves(plan.moves, titles)]
    if other is not None:
        splits = plan.score.organisations_split - other.score.organisations_split
        left = len(plan.left_over) - len(other.left_over)
        found.append(words.other_way(more=len(other.moves) - len(plan.moves), splits=splits, left=left))
    return tuple(found)
