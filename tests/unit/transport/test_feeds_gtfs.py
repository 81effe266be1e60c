"""Static GTFS, against the published reference: which files and fields must be there, and what may stand in them."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from tests.support.feeds import CHURCH, DATE, HALL, MILL, TO_HALL, TO_MILL, ZONE, at, feed, run, tables, whole_day
from transport.feeds import gtfs
from transport.feeds.model import Feed
from transport.feeds.stops import stops_of

URL = "http://127.0.0.1:8000/"

# Facts of the GTFS Schedule Reference: google/transit, gtfs/spec/en/reference.md, revised 2026 (commit 2dd229b).
REQUIRED_FILES = {"agency", "stops", "routes", "trips", "stop_times", "calendar_dates"}  # the last as calendar is not
RECOMMENDED_FILES = {"feed_info"}
REQUIRED: Mapping[str, set[str]] = {
    "agency": {"agency_name", "agency_url", "agency_timezone"},
    "stops": {"stop_id", "stop_name", "stop_lat", "stop_lon"},  # all four for location_type 0, 1 and 2
    "routes": {"route_id", "route_type", "route_long_name"},  # the name as there is no route_short_name
    "trips": {"route_id", "service_id", "trip_id"},
    "stop_times": {"trip_id", "stop_id", "stop_sequence", "arrival_time", "departure_time"},  # times as timepoint is 1
    "calendar_dates": {"service_id", "date", "exception_type"},
    "feed_info": {"feed_publisher_name", "feed_publisher_url", "feed_lang"},
}
OPTIONAL: Mapping[str, set[str]] = {
    "agency": {"agency_id", "agency_lang", "agency_phone", "agency_fare_url", "agency_email", "cemv_support"},
    "stops": {"stop_code", "tts_stop_name", "stop_desc", "zone_id", "stop_url", "location_type", "parent_station"}
    | {"stop_timezone", "wheelchair_boarding", "level_id", "platform_code", "stop_access"},
    "routes": {"agency_id", "route_short_name", "route_desc", "route_url", "route_color", "route_text_color"}
    | {"route_sort_order", "continuous_pickup", "continuous_drop_off", "network_id", "cemv_support"},
    "trips": {"trip_headsign", "trip_short_name", "direction_id", "block_id", "shape_id", "wheelchair_accessible"}
    | {"bikes_allowed", "cars_allowed", "safe_duration_factor", "safe_duration_offset"},
    "stop_times": {"location_group_id", "location_id", "stop_headsign", "start_pickup_drop_off_window"}
    | {"end_pickup_drop_off_window", "pickup_type", "drop_off_type", "continuous_pickup", "continuous_drop_off"}
    | {"shape_dist_traveled", "timepoint", "pickup_booking_rule_id", "drop_off_booking_rule_id"},
    "calendar_dates": set(),
    "feed_info": {"default_lang", "feed_start_date", "feed_end_date", "feed_version", "feed_contact_email"}
    | {"feed_contact_url"},
}
ENUMS = {
    ("stops", "location_type"): {"", "0", "1", "2", "3", "4"},
    ("routes", "route_type"): {"0", "1", "2", "3", "4", "5", "6", "7", "11", "12"},
    ("trips", "wheelchair_accessible"): {"", "0", "1", "2"},
    ("trips", "bikes_allowed"): {"", "0", "1", "2"},
    ("stop_times", "pickup_type"): {"", "0", "1", "2", "3"},
    ("stop_times", "drop_off_type"): {"", "0", "1", "2", "3"},
    ("stop_times", "timepoint"): {"", "0", "1"},
    ("calendar_dates", "exception_type"): {"1", "2"},
}
KEYS = {
    "agency": ("agency_id",),
    "stops": ("stop_id",),
    "routes": ("route_id",),
    "trips": ("trip_id",),
    "stop_times": ("trip_id", "stop_sequence"),
    "calendar_dates": ("service_id", "date"),
}
FOREIGN = {
    ("routes", "agency_id"): ("agency", "agency_id"),
    ("trips", "route_id"): ("routes", "route_id"),
    ("trips", "service_id"): ("calendar_dates", "service_id"),
    ("stop_times", "trip_id"): ("trips", "trip_id"),
    ("stop_times", "stop_id"): ("stops", "stop_id"),
    ("stops", "parent_station"): ("stops", "stop_id"),
}
TIME, DAY, LINK = r"[0-9]{2,}:[0-5][0-9]:[0-5][0-9]", r"[0-9]{8}", r"https?://\S+"
FORMS = {
    ("agency", "agency_url"): LINK,
    ("agency", "agency_timezone"): r"[A-Za-z]+/[A-Za-z_]+",
    ("stops", "stop_lat"): r"-?[0-9]{1,2}\.[0-9]+",
    ("stops", "stop_lon"): r"-?[0-9]{1,3}\.[0-9]+",
    ("stop_times", "arrival_time"): TIME,
    ("stop_times", "departure_time"): TIME,
    ("calendar_dates", "date"): DAY,
    ("feed_info", "feed_publisher_url"): LINK,
    ("feed_info", "feed_contact_url"): LINK,
    ("feed_info", "feed_start_date"): DAY,
    ("feed_info", "feed_end_date"): DAY,
}
Tables = dict[str, list[dict[str, str]]]


def made(day: Feed) -> Tables:
    """The tables of a day that has coordinates."""
    content = gtfs.build(day, url=URL)
    assert isinstance(content, bytes)
    return dict(tables(content))


def mistakes(found: Tables) -> list[str]:
    """What the reference does not allow."""
    missing = (REQUIRED_FILES | RECOMMENDED_FILES) - found.keys()
    if missing:
        return [f"no {name}" for name in sorted(missing)]
    wrong = []
    for name, rows in found.items():
        heads = set(rows[0])
        wrong += [f"{name}: unknown {head}" for head in heads - REQUIRED[name] - OPTIONAL[name]]
        wrong += [f"{name}: no {field}" for row in rows for field in REQUIRED[name] if not row.get(field)]
        keys = [tuple(row[field] for field in KEYS[name]) for row in rows] if name in KEYS else []
        wrong += [f"{name}: twice {key}" for key in keys if keys.count(key) > 1]
    wrong += _wrong_values(found)
    return wrong


def _wrong_values(found: Tables) -> list[str]:
    wrong = []
    for (name, field), allowed in ENUMS.items():
        wrong += [f"{name}.{field}: {row[field]}" for row in found[name] if row[field] not in allowed]
    for (name, field), form in FORMS.items():
        wrong += [f"{name}.{field}: {row[field]}" for row in found[name] if not re.fullmatch(form, row[field])]
    for (name, field), (other, key) in FOREIGN.items():
        known = {row[key] for row in found[other]} | {""}
        wrong += [f"{name}.{field}: no {row[field]}" for row in found[name] if row[field] not in known]
    return wrong


def test_the_day_is_gtfs_as_published() -> None:
    """Files, fields, enums, keys and references are those of the reference."""
    assert mistakes(made(whole_day())) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda t: t["trips"][0].update(route_id="nowhere"), "trips.route_id: no nowhere"),
        (lambda t: t["stops"][0].update(stop_lat=""), "stops: no stop_lat"),
        (lambda t: t["trips"][0].update(bikes_allowed="3"), "trips.bikes_allowed: 3"),
        (lambda t: t.pop("agency"), "no agency"),
    ],
)
def test_the_check_itself_sees_what_is_wrong(damage: Callable[[Tables], object], found: str) -> None:
    """Or its being content would say nothing."""
    broken = made(whole_day())
    damage(broken)
    assert found in mistakes(broken)


def test_trips_are_the_runs_and_their_stops_are_in_order() -> None:
    """Two stops each; no trip arrives at its second stop before it leaves the first."""
    found = made(whole_day())
    assert [row["trip_id"] for row in found["trips"]] == [run.run for run in whole_day().runs]
    for trip in found["trips"]:
        first, last = (row for row in found["stop_times"] if row["trip_id"] == trip["trip_id"])
        assert (first["stop_sequence"], last["stop_sequence"]) == ("1", "2")
        assert first["arrival_time"] <= first["departure_time"] <= last["arrival_time"]
        assert (first["drop_off_type"], last["pickup_type"]) == ("1", "1")


def test_a_run_stands_at_its_kerb_place_from_opening_to_departure() -> None:
    """Arrival at the first stop is when it opens, the second stop is the other location's platform."""
    found = made(feed(run(1, "planned")))
    first, last = found["stop_times"]
    assert (first["stop_id"], first["arrival_time"], first["departure_time"]) == (
        "church:halte-a",
        "11:20:00",
        "11:40:00",
    )
    assert (last["stop_id"], last["arrival_time"], last["departure_time"]) == ("mill:kerb", "11:50:00", "11:50:00")


