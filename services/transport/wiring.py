"""The composition root of transport: the only place that builds things, and that owns clock and ids."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from shared import errors, ids, instants, topics
from shared.alerts import feedback
from shared.facts import RunState
from shared.figures import Figures
from shared.ingest import Ingest
from shared.mqtt import Link
from shared.programme import Programme, load_programme
from shared.sql import outbox
from shared.sql.engine import make_engine, reading, writing
from shared.sql.figures import figures
from shared.sql.migrate import migrate
from transport.adapters import feed, trackers
from transport.adapters.consumer import SEEN, Consumer
from transport.adapters.days import Days
from transport.adapters.memory import Memories, Remembered
from transport.adapters.planner import Planner
from transport.adapters.retained import Retained
from transport.adapters.runs import KeptSteps
from transport.adapters.store import SqlStore
from transport.adapters.watch import Watch
from transport.domain import row_numbers
from transport.domain.acts import Act
from transport.domain.day import Day
from transport.domain.row_numbers import Rows
from transport.domain.tracker import Position
from transport.feeds.model import Feed
from transport.handlers import acting, allocations, dispatch, follow, programme, scans, seats, states, steps, views
from transport.handlers import sheet as sheets
from transport.handlers.allocation_shapes import Proposal
from transport.handlers.allocations import Impossible, Wish
from transport.handlers.dispatch_shapes import Dispatch, DispatchCoach
from transport.handlers.programme import Loaded
from transport.handlers.seats import Planned
from transport.handlers.shapes import AsideLine, AsideList, PassengerList, TransferLine, TransferView
from transport.handlers.sheet_shapes import ActAnswer, LastCall, Party, Sheet
from transport.handlers.steps import Asked, Refused, Stepped
from transport.handlers.strays import Answer, Came
from transport.paper.model import Print
from transport.ports import PrintRow
from transport.settings import Settings

SCHEMA = "transport"
FAMILY = "transport-ingest-"
SCRIPTS = Path(__file__).parent / "migrations"
_log = structlog.get_logger(__name__)


class NothingLoaded(errors.NothingLoaded):
    """There is no event yet: load a programme first (`inloop load programme FILE`)."""


@dataclass(frozen=True, kw_only=True)
class Health:
    """`ingest_age_ms` is real time since the consumer's last sign of life, None when it never gave one."""

    database: bool
    ingest_age_ms: int | None


