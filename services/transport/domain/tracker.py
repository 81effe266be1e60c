"""Where a coach is, as its tracker says, and when it will arrive by that. Pure.

Facts are whole numbers, as times are (docs/adr/0003): degrees × 10⁷, millimetres, millimetres a second, milliseconds.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

E7 = 10_000_000  # parts of a degree: 11 mm at most
EARTH_MM = 6_371_008_800  # mean radius
FRESH_MS = 5 * 60_000  # an older position says nothing about the arrival
WINDOW_MS = 3 * 60_000  # how far back the speed is measured
LEAST_MS = 30_000  # between two positions that a speed is measured from
WORST_MM = 500_000  # a less accurate position is shown, not used: it is of a mast, not of the coach
TOWN_MM_S = 6_000  # as the crow flies, where the length of the leg is not known: 22 km/h
SLOWEST_MM_S, FASTEST_MM_S = 1_500, 30_000  # of a leg as planned, as the crow flies


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """A point of WGS 84, in degrees × 10⁷."""

    lat_e7: int
    lon_e7: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """Where a coach was at `at_ms`; one coach has one position at a moment, so `(coach, at_ms)` identifies it.

    Speed is in millimetres a second, accuracy (a radius) in millimetres; None where the tracker did not say.
    """

    coach: str
    at_ms: int
    lat_e7: int
    lon_e7: int
    speed_mm_s: int | None = None
    accuracy_mm: int | None = None

    @property
    def point(self) -> Point:
        """Where that is."""
        return Point(lat_e7=self.lat_e7, lon_e7=self.lon_e7)


def distance_mm(one: Point, other: Point) -> int:
    """The great circle between two points, in millimetres (haversine; a sphere is at most 0.6 % wrong)."""
    lat_1, lon_1, lat_2, lon_2 = (math.radians(e7 / E7) for e7 in (one.lat_e7, one.lon_e7, other.lat_e7, other.lon_e7))
    half = math.sin((lat_2 - lat_1) / 2) ** 2 + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return round(2 * EARTH_MM * math.asin(min(1.0, math.sqrt(half))))


def estimate_arrival_ms(
    *,
    depart_ms: int,
    driving_ms: int,
    now_ms: int,
    positions: Iterable[Position] = (),
    destination: Point | None = None,
    origin: Point | None = None,
    by_hand_ms: int | None = None,
) -> int:
    """When a run that departs or departed at `depart_ms` arrives; never before now nor before the departure.

    As a hand said, else as its tracker foretells, else after the driving time of the leg.
    Farther away, slower, departed later or longer to drive never makes it earlier.
    """
    tracked_ms = tracked_arrival_ms(
        depart_ms=depart_ms,
        driving_ms=driving_ms,
        now_ms=now_ms,
        positions=positions,
        destination=destination,
        origin=origin,
    )
    candidates = (by_hand_ms, tracked_ms, depart_ms + driving_ms)
    return max(next(ms for ms in candidates if ms is not None), now_ms, depart_ms)


def tracked_arrival_ms(
    *,
    depart_ms: int,
    driving_ms: int,
    now_ms: int,
    positions: Iterable[Position],
    destination: Point | None,
    origin: Point | None = None,
) -> int | None:
    """When the positions since the departure say that the coach arrives, never before now.

    None where they say nothing: no fresh, accurate one, or nobody knows where the destination is.
    """
    used = _usable(positions, depart_ms=depart_ms, now_ms=now_ms)
    if destination is None or not used:
        return None
    last = used[-1]
    planned = _planned_mm_s(origin, destination, driving_ms)
    speed = _between(_measured_mm_s(used, destination), planned)
    return max(now_ms, last.at_ms + distance_mm(last.point, destination) * 1000 // speed)


def _usable(positions: Iterable[Position], *, depart_ms: int, now_ms: int) -> list[Position]:
    """Those of the last minutes in order of time, none when even the last one is not fresh."""
    good = sorted(
        (
            position
            for position in positions
            if depart_ms <= position.at_ms <= now_ms and (position.accuracy_mm or 0) <= WORST_MM
        ),
        key=lambda position: position.at_ms,
    )
    if not good or now_ms - good[-1].at_ms > FRESH_MS:
        return []
    return [position for position in good if good[-1].at_ms - position.at_ms <= WINDOW_MS]


def _planned_mm_s(origin: Point | None, destination: Point, driving_ms: int) -> int:
    """How fast the leg comes nearer as planned; the winding of the roads is in it."""
    if origin is None or driving_ms <= 0:
        return TOWN_MM_S
    return min(FASTEST_MM_S, max(SLOWEST_MM_S, distance_mm(origin, destination) * 1000 // driving_ms))


def _measured_mm_s(used: Sequence[Position], destination: Point) -> int | None:
    """How fast it came nearer; with one position alone what the tracker says, less a quarter that roads wind."""
    first, last = used[0], used[-1]
    if last.at_ms - first.at_ms >= LEAST_MS:
        nearer = distance_mm(first.point, destination) - distance_mm(last.point, destination)
        return nearer * 1000 // (last.at_ms - first.at_ms)
    return None if last.speed_mm_s is None else last.speed_mm_s * 3 // 4


def _between(measured: int | None, planned: int) -> int:
    """The mean of both: a red light is not the end of the journey, nor a free road the rule."""
    if measured is None:
        return planned
    return min(planned * 2, max(planned // 3, (planned + measured) // 2))
