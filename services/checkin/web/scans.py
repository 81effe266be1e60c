"""`POST /api/v1/scans`: scans of devices without MQTT, and of the scanner page; the same verdicts."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from checkin.web.deps import Answer, Deps
from checkin.web.parts import as_json
from checkin.web.shapes import VERDICTS, ScanProblem
from shared import facts
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.openapi import operation
from shared.web.problems import body
from shared.web.tokens import Grant

MOST = 500
Scans = Annotated[list[facts.Scan], Meta(min_length=1, max_length=MOST)]  # as documented
Pieces = Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MOST)]  # as read: each is judged on its own
Encoded = msgspec.Raw | ScanProblem


class _Where(msgspec.Struct):
    checkpoint: str = ""


def blueprint(deps: Deps) -> Blueprint:
    """The route."""
    routes = Blueprint("scans", __name__)

    @routes.post("/api/v1/scans")
    @needs("host", "coordinator")
    @operation(
        "Hand in 1–500 scans; the verdicts in the same order, a problem where a scan cannot be read. "
        "A scan's own id makes sending it again safe.",
        takes=Scans,
        gives=VERDICTS,
        refuses=(400, 413, 415, 422),
    )
    def take_scans() -> Response:
        pieces = [bytes(piece) for piece in body(Pieces)]
        given, programme = grant(), deps.checkin.programme()
        allowed = [_is_in_scope(piece, given, programme) for piece in pieces]
        taken = [piece for piece, may in zip(pieces, allowed, strict=True) if may]
        answers = iter(deps.checkin.take_scans(taken, f"web.{given.id}") if taken else ())
        return as_json([_told(next(answers)) if may else _outside(given) for may in allowed])

    return routes


def _told(answer: Answer) -> Encoded:
    if answer.verdict is not None:
        return msgspec.Raw(answer.verdict)
    return _problem(422, "scan", answer.problem or "The scan cannot be read: compare it with the contract.")


def _outside(given: Grant) -> ScanProblem:
    places = ", ".join(given.scope)
    return _problem(403, "scope", f"The token is for {places}: ask the organiser for one for this checkpoint.")


def _problem(status: int, kind: str, detail: str) -> ScanProblem:
    return ScanProblem(type=f"urn:inloop:problem:{kind}", title=HTTPStatus(status).phrase, status=status, detail=detail)


def _is_in_scope(piece: bytes, given: Grant, programme: Programme) -> bool:
    """A piece that cannot be read is in scope: what is wrong with it is then said by who reads it."""
    if not given.scope:
        return True
    try:
        checkpoint = programme.index.checkpoints.get(msgspec.json.decode(piece, type=_Where).checkpoint)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return True
    return checkpoint is not None and checkpoint.place is not None and given.covers(checkpoint.place)
