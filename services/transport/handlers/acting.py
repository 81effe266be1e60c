"""Acts: what coordinators' hands say, from pages that were perhaps offline (docs/runs.md).

Every act is kept. What it means is a step, or it follows from all acts on the run: sightings (domain/hands.py), a seat,
a number. So their order of coming in changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from shared import badge as codes
from shared.facts import Sighting, Text
from transport.domain import boarding, words
from transport.domain import gate as gates
from transport.domain import run as machine
from transport.domain.acts import Act
from transport.domain.day import Day
from transport.domain.riders import Rider
from transport.domain.run import Taken
from transport.handlers import agreeing, follow, loads, steps
from transport.handlers.sheet_shapes import ActAnswer
from transport.ports import Store

Outcome = Literal["done", "again", "kept", "refused"]
_answer = msgspec.json.Decoder(ActAnswer)


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
        answers = self._taken(list(fresh.values()))
        return Acted([self._said(act, before, answers, refused) for act in acts], self._sightings)

    def _taken(self, acts: Sequence[Act]) -> dict[str, ActAnswer]:
        """Keep them first, so that steps find what was said of the moments after them."""
        if not acts:
            return {}
        self._store.add_acts(self._day.event, [(act, "") for act in acts], self._now_ms)
        agreeing.kept(acts, event=self._day.event, store=self._store)
        effects = [self._step(act) if act.kind == "step" else True for act in acts]
        persons = self._concerned(acts)
        runs = {act.run for act in acts}
        self._sightings += follow.acted(
            persons, runs, day=self._day, logs=self._logs, store=self._store, received_ms=self._now_ms
        )
        answers = self._answers(acts, effects)
        kept = [(act, msgspec.json.encode(answers[act.id]).decode()) for act in acts]
        self._store.add_acts(self._day.event, kept, self._now_ms)
        return answers

    def _concerned(self, acts: Sequence[Act]) -> set[str]:
        """Of whom these acts say something, also by taking back what was said."""
        undone = [act.undoes for act in acts if act.kind == "undo" and act.undoes is not None]
        targets = [act for act, _ in self._store.answered_acts(undone).values()]
        scans = self._store.known_scans(undone).values()
        persons = {scan.person for scan in scans if scan.person is not None}
        for act in (*acts, *targets):
            persons |= {*act.persons, *((act.person,) if act.person is not None else ())}
            persons |= self._store.visitors(self._day.event, act.run) if act.kind == "alight" else set()
        return persons

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
        if act.to is not None and not self._is_other_run(act):
            return act, words.SAME_TRANSFER
        trouble = self._undo_trouble(act) if act.kind == "undo" and act.undoes else None
        if trouble is not None:
            return act, trouble
        if act.badge is not None:
            return self._badge(act)
        wanted = {act.person, *act.persons} - {None}
        known = {card.person for card in self._store.cards(self._day.event, sorted(map(str, wanted)))}
        return act, None if wanted <= known else words.NO_SUCH_PERSON

    def _is_other_run(self, act: Act) -> bool:
        """Whether the run that is to take somebody is one of the same transfer, and not this one."""
        programme = self._day.programme
        return act.to != act.run and programme.run(str(act.to)).transfer == programme.run(act.run).transfer

    def _undo_trouble(self, act: Act) -> Text | None:
        """Why an undo cannot be: of an act on another run, or of a step."""
        for target, _ in self._store.answered_acts([str(act.undoes)]).values():
            if target.run != act.run:
                return words.NOT_YOURS
            if target.kind == "step":
                return words.NO_UNDO
        return None

    def _badge(self, act: Act) -> tuple[Act, Text | None]:
        digest = codes.digest(act.badge or "")
        holder = self._store.holders(self._day.event, [digest]).get(digest)
        if holder is None:
            return act, words.why(self._day.state_of_unknown(act.badge or ""))
        if holder.event != self._day.event or holder.revoked:
            return act, words.why("revoked" if holder.event == self._day.event else "wrong-event")
        return replace(act, person=holder.person, badge=digest), None

    # -- doing ---------------------------------------------------------------------------------------

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

    # -- answering -----------------------------------------------------------------------------------

    def _answers(self, acts: Sequence[Act], effects: Sequence[bool]) -> dict[str, ActAnswer]:
        """By id; an act may change what another of the batch comes to."""
        riders: dict[str, dict[str, Rider]] = {}
        full: set[str] = set()
        for run in {act.run for act in acts if act.person or act.persons}:
            planned = self._day.programme.run(run)
            loaded = loads.load(planned, day=self._day, logs=self._logs, store=self._store, at_ms=self._now_ms)
            riders[run] = {rider.person: rider for rider in loaded.riders}
            seats = loads.vehicle_of(planned, self._logs[run], self._day).seats
            aboard = sum(rider.stage == "aboard" for rider in loaded.riders) + loaded.marks.nameless
            full |= {run} if seats is not None and aboard > seats else set()
        return {
            act.id: self._answer(act, riders.get(act.run, {}), has_effect=has_effect, full=act.run in full)
            for act, has_effect in zip(acts, effects, strict=True)
        }

    def _answer(self, act: Act, riders: Mapping[str, Rider], *, has_effect: bool, full: bool) -> ActAnswer:
        rider = riders.get(act.person or "")
        flags = ["unsettled"] if has_effect and act.step in {"depart", "close"} and self._is_unsettled(act) else []
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

    def _is_unsettled(self, act: Act) -> bool:
        """Whether a run left or was closed while its gate was not open: it happened, and is said (docs/runs.md)."""
        if act.step == "depart" and act.reason.strip():
            return False
        run = self._day.programme.run(act.run)
        loaded = loads.load(run, day=self._day, logs=self._logs, store=self._store, at_ms=self._now_ms)
        if act.step == "depart":
            left = any(rider.letter == "h" for rider in loaded.riders)
            return left or loads.difference(loaded) != 0
        return not act.empty or bool(gates.unsettled(loaded.riders, loaded.marks, loads.difference(loaded)))

    def _said(
        self,
        act: Act,
        before: Mapping[str, tuple[Act, str]],
        answers: Mapping[str, ActAnswer],
        refused: Mapping[str, ActAnswer],
    ) -> ActAnswer:
        if act.id in before:
            known, answer = before[act.id]
            if (known.run, known.kind, known.step, known.undoes) != (act.run, act.kind, act.step, act.undoes):
                return ActAnswer(id=act.id, outcome="refused", why=words.OTHER_CONTENT)
            return _answer.decode(answer)
        return refused.get(act.id) or answers[act.id]
