"""A batch of coach scans: read, judge in order, keep, answer (CONTRACT sections 2 to 4)."""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from shared import badge as codes
from shared import codec, instants, scans, seal
from shared.believed import believed
from shared.facts import Scan, Shown, Sighting, Text, Verdict
from shared.programme import Checkpoint, Run
from shared.scans import BadgeState, used_elsewhere
from transport.domain import acts, boarding, hands, words
from transport.domain.arrival import SOURCE
from transport.domain.boarding import Decision, Known, Load, Wheels
from transport.domain.day import Day
from transport.domain.needs import needs_wheelchair
from transport.domain.run import Log, State, Vehicle
from transport.domain.stays import Stay, place_before
from transport.handlers import agreeing, follow, loads, people, strays
from transport.handlers.strays import Answer, Came
from transport.ports import Aside, Card, Holder, KnownScan, ScanRow, Store

_verdict = msgspec.json.Decoder(Verdict)


class Read(NamedTuple):
    """A scan that could be read; `at_ms` is the moment it counts from, `content` what the same id must say again."""

    came: Came
    scan: Scan
    device_at_ms: int
    at_ms: int
    clock: bool
    badge: str
    content: str


@dataclass
class Judged:
    """What came of a batch: answers in the order of arrival, and new sightings, implied ones among them."""

    answers: list[Answer] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    clocks: dict[str, bool] = field(default_factory=dict)  # scanner: whether its clock needs a look


def take_scans(came: Sequence[Came], *, day: Day, logs: Mapping[str, Log], store: Store) -> Judged:
    """Judge and keep a batch of scans of one event; safe to run again with the same scans."""
    batch = _Batch(day, logs, store)
    reads = [batch.read(one) for one in came]
    batch.prepare([one for one in reads if isinstance(one, Read)])
    for one in reads:
        batch.judged.answers.append(one if isinstance(one, Answer) else batch.answer(one))
    store.add_scans(batch.rows)
    received_ms = max((one.received_ms for one in came), default=0)
    fresh = store.record(batch.sightings, received_ms)
    batch.used_elsewhere([one for one in reads if isinstance(one, Read)], fresh)
    again = batch.late([one for one in reads if isinstance(one, Read)])
    implied = follow.follow(fresh, day=day, logs=logs, store=store, received_ms=received_ms, reads=again)
    batch.judged.sightings = [*fresh, *implied]
    store.set_aside(batch.aside)
    return batch.judged