def test_a_location_is_a_station_and_its_kerb_places_are_platforms_at_the_same_point() -> None:
    """Trips stop at platforms only: the reference forbids stop times at a station."""
    found = made(whole_day())
    stops = {row["stop_id"]: row for row in found["stops"]}
    assert stops["church"]["location_type"] == "1"
    platform = stops["church:halte-a"]
    assert (platform["location_type"], platform["parent_station"], platform["platform_code"]) == ("0", "church", "A")
    assert (platform["stop_name"], platform["stop_lat"]) == ("Grote Kerk, Halte A", "52.3563000")
    assert {stops[row["stop_id"]]["location_type"] for row in found["stop_times"]} == {"0"}


def test_kerb_places_that_look_alike_stay_apart() -> None:
    """Two spellings that make the same id get a number."""
    stops = stops_of(feed(run(1, "planned", kerb="Halte A"), run(2, "planned", kerb="halte a")))
    origins = {(platform.id, platform.name) for platform in stops.platforms.values() if platform.location == "church"}
    assert origins == {("church:halte-a", "Grote Kerk, Halte A"), ("church:halte-a-2", "Grote Kerk, halte a")}


def test_without_coordinates_there_is_no_gtfs_but_the_locations_that_need_them() -> None:
    """The reference requires them of every stop; only of locations that runs use."""
    bare = tuple(replace(site, lat_e7=None, lon_e7=None) for site in (CHURCH, MILL, HALL))
    assert gtfs.build(feed(run(1, "planned"), sites=bare), url=URL) == gtfs.Unplaced(bare[:2])
    assert isinstance(gtfs.build(feed(run(1, "planned"), sites=(CHURCH, MILL, bare[2])), url=URL), bytes)


