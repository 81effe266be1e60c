"""Programme, runs and their steps in SQL."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, String, bindparam, text

from transport.adapters.changes import touch
from transport.domain.run import Taken, Vehicle
from transport.ports import FOREVER, AskedStep, T

KeptSteps = dict[str, tuple[int, Mapping[str, Sequence[Taken]]]]  # event: how many they are, and what
_vehicle = msgspec.json.Decoder(Vehicle)


class RunsMixin:
    """`transport.ports.Runs`."""

    connection: Connection
    kept: KeptSteps | None
    stepped: bool  # this transaction wrote steps

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

    def steps(
        self, event: str, known_ms: int = FOREVER, runs: Collection[str] | None = None
    ) -> Mapping[str, Sequence[Taken]]:
        """See the port."""
        if self.kept is None or known_ms != FOREVER or runs is not None:
            return self._steps(event, known_ms, runs)
        count = self.connection.execute(
            text("SELECT count(*) FROM run_step WHERE event = :event"), {"event": event}
        ).scalar_one()
        held = self.kept.get(event)
        if held is not None and held[0] == count:
            return held[1]
        found = self._steps(event, known_ms, None)
        if not self.stepped:  # what this transaction wrote itself may be taken back
            self.kept[event] = (count, found)
        return found

    def per_run(self, run: str, what: str, make: Callable[[], T]) -> T:
        """See the port."""
        del run, what
        return make()

    def _steps(self, event: str, known_ms: int, runs: Collection[str] | None) -> dict[str, list[Taken]]:
        of_runs = "" if runs is None else "AND run IN :runs"
        query = text(
            f"""SELECT run, letter, at_ms, who, id, counted, reason, name, vehicle FROM run_step
                WHERE event = :event AND taken_ms <= :known {of_runs} ORDER BY run, nth"""
        )
        values: dict[str, object] = {"event": event, "known": known_ms}
        if runs is not None:
            query, values = (
                query.bindparams(bindparam("runs", expanding=True, type_=String())),
                values | {"runs": list(runs)},
            )
        found: defaultdict[str, list[Taken]] = defaultdict(list)
        for run, letter, at_ms, who, identity, counted, reason, name, vehicle in self.connection.execute(query, values):
            found[run].append(
                Taken(
                    letter=letter,
                    at_ms=at_ms,
                    by=who,
                    id=identity,
                    counted=counted,
                    reason=reason,
                    name=name,
                    vehicle=_vehicle.decode(vehicle) if vehicle else None,
                )
            )
        return dict(found)

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
        touch(self.connection, event, runs=[run])
        self.stepped = True

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
