"""Roll calls: who is at a place by name, as JSON, as CSV and as a page. Never for a viewer."""

import csv
import io

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from checkin.web.deps import Deps, Present, RollCall
from checkin.web.parts import PAGING, PLACE, as_json, page, place_name
from checkin.web.shapes import RollCallList, present_line
from shared import facts, instants
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.moments import AT, at_ms
from shared.web.openapi import operation
from shared.web.problems import ProblemError

REFUSES = (404, 422)
HEADS = ("person", "name", "organisation", "place", "since", "how", "unconfirmed", "here")


def blueprint(deps: Deps) -> Blueprint:
    """The routes below `/api/v1/places` and the page `/places/{place}`."""
    routes = Blueprint("places", __name__)

    @routes.get("/api/v1/places/<place>/roll-call")
    @needs("host", "coordinator")
    @operation("Who is there, since when, how sure.", gives=RollCallList, params=(PLACE, AT, *PAGING), refuses=REFUSES)
    def roll_call(place: str) -> Response:
        moment, name = at_ms(), checked_name(deps, place)
        call = deps.checkin.roll_call(place, moment)
        everybody = [(one, True) for one in call.present] + [(one, False) for one in call.absent]
        lines, cursor = page(everybody, lambda line: line[0].person)
        return as_json(
            RollCallList(
                place=place,
                name=name if isinstance(name, str) else name.nl,
                at=instants.to_text(deps.clock.now_ms() if moment is None else moment),
                present=len(call.present),
                persons=tuple(present_line(one) for one, here in lines if here),
                absent=tuple(present_line(one) for one, here in lines if not here),
                cursor=cursor,
            )
        )

    @routes.get("/api/v1/places/<place>/roll-call.csv")
    @needs("host", "coordinator")
    @operation("The whole roll call as a table.", media={"text/csv": str}, params=(PLACE, AT), refuses=REFUSES)
    def roll_call_csv(place: str) -> Response:
        moment, _ = at_ms(), checked_name(deps, place)
        call = deps.checkin.roll_call(place, moment)
        return Response(
            _csv(call, deps.checkin.programme()),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="roll-call-{place}.csv"'},
        )

    @routes.get("/places/<place>")
    @needs("host", "coordinator")
    def roll_call_page(place: str) -> ResponseReturnValue:
        moment, name = at_ms(), checked_name(deps, place)
        call = deps.checkin.roll_call(place, moment)
        programme = deps.checkin.programme()
        return render_template(
            "roll-call.html",
            title=programme.title,
            place=place,
            name=name,
            at_ms=deps.clock.now_ms() if moment is None else moment,
            present=sorted(call.present, key=lambda one: one.name.casefold()),
            absent=sorted(call.absent, key=lambda one: one.name.casefold()),
            place_name=lambda one: place_name(programme, one),
        )

    return routes


def checked_name(deps: Deps, place: str) -> str | facts.Text:
    """The place's name. Raises ProblemError: 404 unknown, 403 outside the scope of the token."""
    name = place_name(deps.checkin.programme(), place)
    if not grant().covers(place):
        raise ProblemError(403, "scope", f"The token is not for {place}: ask the organiser for one that is.")
    return name


def _csv(call: RollCall, programme: Programme) -> str:
    """Who is there, then who should be, each in order of id as in the JSON; times as the event's town reads them."""
    buffer = io.StringIO()
    table = csv.writer(buffer)
    table.writerow(HEADS)
    for people, here in ((call.present, "yes"), (call.absent, "no")):
        ordered = sorted(people, key=lambda one: one.person)
        table.writerows([*(_harmless(cell) for cell in _row(one, programme)), here] for one in ordered)
    return "\ufeff" + buffer.getvalue()  # the mark makes spreadsheets read it as UTF-8


def _row(one: Present, programme: Programme) -> list[str]:
    since = "" if one.since_ms is None else programme.local(one.since_ms).isoformat(timespec="milliseconds")
    return [one.person, one.name, one.organisation, one.place, since, one.how or "", "yes" if one.unconfirmed else "no"]


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
