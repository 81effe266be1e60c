"""Coach scans on SQLite and PostgreSQL: verdicts, doubling, delay, bad input."""

import msgspec

from shared import badge, codec, topics
from shared.facts import Verdict
from tests.support.transport import EVENT, World, at
from transport.domain.acts import Act

BADGE_ID = "7KQ2M9XDAF"


def test_every_verdict_of_a_coach(world: World) -> None:
    """One after another, as the day goes."""
    keys = world.transport.settings.secrets.event_keys(EVENT)
    elsewhere = world.transport.settings.secrets.event_keys("other-2024")
    given = [(world.scan("badge-p1", "coach-b1", "11:10"), ("refuse", "closed"))]
    for run in ("t1-b1", "t1-b2", "t1-b3"):
        world.step(run, "open", "11:20")
    given += [
        (world.scan("badge-p1", "coach-b1", "11:21"), ("admit", "aboard")),
        (world.scan("badge-p1", "coach-b1", "11:22"), ("admit", "again")),
        (world.scan("badge-p4", "coach-b1", "11:23"), ("refuse", "full")),  # its four seats are all given
        (world.scan("badge-p6", "coach-b2", "11:23"), ("warn", "other-run")),  # moved here, seat freed there
        (world.scan("badge-s1", "coach-b1", "11:24"), ("warn", "other-run")),  # to the wrong town, and told so
        (world.scan("badge-free", "coach-b3", "11:24"), ("refuse", "not-listed")),  # strict
        (world.scan("badge-p2", "coach-b3", "11:24"), ("refuse", "other-run")),  # strict
        (world.scan("badge-p1", "coach-b1-out", "11:25"), ("admit", "off")),
        (world.scan("nonsense", "coach-b1", "11:26"), ("refuse", "unknown")),
        (world.scan("old-p1", "coach-b1", "11:26"), ("refuse", "revoked")),
        (world.scan(f"IL1:{BADGE_ID}:4Q7Z2YB6KHT3WJ5N", "coach-b1", "11:26"), ("refuse", "forged")),
        (world.scan(badge.code(BADGE_ID, event=EVENT, key=keys.badge), "coach-b1", "11:26"), ("refuse", "unknown")),
        (
            world.scan(badge.code(BADGE_ID, event="other-2024", key=elsewhere.badge), "coach-b1", "11:26"),
            ("refuse", "wrong-event"),
        ),
    ]
    world.step("t1-b1", "depart", "11:40")
    given += [
        (world.scan("badge-p2", "coach-b1", "11:40:01"), ("refuse", "departed")),
        (world.scan("badge-p2", "coach-b1", "11:39:30"), ("admit", "aboard")),  # read before, came after
        (world.scan("badge-p2", "coach-b9", "11:41"), ("refuse", "closed")),
    ]
    assert [(verdict.outcome, verdict.reason) for verdict, _ in given] == [expected for _, expected in given]
    assert world.places() == {"p1": "church", "p2": "t1-b1", "p6": "t1-b2", "s1": "t1-b1"}
    assert "Hall" not in given[5][0].line.en
    assert given[5][0].line.en.startswith("This run goes to The Mill!")
    assert world.aside() == ["unknown-checkpoint"]


def test_seats_move_with_who_boards_elsewhere(world: World) -> None:
    """The list of the one run loses them, that of the other gains them; the numbers too."""
    for run in ("t1-b1", "t1-b2"):
        world.step(run, "open", "11:20")
    world.scan("badge-p6", "coach-b2", "11:23")
    world.tick()
    assert world.listed("t1-b1") == ["p1", "p2", "p3"]
    assert world.listed("t1-b2") == ["p4", "p5", "p6"]
    assert (world.run_state("t1-b2").listed, world.run_state("t1-b2").aboard) == (3, 1)


def test_a_walk_on_with_a_free_seat_is_let_in_and_listed(world: World) -> None:
    """A warning, a sighting, and a place on the list."""
    world.step("t1-b2", "open", "11:20")
    verdict = world.scan("badge-free", "coach-b2", "11:25")
    world.tick()
    assert (verdict.outcome, verdict.reason, verdict.present) == ("warn", "not-listed", 1)
    assert world.listed("t1-b2") == ["free", "p4", "p5"]


def test_the_same_scan_again_changes_nothing_and_gets_the_same_verdict(world: World) -> None:
    """Three times in one batch, and once more after the run has left: one sighting, one answer."""
    world.step("t1-b1", "open", "11:20")
    message = world.scan_message("badge-p1", "coach-b1", "11:25", identity="scan-again")
    first = world.give(message, message, message)
    world.step("t1-b1", "depart", "11:40")
    later = world.give(message)
    assert len({reply.payload for reply in (*first.replies, *later.replies)}) == 1
    assert len(world.sightings()) == 1


