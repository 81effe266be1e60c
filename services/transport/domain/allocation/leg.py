"""One leg as a problem: what is free on its runs, who is still to be seated, and who is settled beforehand."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.facts import Text
from transport.domain.allocation import wheelchairs, words
from transport.domain.allocation.model import Preference, Traveller, Vehicle
from transport.domain.allocation.parties import parties
from transport.domain.allocation.pieces import NOWHERE, Atom, Piece, Place
from transport.domain.allocation.rooms import FreeRoom, Room, free_rooms


@dataclass(frozen=True, slots=True)
class Name:
    """An organisation or a group on this leg, and how many of it travel."""

    name: str
    size: int


@dataclass(slots=True)
class Leg:
    """The problem; runs, organisations, groups and parties are numbered from 0."""

    name: str
    prefer: Preference
    rooms: list[Room]
    coaches: int
    organisations: list[Name]
    groups: list[Name]
    parties: dict[int, Piece]
    settled: list[tuple[Piece, int]]
    why: dict[str, Text]  # of those who are settled to have no seat, by person
    elsewhere: Mapping[int, str]  # runs that people are fixed on and that are not of this leg: numbers below NOWHERE
    told: int  # how many were told a run
    near: int  # how many have a coach they had better be on
    parted: int  # sets of people who must travel together and are apart already
    weight: int = field(init=False)

    def __post_init__(self) -> None:
        self.weight = sum(room.weight for room in self.rooms)


def make_leg(
    name: str,
    vehicles: Iterable[Vehicle],
    travellers: Iterable[Traveller],
    *,
    prefer: Preference,
    near: Mapping[str, str],
    first: Collection[str],
) -> Leg:
    """The problem of one leg, the same whatever the order of runs and people.

    `near` is a run that somebody had better be on; `first` are those who get a wheelchair place before others.
    """
    runs = sorted(vehicles, key=lambda run: (run.order, run.run))
    people = sorted({one.person: one for one in travellers}.values(), key=lambda one: one.person)
    return _Making(runs, people, near).leg(name, prefer, first)


class _Making:
    """Numbers runs and organisations, and settles what can be settled before anybody searches."""

    def __init__(self, runs: Sequence[Vehicle], people: Sequence[Traveller], near: Mapping[str, str]) -> None:
        self._runs = runs
        self._number = {run.run: number for number, run in enumerate(runs)}
        self._elsewhere: dict[str, int] = {}
        self._people = people
        self._near = {person: self._number[run] for person, run in near.items() if run in self._number}
        self._organisations = _counted(one.organisation for one in people)
        self._groups = _counted(one.group for one in people)
        self._organisation = {name.name: number for number, name in enumerate(self._organisations)}
        self._group = {name.name: number for number, name in enumerate(self._groups)}
        self._places: dict[tuple[str, str], Place] = {}
        self._settled: list[tuple[Atom, int]] = []
        self._why: dict[str, Text] = {}
        self._parted = 0

    def leg(self, name: str, prefer: Preference, first: Collection[str]) -> Leg:
        rooms = free_rooms(self._runs, len(self._people))
        free = self._settle_fixed(rooms)
        free = self._settle_unseatable(free, rooms)
        free = self._settle_wheelchairs(free, rooms, first)
        coaches = {run.coach or f"\0{run.run}": None for run in self._runs}
        return Leg(
            name=name,
            prefer=prefer,
            rooms=[room.frozen(list(coaches)) for room in rooms],
            coaches=len(coaches),
            organisations=self._organisations,
            groups=self._groups,
            parties={number: Piece(number, atoms) for number, atoms in enumerate(parties(free))},
            settled=[(Piece(NOWHERE, [atom]), run) for atom, run in self._settled],
            why=self._why,
            elsewhere={number: run for run, number in self._elsewhere.items()},
            told=sum(one.told is not None for one in self._people) - self._told_elsewhere(),
            near=sum(one.person in self._near for one in self._people),
            parted=self._parted,
        )

    def _told_elsewhere(self) -> int:
        """Those who are where they were told, on a run that is not of this leg."""
        return sum(one.told == one.fixed and one.told in self._elsewhere for one in self._people)

    def _settle_fixed(self, rooms: list[FreeRoom]) -> list[Atom]:
        """Who is aboard stays, and those who travel with them join them; returns everybody else."""
        sets: dict[str, list[Traveller]] = defaultdict(list)
        free: list[Atom] = []
        for one in self._people:
            if one.together:
                sets[one.together].append(one)
            elif one.fixed is not None:
                self._settle(self._atom([one]), self._run_of(one.fixed), rooms)
            else:
                free.append(self._atom([one]))
        bound: list[tuple[Atom, int]] = []
        for members in sets.values():
            waiting = [one for one in members if one.fixed is None]
            runs = self._settle_members([one for one in members if one.fixed is not None], rooms)
            if waiting and runs:
                bound.append((self._atom(waiting), max(runs, key=lambda run: (runs[run], -run))))
            elif waiting:
                free.append(self._atom(waiting))
            self._parted += len(runs) > 1
        for atom, run in bound:
            self._join_fixed(atom, run, rooms)
        return free

    def _settle_members(self, members: Iterable[Traveller], rooms: list[FreeRoom]) -> Counter[int]:
        """Of people who travel together, those who are aboard; on how many runs they are."""
        runs: Counter[int] = Counter()
        for one in members:
            run = self._run_of(one.fixed or "")
            runs[run] += 1
            self._settle(self._atom([one]), run, rooms)
        return runs

    def _join_fixed(self, atom: Atom, run: int, rooms: list[FreeRoom]) -> None:
        if run >= 0 and rooms[run].holds(atom):
            self._settle(atom, run, rooms)
            return
        title = rooms[run].vehicle.title if run >= 0 else next(k for k, v in self._elsewhere.items() if v == run)
        self._leave(atom, words.no_room_with(title))

    def _settle_unseatable(self, atoms: list[Atom], rooms: list[FreeRoom]) -> list[Atom]:
        """Those for whom no run has room, were it theirs alone."""
        kept = []
        usual = any(room.seats > 0 for room in rooms)
        for atom in atoms:
            if (usual and atom.base == 1 and not atom.wheels) or any(room.holds(atom) for room in rooms):
                kept.append(atom)
            else:
                self._leave(atom, _why_unseatable(atom, rooms))
        return kept

    def _settle_wheelchairs(self, atoms: list[Atom], rooms: list[FreeRoom], first: Collection[str]) -> list[Atom]:
        asking = [atom for atom in atoms if atom.wheels]
        without = wheelchairs.without_place(asking, rooms, first=first) if asking else []
        for atom in without:
            self._leave(atom, words.NO_PLACE)
        gone = set(map(id, without))
        return [atom for atom in atoms if id(atom) not in gone]

    def _atom(self, members: Sequence[Traveller]) -> Atom:
        places = tuple([self._place(one.organisation, one.group) for one in members])
        told = [self._number[one.told] for one in members if one.told is not None and one.told in self._number]
        near = [self._near[one.person] for one in members if one.person in self._near] if self._near else ()
        return Atom(members, places, told, near)

    def _place(self, organisation: str, group: str) -> Place:
        key = (organisation, group)
        if key not in self._places:
            self._places[key] = Place(self._organisation.get(organisation, -1), self._group.get(group, -1))
        return self._places[key]

    def _run_of(self, run: str) -> int:
        if run in self._number:
            return self._number[run]
        return self._elsewhere.setdefault(run, NOWHERE - 1 - len(self._elsewhere))

    def _settle(self, atom: Atom, run: int, rooms: list[FreeRoom]) -> None:
        self._settled.append((atom, run))
        if run >= 0:
            rooms[run].take(atom)

    def _leave(self, atom: Atom, why: Text) -> None:
        self._settled.append((atom, NOWHERE))
        for one in atom.members:
            companion = why is words.NO_PLACE and not one.wheelchair
            self._why[one.person] = words.NO_PLACE_COMPANION if companion else why


def _why_unseatable(atom: Atom, rooms: list[FreeRoom]) -> Text:
    if not rooms:
        return words.NO_RUN
    if atom.wheels and not any(room.wheels >= atom.wheels for room in rooms):
        return words.NO_PLACE
    return words.no_room_together(len(atom.members)) if len(atom.members) > 1 else words.NO_SEAT


def _counted(names: Iterable[str]) -> list[Name]:
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        if name:
            counts[name] += 1
    return [Name(name, counts[name]) for name in sorted(counts)]
