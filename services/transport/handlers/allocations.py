"""Allocations to propose, compare, apply and undo: a plan, what if a coach does not come, or people moved by hand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import msgspec

from shared import instants
from shared.facts import Personal, Text
from transport.domain import allocation, words
from transport.domain.allocation import Allocation, Preference, Vehicle
from transport.domain.day import Day
from transport.domain.needs import needs_wheelchair
from transport.domain.run import State
from transport.handlers import follow, people, seats
from transport.handlers.allocation_shapes import (
    Kind,
    LeftLine,
    MoveLine,
    Piece,
    Proposal,
    RunChange,
    SplitLine,
)
from transport.handlers.planning import Question, Situation
from transport.ports import AllocationRow, Store


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked: a new plan; or without some coaches or runs; or these people to `to`.

    People are named by id, or as an organisation or a group, with `from_run` only those on that run.
    """

    transfer: str
    prefer: Preference = "evenest"
    without: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    organisation: str = ""
    group: str = ""
    from_run: str = ""
    to: str = ""

    @property
    def kind(self) -> Kind:
        """Which of the three it is."""
        return "move" if self.to else "what-if" if self.without else "plan"


class Impossible(NamedTuple):
    """Why it cannot be proposed or applied: `kind` for programs, and words with the remedy."""

    kind: Literal["unknown-allocation", "unknown-run", "nobody", "run-left", "stale", "not-proposed"]
    why: str


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal with the seats that it was made from, and those that it makes."""

    proposal: Proposal
    before: dict[str, str]
    after: dict[str, str]
    left: dict[str, Text]
    was_left: dict[str, Text]


_kept = msgspec.json.Decoder(Kept)


def work_out(wish: Wish, *, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> Kept | Impossible:
    """Work out an allocation; nothing is changed. Raises KeyError for an unknown transfer."""
    situation = Situation.read(day=day, store=store)
    transfer = day.programme.transfer(wish.transfer)
    stay = wish.kind != "plan"
    question = situation.question(transfer, store, stay=stay)
    found = _moved(wish, question, situation) if wish.kind == "move" else _planned(wish, question, situation, store)
    if isinstance(found, Impossible):
        return found
    return _Maker(wish, question, situation, store).kept(found, identity=new_id(), now_ms=now_ms)


def keep(made: Kept, *, day: Day, store: Store, now_ms: int) -> Proposal:
    """Keep one that was worked out, to be applied."""
    _put(made, day=day, store=store, at_ms=now_ms)
    return made.proposal


def proposals(transfer: str, *, day: Day, store: Store) -> list[Proposal]:
    """Those of a transfer, newest first."""
    return [_kept.decode(row.body).proposal for row in store.allocations(day.event, transfer)]


def one(identity: str, *, day: Day, store: Store) -> Proposal | Impossible:
    """One of them."""
    row = store.allocation(day.event, identity)
    return _kept.decode(row.body).proposal if row else _unknown(identity)


def apply(identity: str, *, day: Day, store: Store) -> Proposal | Impossible:
    """Make the seats as proposed; once applied, applying it again changes nothing."""
    return _switch(identity, day=day, store=store, to="applied")


def undo(identity: str, *, day: Day, store: Store) -> Proposal | Impossible:
    """Make the seats as they were before; once undone, undoing it again changes nothing."""
    return _switch(identity, day=day, store=store, to="undone")


def _switch(identity: str, *, day: Day, store: Store, to: Literal["applied", "undone"]) -> Proposal | Impossible:
    row = store.allocation(day.event, identity)
    if row is None:
        return _unknown(identity)
    kept = _kept.decode(row.body)
    if row.state == to:
        return kept.proposal
    if to == "undone" and row.state != "applied":
        return Impossible("not-proposed", "It was not applied: there is nothing to undo.")
    wanted, now = (kept.after, kept.before) if to == "applied" else (kept.before, kept.after)
    transfer = kept.proposal.transfer
    held = store.seats_of_transfer(day.event, transfer)
    changed = {person for person in wanted.keys() | now.keys() if wanted.get(person) != now.get(person)}
    sat = seats.before(held)
    logs = day.logs(store.steps(day.event))
    gone = {run for run in wanted.values() if logs[run].state not in {State.PLANNED, State.BOARDING, State.LAST_CALL}}
    runs = {run.id for run in day.programme.runs_of_transfer(transfer)}
    aboard = {p for p, place in store.presence_of(day.event, sorted(changed)).items() if place in runs}
    moved = any(sat.get(person) != now.get(person) for person in changed)
    if aboard or moved or any(wanted.get(p) in gone for p in changed):
        return Impossible("stale", "People boarded or seats changed since it was proposed: propose it again.")
    # what somebody sits on is what they are told from then on
    fresh = {p: replace(seats.seat_on(wanted[p], held.get(p)), told=wanted[p]) for p in changed if p in wanted}
    store.put_seats(day.event, transfer, fresh)
    store.drop_seats(day.event, transfer, sorted(changed - wanted.keys()))
    said = kept.left if to == "applied" else kept.was_left
    without = {p: why for p, why in store.without_seat(day.event, transfer).items() if p not in wanted}
    without |= {p: said.get(p, words.SEAT_TAKEN) for p in changed if p not in wanted}
    store.put_without_seat(day.event, transfer, without)
    follow.touch_seats(day.event, store=store)
    done = msgspec.structs.replace(kept, proposal=msgspec.structs.replace(kept.proposal, state=to))
    store.put_allocation(day.event, AllocationRow(row.id, row.transfer, row.at_ms, to, _encode(done)))
    return done.proposal


def _unknown(identity: str) -> Impossible:
    return Impossible("unknown-allocation", f"There is no allocation {identity!r}: propose one.")


def _put(made: Kept, *, day: Day, store: Store, at_ms: int) -> None:
    proposal = made.proposal
    row = AllocationRow(proposal.allocation, proposal.transfer, at_ms, "proposed", _encode(made))
    store.put_allocation(day.event, row)


def _encode(kept: Kept) -> str:
    return msgspec.json.encode(kept).decode()


# -- the three kinds ---------------------------------------------------------------------------------


class Found(NamedTuple):
    """An allocation, whom it affects, and what is to be said of it."""

    allocation: Allocation
    affected: int = 0
    why: tuple[Text, ...] = ()


def _planned(wish: Wish, question: Question, situation: Situation, store: Store) -> Found | Impossible:
    if wish.without:
        return _without(wish, question)
    programme = situation.day.programme
    others = [t for t in programme.transfers if t.id != wish.transfer]
    asked = {t.id: situation.question(t, store, stay=True) for t in others} | {wish.transfer: question}
    ordered = [asked[t.id] for t in programme.transfers]
    found = allocation.allocate_day({q.transfer.id: (q.vehicles, q.travellers) for q in ordered}, prefer=wish.prefer)
    return Found(found[wish.transfer], 0, found[wish.transfer].explanations)


def _without(wish: Wish, question: Question) -> Found | Impossible:
    lost = {run.run for run in question.vehicles if run.run in wish.without or run.coach in wish.without}
    if not lost:
        return Impossible("unknown-run", "None of these coaches drives a run here that has not left: look at the plan.")
    # whoever sits elsewhere stays there if they can: told is where they sit
    travellers = tuple(
        replace(one, told=one.fixed or one.told, fixed=None if one.fixed in lost else one.fixed)
        for one in question.travellers
    )
    proposed = allocation.what_if(question.vehicles, travellers, without=sorted(lost), prefer=wish.prefer)
    return Found(proposed.plan, len(proposed.affected), proposed.explanations)


def _moved(wish: Wish, question: Question, situation: Situation) -> Found | Impossible:
    vehicles = {run.run: run for run in question.vehicles}
    if wish.to not in vehicles:
        return Impossible("run-left", f"Run {wish.to} takes nobody any more: choose one that has not left.")
    named = _wanted(wish, question, situation)
    aboard = {p for p in named if situation.presence.get(p, ("",))[0] in vehicles}
    wanted = {person: one for person, one in named.items() if person not in aboard}
    if not wanted:
        return Impossible("nobody", "Nobody with a seat here is meant: name persons, an organisation or a group.")
    target = vehicles[wish.to]
    movers = {person for person, traveller in wanted.items() if traveller.fixed != wish.to}
    seated = {
        t.person: t.fixed or t.told for t in question.travellers if t.person not in movers and (t.fixed or t.told)
    }
    after = {p: run for p, run in seated.items() if run in vehicles} | dict.fromkeys(movers, wish.to)
    why = (*_overflow(after, target, situation), *_elsewhere(wanted, target, situation))
    if aboard:
        why = (*why, words.stay_aboard(len(aboard)))
    score = allocation.Score()
    return Found(Allocation(seats=after, score=score), len(movers), why)


def _wanted(wish: Wish, question: Question, situation: Situation) -> dict[str, allocation.Traveller]:
    groups = {card.person: card.groups for card in situation.cards}

    def is_meant(one: allocation.Traveller) -> bool:
        if wish.from_run and (one.fixed or one.told) != wish.from_run:
            return False
        named = one.person in wish.persons
        whole = bool(wish.organisation) and one.organisation == wish.organisation
        return named or whole or (bool(wish.group) and wish.group in groups.get(one.person, frozenset()))

    return {one.person: one for one in question.travellers if is_meant(one)}


def _elsewhere(wanted: Mapping[str, allocation.Traveller], target: Vehicle, situation: Situation) -> tuple[Text, ...]:
    """Whose own leg goes to another destination than the run they are to be moved to."""
    programme = situation.day.programme
    there = programme.leg(target.leg).destination
    transfer = programme.run(target.run).transfer
    groups = {card.person: card.groups for card in situation.cards if card.person in wanted}
    legs = [programme.transfer(transfer).leg_for(of) for of in groups.values()]
    strange = sum(leg is not None and leg.destination != there for leg in legs)
    return (words.goes_elsewhere(target.title, programme.place(there).name, strange),) if strange else ()


def _overflow(after: Mapping[str, str], target: Vehicle, situation: Situation) -> tuple[Text, ...]:
    """What a person must know before they put these people there: it is said, and not forbidden."""
    there = [person for person, run in after.items() if run == target.run]
    rolling = sum(needs_wheelchair(situation.personal[p].needs) for p in there)
    taken = len(there) + rolling * (target.wheelchair_seats - 1) + target.taken
    said: list[Text] = []
    if target.seats is not None and taken > target.seats:
        said.append(words.too_many(target.title, taken - target.seats))
    if rolling > target.wheelchairs:
        said.append(words.too_many_wheelchairs(target.title, rolling - target.wheelchairs))
    return tuple(said)


# -- as JSON -----------------------------------------------------------------------------------------


class _Maker:
    """A proposal out of an allocation."""

    def __init__(self, wish: Wish, question: Question, situation: Situation, store: Store) -> None:
        self._wish, self._question, self._situation = wish, question, situation
        self._was_left = store.without_seat(situation.day.event, wish.transfer)
        self._before = seats.before(question.held)

    def kept(self, found: Found, *, identity: str, now_ms: int) -> Kept:
        """With the seats before and after."""
        after = {p: run for p, run in self._before.items() if p in self._question.out} | dict(found.allocation.seats)
        left = {one.person: one.why for one in found.allocation.left_over}
        proposal = Proposal(
            allocation=identity,
            transfer=self._wish.transfer,
            kind=self._wish.kind,
            state="proposed",
            at=instants.to_text(now_ms),
            prefer=self._wish.prefer,
            moves=self._moves(after),
            left_over=tuple(LeftLine(person=p, name=self._name(p), why=why) for p, why in sorted(left.items())),
            splits=tuple(self._split(split) for split in found.allocation.splits),
            why=found.why,
            runs=tuple(self._changes(after)),
            affected=found.affected,
            coaches_before=len(set(self._before.values())),
            coaches_after=len(set(after.values())),
        )
        was_left = {p: why for p, why in self._was_left.items() if self._wish.kind == "move" and p not in after}
        return Kept(proposal=proposal, before=self._before, after=after, left=left | was_left, was_left=self._was_left)

    def _moves(self, after: Mapping[str, str]) -> tuple[MoveLine, ...]:
        persons = sorted(p for p in {*self._before, *after} if self._before.get(p) != after.get(p))
        lines = [
            MoveLine(
                person=person,
                name=self._name(person),
                organisation=self._personal(person).organisation,
                from_=self._before.get(person),
                to=after.get(person),
            )
            for person in persons
        ]
        return tuple(sorted(lines, key=lambda line: (line.organisation.casefold(), line.name.casefold(), line.person)))

    def _split(self, split: allocation.Split) -> SplitLine:
        pieces = tuple(Piece(run=run, people=people) for run, people in split.pieces)
        group = self._situation.day.programme.index.groups.get(split.name)
        name = group.name.nl if split.kind == "group" and group else split.name
        return SplitLine(organisation=name, pieces=pieces, why=split.why)

    def _changes(self, after: Mapping[str, str]) -> Iterable[RunChange]:
        before_of, after_of = Counter(self._before.values()), Counter(after.values())
        for vehicle in self._question.vehicles:
            yield RunChange(
                run=vehicle.run,
                name=vehicle.title,
                seats=vehicle.seats,
                before=before_of[vehicle.run],
                after=after_of[vehicle.run],
                wheelchairs=self._rolling(self._before, vehicle.run),
                wheelchairs_after=self._rolling(after, vehicle.run),
            )

    def _rolling(self, seated: Mapping[str, str], run: str) -> int:
        persons: Sequence[str] = [person for person, of in seated.items() if of == run]
        return sum(needs_wheelchair(self._personal(person).needs) for person in persons)

    def _name(self, person: str) -> str:
        return self._personal(person).name

    def _personal(self, person: str) -> Personal:
        return self._situation.personal.get(person, people.NOBODY)