def test_the_same_id_with_other_content_is_a_conflict(world: World) -> None:
    """The first stands and is answered again; the second is kept for the organiser."""
    world.step("t1-b1", "open", "11:20")
    world.scan("badge-p1", "coach-b1", "11:25", identity="scan-twice")
    verdict = world.scan("badge-p2", "coach-b1", "11:25", identity="scan-twice")
    assert (verdict.reason, verdict.person and verdict.person.name) == ("aboard", "Name of p1")
    assert world.places() == {"p1": "t1-b1"}
    assert world.aside() == ["conflict"]


def test_what_cannot_be_read_is_kept_and_stops_nothing(world: World) -> None:
    """Not JSON, wrong types, too large, another kind of checkpoint; the good one between them is answered."""
    world.step("t1-b1", "open", "11:20")
    topic, good = world.scan_message("badge-p1", "coach-b1", "11:25")
    _, door = world.scan_message("badge-p1", "church-in", "11:25")
    effects = world.give((topic, b"{"), (topic, b'{"id": 3}'), (topic, good), (topic, b" " * 20_000), (topic, door))
    assert [codec.decode(reply.payload, Verdict).reason for reply in effects.replies] == ["aboard", "closed"]
    assert sorted(world.aside()) == ["malformed", "malformed", "malformed", "wrong-topic"]


def test_an_event_that_is_not_loaded_is_answered_and_set_aside(world: World) -> None:
    """Otherwise its scanner would ask for ever."""
    _, payload = world.scan_message("badge-p1", "coach-b1", "11:25")
    effects = world.give((topics.coach_scan("other-2024", "b1"), payload))
    assert [reply.topic for reply in effects.replies] == ["inloop/1/other-2024/verdict/b1"]
    assert world.aside() == ["unknown-event"]


def test_an_unbelievable_time_is_replaced_by_when_it_came(world: World) -> None:
    """Of 2099, ten seconds old: it counts from ten seconds before it came."""
    world.step("t1-b1", "open", "11:20")
    world.clock.now = at("11:30")
    verdict = world.scan("badge-p1", "coach-b1", "11:25", age_ms=10_000, identity="scan-fine")
    topic, payload = world.scan_message("badge-p2", "coach-b1", "11:25")
    wrong = msgspec.json.encode(
        {**msgspec.json.decode(payload), "at": "2099-01-01T00:00:00Z", "age_ms": 10_000, "unknown": 1}
    )
    world.give((topic, wrong))
    assert (verdict.at, world.replies[-1].at) == ("2024-01-11T10:25:00.000Z", "2024-01-11T10:29:50.000Z")


def test_a_revoked_badge_and_its_successor(world: World) -> None:
    """A newer card is believed, an older one is not; a forgotten person is unknown and has no seat."""
    world.step("t1-b1", "open", "11:20")
    card = world.card("p1", "north", "Almelo", rev=2)
    swapped = msgspec.structs.replace(card, badges=(badge.digest("new"),), revoked=(badge.digest("badge-p1"),))
    world.give((topics.person(EVENT, "p1"), codec.encode(swapped)))
    world.cards(("p1", "north", "Almelo", ""), rev=1)
    assert world.scan("badge-p1", "coach-b1", "11:25").reason == "revoked"
    assert world.scan("new", "coach-b1", "11:26").reason == "aboard"
    world.give((topics.person(EVENT, "p2"), b""))
    assert world.scan("badge-p2", "coach-b1", "11:27").reason == "unknown"
    world.settle()
    assert "p2" not in world.listed("t1-b1")


def test_a_wheelchair_place_is_kept_for_who_has_it_until_last_call(world: World) -> None:
    """A walk-on in a wheelchair is told that it is full, and at last call let in."""
    world.cards(("w1", "", "", "rolstoel"))
    world.step("t1-b1", "open", "11:20")
    assert "p3" in world.listed("t1-b1")
    assert world.scan("badge-w1", "coach-b1", "11:25").reason == "full"
    world.step("t1-b1", "last-call", "11:36")
    late = world.scan("badge-w1", "coach-b1", "11:37")
    assert (late.outcome, late.reason) == ("warn", "not-listed")
    assert world.scan("badge-p3", "coach-b1", "11:38").reason == "full"  # one place


def test_nameless_people_and_a_relief_coach_count_for_the_room(world: World) -> None:
    """Three seats, of which two people without a name have two; what was taken back does not count."""
    world.step("t1-b2", "open", "11:20")
    world.transport.act(
        [Act(id="act-0001", run="t1-b2", kind="nameless", at_ms=at("11:21"), change=3), _undone("act-0002", "act-0001")]
    )
    world.transport.act([Act(id="act-0003", run="t1-b2", kind="nameless", at_ms=at("11:21"), change=2)])
    assert world.scan("badge-p4", "coach-b2", "11:25").reason == "aboard"
    assert world.scan("badge-p5", "coach-b2", "11:26").reason == "full"


def _undone(identity: str, target: str) -> Act:
    return Act(id=identity, run="t1-b2", kind="undo", at_ms=at("11:22"), undoes=target)