def test_a_wheelchair_is_told_per_run_and_bicycles_are_not_taken() -> None:
    """1 is possible, 2 is not."""
    found = made(feed(run(1, "planned", wheelchairs=2), run(2, "planned")))
    assert [(row["wheelchair_accessible"], row["bikes_allowed"]) for row in found["trips"]] == [("1", "2"), ("2", "2")]


def test_a_coach_is_one_block_unless_its_runs_overlap() -> None:
    """A validator refuses a block that overlaps itself."""
    apart = made(feed(run(1, "planned"), run(1, "planned", leg=TO_HALL, times="12:20 12:40 12:50")))
    assert [row["block_id"] for row in apart["trips"]] == ["b1", "b1"]
    over = made(feed(run(1, "planned"), run(1, "planned", leg=TO_HALL, times="11:45 12:40 12:50")))
    assert [row["block_id"] for row in over["trips"]] == ["", ""]


def test_legs_without_runs_are_no_routes_and_the_transfer_keeps_names_apart() -> None:
    """People walk such a leg."""
    found = made(feed(run(1, "planned")))
    assert [row["route_long_name"] for row in found["routes"]] == ["Heen: Grote Kerk – De Molen"]
    assert TO_MILL.id == found["routes"][0]["route_id"]


@pytest.mark.parametrize(
    ("date", "moment", "told"),
    [
        (DATE, "2024-01-11T11:38:00+01:00", "11:38:00"),
        (DATE, "2024-01-12T00:15:30+01:00", "24:15:30"),
        (DATE, "2024-01-11T11:38:00.999+01:00", "11:38:00"),
        (dt.date(2024, 3, 31), "2024-03-31T11:38:00+02:00", "11:38:00"),  # the night has an hour less
        (dt.date(2024, 3, 31), "2024-03-31T01:30:00+01:00", "02:30:00"),  # noon minus twelve hours is 23:00
        (dt.date(2024, 10, 27), "2024-10-27T11:38:00+01:00", "11:38:00"),
        (dt.date(2024, 10, 27), "2024-10-27T00:30:00+02:00", "00:00:00"),  # before noon minus twelve hours
    ],
)
def test_times_are_since_noon_minus_twelve_hours(date: dt.date, moment: str, told: str) -> None:
    """So they go on past midnight, and are the wall clock's after a night in which the clock changed."""
    at_ms = int(dt.datetime.fromisoformat(moment).timestamp() * 1000)
    assert gtfs.service_time(at_ms, date=date, zone=ZONE) == told


def test_the_same_day_is_the_same_bytes_and_files_are_at_the_root() -> None:
    """So that whoever fetches it sees whether it changed."""
    first, second = gtfs.build(whole_day(), url=URL), gtfs.build(replace(whole_day(), now_ms=at("12:00")), url=URL)
    assert isinstance(first, bytes)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert not [name for name in archive.namelist() if "/" in name]
        assert b"\r\n" in archive.read("stops.txt")


def test_no_value_has_a_line_end_or_a_tab() -> None:
    """The reference forbids them; a name in the programme may have them."""
    odd = replace(CHURCH, name='Grote\tKerk\r\n"Sint Joris", Almelo')
    found = made(feed(run(1, "planned"), sites=(odd, MILL, HALL)))
    assert found["stops"][0]["stop_name"] == 'Grote Kerk "Sint Joris", Almelo'


def test_degrees_are_written_with_their_sign_also_below_one() -> None:
    """West of Greenwich is -0.0000001, not 0.0000001."""
    odd = replace(CHURCH, lat_e7=-338567800, lon_e7=-1)
    found = made(feed(run(1, "planned"), sites=(odd, MILL, HALL)))
    assert (found["stops"][0]["stop_lat"], found["stops"][0]["stop_lon"]) == ("-33.8567800", "-0.0000001")
