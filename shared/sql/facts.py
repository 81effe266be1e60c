"""Sightings into presence, by statements that the database settles (CONTRACT section 2).

Call inside `engine.writing`: one writer at a time, so that what was read is still true when it is written.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from shared.facts import Sighting
from shared.presence import latest
from shared.sql import bulk

SIGHTING: bulk.Columns = (
    ("sequence", "bigint"),
    ("id", "text"),
    ("event", "text"),
    ("person", "text"),
    ("place", "text"),
    ("at_ms", "bigint"),
    ("how", "text"),
    ("source", "text"),
    ("scan", "text"),
    ("void", "text"),
    ("received_ms", "bigint"),
)
PRESENCE: bulk.Columns = (
    ("event", "text"),
    ("person", "text"),
    ("place", "text"),
    ("at_ms", "bigint"),
    ("id", "text"),
    ("how", "text"),
)
VISIT: bulk.Columns = (("event", "text"), ("person", "text"), ("place", "text"), ("at_ms", "bigint"))
TALLY: bulk.Columns = (("event", "text"), ("place", "text"), ("present", "integer"))
PERSON: bulk.Columns = (("event", "text"), ("person", "text"))
ID: bulk.Columns = (("id", "text"),)

LATER_WINS = """ON CONFLICT (event, person) DO UPDATE
    SET place = excluded.place, at_ms = excluded.at_ms, id = excluded.id, how = excluded.how
    WHERE (excluded.at_ms, excluded.id) > (presence.at_ms, presence.id)"""
EARLIER_WINS = """ON CONFLICT (event, person, place) DO UPDATE SET at_ms = excluded.at_ms
    WHERE excluded.at_ms < visit.at_ms"""
ADDED_UP = "ON CONFLICT (event, place) DO UPDATE SET present = tally.present + excluded.present"

# the latest counting sighting of each person of `j`, from the log; at_ms <= :until
_LATEST = """SELECT event, person, place, at_ms, id, how FROM (
    SELECT s.event, s.person, s.place, s.at_ms, s.id, s.how,
           row_number() OVER (PARTITION BY s.event, s.person ORDER BY s.at_ms DESC, s.id DESC) AS nth
    FROM sighting AS s JOIN {j} ON s.event = j.event AND s.person = j.person
    WHERE s.void IS NULL AND s.at_ms <= :until
      AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)) AS ranked
