"""What hands and the readers in coaches come to for one person, as sightings (docs/runs.md). Pure.

Facts come late and in any order: a step whose phone was offline, an undo before what it takes back. So what follows is
worked out from all of them each time, and what was said before is corrected where it differs: voided, and said again
under the next id (`again.2`, `again.3`, …).

| fact | puts them |
| --- | --- |
| aboard, vouch | in the run |
| off, a badge read out of the coach | where the run was then (boarding.step_off) |
| here, away, excuse away | there, away |
| a badge read into the coach | in the run that was open then, where it was let in |
| alight | at the destination, who was in the run then, or came with it and was not seen since |
| undo | takes back what it names; of a boarding also what else put them there without leaving in between |
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from shared.facts import AWAY, How, Outcome, Reason, Sighting
from shared.ids import implied_id
from shared.programme import Policy, Programme
from transport.domain import boarding
from transport.domain.acts import Act, standing
from transport.domain.arrival import SOURCE
from transport.domain.run import Log

LATE_MS = 10_000  # so long a reader waits at most for an answer; what it kept longer, it let in by itself
NAMED = frozenset({"aboard", "vouch", "off", "here", "away", "excuse"})


class Read(NamedTuple):
    """A badge that was read in a coach, and what it was answered."""

    id: str
    person: str
    coach: str
    is_out: bool
    policy: Policy
    at_ms: int
    received_ms: int
    outcome: Outcome
    reason: Reason


class Placed(NamedTuple):
    """Where a fact puts a person; `key` is its id, `boards` whether it put them in a run."""

    at_ms: int
    key: str
    place: str
    how: How
    scan: str | None = None
    boards: bool = False

    @property
    def order(self) -> tuple[int, bytes]:
        """What decides which of two is the later."""
        return (self.at_ms, self.key.encode())


@dataclass(frozen=True, kw_only=True)
class Told:
    """All that is known of one person.

    `log` are their sightings, voids too; `acts` are those on the runs that they were in, undos too; `reads` are badges
    to be looked at again, and `listed` the runs that they were given a seat on.
    """

    person: str
    log: Sequence[Sighting]
    acts: Iterable[Act]
    reads: Iterable[Read] = ()
    listed: frozenset[str] = frozenset()


def agree(told: Told, *, programme: Programme, logs: Mapping[str, Log]) -> list[Sighting]:
    """The sightings that are still to be made, voids among them, so that the log says what the facts say."""
    return _Agreeing(told, programme, logs).missing()


class _Agreeing:
    """One person."""

    def __init__(self, told: Told, programme: Programme, logs: Mapping[str, Log]) -> None:
        self._person = told.person
        self._programme = programme
        self._logs = logs
        self._by_id = {sighting.id: sighting for sighting in told.log}
        self._voided = {sighting.void for sighting in told.log if sighting.void is not None}
        self._acts = sorted(told.acts, key=lambda act: act.order)
        self._standing = {act.id: act for act in standing(self._acts)}
        self._reads = sorted(told.reads, key=lambda read: (read.at_ms, read.id.encode()))
        self._listed = told.listed
        self._named = {key: act for act in self._acts if (key := self._key(act)) is not None}
        self._alights = {implied_id(a.id, "alight", told.person): a for a in self._acts if a.kind == "alight"}
        read_before = [s for s in told.log if s.scan is not None and s.source == SOURCE and s.void is None]
        self._scanned = dict.fromkeys([*(str(s.scan) for s in read_before), *(read.id for read in self._reads)])
        keys = [*self._named, *self._alights, *self._scanned]
        self._chains = {key: self._chain(key) for key in keys if self._is_ours(key)}

    def missing(self) -> list[Sighting]:
        """What is to be said, and taken back."""
        wanted = {placed.key: placed for placed in self._all()}
        return [s for key, chain in self._chains.items() for s in self._corrected(key, chain, wanted.get(key))]

    # -- what the facts say --------------------------------------------------------------------------

    def _all(self) -> list[Placed]:
        stays = sorted([*self._fixed(), *self._hands()], key=lambda one: one.order)
        stays = self._with_reads(stays)
        for undo in self._acts:
            if undo.kind == "undo":
                stays = self._taken_back(stays, undo)
        for key, act in self._alights.items():
            if act.id in self._standing:
                stays = self._alighted(stays, key, act)
        return stays

    def _fixed(self) -> list[Placed]:
        """What others saw, and what acts on other runs said: as it stands. Arrivals follow from it."""
        ours = {sighting.id for chain in self._chains.values() for sighting in chain}
        return [
            Placed(s.at_ms, s.id, s.place, s.how)
            for s in self._by_id.values()
            if s.void is None and s.id not in self._voided and s.id not in ours and s.how != "implied"
        ]

    def _hands(self) -> list[Placed]:
        placed: list[Placed] = []
        for key, act in self._named.items():
            how: How = "scanned" if act.badge else "manual"
            boards = act.kind == "aboard"
            placed.append(Placed(act.at_ms, key, self._place_of(act), how, boards=boards))
        return placed

    def _place_of(self, act: Act) -> str:
        match act.kind:
            case "aboard" | "vouch":
                return act.run
            case "off":
                run = self._programme.run(act.run)
                return boarding.step_off(run, self._logs[run.id], act.at_ms).place or run.origin
            case "here":
                return str(act.place)
            case _:
                return AWAY

    def _with_reads(self, stays: list[Placed]) -> list[Placed]:
        said = [self._chains.get(key) for key in self._scanned.keys() - {read.id for read in self._reads}]
        stays = [*stays, *(self._read_as_said(chain[-1]) for chain in said if chain)]
        for read in self._reads:
            place = self._place_of_read(read, stays)
            if place is not None and read.id in self._chains:
                stays.append(Placed(read.at_ms, read.id, place, "scanned", read.id, boards=not read.is_out))
        return sorted(stays, key=lambda one: one.order)

    def _read_as_said(self, said: Sighting) -> Placed:
        boards = said.place in self._programme.index.runs
        return Placed(said.at_ms, str(said.scan), said.place, "scanned", said.scan, boards=boards)

    def _place_of_read(self, read: Read, stays: Sequence[Placed]) -> str | None:
        """Where a badge puts its person; one that the reader let in by itself counts as soon as its run is known."""
        before = self._chains.get(read.id, [])
        run = boarding.run_of_scan(self._programme, self._logs, read.coach, read.at_ms)
        if run is None:
            return before[-1].place if before else None
        log = self._logs[run.id]
        if read.is_out:
            return boarding.step_off(run, log, read.at_ms).place
        if read.outcome != "refuse":
            return run.id
        if read.reason not in {"closed", "departed"} or read.received_ms - read.at_ms <= LATE_MS:
            return None
        earlier = [stay for stay in stays if stay.order < (read.at_ms, read.id.encode())]
        is_aboard = bool(earlier) and max(earlier, key=lambda stay: stay.order).place == run.id
        if read.policy == "strict" and run.id not in self._listed and not is_aboard:
            return None
        return run.id if boarding.not_now(log.for_scan(read.at_ms), is_aboard=is_aboard) is None else None

    # -- taking back, and getting off ----------------------------------------------------------------

    def _taken_back(self, stays: list[Placed], undo: Act) -> list[Placed]:
        target = next((act for act in self._acts if act.id == undo.undoes), None)
        if target is not None and target.run != undo.run:
            return stays
        key = self._key(target) if target is not None else undo.undoes
        found = next((stay for stay in stays if stay.key == key and key in self._chains), None)
        if found is None:
            return stays
        gone = self._beside(stays, found, undo.at_ms) if found.boards else {found.key}
        return [stay for stay in stays if stay.key not in gone]

    def _beside(self, stays: Sequence[Placed], found: Placed, until_ms: int) -> set[str]:
        """The same badge held twice, two coordinators who both said so: one stay in the run, up to the undo."""
        block: list[Placed] = []
        for stay in stays:
            if block and (stay.place != found.place or self._got_out(found.place, block[-1].at_ms, stay.at_ms)):
                if found in block:
                    break
                block = []
            if stay.place == found.place:
                block.append(stay)
        return {found.key, *(stay.key for stay in block if stay.at_ms <= until_ms)}

    def _got_out(self, run: str, after_ms: int, until_ms: int) -> bool:
        """Whether everybody got out of the run meanwhile."""
        arrived_ms = self._logs[run].arrived_ms
        moments = [act.at_ms for act in self._standing.values() if act.kind == "alight" and act.run == run]
        moments += [] if arrived_ms is None else [arrived_ms]
        return any(after_ms < moment <= until_ms for moment in moments)

    def _alighted(self, stays: list[Placed], key: str, act: Act) -> list[Placed]:
        """Who was in the run last; an arrival in between brought them where they are said to be."""
        before = [stay for stay in stays if stay.at_ms <= act.at_ms]
        if not before or before[-1].place != act.run or not self._logs[act.run].until(act.at_ms).on_the_road:
            return stays
        there = Placed(act.at_ms, key, self._programme.run(act.run).destination, "manual")
        return sorted([*stays, there], key=lambda one: one.order)

    # -- what is in the log --------------------------------------------------------------------------

    def _key(self, act: Act) -> str | None:
        if act.kind not in NAMED or (act.kind == "excuse" and act.why != "away"):
            return None
        if act.kind == "vouch":
            return implied_id(act.id, "vouch", self._person) if self._person in act.persons else None
        return act.id if act.person == self._person else None

    def _is_ours(self, key: str) -> bool:
        """Where check-in already published a sighting under this id, that one stands."""
        return key not in self._by_id or self._by_id[key].source == SOURCE

    def _chain(self, key: str) -> list[Sighting]:
        """What was said of one fact, in order: the last one holds, unless it is voided."""
        chain: list[Sighting] = []
        while (said := self._by_id.get(_nth(key, len(chain) + 1, self._person))) is not None:
            chain.append(said)
        return chain

    def _corrected(self, key: str, chain: Sequence[Sighting], wanted: Placed | None) -> list[Sighting]:
        last = chain[-1] if chain else None
        stands = last is not None and last.id not in self._voided
        if last is not None and stands and wanted is not None and (last.place, last.how) == (wanted.place, wanted.how):
            return []
        made: list[Sighting] = []
        if last is not None and stands:
            void = implied_id(last.id, "void", self._person)
            made.append(msgspec.structs.replace(last, id=void, void=last.id, scan=None, sequence=0))
        if wanted is not None:
            made.append(self._sighting(wanted, _nth(key, len(chain) + 1, self._person)))
        return made

    def _sighting(self, placed: Placed, identity: str) -> Sighting:
        return Sighting(
            id=identity,
            event=self._programme.event,
            person=self._person,
            place=placed.place,
            at_ms=placed.at_ms,
            how=placed.how,
            source=SOURCE,
            scan=placed.scan,
        )


def _nth(key: str, nth: int, person: str) -> str:
    """The id under which a fact is said for the nth time."""
    return key if nth == 1 else implied_id(key, f"again.{nth}", person)
