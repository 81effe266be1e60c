"""The composition root of check-in: the only place that builds things, and that owns clock and ids."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from checkin.adapters import reports
from checkin.adapters.consumer import Consumer, published
from checkin.adapters.counts import SqlCountStore
from checkin.adapters.days import Days
from checkin.adapters.hearing import release
from checkin.adapters.registry import SqlRegistry
from checkin.adapters.reports import AsideLine, BadgeLine, Persons, RollCall, ScannerLine, Whole
from checkin.adapters.store import SqlScanStore
from checkin.adapters.ticker import SEEN, Ticker
from checkin.domain.person import Row
from checkin.handlers import loading
from checkin.handlers.alerting import feedback
from checkin.handlers.counting import headcount_at, headcount_now
from checkin.handlers.loading import LoadReport, Maker
from checkin.handlers.scans import Answer, Arrival, take_scans
from checkin.ports import ScannerRow
from checkin.settings import Settings
from shared import badge, errors, ids, topics
from shared import programme as programmes
from shared.facts import Headcount
from shared.figures import Figures
from shared.ingest import Effects, Ingest
from shared.mqtt import Link, Message
from shared.programme import Programme
from shared.sql import outbox
from shared.sql.alerts import SqlAlerts
from shared.sql.engine import make_engine, reading, writing
from shared.sql.figures import figures
from shared.sql.migrate import migrate

SCHEMA = "checkin"
FAMILY = "checkin-ingest-"
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
class CheckIn:
    """The service, for pages, command line and tests. It connects at first use."""

    settings: Settings
    engine: Engine
    _days: Days = field(init=False)
    _days_lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __post_init__(self) -> None:
        self._days = Days(self.settings.secrets)

    # -- setting up ----------------------------------------------------------------------------------

    def migrate(self) -> None:
        """Bring the tables up to date; safe to call at every start."""
        migrate(self.engine, schema=SCHEMA, scripts=SCRIPTS)

    @property
    def event(self) -> str:
        """The event of the settings, else the one loaded last, else empty."""
        if self.settings.event is not None:
            return self.settings.event
        with reading(self.engine) as connection:
            query = text("SELECT event FROM programme ORDER BY loaded_ms DESC, event LIMIT 1")
            return str(connection.execute(query).scalar() or "")

    def load_programme(self, raw: bytes) -> LoadReport:
        """Load the bytes of a programme.yaml; counts scanners. Raises ProgrammeErrors with every mistake."""
        programme = programmes.load_programme(raw)
        self.settings.secrets.event_keys(programme.event)  # made now, so that every process finds it
        with writing(self.engine) as connection:
            registry = SqlRegistry(connection, "checkin-load", ids.new_id)
            report = loading.load_programme(programme, registry=registry, now_ms=self._now_ms())
            release(connection, Days(self.settings.secrets).now(connection)[programme.event])
        return report

    def load_people(self, rows: Iterable[Row]) -> LoadReport:
        """Register the people of a list. Raises PeopleErrors when one of its badges stands for somebody else."""
        programme = self.programme()
        with writing(self.engine) as connection:
            registry = SqlRegistry(connection, "checkin-load", ids.new_id)
            report = loading.load_people(
                list(rows),
                programme=programme,
                registry=registry,
                make=self.maker(programme.event),
                now_ms=self._now_ms(),
            )
            release(connection, Days(self.settings.secrets).now(connection)[programme.event])
        return report

    def add_scanner(self, scanner: str, checkpoint: str) -> ScannerRow:
        """Put a scanner at a checkpoint. Raises ScannerIdError; KeyError when the programme has no such checkpoint."""
        programme = self.programme()
        with writing(self.engine) as connection:
            registry = SqlRegistry(connection, "checkin-load", ids.new_id)
            return loading.add_scanner(programme, scanner, checkpoint, registry=registry, now_ms=self._now_ms())

    def maker(self, event: str) -> Maker:
        """What makes an event's badges and cards."""
        keys = self.settings.secrets.event_keys(event)
        return Maker(
            event=event,
            badge_key=keys.badge,
            seal_key=keys.seal,
            new_id=ids.new_id,
            new_badge_id=badge.new_badge_id,
        )

    # -- reading -------------------------------------------------------------------------------------

    def programme(self) -> Programme:
        """The programme as it is loaded now. Raises NothingLoaded."""
        with reading(self.engine) as connection, self._days_lock:
            days = self._days.now(connection)
        day = days.get(self.event)
        if day is None:
            raise NothingLoaded
        return day.programme

    def headcount(self, at_ms: int | None = None) -> Headcount:
        """The headcount now, or at a moment of the past. Raises NothingLoaded."""
        programme = self.programme()
        with reading(self.engine) as connection:
            store = SqlCountStore(connection)
            if at_ms is None:
                return headcount_now(programme=programme, store=store, now_ms=self._now_ms())
            return headcount_at(programme=programme, store=store, at_ms=at_ms)

    def roll_call(self, place: str, at_ms: int | None = None) -> RollCall:
        """Who is at a place, now or at a moment of the past, and who should be and is not."""
        programme = self.programme()
        moment = self._now_ms() if at_ms is None else at_ms
        with reading(self.engine) as connection:
            return reports.roll_call(connection, programme, place, at_ms=moment, now=at_ms is None)

    def persons(self, q: str = "", limit: int = 50, cursor: str | None = None) -> Persons:
        """A page of persons, found in spite of typing errors and diacritics."""
        with reading(self.engine) as connection:
            return reports.persons(connection, self.event, q, limit, cursor)

    def person(self, person: str) -> Whole | None:
        """One person with the day's sightings."""
        with reading(self.engine) as connection:
            return reports.person(connection, self.event, person)

    def badges(self) -> Iterator[BadgeLine]:
        """The badges in use, to print."""
        with reading(self.engine) as connection:
            yield from reports.badges(connection, self.event)

    def scanners(self) -> list[ScannerLine]:
        """The scanners and how they were last heard."""
        with reading(self.engine) as connection:
            return reports.scanners(connection, self.event)

    def quarantined(self, limit: int = 100) -> list[AsideLine]:
        """What could not be used, newest first."""
        with reading(self.engine) as connection:
            return reports.quarantined(connection, self.event, limit)

    def health(self) -> Health:
        """Whether the database answers, and when the consumer was last seen."""
        try:
            with reading(self.engine) as connection:
                seen = outbox.get_meta(connection, SEEN)
        except SQLAlchemyError:
            return Health(database=False, ingest_age_ms=None)
        return Health(database=True, ingest_age_ms=None if seen is None else _real_ms() - int(seen))

    def figures(self) -> Figures:
        """How the day goes in numbers, for `/metrics`."""
        with reading(self.engine) as connection:
            return figures(connection, self.event)

    # -- scans ---------------------------------------------------------------------------------------

    def take_scans(self, items: Sequence[bytes], scanner: str) -> list[Answer]:
        """Judge scans that came by HTTP, each as JSON; the answers in their order. Raises NothingLoaded."""
        event = self.programme().event
        topic, now_ms = topics.door_scan(event, scanner), self._now_ms()
        arrivals = [Arrival(scanner, topic, bytes(item), now_ms) for item in items]
        with writing(self.engine) as connection:
            with self._days_lock:
                day = self._days.now(connection)[event]
            judged = take_scans(arrivals, day=day, store=SqlScanStore(connection))
            alerts = feedback(judged, event=event, alerts=SqlAlerts(connection), fine=set(), now_ms=now_ms)
            SqlRegistry(connection, "checkin-web", ids.new_id).publish([*published(event, judged), *alerts])
        return judged.answers

    # -- consuming -----------------------------------------------------------------------------------

    def ingest(self, stop: threading.Event) -> None:
        """Consume until `stop` is set."""
        consumer, ticker = self.consumer()
        link = Link(
            self.settings.address("checkin"),
            client_id=f"{FAMILY}{self.settings.instance}",
            subscriptions=[(pattern, 1) for pattern in self.subscriptions()],
            now_ms=self._now_ms,
            on_connect=ticker.connected,
        )

        def handle(connection: Connection, messages: Sequence[Message]) -> Effects:
            ticker.ask_again(connection)
            return consumer.handle(connection, messages)

        ingest = Ingest(
            link=link,
            engine=self.engine,
            handle=handle,
            tick=ticker.tick,
            owner=consumer.owner,
            new_id=ids.new_id,
            now_ms=self._now_ms,
            family=FAMILY,
            recover=ticker.recover,
        )
        link.start()
        _log.info("consuming", instance=self.settings.instance, database=self.engine.dialect.name)
        try:
            ingest.run(stop)
        finally:
            link.stop()

    def consumer(self) -> tuple[Consumer, Ticker]:
        """What handles messages, and what happens by itself, with their memory shared."""
        days, owner = Days(self.settings.secrets), f"{FAMILY}{self.settings.instance}"
        ticker = Ticker(
            days=days,
            now_ms=self._now_ms,
            real_ms=_real_ms,
            maker=self.maker,
            owner=owner,
            new_id=ids.new_id,
        )
        return Consumer(days=days, new_id=ids.new_id, owner=owner), ticker

    def subscriptions(self) -> tuple[str, ...]:
        """What the consumer asks the broker for; only scans are shared, the rest every consumer may hear."""
        scans = f"$share/checkin/{topics.DOOR_SCANS}" if self.settings.share else topics.DOOR_SCANS
        heard = (topics.sightings_of("transport"), topics.syncs_of("checkin"))
        return (scans, *heard, topics.PASSENGERS, topics.RUNS, topics.SCANNER_STATES)

    def _now_ms(self) -> int:
        return self.settings.clock.now_ms()


def _real_ms() -> int:
    return time.time_ns() // 1_000_000


def build(settings: Settings) -> CheckIn:
    """Put check-in together; connects to nothing yet."""
    return CheckIn(settings=settings, engine=make_engine(settings.database, schema=SCHEMA))
