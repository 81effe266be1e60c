"""Who sits where: the allocation of one transfer, and of all transfers of a day for wheelchair places."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from shared.facts import Text
from transport.domain.allocation import day, words
from transport.domain.allocation.leg import make_leg
from transport.domain.allocation.model import Allocation, Preference, Score, Traveller, Vehicle
from transport.domain.allocation.result import allocation_of
from transport.domain.allocation.search import Search

RESTARTS = 200


def allocate(
    vehicles: Iterable[Vehicle],
    travellers: Iterable[Traveller],
    *,
    prefer: Preference = "evenest",
    moves_first: bool = False,
    seed: int = 0,
    restarts: int = RESTARTS,
) -> Allocation:
    """Give everybody a seat who can have one, by the order of importance of `Score`.

    The answer depends on nothing but what is given, and not on its order. `moves_first` puts people who keep the run
    they were told before whole organisations. `restarts` are the attempts for each leg; they end where nothing can be
    better. Why so: docs/adr/0008-allocation.md.
    """
    choice = Choice(prefer=prefer, moves_first=moves_first, seed=seed, restarts=restarts)
    return planned(vehicles, travellers, choice)


def allocate_day(
    transfers: Mapping[str, tuple[Sequence[Vehicle], Sequence[Traveller]]],
    *,
    prefer: Preference = "evenest",
    moves_first: bool = False,
    seed: int = 0,
    restarts: int = RESTARTS,
) -> Mapping[str, Allocation]:
    """All transfers of a day, in their order, planned together for wheelchair places.

    Where those are scarce the same people get one in each of their transfers; and where nothing more important is at
    stake they have the same coach each time.
    """
    choice = Choice(prefer=prefer, moves_first=moves_first, seed=seed, restarts=restarts)
    choice = replace(choice, first=day.who_can_always(transfers))
    found: dict[str, Allocation] = {}
    coaches: dict[str, str] = {}
    for transfer, (vehicles, travellers) in transfers.items():
        near = day.same_coach(vehicles, travellers, coaches)
        found[transfer] = planned(vehicles, travellers, replace(choice, near=near))
        coaches = day.coaches_of(found[transfer], vehicles, travellers) | coaches
    return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """How to plan.

    `first` get wheelchair places before others, `near` are runs that people had better be on, `titles` what runs are
    called that are there no more.
    """

    prefer: Preference
    moves_first: bool = False
    seed: int
    restarts: int
    first: Collection[str] = frozenset()
    near: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def planned(vehicles: Iterable[Vehicle], travellers: Iterable[Traveller], choice: Choice) -> Allocation:
    """Each leg on its own, and all of them in words. Who is aboard a run of another leg than theirs is of that leg."""
    every_run = sorted(vehicles, key=lambda run: (run.order, run.run))
    leg_of = {run.run: run.leg for run in every_run}
    titles = {run.run: run.title for run in every_run}
    runs: dict[str, list[Vehicle]] = defaultdict(list)
    people: dict[str, list[Traveller]] = defaultdict(list)
    for run in every_run:
        runs[run.leg].append(run)
    for one in travellers:
        people[leg_of.get(one.fixed or "", one.leg)].append(one)
    legs = []
    for name in sorted(runs.keys() | people.keys()):
        leg = make_leg(name, runs[name], people[name], prefer=choice.prefer, near=choice.near, first=choice.first)
        rng = Random(f"{choice.seed}/{name}")  # noqa: S311 chance, not a secret
        plan = Search(leg, rng=rng, moves_first=choice.moves_first).run(choice.restarts)
        legs.append(allocation_of(plan, moves_first=choice.moves_first))
    return _together(legs, titles, choice.titles)


def _together(legs: Sequence[Allocation], titles: Mapping[str, str], gone: Mapping[str, str]) -> Allocation:
    """The legs as one, with its explanations."""
    score = Score()
    for leg in legs:
        score = score.plus(leg.score)
    found = Allocation(
        seats={person: run for leg in legs for person, run in leg.seats.items()},
        left_over=tuple(one for leg in legs for one in leg.left_over),
        splits=tuple(one for leg in legs for one in leg.splits),
        moves=tuple(one for leg in legs for one in leg.moves),
        used=tuple(run for leg in legs for run in leg.used),
        score=score,
    )
    return replace(found, explanations=_explain(found, legs=len(legs), titles=titles, gone=gone))


def _explain(found: Allocation, *, legs: int, titles: Mapping[str, str], gone: Mapping[str, str]) -> tuple[Text, ...]:
    short = words.in_short(
        seated=len(found.seats),
        used=len(found.used),
        left_over=len(found.left_over),
        splits=sum(one.kind == "organisation" for one in found.splits),
    )
    used = set(found.used)
    unused = [title for run, title in titles.items() if run not in used]
    return (
        short,
        *words.left_over(found.left_over, legs),
        *(words.split(one, titles) for one in found.splits),
        *words.moves(found.moves, {**gone, **titles}),
        *([words.not_needed(unused)] if unused and found.seats else []),
    )
