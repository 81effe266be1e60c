"""The hot path in SQL: on PostgreSQL each method is one statement, whatever the number of scans and of people."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, text

from checkin.domain.whereabouts import Stay
from checkin.ports import Aside, Asked, Holder, KnownScan, Looked, ScanRow
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
ASKED: bulk.Columns = (("event", "text"), ("scan", "text"), ("digest", "text"), ("place", "text"))

# the event stands in the rows: as one parameter it tempts SQLite to walk through the whole table
_KNOWN = bulk.Read(
    "s.id, s.content, s.verdict, s.checkpoint, p.name, p.organisation",
    columns=ASKED,
    each=(
        bulk.Each("scan", "s", "s.id = j.scan"),
        bulk.Each("person", "p", "p.event = s.event AND p.id = s.person", optional=True),
    ),
)
_HOLDERS = bulk.Read(
    """b.digest, b.event, b.person, b.revoked_ms, p.groups, p.name, p.organisation, w.at_ms, w.id, w.place, w.how,
    v.place, v.at_ms""",
    columns=ASKED,
    each=(
        bulk.Each("badge", "b", "b.digest = j.digest"),
        bulk.Each("person", "p", "p.event = b.event AND p.id = b.person"),
        bulk.Each("presence", "w", "w.event = b.event AND w.person = b.person", optional=True),
        bulk.Each("visit", "v", "v.event = b.event AND v.person = b.person AND v.place = j.place", optional=True),
    ),
)
_SEATS = bulk.Read(
    "s.person, s.transfer, s.run",
    columns=ASKED,
    each=(
        bulk.Each("badge", "b", "b.digest = j.digest AND b.event = j.event"),
        bulk.Each("seat", "s", "s.event = b.event AND s.person = b.person"),
    ),
)
COUNTS = bulk.Read("t.place, t.present", "FROM tally AS t WHERE t.event = :event")
_HISTORY = """SELECT s.person, s.at_ms, s.id, s.place, s.how
    FROM {j} JOIN sighting AS s ON s.event = j.event AND s.person = j.person
    WHERE s.void IS NULL AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)"""


class SqlScanStore:
    """`checkin.ports.ScanStore` on a connection inside `shared.sql.engine.writing`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._before: facts.Before | None = None  # what `look` found of what `keep` must know

    def look(self, event: str, asked: Sequence[Asked]) -> Looked:
        """See the port. A scan's id is also that of its sighting, so `keep` needs no look of its own."""
        rows = [(event, *one) for one in asked]
        ids = [(one.scan,) for one in asked]
        scans = [(read, rows) for read in (_KNOWN, _HOLDERS, _SEATS)]
        reads = [*scans, (COUNTS, ()), (facts.LAST, ()), (facts.KNOWN, ids), (facts.VOIDED, ids)]
        known, held, seated, counts, last, stored, voided = bulk.gather(self._connection, reads, {"event": event})
        holders = _holders(event, held)
        visits = {(row[2], row[-2]): row[-1] for row in held if row[1] == event and row[-2] is not None}
        stays = ((holder, holder.stay) for holder in holders.values() if holder.event == event)
        self._before = facts.Before(
            last=last[0][0] or 0,
            known={row[0] for row in stored},
            voided={row[0] for row in voided},
            places={(event, h.person): (stay.place, stay.at_ms, stay.id.decode()) for h, stay in stays if stay},
            undone={},
            visits={(event, *visit): at_ms for visit, at_ms in visits.items()},
        )
        seats: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for person, transfer, run in seated:
            seats[person][transfer] = run
        return Looked(
            known={identity: KnownScan(*rest) for identity, *rest in known},
            holders=holders,
            seats=seats,
            visits=visits,
            counts={place: present for place, present in counts},  # noqa: C416 # dict() of rows has no types
        )

    def history(self, event: str, persons: Sequence[str]) -> Mapping[str, Sequence[Stay]]:
        """See the port."""
        found: defaultdict[str, list[Stay]] = defaultdict(list)
        if persons:
            rows = bulk.select(self._connection, _HISTORY, facts.PERSON, [(event, person) for person in persons])
            for person, at_ms, identity, place, how in rows:
                found[person].append(Stay(at_ms, identity.encode(), place, how == "implied"))
        return found

    def keep(self, rows: Sequence[ScanRow], sightings: Sequence[Sighting], received_ms: int) -> list[Sighting]:
        """See the port."""
        scans = bulk.Insert("scan", SCAN, rows)
        before, self._before = self._before, None
        return facts.record(self._connection, sightings, received_ms=received_ms, before=before, also=[scans])

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


def _holders(event: str, rows: bulk.Rows) -> dict[str, Holder]:
    found: dict[str, Holder] = {}
    for digest, of, person, revoked, groups, name, organisation, at_ms, identity, place, how, *_ in rows:
        if of != event and digest in found:
            continue
        stay = None if at_ms is None else Stay(at_ms, identity.encode(), place, how == "implied")
        found[digest] = Holder(of, person, revoked is not None, groups, name, organisation, stay)
    return found


def _id_of(item: Aside) -> str:
    return hashlib.sha256(f"{item.kind}\n{item.topic}\n".encode() + item.payload).hexdigest()[:40]
