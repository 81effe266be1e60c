"""Sightings and what follows from them, in SQL."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, String, bindparam, text

from shared.facts import UNDERWAY, Sighting
from shared.sql import bulk, facts
from transport.adapters.changes import touch
from transport.adapters.scans import ID, single
from transport.domain.arrival import SOURCE, Arrival
from transport.domain.seated import Boarded
from transport.domain.stays import Stay
from transport.ports import FOREVER, Seen

ARRIVAL: bulk.Columns = (
    ("event", "text"),
    ("person", "text"),
    ("run", "text"),
    ("nth", "integer"),
    ("standing", "boolean"),
    ("at_ms", "bigint"),
)
_NOT_VOIDED = "s.void IS NULL AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id)"
_KNOWN = """s.void IS NULL AND s.received_ms <= :known
    AND NOT EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id AND v.received_ms <= :known)"""
_HISTORY = f"""SELECT s.person, s.at_ms, s.id, s.place, s.how
    FROM {{j}} CROSS JOIN sighting AS s WHERE s.event = :event AND s.person = j.id AND {_NOT_VOIDED}"""
_ARRIVALS = """SELECT a.run, a.person, a.nth, a.standing, a.at_ms
    FROM {j} CROSS JOIN arrival AS a WHERE a.event = :event AND a.person = j.id"""
_PAGE = 1000


class FactsMixin:
    """`transport.ports.Facts`."""

    connection: Connection

    def record(self, sightings: Iterable[Sighting], received_ms: int) -> list[Sighting]:
        """See the port."""
        return facts.record(self.connection, sightings, received_ms=received_ms)

    def history(self, event: str, persons: Iterable[str]) -> dict[str, list[Stay]]:
        """See the port."""
        wanted = single(persons)
        found: dict[str, list[Stay]] = {person: [] for (person,) in wanted}
        rows = bulk.select(self.connection, _HISTORY, ID, wanted, {"event": event}) if wanted else ()
        for person, at_ms, identity, place, how in rows:
            found[person].append(Stay(at_ms, identity.encode(), place, how == "implied", how == "manual"))
        for stays in found.values():
            stays.sort()
        return found

    def boarded(self, event: str, runs: Iterable[str], until_ms: int, known_ms: int = FOREVER) -> dict[str, Boarded]:
        """See the port."""
        statement = text(
            f"""SELECT person, place, at_ms FROM (
                SELECT s.person, s.place, s.at_ms,
                       row_number() OVER (PARTITION BY s.person ORDER BY s.at_ms DESC, s.id DESC) AS nth
                FROM sighting AS s
                WHERE s.event = :event AND s.at_ms <= :until AND s.place IN :runs AND {_KNOWN}) AS ranked
                WHERE nth = 1"""
        )
        values = {"event": event, "until": until_ms, "runs": list(runs), "known": known_ms}
        rows = self.connection.execute(statement.bindparams(bindparam("runs", expanding=True, type_=String())), values)
        return {row.person: Boarded(row.place, row.at_ms) for row in rows}

    def visitors(self, event: str, place: str) -> set[str]:
        """See the port."""
        rows = self.connection.execute(
            text("SELECT person FROM visit WHERE event = :event AND place = :place"), {"event": event, "place": place}
        )
        return {row.person for row in rows}

    def visitors_of_two(self, event: str, runs: Collection[str]) -> set[str]:
        """See the port."""
        query = text(
            """SELECT person FROM visit WHERE event = :event AND place IN :runs
               GROUP BY person HAVING count(*) > 1"""
        ).bindparams(bindparam("runs", expanding=True, type_=String()))
        return {person for (person,) in self.connection.execute(query, {"event": event, "runs": list(runs)})}

    def in_use(self, event: str) -> set[str]:
        """See the port."""
        query = text(
            """SELECT DISTINCT p.place FROM presence AS p JOIN card AS c ON c.event = p.event AND c.person = p.person
               WHERE p.event = :event"""
        )
        return {place for (place,) in self.connection.execute(query, {"event": event})}

    def own_since(self, event: str, after: int) -> list[Sighting]:
        """See the port."""
        found: list[Sighting] = []
        while page := facts.since(self.connection, event, SOURCE, after=after, limit=_PAGE):
            found += page
            after = page[-1].sequence
        return found

    def presence(self, event: str, until_ms: int | None, known_ms: int = FOREVER) -> dict[str, Seen]:
        """See the port."""
        if until_ms is None and known_ms == FOREVER:
            rows: Iterable[Sequence[object]] = self.connection.execute(
                text("SELECT person, place, at_ms, id, how FROM presence WHERE event = :event"), {"event": event}
            )
        else:
            until = facts.FOREVER if until_ms is None else until_ms
            rows = facts.places_at(self.connection, event, until_ms=until, known_ms=known_ms)
        return {str(person): (str(place), int(str(at)), str(how)) for person, place, at, _, how in rows}

    def presence_of(self, event: str, persons: Iterable[str]) -> dict[str, str]:
        """See the port."""
        query = """SELECT p.person, p.place FROM {j} JOIN presence AS p ON p.event = :event AND p.person = j.id"""
        wanted = single(persons)
        rows = bulk.select(self.connection, query, ID, wanted, {"event": event}) if wanted else ()
        return {row.person: row.place for row in rows}

    def located(self, event: str, until_ms: int | None, known_ms: int = FOREVER) -> dict[str, Seen]:
        """See the port."""
        until = facts.FOREVER if until_ms is None else until_ms
        rows = facts.places_at(self.connection, event, until_ms=until, skip=UNDERWAY, known_ms=known_ms)
        return {person: (place, at, how) for person, place, at, _, how in rows}

    def seen_between(
        self, event: str, after_ms: int, until_ms: int, known_ms: int = FOREVER
    ) -> Sequence[tuple[str, str]]:
        """See the port."""
        rows = self.connection.execute(
            text(
                f"""SELECT DISTINCT s.person, s.place FROM sighting AS s
                    WHERE s.event = :event AND s.at_ms > :after AND s.at_ms <= :until AND {_KNOWN}"""
            ),
            {"event": event, "after": after_ms, "until": until_ms, "known": known_ms},
        )
        return [(row.person, row.place) for row in rows]

    def arrivals(self, event: str, persons: Iterable[str]) -> dict[str, list[Arrival]]:
        """See the port."""
        found: defaultdict[str, list[Arrival]] = defaultdict(list)
        wanted = single(persons)
        rows = bulk.select(self.connection, _ARRIVALS, ID, wanted, {"event": event}) if wanted else ()
        for run, person, nth, standing, at_ms in rows:
            found[run].append(Arrival(person=person, nth=nth, standing=bool(standing), at_ms=at_ms))
        return found

    def standing(self, event: str, runs: Iterable[str]) -> dict[str, set[str]]:
        """See the port."""
        statement = text("SELECT run, person FROM arrival WHERE event = :event AND standing = :yes AND run IN :runs")
        rows = self.connection.execute(
            statement.bindparams(bindparam("runs", expanding=True, type_=String())),
            {"event": event, "yes": True, "runs": list(runs)},
        )
        found: defaultdict[str, set[str]] = defaultdict(set)
        for run, person in rows:
            found[run].add(person)
        return found

    def put_arrivals(self, event: str, run: str, arrivals: Iterable[Arrival]) -> None:
        """See the port."""
        rows = [(event, a.person, run, a.nth, a.standing, a.at_ms) for a in arrivals]
        conflict = "ON CONFLICT (event, person, run, nth) DO UPDATE SET standing = excluded.standing"
        bulk.insert(self.connection, "arrival", ARRIVAL, rows, conflict=conflict)
        touch(self.connection, event, persons=[person for _, person, *_ in rows])
