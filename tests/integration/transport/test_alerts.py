"""What needs a human, as transport says it."""

import msgspec
from sqlalchemy import text

from shared import topics
from shared.facts import Alert
from shared.sql import outbox
from shared.sql.engine import reading
from tests.support.transport import EVENT, World, at

CLOCK = topics.alert(EVENT, "clock-b1")


def told(world: World, before: int = 0) -> list[bool]:
    """Whether the alert was on each time it was published since."""
    return [bool(payload) for topic, payload, retain in world.published[before:] if topic == CLOCK and retain]


def test_a_coach_scanner_whose_clock_is_off_gets_an_alert_until_it_is_right(world: World) -> None:
    """Five minutes behind: the time stays the device's, one alert; over with the next good scan."""
    world.step("t1-b1", "open", "11:20")
    world.clock.now = at("11:30")
    late = [world.scan(f"badge-{person}", "coach-b1", "11:25", age_ms=0) for person in ("p1", "p2")]
    assert [verdict.reason for verdict in late] == ["aboard", "aboard"]
    assert told(world) == [True]
    [payload] = [payload for topic, payload, _ in world.published if topic == CLOCK]
    alert = msgspec.json.decode(payload, type=Alert)
    assert (alert.kind, alert.level, alert.text.en) == ("clock", "warn", "The clock of scanner b1 is off")
    world.scan("badge-p3", "coach-b1", "11:31", age_ms=0)
    world.scan("badge-p6", "coach-b1", "11:32", age_ms=0)
    assert told(world) == [True, False]


def test_an_alert_that_is_on_is_said_again_after_a_new_connection(world: World) -> None:
    """The broker may have lost it; one that is over is not said."""
    world.clock.now = at("11:30")
    world.scan("badge-p1", "coach-b1", "11:25", age_ms=0)
    world.tick()
    before = len(world.published)
    world.tick()
    assert told(world, before) == []
    world.consumer.connected()
    world.tick()
    assert told(world, before) == [True]
    world.scan("badge-p1", "coach-b1", "11:31", age_ms=0)
    before = len(world.published)
    world.consumer.connected()
    world.tick()
    assert told(world, before) == []


def test_scans_by_http_raise_it_too(world: World) -> None:
    """The same rule, through the outbox."""
    world.clock.now = at("11:30")
    _, scan = world.scan_message("badge-p1", "coach-b1", "11:25", age_ms=0)
    world.transport.take_scans([scan], "b1")
    world.tick()
    assert told(world) == [True]


def test_a_clock_that_cannot_be_compared_raises_nothing(world: World) -> None:
    """With `age_ms` null the scan may have waited in the device."""
    world.clock.now = at("11:30")
    world.scan("badge-p1", "coach-b1", "11:25", age_ms=None)
    assert told(world) == []
    with reading(world.transport.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM alert")).scalar() == 0
        assert outbox.waiting(connection) == []
