"""The programme of the example day, and the questions a programme answers."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.people import read_people
from shared.programme import Programme, Text, load_programme

ALMELO = Path(__file__).parents[3] / "examples" / "almelo"
HEAD = "event: demo\ntitle: Demo\nzone: {zone}\ndate: {date}\nlocations: [{{id: hall, name: Hall}}]\n"
DAY = b"""
event: demo
title: {nl: Dag, en: Day}
zone: Europe/Amsterdam
date: 2024-01-11
locations:
  - {id: hall, name: Hall, rooms: [{id: a, name: Room A, floor: 1, capacity: 12}]}
  - {id: barn, name: Barn}
groups:
  - {id: red, name: Red, kind: pillar}
  - {id: blue, name: Blue, kind: pillar}
transfers:
  - id: t1
    title: To the barn
    start: 11:00
    end: 12:00
    legs:
      - {id: rest, origin: hall, destination: barn}
      - {id: reds, origin: hall, destination: barn, groups: [red], minutes: 5}
coaches:
  - {id: c1, name: C1, seats: 40, wheelchairs: 1}
runs:
  - {id: second, name: C1 again, coach: c1, leg: rest, open: 11:30, depart: 11:40, arrive: 11:50, seats: 30}
  - {id: first, name: C1, coach: c1, leg: reds, open: 10:50, depart: 11:00, arrive: 11:10}
checkpoints:
  - {id: hall-out, place: hall, direction: out, away_from: 11:30, policy: strict, show_name: yes}
  - {id: coach-c1, coach: c1, direction: in, title: Front door}
scanners:
  - {id: s1, checkpoint: hall-out}
"""


@pytest.fixture(scope="module")
def almelo() -> Programme:
    """The example day."""
    return load_programme(ALMELO / "programme.yaml")


@pytest.fixture(scope="module")
def day() -> Programme:
    """A day with one of each."""
    return load_programme(DAY)


def test_the_example_has_the_day_of_almelo(almelo: Programme) -> None:
    """The example day has its four locations, seven coaches on two transfers, and 40 scanners or more."""
    assert [location.id for location in almelo.locations] == ["grote-kerk", "indie-almelo", "hagedoorn", "stadhuis"]
    assert (len(almelo.coaches), len(almelo.runs), [transfer.id for transfer in almelo.transfers]) == (
        7,
        14,
        ["t1", "t2"],
    )
    assert len(almelo.scanners) >= 40
    assert almelo.local(almelo.first_item_ms).isoformat() == "2024-01-11T09:30:00+01:00"
    assert almelo.local(almelo.last_item_ms).isoformat() == "2024-01-11T17:30:00+01:00"


def test_every_checkpoint_of_the_example_has_a_scanner(almelo: Programme) -> None:
    """No checkpoint of the example stands without a scanner."""
    assert {scanner.checkpoint for scanner in almelo.scanners} == {checkpoint.id for checkpoint in almelo.checkpoints}


def test_a_coach_of_the_example_starts_where_it_ended(almelo: Programme) -> None:
    """Nobody drives an empty coach across the town between the two transfers."""
    for coach in almelo.coaches:
        first, second = almelo.runs_of_coach(coach.id)
        assert (first.transfer, second.transfer) == ("t1", "t2")
        assert second.origin == first.destination


def test_all_people_of_the_example_fit(almelo: Programme) -> None:
    """Everybody registered has a seat on each transfer and a chair at each item, wheelchairs too."""
    people = read_people(ALMELO / "people.csv", groups=frozenset(almelo.index.groups))
    assert len(people) == 312
    assert len({person.organisation for person in people}) == 41
    for transfer in almelo.transfers:
        legs = Counter(leg.id if leg else None for leg in (almelo.leg_of(transfer.id, p.groups) for p in people))
        wheels = Counter(
            leg.id if leg else None
            for leg in (almelo.leg_of(transfer.id, p.groups) for p in people if p.needs == "rolstoel")
        )
        assert sum(legs.values()) == 312
        for leg in transfer.legs:
            runs = almelo.runs_of_leg(leg.id)
            assert legs[leg.id] <= sum(run.seats or 0 for run in runs)
            assert wheels[leg.id] <= sum(run.wheelchairs for run in runs)
        assert None not in legs
    for item in almelo.items:
        place = almelo.place(item.place)
        assert sum(item.is_for(person.groups) for person in people) <= (getattr(place, "capacity", None) or 0)


def test_everybody_of_the_example_has_an_item_at_every_moment(almelo: Programme) -> None:
    """Each person's items follow each other without overlap: three, a visit, two rounds, drinks."""
    for person in read_people(ALMELO / "people.csv"):
        items = almelo.items_of(person.groups)
        assert len(items) == 7
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(items))


