"""From topic and payload to a handler, batch by batch, and what is due when nothing comes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from shared import codec, facts, topics
from shared.alerts import Fine, feedback
from shared.facts import PersonCard, Sighting
from shared.ingest import Effects
from shared.mqtt import Message, Outgoing
from shared.sql.outbox import Published
from transport.adapters.days import Days
from transport.adapters.memory import Memories, Remembered
from transport.adapters.planner import Planner
from transport.adapters.retained import Retained
from transport.adapters.runs import KeptSteps
from transport.adapters.store import SqlStore
from transport.adapters.trackers import is_tracker, take_positions
from transport.adapters.watch import Watch
from transport.domain.arrival import SOURCE
from transport.domain.day import Day
from transport.handlers import cards, follow, scans, steps, strays
from transport.handlers.strays import Came
from transport.ports import Aside

SETTLED_S = 1.0  # real seconds without a card, after which the list of people is taken to be whole
BEAT_S = 1.0  # real seconds between two signs of life
SEEN = "ingest.seen_ms"  # real time, for health
_log = structlog.get_logger(__name__)


@dataclass
class _Sorted:
    """The messages of one event in a batch, by what they are."""

    scans: list[Came] = field(default_factory=list)
    cards: list[PersonCard] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    syncs: list[facts.Sync] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)


@dataclass
class Consumer:
    """What `shared.ingest.Ingest` calls: `handle` and `tick`, both inside its one writing transaction.

    `now_ms` is the service's clock, `real_ms` the real time in milliseconds; `auto` takes run steps by the programme.
    """

    days: Days
    owner: str
    new_id: Callable[[], str]
    now_ms: Callable[[], int]
    real_ms: Callable[[], int]
    retained: Retained
    watch: Watch
    planner: Planner
    auto: bool = False
    _last_card_ms: int = 0
    _last_beat_ms: int = 0
    _fine: Fine = field(default_factory=set)
    _memories: Memories = field(default_factory=Memories)
    _steps: KeptSteps = field(default_factory=dict)
    _cursors: dict[str, int] = field(default_factory=dict)  # event: the last sequence of check-in that was folded in

    def prepare(self, connection: Connection) -> None:
        """Read where we had come to; before the link starts."""
        store = SqlStore(connection)
        for event in self.days.all(store):
            self._cursor(event, store)

    def connected(self) -> list[Outgoing]:
        """What to send on a new connection: ask check-in for what the broker may have lost. Ours is said again, too.

        Called on the network thread, before anything of the new connection can move the cursors.
        """
        self.retained.forget()
        return [
            Outgoing(topics.sync(event, "checkin"), codec.encode(facts.Sync(since=since, asking=SOURCE)))
            for event, since in sorted(self._cursors.items())
        ]

    def recover(self) -> None:
        """A transaction was taken back, perhaps one that was read into memory: read it again."""
        self._memories.forget()
        self._steps.clear()
        self.retained.forget()

    # -- a batch ---------------------------------------------------------------------------------------

    def handle(self, connection: Connection, messages: Sequence[Message]) -> Effects:
        """Decide on a batch; safe to be called again with the same messages."""
        store = SqlStore(connection, self._steps)
        days = self.days.all(store)
        replies: list[Outgoing] = []
        publish: list[Published] = []
        now_ms = self.now_ms()
        positions = [message for message in messages if is_tracker(message)]
        if positions:
            take_positions(positions, days=days, store=store)
            messages = [message for message in messages if not is_tracker(message)]
        for event, batch in _sort(messages).items():
            day = days.get(event)
            if day is not None and self.auto and (batch.scans or batch.sightings):
                publish += follow.published(steps.take_due(day=day, store=store, now_ms=now_ms, new_id=self.new_id))
            if batch.cards or batch.forgotten:
                cards.take_cards(batch.cards, batch.forgotten, event=event, store=store)
                self._last_card_ms = self.real_ms()
            publish += self._sightings(event, batch.sightings, day, store, now_ms)
            answers, made = self._scans(event, batch.scans, day, store)
            replies += answers
            publish += made
            for sync in batch.syncs:
                publish += follow.published(store.own_since(event, sync.since))
            store.set_aside(batch.aside)
        return Effects(replies=replies, publish=publish)

    def _sightings(
        self, event: str, sightings: Sequence[Sighting], day: Day | None, store: SqlStore, now_ms: int
    ) -> list[Published]:
        if not sightings:
            return []
        logs = day.logs(store.steps(event)) if day else {}
        made = cards.take_sightings(sightings, day=day, logs=logs, store=store, received_ms=now_ms)
        cursor = max(self._cursor(event, store), *(sighting.sequence for sighting in sightings))
        self._cursors[event] = cursor
        store.set_meta(f"sync.checkin.{event}", str(cursor))
        return follow.published(made)

    def _scans(
        self, event: str, came: Sequence[Came], day: Day | None, store: SqlStore
    ) -> tuple[list[Outgoing], list[Published]]:
        if not came:
            return [], []
        if day is None:
            answers, made = strays.take_strays(came, event=event, store=store), []
        else:
            judged = scans.take_scans(came, day=day, logs=day.logs(store.steps(event)), store=store)
            now_ms = came[-1].received_ms
            news = feedback(judged.clocks, event=event, alerts=store.alerts, fine=self._fine, now_ms=now_ms)
            answers, made = judged.answers, [*follow.published(judged.sightings), *news]
        replies = [
            Outgoing(topics.verdict(event, answer.came.scanner), answer.verdict, 0)
            for answer in answers
            if answer.verdict is not None
        ]
        return replies, made

    def _cursor(self, event: str, store: SqlStore) -> int:
        if event not in self._cursors:
            self._cursors[event] = int(store.get_meta(f"sync.checkin.{event}") or 0)
        return self._cursors[event]

    # -- between batches -------------------------------------------------------------------------------

    def tick(self, connection: Connection) -> list[Published]:
        """Take steps that are due, fill seats when the cards have settled, publish what changed."""
        store = SqlStore(connection, self._steps)
        now_ms, real_ms = self.now_ms(), self.real_ms()
        made: list[Sighting] = []
        days = self.days.all(store)
        for event, day in days.items():
            self._cursor(event, store)
            if self.auto:
                made += steps.take_due(day=day, store=store, now_ms=now_ms, new_id=self.new_id)
            if real_ms - self._last_card_ms >= SETTLED_S * 1000:
                self.planner.look(day, store)
        runs = {event: self._memories.of(day).bring_up_to(connection, now_ms).touched for event, day in days.items()}
        stores = {event: Remembered(connection, self._memories.of(day)) for event, day in days.items()}
        news = self.watch.look(days.values(), stores, now_ms)
        store.put_outbox(self.new_id(), self.owner, [*follow.published(made), *news])
        if real_ms - self._last_beat_ms >= BEAT_S * 1000:
            self._last_beat_ms = real_ms
            store.set_meta(SEEN, str(real_ms))
        return self.retained.changed(days.values(), store, now_ms, stores=stores, runs=runs)


def _sort(messages: Sequence[Message]) -> dict[str, _Sorted]:
    """Messages by event and kind; what cannot be read is set aside, whole."""
    found: defaultdict[str, _Sorted] = defaultdict(_Sorted)
    for message in messages:
        try:
            topic = topics.parse(message.topic)
        except ValueError as error:
            found[""].aside.append(
                Aside("", message.topic, message.payload, "malformed", str(error), message.received_ms)
            )
            continue
        batch = found[topic.event]
        try:
            _put(message, topic, batch)
        except codec.Malformed as error:
            aside = Aside(topic.event, message.topic, message.payload, "malformed", str(error), message.received_ms)
            batch.aside.append(aside)
    return found


def _put(message: Message, topic: topics.Topic, batch: _Sorted) -> None:
    match topic.kind:
        case "scan/coach":
            batch.scans.append(Came(topic.name, message.topic, message.payload, message.received_ms))
        case "person" if not message.payload:
            batch.forgotten.append(topic.name)
        case "person":
            card = codec.decode(message.payload, PersonCard)
            if card.person != topic.name:
                raise codec.Malformed(f"person: is not the one of the topic: send {topic.name}")
            batch.cards.append(card)
        case "sighting":
            sighting = codec.decode_sighting(message.payload)
            if sighting.event != topic.event:
                raise codec.Malformed(f"data.event: is not the one of the topic: send {topic.event}")
            batch.sightings.append(sighting)
        case "sync":
            batch.syncs.append(codec.decode(message.payload, facts.Sync))
        case _:
            _log.warning("message of another kind", kind=topic.kind)