@dataclass
class Transport:
    """The service, for pages, command line and tests. It connects at first use."""

    settings: Settings
    engine: Engine
    _days: Days = field(init=False)
    _days_lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _memories: Memories = field(default_factory=Memories, init=False)
    _memories_lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _steps: KeptSteps = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._days = Days(self.settings.secrets)

    # -- setting up ----------------------------------------------------------------------------------

    def migrate(self) -> None:
        """Bring the tables up to date; safe to call at every start."""
        migrate(self.engine, schema=SCHEMA, scripts=SCRIPTS)

    def load_programme(self, raw: bytes) -> Loaded:
        """Load the bytes of a programme.yaml. Raises ProgrammeErrors with every mistake, and changes nothing then."""
        read = load_programme(raw)
        self.settings.secrets.event_keys(read.event)  # made now, so that every process finds it
        with writing(self.engine) as connection:
            return programme.load(read, store=SqlStore(connection), now_ms=self._now_ms())

    # -- reading -------------------------------------------------------------------------------------

    @property
    def event(self) -> str:
        """The event of the settings, else the one loaded last, else empty."""
        if self.settings.event is not None:
            return self.settings.event
        with reading(self.engine) as connection:
            return SqlStore(connection).loaded_last()

    def programme(self) -> Programme:
        """The programme as it is loaded now. Raises NothingLoaded."""
        with self._now() as (day, _):
            return day.programme

    def transfers(self) -> list[TransferLine]:
        """The transfers of the day with their runs, in the order of the programme."""
        with self._remembered() as (day, store):
            return views.transfers(day=day, store=store, now_ms=self._now_ms())

    def transfer(self, transfer: str, at_ms: int | None = None, known_ms: int | None = None) -> TransferView | None:
        """One transfer with everybody's names, now or at a moment of the past; None when there is none with this id.

        `known_ms`: by what was known then, and not by what came in later.
        """
        if at_ms is None and known_ms is None:
            now = self.transfer_now(transfer, sees=lambda _: True, everybody=True)
            return None if now is None else msgspec.json.decode(now, type=TransferView)
        with self._now() as (day, store):
            if transfer not in day.programme.index.transfers:
                return None
            now_ms = self._now_ms()
            return views.transfer(transfer, day=day, store=store, at_ms=at_ms, now_ms=now_ms, known_ms=known_ms)

    def transfer_now(self, transfer: str, *, sees: Callable[[str], bool], everybody: bool) -> bytes | None:
        """One transfer now, as the JSON of a TransferView; None when there is none with this id.

        With names of the runs that `sees` allows, or of everybody.
        """
        with self._remembered() as (day, store):
            if transfer not in day.programme.index.transfers:
                return None
            without = store.without_seat(day.event, transfer)
            return self._memories.of(day).transfer(transfer).body(without, sees=sees, everybody=everybody)

    def run(self, run: str) -> RunState | None:
        """How a run is; None when there is none with this id."""
        with self._remembered() as (day, store):
            if run not in day.programme.index.runs:
                return None
            logs = day.logs(store.steps(day.event))
            return states.run_state(run, day=day, logs=logs, store=store, at_ms=self._now_ms())

    def passengers(self, run: str) -> PassengerList | None:
        """The passenger list of a run with names; None when there is no such run."""
        with self._remembered() as (day, store):
            planned = day.programme.index.runs.get(run)
            if planned is None:
                return None
            live = self._memories.of(day).transfer(planned.transfer).live
            return views.passenger_list(run, live, day=day, store=store, now_ms=self._now_ms())

    def sheet(self, run: str) -> Sheet | None:
        """All of a run with names; None when there is no such run."""
        with self._remembered() as (day, store):
            if run not in day.programme.index.runs:
                return None
            return sheets.sheet(run, day=day, store=store, now_ms=self._now_ms())

    def last_call(self, run: str) -> LastCall | None:
        """The wait-or-go card of a run; None when there is no such run."""
        with self._remembered() as (day, store):
            if run not in day.programme.index.runs:
                return None
            return sheets.last_call(run, day=day, store=store, now_ms=self._now_ms())

    def party(self, run: str, party: str) -> Party | None:
        """A party on a run; None when nobody of it is listed there."""
        with self._remembered() as (day, store):
            return sheets.party(run, party, day=day, store=store, now_ms=self._now_ms())

    def prints(self, run: str) -> list[Print]:
        """The passenger lists of a run that were printed, in order."""
        with self._now() as (day, store):
            return [Print(nth=p.nth, at_ms=p.at_ms, rows=p.rows) for p in store.prints(day.event, run)]

    def proposals(self, transfer: str) -> list[Proposal]:
        """The allocations that were proposed for a transfer, newest first."""
        with self._now() as (day, store):
            return allocations.proposals(transfer, day=day, store=store)

    def proposal(self, allocation: str) -> Proposal | Impossible:
        """One of them, or why there is none."""
        with self._now() as (day, store):
            return allocations.one(allocation, day=day, store=store)

    def dispatch(self) -> Dispatch:
        """All runs, coaches and free seats, and what needs a decision."""
        with self._remembered() as (day, store):
            return dispatch.dispatch(day=day, store=store, now_ms=self._now_ms())

    def coaches(self) -> Sequence[DispatchCoach]:
        """Every coach with its next run and where it is."""
        with self._remembered() as (day, store):
            return dispatch.coaches(day=day, store=store, now_ms=self._now_ms())

    def feed(self) -> Feed:
        """The day in numbers, for travel planners and the record."""
        with self._remembered() as (day, store):
            return feed.feed(day=day, store=store, now_ms=self._now_ms())

    def health(self) -> Health:
        """Whether the database answers, and when the consumer was last seen."""
        try:
            with reading(self.engine) as connection:
                seen = outbox.get_meta(connection, SEEN)
        except SQLAlchemyError:
            return Health(database=False, ingest_age_ms=None)
        return Health(database=True, ingest_age_ms=None if seen is None else _real_ms() - int(seen))

    def quarantined(self, limit: int) -> AsideList:
        """What could not be used, newest first."""
        with self._now() as (day, store):
            found = outbox.quarantined(store.connection, day.event, limit=limit)
        return AsideList(
            messages=tuple(
                AsideLine(
                    id=one.id,
                    topic=one.topic,
                    kind=one.kind,
                    reason=one.reason,
                    received=instants.to_text(one.received_ms),
                    payload=one.payload.decode("utf-8", "replace")[:2000],
                )
                for one in found
            )
        )

    def figures(self) -> Figures:
        """How the day goes in numbers, for `/metrics`."""
        with self._now() as (day, store):
            return figures(store.connection, day.event)

    def run_states(self) -> dict[str, str]:
        """The state of each run."""
        with self._remembered() as (day, store):
            return {run: log.state.value for run, log in day.logs(store.steps(day.event)).items()}

    # -- writing -------------------------------------------------------------------------------------

    def step(self, asked: Asked) -> Stepped | Refused:
        """Take a step of a run, or say why not."""
        with self._writing() as (day, store):
            done = steps.step(asked, day=day, store=store, now_ms=self._now_ms(), new_id=ids.new_id)
            if isinstance(done, Stepped):
                store.put_outbox(ids.new_id(), "transport-web", follow.published(done.sightings))
            return done

    def act(self, acts: Sequence[Act]) -> list[ActAnswer]:
        """Keep what coordinators' hands say and do what it means; the answers in their order."""
        if not acts:
            return []
        with self._writing() as (day, store):
            acted = acting.take_acts(acts, day=day, store=store, now_ms=self._now_ms(), new_id=ids.new_id)
            store.put_outbox(ids.new_id(), "transport-web", follow.published(acted.sightings))
            return acted.answers

    def add_print(self, run: str, rows: Rows) -> Print:
        """Keep the row numbers of the next print of a run; another's that came in between may move those of the new."""
        with self._writing() as (day, store):
            before = [one.rows for one in store.prints(day.event, run)]
            numbered = row_numbers.number(before, [person for _, person in rows])
            made = PrintRow(len(before) + 1, self._now_ms(), numbered)
            store.add_print(day.event, run, made)
            return Print(nth=made.nth, at_ms=made.at_ms, rows=made.rows)

    def propose(self, wish: Wish) -> Proposal | Impossible:
        """Work out an allocation and keep it; nothing else is changed. Raises KeyError for an unknown transfer."""
        now_ms = self._now_ms()
        with self._now() as (day, store):  # takes its time for many people, and nobody is to wait for it
            made = allocations.work_out(wish, day=day, store=store, now_ms=now_ms, new_id=ids.new_id)
        if isinstance(made, Impossible):
            return made
        with self._writing() as (day, store):
            return allocations.keep(made, day=day, store=store, now_ms=now_ms)

    def apply_allocation(self, allocation: str) -> Proposal | Impossible:
        """Make the seats as proposed, or say why not."""
        with self._writing() as (day, store):
            return allocations.apply(allocation, day=day, store=store)

    def undo_allocation(self, allocation: str) -> Proposal | Impossible:
        """Make the seats as they were before, or say why not."""
        with self._writing() as (day, store):
            return allocations.undo(allocation, day=day, store=store)

    def take_position(self, position: Position) -> None:
        """Keep where a coach is; the same moment again changes nothing."""
        with self._writing() as (day, store):
            body = msgspec.json.encode(position).decode()
            store.add_position(day.event, position.coach, position.at_ms, body)

    def take_scans(self, items: Sequence[bytes], scanner: str) -> list[Answer]:
        """Judge scans that came by HTTP, each as JSON; the answers in their order. Raises NothingLoaded."""
        with self._writing() as (day, store):
            topic, now_ms = topics.coach_scan(day.event, scanner), self._now_ms()
            came = [Came(scanner, topic, bytes(item), now_ms) for item in items]
            judged = scans.take_scans(came, day=day, logs=day.logs(store.steps(day.event)), store=store)
            news = feedback(judged.clocks, event=day.event, alerts=store.alerts, fine=set(), now_ms=now_ms)
            store.put_outbox(ids.new_id(), "transport-web", [*follow.published(judged.sightings), *news])
            return judged.answers

    # -- consuming -----------------------------------------------------------------------------------

    def ingest(self, stop: threading.Event) -> None:
        """Consume until `stop` is set."""
        consumer = self.consumer()
        link = Link(
            self.settings.address("transport"),
            client_id=consumer.owner,
            subscriptions=[(pattern, 1) for pattern in self.subscriptions()],
            now_ms=self._now_ms,
            on_connect=lambda _: _send(link, consumer),
        )
        ingest = Ingest(
            link=link,
            engine=self.engine,
            handle=consumer.handle,
            tick=consumer.tick,
            owner=consumer.owner,
            new_id=ids.new_id,
            now_ms=self._now_ms,
            family=FAMILY,
            recover=consumer.recover,
        )
        with reading(self.engine) as connection:
            consumer.prepare(connection)
        link.start()
        _log.info("consuming", instance=self.settings.instance, database=self.engine.dialect.name)
        try:
            ingest.run(stop)
        finally:
            consumer.planner.stop()
            link.stop()

    def plan_seats(self) -> Sequence[Planned]:
        """Work out who sits where; nothing is changed."""
        with self._now() as (day, store):
            return seats.plan(day=day, store=store)

    def consumer(self) -> Consumer:
        """What handles messages and the passing of time."""
        owner = f"{FAMILY}{self.settings.instance}"
        return Consumer(
            days=Days(self.settings.secrets),
            owner=owner,
            new_id=ids.new_id,
            now_ms=self._now_ms,
            real_ms=_real_ms,
            retained=Retained(owner=owner, new_id=ids.new_id),
            watch=Watch(real_ms=_real_ms),
            planner=Planner(plan=plan_seats, real_ms=_real_ms),
            auto=self.settings.auto_steps,
        )

    def subscriptions(self) -> tuple[str, ...]:
        """What the consumer asks the broker for; only scans are shared, the rest every consumer may hear."""
        heard = f"$share/transport/{topics.COACH_SCANS}" if self.settings.share else topics.COACH_SCANS
        return (heard, topics.PERSONS, topics.sightings_of("checkin"), topics.syncs_of("transport"), trackers.PATTERN)

    # -- parts ---------------------------------------------------------------------------------------

    @contextmanager
    def _now(self) -> Iterator[tuple[Day, SqlStore]]:
        with reading(self.engine) as connection:
            store = SqlStore(connection)
            yield self._day(store), store

    @contextmanager
    def _remembered(self) -> Iterator[tuple[Day, SqlStore]]:
        """The present, from memory; one request at a time in a process, each by all that is committed."""
        with self._memories_lock, reading(self.engine) as connection:
            day = self._day(SqlStore(connection))
            memory = self._memories.of(day)
            memory.bring_up_to(connection, self._now_ms())
            yield day, Remembered(connection, memory)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Day, SqlStore]]:
        with writing(self.engine) as connection:
            store = SqlStore(connection, self._steps)
            yield self._day(store), store

    def _day(self, store: SqlStore) -> Day:
        with self._days_lock:
            days = self._days.all(store)
        event = self.settings.event or store.loaded_last()
        if event not in days:
            raise NothingLoaded
        return days[event]

    def _now_ms(self) -> int:
        return self.settings.clock.now_ms()


def _send(link: Link, consumer: Consumer) -> None:
    link.send(consumer.connected())


def _real_ms() -> int:
    return time.time_ns() // 1_000_000


def plan_seats(event: str) -> Sequence[Planned]:
    """Allocate the seats of an event; for a process beside the consumer, which has its settings."""
    os.nice(10)
    return build(replace(Settings.from_env(os.environ), event=event)).plan_seats()


def build(settings: Settings) -> Transport:
    """Put transport together; connects to nothing yet."""
    return Transport(settings=settings, engine=make_engine(settings.database, schema=SCHEMA))
