"""The seats of a large event are allocated by another process, while people go on boarding."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from shared.facts import Text
from shared.mqtt import BrokerAddress
from shared.sql.engine import reading, writing
from tests.support.transport import HandClock, Make, World
from transport.adapters import planner
from transport.adapters.planner import Planner
from transport.adapters.store import SqlStore
from transport.domain.stays import Seat
from transport.handlers import seats
from transport.handlers.seats import Planned
from transport.settings import Settings
from transport.wiring import build


def plan(folder: Path, database: str, event: str) -> Sequence[Planned]:
    """What the other process does."""
    settings = Settings(
        data=folder,
        database=database,
        mqtt=BrokerAddress("127.0.0.1"),
        event=event,
        clock=HandClock(),
        auto_steps=False,
        log_level="info",
        instance="2",
        share=False,
    )
    return build(settings).plan_seats()


@pytest.fixture
def world(make: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The small day, taken for a large one, with four people for the mill whose seats are not given yet."""
    monkeypatch.setattr(planner, "AT_ONCE", 0)
    made = make()
    own = made.transport.settings
    made.consumer.planner = Planner(partial(plan, own.data, own.database), made.consumer.real_ms)
    made.cards(*((f"p{n}", "north", "Almelo", "") for n in range(1, 5)))
    made.step("t1-b1", "open", "11:20")
    made.step("t1-b2", "open", "11:20")
    made.consumer._last_card_ms = 0
    yield made
    made.consumer.planner.stop()


def _finish(world: World) -> None:
    """Wait for the other process, and let the consumer take what it says."""
    for working in world.consumer.planner._working.values():
        assert working.answer.poll(60)
    world.tick()


def _seats(world: World) -> dict[str, str | None]:
    with reading(world.transport.engine) as connection:
        held = SqlStore(connection).seats_of_transfer("small-2024", "t1")
    return {person: seat.run for person, seat in held.items()}


def test_seats_come_from_another_process(world: World) -> None:
    """Nothing is written until it is done, and then everybody has a seat."""
    world.tick()
    assert _seats(world) == {}
    _finish(world)
    assert _seats(world).keys() == {"p1", "p2", "p3", "p4"}
    assert set(_seats(world).values()) <= {"t1-b1", "t1-b2"}
    assert sorted(world.listed("t1-b1") + world.listed("t1-b2")) == ["p1", "p2", "p3", "p4"]


def test_who_boards_meanwhile_stays_where_they_are(world: World) -> None:
    """Their seat is the one that they took, whatever was worked out; the others get theirs."""
    world.tick()
    assert world.scan("badge-p4", "coach-b3", "11:21").reason == "closed"
    assert world.scan("badge-p4", "coach-b2", "11:22").reason == "not-listed"
    _finish(world)
    assert _seats(world)["p4"] == "t1-b2"
    assert _seats(world).keys() == {"p1", "p2", "p3", "p4"}


def test_who_registers_meanwhile_gets_a_seat_next(world: World) -> None:
    """What changed after the other process began is worked out again."""
    world.tick()
    world.cards(("p5", "north", "Ede", ""))
    world.consumer._last_card_ms = 0
    _finish(world)
    world.consumer.planner._next_ms = 0
    world.tick()
    _finish(world)
    assert _seats(world).keys() == {"p1", "p2", "p3", "p4", "p5"}


def test_a_process_that_is_killed_is_started_again(world: World) -> None:
    """The seats are still to be given."""
    world.tick()
    for working in world.consumer.planner._working.values():
        working.process.kill()
        working.process.join(60)
    world.tick()
    assert _seats(world) == {}
    world.consumer.planner._next_ms = 0
    world.tick()
    _finish(world)
    assert _seats(world).keys() == {"p1", "p2", "p3", "p4"}


def test_a_plan_gives_no_seat_where_there_is_none_any_more(world: World) -> None:
    """Not on a run that left meanwhile, nor more than it has free; nor to whom something changed about."""
    world.tick()
    _finish(world)
    world.step("t1-b2", "depart", "11:40")
    wanted = {person: Seat(told="t1-b1", run="t1-b1") for person in ("n0", "n1", "n2", "n3", "n4", "n5")}
    wanted |= {"late": Seat(told="t1-b2", run="t1-b2")}
    planned = Planned(transfer="t1", changed=wanted, gone=("p1", "p2"), left={"x": Text("vol", "full")})
    with writing(world.transport.engine) as connection:
        store = SqlStore(connection)
        day = world.transport._day(store)
        on_b1 = store.listed(day.event, "t1-b1") - {"p1", "p2"}
        holds = seats.still(planned, {"n0", "p2"}, day=day, store=store)
    assert len(holds.changed) == 4 - len(on_b1)
    assert holds.changed.keys() < {"n1", "n2", "n3", "n4", "n5"}
    assert holds.gone == ("p1",)
