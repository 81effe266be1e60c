"""The TIDES export, against the published table schemas and the profile of its data package."""

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.support.feeds import at, feed, run, tables, whole_day
from transport.feeds import tides
from transport.feeds.model import Feed, PassengerEvent

# Facts of TIDES 1.0: TIDES-transit/TIDES, tag v1.0, spec/trips_performed.schema.json and passenger_events.schema.json.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "trips_performed": {
        "service_date": "date",
        "trip_id_performed": "string",
        "vehicle_id": "string",
        "trip_id_scheduled": "string",
        "route_id": "string",
        "route_type": "string",
        "ntd_mode": "string",
        "route_type_agency": "string",
        "shape_id": "string",
        "pattern_id": "string",
        "direction_id": "integer",
        "operator_id": "string",
        "block_id": "string",
        "trip_start_stop_id": "string",
        "trip_end_stop_id": "string",
        "schedule_trip_start": "datetime",
        "schedule_trip_end": "datetime",
        "actual_trip_start": "datetime",
        "actual_trip_end": "datetime",
        "trip_type": "string",
        "schedule_relationship": "string",
    },
    "passenger_events": {
        "passenger_event_id": "string",
        "service_date": "date",
        "event_timestamp": "datetime",
        "location_ping_id": "string",
        "trip_id_performed": "string",
        "trip_id_scheduled": "string",
        "trip_stop_sequence": "integer",
        "scheduled_stop_sequence": "integer",
        "event_type": "string",
        "vehicle_id": "string",
        "device_id": "string",
        "train_car_id": "string",
        "stop_id": "string",
        "pattern_id": "string",
        "event_count": "integer",
    },
}
REQUIRED = {
    "trips_performed": {"service_date", "trip_id_performed", "vehicle_id"},
    "passenger_events": {"passenger_event_id", "service_date", "event_timestamp", "trip_stop_sequence", "event_type"}
    | {"vehicle_id"},
}
KEYS = {"trips_performed": ("service_date", "trip_id_performed"), "passenger_events": ("passenger_event_id",)}
ENUMS = {
    ("trips_performed", "trip_type"): {"In service", "Deadhead", "Layover", "Pullout", "Pullin", "Extra Pullout"}
    | {"Extra Pullin", "Deadhead To Layover", "Deadhead From Layover", "Other not in service"},
    ("trips_performed", "schedule_relationship"): {"Scheduled", "Added", "Unscheduled", "Canceled", "Duplicated"},
    ("trips_performed", "route_type"): {"Bus", "Shuttle Coach Service", "Special Coach Service"},  # those of coaches
    ("passenger_events", "event_type"): {"Vehicle arrived at stop", "Vehicle departed stop", "Door opened"}
    | {"Door closed", "Passenger boarded", "Passenger alighted", "Kneel was engaged", "Kneel was disengaged"}
    | {"Ramp was deployed", "Ramp was raised", "Ramp deployment failed", "Lift was deployed", "Lift was raised"}
    | {"Individual bike boarded", "Individual bike alighted", "Bike rack deployed"},
}
LEAST = {("passenger_events", "trip_stop_sequence"): 1, ("passenger_events", "event_count"): 0}
FORMS = {  # the default forms of Frictionless' Table Schema
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
    "integer": r"[0-9]+",
    "string": r".*",
}
# spec/tides-datapackage-profile.json
PACKAGE = {"title", "profile", "resources"}
RESOURCE = {"name", "path", "schema", "profile"}
NAME, HASH = r"([-a-z0-9._/])+", r"([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)"


def made(day: Feed) -> Mapping[str, list[dict[str, str]]]:
    """The two tables."""
    return tables(tides.build(day))


def mistakes(day: Feed) -> Iterator[str]:
    """What the schemas do not allow."""
    for table, rows in made(day).items():
        keys = Counter(tuple(row[field] for field in KEYS[table]) for row in rows)
        yield from (f"{table}: twice {key}" for key, times in keys.items() if times > 1)
        for row in rows:
            yield from (f"{table}: no {field}" for field in REQUIRED[table] if not row.get(field))
            for field, value in row.items():
                if value and not re.fullmatch(FORMS[FIELDS[table][field]], value):
                    yield f"{table}.{field}: {value}"
                if value and value not in ENUMS.get((table, field), {value}):
                    yield f"{table}.{field}: {value}"
                if value and int(LEAST.get((table, field), 0)) > (int(value) if (table, field) in LEAST else 0):
                    yield f"{table}.{field}: {value}"


def test_the_tables_are_tides_as_published() -> None:
    """Fields in the schema's order, required ones filled, enums, forms and keys."""
    assert list(mistakes(whole_day())) == []
    for table, rows in made(whole_day()).items():
        known = list(FIELDS[table])
        assert [known.index(field) for field in rows[0]] == sorted(known.index(field) for field in rows[0])


