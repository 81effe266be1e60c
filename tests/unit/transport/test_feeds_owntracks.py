"""Positions as OwnTracks sends them: what is taken, what is left alone, what is refused and how that is said."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import instants
from transport.domain.tracker import Position
from transport.feeds.owntracks import Malformed, Parsed, Passed, coach_of, parse

NOW = instants.to_ms("2024-01-11T11:44:30+01:00")
GOOD = {"_type": "location", "lat": 52.3563, "lon": 6.6625, "tst": NOW // 1000 - 20, "vel": 45, "acc": 12, "tid": "JJ"}
DEEP = b'{"_type": "location", "x": ' + b"[" * 100_000


def parsed(**changes: object) -> Parsed:
    """A good message with changes; a member that becomes `...` is left out."""
    members = {member: value for member, value in (GOOD | changes).items() if value is not ...}
    return parse(json.dumps(members).encode(), coach="b2", received_ms=NOW)


def test_a_location_becomes_whole_numbers() -> None:
    """Degrees × 10⁷, mm/s of km/h, mm of metres, ms of seconds; the initials of whoever carries it are not kept."""
    assert parsed() == Position(
        coach="b2",
        at_ms=NOW // 1000 * 1000 - 20_000,
        lat_e7=523563000,
        lon_e7=66625000,
        speed_mm_s=12_500,
        accuracy_mm=12_000,
    )


def test_speed_and_accuracy_may_be_missing_and_negative_is_not_known() -> None:
    """iPhones send -1 where they do not know; elements that are zero are left out by the apps."""
    for vel, acc in ((..., ...), (-1, -1), (None, None)):
        found = parsed(vel=vel, acc=acc)
        assert isinstance(found, Position)
        assert (found.speed_mm_s, found.accuracy_mm) == (None, None)


def test_other_members_are_ignored() -> None:
    """The apps send many, and will send more."""
    assert parsed(batt=81, conn="m", inregions=["Home"], topic="owntracks/event/b2", _id="x") == parsed()


@pytest.mark.parametrize("kind", ["lwt", "transition", "waypoint", "waypoints", "status", "steps", "card", "cmd"])
def test_other_messages_of_the_app_are_taken_and_left_alone(kind: str) -> None:
    """Refused, the app would keep them and send them again for ever."""
    assert parse(json.dumps({"_type": kind}).encode(), coach="b2", received_ms=NOW) == Passed(kind)


def test_nothing_at_all_is_left_alone() -> None:
    """The booklet says that an empty message comes when a friend is removed."""
    assert parse(b"", coach="b2", received_ms=NOW) == Passed("")


def test_a_time_ahead_of_the_clock_becomes_when_it_came() -> None:
    """More than five seconds ahead is not believed; a late one keeps its own time."""
    ahead, near, late = (parsed(tst=NOW // 1000 + seconds) for seconds in (6, 4, -3600))
    assert isinstance(ahead, Position)
    assert isinstance(near, Position)
    assert isinstance(late, Position)
    assert (ahead.at_ms, near.at_ms) == (NOW, NOW // 1000 * 1000 + 4000)
    assert late.at_ms == NOW // 1000 * 1000 - 3_600_000


@pytest.mark.parametrize(
    ("changes", "member", "detail"),
    [
        ({"lat": 91}, "lat", "is not a latitude: send degrees from -90 to 90"),
        ({"lat": "52.3"}, "lat", "is not a latitude: send degrees from -90 to 90"),
        ({"lat": True}, "lat", "is not a latitude: send degrees from -90 to 90"),
        ({"lat": ...}, "lat", "is missing: send degrees from -90 to 90"),
        ({"lon": -180.1}, "lon", "is not a longitude: send degrees from -180 to 180"),
        ({"lon": ...}, "lon", "is missing: send degrees from -180 to 180"),
        ({"tst": NOW}, "tst", "is not a time: send whole seconds since 1970, from 2000 on and not milliseconds"),
        ({"tst": 0}, "tst", "is not a time: send whole seconds since 1970, from 2000 on and not milliseconds"),
        ({"tst": ...}, "tst", "is missing: send whole seconds since 1970, from 2000 on and not milliseconds"),
        ({"vel": "fast"}, "vel", "is not a speed: send km/h as a number, or leave it out"),
        ({"acc": [1]}, "acc", "is not an accuracy: send metres as a number, or leave it out"),
        ({"tid": 7}, "tid", "is not a text: send a tracker's two characters, or leave it out"),
        ({"_type": ...}, "_type", 'is missing: send "_type": "location"'),
        ({"_type": 3}, "_type", 'is not a kind: send "_type": "location"'),
        ({"_type": "position"}, "_type", 'is not of OwnTracks: send "_type": "location"'),
        (
            {"lat": 0, "lon": 0},
            "lat",
            "and lon are 0: the tracker has no fix yet; send its position when it has one",
        ),
    ],
)
def test_a_malformed_location_is_refused_with_the_member_and_the_remedy(
    changes: dict[str, object], member: str, detail: str
) -> None:
    """And without what was sent: a log line has no position in it."""
    assert parsed(**changes) == Malformed(member, detail)


def test_an_encrypted_message_says_what_to_change_in_the_app() -> None:
    """We have no key for it."""
    found = parse(b'{"_type": "encrypted", "data": "u=="}', coach="b2", received_ms=NOW)
    assert isinstance(found, Malformed)
    assert found.detail.startswith("is encrypted: leave the encryption key in the app empty")


@pytest.mark.parametrize(
    "payload", [b"{", b"\xff\xfe", b"[]", b"null", b"1", b'{"_type": "location", "lat": 1e999}', DEEP]
)
def test_what_is_no_object_of_json_is_refused(payload: bytes) -> None:
    """Never an exception, however deep."""
    assert isinstance(parse(payload, coach="b2", received_ms=NOW), Malformed)


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_no_payload_raises(payload: bytes) -> None:
    """The consumer of the topic never stops for one."""
    parse(payload, coach="b2", received_ms=NOW)


@settings(deadline=None)
@given(
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    tst=st.integers(946_684_800, NOW // 1000),
    vel=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    acc=st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
def test_every_position_that_is_taken_fits_a_column(
    lat: float, lon: float, tst: int, vel: float | None, acc: float | None
) -> None:
    """Whole numbers within 64 bits, whatever a phone says of its speed."""
    found = parsed(lat=lat, lon=lon, tst=tst, vel=vel, acc=acc)
    if isinstance(found, Position):
        numbers = (found.at_ms, found.lat_e7, found.lon_e7, found.speed_mm_s or 0, found.accuracy_mm or 0)
        assert all(type(number) is int and abs(number) < 2**63 for number in numbers)
    else:
        assert (lat, lon) == (0, 0)


@pytest.mark.parametrize(
    ("topic", "coach"),
    [
        ("owntracks/small-2024/b2", "b2"),
        ("owntracks/small-2024/b2/event", None),
        ("owntracks/small-2024", None),
        ("owntracks/small-2024/", None),
        ("owntracks//b2", None),
        ("inloop/1/b2", None),
    ],
)
def test_the_coach_is_the_device_of_the_topic(topic: str, coach: str | None) -> None:
    """Other topics of OwnTracks have no position."""
    assert coach_of(topic) == coach
