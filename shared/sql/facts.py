"""Sightings into presence, by statements that the database settles (CONTRACT section 2).

Call inside `engine.writing`: one writer at a time, so that what was read is still true when it is written.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

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


class Before(NamedTuple):
    """What `record` must know of the sightings it is given, as of before them."""

    last: int  # the highest sequence number
    known: AbstractSet[str]  # which of their ids are stored already
    voided: AbstractSet[str]  # which of their ids a stored void names
    places: Mapping[tuple[str, str], tuple[str, int, str]]  # (event, person): place, at_ms and id of the latest
    undone: Mapping[str, tuple[str, str]]  # stored sightings that these void: (event, person)
    visits: Mapping[tuple[str, str, str], int] = {}  # first visits that are known: they need no writing


LAST = bulk.Read("m.n", "FROM (SELECT max(sequence) AS n FROM sighting) AS m")
KNOWN = bulk.Read("s.id", columns=ID, each=(bulk.Each("sighting", "s", "s.id = j.id"),))
VOIDED = bulk.Read("j.id", columns=ID, each=(bulk.Each("sighting", "v", "v.void = j.id"),))
_PLACES = bulk.Read(
    "p.event, p.person, p.place, p.at_ms, p.id",
    columns=PERSON,
    each=(bulk.Each("presence", "p", "p.event = j.event AND p.person = j.person"),),
)
_UNDONE = bulk.Read(
    "s.id, s.event, s.person, p.place, p.at_ms, p.id",
    columns=ID,
    each=(
        bulk.Each("sighting", "s", "s.id = j.id"),
        bulk.Each("presence", "p", "p.event = s.event AND p.person = s.person", optional=True),
    ),
)


def record(
    connection: Connection,
    sightings: Iterable[Sighting],
    *,
    received_ms: int,
    tally: bool = True,
    before: Before | None = None,
    also: Sequence[bulk.Insert] = (),
) -> list[Sighting]:
    """Store sightings and move the people they are of; returns those that were new, numbered (`sequence`).

    The same sighting again changes nothing. `tally` keeps the counts per place, too. `before` saves the reading where
    the caller has it; `also` are rows for other tables, which are written along.
    """
    unique = {s.id: s for s in sightings}
    if before is None:
        before = _look(connection, list(unique.values()))
    new = [s for s in unique.values() if s.id not in before.known]
    fresh = [msgspec.structs.replace(s, sequence=before.last + n) for n, s in enumerate(new, 1)]
    voids = {s.void for s in fresh if s.void is not None}
    placing = [s for s in fresh if s.void is None and s.id not in before.voided and s.id not in voids]
    undone = {before.undone[v] for v in voids if v in before.undone}
    undone |= {(s.event, s.person) for s in fresh if s.id in voids}
    winners, inserts = _upserts(placing, before.visits)
    inserts = [*also, bulk.Insert("sighting", SIGHTING, _rows(fresh, received_ms)), *inserts]
    if undone:
        bulk.insert_all(connection, inserts)
        _recompute(connection, sorted(undone))
        inserts, after = [], _places(connection, sorted({*winners, *undone}))
    else:
        after = _moved(before, winners)
    if tally:
        inserts = [*inserts, _tallied(before, after, {*winners, *undone})]
    bulk.insert_all(connection, inserts)
    return fresh


def _rows(sightings: Sequence[Sighting], received_ms: int) -> list[tuple[Any, ...]]:
    return [
        (s.sequence, s.id, s.event, s.person, s.place, s.at_ms, s.how, s.source, s.scan, s.void, received_ms)
        for s in sightings
    ]


def _look(connection: Connection, sightings: Sequence[Sighting]) -> Before:
    if not sightings:
        return Before(0, set(), set(), {}, {})
    ids = [(s.id,) for s in sightings]
    persons = list({(s.event, s.person) for s in sightings})
    voids = [(s.void,) for s in sightings if s.void is not None]
    reads: list[tuple[bulk.Read, bulk.Rows]] = [(LAST, ()), (KNOWN, ids), (VOIDED, ids), (_PLACES, persons)]
    last, known, voided, places, *undone = bulk.gather(connection, reads + ([(_UNDONE, voids)] if voids else []))
    taken = [row for rows in undone for row in rows]
    found = {(event, person): (place, at, identity) for event, person, place, at, identity in places}
    found |= {(event, person): (p, at, i) for _, event, person, p, at, i in taken if p is not None}
    return Before(
        last=last[0][0] or 0,
        known={row[0] for row in known},
        voided={row[0] for row in voided},
        places=found,
        undone={identity: (event, person) for identity, event, person, *_ in taken},
    )


def _places(connection: Connection, persons: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    [rows] = bulk.gather(connection, [(_PLACES, persons)])
    return {(event, person): place for event, person, place, *_ in rows}


def _moved(before: Before, winners: Mapping[tuple[str, str], Sighting]) -> dict[tuple[str, str], str]:
    """Where these are after the upsert, by the same rule: the later wins, and of one moment the larger id."""
    after: dict[tuple[str, str], str] = {}
    for who, winner in winners.items():
        held = before.places.get(who)
        later = held is None or winner.order > (held[1], held[2].encode())
        after[who] = winner.place if held is None or later else held[0]
    return after


def _upserts(
    placing: Sequence[Sighting], visited: Mapping[tuple[str, str, str], int]
) -> tuple[dict[tuple[str, str], Sighting], list[bulk.Insert]]:
    """The SQL twin of `shared.presence.latest`: the latest of each person in these, and what writes them."""
    by_event: dict[str, list[Sighting]] = {}
    first: dict[tuple[str, str, str], int] = {}
    for s in placing:
        by_event.setdefault(s.event, []).append(s)
        key = (s.event, s.person, s.place)
        first[key] = min(s.at_ms, first.get(key, s.at_ms))
    winners = {(s.event, s.person): s for of_event in by_event.values() for s in latest(of_event).values()}
    rows = [(s.event, s.person, s.place, s.at_ms, s.id, s.how) for s in winners.values()]
    visits = [(*key, at) for key, at in first.items() if at < visited.get(key, FOREVER)]
    return winners, [
        bulk.Insert("presence", PRESENCE, rows, LATER_WINS),
        bulk.Insert("visit", VISIT, visits, EARLIER_WINS),
    ]


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


def _tallied(
    before: Before, after: Mapping[tuple[str, str], str], persons: AbstractSet[tuple[str, str]]
) -> bulk.Insert:
    """The change of the counts per place."""
    moved: Counter[tuple[str, str]] = Counter()
    for who in persons:
        held = before.places.get(who)
        for place, change in ((held[0] if held is not None else None, -1), (after.get(who), 1)):
            if place is not None:
                moved[who[0], place] += change
    rows = [(event, place, change) for (event, place), change in moved.items() if change]
    return bulk.Insert("tally", TALLY, rows, ADDED_UP)


def places_at(
    connection: Connection, event: str, *, until_ms: int, skip: str = "", known_ms: int = FOREVER
) -> list[Any]:
    """(person, place, at_ms, id, how) of everybody's latest counting sighting up to `until_ms`.

    `skip` leaves out sightings at one place, so that `underway` can be looked through; `known_ms` what came in later.
    """
    return list(
        connection.execute(
            text(
                """SELECT person, place, at_ms, id, how FROM (
                   SELECT s.person, s.place, s.at_ms, s.id, s.how,
                          row_number() OVER (PARTITION BY s.person ORDER BY s.at_ms DESC, s.id DESC) AS nth
                   FROM sighting AS s
                   WHERE s.event = :event AND s.void IS NULL AND s.at_ms <= :until AND s.place <> :skip
                     AND s.received_ms <= :known
                     AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id AND v.received_ms <= :known))
                     AS ranked
                   WHERE nth = 1"""
            ),
            {"event": event, "until": until_ms, "skip": skip, "known": known_ms},
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
