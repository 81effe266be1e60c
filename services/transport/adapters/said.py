"""What was said of persons so far, in SQL: what is worked out again when facts come late."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, String, bindparam, text

from shared.facts import UNDERWAY, Sighting
from shared.sql import bulk
from transport.adapters.scans import ID, single
from transport.domain.acts import Act
from transport.ports import ReadRow

TRANSFER_PLACE: bulk.Columns = (("transfer", "text"), ("place", "text"))
_LOG = """SELECT s.id, s.event, s.person, s.place, s.at_ms, s.how, s.source, s.scan, s.void, s.sequence
    FROM {j} CROSS JOIN sighting AS s WHERE s.event = :event AND s.person = j.id"""
_NAMES = ("id", "event", "person", "place", "at_ms", "how", "source", "scan", "void", "sequence")
_READS_OF = """SELECT s.id, s.person, s.checkpoint, s.at_ms, s.received_ms, s.outcome, s.reason
    FROM {j} CROSS JOIN scan AS s WHERE s.id = j.id AND s.person IS NOT NULL"""
_MOVES = """SELECT a.body FROM {j} CROSS JOIN act AS a WHERE a.event = :event AND a.person = j.id
    AND NOT EXISTS (SELECT 1 FROM act AS u WHERE u.undoes = a.id AND u.run = a.run)"""
# looks back through `underway`, for those few who are
_BEYOND = """SELECT s.run, s.person FROM {j} CROSS JOIN seat AS s
    JOIN presence AS p ON p.event = s.event AND p.person = s.person
    WHERE s.event = :event AND s.transfer = j.transfer AND s.run IS NOT NULL AND s.run <> j.place AND j.place =
        CASE WHEN p.place = :underway THEN (
            SELECT x.place FROM sighting AS x WHERE x.event = p.event AND x.person = p.person AND x.void IS NULL
                AND x.place <> :underway AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = x.id)
                ORDER BY x.at_ms DESC, x.id DESC LIMIT 1)
        ELSE p.place END"""
_LOCATED_ON = """SELECT s.run, s.person, CASE WHEN p.place = :underway THEN (
            SELECT x.place FROM sighting AS x WHERE x.event = p.event AND x.person = p.person AND x.void IS NULL
                AND x.place <> :underway AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = x.id)
                ORDER BY x.at_ms DESC, x.id DESC LIMIT 1)
        ELSE p.place END
    FROM seat AS s JOIN presence AS p ON p.event = s.event AND p.person = s.person
    WHERE s.event = :event AND s.run IN :runs"""
_act = msgspec.json.Decoder(Act)


class SaidMixin:
    """`transport.ports.Said`."""

    connection: Connection

    def log(self, event: str, persons: Iterable[str]) -> dict[str, list[Sighting]]:
        """See the port."""
        wanted = single(persons)
        found: dict[str, list[Sighting]] = {person: [] for (person,) in wanted}
        for row in bulk.select(self.connection, _LOG, ID, wanted, {"event": event}) if wanted else ():
            sighting = Sighting(**dict(zip(_NAMES, row, strict=True)))
            found[sighting.person].append(sighting)
        return found

    def reads(self, event: str, checkpoints: Sequence[str], since_ms: int) -> list[ReadRow]:
        """See the port."""
        statement = text(
            """SELECT id, person, checkpoint, at_ms, received_ms, outcome, reason FROM scan
               WHERE event = :event AND checkpoint IN :points AND at_ms >= :since AND person IS NOT NULL"""
        ).bindparams(bindparam("points", expanding=True, type_=String()))
        rows = self.connection.execute(statement, {"event": event, "points": list(checkpoints), "since": since_ms})
        return [ReadRow(*row) for row in rows]

    def reads_of(self, ids: Iterable[str]) -> list[ReadRow]:
        """See the port."""
        wanted = single(ids)
        return [ReadRow(*row) for row in (bulk.select(self.connection, _READS_OF, ID, wanted) if wanted else ())]

    def moves(self, event: str, persons: Iterable[str]) -> dict[str, list[Act]]:
        """See the port."""
        wanted = single(persons)
        found: defaultdict[str, list[Act]] = defaultdict(list)
        for (body,) in bulk.select(self.connection, _MOVES, ID, wanted, {"event": event}) if wanted else ():
            act = _act.decode(body)
            if act.kind == "excuse" and act.why == "other-run" and act.person is not None:
                found[act.person].append(act)
        return found

    def inside(self, event: str, runs: Collection[str]) -> dict[str, int]:
        """See the port."""
        statement = text("SELECT place, present FROM tally WHERE event = :event AND place IN :runs")
        values = {"event": event, "runs": list(runs)}
        rows = self.connection.execute(statement.bindparams(bindparam("runs", expanding=True, type_=String())), values)
        return {row.place: int(row.present) for row in rows}

    def beyond(self, event: str, places: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
        """See the port."""
        rows = [(transfer, place) for transfer, of in places.items() for place in of]
        values = {"event": event, "underway": UNDERWAY}
        found = bulk.select(self.connection, _BEYOND, TRANSFER_PLACE, rows, values) if rows else ()
        return {(run, person) for run, person in found}

    def located_on(self, event: str, runs: Collection[str]) -> list[tuple[str, str, str]]:
        """See the port."""
        query = text(_LOCATED_ON).bindparams(bindparam("runs", expanding=True, type_=String()))
        values = {"event": event, "underway": UNDERWAY, "runs": list(runs)}
        rows = self.connection.execute(query, values)
        return [(run, person, place) for run, person, place in rows if place is not None]
