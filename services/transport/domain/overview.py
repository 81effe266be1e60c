"""How a transfer is at a moment: who is listed, aboard, arrived, missing, unconfirmed and left behind. Pure.

- *to come*: has a seat on a run that has not departed, and is nowhere that the transfer leads to.
- *left behind*: was seen today, has a seat on a run that departed without them, and is nowhere it leads to.
- Who is excused, or goes by own means, is neither; they are expected at the destination.
- *missing* and *unconfirmed*: `shared.missing`, the same for all of Inloop.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from shared import missing as rule
from shared.facts import AWAY, UNDERWAY
from shared.missing import Implied
from shared.programme import Leg, Programme, Run, Transfer
from transport.domain.acts import Excuse, Marks
from transport.domain.run import Log
from transport.domain.times import Times

Seen = tuple[str, int, str]  # place, at_ms, how


@dataclass(frozen=True, kw_only=True, slots=True)
class People:
    """The persons of a run, a leg or a transfer, by what they are."""

    listed: Set[str]
    aboard: Set[str]
    arrived: Set[str]
    to_come: Set[str]
    left_behind: Set[str]
    missing: Set[str]
    unconfirmed: Set[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Crowd:
    """A location in a transfer: there when it began, of those gone since, come since, and there now.

    `aboard` are in runs that start or end here; `left_behind` and `missing` were last located here or are left by a run
    from here, `unconfirmed` are only implied to be here; `own_travel` come or go by own means and are not there yet.
    `grades` says how sure those are who are here now.
    """

    place: str
    before: int
    left: int
    arrived: int
    here: int
    aboard: int
    left_behind: Set[str]
    missing: Set[str]
    unconfirmed: Set[str]
    own_travel: Set[str]
    grades: Mapping[str, int]


class Sums(NamedTuple):
    """How many persons are in what: the others make up `registered`, or somebody was lost from the sum."""

    registered: int
    expected: int
    locations: int
    aboard: int
    underway: int
    away: int


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All that was known at `at_ms`, of everybody registered (`groups`).

    `before` is where everybody was at `begin_ms`, `seen` the (person, place) pairs since; `rode` who arrived with each
    run. Logs go up to the moment; `marks` and `times` are of each run.
    """

    programme: Programme
    transfer: Transfer
    at_ms: int
    logs: Mapping[str, Log]
    groups: Mapping[str, frozenset[str]]
    seats: Mapping[str, str]
    presence: Mapping[str, Seen]
    located: Mapping[str, Seen]
    before: Mapping[str, str]
    seen: Set[tuple[str, str]]
    rode: Mapping[str, Set[str]]
    marks: Mapping[str, Marks] = field(default_factory=dict)
    times: Mapping[str, Times] = field(default_factory=dict)

    def of_run(self, run: Run) -> People:
        """The people of one run: who has a seat on it or is in it."""
        listed = self._by_run.get(run.id, frozenset())
        aboard = self._at(run.id)
        arrived = frozenset(self.rode.get(run.id, ()))
        excused = self._excuses(run.id).keys()
        waiting = frozenset(p for p in listed - aboard - arrived - excused if self._is_waited_for(p, run.id))
        has_left = self.logs[run.id].on_the_road
        return People(
            listed=listed,
            aboard=aboard,
            arrived=arrived,
            to_come=frozenset() if has_left else waiting,
            left_behind=frozenset(p for p in waiting if p in self.presence) if has_left else frozenset(),
            missing=listed & self.missing,
            unconfirmed=arrived & self.unconfirmed,
        )

    def of_leg(self, leg: Leg) -> People:
        """The people of one leg: those whom their groups send on it, and those on its runs."""
        runs = [self.of_run(run) for run in self.programme.runs_of_leg(leg.id)]
        expected = self.expected_on(leg)
        arrived = _union(run.arrived for run in runs)
        reached = frozenset(p for p in expected if self._was_since(p, leg.destination))
        return People(
            listed=_union(run.listed for run in runs),
            aboard=_union(run.aboard for run in runs),
            arrived=arrived | reached,
            to_come=_union(run.to_come for run in runs),
            left_behind=_union(run.left_behind for run in runs),
            missing=expected & self.missing,
            unconfirmed=_union(run.unconfirmed for run in runs),
        )

    def of_all(self) -> People:
        """The people of the whole transfer."""
        legs = [self.of_leg(leg) for leg in self.transfer.legs]
        return People(
            listed=_union(leg.listed for leg in legs),
            aboard=_union(leg.aboard for leg in legs),
            arrived=_union(leg.arrived for leg in legs),
            to_come=_union(leg.to_come for leg in legs),
            left_behind=_union(leg.left_behind for leg in legs),
            missing=self.missing,
            unconfirmed=_union(leg.unconfirmed for leg in legs),
        )

    def expected_on(self, leg: Leg) -> frozenset[str]:
        """Whom their groups send on a leg."""
        return frozenset(person for person, leg_id in self._legs.items() if leg_id == leg.id)

    def own_travellers(self, leg: Leg) -> frozenset[str]:
        """Who goes this leg by own means: all of one of that mode, and whom a coordinator excused so."""
        if leg.mode == "own":
            return self.expected_on(leg)
        runs = {run.id for run in self.programme.runs_of_leg(leg.id)}
        excused = {p for run in runs for p, e in self._excuses(run).items() if e.why == "own-travel"}
        return frozenset(p for p in excused if p in self.groups)

    def crowds(self) -> list[Crowd]:
        """Every location where the transfer begins or ends, origins first."""
        places = [leg.origin for leg in self.transfer.legs] + [leg.destination for leg in self.transfer.legs]
        return [self._crowd(place) for place in dict.fromkeys(places)]

    def sums(self) -> Sums:
        """The conservation line."""
        index, places = self.programme.index, [seen[0] for seen in self.presence.values()]
        return Sums(
            registered=len(self.groups),
            expected=len(self.groups) - len(places),
            locations=sum(place in index.locations or place in index.rooms for place in places),
            aboard=sum(place in index.runs for place in places),
            underway=places.count(UNDERWAY),
            away=places.count(AWAY),
        )

    @cached_property
    def missing(self) -> frozenset[str]:
        """Who is missing from this transfer."""
        presence = {person: seen[0] for person, seen in self.presence.items()}
        located = {person: seen[0] for person, seen in self.located.items()}
        found = rule.missing(self.programme, self.transfer.id, self.at_ms, located, presence, self.groups)
        return frozenset(found)

    @cached_property
    def unconfirmed(self) -> frozenset[str]:
        """Who was brought somewhere and not confirmed there in time, by any run."""
        implied = {p: Implied(place, at) for p, (place, at, how) in self.presence.items() if how == "implied"}
        return frozenset(rule.unconfirmed(self.programme, self.at_ms, implied))

    @cached_property
    def _legs(self) -> dict[str, str]:
        by_groups = {groups: self.transfer.leg_for(groups) for groups in set(self.groups.values())}
        return {person: leg.id for person, groups in self.groups.items() if (leg := by_groups[groups]) is not None}

    @cached_property
    def _beyond(self) -> frozenset[str]:
        return rule.beyond(self.programme, self.transfer)

    def _is_waited_for(self, person: str, run: str = "") -> bool:
        """Whoever got out of the run itself is waited for: it is not where it goes."""
        place = self.presence.get(person, ("", 0, ""))[0]
        last = self.located.get(person, ("", 0, ""))[0]
        is_beyond = last in self._beyond or self._location(last) in self._beyond
        return place != AWAY and (last == run or not is_beyond)

    def _was_since(self, person: str, location: str) -> bool:
        return person in self._since.get(location, frozenset())

    @cached_property
    def _since(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for person, place in self.seen:
            found.setdefault(self._location(place), set()).add(person)
        return found

    def _crowd(self, location: str) -> Crowd:
        before = {p for p, place in self.before.items() if p in self.groups and self._location(place) == location}
        there = {p for p, seen in self.presence.items() if self._location(seen[0]) == location}
        come = {p for p in self._since.get(location, set()) if p in self.groups}
        return Crowd(
            place=location,
            before=len(before),
            left=len(before - there),
            arrived=len(come - before),
            here=len(there),
            aboard=sum(len(self._at(run.id)) for run in self._runs_at(location)),
            left_behind=_union(
                self.of_run(run).left_behind for run in self._runs_at(location) if run.origin == location
            ),
            missing=frozenset(p for p in self.missing if self._last_location(p) == location),
            unconfirmed=frozenset(p for p in self.unconfirmed if p in there),
            own_travel=self._on_their_own(location),
            grades=Counter(self.presence[person][2] for person in there),
        )

    def _runs_at(self, location: str) -> list[Run]:
        runs = self.programme.runs_of_transfer(self.transfer.id)
        return [run for run in runs if location in {run.origin, run.destination}]

    def _on_their_own(self, location: str) -> frozenset[str]:
        legs = [leg for leg in self.transfer.legs if location in {leg.origin, leg.destination}]
        return frozenset(p for leg in legs for p in self.own_travellers(leg) if self._is_waited_for(p))

    def _last_location(self, person: str) -> str:
        return self._location(self.located.get(person, ("", 0, ""))[0])

    def _excuses(self, run: str) -> Mapping[str, Excuse]:
        marks = self.marks.get(run)
        return marks.excuses if marks else {}

    def _at(self, place: str) -> frozenset[str]:
        return self._by_place.get(place, frozenset())

    @cached_property
    def _by_place(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for person, seen in self.presence.items():
            found.setdefault(seen[0], set()).add(person)
        return {place: frozenset(of) for place, of in found.items()}

    @cached_property
    def _by_run(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for person, run in self.seats.items():
            found.setdefault(run, set()).add(person)
        return {run: frozenset(of) for run, of in found.items()}

    def _location(self, place: str) -> str:
        location = self.programme.location_of(place)
        return location.id if location else place


def begin_ms(programme: Programme, transfer: Transfer, logs: Mapping[str, Log]) -> int:
    """When people begin to leave for a transfer: its start, or the first run that opens before."""
    runs = programme.runs_of_transfer(transfer.id)
    return min([transfer.start_ms, *(opens_ms(run, logs[run.id]) for run in runs)])


def opens_ms(run: Run, log: Log) -> int:
    """When a run opens: as planned, or before."""
    opened_ms = log.first("B")
    return run.open_ms if opened_ms is None else min(run.open_ms, opened_ms)


def _union(sets: Iterable[Set[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
