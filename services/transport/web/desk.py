"""What the pages at a desk share: the plan of the day as scripts need it, the words of a live page, the colours."""

from collections.abc import Sequence
from typing import Any

from flask import request

from shared.programme import Leg, Programme, Run, Text, Transfer
from shared.web.auth import grant
from shared.web.texts import language
from shared.web.texts import translate as _
from transport.web.deps import Deps

COLOURS = 8  # --place-1 … --place-8 of tokens.css


def live(deps: Deps) -> dict[str, Any]:
    """The part of a page's config that `desk/live.js` needs: the clock, the stream, what is said when it stops."""
    return {
        "stream": "/api/v1/board/stream",
        "api": f"{request.script_root}/api/v1",
        "language": language(),
        "zone": str(deps.transport.programme().zone),
        "now_ms": deps.clock.now_ms(),
        "speed": deps.clock.speed,
        "live_words": _live_words(),
        "states": run_words(),
    }


def places(programme: Programme) -> dict[str, dict[str, Any]]:
    """Name and colour of each location (rooms have their location's), as on the board."""
    colours = {location.id: number % COLOURS + 1 for number, location in enumerate(programme.locations)}
    return {
        identity: {"name": place.name, "colour": colours.get(identity.partition(".")[0], 1)}
        for identity, place in programme.index.places.items()
        if identity not in programme.index.runs
    }


def plan(programme: Programme, runs: Sequence[Run]) -> dict[str, Any]:
    """The day as it was planned; only the runs that are given, and what belongs to them."""
    transfers = {run.transfer for run in runs}
    return {
        "places": places(programme),
        "transfers": [transfer_of(one) for one in programme.transfers if one.id in transfers],
        "runs": [run_of(run) for run in runs],
    }


def transfer_of(transfer: Transfer) -> dict[str, Any]:
    """A transfer with its legs."""
    return {
        "id": transfer.id,
        "title": said(transfer.title),
        "start_ms": transfer.start_ms,
        "end_ms": transfer.end_ms,
        "legs": [_leg(leg) for leg in transfer.legs],
    }


def run_of(run: Run) -> dict[str, Any]:
    """A run as planned."""
    return {
        "id": run.id,
        "name": run.name,
        "coach": run.coach,
        "leg": run.leg,
        "transfer": run.transfer,
        "origin": run.origin,
        "destination": run.destination,
        "seats": run.seats,
        "wheelchairs": run.wheelchairs,
        "open_ms": run.open_ms,
        "depart_ms": run.depart_ms,
        "arrive_ms": run.arrive_ms,
        "kerb": run.kerb or "",
    }


def own_runs(programme: Programme) -> list[Run]:
    """The runs that this session may see: all without a scope, else those in it (issue: a coordinator's own)."""
    return [run for run in programme.runs if grant().covers(run.id)]


def said(text: Text) -> str:
    """A text of the programme in the language of this request."""
    return text.in_language(language())


def _leg(leg: Leg) -> dict[str, Any]:
    return {"id": leg.id, "origin": leg.origin, "destination": leg.destination, "groups": list(leg.groups)}


def run_words() -> dict[str, str]:
    """The states of a run."""
    return {
        "planned": _("planned"),
        "boarding": _("boarding"),
        "last_call": _("last call"),
        "departed": _("driving"),
        "arrived": _("arrived"),
        "closed": _("closed"),
        "cancelled": _("cancelled"),
        "halted": _("halted"),
    }


def _live_words() -> dict[str, Any]:
    return {
        "live": _("live"),
        "connecting": _("connecting …"),
        "stale": _("not live"),
        "again": _("The numbers are live again."),
        "page": _("No connection since {at}."),
        "broker": _("The server hears nothing from the broker since {at}."),
        "ingest": _("The headcount stands still since {at}: check-in handles nothing."),
        "offline": _("This device has no network since {at}."),
        "failed": _("The numbers are of {at}; newer ones do not come in: {why}"),
        "no_answer": _("the server does not answer."),
        "forbidden": _("This is not for your role: ask the organiser for a link."),
        "gone": _("This is not there any more: load the page again."),
    }
