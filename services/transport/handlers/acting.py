"""Acts: what coordinators' hands say, from pages that were perhaps offline (docs/runs.md).

Every act is kept. What it means is a sighting, a void of some, a step, a seat, or a number that follows from all acts
on the run; so their order of coming in changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from shared import badge as codes
from shared.facts import AWAY, How, Sighting, Text
from shared.ids import implied_id
from shared.programme import Run
from transport.domain import boarding, words
from transport.domain import run as machine
from transport.domain.acts import NOTHING, Act, marks, standing
from transport.domain.arrival import SOURCE
from transport.domain.day import Day
from transport.domain.riders import Coachload, Rider
from transport.domain.run import Taken
from transport.domain.stays import Seat, Stay
from transport.handlers import follow, loads, steps
from transport.handlers.sheet_shapes import ActAnswer
from transport.ports import Store

Outcome = Literal["done", "again", "kept", "refused"]
_answer = msgspec.json.Decoder(ActAnswer)
PLACING = frozenset({"aboard", "off", "here", "away", "vouch", "alight"})


@dataclass
class Acted:
    """The answers in the order of the acts, and the sightings that are new."""

    answers: list[ActAnswer] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)


def take_acts(acts: Sequence[Act], *, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> Acted:
    """Keep acts and do what they mean; the same act again changes nothing and gets its answer again."""
    return _Hands(day, store, now_ms, new_id).take(acts)


class _Hands:
    """One batch, while it is taken."""

    def __init__(self, day: Day, store: Store, now_ms: int, new_id: Callable[[], str]) -> None:
        self._day = day
        self._store = store
        self._now_ms = now_ms
        self._new_id = new_id
        self._steps: dict[str, list[Taken]] = {run: list(of) for run, of in store.steps(day.event).items()}
        self._logs = day.logs(self._steps)
        self._sightings: list[Sighting] = []
        self._known: dict[str, Act] = {}

    def take(self, acts: Sequence[Act]) -> Acted:
        """All of them: those that come again first, then those that are new."""
        before = self._store.answered_acts([act.id for act in acts])
        fresh: dict[str, Act] = {}
        refused: dict[str, ActAnswer] = {}
        for asked in acts:
            if asked.id in before or asked.id in fresh:
                continue
            act, why = self._resolved(asked)
            if why is not None:
                refused[asked.id] = ActAnswer(id=asked.id, outcome="refused", why=why)
            else:
                fresh[act.id] = act
        self._known = fresh
        effects = [self._do(act) for act in fresh.values()]
        self._undo_late(fresh)
        answers = self._kept(list(fresh.values()), effects)
        return Acted([self._said(act, before, answers, refused) for act in acts], self._sightings)

    # -- reading -------------------------------------------------------------------------------------

    def _resolved(self, act: Act) -> tuple[Act, Text | None]:
        """The act with its badge resolved to a person, or why it cannot be understood."""
        programme = self._day.programme
        if act.run not in programme.index.runs:
            return act, words.NO_SUCH_RUN
        if act.to is not None and act.to not in programme.index.runs:
            return act, words.NO_SUCH_RUN
        if act.kind == "here" and programme.location_of(act.place or "") is None:
            return act, words.NO_SUCH_PLACE
        target = self._earlier(act.undoes) if act.kind == "undo" and act.undoes else None
        if target is not None and target.run != act.run:
            return act, words.NOT_YOURS
        if act.badge is not None:
            return self._badge(act)
        wanted = {act.person, *act.persons} - {None}
        known = {card.person for card in self._store.cards(self._day.event, sorted(map(str, wanted)))}
        return act, None if wanted <= known else words.NO_SUCH_PERSON

    def _badge(self, act: Act) -> tuple[Act, Text | None]:
        digest = codes.digest(act.badge or "")
        holder = self._store.holders(self._day.event, [digest]).get(digest)
        if holder is None:
            return act, words.why(self._day.state_of_unknown(act.badge or ""))
        if holder.event != self._day.event or holder.revoked:
            return act, words.why("revoked" if holder.event == self._day.event else "wrong-event")
        return replace(act, person=holder.person, badge=digest), None

    # -- doing ---------------------------------------------------------------------------------------

    def _do(self, act: Act) -> bool:
        """Do what it means; whether it had effect. Each new sighting is followed at once: the next act sees it."""
        match act.kind:
            case "step":
                return self._step(act)
            case "undo":
                self._undo(act)
            case "excuse":
                self._excuse(act)
            case kind if kind in PLACING:
                self._record(self._meant(act))
        return True

    def _step(self, act: Act) -> bool:
        letter = machine.BY_STEP[act.step or ""].letter
        taken = Taken(
            letter=letter,
            at_ms=act.at_ms,
            by=act.by,
            id=act.id,
            counted=act.counted,
            reason=act.reason,
            name=act.name,
            vehicle=act.vehicle,
        )
        asked = self._steps.setdefault(act.run, [])
        self._sightings += steps.apply(
            taken, act.run, asked, self._logs, day=self._day, store=self._store, now_ms=self._now_ms
        )
        asked.append(taken)
        return taken in self._logs[act.run].steps

    def _meant(self, act: Act) -> list[Sighting]:
        run = self._day.programme.run(act.run)
        match act.kind:
            case "aboard":
                return [self._sighting(act, str(act.person), act.run, how="scanned" if act.badge else "manual")]
            case "vouch":
                return [self._sighting(act, person, act.run, own=False) for person in act.persons]
            case "off":
                place = boarding.step_off(run, self._logs[run.id], act.at_ms).place or run.origin
                return [self._sighting(act, str(act.person), place)]
            case "here":
                return [self._sighting(act, str(act.person), str(act.place))]
            case "away":
                return [self._sighting(act, str(act.person), AWAY)]
            case _:
                return [self._sighting(act, person, run.destination, own=False) for person in self._rode(run)]

    def _rode(self, run: Run) -> list[str]:
        """Who is in a run, or came with it and was not seen since."""
        found = loads.load(run, day=self._day, logs=self._logs, store=self._store, at_ms=self._now_ms).riders
        brought = [one.person for one in found if one.letter in "ij" and one.how == "implied"]
        return sorted([*brought, *(one.person for one in found if one.stage == "aboard")])

    def _excuse(self, act: Act) -> None:
        if act.why == "away":
            self._record([self._sighting(act, str(act.person), AWAY)])
        elif act.why == "other-run" and act.to is not None:
            self._reseat(str(act.person), act.to, act.at_ms)

    def _reseat(self, person: str, run: str, at_ms: int) -> None:
        """Give a seat on another run of the transfer; one that was boarded since stays theirs."""
        transfer = self._day.programme.run(run).transfer
        held = self._store.seats(self._day.event, [person]).get((transfer, person))
        boarded_since = held is not None and held.at_ms > at_ms
        seat = Seat(
            told=run,
            run=held.run if held and boarded_since else run,
            at_ms=held.at_ms if held else -1,
            id=held.id if held else "",
        )
        self._store.put_seats(self._day.event, transfer, {person: seat})
        follow.touch_seats(self._day.event, store=self._store)

    # -- undoing -------------------------------------------------------------------------------------

    def _undo(self, act: Act) -> None:
        target = self._known.get(act.undoes or "") or self._earlier(act.undoes or "")
        if target is None:
            self._void_scan(act)  # perhaps a badge's; an act that is still to come is taken back when it does
        else:
            self._take_back(act, target)

    def _earlier(self, identity: str) -> Act | None:
        found = self._store.answered_acts([identity]).get(identity)
        return found[0] if found else None

    def _undo_late(self, fresh: Mapping[str, Act]) -> None:
        """Undos that came before what they take back."""
        for undo in self._store.undone(list(fresh)):
            self._take_back(undo, fresh[undo.undoes or ""])

    def _take_back(self, undo: Act, target: Act) -> None:
        if target.kind == "excuse" and target.why == "other-run" and target.person:
            self._reseat(target.person, target.run, undo.at_ms)
        own = {target.id: target.person} if target.person else {}
        persons = target.persons if target.kind == "vouch" else self._alighted(target)
        own |= {implied_id(target.id, target.kind, person): person for person in persons}
        voids = [self._void(undo, identity, person) for identity, person in own.items() if person]
        if target.kind == "aboard" and target.person:
            voids += self._again(undo, target.person, target.run, {target.id})
        self._record(voids)

    def _alighted(self, target: Act) -> list[str]:
        if target.kind != "alight":
            return []
        run = self._day.programme.run(target.run)
        known = self._store.visitors(self._day.event, run.id)
        stays = self._store.history(self._day.event, sorted(known))
        own = {implied_id(target.id, "alight", person).encode(): person for person in known}
        return [own[stay.id] for of in stays.values() for stay in of if stay.id in own]

    def _void_scan(self, act: Act) -> None:
        if act.person is None or act.undoes is None:
            return
        stays = self._store.history(self._day.event, [act.person])[act.person]
        if any(stay.id == act.undoes.encode() for stay in stays):
            void = self._void(act, act.undoes, act.person)
            self._record([void, *self._again(act, act.person, act.run, {act.undoes})])

    def _again(self, undo: Act, person: str, run: str, done: set[str]) -> list[Sighting]:
        """Voids for the same badge held twice: what put them in the run without leaving it in between."""
        stays = [s for s in self._store.history(self._day.event, [person])[person] if s.at_ms <= undo.at_ms]
        tail: list[Stay] = []
        for stay in reversed(stays):
            if stay.place != run:
                break
            tail.append(stay)
        return [self._void(undo, stay.id.decode(), person) for stay in tail if stay.id.decode() not in done]

    # -- sightings -----------------------------------------------------------------------------------

    def _sighting(self, act: Act, person: str, place: str, *, how: How = "manual", own: bool = True) -> Sighting:
        return Sighting(
            id=act.id if own else implied_id(act.id, act.kind, person),
            event=self._day.event,
            person=person,
            place=place,
            at_ms=act.at_ms,
            how=how,
            source=SOURCE,
        )

    def _void(self, undo: Act, identity: str, person: str) -> Sighting:
        run = self._day.programme.run(undo.run)
        return Sighting(
            id=implied_id(undo.id, "undo", identity),
            event=self._day.event,
            person=person,
            place=run.id,
            at_ms=undo.at_ms,
            how="manual",
            source=SOURCE,
            void=identity,
        )

    def _record(self, sightings: Sequence[Sighting]) -> None:
        fresh = self._store.record(sightings, self._now_ms)
        implied = follow.follow(fresh, day=self._day, logs=self._logs, store=self._store, received_ms=self._now_ms)
        self._sightings += [*fresh, *implied]

    # -- answering -----------------------------------------------------------------------------------

    def _kept(self, acts: Sequence[Act], effects: Sequence[bool]) -> dict[str, ActAnswer]:
        """Keep the acts with their answers; an act may change what another of the batch comes to."""
        riders: dict[str, dict[str, Rider]] = {}
        full: set[str] = set()
        for run in {act.run for act in acts if act.person or act.persons}:
            planned = self._day.programme.run(run)
            loaded = loads.load(planned, day=self._day, logs=self._logs, store=self._store, at_ms=self._now_ms)
            riders[run] = {rider.person: rider for rider in self._with(loaded.load, acts).riders()}
            seats = loads.vehicle_of(planned, self._logs[run], self._day).seats
            aboard = sum(rider.stage == "aboard" for rider in riders[run].values()) + loaded.marks.nameless
            full |= {run} if seats is not None and aboard > seats else set()
        answers = {
            act.id: self._answer(act, riders.get(act.run, {}), has_effect=has_effect, full=act.run in full)
            for act, has_effect in zip(acts, effects, strict=True)
        }
        kept = [(act, msgspec.json.encode(answers[act.id]).decode()) for act in acts]
        self._store.add_acts(self._day.event, kept, self._now_ms)
        return answers

    def _with(self, load: Coachload, acts: Sequence[Act]) -> Coachload:
        """The load with the acts of this batch, which are not stored yet."""
        known = self._store.acts(self._day.event, [load.run.id])
        both = standing([*known, *(act for act in acts if act.run == load.run.id)])
        return replace(load, marks=marks(both).get(load.run.id, NOTHING))

    def _answer(self, act: Act, riders: Mapping[str, Rider], *, has_effect: bool, full: bool) -> ActAnswer:
        rider = riders.get(act.person or "")
        flags: list[str] = []
        if act.kind == "aboard" and rider is not None:
            state = self._logs[act.run].for_scan(act.at_ms)
            flags += [flag for flag, is_so in (("full", full), ("departed", state in boarding.ON_THE_WAY)) if is_so]
            flags += {"d": ["not-listed"], "e": ["other-run"]}.get(rider.letter, [])
            flags += ["elsewhere"] if rider.elsewhere else []
        return ActAnswer(
            id=act.id,
            outcome="done" if has_effect else "kept",
            letter=rider.letter if rider else machine.BY_STEP[act.step].letter if act.step else None,
            flags=tuple(flags),
            why=None if has_effect else words.NO_EFFECT,
        )

    def _said(
        self,
        act: Act,
        before: Mapping[str, tuple[Act, str]],
        answers: Mapping[str, ActAnswer],
        refused: Mapping[str, ActAnswer],
    ) -> ActAnswer:
        if act.id in before:
            return _answer.decode(before[act.id][1])
        return refused.get(act.id) or answers[act.id]
