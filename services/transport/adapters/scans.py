"""Scans and badges in SQL."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

from shared.sql import bulk, outbox
from transport.ports import Aside, Holder, KnownScan, ScanRow

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

_KNOWN = """SELECT s.id, s.content, s.verdict, s.checkpoint, s.person FROM {j} CROSS JOIN scan AS s WHERE s.id = j.id"""
_HOLDERS = """SELECT b.digest, b.event, b.person, b.revoked, c.sealed
    FROM {j} CROSS JOIN card_badge AS b CROSS JOIN card AS c
    WHERE b.digest = j.id AND c.event = b.event AND c.person = b.person"""


class ScansMixin:
    """`transport.ports.Scans`."""

    connection: Connection

    def known_scans(self, ids: Sequence[str]) -> Mapping[str, KnownScan]:
        """See the port."""
        rows = bulk.select(self.connection, _KNOWN, ID, single(ids)) if ids else ()
        return {identity: KnownScan(*rest) for identity, *rest in rows}

    def holders(self, event: str, digests: Sequence[str]) -> Mapping[str, Holder]:
        """See the port."""
        found: dict[str, Holder] = {}
        rows = bulk.select(self.connection, _HOLDERS, ID, single(digests)) if digests else ()
        for digest, of, person, revoked, sealed in rows:
            if of == event or digest not in found:
                found[digest] = Holder(of, person, bool(revoked), sealed)
        return found

    def add_scans(self, rows: Sequence[ScanRow]) -> None:
        """See the port."""
        bulk.insert(self.connection, "scan", SCAN, rows)

    def set_aside(self, items: Sequence[Aside]) -> int:
        """See the port. Its id is made of the message, so that a second delivery is known."""
        wanted = {_id_of(item): item for item in items}
        if not wanted:
            return 0
        known = text("SELECT id FROM quarantine WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
        for (identity,) in self.connection.execute(known, {"ids": list(wanted)}):
            del wanted[identity]
        rows = [outbox.Quarantined(id=identity, **item._asdict()) for identity, item in wanted.items()]
        outbox.quarantine(self.connection, rows)
        return len(rows)


def single(values: Iterable[str]) -> list[tuple[str]]:
    """Rows of one column."""
    return [(value,) for value in values]


def _id_of(item: Aside) -> str:
    return hashlib.sha256(f"{item.kind}\n{item.topic}\n".encode() + item.payload).hexdigest()[:40]
