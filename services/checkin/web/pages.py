"""The board `/`: where everybody is and whether something is wrong, on one screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from checkin.web import timeline
from checkin.web.deps import Deps
from shared import facts
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.board_facts import Snapshot
from shared.web.texts import language
from shared.web.texts import translate as _


@dataclass(frozen=True, kw_only=True)
class Part:
    """One term of the sum; `look` is its class in the style sheet."""

    key: str
    label: str
    value: int | None
    look: str
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The numbers of the headcount that stand alone; None where there is no headcount yet."""

    registered: int | None = None
    expected: int | None = None
    underway: int | None = None
    away: int | None = None
    missing: int | None = None
    unconfirmed: int | None = None


def blueprint(deps: Deps) -> Blueprint:
    """The route `/`."""
    routes = Blueprint(
        "pages", __name__, static_folder="static", static_url_path="/static/checkin", root_path=_folder()
    )

    @routes.get("/")
    @needs("viewer")
    def board() -> str:
        programme = deps.checkin.programme()
        snapshot = deps.board.snapshot()
        count = snapshot.headcount or deps.checkin.headcount(None)
        return render_template("board.html", **_page(programme, snapshot, count, deps))

    return routes


def _folder() -> str:
    return __file__.rpartition("/")[0]


def _page(programme: Programme, snapshot: Snapshot, count: facts.Headcount, deps: Deps) -> dict[str, Any]:
    parts = _parts(programme, count)
    runs = {run.run: run for run in snapshot.runs}
    return {
        "title": programme.title,
        "now_ms": deps.clock.now_ms(),
        "columns": timeline.columns(programme),
        "count": count,
        "places": {place.place: place for place in count.places},
        "runs": runs,
        "riders": {run.run: riders(run) for run in snapshot.runs},
        "run_words": _run_words(),
        "boarded": {transfer.id: _boarded(transfer.id, snapshot.runs) for transfer in programme.transfers},
        "parts": parts,
        "proof": count.registered - sum(part.value or 0 for part in parts),
        "silent": sum(not scanner.online for scanner in snapshot.scanners),
        "may_see_names": grant().allows("host", "coordinator"),
        "may_see_missing": _may_see_missing(),
        "config": _config(programme, deps),
    }


def _parts(programme: Programme, count: facts.Headcount) -> list[Part]:
    """The terms of: registered = expected + Σ locations + Σ runs + underway + away (CONTRACT section 2)."""
    present = {place.place: place.present for place in count.places if place.kind == "location"}
    colours = timeline.colour_of(programme)
    located = [
        Part(
            key=f"sum:{location}",
            label=programme.index.locations[location].name,
            value=present.get(location, 0),
            look=f"place-{colours[location]}",
            where=location,
        )
        for location in timeline.in_order(programme)
    ]
    coaches = sum(run.aboard for run in count.runs)
    return [
        Part(key="expected", label=_("expected"), value=count.expected, look="expected"),
        *located,
        Part(key="coaches", label=_("in coaches"), value=coaches, look="coaches"),
        Part(key="underway", label=_("underway"), value=count.underway, look="underway"),
        Part(key="away", label=_("gone for good"), value=count.away, look="away"),
    ]


def _boarded(transfer: str, runs: Iterable[facts.RunState]) -> tuple[int, int]:
    own = [run for run in runs if run.transfer == transfer and run.state != "cancelled"]
    return sum(riders(run) for run in own), sum(run.listed for run in own)


def riders(run: facts.RunState) -> int:
    """How many a run carries, or carried once it arrived and its people got off."""
    return run.carried if run.state in {"arrived", "closed"} else run.aboard


def _may_see_missing() -> bool:
    """Whether transport tells this session the names of everybody who is missing."""
    return grant().allows("coordinator") and not grant().scope


def _config(programme: Programme, deps: Deps) -> dict[str, Any]:
    """What the script needs: the clock, the words, which places there are."""
    return {
        "stream": "/api/v1/board/stream",
        "language": language(),
        "zone": str(programme.zone),
        "now_ms": deps.clock.now_ms(),
        "speed": deps.clock.speed,
        "colours": timeline.colour_of(programme),
        "places": [*programme.index.locations, *programme.index.rooms],
        "scanners": [scanner.id for scanner in programme.scanners],
        "missing": _missing_config(programme) if _may_see_missing() else None,
        "words": {**_said(), "runs": _run_words(), "since": _since()},
    }


def _missing_config(programme: Programme) -> dict[str, Any]:
    """What the list of the missing needs: where to ask, when a transfer has ended, how places are called."""
    return {
        "url": "/transport/api/v1/transfers/",
        "transfers": [{"id": transfer.id, "end_ms": transfer.end_ms} for transfer in programme.transfers],
        "names": {identity: place.name for identity, place in programme.index.places.items()}
        | {run.id: run.name for run in programme.runs},
        "unknown": _("place not known"),
        "failed": _("The names do not come in now: transport does not answer. The page asks again."),
    }


def _run_words() -> dict[str, str]:
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


def _said() -> dict[str, str]:
    return {
        "live": _("live"),
        "connecting": _("connecting …"),
        "stale": _("not live"),
        "again": _("The numbers are live again."),
        "proof": _("✓ the count adds up"),
        "no_proof": _("✕ the sum is not right: reload, then check"),
    }


def _since() -> dict[str, str]:
    """Why the numbers are not live; the script puts the time at {at}."""
    return {
        "page": _("No connection since {at}."),
        "broker": _("The server hears nothing from the broker since {at}."),
        "ingest": _("The headcount stands still since {at}: check-in handles nothing."),
    }
