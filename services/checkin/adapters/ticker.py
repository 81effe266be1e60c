"""What happens by itself: the headcount, alerts of crowding, saying again what a broker forgot."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, text

from checkin.adapters.counts import SqlCountStore
from checkin.adapters.days import Days
from checkin.adapters.hearing import heard_up_to
from checkin.adapters.registry import SqlRegistry
from checkin.domain.day import Day
from checkin.handlers import alerting
from checkin.handlers.counting import Apart, headcount_now, look_apart
from checkin.handlers.loading import Maker
from checkin.handlers.scans import SOURCE
from checkin.ports import BadgeRow
from shared import codec, missing, topics
from shared.alerts import switch
from shared.facts import Headcount, Sync
from shared.sql import outbox
from shared.sql.alerts import SqlAlerts
from shared.sql.outbox import Published

STALE_MS = 300  # a headcount that has not changed is published again at the next tick after this: within 0.5 s
REST_MS = 0.1  # for each person who was looked at, before they are looked at again: some 2 % of the time goes there
SEEN_MS = 2000  # between two signs of life in the database
SEEN = "ingest.seen_ms"
CARDS = 400  # persons' cards said again in one tick
CARDS_BUSY = 40  # the same while people move: scans wait for it
MOST_WAITING = 20  # rows in the outbox while which no more cards are added
TRANSPORT = "transport"


class _Looked(NamedTuple):
    """When the persons who are apart were looked at."""

    apart: Apart
    sequence: int
    real_ms: int


@dataclass
class Ticker:
    """`now_ms` is the service's clock, `real_ms` the machine's; `maker` gives what makes an event's cards."""

    days: Days
    now_ms: Callable[[], int]
    real_ms: Callable[[], int]
    maker: Callable[[str], Maker]
    owner: str
    new_id: Callable[[], str]
    _kept: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _rev: str = ""
    _counted: dict[str, tuple[int, int]] = field(default_factory=dict)  # at which sequence number, real ms
    _apart: dict[str, _Looked] = field(default_factory=dict)
    _full: dict[str, frozenset[str]] = field(default_factory=dict)  # the alerts of crowding that are on
    _sequence: int = 0
    _busy: bool = False  # people move
    _seen_ms: int = 0
    _forgotten: bool = False
    _cards: dict[str, str] = field(default_factory=dict)  # event: the last person whose card was said again

    def connected(self, session_present: bool) -> None:
        """A broker that was killed may have lost what it was told last, also where it knows our session: say all again.

        Any thread may call this (docs/adr/0005).
        """
        del session_present
        self._forgotten = True

    def recover(self) -> None:
        """A transaction was taken back, perhaps one of ours that said something again: say all again."""
        self._forgotten = True
        self._full.clear()

    def tick(self, connection: Connection) -> list[Published]:
        """One round, inside a writing transaction; returns retained messages that are fresh each time."""
        days = self.days.now(connection)
        if self.days.rev != self._rev:
            self._rev = self.days.rev
            for memory in (self._kept, self._counted, self._apart, self._full):
                memory.clear()
        self._sign_of_life(connection)
        self.ask_again(connection)
        published = [message for day in days.values() for message in self._count(connection, day)]
        self._more_cards(connection, days)
        return published

    # -- the headcount -------------------------------------------------------------------------------

    def _count(self, connection: Connection, day: Day) -> list[Published]:
        store, real_ms, now_ms = SqlCountStore(connection, self._kept), self.real_ms(), self.now_ms()
        sequence, counts = store.pulse(day.event)
        self._busy, self._sequence = sequence != self._sequence, sequence
        if self._counted.get(day.event, (None, 0))[0] == sequence and real_ms < self._counted[day.event][1] + STALE_MS:
            return []
        self._counted[day.event] = (sequence, real_ms)
        apart = self._look_apart(store, day, sequence, counts)
        count = headcount_now(programme=day.programme, store=store, now_ms=now_ms, counts=counts, apart=apart)
        self._crowds(connection, day, count)
        return [(topics.headcount(day.event), codec.encode(count), True)]

    def _look_apart(self, store: SqlCountStore, day: Day, sequence: int, counts: Mapping[str, int]) -> Apart:
        """What costs by the number of persons: at every change for some hundreds, less often for more."""
        real_ms, now_ms = self.real_ms(), self.now_ms()
        held = self._apart.get(day.event)
        if held is not None and held.apart.transfer == missing.ended_last(day.programme, now_ms):
            rests = real_ms - held.real_ms < held.apart.read * REST_MS
            if rests or held.sequence == sequence:
                return held.apart
        apart = look_apart(programme=day.programme, store=store, now_ms=now_ms, counts=counts)
        self._apart[day.event] = _Looked(apart, sequence, real_ms)
        return apart

    def _crowds(self, connection: Connection, day: Day, count: Headcount) -> None:
        """The alerts of places that are too full; looks at those that are on only where something may have changed."""
        crowds = alerting.crowding([(p.place, p.name, p.present, p.capacity) for p in count.places], self.now_ms())
        full = frozenset(alert.alert for alert, is_on in crowds.items() if is_on)
        if self._full.get(day.event) != full:
            self._registry(connection).publish(switch(crowds, event=day.event, alerts=SqlAlerts(connection)))
            self._full[day.event] = full

    def _sign_of_life(self, connection: Connection) -> None:
        now = self.real_ms()
        if now - self._seen_ms >= SEEN_MS:
            self._seen_ms = now
            self._full.clear()  # what another consumer turned on before it died is looked at, too
            outbox.set_meta(connection, SEEN, str(now))

    # -- after a new connection ----------------------------------------------------------------

    def ask_again(self, connection: Connection) -> None:
        """Ask transport for its sightings since the last that came, and begin to say again what was retained.

        To be called before the first batch of a connection is handled: later ones would hide a gap.
        """
        if not self._forgotten:
            return
        self._forgotten = False
        registry = self._registry(connection)
        for event in self.days.now(connection):
            ask = Sync(since=heard_up_to(connection, event, TRANSPORT), asking=SOURCE)
            configs = [
                (topics.scanner_config(event, scanner.id), scanner.config.encode(), True)
                for scanner in registry.scanners(event)
                if scanner.config
            ]
            alerts = SqlAlerts(connection).on(event).items()
            registry.publish([(topics.sync(event, TRANSPORT), codec.encode(ask), False), *configs])
            registry.publish([(topics.alert(event, alert), payload, True) for alert, payload in alerts])
            self._cards[event] = ""
            self._counted.pop(event, None)

    def _more_cards(self, connection: Connection, days: Mapping[str, Day]) -> None:
        """Some of the persons' cards at a time, so that a large event does not fill memory and disk."""
        for event, after in list(self._cards.items()):
            if event not in days:
                del self._cards[event]
                continue
            waiting = connection.execute(text("SELECT count(*) FROM outbox")).scalar() or 0
            if waiting >= MOST_WAITING:
                return
            last = self._say_cards(connection, event, after)
            if last is None:
                del self._cards[event]
            else:
                self._cards[event] = last

    def _say_cards(self, connection: Connection, event: str, after: str) -> str | None:
        registry = self._registry(connection)
        most = CARDS_BUSY if self._busy else CARDS
        persons = registry.people_after(event, after, most)
        of: defaultdict[str, list[BadgeRow]] = defaultdict(list)
        for badge in registry.badges(event, [person.id for person in persons]):
            of[badge.person].append(badge)
        make = self.maker(event)
        registry.publish([make.card(person, of[person.id]) for person in persons])
        return persons[-1].id if len(persons) == most else None

    def _registry(self, connection: Connection) -> SqlRegistry:
        return SqlRegistry(connection, self.owner, self.new_id)
