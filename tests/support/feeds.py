"""A made-up day for the feeds: five coaches between a church, a mill and a town hall, at 11:45 on 11 January 2024."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from shared import instants
from shared.programme.values import Text
from transport.domain.tracker import Position
from transport.feeds.model import Feed, LegFeed, PassengerEvent, RunFeed, Site

DATE = dt.date(2024, 1, 11)
ZONE = ZoneInfo("Europe/Amsterdam")
CHURCH = Site(id="church", name="Grote Kerk", lat_e7=523563000, lon_e7=66625000)
MILL = Site(id="mill", name="De Molen", lat_e7=523411000, lon_e7=66702000)
HALL = Site(id="hall", name="Stadhuis", lat_e7=523570500, lon_e7=66681000)
TO_MILL = LegFeed(id="t1-mill", title=Text(nl="Heen", en="Out"), origin="church", destination="mill")
TO_HALL = LegFeed(id="t2-hall", title=Text(nl="Door", en="Onwards"), origin="mill", destination="hall")


def at(clock: str, date: dt.date = DATE) -> int:
    """A moment of the day, local time `HH:MM` or `HH:MM:SS`."""
    return instants.of(dt.datetime.combine(date, dt.time.fromisoformat(clock), tzinfo=ZONE))


def run(
    number: int, state: str, *, leg: LegFeed = TO_MILL, times: str = "11:20 11:40 11:50", **more: object
) -> RunFeed:
    """Coach `b{number}` on a leg, with 50 seats and a kerb place of its own at the church."""
    opens, departs, arrives = (at(clock) for clock in times.split())
    made = RunFeed(
        run=f"{leg.id[:2]}-b{number}",
        name=f"B{number}",
        leg=leg.id,
        coach=f"b{number}",
        coach_name=f"B{number}",
        plate=f"00-ZZ-0{number}",
        origin=leg.origin,
        destination=leg.destination,
        kerb=f"Halte {'ABCDEFGHI'[number - 1]}" if leg.origin == "church" else None,
        state=state,
        open_ms=opens,
        depart_ms=departs,
        arrive_ms=arrives,
        seats=50,
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of RunFeed


def feed(*runs: RunFeed, now: str = "11:45", events: tuple[PassengerEvent, ...] = (), **more: object) -> Feed:
    """A day of these runs."""
    made = Feed(
        event="small-2024",
        title=Text(nl="Kleine dag", en="Small day"),
        zone=ZONE,
        date=DATE,
        now_ms=at(now),
        version="9f86d081884c",
        sites=(CHURCH, MILL, HALL),
        legs=(TO_MILL, TO_HALL),
        runs=runs,
        events=events,
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of Feed


def whole_day() -> Feed:
    """One run in every state, one coach with two runs, one with a tracker, people getting on and off."""
    b1 = run(1, "arrived", departed_ms=at("11:41:30"), arrived_ms=at("11:44"), since_ms=at("11:44"), carried=47)
    b2 = run(2, "departed", departed_ms=at("11:43"), since_ms=at("11:43"), aboard=41, wheelchairs=1)
    where = Position(coach="b2", at_ms=at("11:44:50"), lat_e7=523480000, lon_e7=66660000, speed_mm_s=8_333)
    b3 = run(3, "boarding", since_ms=at("11:20"), aboard=12, estimated_depart_ms=at("11:48"))
    later = "13:20 13:40 13:50"
    return feed(
        b1,
        replace(b2, position=where),
        b3,
        run(4, "cancelled", since_ms=at("11:30")),
        run(5, "halted", since_ms=at("11:44"), departed_ms=at("11:42"), aboard=50),
        run(1, "planned", leg=TO_HALL, times=later),
        run(2, "planned", leg=TO_HALL, times=later, wheelchairs=1),
        events=(
            PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:31:07"), kind="boarded"),
            PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:31:52"), kind="boarded", count=46),
            PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:32:10"), kind="boarded"),
            PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:33"), kind="alighted"),
            PassengerEvent(run="t1-b1", coach="b1", at_ms=at("11:44:20"), kind="alighted", stop=2, count=47),
        ),
    )


def tables(content: bytes) -> Mapping[str, list[dict[str, str]]]:
    """The CSV files of a ZIP, by name without what follows the point."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.partition(".")[0]: list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()
            if not name.endswith(".json")
        }
