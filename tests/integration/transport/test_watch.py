"""What needs a human at the kerb: an alert goes on with its cause and off with it, and names nobody."""

import msgspec

from shared import codec, topics
from shared.facts import Alert
from shared.sql.engine import reading
from tests.support.transport import EVENT, World, at
from transport.adapters.store import SqlStore


def alerts(world: World) -> dict[str, Alert]:
    """Those that are on after another look, by id."""
    world.consumer.watch._next_ms = world.consumer.watch._looked_ms = 0
    world.tick()
    with reading(world.transport.engine) as connection:
        found = SqlStore(connection).alerts.on(EVENT)
    return {name: codec.decode(payload, Alert) for name, payload in found.items()}


def test_last_call_tells_the_doors_where_the_missing_were_last_seen(world: World) -> None:
    """One alert a location, with how many; over when they are aboard."""
    world.step("t1-b1", "open", "11:20")
    listed = world.listed("t1-b1")
    for person in listed:
        world.seen(person, "church", "10:40")
    world.step("t1-b1", "last-call", "11:36")
    on = alerts(world)["last-call-t1-b1-church"]
    assert (on.kind, on.place) == ("last-call", "church")
    assert f"waiting for {len(listed)} people" in on.text.en
    for person in listed:
        world.scan(f"badge-{person}", "coach-b1", "11:37")
    assert "last-call-t1-b1-church" not in alerts(world)


def test_a_run_that_left_people_behind_says_so_until_they_are_found(world: World) -> None:
    """Urgent, with the number; another number is said with the same moment since when; nobody is named."""
    world.step("t1-b1", "open", "11:20")
    listed = world.listed("t1-b1")
    for person in listed:
        world.seen(person, "church", "10:40")
    world.step("t1-b1", "depart", "11:40")
    before = len(world.published)
    first = alerts(world)["left-behind-t1-b1"]
    assert (first.level, first.text.en) == ("urgent", f"Run B1 left without {len(listed)} people")
    said = {topic: payload for topic, payload, _ in world.published[before:]}
    assert b"Name of" not in said[topics.alert(EVENT, "left-behind-t1-b1")]
    world.clock.now = at("11:57")
    world.seen(listed[0], "mill", "11:55")
    fewer = alerts(world)["left-behind-t1-b1"]
    assert fewer.since == first.since
    assert fewer.text != first.text
    for person in listed[1:]:
        world.seen(person, "mill", "11:56")
    assert "left-behind-t1-b1" not in alerts(world)


def test_a_late_run_says_which_items_it_touches(world: World) -> None:
    """Still at last call at 11:57: it reaches the mill after the visit began."""
    world.step("t1-b1", "open", "11:20")
    world.step("t1-b1", "last-call", "11:57:30")
    late = alerts(world)["run-late-t1-b1"]
    assert late.kind == "run-late"
    assert "touches Mill" in late.text.en


def test_a_breakdown_a_difference_and_two_boardings(world: World) -> None:
    """Each on with its cause: halted, counted more than known, boarded on two runs; and off after it."""
    world.step("t1-b1", "open", "11:20")
    world.step("t1-b2", "open", "11:20")
    world.step("t1-b1", "halt", "11:25")
    assert alerts(world)["breakdown-t1-b1"].level == "urgent"
    world.step("t1-b1", "resume", "11:26")
    world.scan("badge-p1", "coach-b1", "11:30")
    world.scan("badge-p1", "coach-b2", "11:31")
    on = alerts(world)
    assert "breakdown-t1-b1" not in on
    assert on["two-runs-t1"].text.en == "1 person boarded on two runs: say which"
    world.clock.now = at("11:50")
    world.seen("p1", "mill", "11:50")
    world.step("t1-b2", "depart", "11:51", counted=3)
    on = alerts(world)
    assert "two-runs-t1" not in on
    assert on["difference-t1-b2"].text.en == "Run B2: a difference of +3 at the count"


def test_nobody_without_a_seat_is_forgotten(world: World) -> None:
    """Seven seats to the mill and eight people: said until there is one."""
    world.cards(("p7", "north", "Ede", ""), ("p8", "north", "Oss", ""))
    world.settle()
    assert alerts(world)["no-seat-t1"].text.en == "Out: 1 person without a seat"
    world.give((topics.person(EVENT, "p8"), b""))
    world.settle()
    assert "no-seat-t1" not in alerts(world)


def test_the_payload_is_an_alert_of_the_contract(world: World) -> None:
    """As it is published: level, kind, both languages, place, since."""
    world.step("t1-b1", "open", "11:20")
    world.step("t1-b1", "halt", "11:25")
    on = alerts(world)["breakdown-t1-b1"]
    assert msgspec.to_builtins(on).keys() == {"alert", "level", "kind", "text", "place", "since"}
