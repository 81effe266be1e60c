"""The runs that were driven, and who got on and off in numbers, as TIDES 1.0 (TIDES-transit/TIDES, tag v1.0, spec/;
docs/adr/0009-feeds.md).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from shared import instants
from transport.domain.run import State
from transport.feeds.model import Feed, RunFeed
from transport.feeds.stops import Stops, stops_of
from transport.feeds.tables import Cell, csv_bytes, zip_bytes

SPEC = "https://raw.githubusercontent.com/TIDES-transit/TIDES/v1.0/spec"
MINUTE_MS = 60_000
BUS, IN_SERVICE = "Bus", "In service"
BOARDED, ALIGHTED = "Passenger boarded", "Passenger alighted"
KINDS = {"boarded": BOARDED, "alighted": ALIGHTED}
ARRIVED, DEPARTED = "Vehicle arrived at stop", "Vehicle departed stop"
SHORT = {BOARDED: "on", ALIGHTED: "off", ARRIVED: "arrived", DEPARTED: "departed"}
TRIPS = (
    "service_date",
    "trip_id_performed",
    "vehicle_id",
    "trip_id_scheduled",
    "route_id",
    "route_type",
    "block_id",
    "trip_start_stop_id",
    "trip_end_stop_id",
    "schedule_trip_start",
    "schedule_trip_end",
    "actual_trip_start",
    "actual_trip_end",
    "trip_type",
    "schedule_relationship",
)
EVENTS = (
    "passenger_event_id",
    "service_date",
    "event_timestamp",
    "trip_id_performed",
    "trip_id_scheduled",
    "trip_stop_sequence",
    "scheduled_stop_sequence",
    "event_type",
    "vehicle_id",
    "stop_id",
    "event_count",
)
Row = dict[str, Cell]
Happened = tuple[int, str, int, str, str]  # at in ms, run, stop sequence, event type, coach


def build(feed: Feed) -> bytes:
    """The ZIP: two tables and the data package that describes them."""
    stops = stops_of(feed)
    performed = [run for run in feed.runs if run.state != State.PLANNED]
    tables = {
        "trips_performed": csv_bytes(TRIPS, (_trip(run, feed, stops) for run in performed)),
        "passenger_events": csv_bytes(EVENTS, _events(performed, feed, stops)),
    }
    files = {f"{name}.csv": content for name, content in tables.items()}
    return zip_bytes(files | {"datapackage.json": _package(feed, tables)})


def _trip(run: RunFeed, feed: Feed, stops: Stops) -> Row:
    """A run that was opened; without an actual start as long as it stands at the kerb, or when it was cancelled."""
    return {
        "service_date": feed.date.isoformat(),
        "trip_id_performed": run.run,
        "vehicle_id": run.coach,
        "trip_id_scheduled": run.run,
        "route_id": run.leg,
        "route_type": BUS,
        "block_id": run.coach,
        "trip_start_stop_id": stops.origin(run),
        "trip_end_stop_id": stops.destination(run),
        "schedule_trip_start": _moment(run.depart_ms),
        "schedule_trip_end": _moment(run.arrive_ms),
        "actual_trip_start": _moment(run.departed_ms),
        "actual_trip_end": _moment(run.arrived_ms),
        "trip_type": IN_SERVICE,
        "schedule_relationship": "Canceled" if run.is_cancelled else "Scheduled",
    }


def _events(performed: Sequence[RunFeed], feed: Feed, stops: Stops) -> Iterator[Row]:
    """In order of time; the same minute, run, stop and kind are one event with their number as its count, so that
    nobody can be told from it who knows when somebody's badge was read.
    """
    runs = {run.run: run for run in performed}
    counts: Counter[Happened] = Counter()
    for event in feed.events:
        if event.run in runs:
            minute_ms = event.at_ms // MINUTE_MS * MINUTE_MS
            counts[minute_ms, event.run, event.stop, KINDS[event.kind], event.coach] += event.count
    counts.update(_of_vehicles(performed))
    for happened, count in sorted(counts.items()):
        yield _event(happened, count, runs[happened[1]], feed, stops)


def _of_vehicles(performed: Sequence[RunFeed]) -> Iterator[Happened]:
    for run in performed:
        if run.departed_ms is not None:
            yield (run.departed_ms, run.run, 1, DEPARTED, run.coach)
        if run.arrived_ms is not None:
            yield (run.arrived_ms, run.run, 2, ARRIVED, run.coach)


def _event(happened: Happened, count: int, run: RunFeed, feed: Feed, stops: Stops) -> Row:
    at_ms, _, sequence, kind, coach = happened
    moment = _moment(at_ms)
    return {
        "passenger_event_id": f"{run.run}/{coach}/{sequence}/{SHORT[kind]}/{moment}",
        "service_date": feed.date.isoformat(),
        "event_timestamp": moment,
        "trip_id_performed": run.run,
        "trip_id_scheduled": run.run,
        "trip_stop_sequence": sequence,
        "scheduled_stop_sequence": sequence,
        "event_type": kind,
        "vehicle_id": coach,
        "stop_id": stops.origin(run) if sequence == 1 else stops.destination(run),
        "event_count": count,
    }


def _moment(at_ms: int | None) -> str | None:
    """UTC in whole seconds: the default form of a datetime in a Table Schema."""
    return None if at_ms is None else instants.from_ms(at_ms // 1000 * 1000).strftime("%Y-%m-%dT%H:%M:%SZ")


def _package(feed: Feed, tables: Mapping[str, bytes]) -> bytes:
    described = {
        "name": feed.event,
        "title": feed.title.en,
        "agency": feed.title.nl,
        "profile": f"{SPEC}/tides-datapackage-profile.json",
        "created": instants.to_text(feed.now_ms),
        "resources": [_resource(name, content) for name, content in tables.items()],
    }
    return msgspec.json.format(msgspec.json.encode(described), indent=2)


def _resource(name: str, content: bytes) -> dict[str, object]:
    return {
        "name": name,
        "tides-table": name,
        "profile": "tabular-data-resource",
        "path": f"{name}.csv",
        "schema": f"{SPEC}/{name}.schema.json",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "sources": [{"title": "Inloop", "component": "APC"}],
    }
