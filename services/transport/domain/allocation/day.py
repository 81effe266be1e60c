"""Wheelchair places over a whole day: who gets one in every transfer, and the same coach each time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from transport.domain.allocation.model import Allocation, Traveller, Vehicle

Transfers = Mapping[str, tuple[Sequence[Vehicle], Sequence[Traveller]]]
Key = tuple[str, str]  # a transfer and a leg of it


def who_can_always(transfers: Transfers) -> frozenset[str]:
    """As many people who use a wheelchair as can have a place in each of their transfers.

    Those who are aboard or were told a run come first, then those who ask for fewest of what is scarce. Then one is
    given up wherever two others can have places for it.
    """
    free = _places(transfers)
    asked: dict[str, set[Key]] = defaultdict(set)
    known: set[str] = set()
    for transfer, (_, travellers) in transfers.items():
        for one in travellers:
            if one.wheelchair:
                asked[one.person].add((transfer, one.leg))
                if one.told is not None or one.fixed is not None:
                    known.add(one.person)
    pressure: dict[Key, int] = defaultdict(int)
    for keys in asked.values():
        for key in keys:
            pressure[key] += 1
    scarce = {key for key, count in pressure.items() if count > free[key]}
    ranked = sorted(asked, key=lambda person: (person not in known, len(asked[person] & scarce), person))
    chosen = _grant(ranked, asked, free)
    if len(chosen) < len(ranked):
        _exchange(chosen, ranked, asked, free, keep=known)
    return frozenset(chosen)


def _places(transfers: Transfers) -> dict[Key, int]:
    free: dict[Key, int] = defaultdict(int)
    for transfer, (vehicles, _) in transfers.items():
        for run in vehicles:
            free[transfer, run.leg] += max(0, run.wheelchairs - run.taken_wheelchairs)
    return free


def _grant(ranked: Iterable[str], asked: Mapping[str, set[Key]], free: dict[Key, int]) -> dict[str, None]:
    chosen: dict[str, None] = {}
    for person in ranked:
        if all(free[key] > 0 for key in asked[person]):
            chosen[person] = None
            for key in asked[person]:
                free[key] -= 1
    return chosen


def _exchange(
    chosen: dict[str, None],
    ranked: Sequence[str],
    asked: Mapping[str, set[Key]],
    free: dict[Key, int],
    *,
    keep: set[str],
) -> None:
    """Give one up where two can have a place instead, until nobody is found for whom that is so."""
    again = True
    while again:
        again = False
        waiting = [person for person in ranked if person not in chosen]
        for person in [one for one in chosen if one not in keep]:
            for key in asked[person]:
                free[key] += 1
            instead = _grant(waiting, asked, free)
            if len(instead) > 1:
                del chosen[person]
                chosen |= instead
                again = True
                break
            for one in instead:
                for key in asked[one]:
                    free[key] += 1
            for key in asked[person]:
                free[key] -= 1


def same_coach(
    vehicles: Iterable[Vehicle], travellers: Iterable[Traveller], coaches: Mapping[str, str]
) -> dict[str, str]:
    """The run on their leg of the coach that somebody in a wheelchair has on an earlier transfer."""
    runs: dict[Key, str] = {}
    for vehicle in sorted(vehicles, key=lambda run: (run.order, run.run)):
        if vehicle.coach:
            runs.setdefault((vehicle.coach, vehicle.leg), vehicle.run)
    return {
        one.person: run
        for one in travellers
        if one.wheelchair and (run := runs.get((coaches.get(one.person, ""), one.leg))) is not None
    }


def coaches_of(found: Allocation, vehicles: Iterable[Vehicle], travellers: Iterable[Traveller]) -> dict[str, str]:
    """The coach of everybody in a wheelchair."""
    coach = {run.run: run.coach for run in vehicles}
    return {
        one.person: coach.get(found.seats[one.person], "")
        for one in travellers
        if one.wheelchair and one.person in found.seats
    }
