"""What happens by itself: the headcount, alerts of crowding, saying again what a broker forgot."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Connection, text

from checkin.adapters.alerts import SqlAlerts
from checkin.adapters.counts import SqlCountStore
from checkin.adapters.days import Days
from checkin.adapters.hearing import heard_up_to
from checkin.adapters.registry import SqlRegistry
from checkin.domain.day import Day
from checkin.handlers import alerting
from checkin.handlers.counting import headcount_now
from checkin.handlers.loading import Maker
from checkin.handlers.scans import SOURCE
from checkin.ports import BadgeRow
from shared import codec, topics
from shared.facts import Headcount, Sync
from shared.sql import outbox
from shared.sql.outbox import Published

STALE_MS = 500  # a headcount that has not changed is counted and published again after this, with its new moment
SEEN_MS = 2000  # between two signs of life in the database
SEEN = "ingest.seen_ms"
CARDS = 400  # persons' cards said again in one tick: a few ms, in which scans wait
MOST_WAITING = 20  # rows in the outbox while which no more cards are added
TRANSPORT = "transport"


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
    _counted: dict[str, tuple[Headcount, int, int]] = field(default_factory=dict)  # last, sequence, real ms
    _seen_ms: int = 0
    _forgotten: bool = False
    _cards: dict[str, str] = field(default_factory=dict)  # event: the last person whose card was said again

    def connected(self, session_present: bool) -> None:
        """A broker that has no session of ours may have lost everything: say it again. Any thread may call this."""
        if not session_present:
            self._forgotten = True

    def tick(self, connection: Connection) -> list[Published]:
        """One round, inside a writing transaction; returns retained messages that are fresh each time."""
        days = self.days.now(connection)
        if self.days.rev != self._rev:
            self._rev = self.days.rev
            self._kept.clear()
            self._counted.clear()
        self._sign_of_life(connection)
        self.ask_again(connection)
        self._more_cards(connection, days)
        return [message for day in days.values() for message in self._count(connection, day)]

    # -- the headcount -------------------------------------------------------------------------------

    def _count(self, connection: Connection, day: Day) -> list[Published]:
        last, at_sequence, at_ms = self._counted.get(day.event, (None, -1, 0))
        sequence = connection.execute(text("SELECT max(sequence) FROM sighting")).scalar() or 0
        real_ms = self.real_ms()
        if last is not None and sequence == at_sequence and real_ms - at_ms < STALE_MS:
            return []
        store = SqlCountStore(connection, self._kept)
        count = headcount_now(programme=day.programme, store=store, now_ms=self.now_ms())
        self._counted[day.event] = (count, sequence, real_ms)
        published: list[Published] = [(topics.headcount(day.event), codec.encode(count), True)]
        crowds = alerting.crowding([(p.place, p.name, p.present, p.capacity) for p in count.places], self.now_ms())
        if last is None or msgspec.structs.replace(last, at=count.at) != count:
            published += alerting.switch(crowds, event=day.event, alerts=SqlAlerts(connection))
        return published

    def _sign_of_life(self, connection: Connection) -> None:
        now = self.real_ms()
        if now - self._seen_ms >= SEEN_MS:
            self._seen_ms = now
            outbox.set_meta(connection, SEEN, str(now))

    # -- after a broker lost its memory ----------------------------------------------------------------

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
        persons = registry.people_after(event, after, CARDS)
        of: defaultdict[str, list[BadgeRow]] = defaultdict(list)
        for badge in registry.badges(event, [person.id for person in persons]):
            of[badge.person].append(badge)
        make = self.maker(event)
        registry.publish([make.card(person, of[person.id]) for person in persons])
        return persons[-1].id if len(persons) == CARDS else None

    def _registry(self, connection: Connection) -> SqlRegistry:
        return SqlRegistry(connection, self.owner, self.new_id)
