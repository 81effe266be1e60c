"""Programme, runs and their steps in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from transport.domain.run import Log, Taken
from transport.ports import AskedStep


class RunsMixin:
    """`transport.ports.Runs`."""

    connection: Connection

    def programme_revs(self) -> Mapping[str, int]:
        """See the port."""
        return {row.event: row.rev for row in self.connection.execute(text("SELECT event, rev FROM programme"))}

    def loaded_last(self) -> str:
        """The event whose programme was loaded last; empty when there is none."""
        query = text("SELECT event FROM programme ORDER BY loaded_ms DESC, event LIMIT 1")
        return str(self.connection.execute(query).scalar() or "")

    def programme(self, event: str) -> bytes:
        """See the port."""
        found = self.connection.execute(text("SELECT raw FROM programme WHERE event = :event"), {"event": event})
        return bytes(found.scalar_one())

    def put_programme(self, event: str, raw: bytes, rev: int, loaded_ms: int) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO programme (event, raw, rev, loaded_ms) VALUES (:event, :raw, :rev, :loaded_ms)
                   ON CONFLICT (event) DO UPDATE SET raw = :raw, rev = :rev, loaded_ms = :loaded_ms"""
            ),
            {"event": event, "raw": raw, "rev": rev, "loaded_ms": loaded_ms},
        )

    def steps(self, event: str) -> Mapping[str, Sequence[Taken]]:
        """See the port."""
        rows = self.connection.execute(
            text(
                "SELECT run, letter, at_ms, who, counted, reason FROM run_step WHERE event = :event ORDER BY run, nth"
            ),
            {"event": event},
        )
        found: defaultdict[str, list[Taken]] = defaultdict(list)
        for run, letter, at_ms, who, counted, reason in rows:
            found[run].append(Taken(letter=letter, at_ms=at_ms, by=who, counted=counted, reason=reason))
        return found

    def add_step(self, event: str, log: Log, taken: Taken, *, identity: str, taken_ms: int) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO run_step (id, event, run, nth, letter, at_ms, who, counted, reason, taken_ms)
                   VALUES (:id, :event, :run, :nth, :letter, :at_ms, :who, :counted, :reason, :taken_ms)"""
            ),
            {
                "id": identity,
                "event": event,
                "run": log.run,
                "nth": len(log.steps) + 1,
                "letter": taken.letter,
                "at_ms": taken.at_ms,
                "who": taken.by,
                "counted": taken.counted,
                "reason": taken.reason,
                "taken_ms": taken_ms,
            },
        )

    def asked_step(self, event: str, key: str) -> AskedStep | None:
        """See the port."""
        row = self.connection.execute(
            text("SELECT asked, answer FROM asked_step WHERE event = :event AND key = :key"),
            {"event": event, "key": key},
        ).one_or_none()
        return None if row is None else AskedStep(row.asked, row.answer)

    def put_asked_step(self, event: str, key: str, asked: AskedStep, made_ms: int) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO asked_step (event, key, asked, answer, made_ms)
                   VALUES (:event, :key, :asked, :answer, :made_ms)"""
            ),
            {"event": event, "key": key, "asked": asked.asked, "answer": asked.answer, "made_ms": made_ms},
        )
