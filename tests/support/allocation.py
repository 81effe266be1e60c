"""What an allocation is worth, counted again from its definition; and the best there is, found by an exact solver.

The solver is HiGHS: too slow for a day of people, and never wrong about a few.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import highspy

from transport.domain.allocation import Allocation, Traveller, Vehicle

Worth = tuple[int, int, int, int, int, int]  # wheelchairs left, left over, organisations, groups split, lone, coaches
Variable = highspy.highs.highs_var
NOWHERE = ""


def worth(found: Allocation, vehicles: Sequence[Vehicle], people: Sequence[Traveller]) -> Worth:
    """The first figures of the score and the number of coaches, for one leg without anybody aboard."""
    left = {one.person for one in found.left_over}
    where = {one.person: found.seats.get(one.person, NOWHERE) for one in people}
    organisations: dict[str, Counter[str]] = defaultdict(Counter)
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for one in people:
        organisations[one.organisation][where[one.person]] += 1
        groups[one.group][where[one.person]] += 1
    organisations.pop("", None)
    groups.pop("", None)
    used = {run for run in where.values() if run}
    return (
        sum(one.wheelchair for one in people if one.person in left),
        len(left),
        sum(len(runs) - 1 for runs in organisations.values()),
        sum(len(runs) - 1 for runs in groups.values()),
        sum(list(runs.values()).count(1) for runs in organisations.values() if sum(runs.values()) > 1),
        len({run.coach or run.run for run in vehicles if run.run in used}),
    )


def broken(found: Allocation, vehicles: Sequence[Vehicle], people: Sequence[Traveller]) -> list[str]:
    """Every rule that an allocation breaks, in words; who is fixed may break those of room."""
    said: list[str] = []
    if sorted([*found.seats, *(one.person for one in found.left_over)]) != sorted(one.person for one in people):
        said.append("somebody is nowhere, or twice")
    leg_of = {run.run: run.leg for run in vehicles}
    by_run: dict[str, list[Traveller]] = defaultdict(list)
    sets: dict[str, list[Traveller]] = defaultdict(list)
    for one in people:
        if one.person in found.seats:
            by_run[found.seats[one.person]].append(one)
        if one.together:
            sets[one.together].append(one)
    for run in vehicles:
        here = by_run.pop(run.run, [])
        said += _over(run, here)
        said += [f"{one.person} is on another leg" for one in here if one.leg != run.leg and one.fixed is None]
    said += [f"run {run} is not there" for run, here in by_run.items() if any(one.fixed != run for one in here)]
    said += [f"{one.person} was fixed" for one in people if one.fixed and found.seats.get(one.person) != one.fixed]
    for name, members in sets.items():
        legs = {leg_of.get(one.fixed or "", one.leg) for one in members}
        apart = {found.seats.get(one.person) for one in members if one.fixed is None}
        if len(legs) == 1 and len(apart) > 1:
            said.append(f"{name} is split")
    return said


def _over(run: Vehicle, here: Sequence[Traveller]) -> list[str]:
    """A run over its seats or places, unless nobody was added to those who were aboard."""
    chairs = run.taken_wheelchairs + sum(one.wheelchair for one in here)
    seats = run.taken + sum(not one.wheelchair for one in here) + chairs * run.wheelchair_seats - run.taken_wheelchairs
    chose = [one for one in here if one.fixed is None and (run.wheelchair_seats or not one.wheelchair)]
    said = []
    if run.seats is not None and seats > run.seats and chose:
        said.append(f"{run.run} has {run.seats} seats, {seats} taken")
    if chairs > run.wheelchairs and any(one.wheelchair and one.fixed is None for one in here):
        said.append(f"{run.run} has {run.wheelchairs} wheelchair places, {chairs} taken")
    return said


def best(vehicles: Sequence[Vehicle], people: Sequence[Traveller]) -> Worth:
    """The least of `worth` that any allocation of one leg has; nobody aboard yet, and all seats known."""
    return _Exact(vehicles, people).solve()


class _Kind(NamedTuple):
    """People who travel together, and how many such sets there are that nobody can tell apart."""

    members: tuple[Traveller, ...]
    many: int

    @property
    def wheels(self) -> int:
        return sum(one.wheelchair for one in self.members)

    def of(self, kind: str, name: str) -> int:
        """How many of one set are of an organisation or a group."""
        return sum(getattr(one, kind) == name for one in self.members)


class _Exact:
    """The integer programme: x says how many of a kind are on a run, y is 1 where an organisation is."""

    def __init__(self, vehicles: Sequence[Vehicle], people: Sequence[Traveller]) -> None:
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._solver.setOptionValue("threads", 1)
        self._runs = [run.run for run in vehicles] + [NOWHERE]
        self._kinds = _kinds(people)
        self._x = [{run: self._whole(kind.many) for run in self._runs} for kind in self._kinds]
        for x, kind in zip(self._x, self._kinds, strict=True):
            self._solver.addConstr(_sum((one, 1) for one in x.values()) == kind.many)
        for run in vehicles:
            self._fits(run)
        organisations = self._presence("organisation")
        groups = self._presence("group")
        nowhere = [(x[NOWHERE], kind) for x, kind in zip(self._x, self._kinds, strict=True)]
        self._goals = [
            _sum((x, kind.wheels) for x, kind in nowhere),
            _sum((x, len(kind.members)) for x, kind in nowhere),
            _sum((y, 1) for runs in organisations.values() for y in runs.values()) - len(organisations),
            _sum((y, 1) for runs in groups.values() for y in runs.values()) - len(groups),
            _sum((one, 1) for one in self._lone(organisations)),
            _sum((one, 1) for one in self._coaches(vehicles)),
        ]

    def solve(self) -> Worth:
        """One goal after the other, each held while the next is sought."""
        found = []
        for goal in self._goals:
            self._solver.minimize(goal)
            value = round(self._solver.getInfo().objective_function_value)
            found.append(value)
            self._solver.addConstr(goal <= value + 0.1)
        return tuple(found)  # type: ignore[return-value]

    def _whole(self, most: int) -> Variable:
        variable: Variable = self._solver.addIntegral(0, most)
        return variable

    def _fits(self, run: Vehicle) -> None:
        here = [(x[run.run], kind) for x, kind in zip(self._x, self._kinds, strict=True)]
        free = (run.seats or 0) - run.taken - run.taken_wheelchairs * (run.wheelchair_seats - 1)
        asked = _sum((x, len(kind.members) + kind.wheels * (run.wheelchair_seats - 1)) for x, kind in here)
        self._solver.addConstr(asked <= max(0, free))
        places = max(0, run.wheelchairs - run.taken_wheelchairs)
        self._solver.addConstr(_sum((x, kind.wheels) for x, kind in here) <= places)

    def _presence(self, kind: str) -> dict[str, dict[str, Variable]]:
        found: dict[str, dict[str, Variable]] = {}
        for x, one in zip(self._x, self._kinds, strict=True):
            for name in {getattr(member, kind) for member in one.members} - {""}:
                if name not in found:
                    found[name] = {run: self._whole(1) for run in self._runs}
                for run in self._runs:
                    self._solver.addConstr(1 * x[run] <= one.many * found[name][run])
        return found

    def _lone(self, organisations: dict[str, dict[str, Variable]]) -> list[Variable]:
        found = []
        for name, runs in organisations.items():
            counts = [kind.of("organisation", name) for kind in self._kinds]
            if sum(count * kind.many for count, kind in zip(counts, self._kinds, strict=True)) > 1:
                for run, y in runs.items():
                    here = _sum((x[run], count) for x, count in zip(self._x, counts, strict=True))
                    found.append(self._whole(1))
                    self._solver.addConstr(2 * y - here <= found[-1])
        return found

    def _coaches(self, vehicles: Sequence[Vehicle]) -> list[Variable]:
        used: dict[str, Variable] = {}
        for run in vehicles:
            coach = run.coach or run.run
            if coach not in used:
                used[coach] = self._whole(1)
            for x, kind in zip(self._x, self._kinds, strict=True):
                self._solver.addConstr(1 * x[run.run] <= kind.many * used[coach])
        return list(used.values())


def _kinds(people: Sequence[Traveller]) -> list[_Kind]:
    sets: dict[str, list[Traveller]] = defaultdict(list)
    alike: dict[tuple[str, str, bool], list[Traveller]] = defaultdict(list)
    for one in people:
        if one.together:
            sets[one.together].append(one)
        else:
            alike[one.organisation, one.group, one.wheelchair].append(one)
    return [_Kind(tuple(members), 1) for members in sets.values()] + [
        _Kind((members[0],), len(members)) for members in alike.values()
    ]


def _sum(terms: Iterable[tuple[Variable, int]]) -> highspy.highs.highs_linear_expression:
    found = highspy.highs.highs_linear_expression()
    for variable, weight in terms:
        if weight:
            found += weight * variable
    return found
