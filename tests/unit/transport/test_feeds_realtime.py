"""GTFS-Realtime: where each coach is, how full, and how late each run; against the published reference."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from google.transit import gtfs_realtime_pb2 as pb

from tests.support.feeds import TO_HALL, at, feed, run, tables, whole_day
from transport.domain.tracker import Position
from transport.feeds import gtfs, realtime
from transport.feeds.model import Feed

Status, Occupancy = pb.VehiclePosition.VehicleStopStatus, pb.VehiclePosition.OccupancyStatus
Scheduled = pb.TripUpdate.StopTimeUpdate
WHERE = Position(coach="b1", at_ms=at("11:40"), lat_e7=523563000, lon_e7=66625000, speed_mm_s=12_500)


def message(day: Feed) -> pb.FeedMessage:
    """As a consumer reads it."""
    read = pb.FeedMessage()
    read.ParseFromString(realtime.build(day))
    return read


def vehicles(day: Feed) -> dict[str, pb.VehiclePosition]:
    """By coach."""
    return {entity.vehicle.vehicle.id: entity.vehicle for entity in message(day).entity if entity.HasField("vehicle")}


def updates(day: Feed) -> dict[str, pb.TripUpdate]:
    """By run."""
    return {
        entity.trip_update.trip.trip_id: entity.trip_update
        for entity in message(day).entity
        if entity.HasField("trip_update")
    }


def mistakes(read: pb.FeedMessage) -> Iterator[str]:
    """What the GTFS Realtime Reference does not allow: google/transit, gtfs-realtime/spec/en/reference.md (2dd229b)."""
    if read.header.gtfs_realtime_version != "2.0" or read.header.incrementality != pb.FeedHeader.FULL_DATASET:
        yield "the current version is 2.0, and DIFFERENTIAL is unsupported"
    if not read.header.timestamp:
        yield "header.timestamp is required"
    ids = [entity.id for entity in read.entity]
    if len(set(ids)) != len(ids) or "" in ids:
        yield "entity.id is required and unique"
    own = [entity.vehicle.vehicle.id for entity in read.entity if entity.HasField("vehicle")]
    if len(set(own)) != len(own):
        yield "each VehiclePosition has a unique vehicle id"
    for entity in read.entity:
        if entity.HasField("is_deleted"):
            yield "is_deleted is not for a full dataset"
        if entity.HasField("trip_update") == entity.HasField("vehicle"):
            yield "exactly one of the kinds of entity"
        if entity.HasField("trip_update"):
            yield from _mistakes_of(entity.trip_update)


def _mistakes_of(update: pb.TripUpdate) -> Iterator[str]:
    if update.trip.schedule_relationship == pb.TripDescriptor.SCHEDULED and not update.stop_time_update:
        yield "a scheduled trip has at least one stop_time_update"
    sequences = [stop.stop_sequence for stop in update.stop_time_update]
    if sequences != sorted(sequences):
        yield "stop_time_updates are sorted by stop_sequence"
    for stop in update.stop_time_update:
        has_time = stop.HasField("arrival") or stop.HasField("departure")
        if has_time == (stop.schedule_relationship == Scheduled.NO_DATA):
            yield "an arrival or departure, and none with NO_DATA"
        if stop.arrival.HasField("scheduled_time") or stop.departure.HasField("scheduled_time"):
            yield "scheduled_time is forbidden for a scheduled trip"


def test_the_feed_is_what_the_reference_allows() -> None:
    """For a day with a run in every state."""
    assert list(mistakes(message(whole_day()))) == []
    assert message(whole_day()).header.timestamp == at("11:45") // 1000


def test_every_trip_route_and_stop_is_one_of_the_static_feed() -> None:
    """And the version says which static feed that is."""
    built = gtfs.build(whole_day(), url="http://127.0.0.1/")
    assert isinstance(built, bytes)
    static = tables(built)
    trips = {(row["trip_id"], row["route_id"]) for row in static["trips"]}
    stops = {(row["trip_id"], int(row["stop_sequence"]), row["stop_id"]) for row in static["stop_times"]}
    for trip, update in updates(whole_day()).items():
        assert (trip, update.trip.route_id) in trips
        assert {(trip, stop.stop_sequence, stop.stop_id) for stop in update.stop_time_update} <= stops
    for vehicle in vehicles(whole_day()).values():
        assert (vehicle.trip.trip_id, vehicle.current_stop_sequence, vehicle.stop_id) in stops
    assert message(whole_day()).header.feed_version == static["feed_info"][0]["feed_version"]


@pytest.mark.parametrize(
    ("state", "departed", "status", "sequence", "stop"),
    [
        ("boarding", None, Status.STOPPED_AT, 1, "church:halte-a"),
        ("last_call", None, Status.STOPPED_AT, 1, "church:halte-a"),
        ("departed", "11:41", Status.IN_TRANSIT_TO, 2, "mill:kerb"),
        ("halted", "11:41", Status.IN_TRANSIT_TO, 2, "mill:kerb"),
        ("halted", None, Status.STOPPED_AT, 1, "church:halte-a"),
        ("arrived", "11:41", Status.STOPPED_AT, 2, "mill:kerb"),
    ],
)
def test_a_coach_stands_at_the_kerb_is_on_the_way_or_stands_at_the_destination(
    state: str, departed: str | None, status: int, sequence: int, stop: str
) -> None:
    """With the sequence, without which a status is ignored, and since when that is so."""
    one = run(1, state, departed_ms=None if departed is None else at(departed), since_ms=at("11:41"))
    found = vehicles(feed(one))["b1"]
    assert (found.current_status, found.current_stop_sequence, found.stop_id) == (status, sequence, stop)
    assert found.timestamp == at("11:41") // 1000
    assert (found.trip.trip_id, found.trip.start_date) == ("t1-b1", "20240111")


def test_a_vehicle_has_id_label_plate_and_whether_a_wheelchair_can_come() -> None:
    """And no plate where there is none."""
    day = feed(run(1, "boarding", wheelchairs=1), run(2, "boarding", plate=None))
    first, second = (vehicles(day)[coach].vehicle for coach in ("b1", "b2"))
    assert (first.id, first.label, first.license_plate) == ("b1", "B1", "00-ZZ-01")
    assert not second.HasField("license_plate")
    kinds = pb.VehicleDescriptor
    assert first.wheelchair_accessible == kinds.WHEELCHAIR_ACCESSIBLE
    assert second.wheelchair_accessible == kinds.WHEELCHAIR_INACCESSIBLE


@pytest.mark.parametrize("state", ["planned", "closed", "cancelled"])
def test_nobody_knows_where_a_coach_is_whose_run_is_planned_closed_or_cancelled(state: str) -> None:
    """Then it is left out, not guessed."""
    assert vehicles(feed(run(1, state))) == {}


def test_a_coach_is_in_the_feed_once_with_the_run_that_it_drives_now() -> None:
    """The run before it is over, the run after it has not begun."""
    later = run(1, "planned", leg=TO_HALL, times="13:20 13:40 13:50")
    arrived = run(1, "arrived", departed_ms=at("11:41"), arrived_ms=at("11:50"))
    assert vehicles(feed(arrived, later))["b1"].trip.trip_id == "t1-b1"
    assert vehicles(feed(arrived, replace(later, state="boarding")))["b1"].trip.trip_id == "t2-b1"
    gone = replace(arrived, state="closed")
    assert vehicles(feed(gone, later)) == {}
    assert vehicles(feed(gone, replace(later, position=WHERE)))["b1"].trip.trip_id == "t2-b1"


def test_a_position_is_there_only_when_a_tracker_gave_one() -> None:
    """In degrees and metres a second, with the tracker's time; a run that is only planned has no status with it."""
    assert not vehicles(feed(run(1, "boarding")))["b1"].HasField("position")
    found = vehicles(feed(run(1, "boarding", position=WHERE, since_ms=at("11:20"))))["b1"]
    assert (found.position.latitude, found.position.longitude) == pytest.approx((52.3563, 6.6625), abs=1e-5)
    assert (found.position.speed, found.timestamp) == (12.5, at("11:40") // 1000)
    planned = vehicles(feed(run(1, "planned", position=WHERE)))["b1"]
    assert not planned.HasField("current_status")
    assert not planned.HasField("occupancy_status")


@pytest.mark.parametrize(
    ("aboard", "seats", "percentage", "status"),
    [
        (0, 50, 0, Occupancy.EMPTY),
        (4, 50, 0, Occupancy.EMPTY),
        (5, 50, 10, Occupancy.MANY_SEATS_AVAILABLE),
        (39, 50, 70, Occupancy.MANY_SEATS_AVAILABLE),
        (40, 50, 80, Occupancy.FEW_SEATS_AVAILABLE),
        (49, 50, 90, Occupancy.FEW_SEATS_AVAILABLE),
        (50, 50, 100, Occupancy.FULL),
        (53, 50, 100, Occupancy.FULL),
        (60, 50, 120, Occupancy.FULL),
        (7, None, None, Occupancy.NO_DATA_AVAILABLE),
    ],
)
def test_how_full_in_words_and_in_tens_of_per_cent(
    aboard: int, seats: int | None, percentage: int, status: int
) -> None:
    """So coarse that nobody can be followed getting on; full is said exactly."""
    found = vehicles(feed(run(1, "boarding", aboard=aboard, seats=seats)))["b1"]
    assert (found.occupancy_percentage if found.HasField("occupancy_percentage") else None) == percentage
    assert found.occupancy_status == status


@pytest.mark.parametrize("state", ["halted", "arrived"])
def test_a_coach_that_broke_down_or_arrived_takes_nobody(state: str) -> None:
    """However many seats are free."""
    found = vehicles(feed(run(1, state, departed_ms=at("11:40"), aboard=3)))["b1"]
    assert found.occupancy_status == Occupancy.NOT_ACCEPTING_PASSENGERS


def test_delays_are_real_or_estimated_against_planned() -> None:
    """Departed 3:30 late is certain; the arrival is as estimated, and time is planned plus delay."""
    one = run(1, "departed", departed_ms=at("11:43:30"), estimated_arrive_ms=at("11:52"), aboard=45)
    left, comes = updates(feed(one))["t1-b1"].stop_time_update
    assert (left.departure.delay, left.departure.time) == (210, at("11:43:30") // 1000)
    assert left.departure.HasField("uncertainty")
    assert left.departure_occupancy_status == Occupancy.FEW_SEATS_AVAILABLE
    assert (comes.arrival.delay, comes.arrival.time) == (120, at("11:52") // 1000)
    assert not comes.arrival.HasField("uncertainty")


def test_a_run_that_should_have_gone_goes_now_at_the_earliest_and_arrives_later_by_that() -> None:
    """Nothing is foretold for the past."""
    left, comes = updates(feed(run(1, "boarding"), now="11:46"))["t1-b1"].stop_time_update
    assert (left.departure.delay, comes.arrival.delay) == (360, 360)
    left, comes = updates(feed(run(1, "boarding", estimated_depart_ms=at("11:55"))))["t1-b1"].stop_time_update
    assert (left.departure.delay, comes.arrival.delay) == (900, 900)


def test_a_run_that_left_early_and_is_still_on_the_way_does_not_arrive_in_the_past() -> None:
    """It left 20 minutes early: by the driving time it would be there, and it is not."""
    one = run(1, "departed", departed_ms=at("11:20"))
    _, comes = updates(feed(one))["t1-b1"].stop_time_update
    assert comes.arrival.time == at("11:45") // 1000


def test_an_arrived_run_tells_both_times_for_certain() -> None:
    """And how full it left."""
    one = run(1, "arrived", departed_ms=at("11:40"), arrived_ms=at("11:48"), carried=50)
    left, comes = updates(feed(one))["t1-b1"].stop_time_update
    assert (left.departure.delay, comes.arrival.delay) == (0, -120)
    assert comes.arrival.HasField("uncertainty")
    assert left.departure_occupancy_status == Occupancy.FULL


def test_a_run_that_broke_down_has_no_time_until_somebody_estimates_one() -> None:
    """NO_DATA says so; the departure that was stays."""
    left, comes = updates(feed(run(1, "halted", departed_ms=at("11:41"))))["t1-b1"].stop_time_update
    assert left.departure.delay == 60
    assert comes.schedule_relationship == Scheduled.NO_DATA
    both = updates(feed(run(1, "halted")))["t1-b1"].stop_time_update
    assert {stop.schedule_relationship for stop in both} == {Scheduled.NO_DATA}
    known = run(1, "halted", departed_ms=at("11:41"), estimated_arrive_ms=at("12:10"))
    assert updates(feed(known))["t1-b1"].stop_time_update[1].arrival.delay == 20 * 60


def test_a_cancelled_run_is_a_cancelled_trip_without_times() -> None:
    """And no vehicle drives it."""
    found = updates(feed(run(1, "cancelled")))["t1-b1"]
    assert found.trip.schedule_relationship == pb.TripDescriptor.CANCELED
    assert not found.stop_time_update


def test_people_read_the_same_as_json() -> None:
    """With the names of the reference and words for the enums."""
    read = json.loads(realtime.build_json(whole_day()))
    second = next(entity["vehicle"] for entity in read["entity"] if entity["id"] == "vehicle:b2")
    assert second["current_status"] == "IN_TRANSIT_TO"
    assert second["occupancy_status"] == "FEW_SEATS_AVAILABLE"
    assert second["trip"] == {
        "trip_id": "t1-b2",
        "route_id": "t1-mill",
        "start_date": "20240111",
        "schedule_relationship": "SCHEDULED",
    }
