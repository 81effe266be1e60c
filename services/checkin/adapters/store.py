"""The hot path in SQL: each method one statement, whatever the number of scans and of people."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

from checkin.domain.whereabouts import Stay
from checkin.ports import Aside, Holder, KnownScan, ScanRow
from shared.facts import Sighting
from shared.sql import bulk, facts, outbox

SCAN: bulk.Columns = (
    ("id", "text"),
    ("event", "text"),
    ("scanner", "text"),
    ("checkpoint", "text"),
    ("badge", "text"),
    ("at_ms", "bigint"),
    ("device_at_ms", "bigint"),
    ("received_ms", "bigint"),
    ("age_ms", "bigint"),
    ("seq", "bigint"),
    ("synced", "boolean"),
    ("clock", "boolean"),
    ("content", "text"),
    ("person", "text"),
    ("outcome", "text"),
    ("reason", "text"),
    ("verdict", "text"),
)
ID: bulk.Columns = (("id", "text"),)
VISIT: bulk.Columns = (("event", "text"), ("person", "text"), ("place", "text"))

_KNOWN = """SELECT s.id, s.content, s.verdict, s.checkpoint, p.name, p.organisation
    FROM {j} JOIN scan AS s ON s.id = j.id
    LEFT JOIN person AS p ON p.event = s.event AND p.id = s.person"""
_HOLDERS = """SELECT b.digest, b.event, b.person, b.revoked_ms, p.groups, p.name, p.organisation,
           w.at_ms, w.id, w.place, w.how
    FROM {j} JOIN badge AS b ON b.digest = j.id
    JOIN person AS p ON p.event = b.event AND p.id = b.person
    LEFT JOIN presence AS w ON w.event = b.event AND w.person = b.person"""
_HISTORY = """SELECT s.person, s.at_ms, s.id, s.place, s.how
    FROM {j} JOIN sighting AS s ON s.event = j.event AND s.person = j.person
    WHERE s.void IS NULL AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)"""


class SqlScanStore:
    """`checkin.ports.ScanStore` on a connection inside `shared.sql.engine.writing`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known_scans(self, ids: Sequence[str]) -> Mapping[str, KnownScan]:
        """See the port."""
        if not ids:
            return {}
        rows = bulk.select(self._connection, _KNOWN, ID, _single(ids))
        return {identity: KnownScan(*rest) for identity, *rest in rows}

    def holders(self, event: str, digests: Sequence[str]) -> Mapping[str, Holder]:
        """See the port."""
        found: dict[str, Holder] = {}
        if not digests:
            return found
        rows = bulk.select(self._connection, _HOLDERS, ID, _single(digests))
        for digest, of, person, revoked, groups, name, organisation, at_ms, identity, place, how in rows:
            if of != event and digest in found:
                continue
            stay = None if at_ms is None else Stay(at_ms, identity.encode(), place, how == "implied")
            found[digest] = Holder(of, person, revoked is not None, groups, name, organisation, stay)
        return found

    def visits(self, event: str, pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
        """See the port."""
        if not pairs:
            return {}
        query = """SELECT v.person, v.place, v.at_ms FROM {j} JOIN visit AS v
            ON v.event = j.event AND v.person = j.person AND v.place = j.place"""
        rows = bulk.select(self._connection, query, VISIT, [(event, *pair) for pair in pairs])
        return {(person, place): at_ms for person, place, at_ms in rows}

    def history(self, event: str, persons: Sequence[str]) -> Mapping[str, Sequence[Stay]]:
        """See the port."""
        found: defaultdict[str, list[Stay]] = defaultdict(list)
        if persons:
            rows = bulk.select(self._connection, _HISTORY, facts.PERSON, _with(event, persons))
            for person, at_ms, identity, place, how in rows:
                found[person].append(Stay(at_ms, identity.encode(), place, how == "implied"))
        return found

    def seats(self, event: str, persons: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
        """See the port."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        if persons:
            query = """SELECT s.person, s.transfer, s.run FROM {j} JOIN seat AS s
                ON s.event = j.event AND s.person = j.person"""
            for person, transfer, run in bulk.select(self._connection, query, facts.PERSON, _with(event, persons)):
                found[person][transfer] = run
        return found

    def counts(self, event: str) -> Mapping[str, int]:
        """See the port."""
        rows = self._connection.execute(text("SELECT place, present FROM tally WHERE event = :event"), {"event": event})
        return {row.place: row.present for row in rows}

    def add_scans(self, rows: Sequence[ScanRow]) -> None:
        """See the port."""
        bulk.insert(self._connection, "scan", SCAN, rows)

    def record(self, sightings: Sequence[Sighting], received_ms: int) -> list[Sighting]:
        """See the port."""
        return facts.record(self._connection, sightings, received_ms=received_ms)

    def set_aside(self, items: Sequence[Aside]) -> int:
        """See the port. Its id is made of the message, so that a second delivery is known."""
        wanted = {_id_of(item): item for item in items}
        if not wanted:
            return 0
        known = text("SELECT id FROM quarantine WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
        for (identity,) in self._connection.execute(known, {"ids": list(wanted)}):
            del wanted[identity]
        rows = [outbox.Quarantined(id=identity, **item._asdict()) for identity, item in wanted.items()]
        outbox.quarantine(self._connection, rows)
        return len(rows)


def _single(values: Sequence[str]) -> list[tuple[str]]:
    return [(value,) for value in values]


def _with(event: str, persons: Sequence[str]) -> list[tuple[str, str]]:
    # the event stands in the rows: as one parameter it tempts SQLite to walk through the whole table
    return [(event, person) for person in persons]


def _id_of(item: Aside) -> str:
    return hashlib.sha256(f"{item.kind}\n{item.topic}\n".encode() + item.payload).hexdigest()[:40]
