"""The same messages in any order, doubled and late: the same places, seats and arrivals (CONTRACT section 2)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from shared import codec, instants, topics
from shared.facts import Scan, Sighting
from shared.mqtt import BrokerAddress
from shared.sql.engine import reading, writing
from tests.support.transport import EVENT, PROGRAMME, HandClock, World, at
from transport.handlers.steps import Asked
from transport.settings import Settings
from transport.wiring import build

TABLES = (
    "scan",
    "sighting",
    "presence",
    "visit",
    "tally",
    "arrival",
    "run_step",
    "seat",
    "outbox",
    "quarantine",
    "act",
)
STEPS = (
    ("t1-b1", "depart", "11:40"),
    ("t1-b2", "depart", "11:44"),
    ("t1-b1", "arrive", "11:50"),
    ("t1-b2", "arrive", "11:54"),
)


def _door(identity: str, person: str, place: str, clock: str, void: str | None = None) -> tuple[str, bytes]:
    fact = Sighting(
        id=identity,
        event=EVENT,
        person=person,
        place=place,
        at_ms=at(clock),
        how="scanned",
        source="checkin",
        void=void,
    )
    return topics.sighting(EVENT, "checkin"), codec.encode_sighting(fact)


def _coach(identity: str, person: str, checkpoint: str, clock: str) -> tuple[str, bytes]:
    fact = Scan(id=identity, badge=f"badge-{person}", checkpoint=checkpoint, at=instants.to_text(at(clock)))
    return topics.coach_scan(EVENT, "b1"), codec.encode(fact)


MESSAGES = (
    _door("door-0001", "p1", "church", "10:30"),
    _door("door-0002", "p2", "church", "10:31"),
    _coach("scan-0001", "p1", "coach-b1", "11:25"),
    _coach("scan-0002", "p1", "coach-b1", "11:26"),  # held twice before the reader
    _coach("scan-0003", "p2", "coach-b1", "11:27"),
    _coach("scan-0004", "p2", "coach-b1-out", "11:28"),
    _coach("scan-0005", "p2", "coach-b2", "11:30"),  # changed coaches
    _coach("scan-0006", "p4", "coach-b2", "11:31"),
    _door("door-0003", "p4", "church", "11:35"),  # got off again without a scan
    _door("door-0004", "p4", "church", "11:35", void="door-0003"),  # no: that was a mistake
    _coach("scan-0007", "p5", "coach-b2", "11:39"),
    _door("door-0005", "p1", "mill", "11:52"),
    _door("door-0006", "p5", "mill", "11:53"),  # before the coach is said to arrive
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The small day on SQLite; emptied for each example."""
    folder: Path = tmp_path_factory.mktemp("any-order")
    clock = HandClock()
    transport = build(
        Settings(
            data=folder,
            database=f"sqlite:///{folder / 'transport.db'}",
            mqtt=BrokerAddress("127.0.0.1"),
            event=None,
            clock=clock,
            auto_steps=False,
            log_level="info",
            instance="1",
            share=False,
        )
    )
    transport.migrate()
    transport.load_programme(PROGRAMME)
    made = World(transport, clock, transport.consumer())
    made.cards(*((f"p{n}", "north", "Almelo" if n < 4 else "Zwolle", "") for n in range(1, 6)))
    yield made
    transport.engine.dispose()


@settings(max_examples=25, deadline=None)
@given(
    order=st.permutations(MESSAGES),
    again=st.lists(st.sampled_from(MESSAGES)),
    cuts=st.lists(st.integers(0, 13), min_size=4, max_size=4),
)
def test_any_order_of_the_same_messages(
    world: World, order: list[tuple[str, bytes]], again: list[tuple[str, bytes]], cuts: list[int]
) -> None:
    """Whenever the runs are said to depart and arrive in between, and however much comes twice."""
    _begin(world)
    sent = 0
    for cut, (run, step, clock) in zip(sorted(cuts), STEPS, strict=True):
        world.give(*order[sent:cut])
        sent = max(sent, cut)
        world.transport.step(Asked(run, step, "coordinator", reason="a test", at_ms=at(clock)))
    world.give(*order[sent:], *again)
    assert world.places() == {"p1": "mill", "p2": "mill", "p4": "mill", "p5": "mill"}
    assert _rows(world, "SELECT person, run FROM seat WHERE transfer = 't1' AND run = 't1-b2'") == {
        ("p2", "t1-b2"),
        ("p4", "t1-b2"),
        ("p5", "t1-b2"),
    }
    assert _rows(world, "SELECT person, run FROM arrival WHERE standing") == {
        ("p1", "t1-b1"),
        ("p2", "t1-b2"),
        ("p4", "t1-b2"),  # not p5, who was seen at the mill before
    }


def _begin(world: World) -> None:
    with writing(world.transport.engine) as connection:
        for table in TABLES:
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE meta SET value = '1' WHERE key = 'seats.stale.small-2024'"))
    world.clock.now = at("12:00")
    world.settle()
    for run in ("t1-b1", "t1-b2"):
        world.transport.step(Asked(run, "open", "coordinator", at_ms=at("11:20")))


def _rows(world: World, query: str) -> set[tuple[str, str]]:
    with reading(world.transport.engine) as connection:
        return {(row[0], row[1]) for row in connection.execute(text(query))}
