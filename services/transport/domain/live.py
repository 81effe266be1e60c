"""A transfer as it is now, kept up to date person by person; it says what `overview.Overview` says. Pure.

Each person is in some sets: of a run, a leg, a location, of all. A change takes them out of the sets of before and puts
them in those of now; so it costs by the person, and not by the event. `version` tells what must be shown anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace

from shared import missing
from shared.facts import AWAY, UNDERWAY
from shared.missing import Implied
from shared.programme import Leg, Run, Transfer
from transport.domain import overview
from transport.domain.acts import Marks
from transport.domain.overview import Crowd, People, Seen, Sums
from transport.domain.picture import Changed, Known, Picture
from transport.domain.run import Log, State
from transport.domain.seated import Boarded, is_over, seat_of
from transport.domain.stays import Stay
from transport.domain.times import Times

Scope = tuple[str, str]  # run, leg, at or all, and which
Key = tuple[Scope, str]
ALL: Scope = ("all", "")
NOBODY: frozenset[str] = frozenset()
HOW = ("scanned", "manual", "implied")


class Live:
    """One transfer of a picture. `refresh` it with what each `Picture.advance` says, the first time with everybody."""

    def __init__(self, picture: Picture, transfer: Transfer) -> None:
        self.picture, self.programme, self.transfer = picture, picture.programme, transfer
        self.runs: Mapping[str, Run] = {run.id: run for run in self.programme.runs_of_transfer(transfer.id)}
        self.version: defaultdict[Scope, int] = defaultdict(int)
        self.epoch = 0  # counts what makes all of it otherwise
        self.stale: set[str] = set()  # persons about whom anything is otherwise; for who shows them, to empty
        self.presence: dict[str, Seen] = {}
        self.located: dict[str, Seen] = {}
        self.seats: dict[str, str] = {}
        self.marks: dict[str, Marks] = {}
        self._seats: dict[str, Boarded] = {}
        self._keys: dict[str, frozenset[Key]] = {}
        self._sets: defaultdict[Key, set[str]] = defaultdict(set)
        self._beyond = missing.beyond(self.programme, transfer)
        self._legs: dict[frozenset[str], Leg | None] = {}
        self.places = tuple(
            dict.fromkeys([*(leg.origin for leg in transfer.legs), *(leg.destination for leg in transfer.legs)])
        )
        self._begin_ms = -1
        self._opens: dict[str, int] = {}
        self._has_ended = False
        self._excused: dict[str, Set[str]] = {}  # run: whom the acts on it excuse, or did
        self._excuses: defaultdict[str, set[str]] = defaultdict(set)  # person: runs that excuse them

    @property
    def at_ms(self) -> int:
        """The moment it is of."""
        return self.picture.now_ms

    @property
    def logs(self) -> Mapping[str, Log]:
        """How the runs are."""
        return self.picture.past

    @property
    def times(self) -> Mapping[str, Times]:
        """The times of each run."""
        return self.picture.times

    # -- keeping up ------------------------------------------------------------------------------------

    def refresh(self, changed: Changed) -> None:
        """Take in what is otherwise."""
        persons, own = set(changed.persons), changed.runs & self.runs.keys()
        for run in own:
            persons |= self._excused_by(run)
        for person in persons | (self._moved_begin(own) if own else NOBODY):
            self._put(person, self._wanted(person))
            own |= self._excuses[person]
        for run in own:
            self.marks[run] = self._waived(run)
        for run in own | (changed.touched & self.runs.keys()):
            self.version["run", run] += 1
        if self._has_ended != (self.at_ms >= self.transfer.end_ms):
            self._has_ended = not self._has_ended
            self.epoch += 1

    def _excused_by(self, run: str) -> Set[str]:
        """Whom a run that changed says something about, by what it was before, too."""
        before, now = self._excused.get(run, NOBODY), self.picture.marks[run].excuses.keys()
        for person in before - now:
            self._excuses[person].discard(run)
        for person in now:
            self._excuses[person].add(run)
        self._excused[run] = now
        return before | self.picture.people_of(run)

    def _waived(self, run: str) -> Marks:
        """What the acts come to, without the excuses that are over."""
        marks = self.picture.marks[run]
        left = {p: one for p, one in marks.excuses.items() if not is_over(one, run, self._seats.get(p))}
        return replace(marks, excuses=left) if len(left) < len(marks.excuses) else marks

    def _moved_begin(self, runs: Iterable[str]) -> set[str]:
        """Who was seen between the moments when people began to leave, as it was thought before and is now."""
        for run in runs:
            self._opens[run] = overview.opens_ms(self.runs[run], self.logs[run])
        begin_ms, before_ms = min([self.transfer.start_ms, *self._opens.values()]), self._begin_ms
        if begin_ms == before_ms:
            return set()
        self._begin_ms = begin_ms
        first, last = min(begin_ms, before_ms), max(begin_ms, before_ms)
        return {
            person
            for person, known in self.picture.persons.items()
            if any(first < stay.at_ms <= last for stay in known.stays)
        }

    def _put(self, person: str, keys: frozenset[Key]) -> None:
        before = self._keys.pop(person, frozenset())
        for key in before - keys:
            self._sets[key].discard(person)
        for key in keys - before:
            self._sets[key].add(person)
        if keys:
            self._keys[person] = keys
        self.stale.add(person)
        for scope in {scope for scope, _ in before | keys}:
            self.version[scope] += 1

    # -- one person ------------------------------------------------------------------------------------

    def _wanted(self, person: str) -> frozenset[Key]:
        """All the sets that somebody is in."""
        known = self.picture.persons.get(person)
        self.presence.pop(person, None)
        self.located.pop(person, None)
        self.seats.pop(person, None)
        self._seats.pop(person, None)
        if known is None or known.groups is None:
            return frozenset()
        leg = self._leg(known.groups)
        self._look(person, known)
        return frozenset(self._all_keys(person, known, leg))

    def _all_keys(self, person: str, known: Known, leg: Leg | None) -> Iterator[Key]:
        seen, located = self.presence.get(person), self.located.get(person)
        place = seen[0] if seen else ""
        here, last = self._location(place), self._location(located[0] if located else "")
        yield ALL, "registered"
        yield ALL, self._sum(place)
        is_astray = leg is not None and seen is not None and self._is_astray(place, located)
        is_waited_for = place != AWAY and not missing.is_in(
            self.programme, located[0] if located else None, self._beyond
        )
        is_unconfirmed = seen is not None and self._is_unconfirmed(seen)
        if leg is not None:
            yield ("leg", leg.id), "expected"
            if is_astray:
                yield ("leg", leg.id), "missing"
                yield ALL, "missing"
                yield ("at", last), "missing"
        yield from self._on_runs(person, known, place, is_astray=is_astray, is_waited_for=is_waited_for)
        yield from self._rode(known, is_unconfirmed=is_unconfirmed)
        yield from self._own_travel(person, leg, is_waited_for=is_waited_for)
        yield from self._at(known, leg, here, seen)
        if is_unconfirmed:
            yield ("at", here), "unconfirmed"

    def _on_runs(self, person: str, known: Known, place: str, *, is_astray: bool, is_waited_for: bool) -> Iterator[Key]:
        """The run somebody has a seat on, and the one they are in."""
        seat = self.runs.get(self.seats.get(person, ""))
        if seat is not None:
            yield from self._of_run(seat, "listed")
            if is_astray:
                yield ("run", seat.id), "missing"
            rode = seat.id in known.rode and self.logs[seat.id].arrived_ms is not None
            got_off = place != AWAY and self.located.get(person, ("",))[0] == seat.id
            if place != seat.id and not rode and not self._is_excused(person, seat.id) and (is_waited_for or got_off):
                if not self.logs[seat.id].on_the_road:
                    yield ("run", seat.id), "to_come"
                elif place:
                    yield from self._of_run(seat, "left_behind")
                    yield ("at", seat.origin), "left_behind"
        run = self.runs.get(place)
        if run is not None:
            yield from self._of_run(run, "aboard")
            yield ("at", run.origin), "aboard"
            yield ("at", run.destination), "aboard"

    def _rode(self, known: Known, *, is_unconfirmed: bool) -> Iterator[Key]:
        for one in known.rode:
            run = self.runs.get(one)
            if run is not None and self.logs[one].arrived_ms is not None:
                yield from self._of_run(run, "arrived")
                if is_unconfirmed:
                    yield from self._of_run(run, "unconfirmed")

    def _own_travel(self, person: str, leg: Leg | None, *, is_waited_for: bool) -> Iterator[Key]:
        runs = [run for run in self._excuses.get(person, NOBODY) if self._is_excused(person, run)]
        legs = {self.runs[run].leg for run in runs if self.picture.marks[run].excuses[person].why == "own-travel"}
        own = {one.id for one in self.transfer.legs if one.mode != "own" and one.id in legs}
        if leg is not None and leg.mode == "own":
            own.add(leg.id)
        for one in own:
            yield ("leg", one), "own_travel"
            if is_waited_for:
                yield ("at", self.programme.leg(one).origin), "own_travel"
                yield ("at", self.programme.leg(one).destination), "own_travel"

    def _at(self, known: Known, leg: Leg | None, here: str, seen: Seen | None) -> Iterator[Key]:
        """Where somebody was when it began, has been since, and is now."""
        begin_ms = min(self._begin_ms, self.at_ms)
        before, since = "", set()
        for stay in known.stays:
            if stay.at_ms <= begin_ms:
                before = self._location(stay.place)
            elif stay.at_ms <= self.at_ms:
                since.add(self._location(stay.place))
        if before:
            yield ("at", before), "before"
            if before != here:
                yield ("at", before), "left"
        for location in since - {before}:
            yield ("at", location), "arrived"
        if leg is not None and leg.destination in since:
            yield ("leg", leg.id), "arrived"
            yield ALL, "arrived"
        if seen is not None:
            yield ("at", here), "here"
            yield ("at", here), seen[2]

    def _of_run(self, run: Run, what: str) -> Iterator[Key]:
        yield ("run", run.id), what
        yield ("leg", run.leg), what
        yield ALL, what

    def _look(self, person: str, known: Known) -> None:
        """Where somebody is, was located last, and has a seat."""
        if known.stays:
            last = known.stays[-1]
            self.presence[person] = (last.place, last.at_ms, last.how)
        for stay in reversed(known.stays):
            if stay.place != UNDERWAY:
                self.located[person] = (stay.place, stay.at_ms, stay.how)
                break
        seat = self._seat(person, known)
        if seat is not None:
            self._seats[person], self.seats[person] = seat, seat.run

    def _seat(self, person: str, known: Known) -> Boarded | None:
        boarded = next((Boarded(s.place, s.at_ms) for s in reversed(known.stays) if self._boards(s)), None)
        moves = [act for act in self.picture.moves(person) if act.to in self.runs]
        return seat_of(boarded, moves, known.seats.get(self.transfer.id))

    def _boards(self, stay: Stay) -> bool:
        """Whether it put them in a run of this transfer that drives."""
        return stay.place in self.runs and stay.at_ms <= self.at_ms and not self._is_cancelled(stay.place)

    def _is_excused(self, person: str, run: str) -> bool:
        excuse = self.picture.marks[run].excuses.get(person)
        return excuse is not None and not is_over(excuse, run, self._seats.get(person))

    def _is_cancelled(self, run: str) -> bool:
        return self.logs[run].state is State.CANCELLED

    def _is_astray(self, place: str, located: Seen | None) -> bool:
        """Whether they are missing once the transfer has ended."""
        return place != AWAY and not missing.is_in(self.programme, located[0] if located else None, self._beyond)

    def _is_unconfirmed(self, seen: Seen) -> bool:
        place, at_ms, how = seen
        return how == "implied" and missing.confirm_by_ms(self.programme, Implied(place, at_ms)) <= self.at_ms

    def _leg(self, groups: frozenset[str]) -> Leg | None:
        if groups not in self._legs:
            self._legs[groups] = self.transfer.leg_for(groups)
        return self._legs[groups]

    def _location(self, place: str) -> str:
        location = self.programme.location_of(place)
        return location.id if location else place

    def _sum(self, place: str) -> str:
        if place in {UNDERWAY, AWAY}:
            return place
        if not place:
            return "expected"
        index = self.programme.index
        if place in index.runs:
            return "in runs"
        return "located" if place in index.locations or place in index.rooms else "elsewhere"

    # -- what it says, as Overview does ----------------------------------------------------------------

    def of_run(self, run: Run) -> People:
        """The people of one run."""
        return self._people(("run", run.id))

    def of_leg(self, leg: Leg) -> People:
        """The people of one leg."""
        return self._people(("leg", leg.id))

    def of_all(self) -> People:
        """The people of the whole transfer."""
        return self._people(ALL)

    def expected_on(self, leg: Leg) -> Set[str]:
        """Whom their groups send on a leg."""
        return self._get(("leg", leg.id), "expected")

    def own_travellers(self, leg: Leg) -> Set[str]:
        """Who goes this leg by own means."""
        return self._get(("leg", leg.id), "own_travel")

    def crowds(self) -> list[Crowd]:
        """Every location where the transfer begins or ends, origins first."""
        return [self.crowd(place) for place in self.places]

    def crowd(self, place: str) -> Crowd:
        """One of them."""
        scope = ("at", place)
        return Crowd(
            place=place,
            before=self._count(scope, "before"),
            left=self._count(scope, "left"),
            arrived=self._count(scope, "arrived"),
            here=self._count(scope, "here"),
            aboard=self._count(scope, "aboard"),
            left_behind=self._get(scope, "left_behind"),
            missing=self._missing(scope),
            unconfirmed=self._get(scope, "unconfirmed"),
            own_travel=self._get(scope, "own_travel"),
            grades={how: self._count(scope, how) for how in HOW},
        )

    def sums(self) -> Sums:
        """The conservation line."""
        return Sums(
            registered=self._count(ALL, "registered"),
            expected=self._count(ALL, "expected"),
            locations=self._count(ALL, "located"),
            aboard=self._count(ALL, "in runs"),
            underway=self._count(ALL, UNDERWAY),
            away=self._count(ALL, AWAY),
        )

    def _people(self, scope: Scope) -> People:
        return People(
            listed=self._get(scope, "listed"),
            aboard=self._get(scope, "aboard"),
            arrived=self._get(scope, "arrived"),
            to_come=self._get(scope, "to_come"),
            left_behind=self._get(scope, "left_behind"),
            missing=self._missing(scope),
            unconfirmed=self._get(scope, "unconfirmed"),
        )

    def _missing(self, scope: Scope) -> Set[str]:
        return self._get(scope, "missing") if self._has_ended else NOBODY

    def _get(self, scope: Scope, what: str) -> Set[str]:
        return self._sets.get((scope, what), NOBODY)

    def _count(self, scope: Scope, what: str) -> int:
        return len(self._get(scope, what))


def everybody(picture: Picture) -> Changed:
    """All that a transfer is refreshed with the first time."""
    return Changed(frozenset(picture.persons), frozenset(picture.logs), frozenset(picture.logs))
