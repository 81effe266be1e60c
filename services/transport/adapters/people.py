"""Cards and seats in SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, String, bindparam, text

from shared.facts import AWAY, PersonCard, Text
from shared.sql import bulk
from transport.adapters.changes import touch
from transport.adapters.scans import ID, single
from transport.domain.stays import Seat
from transport.ports import Card, Numbers

CARD: bulk.Columns = (
    ("event", "text"),
    ("person", "text"),
    ("rev", "bigint"),
    ("groups", "text"),
    ("sealed", "text"),
)
CARD_BADGE: bulk.Columns = (("digest", "text"), ("event", "text"), ("person", "text"), ("revoked", "boolean"))
SEAT: bulk.Columns = (
    ("event", "text"),
    ("transfer", "text"),
    ("person", "text"),
    ("told", "text"),
    ("run", "text"),
    ("at_ms", "bigint"),
    ("id", "text"),
    ("first", "text"),
    ("moved_ms", "bigint"),
)
WITHOUT: bulk.Columns = (("event", "text"), ("transfer", "text"), ("person", "text"), ("nl", "text"), ("en", "text"))

_NEWER = """ON CONFLICT (event, person) DO UPDATE
    SET rev = excluded.rev, groups = excluded.groups, sealed = excluded.sealed"""
_OTHER_HOLDER = "ON CONFLICT (digest, event) DO UPDATE SET person = excluded.person, revoked = excluded.revoked"
_RESEATED = """ON CONFLICT (event, transfer, person) DO UPDATE
    SET told = excluded.told, run = excluded.run, at_ms = excluded.at_ms, id = excluded.id,
        first = excluded.first, moved_ms = excluded.moved_ms"""
_NUMBERS = """SELECT s.run, count(*) AS listed,
       sum(CASE WHEN p.place = s.run THEN 1 ELSE 0 END) AS aboard,
       sum(CASE WHEN coalesce(p.place, '') NOT IN (s.run, :away) AND a.person IS NULL THEN 1 ELSE 0 END) AS missing,
       count(a.person) AS carried
    FROM seat AS s
    LEFT JOIN presence AS p ON p.event = s.event AND p.person = s.person
    LEFT JOIN arrival AS a ON a.event = s.event AND a.person = s.person AND a.run = s.run AND a.standing = :yes
    WHERE s.event = :event AND {which} GROUP BY s.run"""
RUN_PERSON: bulk.Columns = (("run", "text"), ("person", "text"))
_WAIVED = """SELECT j.run, count(*) FROM {j}
    CROSS JOIN seat AS s
    LEFT JOIN presence AS p ON p.event = s.event AND p.person = s.person
    LEFT JOIN arrival AS a ON a.event = s.event AND a.person = s.person AND a.run = s.run AND a.standing = :yes
    WHERE s.event = :event AND s.person = j.person AND s.run = j.run
        AND coalesce(p.place, '') NOT IN (s.run, :away) AND a.person IS NULL GROUP BY j.run"""
_groups = msgspec.json.Decoder(list[str])


class PeopleMixin:
    """`transport.ports.Cards` and `transport.ports.Seats`."""

    connection: Connection

    # -- cards ---------------------------------------------------------------------------------------

    def cards(self, event: str, persons: Iterable[str] | None = None) -> list[Card]:
        """See the port."""
        of_event = {"event": event}
        if persons is None:
            query = text("SELECT person, groups, sealed FROM card WHERE event = :event")
            rows: Iterable[Row[Any]] = self.connection.execute(query, of_event)
        elif wanted := single(persons):
            joined = """SELECT c.person, c.groups, c.sealed FROM {j}
                CROSS JOIN card AS c WHERE c.event = :event AND c.person = j.id"""
            rows = bulk.select(self.connection, joined, ID, wanted, of_event)
        else:
            rows = ()
        return [Card(person, frozenset(_groups.decode(groups)), sealed) for person, groups, sealed in rows]

    def groups(self, event: str) -> dict[str, frozenset[str]]:
        """See the port."""
        rows = self.connection.execute(text("SELECT person, groups FROM card WHERE event = :event"), {"event": event})
        known: dict[str, frozenset[str]] = {}  # many people share a few group sets
        found: dict[str, frozenset[str]] = {}
        for person, groups in rows:
            if groups not in known:
                known[groups] = frozenset(_groups.decode(groups))
            found[person] = known[groups]
        return found

    def put_cards(self, event: str, cards: Sequence[PersonCard]) -> bool:
        """See the port."""
        newest = {card.person: card for card in sorted(cards, key=lambda card: card.rev)}
        held = self._held(event, list(newest))
        fresh = [card for card in newest.values() if _is_newer(card, held.get(card.person))]
        if not fresh:
            return False
        rows = [(event, c.person, c.rev, _encode(sorted(c.groups)), c.sealed) for c in fresh]
        bulk.insert(self.connection, "card", CARD, rows, conflict=_NEWER)
        self._drop("card_badge", event, [card.person for card in fresh])
        badges = {digest: (card.person, True) for card in fresh for digest in card.revoked}
        badges |= {digest: (card.person, False) for card in fresh for digest in card.badges}
        lines = [(digest, event, person, revoked) for digest, (person, revoked) in badges.items()]
        bulk.insert(self.connection, "card_badge", CARD_BADGE, lines, conflict=_OTHER_HOLDER)
        touch(self.connection, event, persons=[card.person for card in fresh])
        return True

    def forget(self, event: str, persons: Sequence[str]) -> bool:
        """See the port."""
        known = bool(self._held(event, persons))
        for table in ("card", "card_badge", "seat", "without_seat"):
            self._drop(table, event, persons)
        touch(self.connection, event, persons=persons)
        return known

    def _held(self, event: str, persons: Sequence[str]) -> dict[str, tuple[int, str, str]]:
        query = """SELECT c.person, c.rev, c.groups, c.sealed FROM {j}
            CROSS JOIN card AS c WHERE c.event = :event AND c.person = j.id"""
        rows = bulk.select(self.connection, query, ID, single(persons), {"event": event}) if persons else ()
        return {person: (rev, groups, sealed) for person, rev, groups, sealed in rows}

    def _drop(self, table: str, event: str, persons: Iterable[str]) -> None:
        if wanted := single(persons):
            query = f"DELETE FROM {table} WHERE event = :event AND person IN (SELECT j.id FROM {{j}})"
            bulk.select(self.connection, query, ID, wanted, {"event": event})

    # -- seats ---------------------------------------------------------------------------------------

    def seats(self, event: str, persons: Iterable[str]) -> dict[tuple[str, str], Seat]:
        """See the port."""
        query = """SELECT s.transfer, s.person, s.told, s.run, s.at_ms, s.id, s.first, s.moved_ms FROM {j}
            CROSS JOIN seat AS s WHERE s.event = :event AND s.person = j.id"""
        wanted = single(persons)
        rows = bulk.select(self.connection, query, ID, wanted, {"event": event}) if wanted else ()
        return {
            (transfer, person): Seat(told=told, run=run, at_ms=at_ms, id=identity, first=first, moved_ms=moved_ms)
            for transfer, person, told, run, at_ms, identity, first, moved_ms in rows
        }

    def seats_of_transfer(self, event: str, transfer: str) -> dict[str, Seat]:
        """See the port."""
        rows = self.connection.execute(
            text(
                """SELECT person, told, run, at_ms, id, first, moved_ms
                   FROM seat WHERE event = :event AND transfer = :transfer"""
            ),
            {"event": event, "transfer": transfer},
        )
        return {
            person: Seat(told=told, run=run, at_ms=at_ms, id=identity, first=first, moved_ms=moved_ms)
            for person, told, run, at_ms, identity, first, moved_ms in rows
        }

    def put_seats(self, event: str, transfer: str, seats: Mapping[str, Seat]) -> None:
        """See the port."""
        rows = [
            (event, transfer, person, s.told, s.run, s.at_ms, s.id, s.first, s.moved_ms)
            for person, s in sorted(seats.items())
        ]
        bulk.insert(self.connection, "seat", SEAT, rows, conflict=_RESEATED)
        touch(self.connection, event, persons=sorted(seats))

    def drop_seats(self, event: str, transfer: str, persons: Iterable[str]) -> None:
        """See the port."""
        if wanted := single(persons):
            query = """DELETE FROM seat WHERE event = :event AND transfer = :transfer
                AND person IN (SELECT j.id FROM {j})"""
            bulk.select(self.connection, query, ID, wanted, {"event": event, "transfer": transfer})
            touch(self.connection, event, persons=[person for (person,) in wanted])

    def without_seat(self, event: str, transfer: str) -> dict[str, Text]:
        """See the port."""
        rows = self.connection.execute(
            text("SELECT person, nl, en FROM without_seat WHERE event = :event AND transfer = :transfer"),
            {"event": event, "transfer": transfer},
        )
        return {row.person: Text(row.nl, row.en) for row in rows}

    def put_without_seat(self, event: str, transfer: str, persons: Mapping[str, Text]) -> None:
        """See the port."""
        of = {"event": event, "transfer": transfer}
        self.connection.execute(text("DELETE FROM without_seat WHERE event = :event AND transfer = :transfer"), of)
        rows = [(event, transfer, person, why.nl, why.en) for person, why in sorted(persons.items())]
        bulk.insert(self.connection, "without_seat", WITHOUT, rows)

    def listed(self, event: str, run: str) -> set[str]:
        """See the port."""
        query = text("SELECT person FROM seat WHERE event = :event AND run = :run")
        return {person for (person,) in self.connection.execute(query, {"event": event, "run": run})}

    def numbers(self, event: str, runs: Collection[str] | None = None) -> dict[str, Numbers]:
        """See the port."""
        rows = self._of_runs(_NUMBERS, {"event": event, "yes": True, "away": AWAY}, runs, "s.run")
        return {run: Numbers(*map(int, numbers)) for run, *numbers in rows}

    def _of_runs(
        self, query: str, values: dict[str, Any], runs: Collection[str] | None, column: str
    ) -> Iterable[Row[Any]]:
        """The rows of all runs, or of some: `{which}` in the query says so of `column`."""
        if runs is None:
            return self.connection.execute(text(query.format(which=f"{column} IS NOT NULL")), values)
        statement = text(query.format(which=f"{column} IN :runs"))
        some = statement.bindparams(bindparam("runs", expanding=True, type_=String()))
        return self.connection.execute(some, values | {"runs": list(runs)})

    def waived(self, event: str, excused: Sequence[tuple[str, str]]) -> dict[str, int]:
        """See the port."""
        rows = bulk.select(self.connection, _WAIVED, RUN_PERSON, excused, {"event": event, "away": AWAY, "yes": True})
        return {run: int(count) for run, count in rows}

    def load(self, event: str, run: str) -> tuple[int, int]:
        """See the port."""
        row = self.connection.execute(
            text(
                """SELECT (SELECT count(*) FROM seat WHERE event = :event AND run = :run),
                          (SELECT present FROM tally WHERE event = :event AND place = :run)"""
            ),
            {"event": event, "run": run},
        ).one()
        return int(row[0]), int(row[1] or 0)

    def passengers(self, event: str, runs: Collection[str] | None = None) -> dict[str, tuple[str, ...]]:
        """See the port."""
        query = "SELECT run, person FROM seat WHERE event = :event AND {which} ORDER BY person"
        found: defaultdict[str, list[str]] = defaultdict(list)
        for run, person in self._of_runs(query, {"event": event}, runs, "run"):
            found[run].append(person)
        return {run: tuple(persons) for run, persons in found.items()}


def _is_newer(card: PersonCard, held: tuple[int, str, str] | None) -> bool:
    """The same revision again is newer only with other content, as after a restored database."""
    if held is None or card.rev != held[0]:
        return held is None or card.rev > held[0]
    return (_encode(sorted(card.groups)), card.sealed) != held[1:]


def _encode(groups: Sequence[str]) -> str:
    return msgspec.json.encode(groups).decode()
