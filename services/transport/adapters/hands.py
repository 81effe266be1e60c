"""What coordinators' hands say, prints, allocations and positions, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, String, bindparam, text

from shared.sql import bulk
from transport.adapters.changes import touch
from transport.adapters.scans import ID, single
from transport.domain.acts import Act, Marks, marks, standing
from transport.ports import FOREVER, AllocationRow, PrintRow

ACT: bulk.Columns = (
    ("id", "text"),
    ("event", "text"),
    ("run", "text"),
    ("person", "text"),
    ("undoes", "text"),
    ("at_ms", "bigint"),
    ("received_ms", "bigint"),
    ("body", "text"),
    ("answer", "text"),
)
HOUR_MS = 3_600_000
_act = msgspec.json.Decoder(Act)
_rows = msgspec.json.Decoder(tuple[tuple[int, str], ...])
_BADGES = """SELECT b.person, b.digest FROM {j} CROSS JOIN card_badge AS b
    WHERE b.event = :event AND b.person = j.id AND NOT b.revoked"""


class HandsMixin:
    """`transport.ports.Hands`."""

    connection: Connection

    def acts(self, event: str, runs: Iterable[str] | None = None, known_ms: int = FOREVER) -> list[Act]:
        """See the port."""
        query, values = "SELECT body FROM act WHERE event = :event AND received_ms <= :known", {"event": event}
        if runs is None:
            rows = self.connection.execute(text(query), {**values, "known": known_ms})
        else:
            wanted = text(f"{query} AND run IN :runs").bindparams(bindparam("runs", expanding=True, type_=String()))
            rows = self.connection.execute(wanted, {**values, "known": known_ms, "runs": list(runs)})
        return [_act.decode(body) for (body,) in rows]

    def marks(self, event: str, runs: Collection[str] | None = None) -> dict[str, Marks]:
        """See the port."""
        return marks(standing(self.acts(event, runs)))

    def answered_acts(self, ids: Sequence[str]) -> Mapping[str, tuple[Act, str]]:
        """See the port."""
        query = "SELECT a.body, a.answer FROM {j} CROSS JOIN act AS a WHERE a.id = j.id"
        rows = bulk.select(self.connection, query, ID, single(ids)) if ids else ()
        found = ((_act.decode(body), answer) for body, answer in rows)
        return {act.id: (act, answer) for act, answer in found}

    def undone(self, ids: Sequence[str]) -> list[Act]:
        """See the port."""
        query = "SELECT a.body FROM {j} CROSS JOIN act AS a WHERE a.undoes = j.id"
        rows = bulk.select(self.connection, query, ID, single(ids)) if ids else ()
        return [_act.decode(body) for (body,) in rows]

    def add_acts(self, event: str, acts: Sequence[tuple[Act, str]], received_ms: int) -> None:
        """See the port."""
        rows = [
            (
                act.id,
                event,
                act.run,
                act.person,
                act.undoes,
                act.at_ms,
                received_ms,
                msgspec.json.encode(act).decode(),
                answer,
            )
            for act, answer in acts
        ]
        bulk.insert(
            self.connection, "act", ACT, rows, conflict="ON CONFLICT (id) DO UPDATE SET answer = excluded.answer"
        )
        touch(self.connection, event, runs={act.run for act, _ in acts})

    def prints(self, event: str, run: str) -> list[PrintRow]:
        """See the port."""
        rows = self.connection.execute(
            text('SELECT nth, at_ms, rows FROM "print" WHERE event = :event AND run = :run ORDER BY nth'),
            {"event": event, "run": run},
        )
        return [PrintRow(nth, at_ms, _rows.decode(of)) for nth, at_ms, of in rows]

    def add_print(self, event: str, run: str, made: PrintRow) -> None:
        """See the port."""
        self.connection.execute(
            text('INSERT INTO "print" (event, run, nth, at_ms, rows) VALUES (:event, :run, :nth, :at_ms, :rows)'),
            {
                "event": event,
                "run": run,
                "nth": made.nth,
                "at_ms": made.at_ms,
                "rows": msgspec.json.encode(made.rows).decode(),
            },
        )

    def allocations(self, event: str, transfer: str) -> list[AllocationRow]:
        """See the port."""
        rows = self.connection.execute(
            text(
                """SELECT id, transfer, at_ms, state, body FROM allocation
                   WHERE event = :event AND transfer = :transfer ORDER BY at_ms DESC, id DESC"""
            ),
            {"event": event, "transfer": transfer},
        )
        return [AllocationRow(*row) for row in rows]

    def allocation(self, event: str, identity: str) -> AllocationRow | None:
        """See the port."""
        row = self.connection.execute(
            text("SELECT id, transfer, at_ms, state, body FROM allocation WHERE event = :event AND id = :id"),
            {"event": event, "id": identity},
        ).one_or_none()
        return None if row is None else AllocationRow(*row)

    def put_allocation(self, event: str, row: AllocationRow) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO allocation (id, event, transfer, at_ms, state, body)
                   VALUES (:id, :event, :transfer, :at_ms, :state, :body)
                   ON CONFLICT (id) DO UPDATE SET state = :state, body = :body"""
            ),
            {"event": event, **row._asdict()},
        )

    def positions(self, event: str) -> dict[str, list[str]]:
        """See the port."""
        rows = self.connection.execute(
            text(
                """SELECT p.coach, p.body FROM position AS p
                   JOIN (SELECT coach, max(at_ms) AS last FROM position WHERE event = :event GROUP BY coach) AS m
                     ON m.coach = p.coach
                   WHERE p.event = :event AND p.at_ms > m.last - :hour ORDER BY p.at_ms"""
            ),
            {"event": event, "hour": HOUR_MS},
        )
        found: defaultdict[str, list[str]] = defaultdict(list)
        for coach, body in rows:
            found[coach].append(body)
        return dict(found)

    def add_position(self, event: str, coach: str, at_ms: int, body: str) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO position (event, coach, at_ms, body) VALUES (:event, :coach, :at_ms, :body)
                   ON CONFLICT (event, coach, at_ms) DO NOTHING"""
            ),
            {"event": event, "coach": coach, "at_ms": at_ms, "body": body},
        )

    def badges(self, event: str, persons: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """See the port."""
        wanted = single(persons)
        rows = bulk.select(self.connection, _BADGES, ID, wanted, {"event": event}) if wanted else ()
        found: defaultdict[str, list[str]] = defaultdict(list)
        for person, digest in rows:
            found[person].append(digest)
        return {person: tuple(sorted(of)) for person, of in found.items()}
