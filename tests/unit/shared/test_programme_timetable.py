"""Where the programme wants people: at the moments of the example day where it changes, and against plain sums."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import timetable
from shared.programme import Item, Location, Programme, Room, Text, load_programme
from shared.timetable import allowed_places, current_item, expected_place, next_item, plan_of

ALMELO = Path(__file__).parents[3] / "examples" / "almelo" / "programme.yaml"
SOCIAL = frozenset({"pijler-sociaal", "sessie-1-asiel", "sessie-2-mkb"})
PHYSICAL = frozenset({"pijler-fysiek", "sessie-1-woningbouw", "sessie-2-circulair"})
TEXT = Text(nl="t", en="t")
HALL_ROOMS = frozenset({"hall", "hall.a", "hall.b"})


@pytest.fixture(scope="module")
def almelo() -> Programme:
    """The example day."""
    return load_programme(ALMELO)


def at(programme: Programme, clock: str) -> int:
    """A local time of the day, in ms."""
    hours, minutes = clock.split(":")
    moment = dt.datetime.combine(programme.date, dt.time(int(hours), int(minutes)), tzinfo=programme.zone)
    return int(moment.timestamp()) * 1000


@pytest.mark.parametrize(
    ("clock", "current", "following", "place"),
    [
        ("08:00", None, "inloop", "grote-kerk"),
        ("11:29", "plenair", "werkbezoek-hagedoorn", "grote-kerk"),
        ("11:30", None, "werkbezoek-hagedoorn", "hagedoorn"),
        ("11:59", None, "werkbezoek-hagedoorn", "hagedoorn"),
        ("12:00", "werkbezoek-hagedoorn", "ronde-1-asiel", "hagedoorn"),
        ("13:30", None, "ronde-1-asiel", "stadhuis.zaal-1-4"),
        ("14:00", "ronde-1-asiel", "ronde-2-mkb", "stadhuis.zaal-1-4"),
        ("15:00", "ronde-2-mkb", "borrel", "stadhuis.stad-almelo"),
        ("16:00", "borrel", None, "stadhuis.foyer"),
        ("17:30", None, None, None),
    ],
)
def test_the_items_of_a_day(
    almelo: Programme, clock: str, current: str | None, following: str | None, place: str | None
) -> None:
    """An item holds from its start up to its end; in a gap people are expected at the next one."""
    items = current_item(almelo, SOCIAL, at(almelo, clock)), next_item(almelo, SOCIAL, at(almelo, clock))
    assert tuple(item.id if item else None for item in items) == (current, following)
    assert expected_place(almelo, SOCIAL, at(almelo, clock)) == place


@pytest.mark.parametrize(
    ("clock", "places"),
    [
        ("08:00", {"grote-kerk"}),
        ("11:29", {"grote-kerk"}),
        ("11:30", {"grote-kerk", "indie-almelo"}),
        ("11:59", {"grote-kerk", "indie-almelo"}),
        ("12:00", {"indie-almelo"}),
        ("13:30", {"indie-almelo", "stadhuis", "stadhuis.zaal-19-2"}),
        ("14:00", {"stadhuis", "stadhuis.zaal-19-2"}),
        ("14:39", {"stadhuis", "stadhuis.zaal-19-2"}),
        ("14:40", {"stadhuis", "stadhuis.zaal-19-2", "stadhuis.atelier-19"}),
        ("15:00", {"stadhuis", "stadhuis.atelier-19"}),
        ("16:00", {"stadhuis", "stadhuis.foyer"}),
        ("17:30", {"stadhuis", "stadhuis.foyer"}),
    ],
)
def test_the_places_that_need_no_warning(almelo: Programme, clock: str, places: set[str]) -> None:
    """Early by 20 minutes is no warning, nor is either side of a gap, nor the building around a room."""
    assert allowed_places(almelo, PHYSICAL, at(almelo, clock)) == frozenset(places)


def test_who_is_in_no_items_group_may_be_anywhere(almelo: Programme) -> None:
    """A crew member without a group, or with one that no item names, is never not expected."""
    for groups in (frozenset[str](), frozenset({"crew"})):
        assert allowed_places(almelo, groups, at(almelo, "12:00")) is None
        assert expected_place(almelo, groups, at(almelo, "10:30")) == "grote-kerk"


def programme_of(items: tuple[Item, ...]) -> Programme:
    """A programme of these items in a hall with two rooms, and a barn."""
    rooms = tuple(Room(id=f"hall.{r}", location="hall", name=r, floor=None, capacity=None) for r in "ab")
    hall = Location(id="hall", name="Hall", address=None, capacity=None, rooms=rooms)
    barn = Location(id="barn", name="Barn", address=None, capacity=None, rooms=())
    return Programme(
        event="demo",
        title=TEXT,
        zone=ZoneInfo("UTC"),
        date=dt.date(1970, 1, 1),
        locations=(hall, barn),
        groups=(),
        items=items,
        transfers=(),
        coaches=(),
        runs=(),
        checkpoints=(),
        scanners=(),
        source=b"",
    )


def item(name: str, start: int, end: int, place: str = "hall", groups: str = "") -> Item:
    """An item; times are minutes."""
    times = {"start_ms": start * 60_000, "end_ms": end * 60_000}
    return Item(id=name, title=TEXT, place=place, groups=frozenset(groups), **times)


def test_of_two_items_at_a_time_the_own_groups_goes_first() -> None:
    """A desk for everybody does not hide the session that somebody is expected at; both places are allowed."""
    programme = programme_of((item("session", 60, 120, "barn", "x"), item("desk", 80, 200)))
    now = current_item(programme, frozenset("x"), 90 * 60_000)
    assert now is not None
    assert now.id == "session"
    assert allowed_places(programme, frozenset("x"), 90 * 60_000) == HALL_ROOMS | {"barn"}


def test_a_location_allows_its_rooms_and_a_room_only_its_location() -> None:
    """Somebody in the programme of one room is not expected in the room beside it."""
    programme = programme_of((item("all", 0, 100, "hall", "x"), item("one", 0, 100, "hall.a", "y")))
    assert allowed_places(programme, frozenset("x"), 0) == HALL_ROOMS
    assert allowed_places(programme, frozenset("y"), 0) == frozenset({"hall", "hall.a"})


def plainly_allowed(programme: Programme, groups: frozenset[str], minute: float) -> frozenset[str] | None:
    """Decision by looking at every item, as the rule says it."""
    mine = [i for i in programme.items if not i.groups or i.groups & groups]
    if not any(i.groups for i in mine):
        return None
    at_ms = minute * 60_000
    near = [i for i in mine if i.start_ms - 20 * 60_000 <= at_ms < i.end_ms]
    if not any(i.start_ms <= at_ms < i.end_ms for i in mine):
        ended = [i for i in mine if i.end_ms <= at_ms]
        ahead = [i for i in mine if i.start_ms > at_ms]
        near += [i for i in ended if i.end_ms == max(e.end_ms for e in ended)]
        near += [i for i in ahead if i.start_ms == min(a.start_ms for a in ahead)]
    around = {"hall": HALL_ROOMS, "hall.a": {"hall.a", "hall"}, "hall.b": {"hall.b", "hall"}, "barn": {"barn"}}
    return frozenset(place for i in near for place in around[i.place])


ITEMS = st.lists(
    st.builds(
        lambda start, length, place, groups: item("i", start, start + length, place, groups),
        st.integers(0, 120),
        st.integers(1, 60),
        st.sampled_from(["hall", "hall.a", "hall.b", "barn"]),
        st.sampled_from(["", "x", "y", "xy"]),
    ),
    max_size=6,
)
GROUPS = st.sampled_from([frozenset(""), frozenset("x"), frozenset("y"), frozenset("xy")])


@given(items=ITEMS, asked=st.lists(st.tuples(GROUPS, st.integers(-60, 260)), min_size=1, max_size=30))
def test_the_kept_plan_answers_as_looking_at_every_item_does(
    items: list[Item], asked: list[tuple[frozenset[str], int]]
) -> None:
    """For any items, group sets and moments, in any order, the plan is only a faster way to the same answer."""
    programme = programme_of(tuple(items))
    for groups, minute in asked:
        at_ms = minute * 60_000
        mine = [i for i in items if not i.groups or i.groups & groups]
        now = [i for i in mine if i.start_ms <= at_ms < i.end_ms]
        ahead = [i for i in mine if i.start_ms > at_ms]
        current, following = current_item(programme, groups, at_ms), next_item(programme, groups, at_ms)
        assert (current in now) if now else current is None
        assert (
            (following is not None and following.start_ms == min(i.start_ms for i in ahead))
            if ahead
            else (following is None)
        )
        wanted = current or following
        assert expected_place(programme, groups, at_ms) == (wanted.place if wanted else None)
        assert allowed_places(programme, groups, at_ms) == plainly_allowed(programme, groups, minute)


def test_a_plan_is_made_once_for_each_programme_and_group_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same people in the same programme share a plan; a programme loaded again does not get the old one's."""
    day = programme_of((item("one", 0, 60, "hall", "x"),))
    changed = programme_of((item("one", 0, 60, "barn", "x"),))
    assert plan_of(day, frozenset("x")) is plan_of(day, frozenset(["x"]))
    assert allowed_places(changed, frozenset("x"), 0) == frozenset({"barn"})
    assert allowed_places(day, frozenset("x"), 0) == HALL_ROOMS
    monkeypatch.setattr(timetable, "_PLANS_KEPT", 1)
    assert plan_of(day, frozenset("y")) is plan_of(day, frozenset("y"))
    assert allowed_places(day, frozenset("x"), 0) == HALL_ROOMS
