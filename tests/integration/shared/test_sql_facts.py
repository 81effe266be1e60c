"""The presence fold in SQL is the pure fold, on SQLite and on PostgreSQL."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import DeclarativeBase

from shared import presence
from shared.facts import Sighting
from shared.sql import facts, tables
from shared.sql.engine import make_engine, reading, writing
from tests.support.sightings import sightings


class Base(DeclarativeBase):
    """Tables of a service that is only here."""


class SightingRow(tables.SightingTable, Base):
    """sighting."""


class PresenceRow(tables.PresenceTable, Base):
    """presence."""


class VisitRow(tables.VisitTable, Base):
    """visit."""


class TallyRow(tables.TallyTable, Base):
    """tally."""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty database with the tables of facts."""
    made = make_engine(database_url, schema="public")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(sightings(), max_size=8), max_size=6))
def test_the_sql_fold_is_the_pure_fold(engine: Engine, batches: list[list[Sighting]]) -> None:
    """However the sightings are cut into batches, presence, visits and tallies are what the pure fold says."""
    _empty(engine)
    for number, batch in enumerate(batches):
        with writing(engine) as connection:
            facts.record(connection, batch, received_ms=number)
    everything = [s for batch in batches for s in batch]
    expected = presence.fold(everything)
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT person, place, at_ms, id, how FROM presence")).all()
        visits = connection.execute(text("SELECT person, place, at_ms FROM visit")).all()
        tallies = connection.execute(text("SELECT place, present FROM tally WHERE present <> 0")).all()
        moments = {s.at_ms for s in everything}
        past = {m: facts.places_at(connection, "e1", until_ms=m) for m in moments}
    assert {r.person: (r.place, r.at_ms, r.id, r.how) for r in rows} == {
        person: (s.place, s.at_ms, s.id, s.how) for person, s in expected.items()
    }
    assert {(v.person, v.place): v.at_ms for v in visits} == _first_visits(everything)
    assert {t.place: t.present for t in tallies} == Counter(s.place for s in expected.values())
    for moment, places in past.items():
        then = presence.fold(everything, at_ms=moment)
        assert {p.person: p.place for p in places} == {person: s.place for person, s in then.items()}


def test_a_sighting_is_numbered_once_and_given_back_for_sync(engine: Engine) -> None:
    """`record` returns only what is new, numbered; `since` gives it back in order."""
    _empty(engine)
    one, two = (
        Sighting(
            id=f"sighting-{n}", event="e1", person="p1", place="grote-kerk", at_ms=n, how="scanned", source="checkin"
        )
        for n in (1, 2)
    )
    with writing(engine) as connection:
        assert [s.sequence for s in facts.record(connection, [one], received_ms=0)] == [1]
        assert [s.sequence for s in facts.record(connection, [one, two], received_ms=0)] == [2]
        assert [s.id for s in facts.since(connection, "e1", "checkin", after=1)] == ["sighting-2"]


def _first_visits(everything: list[Sighting]) -> dict[tuple[str, str], int]:
    first: dict[tuple[str, str], int] = {}
    for s in presence.counting(everything):
        key = (s.person, s.place)
        first[key] = min(s.at_ms, first.get(key, s.at_ms))
    return first


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in ("sighting", "presence", "visit", "tally"):
            connection.execute(text(f"DELETE FROM {table}"))
