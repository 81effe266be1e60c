"""What several routes share: who may see names, and the lists without them."""

from typing import Any, TypeVar

import msgspec
from flask import Response

from shared.web.auth import grant
from shared.web.openapi import Param
from shared.web.problems import ProblemError, address
from shared.web.tokens import Grant
from transport.handlers.shapes import LegView, Lists, LocationView, PassengerList, RunView, TransferView
from transport.handlers.sheet_shapes import Sheet

RUN = Param(name="run", about="A run, such as t1-b2.", where="path")
NAMES = ("missing", "unconfirmed", "left_behind")
L = TypeVar("L", bound=Lists)


def as_json(value: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(value), status, content_type="application/json")


def no_run(run: str) -> ProblemError:
    """The refusal of an unknown run."""
    lists = address("/api/v1/transfers")
    return ProblemError(404, "unknown-run", f"There is no run {run!r} in the programme: {lists} lists them.")


def may_see_names(given: Grant, *places: str) -> bool:
    """Whether somebody may see who: coordinators and organisers, within their scope."""
    return given.allows("coordinator") and (not given.scope or any(given.covers(place) for place in places))


def transfer_for(view: TransferView) -> TransferView:
    """The transfer as this request may see it: without names for a viewer, with those of the own runs in a scope."""
    given = grant()
    everybody = given.allows("coordinator") and not given.scope
    legs = tuple(_leg(leg, given, everybody=everybody) for leg in view.legs)
    locations = view.locations if everybody else tuple(map(_nameless_location, view.locations))
    seen = msgspec.structs.replace(view, legs=legs, locations=locations)
    return seen if everybody else msgspec.structs.replace(_nameless(seen), without_seat=None)


def passengers_for(listed: PassengerList) -> PassengerList:
    """The passenger list as this request may see it."""
    return listed if may_see_names(grant(), listed.run) else msgspec.structs.replace(listed, persons=None)


def _leg(leg: LegView, given: Grant, *, everybody: bool) -> LegView:
    runs = tuple(run if may_see_names(given, run.run) else _nameless_run(run) for run in leg.runs)
    seen = msgspec.structs.replace(leg, runs=runs)
    return seen if everybody else _nameless(seen)


def sheet_for(sheet: Sheet) -> Sheet:
    """A run's sheet as this request may see it: numbers only for a viewer, or outside the scope."""
    if may_see_names(grant(), sheet.run):
        return sheet
    parties = tuple(msgspec.structs.replace(party, name="") for party in sheet.parties)
    gate = msgspec.structs.replace(sheet.gate, to_settle=(), likely=())
    coach = msgspec.structs.replace(sheet.coach, phone="")
    numbers_only = {"persons": None, "conflicts": None, "acts": (), "coaches": ()}
    return msgspec.structs.replace(sheet, parties=parties, gate=gate, coach=coach, **numbers_only)


def _nameless_location(location: LocationView) -> LocationView:
    return msgspec.structs.replace(location, **dict.fromkeys((*NAMES, "own_travel")))


def _nameless_run(run: RunView) -> RunView:
    return msgspec.structs.replace(_nameless(run), to_come=None)


def _nameless(lists: L) -> L:
    return msgspec.structs.replace(lists, **dict.fromkeys(NAMES))