def test_times_are_utc_milliseconds(almelo: Programme) -> None:
    """11:30 in Almelo in winter is 10:30 UTC, whether or not the file has it between quotes."""
    assert almelo.transfer("t1").start_ms == 1_704_969_000_000
    assert load_programme(DAY).transfer("t1").start_ms == 1_704_969_000_000 - 1_800_000


@pytest.mark.parametrize(
    ("zone", "date", "time", "utc"),
    [
        ("Europe/Amsterdam", "2024-03-30", "12:00", "2024-03-30T11:00:00+00:00"),
        ("Europe/Amsterdam", "2024-03-31", "01:59", "2024-03-31T00:59:00+00:00"),
        ("Europe/Amsterdam", "2024-03-31", "03:00", "2024-03-31T01:00:00+00:00"),
        ("Europe/Amsterdam", "2024-10-27", "02:30", "2024-10-27T00:30:00+00:00"),
        ("Europe/Amsterdam", "2024-10-27", "03:00", "2024-10-27T02:00:00+00:00"),
        ("America/Paramaribo", "2024-01-11", "0:05", "2024-01-11T03:05:00+00:00"),
    ],
)
def test_local_times_become_utc(zone: str, date: str, time: str, utc: str) -> None:
    """Local times are those of the event's zone on its date, the first of two where the clock goes back."""
    text = HEAD.format(zone=zone, date=date) + f"items: [{{id: i, title: I, start: {time}, end: 23:00, place: hall}}]"
    item = load_programme(text.encode()).item("i")
    assert load_programme(text.encode()).local(item.start_ms).astimezone(ZoneInfo("UTC")).isoformat() == utc


def test_a_day_without_items_starts_at_midnight() -> None:
    """`first_item_ms` of a day without items is local midnight."""
    programme = load_programme(HEAD.format(zone="Asia/Tokyo", date="2024-01-11").encode())
    assert programme.local(programme.first_item_ms).isoformat() == "2024-01-11T00:00:00+09:00"


def test_a_leg_is_that_of_the_first_shared_group_else_the_one_for_everybody(day: Programme) -> None:
    """A leg without groups takes whom no other leg takes, wherever it stands in the file."""
    taken = {group: day.leg_of("t1", frozenset(group.split())) for group in ("red", "blue", "red blue", "")}
    assert {group: leg.id if leg else None for group, leg in taken.items()} == {
        "red": "reds",
        "blue": "rest",
        "red blue": "reds",
        "": "rest",
    }


def test_places_and_their_locations(day: Programme) -> None:
    """A room is in its location, a location in itself, and a run and `underway` in none."""
    found = {place: day.location_of(place) for place in ("hall.a", "hall", "first", "underway", "away")}
    assert [location.id if location else None for location in found.values()] == ["hall", "hall", None, None, None]
    assert [day.place(place).name for place in ("hall", "hall.a", "first")] == ["Hall", "Room A", "C1"]
    with pytest.raises(KeyError):
        day.place("underway")


def test_runs_are_in_order_of_departure(day: Programme) -> None:
    """Runs of a coach, leg and transfer come in the order they leave; their seats are their own or the coach's."""
    assert [run.id for run in day.runs_of_coach("c1")] == ["first", "second"]
    assert [run.id for run in day.runs_of_transfer("t1")] == ["first", "second"]
    assert [run.id for run in day.runs_of_leg("rest")] == ["second"]
    assert [(run.seats, run.wheelchairs) for run in day.runs] == [(30, 1), (40, 1)]


def test_checkpoints_know_their_kind_and_title(day: Programme) -> None:
    """A checkpoint in a coach is of kind coach; without a title of its own it is called by its place."""
    door, coach = day.checkpoints
    assert (door.kind, door.title, door.policy, door.show_name) == (
        "door",
        Text(nl="Hall · uit", en="Hall · out"),
        "strict",
        True,
    )
    assert door.away_from_ms is not None
    assert day.local(door.away_from_ms).strftime("%H:%M") == "11:30"
    assert (coach.kind, coach.place, coach.title.in_language("en-GB")) == ("coach", None, "Front door")
    assert day.title.in_language("nl") == "Dag"


def test_the_file_is_kept_to_be_parsed_again(almelo: Programme) -> None:
    """`source` is the file as it was, and gives the same programme again."""
    again = load_programme(almelo.source)
    assert again.source == (ALMELO / "programme.yaml").read_bytes()
    assert again.index == almelo.index


def test_a_byte_order_mark_is_no_part_of_the_file() -> None:
    """A file that an editor began with a byte order mark is read as one without."""
    assert load_programme(b"\xef\xbb\xbf" + DAY).event == "demo"
