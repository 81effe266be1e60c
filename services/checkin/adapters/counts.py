"""What counting reads, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from checkin.adapters.store import COUNTS
from checkin.handlers.counting import Seen
from shared.facts import AWAY, UNDERWAY
from shared.sql import bulk, facts

PLACE: bulk.Columns = (("event", "text"), ("place", "text"))
_AWAY = bulk.Read(
    "a.groups, a.n",
    """FROM (SELECT p.groups, count(*) AS n FROM presence AS w JOIN person AS p ON p.event = w.event AND p.id = w.person
             WHERE w.event = :event AND w.place = :away GROUP BY p.groups) AS a""",
)
_IMPLIED = bulk.Read(
    "i.place, i.at_ms, i.n",
    """FROM (SELECT w.place, w.at_ms, count(*) AS n FROM presence AS w
             WHERE w.event = :event AND w.how = 'implied' GROUP BY w.place, w.at_ms) AS i""",
)
_THERE = """SELECT w.person, w.place, p.groups FROM {j}
    JOIN presence AS w ON w.event = j.event AND w.place = j.place
    JOIN person AS p ON p.event = w.event AND p.id = w.person"""
_LOCATED = """SELECT person, place FROM (
    SELECT s.person, s.place, row_number() OVER (PARTITION BY s.person ORDER BY s.at_ms DESC, s.id DESC) AS nth
    FROM {j} JOIN sighting AS s ON s.event = j.event AND s.person = j.person
    WHERE s.void IS NULL AND s.place <> :underway
      AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)) AS ranked
WHERE nth = 1"""


@dataclass(frozen=True)
class SqlCountStore:
    """`checkin.handlers.counting.CountStore` on a connection; `kept` is what only loading people changes."""

    connection: Connection
    kept: dict[str, Mapping[str, int]] = field(default_factory=dict)

    def pulse(self, event: str) -> tuple[int, Mapping[str, int]]:
        """The highest sequence number of all sightings, and the counts per place."""
        last, counts = bulk.gather(self.connection, [(facts.LAST, ()), (COUNTS, ())], {"event": event})
        return last[0][0] or 0, {place: count for place, count in counts}  # noqa: C416 # dict() of rows has no types

    def counts(self, event: str) -> Mapping[str, int]:
        """See the port."""
        return self.pulse(event)[1]

    def registered_by_groups(self, event: str) -> Mapping[str, int]:
        """See the port."""
        if event not in self.kept:
            query = "SELECT groups, count(*) FROM person WHERE event = :event GROUP BY groups"
            self.kept[event] = self._pairs(query, event=event)
        return self.kept[event]

    def apart(self, event: str) -> tuple[Mapping[str, int], Mapping[tuple[str, int], int]]:
        """See the port."""
        reads: list[tuple[bulk.Read, bulk.Rows]] = [(_AWAY, ()), (_IMPLIED, ())]
        away, implied = bulk.gather(self.connection, reads, {"event": event, "away": AWAY})
        return {groups: count for groups, count in away}, {(place, at_ms): count for place, at_ms, count in implied}  # noqa: C416 # the same

    def there(self, event: str, places: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """See the port."""
        if not places:
            return {}
        rows = bulk.select(self.connection, _THERE, PLACE, [(event, place) for place in places])
        return {person: (place, groups) for person, place, groups in rows}

    def located(self, event: str, persons: list[str]) -> Mapping[str, str]:
        """See the port."""
        if not persons:
            return {}
        pairs = [(event, person) for person in persons]
        rows = bulk.select(self.connection, _LOCATED, facts.PERSON, pairs, {"underway": UNDERWAY})
        return {person: place for person, place in rows}  # noqa: C416 # dict() of rows has no types

    def seen_at(self, event: str, at_ms: int) -> Mapping[str, Seen]:
        """See the port."""
        rows = facts.places_at(self.connection, event, until_ms=at_ms)
        return {person: Seen(place, at, how == "implied") for person, place, at, _, how in rows}

    def located_at(self, event: str, at_ms: int) -> Mapping[str, str]:
        """See the port."""
        rows = facts.places_at(self.connection, event, until_ms=at_ms, skip=UNDERWAY)
        return {person: place for person, place, *_ in rows}

    def groups(self, event: str) -> Mapping[str, str]:
        """See the port."""
        rows = self.connection.execute(text("SELECT id, groups FROM person WHERE event = :event"), {"event": event})
        return {identity: groups for identity, groups in rows}  # noqa: C416 # dict() of rows has no types

    def _pairs(self, query: str, **values: str) -> Mapping[str, int]:
        return {key: count for key, count in self.connection.execute(text(query), values)}  # noqa: C416 # the same
