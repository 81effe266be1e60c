"""Programme, persons, badges and scanners in SQL."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from checkin.domain.person import Person, search_text
from checkin.ports import BadgeRow, ScannerRow
from shared.sql import bulk, facts, outbox

REV = "rev"
CHUNK = 200  # messages in one row of the outbox: a consumer takes 50 rows at a time into memory
PERSON: bulk.Columns = (
    ("event", "text"),
    ("id", "text"),
    ("name", "text"),
    ("organisation", "text"),
    ("email", "text"),
    ("phone", "text"),
    ("groups", "text"),
    ("needs", "text"),
    ("search", "text"),
    ("walk_in", "boolean"),
    ("rev", "integer"),
)
BADGE: bulk.Columns = (
    ("digest", "text"),
    ("event", "text"),
    ("person", "text"),
    ("code", "text"),
    ("own", "boolean"),
    ("made_ms", "bigint"),
)
SCANNER: bulk.Columns = (
    ("event", "text"),
    ("id", "text"),
    ("checkpoint", "text"),
    ("version", "integer"),
    ("config", "text"),
    ("made_ms", "bigint"),
)
ID: bulk.Columns = (("id", "text"),)
_PERSON = "id, name, organisation, email, phone, groups, needs, rev, walk_in"
_encode = msgspec.json.Encoder().encode
_groups = msgspec.json.Decoder(tuple[str, ...])


@dataclass(frozen=True)
class SqlRegistry:
    """`checkin.ports.Registry` on a connection that may write; `owner` is its name in the outbox."""

    connection: Connection
    owner: str
    new_id: Callable[[], str]

    def programme(self, event: str) -> tuple[bytes, int] | None:
        """See the port."""
        row = self._run("SELECT raw, rev FROM programme WHERE event = :event", event=event).one_or_none()
        return None if row is None else (bytes(row.raw), row.rev)

    def save_programme(self, event: str, raw: bytes, rev: int, now_ms: int) -> None:
        """See the port."""
        self._run(
            """INSERT INTO programme (event, raw, rev, loaded_ms) VALUES (:event, :raw, :rev, :now)
               ON CONFLICT (event) DO UPDATE SET raw = :raw, rev = :rev, loaded_ms = :now""",
            event=event,
            raw=raw,
            rev=rev,
            now=now_ms,
        )

    def people(self, event: str) -> dict[str, Person]:
        """See the port."""
        return {row.id: person_of(row) for row in self._run(f"SELECT {_PERSON} FROM person WHERE event = :e", e=event)}

    def people_after(self, event: str, after: str, limit: int) -> list[Person]:
        """A page of the persons in order of id."""
        query = f"SELECT {_PERSON} FROM person WHERE event = :e AND id > :after ORDER BY id LIMIT :limit"
        return [person_of(row) for row in self._run(query, e=event, after=after, limit=limit)]

    def save_people(self, event: str, persons: Sequence[Person]) -> None:
        """See the port."""
        rows = [
            (
                event,
                p.id,
                p.name,
                p.organisation,
                p.email,
                p.phone,
                _encode(p.groups).decode(),
                p.needs,
                search_text(p),
                p.walk_in,
                p.rev,
            )
            for p in persons
        ]
        columns = ("name", "organisation", "email", "phone", "groups", "needs", "search", "walk_in", "rev")
        conflict = f"ON CONFLICT (event, id) DO UPDATE SET {_taken_over(columns)}"
        self._insert("person", PERSON, rows, conflict)

    def badges(self, event: str, persons: Sequence[str] | None = None) -> list[BadgeRow]:
        """See the port; of these persons only, where given."""
        columns = "b.digest, b.person, b.code, b.own, b.revoked_ms"
        if persons is None:
            rows: Any = self._run(
                f"SELECT {columns} FROM badge AS b WHERE event = :e ORDER BY made_ms, digest", e=event
            )
        else:
            query = f"""SELECT {columns} FROM {{j}} JOIN badge AS b
                ON b.event = j.event AND b.person = j.person ORDER BY b.made_ms, b.digest"""
            rows = bulk.select(self.connection, query, facts.PERSON, [(event, person) for person in persons])
        return [BadgeRow(d, person, code, bool(own), revoked is not None) for d, person, code, own, revoked in rows]

    def add_badges(self, event: str, badges: Sequence[BadgeRow], now_ms: int) -> None:
        """See the port."""
        self._insert("badge", BADGE, [(b.digest, event, b.person, b.code, b.own, now_ms) for b in badges])

    def revoke_badges(self, event: str, digests: Sequence[str], now_ms: int) -> None:
        """See the port."""
        query = """UPDATE badge SET revoked_ms = :now
            WHERE event = :e AND revoked_ms IS NULL AND digest IN (SELECT j.id FROM {j})"""
        if digests:
            bulk.select(self.connection, query, ID, [(digest,) for digest in digests], {"e": event, "now": now_ms})

    def scanners(self, event: str) -> list[ScannerRow]:
        """See the port."""
        query = (
            "SELECT id, checkpoint, version, config FROM scanner WHERE event = :e AND revoked_ms IS NULL ORDER BY id"
        )
        return [ScannerRow(*row) for row in self._run(query, e=event)]

    def save_scanners(self, event: str, scanners: Sequence[ScannerRow], now_ms: int) -> None:
        """See the port."""
        rows = [(event, s.id, s.checkpoint, s.version, s.config, now_ms) for s in scanners]
        conflict = f"""ON CONFLICT (event, id) DO UPDATE
            SET revoked_ms = NULL, {_taken_over(("checkpoint", "version", "config"))}"""
        self._insert("scanner", SCANNER, rows, conflict)

    def touch(self) -> None:
        """See the port."""
        before = int(outbox.get_meta(self.connection, REV) or "0")
        outbox.set_meta(self.connection, REV, str(before + 1))
        if self.connection.dialect.name == "postgresql":  # else it plans for small tables until its own next look
            self._run("ANALYZE person, badge")

    def publish(self, messages: Sequence[outbox.Published]) -> None:
        """See the port."""
        for start in range(0, len(messages), CHUNK):
            row = self.new_id()
            outbox.put(self.connection, row=row, owner=self.owner, messages=messages[start : start + CHUNK])

    def _insert(self, table: str, columns: bulk.Columns, rows: Sequence[Sequence[Any]], conflict: str = "") -> None:
        for start in range(0, len(rows), 5000):
            bulk.insert(self.connection, table, columns, rows[start : start + 5000], conflict=conflict)

    def _run(self, query: str, **values: Any) -> Any:
        return self.connection.execute(text(query), values)


def person_of(row: Any) -> Person:
    """A person out of a row of the table."""
    return Person(
        id=row.id,
        name=row.name,
        organisation=row.organisation,
        email=row.email,
        phone=row.phone,
        groups=_groups.decode(row.groups),
        needs=row.needs,
        rev=row.rev,
        walk_in=bool(row.walk_in),
    )


def _taken_over(columns: Sequence[str]) -> str:
    return ", ".join(f"{column} = excluded.{column}" for column in columns)
