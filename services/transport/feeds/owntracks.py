"""Positions as OwnTracks sends them, over MQTT and HTTP (owntracks/booklet, docs/tech/json.md and http.md).

A tracker is set up with the coach as its device: `owntracks/{user}/{coach}`. Its user and its initials (`tid`) are
somebody's, the driver's perhaps: they are not kept.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from transport.domain.tracker import E7, Position

ROOT = "owntracks"
AHEAD_MS = 5_000  # of the service's clock: a time further ahead is not believed (CONTRACT section 3)
FIRST_S = 946_684_800  # 2000: what a tracker that has no time yet says is before it
LAST_S = 100_000_000_000  # the year 5138; a larger number is milliseconds
MOST_KMH = 250
MOST_M = 1_000_000
PASSED = frozenset(
    {"beacon", "card", "cmd", "configuration", "dump", "lwt", "request", "status", "steps", "transition"}
    | {"waypoint", "waypoints"}
)


class Location(Struct, frozen=True, kw_only=True, rename={"kind": "_type"}):
    """`_type: location`: degrees of WGS 84, `tst` in seconds since 1970, `vel` km/h, `acc` metres; more is ignored."""

    kind: str = "location"
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    tst: Annotated[int, Meta(ge=FIRST_S, le=LAST_S)]
    vel: float | None = None
    acc: float | None = None
    tid: str | None = None


class _Kind(Struct, frozen=True, kw_only=True, rename={"kind": "_type"}):
    kind: str


@dataclass(frozen=True)
class Passed:
    """A message of OwnTracks that says nothing of where the coach is: taken, and left alone."""

    kind: str


@dataclass(frozen=True)
class Malformed:
    """Why a message is refused: the member ("" is all of it), and what would be right. It has nothing sent in it."""

    member: str
    detail: str


Parsed = Position | Passed | Malformed
_REMEDIES = {
    "lat": "is not a latitude: send degrees from -90 to 90",
    "lon": "is not a longitude: send degrees from -180 to 180",
    "tst": "is not a time: send whole seconds since 1970, from 2000 on and not milliseconds",
    "vel": "is not a speed: send km/h as a number, or leave it out",
    "acc": "is not an accuracy: send metres as a number, or leave it out",
    "tid": "is not a text: send a tracker's two characters, or leave it out",
    "_type": 'is not a kind: send "_type": "location"',
}


def coach_of(topic: str) -> str | None:
    """The coach of `owntracks/{user}/{coach}`; None for a topic without a location, such as `…/event`."""
    levels = topic.split("/")
    return levels[2] if len(levels) == 3 and levels[0] == ROOT and all(levels) else None


def parse(payload: bytes, *, coach: str, received_ms: int) -> Parsed:
    """One message of the tracker of a coach, which came at `received_ms`. A time ahead of that becomes that."""
    if not payload:
        return Passed("")  # a friend was removed in the app: the booklet says to ignore it
    try:
        kind = msgspec.json.decode(payload, type=_Kind).kind
        if kind in PASSED:
            return Passed(kind)
        if kind != "location":
            return Malformed("_type", _of_kind(kind))
        return _position(msgspec.json.decode(payload, type=Location), coach, received_ms)
    except msgspec.ValidationError as error:
        return _wrong(str(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Malformed("", 'is not JSON in UTF-8: send an object such as {"_type": "location", "lat": 52.35, …}')


def _position(said: Location, coach: str, received_ms: int) -> Position | Malformed:
    if not said.lat and not said.lon:
        return Malformed("lat", "and lon are 0: the tracker has no fix yet; send its position when it has one")
    at_ms = said.tst * 1000
    return Position(
        coach=coach,
        at_ms=received_ms if at_ms > received_ms + AHEAD_MS else at_ms,
        lat_e7=round(said.lat * E7),
        lon_e7=round(said.lon * E7),
        speed_mm_s=_whole(said.vel, most=MOST_KMH, factor=1_000_000 / 3600),
        accuracy_mm=_whole(said.acc, most=MOST_M, factor=1000),
    )


def _whole(value: float | None, *, most: int, factor: float) -> int | None:
    """A measure as a whole number; None for the negative ones that phones send where they do not know."""
    return None if value is None or not 0 <= value <= most else round(value * factor)


def _of_kind(kind: str) -> str:
    if kind == "encrypted":
        return "is encrypted: leave the encryption key in the app empty, the way here is encrypted by TLS"
    return 'is not of OwnTracks: send "_type": "location"'


def _wrong(message: str) -> Malformed:
    """msgspec says `Expected float <= 90.0 - at `$.lat``, or that an object lacks a field."""
    for member, remedy in _REMEDIES.items():
        if f"`$.{member}`" in message:
            return Malformed(member, remedy)
        if f"missing required field `{member}`" in message:
            return Malformed(member, f"is missing: {remedy.partition(': ')[2]}")
    return Malformed("", 'is not an object: send one such as {"_type": "location", "lat": 52.35, …}')
