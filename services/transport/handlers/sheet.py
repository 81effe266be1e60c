"""One run, whole: what the coordinator's page shows, and goes on with when the network is gone (docs/runs.md)."""

from collections import Counter
from collections.abc import Mapping, Sequence

from shared import instants
from shared.facts import AWAY, UNDERWAY, Personal, Text
from shared.programme import Checkpoint, Run
from transport.domain import conflicts, times
from transport.domain import gate as gates
from transport.domain import run as machine
from transport.domain.acts import Act
from transport.domain.day import Day
from transport.domain.gate import Gate
from transport.domain.needs import needs_wheelchair
from transport.domain.riders import WAITED_FOR, Rider
from transport.domain.run import State, Vehicle
from transport.domain.stays import Stay
from transport.domain.times import Times
from transport.handlers import loads, people, states
from transport.handlers.loads import Loaded
from transport.handlers.sheet_shapes import (
    ActLine,
    Allowed,
    At,
    CoachLine,
    ConflictLine,
    ConflictRun,
    ExcuseLine,
    GateLine,
    LastCall,
    LastSeen,
    LikelyLine,
    NextRun,
    Party,
    PartyLine,
    PartyPerson,
    PrintLine,
    RiderLine,
    RunNumbers,
    RunTimes,
    Sheet,
    ThreeTimes,
    Touches,
)
from transport.ports import Card, Store

OPEN = frozenset({State.PLANNED, State.BOARDING, State.LAST_CALL})
RECENT = 30  # acts on the page


def sheet(run_id: str, *, day: Day, store: Store, now_ms: int) -> Sheet:
    """All of a run now. Raises KeyError when it is not in the programme."""
    return _Maker(run_id, day, store, now_ms).sheet()


def last_call(run_id: str, *, day: Day, store: Store, now_ms: int) -> LastCall:
    """The wait-or-go card of a run. Raises KeyError when it is not in the programme."""
    return _Maker(run_id, day, store, now_ms).last_call()


def party(run_id: str, party_id: str, *, day: Day, store: Store, now_ms: int) -> Party | None:
    """A party on a run, for its own contact; None when nobody of it is listed. Raises KeyError for an unknown run."""
    return _Maker(run_id, day, store, now_ms).party(party_id)


def times_line(found: Times) -> RunTimes:
    """The times of a run, as JSON."""
    return RunTimes(
        open=_moment(found.open), depart=_moment(found.depart), arrive=_moment(found.arrive), late_ms=found.late_ms
    )


def coach_line(vehicle: Vehicle, day: Day, *, replaced: bool) -> CoachLine:
    """A coach, as JSON."""
    planned = day.programme.index.coaches.get(vehicle.coach)
    return CoachLine(
        coach=vehicle.coach,
        name=vehicle.name,
        plate=vehicle.plate,
        operator=(planned.operator or "") if planned else "",
        phone=vehicle.phone,
        seats=vehicle.seats,
        wheelchairs=vehicle.wheelchairs,
        replaced=replaced,
    )


def _moment(moment: times.Moment) -> ThreeTimes:
    return ThreeTimes(
        planned=instants.to_text(moment.planned_ms),
        estimated=instants.to_text(moment.estimated_ms),
        real=None if moment.real_ms is None else instants.to_text(moment.real_ms),
    )


