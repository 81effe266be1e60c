"""A batch of door scans: read, judge in order, keep, answer (CONTRACT sections 2 to 4).

Cost per batch: two statements on PostgreSQL, a dozen on SQLite, whatever the number of scans; nothing grows with the
number of people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import msgspec

from checkin.domain import words
from checkin.domain.day import Day
from checkin.domain.door import Door
from checkin.domain.verdict import Decision, Known, decide
from checkin.domain.whereabouts import Stay, Whereabouts
from checkin.domain.whereto import NO_SEATS, Seats
from checkin.ports import Aside, Asked, Holder, KnownScan, ScanRow, ScanStore
from shared import badge as codes
from shared import codec, instants, scans
from shared.believed import believed
from shared.facts import Scan, Shown, Sighting, Text, Verdict
from shared.scans import BadgeState, used_elsewhere

SOURCE = "checkin"
NOBODY = Known(allowed=None, is_here=False, was_here=False, others=None)
_verdict = msgspec.json.Decoder(Verdict)


class Arrival(NamedTuple):
    """A message on a door's scan topic; `received_ms` is in the service's clock."""

    scanner: str
    topic: str
    payload: bytes
    received_ms: int


class Read(NamedTuple):
    """A scan that could be read; `at_ms` is the moment it counts from, `content` what the same id must say again."""

    arrival: Arrival
    scan: Scan
    device_at_ms: int
    at_ms: int
    clock: bool
    badge: str
    content: str


class Answer(NamedTuple):
    """What a scanner is told; `verdict` is None where no scan id could be read, and `problem` says why."""

    arrival: Arrival
    verdict: bytes | None
    problem: str | None = None


@dataclass
class Judged:
    """What came of a batch: answers in the order of the arrivals, and sightings that are new."""

    answers: list[Answer] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    set_aside: int = 0
    clocks: dict[str, bool] = field(default_factory=dict)  # scanner: whether its clock needs a look


def take_scans(arrivals: Sequence[Arrival], *, day: Day, store: ScanStore) -> Judged:
    """Judge and keep a batch of scans of one event; safe to run again with the same arrivals."""
    batch = _Batch(day, store)
    reads = [batch.read(arrival) for arrival in arrivals]
    batch.prepare([one for one in reads if isinstance(one, Read)])
    for one in reads:
        batch.judged.answers.append(one if isinstance(one, Answer) else batch.answer(one))
    received_ms = max((arrival.received_ms for arrival in arrivals), default=0)
    batch.judged.sightings = store.keep(batch.rows, batch.sightings, received_ms)
    batch.used_elsewhere([one for one in reads if isinstance(one, Read)])
    batch.judged.set_aside = store.set_aside(batch.aside)
    return batch.judged


class _Batch:
    """The running view of one batch."""

    def __init__(self, day: Day, store: ScanStore) -> None:
        self.judged = Judged()
        self.rows: list[ScanRow] = []
        self.sightings: list[Sighting] = []
        self.aside: list[Aside] = []
        self._day = day
        self._store = store
        self._first_ms = day.programme.first_item_ms
        self._answered: dict[str, KnownScan] = {}
        self._holders: Mapping[str, Holder] = {}
        self._seats: Mapping[str, Seats] = {}
        self._where = Whereabouts({}, {})

    # -- reading -------------------------------------------------------------------------------------

    def read(self, arrival: Arrival) -> Read | Answer:
        """The scan in a payload and the moment it counts from, or why there is none."""
        try:
            scan, device_at_ms = codec.decode_scan(arrival.payload)
        except codec.Malformed as error:
            self._set_aside(arrival, "malformed", str(error))
            return Answer(arrival, None, str(error))
        at_ms, clock, alert = believed(
            device_at_ms,
            synced=scan.synced,
            age_ms=scan.age_ms,
            received_ms=arrival.received_ms,
            first_item_ms=self._first_ms,
        )
        self.judged.clocks[arrival.scanner] = alert
        badge = codes.digest(scan.badge)
        return Read(arrival, scan, device_at_ms, at_ms, clock, badge, scans.content(scan, device_at_ms))

    def prepare(self, reads: Sequence[Read]) -> None:
        """Get from the store all that judging these scans needs."""
        if not reads:
            return
        event, doors = self._day.event, self._day.doors
        places = ((one, doors.get(one.scan.checkpoint)) for one in reads)
        asked = [Asked(one.scan.id, one.badge, door.place if door else "") for one, door in places]
        looked = self._store.look(event, asked)
        self._answered = dict(looked.known)
        self._holders, self._seats = looked.holders, looked.seats
        self._where = Whereabouts(looked.counts, looked.visits)
        fresh = [one for one in reads if one.scan.id not in self._answered]
        ours = [(one, holder) for one in fresh if (holder := self._holder(one)) is not None]
        late = {h.person for one, h in ours if h.stay is not None and h.stay[:2] > _order(one)}
        history = self._store.history(event, list(late))
        for _, holder in ours:
            stays = history.get(holder.person) or ([holder.stay] if holder.stay else [])
            self._where.know(holder.person, stays)

    def _holder(self, one: Read) -> Holder | None:
        holder = self._holders.get(one.badge)
        return holder if holder is not None and holder.event == self._day.event else None

    # -- judging -------------------------------------------------------------------------------------

    def answer(self, one: Read) -> Answer:
        """The verdict for a scan: the one it got before, or a new one."""
        before = self._answered.get(one.scan.id)
        if before is not None:
            if before.content != one.content:
                reason = f"scan {one.scan.id} came before with another badge, checkpoint or time: the first stands"
                self._set_aside(one.arrival, "conflict", reason)
            return Answer(one.arrival, self._shown(before))
        door = self._day.doors.get(one.scan.checkpoint)
        if door is None:
            return self._closed(one)
        state, holder = self._badge(one)
        decision = decide(door, one.at_ms, state, self._known(one, door, holder) if holder else NOBODY)
        if holder is not None and decision.place is not None:
            self._move(one, holder.person, decision.place)
        return self._keep(one, self._verdict(one, door, decision, holder), holder)

    def _badge(self, one: Read) -> tuple[BadgeState, Holder | None]:
        holder = self._holders.get(one.badge)
        if holder is None:
            return self._day.state_of_unknown(one.scan.badge), None
        if holder.event != self._day.event:
            return "wrong-event", None
        return ("revoked" if holder.revoked else "known"), holder

    def _known(self, one: Read, door: Door, holder: Holder) -> Known:
        where, person, order = self._where, holder.person, _order(one)
        stay = where.before(person, *order)
        is_in = stay is not None and stay.place in door.inside
        implied = is_in and stay is not None and stay.implied
        return Known(
            allowed=self._day.allowed(groups_of(holder.groups), one.at_ms),
            is_here=is_in and not implied,
            was_here=where.was_at(person, door.place, stay.at_ms if stay and implied else one.at_ms),
            others=None if where.is_late(person, *order) else where.others(door, person),
        )

    def _move(self, one: Read, person: str, place: str) -> None:
        scan = one.scan
        self._where.move(person, Stay(one.at_ms, scan.id.encode(), place, implied=False))
        self.sightings.append(
            Sighting(
                id=scan.id,
                event=self._day.event,
                person=person,
                place=place,
                at_ms=one.at_ms,
                how="scanned",
                source=SOURCE,
                scan=scan.id,
            )
        )

    def _verdict(self, one: Read, door: Door, decision: Decision, holder: Holder | None) -> Verdict:
        present = self._where.present(door)
        return Verdict(
            scan=one.scan.id,
            outcome=decision.outcome,
            reason=decision.reason,
            title=words.title(decision.outcome, decision.reason),
            line=self._line(one, door, decision, holder, present),
            place=door.place,
            present=present,
            at=instants.to_text(one.at_ms),
        )

    def _line(self, one: Read, door: Door, decision: Decision, holder: Holder | None, present: int) -> Text:
        if decision.reason == "full" and door.capacity is not None:
            return words.occupied(present, door.capacity)
        if holder is None or decision.reason in {"revoked", "closed"}:
            return words.DESK
        if decision.place == "away":
            return words.SAFE_JOURNEY
        seats = self._seats.get(holder.person, NO_SEATS)
        return self._day.line(door, groups_of(holder.groups), one.at_ms, seats)

    def _closed(self, one: Read) -> Answer:
        """A checkpoint that is no door of this day: set aside, but answered, or the scanner would ask for ever."""
        checkpoint = one.scan.checkpoint
        coach = checkpoint in self._day.programme.index.checkpoints
        kind, line = (
            ("wrong-topic", words.COACH_CHECKPOINT) if coach else ("unknown-checkpoint", words.UNKNOWN_CHECKPOINT)
        )
        where = "is in a coach: use scan/coach" if coach else "is not in the programme: load one that has it"
        self._set_aside(one.arrival, kind, f"checkpoint {checkpoint} {where}")
        return self._keep(one, closed(one.scan.id, line, one.at_ms), None)

    # -- keeping -------------------------------------------------------------------------------------

    def _keep(self, one: Read, verdict: Verdict, holder: Holder | None) -> Answer:
        scan, arrival = one.scan, one.arrival
        known = KnownScan(
            content=one.content,
            verdict=codec.encode(verdict).decode(),
            checkpoint=scan.checkpoint,
            name=holder.name if holder else None,
            organisation=holder.organisation if holder else None,
        )
        self._answered[scan.id] = known
        self.rows.append(
            (
                scan.id,
                self._day.event,
                arrival.scanner,
                scan.checkpoint,
                one.badge,
                one.at_ms,
                one.device_at_ms,
                arrival.received_ms,
                scan.age_ms,
                scan.seq,
                scan.synced,
                one.clock,
                one.content,
                holder.person if holder else None,
                verdict.outcome,
                verdict.reason,
                known.verdict,
            )
        )
        return Answer(arrival, self._shown(known))

    def _shown(self, known: KnownScan) -> bytes:
        """The verdict as this checkpoint may show it: with the name only where that is turned on."""
        door = self._day.doors.get(known.checkpoint)
        if door is None or not door.show_name or known.name is None:
            return known.verdict.encode()
        shown = Shown(known.name, known.organisation or "")
        return codec.encode(msgspec.structs.replace(_verdict.decode(known.verdict), person=shown))

    def used_elsewhere(self, reads: Sequence[Read]) -> None:
        """Set scans aside whose sighting was not new: the other service had one under the same id."""
        lost = {one.id for one in self.sightings} - {one.id for one in self.judged.sightings}
        for one in reads if lost else ():
            if one.scan.id in lost:
                self._set_aside(one.arrival, "conflict", used_elsewhere(one.scan.id))

    def _set_aside(self, arrival: Arrival, kind: str, reason: str) -> None:
        self.aside.append(Aside(self._day.event, arrival.topic, arrival.payload, kind, reason, arrival.received_ms))


def closed(scan: str, line: Text, at_ms: int) -> Verdict:
    """The answer to a scan at no door that is known here."""
    return Verdict(
        scan=scan,
        outcome="refuse",
        reason="closed",
        title=words.title("refuse", "closed"),
        line=line,
        place="",
        present=0,
        at=instants.to_text(at_ms),
    )


def _order(one: Read) -> tuple[int, bytes]:
    return (one.at_ms, one.scan.id.encode())


@lru_cache(maxsize=4096)
def groups_of(text: str) -> frozenset[str]:
    """The groups in a stored JSON array; the same set for the same text, as many people share a few."""
    return frozenset(msgspec.json.decode(text, type=list[str]))