class _Batch:
    """The running view of one batch."""

    def __init__(self, day: Day, logs: Mapping[str, Log], store: Store) -> None:
        self.judged = Judged()
        self.rows: list[ScanRow] = []
        self.sightings: list[Sighting] = []
        self.aside: list[Aside] = []
        self._day = day
        self._logs = logs
        self._store = store
        self._answered: dict[str, KnownScan] = {}
        self._holders: Mapping[str, Holder] = {}
        self._sealed: dict[str, str] = {}
        self._stays: dict[str, list[Stay]] = {}
        self._seats: dict[tuple[str, str], str | None] = {}
        self._loads: dict[str, Load] = {}
        self._still_in: dict[str, int] = {}  # of the runs that arrived
        self._wheeled: dict[str, set[str]] = {}  # who of a run's listed needs a wheelchair place

    # -- reading -------------------------------------------------------------------------------------

    def read(self, came: Came) -> Read | Answer:
        """The scan in a payload and the moment it counts from, or why there is none."""
        try:
            scan, device_at_ms = codec.decode_scan(came.payload)
        except codec.Malformed as error:
            self._set_aside(came, "malformed", str(error))
            return Answer(came, None, str(error))
        at_ms, clock, alert = believed(
            device_at_ms,
            synced=scan.synced,
            age_ms=scan.age_ms,
            received_ms=came.received_ms,
            first_item_ms=self._day.programme.first_item_ms,
        )
        self.judged.clocks[came.scanner] = alert
        content = scans.content(scan, device_at_ms)
        return Read(came, scan, device_at_ms, at_ms, clock, codes.digest(scan.badge), content)

    def prepare(self, reads: Sequence[Read]) -> None:
        """Get from the store all that judging these scans needs."""
        event, store = self._day.event, self._store
        self._answered = dict(store.known_scans([one.scan.id for one in reads]))
        fresh = [one for one in reads if one.scan.id not in self._answered]
        self._holders = store.holders(event, sorted({one.badge for one in fresh}))
        persons = sorted({holder.person for holder in self._holders.values() if holder.event == event})
        self._sealed = {holder.person: holder.sealed for holder in self._holders.values() if holder.event == event}
        again = {known.person for known in self._answered.values() if known.person} - self._sealed.keys()
        self._sealed |= {card.person: card.sealed for card in store.cards(event, sorted(again))}
        self._stays = store.history(event, persons)
        self._seats = {key: seat.run for key, seat in store.seats(event, persons).items()}

    # -- judging -------------------------------------------------------------------------------------

    def answer(self, one: Read) -> Answer:
        """The verdict for a scan: the one it got before, or a new one."""
        before = self._answered.get(one.scan.id)
        if before is not None:
            if before.content != one.content:
                reason = f"scan {one.scan.id} came before with another badge, checkpoint or time: the first stands"
                self._set_aside(one.came, "conflict", reason)
            return Answer(one.came, self._shown(before))
        checkpoint = self._day.programme.index.checkpoints.get(one.scan.checkpoint)
        if checkpoint is None or checkpoint.coach is None:
            return self._elsewhere(one, checkpoint)
        state, holder = self._badge(one)
        run = boarding.run_of_scan(self._day.programme, self._logs, checkpoint.coach, one.at_ms)
        decision, known = self._decide(one, checkpoint, run, state, holder)
        line = self._line(decision, run, known) if holder else words.DESK
        if holder is not None and run is not None and decision.place is not None:
            self._move(one, holder.person, run, decision, known)
        return self._keep(one, self._verdict(one, checkpoint, run, decision, line), holder)

    def _badge(self, one: Read) -> tuple[BadgeState, Holder | None]:
        holder = self._holders.get(one.badge)
        if holder is None:
            return self._day.state_of_unknown(one.scan.badge), None
        if holder.event != self._day.event:
            return "wrong-event", None
        return ("revoked" if holder.revoked else "known"), holder

    def _decide(
        self, one: Read, checkpoint: Checkpoint, run: Run | None, badge: BadgeState, holder: Holder | None
    ) -> tuple[Decision, Known]:
        known = Known(is_aboard=False, seat=None, load=Load(None, 0, 0))
        if badge != "known" or holder is None:
            return boarding.refuse(badge), known
        if run is None:
            return Decision("refuse", "closed", None), known
        log, person = self._logs[run.id], holder.person
        before = place_before(self._stays[person], one.at_ms, one.scan.id.encode())
        wheelchair = self._rolls(person)
        load = self._with_wheels(run.id) if wheelchair or self._vehicle(run.id).wheelchair_seats != 1 else None
        seat = self._seats.get((run.transfer, person))
        known = Known(before == run.id, seat, load or self._load(run.id), wheelchair)
        if checkpoint.direction == "out":
            return boarding.step_off(run, log, one.at_ms), known
        return boarding.step_in(run, log.for_scan(one.at_ms), checkpoint.policy, known), known

    def _move(self, one: Read, person: str, run: Run, decision: Decision, known: Known) -> None:
        place = decision.place or run.id
        self._count(person, run, place, known)
        insort(self._stays[person], Stay(one.at_ms, one.scan.id.encode(), place))
        self.sightings.append(
            Sighting(
                id=one.scan.id,
                event=self._day.event,
                person=person,
                place=place,
                at_ms=one.at_ms,
                how="scanned",
                source=SOURCE,
                scan=one.scan.id,
            )
        )

    def _count(self, person: str, run: Run, place: str, known: Known) -> None:
        """Keep the loads right for the rest of this batch; what is stored follows from the sightings."""
        load = self._load(run.id)
        if place != run.id:
            self._loads[run.id] = load._replace(aboard=load.aboard - known.is_aboard)
            return
        self._loads[run.id] = load._replace(
            aboard=load.aboard + (not known.is_aboard), listed=load.listed + (known.seat != run.id)
        )
        if known.seat is not None and known.seat != run.id and known.seat in self._logs:
            there = self._load(known.seat)
            self._loads[known.seat] = there._replace(listed=there.listed - 1)
        self._seats[run.transfer, person] = run.id

    def _load(self, run: str) -> Load:
        """How full a run is; one that arrived holds those who came with it, so that late scans are judged fairly."""
        if run not in self._loads:
            listed, aboard = self._store.load(self._day.event, run)
            if self._logs[run].arrived_ms is not None:
                self._still_in[run] = aboard
                rode = self._store.standing(self._day.event, [run]).get(run, set())
                places = self._store.presence_of(self._day.event, sorted(rode))
                aboard += sum(places.get(person) != run for person in rode)  # somebody asleep in it is in it
            self._loads[run] = Load(self._vehicle(run).seats, listed, aboard, self._nameless(run))
        return self._loads[run]

    def _vehicle(self, run: str) -> Vehicle:
        return loads.vehicle_of(self._day.programme.run(run), self._logs[run], self._day)

    def _nameless(self, run: str) -> int:
        found = acts.marks(acts.standing(self._store.acts(self._day.event, [run]))).get(run)
        return found.nameless if found else 0

    def _rolls(self, person: str) -> bool:
        sealed = self._sealed.get(person)
        card = Card(person, frozenset(), sealed) if sealed is not None else None
        return card is not None and needs_wheelchair(people.opened(self._day, card).needs)

    def _with_wheels(self, run: str) -> Load:
        """The load with its wheelchairs, which takes opening the cards of everybody listed: only where it matters."""
        load, vehicle = self._load(run), self._vehicle(run)
        if run not in self._wheeled:
            cards = self._store.cards(self._day.event, sorted(self._store.listed(self._day.event, run)))
            self._wheeled[run] = {c.person for c in cards if needs_wheelchair(people.opened(self._day, c).needs)}
        places = self._store.presence_of(self._day.event, sorted(self._wheeled[run]))
        aboard = sum(place == run for place in places.values())
        wheels = Wheels(vehicle.wheelchairs, len(self._wheeled[run]), aboard, vehicle.wheelchair_seats)
        return load._replace(wheels=wheels)

    def _aboard(self, run: str) -> int:
        """How many are in a run now; whom it brought is at the destination, also whoever is heard of late."""
        load = self._load(run)
        return self._still_in.get(run, load.aboard)

    # -- answering -----------------------------------------------------------------------------------

    def _verdict(self, one: Read, checkpoint: Checkpoint, run: Run | None, decision: Decision, line: Text) -> Verdict:
        return Verdict(
            scan=one.scan.id,
            outcome=decision.outcome,
            reason=decision.reason,
            title=words.title(decision.outcome, decision.reason),
            line=line,
            place=run.id if run else str(checkpoint.coach),
            present=self._aboard(run.id) if run else 0,
            at=instants.to_text(one.at_ms),
        )

    def _line(self, decision: Decision, run: Run | None, known: Known) -> Text:
        state = self._logs[run.id].state if run else State.PLANNED
        return words.line(self._day.programme, decision, run, known.seat, state)

    def _elsewhere(self, one: Read, checkpoint: Checkpoint | None) -> Answer:
        """A checkpoint of no coach: set aside, but answered, or the scanner would ask for ever."""
        if checkpoint is None:
            kind, line, why = (
                "unknown-checkpoint",
                words.UNKNOWN_CHECKPOINT,
                "is not in the programme: load one with it",
            )
        else:
            kind, line, why = "wrong-topic", words.DOOR_CHECKPOINT, "is a door's: use scan/door"
        self._set_aside(one.came, kind, f"checkpoint {one.scan.checkpoint} {why}")
        return self._keep(one, strays.closed(one.scan.id, line, one.at_ms), None)

    # -- keeping -------------------------------------------------------------------------------------

    def _keep(self, one: Read, verdict: Verdict, holder: Holder | None) -> Answer:
        scan, came = one.scan, one.came
        person = holder.person if holder else None
        known = KnownScan(one.content, codec.encode(verdict).decode(), scan.checkpoint, person)
        self._answered[scan.id] = known
        self.rows.append(
            (
                scan.id,
                self._day.event,
                came.scanner,
                scan.checkpoint,
                one.badge,
                one.at_ms,
                one.device_at_ms,
                came.received_ms,
                scan.age_ms,
                scan.seq,
                scan.synced,
                one.clock,
                one.content,
                person,
                verdict.outcome,
                verdict.reason,
                known.verdict,
            )
        )
        return Answer(came, self._shown(known))

    def _shown(self, known: KnownScan) -> bytes:
        """The verdict as this checkpoint may show it: with the name only where that is turned on."""
        checkpoint = self._day.programme.index.checkpoints.get(known.checkpoint)
        sealed = self._sealed.get(known.person or "")
        if checkpoint is None or not checkpoint.show_name or known.person is None or sealed is None:
            return known.verdict.encode()
        try:
            personal = seal.unseal(sealed, person=known.person, key=self._day.seal_key)
        except seal.Unsealable:
            return known.verdict.encode()
        shown = Shown(personal.name, personal.organisation)
        return codec.encode(msgspec.structs.replace(_verdict.decode(known.verdict), person=shown))

    def used_elsewhere(self, reads: Sequence[Read], fresh: Sequence[Sighting]) -> None:
        """Set scans aside whose sighting was not new: the other service had one under the same id."""
        lost = {one.id for one in self.sightings} - {one.id for one in fresh}
        for one in reads if lost else ():
            if one.scan.id in lost:
                self._set_aside(one.came, "conflict", used_elsewhere(one.scan.id))

    def late(self, reads: Sequence[Read]) -> list[hands.Read]:
        """Badges to look at again: of whom one came in late, so that those read after it were judged without it."""
        came = [one for one in reads if one.came.received_ms - one.at_ms > hands.LATE_MS]
        points = self._day.programme.index.checkpoints
        coaches = {point.coach for one in came if (point := points.get(one.scan.checkpoint)) and point.coach}
        if not coaches:
            return []
        persons = {self._answered[one.scan.id].person for one in came}
        since_ms = min(one.at_ms for one in came)
        found = agreeing.read_in(coaches, since_ms, day=self._day, store=self._store)
        return [read for read in found if read.person in persons]

    def _set_aside(self, came: Came, kind: str, reason: str) -> None:
        self.aside.append(Aside(self._day.event, came.topic, came.payload, kind, reason, came.received_ms))
