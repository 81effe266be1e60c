"""When a coach arrives, by its tracker: never before now, and never earlier for being farther away or slower."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.feeds import at
from transport.domain.tracker import (
    EARTH_MM,
    Point,
    Position,
    distance_mm,
    estimate_arrival_ms,
    tracked_arrival_ms,
)

MINUTE = 60_000
DEPART, DRIVING = at("11:40"), 10 * MINUTE
CHURCH = Point(lat_e7=523563000, lon_e7=66625000)
MILL = Point(lat_e7=523263000, lon_e7=66625000)  # 3.3 km to the south
KM_E7 = 89_932  # of latitude


def seen(clock: str, km_away: float, speed: int | None = None, accuracy: int | None = None) -> Position:
    """North of the mill, at a moment of the day."""
    lat = MILL.lat_e7 + round(km_away * KM_E7)
    return Position(coach="b1", at_ms=at(clock), lat_e7=lat, lon_e7=MILL.lon_e7, speed_mm_s=speed, accuracy_mm=accuracy)


def arrival(*positions: Position, now: str = "11:45", destination: Point | None = MILL) -> int:
    """The estimate of a run that left at 11:40 for ten minutes; the leg is known, so 3.3 km take ten minutes."""
    return estimate_arrival_ms(
        depart_ms=DEPART,
        driving_ms=DRIVING,
        now_ms=at(now),
        positions=positions,
        destination=destination,
        origin=CHURCH,
    )


def test_a_degree_of_latitude_is_111_km() -> None:
    """And half way round the earth is half of its circle."""
    assert distance_mm(CHURCH, MILL) == pytest.approx(3_335_848, rel=1e-4)
    poles = Point(lat_e7=900_000_000, lon_e7=0), Point(lat_e7=-900_000_000, lon_e7=0)
    assert distance_mm(*poles) == pytest.approx(EARTH_MM * 3.14159265, rel=1e-6)
    assert distance_mm(MILL, MILL) == 0


def test_without_a_tracker_it_is_the_driving_time_after_the_departure() -> None:
    """As planned."""
    assert arrival() == at("11:50")


def test_a_tracker_half_way_after_half_the_time_agrees_with_the_plan() -> None:
    """Within seconds."""
    assert arrival(seen("11:45", 1.668)) == pytest.approx(at("11:50"), abs=2_000)


def test_a_coach_that_got_less_far_arrives_later_and_one_that_got_farther_earlier() -> None:
    """By the distance that is left."""
    assert arrival(seen("11:45", 3.0)) == pytest.approx(at("11:54"), abs=2_000)
    assert arrival(seen("11:45", 0.5)) == pytest.approx(at("11:46:30"), abs=2_000)


def test_standing_still_makes_it_later_and_not_for_ever() -> None:
    """A red light: half of the planned speed is kept."""
    still = arrival(seen("11:43", 2.0), seen("11:45", 2.0))
    assert still == pytest.approx(at("11:57"), abs=3_000)
    assert arrival(seen("11:45", 2.0, speed=0)) == still


def test_driving_away_makes_it_later_still() -> None:
    """To a third of the planned speed at least: a detour comes back."""
    away = arrival(seen("11:43", 1.0), seen("11:45", 2.0))
    assert away > arrival(seen("11:43", 2.0), seen("11:45", 2.0))
    assert away == pytest.approx(at("12:03"), abs=3_000)


@pytest.mark.parametrize(
    "position",
    [
        seen("11:39:59", 0.1),  # before it left
        seen("11:42:01", 0.1),  # of the future
        seen("11:42", 0.1, accuracy=500_001),  # of a mast
    ],
)
def test_a_position_that_says_nothing_is_not_used(position: Position) -> None:
    """Then it is as planned."""
    assert arrival(position, now="11:42") == at("11:50")
    assert arrival(seen("11:42", 0.1, accuracy=500_000), now="11:42") < at("11:43")


def test_what_a_tracker_foretells_is_never_before_now() -> None:
    """It was nearly there three minutes ago, and is not there."""
    found = tracked_arrival_ms(
        depart_ms=DEPART, driving_ms=DRIVING, now_ms=at("11:45"), positions=[seen("11:42", 0.1)], destination=MILL
    )
    assert found == at("11:45")


def test_an_old_position_is_not_used() -> None:
    """Five minutes say nothing about now."""
    assert arrival(seen("11:42", 3.2), now="11:47:01") == at("11:50")
    assert arrival(seen("11:42", 3.2), now="11:47:00") > at("11:51")


def test_where_nobody_knows_the_destination_the_tracker_is_shown_not_used() -> None:
    """As the programme may have no coordinates."""
    assert arrival(seen("11:45", 3.0), destination=None) == at("11:50")


def test_a_hand_stands_before_the_tracker() -> None:
    """The coordinator has the driver on the phone."""
    said = estimate_arrival_ms(
        depart_ms=DEPART,
        driving_ms=DRIVING,
        now_ms=at("11:45"),
        positions=[seen("11:45", 3.0)],
        destination=MILL,
        origin=CHURCH,
        by_hand_ms=at("11:52"),
    )
    assert said == at("11:52")


def test_without_the_origin_a_coach_drives_as_in_a_town() -> None:
    """22 km/h as the crow flies: 3.6 km in ten minutes."""
    found = tracked_arrival_ms(
        depart_ms=DEPART, driving_ms=DRIVING, now_ms=at("11:45"), positions=[seen("11:45", 3.6)], destination=MILL
    )
    assert found == pytest.approx(at("11:55"), abs=2_000)


distances = st.floats(0.0, 60.0)
speeds = st.none() | st.integers(0, 40_000)
moments = st.integers(DEPART, DEPART + 60 * MINUTE)


@settings(deadline=None)
@given(km=distances, speed=speeds, now=moments, depart=moments, hand=st.none() | moments, ago=st.integers(0, 400_000))
def test_it_is_never_before_now_nor_before_the_departure(
    km: float, speed: int | None, now: int, depart: int, hand: int | None, ago: int
) -> None:
    """Whatever a tracker or a hand says."""
    lat = MILL.lat_e7 + round(km * KM_E7)
    there = Position(coach="b1", at_ms=now - ago, lat_e7=lat, lon_e7=MILL.lon_e7, speed_mm_s=speed)
    found = estimate_arrival_ms(
        depart_ms=depart, driving_ms=DRIVING, now_ms=now, positions=[there], destination=MILL, by_hand_ms=hand
    )
    assert found >= max(now, depart)


@settings(deadline=None)
@given(near=distances, farther=distances, before=distances, speed=speeds)
def test_farther_away_is_never_earlier(near: float, farther: float, before: float, speed: int | None) -> None:
    """With one position or with two."""
    close, far = sorted((near, farther))
    assert arrival(seen("11:45", close, speed)) <= arrival(seen("11:45", far, speed))
    first = seen("11:43", before)
    assert arrival(first, seen("11:45", close)) <= arrival(first, seen("11:45", far))


@settings(deadline=None)
@given(km=distances, one=st.integers(0, 40_000), other=st.integers(0, 40_000))
def test_slower_is_never_earlier(km: float, one: int, other: int) -> None:
    """At the same place."""
    slow, fast = sorted((one, other))
    assert arrival(seen("11:45", km, fast)) <= arrival(seen("11:45", km, slow))


@settings(deadline=None)
@given(km=distances, speed=speeds, one=st.integers(0, 240), other=st.integers(0, 240))
def test_a_longer_leg_and_a_later_moment_are_never_earlier(km: float, speed: int | None, one: int, other: int) -> None:
    """Minutes to drive; and as time goes by, with the same position."""
    short, long = sorted((one, other))
    there = [seen("11:45", km, speed)]

    def by(driving: int, now: int) -> int:
        return estimate_arrival_ms(
            depart_ms=DEPART,
            driving_ms=driving * MINUTE,
            now_ms=now,
            positions=there,
            destination=MILL,
            origin=CHURCH,
        )

    if short:
        assert by(short, at("11:46")) <= by(long, at("11:46"))
    assert by(long, at("11:46")) <= by(long, at("11:49"))


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 300), distances, max_size=6).flatmap(lambda d: st.permutations([*d.items()])))
def test_the_order_in_which_positions_came_does_not_matter(known: list[tuple[int, float]]) -> None:
    """A queue of a phone comes late."""
    mixed = [seen(f"11:{40 + seconds // 60:02d}:{seconds % 60:02d}", km) for seconds, km in known]
    assert arrival(*mixed) == arrival(*sorted(mixed, key=lambda position: position.at_ms))
