"""What several routes share: who may see names, and the lists without them."""

from typing import Any, TypeVar

import msgspec
from flask import Response

from shared.web.auth import grant
from shared.web.openapi import Param
from shared.web.problems import ProblemError, address
from shared.web.tokens import Grant
from transport.handlers.shapes import LegView, Lists, PassengerList, RunView, TransferView

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
    seen = msgspec.structs.replace(view, legs=legs)
    return seen if everybody else msgspec.structs.replace(_nameless(seen), without_seat=None)


def passengers_for(listed: PassengerList) -> PassengerList:
    """The passenger list as this request may see it."""
    return listed if may_see_names(grant(), listed.run) else msgspec.structs.replace(listed, persons=None)


def _leg(leg: LegView, given: Grant, *, everybody: bool) -> LegView:
    runs = tuple(run if may_see_names(given, run.run) else _nameless_run(run) for run in leg.runs)
    seen = msgspec.structs.replace(leg, runs=runs)
    return seen if everybody else _nameless(seen)


def _nameless_run(run: RunView) -> RunView:
    return msgspec.structs.replace(_nameless(run), to_come=None)


def _nameless(lists: L) -> L:
    return msgspec.structs.replace(lists, **dict.fromkeys(NAMES))