def test_the_check_itself_sees_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or its being content would say nothing."""
    monkeypatch.setattr(tides, "BUS", "Coach")
    assert "trips_performed.route_type: Coach" in list(mistakes(whole_day()))


def test_a_trip_is_performed_when_its_run_was_opened() -> None:
    """Planned and real times in UTC; none of what has not happened yet; a cancelled run says so."""
    trips = {row["trip_id_performed"]: row for row in made(whole_day())["trips_performed"]}
    assert set(trips) == {"t1-b1", "t1-b2", "t1-b3", "t1-b4", "t1-b5"}
    first = trips["t1-b1"]
    assert (first["schedule_trip_start"], first["actual_trip_start"]) == (
        "2024-01-11T10:40:00Z",
        "2024-01-11T10:41:30Z",
    )
    assert (first["trip_start_stop_id"], first["trip_end_stop_id"]) == ("church:halte-a", "mill:kerb")
    assert (trips["t1-b2"]["actual_trip_end"], trips["t1-b3"]["actual_trip_start"]) == ("", "")
    assert {trip: row["schedule_relationship"] for trip, row in trips.items() if trip == "t1-b4"} == {
        "t1-b4": "Canceled"
    }


def test_people_who_board_in_one_minute_are_one_event() -> None:
    """So that nobody can be told from a badge's time; who steps off again is another event."""
    day = whole_day()
    events = [row for row in made(day)["passenger_events"] if row["event_type"].startswith("Passenger")]
    assert [(row["event_timestamp"][11:16], row["event_type"], row["event_count"]) for row in events] == [
        ("10:31", "Passenger boarded", "47"),
        ("10:32", "Passenger boarded", "1"),
        ("10:33", "Passenger alighted", "1"),
        ("10:44", "Passenger alighted", "47"),
    ]
    assert [row["trip_stop_sequence"] for row in events] == ["1", "1", "1", "2"]


def test_who_boarded_less_who_stepped_off_is_who_came_along() -> None:
    """No count is lost by putting events together."""
    rows = [row for row in made(whole_day())["passenger_events"] if row["trip_id_performed"] == "t1-b1"]
    signs = {"Passenger boarded": 1, "Passenger alighted": -1}
    at_origin = [row for row in rows if row["stop_id"] == "church:halte-a" and row["event_type"] in signs]
    assert sum(signs[row["event_type"]] * int(row["event_count"]) for row in at_origin) == 47


def test_the_coach_itself_departs_and_arrives() -> None:
    """At the moments that were real."""
    vehicle = [row for row in made(whole_day())["passenger_events"] if row["event_type"].startswith("Vehicle")]
    assert [(row["trip_id_performed"], row["event_type"], row["event_timestamp"]) for row in vehicle] == [
        ("t1-b1", "Vehicle departed stop", "2024-01-11T10:41:30Z"),
        ("t1-b5", "Vehicle departed stop", "2024-01-11T10:42:00Z"),
        ("t1-b2", "Vehicle departed stop", "2024-01-11T10:43:00Z"),
        ("t1-b1", "Vehicle arrived at stop", "2024-01-11T10:44:00Z"),
    ]


def test_ids_of_events_stay_when_more_is_known() -> None:
    """Whoever imports the export again finds the same rows, with a count that grew."""
    day = whole_day()
    late = PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:31:20"), kind="boarded")
    before = {row["passenger_event_id"]: row["event_count"] for row in made(day)["passenger_events"]}
    after = {
        row["passenger_event_id"]: row["event_count"]
        for row in made(replace(day, events=(*day.events, late)))["passenger_events"]
    }
    assert before.keys() == after.keys()
    changed = {event for event in before if before[event] != after[event]}
    assert changed == {"t1-b1/b1/1/on/2024-01-11T10:31:00Z"}


def test_every_event_is_of_a_trip_in_the_other_table() -> None:
    """The schema wants the link; an event of a run that was not opened has no row to link to."""
    stray = PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:00"), kind="boarded")
    assert made(feed(run(1, "planned"), events=(stray,)))["passenger_events"] == []
    found = made(whole_day())
    trips = {row["trip_id_performed"] for row in found["trips_performed"]}
    assert {row["trip_id_performed"] for row in found["passenger_events"]} <= trips


def test_a_replaced_coach_keeps_the_events_that_were_its_own() -> None:
    """People who boarded b1 before b9 took the run boarded b1."""
    events = tuple(
        PassengerEvent(run="t1-b1", coach=coach, at_ms=at("11:31"), kind="boarded") for coach in ("b1", "b9")
    )
    rows = made(feed(run(1, "boarding", coach="b9"), events=events))["passenger_events"]
    assert [row["vehicle_id"] for row in rows] == ["b1", "b9"]


def test_the_data_package_is_of_the_published_profile() -> None:
    """Names, required members, the digest and size of each file."""
    with zipfile.ZipFile(io.BytesIO(tides.build(whole_day()))) as archive:
        package: dict[str, Any] = json.loads(archive.read("datapackage.json"))
        assert package.keys() >= PACKAGE
        assert re.fullmatch(NAME, package["name"])
        assert package["profile"].endswith("/v1.0/spec/tides-datapackage-profile.json")
        assert {resource["tides-table"] for resource in package["resources"]} == {"trips_performed", "passenger_events"}
        for resource in package["resources"]:
            content = archive.read(resource["path"])
            assert resource.keys() >= RESOURCE
            assert re.fullmatch(HASH, resource["hash"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
            assert resource["schema"].endswith(f"/v1.0/spec/{resource['name']}.schema.json")