WHERE nth = 1"""
FOREVER = 2**62


def record(
    connection: Connection, sightings: Iterable[Sighting], *, received_ms: int, tally: bool = True
) -> list[Sighting]:
    """Store sightings and move the people they are of; returns those that were new, numbered (`sequence`).

    The same sighting again changes nothing. `tally` keeps the counts per place, too.
    """
    fresh = _numbered(connection, _unknown(connection, sightings))
    if not fresh:
        return []
    bulk.insert(
        connection,
        "sighting",
        SIGHTING,
        [
            (s.sequence, s.id, s.event, s.person, s.place, s.at_ms, s.how, s.source, s.scan, s.void, received_ms)
            for s in fresh
        ],
    )
    voided = _voided(connection, fresh)
    placing = [s for s in fresh if s.void is None and s.id not in voided]
    undone = _taken_back(connection, fresh)
    touched = sorted({(s.event, s.person) for s in fresh} | set(undone))
    before = _places(connection, touched) if tally else {}
    _upsert(connection, placing)
    if undone:
        _recompute(connection, undone)
    if tally:
        _move(connection, before, _places(connection, touched))
    return fresh


def _unknown(connection: Connection, sightings: Iterable[Sighting]) -> list[Sighting]:
    unique = {s.id: s for s in sightings}
    known = bulk.select(
        connection, "SELECT sighting.id FROM sighting JOIN {j} ON sighting.id = j.id", ID, [(i,) for i in unique]
    )
    for (identity,) in known:
        del unique[identity]
    return list(unique.values())


def _numbered(connection: Connection, sightings: Sequence[Sighting]) -> list[Sighting]:
    if not sightings:
        return []
    last = connection.execute(text("SELECT max(sequence) FROM sighting")).scalar() or 0
    return [msgspec.structs.replace(s, sequence=last + n) for n, s in enumerate(sightings, 1)]


def _voided(connection: Connection, sightings: Sequence[Sighting]) -> set[str]:
    """Which of these a void names, whenever it came."""
    rows = bulk.select(
        connection, "SELECT j.id FROM {j} JOIN sighting AS v ON v.void = j.id", ID, [(s.id,) for s in sightings]
    )
    return {row[0] for row in rows}


def _taken_back(connection: Connection, sightings: Sequence[Sighting]) -> list[tuple[str, str]]:
    """Whose sightings these void; a void may name a sighting of somebody else."""
    voids = [(s.void,) for s in sightings if s.void is not None]
    if not voids:
        return []
    rows = bulk.select(
        connection, "SELECT DISTINCT s.event, s.person FROM {j} JOIN sighting AS s ON s.id = j.id", ID, voids
    )
    return [(event, person) for event, person in rows]


def _places(connection: Connection, persons: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    rows = bulk.select(
        connection,
        "SELECT p.event, p.person, p.place FROM presence AS p JOIN {j} ON p.event = j.event AND p.person = j.person",
        PERSON,
        persons,
    )
    return {(event, person): place for event, person, place in rows}


def _upsert(connection: Connection, placing: Sequence[Sighting]) -> None:
    """The SQL twin of `shared.presence.latest`."""
    by_event: dict[str, list[Sighting]] = {}
    first: dict[tuple[str, str, str], int] = {}
    for s in placing:
        by_event.setdefault(s.event, []).append(s)
        key = (s.event, s.person, s.place)
        first[key] = min(s.at_ms, first.get(key, s.at_ms))
    winners = [s for of_event in by_event.values() for s in latest(of_event).values()]
    rows = [(s.event, s.person, s.place, s.at_ms, s.id, s.how) for s in winners]
    bulk.insert(connection, "presence", PRESENCE, rows, conflict=LATER_WINS)
    bulk.insert(connection, "visit", VISIT, [(*key, at) for key, at in first.items()], conflict=EARLIER_WINS)


def _recompute(connection: Connection, persons: Sequence[tuple[str, str]]) -> None:
    """Make presence and visits of these persons again from the log, after something was taken back."""
    places = bulk.select(connection, _LATEST, PERSON, persons, {"until": FOREVER}).all()
    for table in ("presence", "visit"):
        gone = f"DELETE FROM {table} WHERE (event, person) IN (SELECT j.event, j.person FROM {{j}})"
        bulk.select(connection, gone, PERSON, persons)
    bulk.insert(connection, "presence", PRESENCE, [tuple(row) for row in places], conflict=LATER_WINS)
    visits = bulk.select(
        connection,
        """SELECT s.event, s.person, s.place, min(s.at_ms) FROM sighting AS s
           JOIN {j} ON s.event = j.event AND s.person = j.person
           WHERE s.void IS NULL AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)
           GROUP BY s.event, s.person, s.place""",
        PERSON,
        persons,
    ).all()
    bulk.insert(connection, "visit", VISIT, [tuple(row) for row in visits], conflict=EARLIER_WINS)


def _move(connection: Connection, before: dict[tuple[str, str], str], after: dict[tuple[str, str], str]) -> None:
    moved: Counter[tuple[str, str]] = Counter()
    for (event, person), place in before.items():
        if after.get((event, person)) != place:
            moved[event, place] -= 1
    for (event, person), place in after.items():
        if before.get((event, person)) != place:
            moved[event, place] += 1
    rows = [(event, place, change) for (event, place), change in moved.items() if change]
    bulk.insert(connection, "tally", TALLY, rows, conflict=ADDED_UP)


def latest_before(
    connection: Connection, persons: Sequence[tuple[str, str]], *, until_ms: int
) -> dict[str, tuple[str, int, str, str]]:
    """For each (event, person): place, at_ms, id and how of the latest counting sighting up to `until_ms`."""
    rows = bulk.select(connection, _LATEST, PERSON, persons, {"until": until_ms})
    return {person: (place, at, identity, how) for _, person, place, at, identity, how in rows}


def places_at(connection: Connection, event: str, *, until_ms: int, skip: str = "") -> list[Any]:
    """(person, place, at_ms, id, how) of everybody's latest counting sighting up to `until_ms`.

    `skip` leaves out sightings at one place, so that `underway` can be looked through.
    """
    return list(
        connection.execute(
            text(
                """SELECT person, place, at_ms, id, how FROM (
                   SELECT s.person, s.place, s.at_ms, s.id, s.how,
                          row_number() OVER (PARTITION BY s.person ORDER BY s.at_ms DESC, s.id DESC) AS nth
                   FROM sighting AS s
                   WHERE s.event = :event AND s.void IS NULL AND s.at_ms <= :until AND s.place <> :skip
                     AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)) AS ranked
                   WHERE nth = 1"""
            ),
            {"event": event, "until": until_ms, "skip": skip},
        )
    )


def since(connection: Connection, event: str, source: str, *, after: int, limit: int = 1000) -> list[Sighting]:
    """One service's own sightings of an event after a sequence number, in their order, for `sync`."""
    rows = connection.execute(
        text(
            """SELECT id, event, person, place, at_ms, how, source, scan, void, sequence FROM sighting
               WHERE event = :event AND source = :source AND sequence > :after ORDER BY sequence LIMIT :limit"""
        ),
        {"event": event, "source": source, "after": after, "limit": limit},
    )
    names = ("id", "event", "person", "place", "at_ms", "how", "source", "scan", "void", "sequence")
    return [Sighting(**dict(zip(names, row, strict=True))) for row in rows]
