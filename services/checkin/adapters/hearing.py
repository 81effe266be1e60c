"""What check-in hears from others: sightings, passenger lists, runs, scanners' states, requests to say again."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, text

from checkin.adapters.registry import SqlRegistry
from checkin.adapters.store import SqlScanStore
from checkin.domain.day import Day
from checkin.handlers import alerting
from checkin.handlers.scans import SOURCE
from checkin.handlers.sightings import UNKNOWN, Heard, fold_sightings
from checkin.ports import Aside
from shared import codec, topics
from shared.alerts import switch
from shared.facts import Alert, Passengers, RunState, ScannerState, Sighting, Sync
from shared.mqtt import Message
from shared.sql import bulk, facts, outbox
from shared.sql.alerts import SqlAlerts
from shared.sql.outbox import Published

ID: bulk.Columns = (("id", "text"),)
SEAT: bulk.Columns = (("event", "text"), ("person", "text"), ("run", "text"), ("transfer", "text"))
PAGE = 1000
Batch = Sequence[tuple[topics.Topic, Message]]


class SqlSightingStore(SqlScanStore):
    """`checkin.ports.SightingStore` on a connection that may write."""

    def record(self, sightings: Sequence[Sighting], received_ms: int) -> list[Sighting]:
        """See the port."""
        return facts.record(self._connection, sightings, received_ms=received_ms)

    def known_persons(self, event: str, persons: Sequence[str]) -> set[str]:
        """See the port."""
        if not persons:
            return set()
        query = "SELECT p.id FROM {j} JOIN person AS p ON p.event = j.event AND p.id = j.person"
        rows = bulk.select(self._connection, query, facts.PERSON, [(event, person) for person in persons])
        return {row[0] for row in rows}


def hear(connection: Connection, day: Day, batch: Batch, *, owner: str, new_id: Callable[[], str]) -> list[Published]:
    """Take in a batch of what others said of one event; returns what is to be published for it."""
    hearing = _Hearing(connection, day, SqlRegistry(connection, owner, new_id))
    sightings: defaultdict[str, list[Heard]] = defaultdict(list)
    for topic, message in batch:
        if topic.kind == "sighting":
            sightings[topic.name].append(Heard(message.topic, topic.name, message.payload, message.received_ms))
        else:
            hearing.take(topic, message)
    for source, messages in sightings.items():
        folded = fold_sightings(messages, day=day, store=hearing.store)
        if folded.highest > heard_up_to(connection, day.event, source):
            outbox.set_meta(connection, _key(day.event, source), str(folded.highest))
    return hearing.finish()


def heard_up_to(connection: Connection, event: str, source: str) -> int:
    """The highest sequence number of another service's sightings that came in."""
    return int(outbox.get_meta(connection, _key(event, source)) or "0")


def _key(event: str, source: str) -> str:
    return f"heard.{source}.{event}"[:100]


def release(connection: Connection, day: Day) -> int:
    """Try again what was set aside because a person or place was unknown; returns how many could be used.

    To be called after a load. What still cannot be used stays where it is.
    """
    query = """SELECT q.topic, q.payload, q.received_ms FROM quarantine AS q JOIN {j} ON q.kind = j.id
        WHERE q.event = :event AND q.settled = 0"""
    rows = bulk.select(connection, query, ID, [(kind,) for kind in UNKNOWN], {"event": day.event}).all()
    waiting = [Heard(topic, topics.parse(topic).name, bytes(payload), came) for topic, payload, came in rows]
    used = fold_sightings(waiting, day=day, store=SqlSightingStore(connection)).used
    settle = text("UPDATE quarantine SET settled = 1 WHERE event = :event AND topic = :topic AND payload = :payload")
    for one in used:
        connection.execute(settle, {"event": day.event, "topic": one.topic, "payload": one.payload})
    return len(used)


class _Hearing:
    """One batch of what is not a sighting."""

    def __init__(self, connection: Connection, day: Day, registry: SqlRegistry) -> None:
        self.store = SqlSightingStore(connection)
        self._connection = connection
        self._day = day
        self._registry = registry
        self._aside: list[Aside] = []
        self._alerts: dict[str, tuple[Alert, bool]] = {}

    def take(self, topic: topics.Topic, message: Message) -> None:
        """Take in one message; an empty one only takes back what was retained."""
        if not message.payload:
            return
        try:
            match topic.kind:
                case "passengers":
                    self._passengers(topic.name, codec.decode(message.payload, Passengers))
                case "run":
                    self._run(topic.name, codec.decode(message.payload, RunState))
                case "scanner/state":
                    self._scanner(topic.name, codec.decode(message.payload, ScannerState), message.received_ms)
                case "sync":
                    self._say_again(codec.decode(message.payload, Sync).since)
                case _:
                    raise codec.Malformed(f"came on {topic.kind}, which is not for check-in")  # noqa: TRY301
        except codec.Malformed as error:
            aside = Aside(self._day.event, message.topic, message.payload, "malformed", str(error), message.received_ms)
            self._aside.append(aside)

    def finish(self) -> list[Published]:
        """Keep what was set aside, and give the alerts that are to be published."""
        self.store.set_aside(self._aside)
        wanted = dict(self._alerts.values())
        return switch(wanted, event=self._day.event, alerts=SqlAlerts(self._connection)) if wanted else []

    def _passengers(self, run: str, listed: Passengers) -> None:
        """The list takes the place of the one before it."""
        if listed.run != run:
            raise codec.Malformed(f"run: is {listed.run}, but its topic says {run}")
        self._write("DELETE FROM seat WHERE event = :event AND run = :run", run=run)
        seats = [(self._day.event, person, run, listed.transfer) for person in dict.fromkeys(listed.persons)]
        bulk.insert(self._connection, "seat", SEAT, seats)

    def _run(self, run: str, state: RunState) -> None:
        self._write(
            """INSERT INTO run (event, id, state) VALUES (:event, :run, :state)
               ON CONFLICT (event, id) DO UPDATE SET state = :state""",
            run=run,
            state=codec.encode(state).decode(),
        )

    def _scanner(self, scanner: str, state: ScannerState, heard_ms: int) -> None:
        self._write(
            """INSERT INTO scanner_state (event, scanner, state, online, heard_ms)
               VALUES (:event, :scanner, :state, :online, :heard)
               ON CONFLICT (event, scanner) DO UPDATE SET state = :state, online = :online, heard_ms = :heard""",
            scanner=scanner,
            state=codec.encode(state).decode(),
            online=state.online,
            heard=heard_ms,
        )
        self._alerts[scanner] = (alerting.silent(scanner, heard_ms), not state.online)

    def _say_again(self, after: int) -> None:
        """Publish our own sightings after a sequence number once more (CONTRACT section 8)."""
        topic = topics.sighting(self._day.event, SOURCE)
        while page := facts.since(self._connection, self._day.event, SOURCE, after=after, limit=PAGE):
            self._registry.publish([(topic, codec.encode_sighting(sighting), False) for sighting in page])
            after = page[-1].sequence

    def _write(self, statement: str, **values: object) -> None:
        self._connection.execute(text(statement), {"event": self._day.event, **values})