class _Maker:
    """One run with all that is asked of it."""

    def __init__(self, run_id: str, day: Day, store: Store, now_ms: int) -> None:
        self._day, self._store, self._now_ms = day, store, now_ms
        self._run = day.programme.run(run_id)
        self._logs = day.logs(store.steps(day.event))
        self._log = self._logs[run_id]
        self._loaded: Loaded = loads.load(self._run, day=day, logs=self._logs, store=store, at_ms=now_ms)
        self._riders = self._loaded.riders
        self._marks = self._loaded.marks
        self._vehicle = loads.vehicle_of(self._run, self._log, day)
        self._cards: dict[str, Card] = {c.person: c for c in store.cards(day.event, [r.person for r in self._riders])}
        self._personal: dict[str, Personal] = {p: people.opened(day, card) for p, card in self._cards.items()}

    # -- the three answers ---------------------------------------------------------------------------

    def sheet(self) -> Sheet:
        """The whole sheet."""
        run, gate, estimated = self._run, gates.gate(self._riders, self._marks), self._estimated()
        checkpoint = self._checkpoint()
        prints = self._store.prints(self._day.event, run.id)
        return Sheet(
            run=run.id,
            name=run.name,
            transfer=run.transfer,
            leg=run.leg,
            kerb=run.kerb or "",
            rev=sum(int(n or 0) for n in self._store.fingerprint(self._day.event)),
            at=instants.to_text(self._now_ms),
            origin=self._place(run.origin),
            destination=self._place(run.destination),
            coach=coach_line(self._vehicle, self._day, replaced=self._log.vehicle is not None),
            checkpoint=checkpoint.id if checkpoint else None,
            policy=checkpoint.policy if checkpoint else "advise",
            state=self._log.state.value,
            allowed=tuple(Allowed(letter=machine.BY_STEP[s].letter, step=s) for s in machine.allowed(self._log)),
            times=times_line(estimated[run.id]),
            numbers=self._numbers(gate),
            persons=self._persons({person: row for one in prints for row, person in one.rows}),
            parties=self._parties(),
            conflicts=self._conflicts(),
            gate=self._gate(gate),
            next=self._next(estimated),
            touches=self._touches(estimated[run.id]),
            acts=self._acts(),
            print=PrintLine(nth=prints[-1].nth, at=instants.to_text(prints[-1].at_ms)) if prints else None,
            coaches=self._spare(),
        )

    def last_call(self) -> LastCall:
        """Who is missing, and what waiting or going means."""
        estimated = self._estimated()
        missing = [rider for rider in self._riders if rider.letter in WAITED_FOR]
        return LastCall(
            run=self._run.id,
            name=self._run.name,
            state=self._log.state.value,
            at=instants.to_text(self._now_ms),
            depart=_moment(estimated[self._run.id].depart),
            missing_count=len(missing),
            missing=tuple(
                sorted((self._last_seen(r) for r in missing), key=lambda one: (one.name.casefold(), one.person))
            ),
            next=self._next(estimated),
            touches=self._touches(estimated[self._run.id]),
        )

    def party(self, party_id: str) -> Party | None:
        """The people of one organisation."""
        own = [rider for rider in self._riders if self._party(rider.person) == party_id]
        if not own:
            return None
        persons = [
            PartyPerson(person=rider.person, name=self._name(rider.person), state=rider.stage)
            for rider in sorted(own, key=lambda rider: (self._name(rider.person).casefold(), rider.person))
        ]
        return Party(
            run=self._run.id,
            party=party_id,
            name=self._personal[own[0].person].organisation,
            run_name=self._run.name,
            kerb=self._run.kerb or "",
            state=self._log.state.value,
            depart=_moment(self._estimated()[self._run.id].depart),
            listed=len(own),
            aboard=sum(rider.stage in {"aboard", "arrived"} for rider in own),
            persons=tuple(persons),
        )

    # -- numbers -------------------------------------------------------------------------------------

    def _numbers(self, gate: Gate) -> RunNumbers:
        letters = Counter(rider.letter for rider in self._riders)
        stages = Counter(rider.stage for rider in self._riders)
        aboard = [rider for rider in self._riders if rider.stage == "aboard"]
        certain = [rider for rider in aboard if rider.letter != "l"]
        return RunNumbers(
            seats=self._vehicle.seats,
            listed=len(self._loaded.load.seats),
            aboard=len(aboard),
            scanned=sum(rider.how == "scanned" for rider in certain),
            manual=sum(rider.how != "scanned" for rider in certain),
            provisional=letters["l"],
            nameless=self._marks.nameless,
            to_come=stages["listed"] + stages["off"],
            excused=stages["excused"],
            left_behind=stages["left-behind"],
            arrived=stages["arrived"],
            unconfirmed=stages["unconfirmed"],
            free=self._free(),
            wheelchairs=self._vehicle.wheelchairs,
            wheelchairs_free=max(0, self._vehicle.wheelchairs - sum(map(self._rolls, self._holding()))),
            counted=self._marks.counted,
            difference=loads.difference(self._loaded) if self._log.on_the_road else gate.difference,
            settled=self._marks.settled,
        )

    def _holding(self) -> set[str]:
        """Who holds a place: in the run, and until last call whoever is listed and still to come."""
        aboard = {rider.person for rider in self._riders if rider.stage == "aboard"}
        waits = self._log.state in {State.PLANNED, State.BOARDING}
        return aboard | ({rider.person for rider in self._riders if rider.letter in WAITED_FOR} if waits else set())

    def _free(self) -> int | None:
        if self._vehicle.seats is None:
            return None
        taken = sum(self._vehicle.wheelchair_seats if self._rolls(person) else 1 for person in self._holding())
        return max(0, self._vehicle.seats - taken - self._marks.nameless)

    # -- people --------------------------------------------------------------------------------------

    def _persons(self, rows: Mapping[str, int]) -> tuple[RiderLine, ...]:
        """By name; a person keeps the row number of any print, who is new gets the next."""
        badges = self._store.badges(self._day.event, [rider.person for rider in self._riders])
        ordered = sorted(self._riders, key=lambda rider: (self._name(rider.person).casefold(), rider.person))
        fresh = iter(range(max(rows.values(), default=0) + 1, 10_000))
        return tuple(
            self._line(rider, rows.get(rider.person) or next(fresh), badges.get(rider.person, ())) for rider in ordered
        )

    def _line(self, rider: Rider, row: int, digests: tuple[str, ...]) -> RiderLine:
        personal, seen = self._personal.get(rider.person, people.NOBODY), self._last_seen(rider)
        excuse = rider.excuse
        return RiderLine(
            row=row,
            person=rider.person,
            name=personal.name,
            organisation=personal.organisation,
            party=people.party(personal.organisation),
            phone=personal.phone,
            needs=personal.needs,
            wheelchair=needs_wheelchair(personal.needs),
            together=people.together(self._day.programme, self._groups(rider.person)),
            letter=rider.letter,
            state=rider.stage,
            how=rider.how,
            provisional=rider.letter == "l",
            at=None if rider.at_ms is None else instants.to_text(rider.at_ms),
            told=rider.told,
            elsewhere=rider.elsewhere,
            excuse=None
            if excuse is None
            else ExcuseLine(
                why=excuse.why, to=excuse.to, by=excuse.by, at=instants.to_text(excuse.at_ms), act=excuse.id
            ),
            act=rider.sighting,
            last_place=seen.last_place,
            last_place_name=seen.last_place_name,
            last_at=seen.last_at,
            digests=digests,
        )

    def _last_seen(self, rider: Rider) -> LastSeen:
        personal = self._personal.get(rider.person, people.NOBODY)
        stays = self._loaded.load.stays.get(rider.person, ())
        located = next((stay.place for stay in reversed(stays) if stay.place not in {UNDERWAY, AWAY}), None)
        return LastSeen(
            person=rider.person,
            name=personal.name,
            organisation=personal.organisation,
            phone=personal.phone,
            wheelchair=needs_wheelchair(personal.needs),
            last_place=located,
            last_place_name=self._place(located).name if located else "",
            last_at=instants.to_text(stays[-1].at_ms) if stays else None,
        )

    def _parties(self) -> tuple[PartyLine, ...]:
        by_party: dict[str, list[Rider]] = {}
        for rider in self._riders:
            if rider.person in self._loaded.load.seats and self._party(rider.person):
                by_party.setdefault(self._party(rider.person), []).append(rider)
        lines = [
            PartyLine(
                party=party_id,
                name=self._personal[of[0].person].organisation,
                listed=len(of),
                aboard=sum(rider.stage in {"aboard", "arrived"} for rider in of),
            )
            for party_id, of in by_party.items()
        ]
        return tuple(sorted(lines, key=lambda line: (line.name.casefold(), line.party)))

    def _conflicts(self) -> tuple[ConflictLine, ...]:
        runs = {run.id for run in self._day.programme.runs_of_transfer(self._run.transfer)}
        persons = self._store.visitors(self._day.event, self._run.id)
        stays = {person: self._loaded.load.stays.get(person, ()) for person in persons}
        found = [
            one for one in conflicts.conflicts(stays, runs) if self._run.id in {one.earlier.place, one.later.place}
        ]
        cards = self._store.cards(self._day.event, [one.person for one in found])
        names = {card.person: people.opened(self._day, card).name for card in cards}
        return tuple(
            ConflictLine(
                person=one.person,
                name=names.get(one.person, ""),
                runs=(self._conflict_run(one.earlier), self._conflict_run(one.later)),
                stands=one.later.place,
            )
            for one in found
        )

    def _conflict_run(self, stay: Stay) -> ConflictRun:
        run = self._day.programme.run(stay.place)
        return ConflictRun(run=run.id, name=run.name, at=instants.to_text(stay.at_ms))

    def _gate(self, gate: Gate) -> GateLine:
        likely = loads.likely(self._loaded, gate, day=self._day, store=self._store)
        return GateLine(
            open=gate.is_open,
            counted=gate.counted,
            aboard=gate.aboard,
            nameless=gate.nameless,
            difference=gate.difference,
            to_settle=gate.to_settle,
            likely=tuple(LikelyLine(person=one.person, why=one.why) for one in likely),
        )

    # -- around the run ------------------------------------------------------------------------------

    def _estimated(self) -> dict[str, Times]:
        """Of this run and of those that leave after it."""
        runs = [self._run.id, *(run.id for run in self._ahead())]
        return states.estimated(runs, day=self._day, logs=self._logs, store=self._store, at_ms=self._now_ms)[0]

    def _next(self, estimated: Mapping[str, Times]) -> tuple[NextRun, ...]:
        """The runs of this leg that leave after this one, or have not left."""
        return tuple(self._next_line(run, estimated[run.id]) for run in self._ahead())

    def _ahead(self) -> list[Run]:
        others = [r for r in self._day.programme.runs_of_leg(self._run.leg) if r.id != self._run.id]
        return [run for run in others if self._logs[run.id].state in OPEN]

    def _next_line(self, run: Run, estimated: Times) -> NextRun:
        free, wheelchairs_free = self._store.per_run(run.id, "room", lambda: self._room(run))
        return NextRun(
            run=run.id,
            name=run.name,
            depart=instants.to_text(estimated.depart.estimated_ms),
            free=free,
            wheelchairs_free=wheelchairs_free,
        )

    def _room(self, run: Run) -> tuple[int | None, int]:
        """The seats and wheelchair places that another run has left."""
        loaded = loads.load(run, day=self._day, logs=self._logs, store=self._store, at_ms=self._now_ms)
        vehicle = loads.vehicle_of(run, self._logs[run.id], self._day)
        holding = {rider.person for rider in loaded.riders if rider.stage == "aboard" or rider.letter in WAITED_FOR}
        cards = self._store.cards(self._day.event, sorted(holding))
        rolling = sum(needs_wheelchair(people.opened(self._day, card).needs) for card in cards)
        taken = len(holding) + rolling * (vehicle.wheelchair_seats - 1) + loaded.marks.nameless
        return (
            None if vehicle.seats is None else max(0, vehicle.seats - taken),
            max(0, vehicle.wheelchairs - rolling),
        )

    def _touches(self, estimated: Times) -> tuple[Touches, ...]:
        excused = {rider.person for rider in self._riders if rider.stage == "excused"}
        groups = [self._groups(person) for person in self._loaded.load.seats - excused]
        return tuple(
            Touches(
                item=one.item,
                title=Text(one.title.nl, one.title.en),
                start=instants.to_text(one.start_ms),
                late_ms=one.late_ms,
                people=one.people,
            )
            for one in times.touched(self._day.programme, self._run, estimated, groups)
        )

    def _acts(self) -> tuple[ActLine, ...]:
        known: Sequence[Act] = sorted(self._loaded.acts, key=lambda act: act.order, reverse=True)
        gone = {act.undoes for act in known if act.kind == "undo"}
        return tuple(
            ActLine(
                id=act.id,
                kind=act.step or act.kind,
                person=act.person,
                at=instants.to_text(act.at_ms),
                by=act.name,
                undone=act.id in gone,
            )
            for act in known[:RECENT]
        )

    def _spare(self) -> tuple[CoachLine, ...]:
        """Coaches of the programme that drive no run now or later: relief coaches."""
        busy = {
            loads.vehicle_of(run, self._logs[run.id], self._day).coach
            for run in self._day.programme.runs
            if self._logs[run.id].state not in {State.ARRIVED, State.CLOSED, State.CANCELLED}
        }
        return tuple(
            coach_line(
                Vehicle(
                    coach=coach.id,
                    name=coach.name,
                    seats=coach.seats,
                    wheelchairs=coach.wheelchairs,
                    wheelchair_seats=coach.wheelchair_seats,
                    plate=coach.plate or "",
                    phone=coach.phone or "",
                ),
                self._day,
                replaced=False,
            )
            for coach in self._day.programme.coaches
            if coach.id not in busy
        )

    def _checkpoint(self) -> Checkpoint | None:
        """Where badges are read into this run: in the coach that takes it, else in the one that was planned."""
        points = [point for point in self._day.programme.checkpoints if point.coach and point.direction == "in"]
        by_coach = {point.coach: point for point in points}
        return by_coach.get(self._vehicle.coach) or by_coach.get(self._run.coach)

    # -- words ---------------------------------------------------------------------------------------

    def _place(self, place: str) -> At:
        found = self._day.programme.index.places.get(place)
        return At(place=place, name=found.name if found else place)

    def _name(self, person: str) -> str:
        return self._personal.get(person, people.NOBODY).name

    def _party(self, person: str) -> str:
        return people.party(self._personal.get(person, people.NOBODY).organisation)

    def _groups(self, person: str) -> frozenset[str]:
        card = self._cards.get(person)
        return card.groups if card else frozenset()

    def _rolls(self, person: str) -> bool:
        return needs_wheelchair(self._personal.get(person, people.NOBODY).needs)
