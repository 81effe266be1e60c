"""Programme, runs and their steps in SQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, text

from transport.domain.run import Taken, Vehicle
from transport.ports import FOREVER, AskedStep

_vehicle = msgspec.json.Decoder(Vehicle)


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

    def steps(self, event: str, known_ms: int = FOREVER) -> Mapping[str, Sequence[Taken]]:
        """See the port."""
        rows = self.connection.execute(
            text(
                """SELECT run, letter, at_ms, who, id, counted, reason, name, vehicle FROM run_step
                   WHERE event = :event AND taken_ms <= :known ORDER BY run, nth"""
            ),
            {"event": event, "known": known_ms},
        )
        found: defaultdict[str, list[Taken]] = defaultdict(list)
        for run, letter, at_ms, who, identity, counted, reason, name, vehicle in rows:
            taken = Taken(
                letter=letter,
                at_ms=at_ms,
                by=who,
                id=identity,
                counted=counted,
                reason=reason,
                name=name,
                vehicle=_vehicle.decode(vehicle) if vehicle else None,
            )
            found[run].append(taken)
        return found

    def add_step(self, event: str, run: str, nth: int, taken: Taken, *, taken_ms: int) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO run_step
                   (id, event, run, nth, letter, at_ms, who, counted, reason, taken_ms, name, vehicle)
                   VALUES (:id, :event, :run, :nth, :letter, :at_ms, :who, :counted, :reason, :taken_ms, :name,
                           :vehicle)"""
            ),
            {
                "id": taken.id,
                "event": event,
                "run": run,
                "nth": nth,
                "letter": taken.letter,
                "at_ms": taken.at_ms,
                "who": taken.by,
                "counted": taken.counted,
                "reason": taken.reason,
                "taken_ms": taken_ms,
                "name": taken.name,
                "vehicle": None if taken.vehicle is None else msgspec.json.encode(taken.vehicle).decode(),
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
