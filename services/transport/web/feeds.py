"""The day for travel planners and analysts: GTFS-Realtime, GTFS and TIDES; and where trackers say that coaches are."""

from typing import Any, Literal, Protocol

from flask import Blueprint, Response, request

from shared.clock import Clock
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.openapi import Param, operation
from shared.web.problems import MemberError, ProblemError, wrong_parameter
from transport.feeds import gtfs, owntracks, realtime, tides
from transport.feeds.model import Source

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
ZIP = "application/zip"
FORMAT = Param(name="format", about="json for people; protobuf when left out.", kind=Literal["protobuf", "json"])
COACH = Param(name="coach", about="A coach, such as b2.", where="path")


class FeedDeps(Protocol):
    """What these routes need of `Deps`."""

    @property
    def transport(self) -> Source: ...
    @property
    def clock(self) -> Clock: ...


def blueprint(deps: FeedDeps) -> Blueprint:
    """The routes."""
    routes = Blueprint("feeds", __name__)

    @routes.get("/gtfs-rt")
    @needs("viewer")
    @operation(
        "GTFS-Realtime 2.0: each coach with how full it is and where, each run with its delay. Numbers, no names.",
        media={PROTOBUF: Any, JSON: dict[str, Any]},
        params=(FORMAT,),
        refuses=(422,),
    )
    def gtfs_realtime() -> Response:
        wanted = request.args.get("format", "protobuf")
        if wanted not in {"protobuf", "json"}:
            raise wrong_parameter("format", "send protobuf or json, or leave it out.")
        feed = deps.transport.feed()
        if wanted == "json":
            return Response(realtime.build_json(feed), content_type=JSON)
        return Response(realtime.build(feed), content_type=PROTOBUF)

    @routes.get("/gtfs.zip")
    @needs("viewer")
    @operation(
        "The legs of the day as static GTFS; 409 naming the locations of which the programme has no coordinates.",
        media={ZIP: Any},
        refuses=(409,),
    )
    def gtfs_static() -> Response:
        feed = deps.transport.feed()
        made = gtfs.build(feed, url=request.host_url)
        if isinstance(made, gtfs.Unplaced):
            raise _unplaced(made)
        return _file(made, f"{feed.event}-gtfs.zip")

    @routes.get("/tides.zip")
    @needs("organiser")
    @operation(
        "The runs that were driven, and in numbers who got on and off, as a TIDES 1.0 data package.",
        media={ZIP: Any},
    )
    def tides_package() -> Response:
        feed = deps.transport.feed()
        return _file(tides.build(feed), f"{feed.event}-tides.zip")

    @routes.post("/api/v1/coaches/<coach>/position")
    @needs("coordinator")
    @operation(
        "Where a coach is, as the OwnTracks app posts it; its other messages are taken and left alone. The same "
        "position again changes nothing. The answer is OwnTracks' empty list.",
        takes=owntracks.Location,
        gives=list[Any],
        params=(COACH,),
        refuses=(404, 422),
    )
    def take_position(coach: str) -> Response:
        _check_scope(coach, deps.transport.programme())
        said = owntracks.parse(request.get_data(), coach=coach, received_ms=deps.clock.now_ms())
        if isinstance(said, owntracks.Malformed):
            raise _malformed(said)
        if not isinstance(said, owntracks.Passed):
            deps.transport.take_position(said)
        return Response(b"[]", content_type=JSON)

    return routes


def _file(content: bytes, name: str) -> Response:
    return Response(content, content_type=ZIP, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _unplaced(made: gtfs.Unplaced) -> ProblemError:
    names = ", ".join(f"{site.name} ({site.id})" for site in made.locations)
    remedy = "give each its lat and lon in programme.yaml, and load it again."
    errors = tuple(MemberError(f"locations.{site.id}", "has no lat and lon") for site in made.locations)
    detail = f"GTFS says where every stop is, and the programme does not know it of {names}: {remedy}"
    return ProblemError(409, "no-coordinates", detail, errors=errors)


def _malformed(said: owntracks.Malformed) -> ProblemError:
    member = said.member or "body"
    return ProblemError(
        422, "wrong-member", f"{member} {said.detail}.", errors=(MemberError(said.member, said.detail),)
    )


def _check_scope(coach: str, programme: Programme) -> None:
    """A coach is in scope by any of its runs, as for its scans."""
    given = grant()
    if coach not in programme.index.coaches:
        raise ProblemError(404, "unknown-coach", f"There is no coach {coach!r} in the programme: use one of its ids.")
    if given.scope and not any(given.covers(run.id) for run in programme.runs_of_coach(coach)):
        places = ", ".join(given.scope)
        raise ProblemError(403, "scope", f"The token is for {places}: ask the organiser for one for this coach.")
