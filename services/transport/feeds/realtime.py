"""The runs of today as GTFS-Realtime 2.0.

The rules are those of google/transit, gtfs-realtime/spec/en/reference.md; ours are in docs/adr/0009-feeds.md.
"""

from collections.abc import Iterable

from google.protobuf import json_format  # type: ignore[import-untyped] # ships no types
from google.transit import gtfs_realtime_pb2 as pb

from transport.domain.run import State
from transport.feeds import expected
from transport.feeds.gtfs import day
from transport.feeds.model import Feed, RunFeed
from transport.feeds.stops import Stops, stops_of

VERSION = "2.0"
STEP_PERCENT = 10  # so coarse that nobody can be followed getting on: the reference asks for it
FEW_FROM = 80  # per cent of the seats
AT_KERB = frozenset({State.BOARDING, State.LAST_CALL})
SHOWN = AT_KERB | {State.DEPARTED, State.HALTED, State.ARRIVED}  # of a planned or closed run nobody knows where it is


def build(feed: Feed) -> bytes:
    """The FeedMessage as protobuf."""
    content: bytes = _message(feed).SerializeToString()
    return content


def build_json(feed: Feed) -> bytes:
    """The same for people: the fields as the reference names them."""
    text: str = json_format.MessageToJson(_message(feed), preserving_proto_field_name=True)
    return text.encode()


def occupancy_percent(aboard: int, seats: int | None) -> int | None:
    """Per cent of the seats, rounded down to tens; None where the seats are not known."""
    return aboard * 100 // seats // STEP_PERCENT * STEP_PERCENT if seats else None


def _message(feed: Feed) -> pb.FeedMessage:
    message, stops = pb.FeedMessage(), stops_of(feed)
    header = message.header
    header.gtfs_realtime_version, header.incrementality = VERSION, pb.FeedHeader.FULL_DATASET
    header.timestamp, header.feed_version = _seconds(feed.now_ms), feed.version
    for run in feed.runs:
        entity = message.entity.add(id=f"trip:{run.run}")
        _update(entity.trip_update, run, feed, stops)
    for run in driving(feed.runs):
        entity = message.entity.add(id=f"vehicle:{run.coach}")
        _vehicle(entity.vehicle, run, feed, stops)
    return message


def driving(runs: Iterable[RunFeed]) -> list[RunFeed]:
    """The one run of each coach that says where it is: the latest that was opened and not closed yet, else the next
    that has a position. A vehicle may be in the feed once, though a coach drives several runs of the day.
    """
    found: dict[str, RunFeed] = {}
    for run in sorted(runs, key=lambda run: (run.depart_ms, run.run)):
        before = found.get(run.coach)
        if run.state in SHOWN or (before is None and run.position is not None and run.state == State.PLANNED):
            found[run.coach] = run
    return list(found.values())


def _trip(trip: pb.TripDescriptor, run: RunFeed, feed: Feed) -> None:
    trip.trip_id, trip.route_id, trip.start_date = run.run, run.leg, day(feed.date)
    trip.schedule_relationship = pb.TripDescriptor.CANCELED if run.is_cancelled else pb.TripDescriptor.SCHEDULED


def _descriptor(vehicle: pb.VehicleDescriptor, run: RunFeed) -> None:
    vehicle.id, vehicle.label = run.coach, run.coach_name
    if run.plate:
        vehicle.license_plate = run.plate
    kinds = pb.VehicleDescriptor
    vehicle.wheelchair_accessible = kinds.WHEELCHAIR_ACCESSIBLE if run.wheelchairs else kinds.WHEELCHAIR_INACCESSIBLE


def _update(update: pb.TripUpdate, run: RunFeed, feed: Feed, stops: Stops) -> None:
    _trip(update.trip, run, feed)
    update.timestamp = _seconds(feed.now_ms)  # everything here was worked out now
    if run.is_cancelled:
        return
    _descriptor(update.vehicle, run)
    first = update.stop_time_update.add(stop_sequence=1, stop_id=stops.origin(run))
    _event(first, "departure", expected.departure(run, feed.now_ms), run.depart_ms)
    if run.departed_ms is not None and run.seats:
        first.departure_occupancy_status = _occupancy(max(run.carried, run.aboard), run.seats)
    last = update.stop_time_update.add(stop_sequence=2, stop_id=stops.destination(run))
    _event(last, "arrival", expected.arrival(run, feed.now_ms), run.arrive_ms)


def _event(update: pb.TripUpdate.StopTimeUpdate, kind: str, moment: expected.Expected | None, planned_ms: int) -> None:
    if moment is None:
        update.schedule_relationship = pb.TripUpdate.StopTimeUpdate.NO_DATA
        return
    event = getattr(update, kind)
    event.time = _seconds(moment.at_ms)
    event.delay = event.time - _seconds(planned_ms)  # in the same whole seconds, so that time = planned + delay
    if moment.is_real:
        event.uncertainty = 0


def _vehicle(vehicle: pb.VehiclePosition, run: RunFeed, feed: Feed, stops: Stops) -> None:
    _trip(vehicle.trip, run, feed)
    _descriptor(vehicle.vehicle, run)
    if run.state in SHOWN:
        _whereabouts(vehicle, run, stops)
        _load(vehicle, run)
    if run.position is not None:
        _place(vehicle, run)
    elif run.since_ms is not None:
        vehicle.timestamp = _seconds(run.since_ms)


def _whereabouts(vehicle: pb.VehiclePosition, run: RunFeed, stops: Stops) -> None:
    """Stands at the kerb, is on the way, stands at the destination."""
    has_left, has_come = run.departed_ms is not None, run.state == State.ARRIVED
    vehicle.current_stop_sequence = 2 if has_left or has_come else 1
    vehicle.stop_id = stops.destination(run) if has_left or has_come else stops.origin(run)
    is_on_the_way = has_left and not has_come
    vehicle.current_status = pb.VehiclePosition.IN_TRANSIT_TO if is_on_the_way else pb.VehiclePosition.STOPPED_AT


def _load(vehicle: pb.VehiclePosition, run: RunFeed) -> None:
    percent = occupancy_percent(run.aboard, run.seats)
    if percent is not None:
        vehicle.occupancy_percentage = percent
    takes_nobody = run.state in {State.HALTED, State.ARRIVED}
    kinds = pb.VehiclePosition
    vehicle.occupancy_status = kinds.NOT_ACCEPTING_PASSENGERS if takes_nobody else _occupancy(run.aboard, run.seats)


def _occupancy(aboard: int, seats: int | None) -> pb.VehiclePosition.OccupancyStatus:
    """Free seats in words; there is no standing in a coach."""
    percent = occupancy_percent(aboard, seats)
    kinds = pb.VehiclePosition
    if percent is None:
        status = kinds.NO_DATA_AVAILABLE
    elif percent >= 100:
        status = kinds.FULL
    elif percent >= FEW_FROM:
        status = kinds.FEW_SEATS_AVAILABLE
    else:
        status = kinds.MANY_SEATS_AVAILABLE if percent else kinds.EMPTY
    return status


def _place(vehicle: pb.VehiclePosition, run: RunFeed) -> None:
    if run.position is None:
        return
    vehicle.timestamp = _seconds(run.position.at_ms)
    vehicle.position.latitude = run.position.lat_e7 / 1e7
    vehicle.position.longitude = run.position.lon_e7 / 1e7
    if run.position.speed_mm_s is not None:
        vehicle.position.speed = run.position.speed_mm_s / 1000


def _seconds(at_ms: int) -> int:
    return at_ms // 1000
