"""The legs of the day as static GTFS (google/transit, gtfs/spec/en/reference.md; docs/adr/0009-feeds.md)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from shared import instants
from transport.feeds.model import Feed, RunFeed, Site
from transport.feeds.stops import Platform, Stops, stops_of
from transport.feeds.tables import Cell, csv_bytes, zip_bytes

SERVICE = "day"
LANGUAGE = "nl"
BUS, STATION, STOP = 3, 1, 0  # route_type; location_type
ADDED = 1  # exception_type
REGULAR, NONE = 0, 1  # pickup_type, drop_off_type
YES, NO = 1, 2  # wheelchair_accessible, bikes_allowed
EXACT = 1  # timepoint
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class Unplaced:
    """Why there is no GTFS: it needs to know where every stop is, and the programme does not say it of these."""

    locations: tuple[Site, ...]


def build(feed: Feed, *, url: str) -> bytes | Unplaced:
    """The ZIP; `url` is where these pages are, GTFS wants one of the agency."""
    used = {run.origin for run in feed.runs} | {run.destination for run in feed.runs}
    sites = tuple(site for site in feed.sites if site.id in used)
    unplaced = tuple(site for site in sites if site.lat_e7 is None or site.lon_e7 is None)
    if unplaced:
        return Unplaced(unplaced)
    stops = stops_of(feed)
    return zip_bytes(
        {
            "agency.txt": _table([_agency(feed, url)]),
            "stops.txt": _table([*_stops(sites, stops)]),
            "routes.txt": _table([*_routes(feed)]),
            "trips.txt": _table([*_trips(feed)]),
            "stop_times.txt": _table([*_stop_times(feed, stops)]),
            "calendar_dates.txt": _table([{"service_id": SERVICE, "date": day(feed.date), "exception_type": ADDED}]),
            "feed_info.txt": _table([_info(feed, url)]),
        }
    )


def day(date: dt.date) -> str:
    """A date as GTFS and GTFS-Realtime write it."""
    return date.strftime("%Y%m%d")


def service_time(at_ms: int, *, date: dt.date, zone: ZoneInfo) -> str:
    """`HH:MM:SS` since noon minus twelve hours of the service day, in whole seconds: past midnight it goes on with 24,
    and a change of the clock in the night makes no hole.

    What is before that moment (in the night that has an hour more) is 00:00:00: GTFS has no negative time.
    """
    noon_ms = instants.of(dt.datetime.combine(date, dt.time(12), tzinfo=zone))
    seconds = max(0, (at_ms - noon_ms) // 1000 + 12 * 3600)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _table(rows: Sequence[Row]) -> bytes:
    return csv_bytes(list(rows[0]) if rows else [], rows)


def _agency(feed: Feed, url: str) -> Row:
    return {
        "agency_id": feed.event,
        "agency_name": feed.title.nl,
        "agency_url": url,
        "agency_timezone": feed.zone.key,
        "agency_lang": LANGUAGE,
    }


def _stops(sites: Sequence[Site], stops: Stops) -> Iterator[Row]:
    for site in sites:
        where = {"stop_lat": _degrees(site.lat_e7), "stop_lon": _degrees(site.lon_e7)}
        yield _stop(site.id, site.name, where, kind=STATION)
        for platform in stops.platforms.values():
            if platform.location == site.id:
                yield _platform(platform, where)


def _platform(platform: Platform, where: Row) -> Row:
    return _stop(platform.id, platform.name, where, kind=STOP, parent=platform.location, code=platform.code)


def _stop(stop: str, name: str, where: Row, *, kind: int, parent: str = "", code: str = "") -> Row:
    return {
        "stop_id": stop,
        "stop_name": name,
        **where,
        "location_type": kind,
        "parent_station": parent,
        "platform_code": code,
    }


def _degrees(e7: int | None) -> str:
    """Seven digits, written without a float in between."""
    whole, part = divmod(abs(e7 or 0), 10_000_000)
    return f"{'-' if (e7 or 0) < 0 else ''}{whole}.{part:07d}"


def _routes(feed: Feed) -> Iterator[Row]:
    """One a leg that has runs; the transfer's title keeps the same road of two transfers apart."""
    names = {site.id: site.name for site in feed.sites}
    driven = {run.leg for run in feed.runs}
    for leg in feed.legs:
        if leg.id in driven:
            yield {
                "route_id": leg.id,
                "agency_id": feed.event,
                "route_long_name": f"{leg.title.nl}: {names[leg.origin]} – {names[leg.destination]}",
                "route_type": BUS,
            }


def _trips(feed: Feed) -> Iterator[Row]:
    names = {site.id: site.name for site in feed.sites}
    blocks = _blocks(feed.runs)
    for run in feed.runs:
        yield {
            "route_id": run.leg,
            "service_id": SERVICE,
            "trip_id": run.run,
            "trip_headsign": names[run.destination],
            "block_id": blocks.get(run.coach),
            "wheelchair_accessible": YES if run.wheelchairs else NO,
            "bikes_allowed": NO,
        }


def _blocks(runs: Sequence[RunFeed]) -> Mapping[str, str]:
    """The coaches whose runs do not overlap as planned: a block that overlaps itself is refused by who reads it."""
    made: dict[str, str] = {}
    for coach in {run.coach for run in runs}:
        own = sorted((run.open_ms, run.arrive_ms) for run in runs if run.coach == coach)
        if all(earlier[1] <= later[0] for earlier, later in pairwise(own)):
            made[coach] = coach
    return made


def _stop_times(feed: Feed, stops: Stops) -> Iterator[Row]:
    for run in feed.runs:
        opens, departs, arrives = (
            service_time(at_ms, date=feed.date, zone=feed.zone) for at_ms in (run.open_ms, run.depart_ms, run.arrive_ms)
        )
        yield _stop_time(run.run, 1, stops.origin(run), (opens, departs), pickup=REGULAR, drop_off=NONE)
        yield _stop_time(run.run, 2, stops.destination(run), (arrives, arrives), pickup=NONE, drop_off=REGULAR)


def _stop_time(trip: str, sequence: int, stop: str, times: tuple[str, str], *, pickup: int, drop_off: int) -> Row:
    return {
        "trip_id": trip,
        "stop_sequence": sequence,
        "stop_id": stop,
        "arrival_time": times[0],
        "departure_time": times[1],
        "pickup_type": pickup,
        "drop_off_type": drop_off,
        "timepoint": EXACT,
    }


def _info(feed: Feed, url: str) -> Row:
    return {
        "feed_publisher_name": feed.title.nl,
        "feed_publisher_url": url,
        "feed_lang": LANGUAGE,
        "feed_start_date": day(feed.date),
        "feed_end_date": day(feed.date),
        "feed_version": feed.version,
        "feed_contact_url": url,
    }
