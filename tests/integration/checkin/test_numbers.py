"""The numbers always add up, whatever order, doubling and cutting into batches the messages come in."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import codec, presence, topics
from shared.facts import Headcount, Sighting
from shared.instants import to_text
from shared.missing import Implied, ended_last, missing, unconfirmed
from shared.mqtt import Message
from shared.sql.engine import reading, writing
from tests.support.checkin import DAY, EVENT, PEOPLE, Site, at, balance

DOORS = ("kerk-in", "kerk-out", "huis-in", "huis-out", "zaal-in", "zaal-out", "zaal-strict", "zaal-count", "no-door")
BADGES = ("badge-1", "badge-2", "badge-3", "badge-4", "nobody's")
TABLES = ("scan", "sighting", "presence", "visit", "tally", "quarantine", "alert", "outbox")
MINUTES = st.integers(0, 240)


@st.composite
def scans(draw: st.DrawFn) -> Message:
    """A scan between 09:30 and 13:30, some at the same moment; the same number is always the same scan."""
    number = draw(st.integers(0, 60))
    fact = {
        "id": f"scan-{number:06}",
        "badge": BADGES[number % len(BADGES)],
        "checkpoint": DOORS[(number * 7) % len(DOORS)],
        "at": to_text(at("09:30") + (number * 37 % 24) * 600_000),
    }
    return Message(topics.door_scan(EVENT, "kerk-1"), codec._encoder.encode(fact), False, at("13:40"))


@st.composite
def heard(draw: st.DrawFn) -> Message:
    """A sighting from transport: aboard, arrived, or one taken back."""
    number = draw(st.integers(0, 20))
    sighting = Sighting(
        id=f"transport-{number:04}",
        event=EVENT,
        person=f"p{number % 5 + 1}" if number % 5 < 4 else "stranger",
        place=("t1-b1", "huis", "underway")[number % 3],
        at_ms=at("11:30") + (number % 7) * 240_000,
        how="implied" if number % 3 == 1 else "scanned",
        source="transport",
        void=f"transport-{number * 3 % 20:04}" if number % 4 == 3 else None,
        sequence=number + 1,
    )
    return Message(topics.sighting(EVENT, "transport"), codec.encode_sighting(sighting), False, at("13:40"))


MESSAGES = st.lists(st.lists(scans() | heard(), max_size=12), max_size=5)
PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PROPERTY
@given(MESSAGES, MINUTES)
def test_everybody_is_in_exactly_one_place(site: Site, batches: list[list[Message]], minute: int) -> None:
    """registered = expected + locations + runs + underway + away after every batch, and at any past moment."""
    empty(site)
    for batch in batches:
        site.handle(*batch)
        assert balance(site.checkin.headcount()) == 0
    moment = at("09:30") + minute * 60_000
    past = site.checkin.headcount(moment)
    assert balance(past) == 0
    assert past.registered == len(PEOPLE)


@PROPERTY
@given(MESSAGES)
def test_the_numbers_of_now_are_those_of_the_log(site: Site, batches: list[list[Message]]) -> None:
    """What is kept up to date is what the sightings say, and both are what the pure fold says."""
    empty(site)
    site.now_ms = at("13:45")
    for batch in batches:
        site.handle(*batch)
    with writing(site.checkin.engine) as connection:
        published = codec.decode(
            {topic: payload for topic, payload, _ in site.ticker.tick(connection)}[topics.headcount(EVENT)], Headcount
        )
    past = site.checkin.headcount(at("13:45"))
    assert published == past
    assert (past.missing, past.unconfirmed) == by_the_rule(site, at("13:45"))


@PROPERTY
@given(MESSAGES, st.randoms(use_true_random=False))
def test_order_doubling_and_batches_do_not_matter(site: Site, batches: list[list[Message]], dice: Any) -> None:
    """The same messages shuffled, doubled and cut otherwise put everybody in the same place at every moment.

    Without the strict door, whose refusals depend on how full the room is when a scan comes.
    """
    messages = [message for batch in batches for message in batch if b"zaal-strict" not in message.payload]
    empty(site)
    for message in messages:
        site.handle(message)
    once = everything(site)
    empty(site)
    shuffled = [*messages, *messages]
    dice.shuffle(shuffled)
    while shuffled:
        size = dice.randint(1, 10)
        site.handle(*shuffled[:size])
        shuffled = shuffled[size:]
    assert everything(site) == once


def everything(site: Site) -> tuple[Any, ...]:
    """All that may not depend on order."""
    with reading(site.checkin.engine) as connection:
        run = connection.exec_driver_sql
        return (
            sorted(map(tuple, run("SELECT person, place, at_ms, id, how FROM presence"))),
            sorted(map(tuple, run("SELECT person, place, at_ms FROM visit"))),
            sorted(map(tuple, run("SELECT place, present FROM tally WHERE present <> 0"))),
            sorted(map(tuple, run("SELECT id, person, place, at_ms FROM sighting"))),
            sorted(map(tuple, run("SELECT kind, payload FROM quarantine"))),
        )


def by_the_rule(site: Site, moment: int) -> tuple[int, int]:
    """Missing and unconfirmed by the pure rules, from the log."""
    programme = site.checkin.programme()
    with reading(site.checkin.engine) as connection:
        rows = connection.exec_driver_sql("SELECT id, event, person, place, at_ms, how, source, void FROM sighting")
        log = [Sighting(**row._mapping) for row in rows]
    now = presence.fold(log, at_ms=moment)
    implied = {p: Implied(s.place, s.at_ms) for p, s in now.items() if s.how == "implied"}
    located = {p: s.place for p, s in presence.located(log, at_ms=moment).items()}
    last = ended_last(programme, moment)
    assert last is not None
    groups = {row.id or "": row.groups for row in PEOPLE}
    lost = missing(programme, last, moment, located, {p: s.place for p, s in now.items()}, groups)
    return len(lost), len(unconfirmed(programme, moment, implied))


def empty(site: Site) -> None:
    """Nobody was seen yet."""
    with writing(site.checkin.engine) as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")
    site.restart()


def test_a_place_that_leaves_the_programme_keeps_its_people(site: Site) -> None:
    """A new programme without the city hall's room: who is in it is still in the building, and the sum holds."""
    site.pass_door("badge-1", "zaal-in", "12:00")
    without = DAY.replace(b"      - {id: zaal, name: Zaal, floor: 1, capacity: 2}\n", b"")
    without = without.replace(b"place: huis.zaal", b"place: huis.hal")
    site.checkin.load_programme(without)
    count = site.checkin.headcount()
    assert balance(count) == 0
    assert {p.place: p.present for p in count.places} == {"kerk": 0, "huis": 1, "huis.hal": 0}


def test_what_the_programme_expects(site: Site) -> None:
    """At 12:05 each group in its room, the rooms also in their building, and who is away not at all."""
    site.pass_door("badge-1", "huis-out", "13:00")
    expected = Counter({p.place: p.expected for p in site.checkin.headcount(at("12:05")).places})
    assert expected == {"kerk": 0, "huis": 8, "huis.zaal": 4, "huis.hal": 4}
    assert site.checkin.headcount(at("13:00")).away == 1
