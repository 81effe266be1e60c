"""`POST /api/v1/scans`: coach scans of devices without MQTT, and of the scanner page; the same verdicts."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from shared import facts
from shared.programme import Programme
from shared.web.auth import grant, needs
from shared.web.openapi import ListOf, operation
from shared.web.problems import body
from shared.web.tokens import Grant
from transport.handlers.strays import Answer
from transport.web.deps import Deps
from transport.web.parts import as_json

MOST = 500
Scans = Annotated[list[facts.Scan], Meta(min_length=1, max_length=MOST)]  # as documented
Pieces = Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MOST)]  # as read: each is judged on its own


class ScanProblem(msgspec.Struct, frozen=True, kw_only=True):
    """In the place of a verdict, where a scan cannot be read or is not for this token."""

    type: str
    title: str
    status: int
    detail: str


Encoded = msgspec.Raw | ScanProblem


class _Where(msgspec.Struct):
    checkpoint: str = ""


def blueprint(deps: Deps) -> Blueprint:
    """The route."""
    routes = Blueprint("scans", __name__)

    @routes.post("/api/v1/scans")
    @needs("host", "coordinator")
    @operation(
        "Hand in 1–500 scans of coach checkpoints; the verdicts in the same order, a problem where a scan cannot be "
        "read. A scan's own id makes sending it again safe.",
        takes=Scans,
        gives=ListOf((facts.Verdict, ScanProblem)),
        refuses=(400, 413, 415, 422),
    )
    def take_scans() -> Response:
        pieces = [bytes(piece) for piece in body(Pieces)]
        given, programme = grant(), deps.transport.programme()
        allowed = [_is_in_scope(piece, given, programme) for piece in pieces]
        taken = [piece for piece, may in zip(pieces, allowed, strict=True) if may]
        answers = iter(deps.transport.take_scans(taken, f"web.{given.id}") if taken else ())
        return as_json([_told(next(answers)) if may else _outside(given) for may in allowed])

    return routes


def _told(answer: Answer) -> Encoded:
    if answer.verdict is not None:
        return msgspec.Raw(answer.verdict)
    return _problem(422, "scan", answer.problem or "The scan cannot be read: compare it with the contract.")


def _outside(given: Grant) -> ScanProblem:
    places = ", ".join(given.scope)
    return _problem(403, "scope", f"The token is for {places}: ask the organiser for one for this coach.")


def _problem(status: int, kind: str, detail: str) -> ScanProblem:
    return ScanProblem(type=f"urn:inloop:problem:{kind}", title=HTTPStatus(status).phrase, status=status, detail=detail)


def _is_in_scope(piece: bytes, given: Grant, programme: Programme) -> bool:
    """A coach is in scope by any of its runs; a piece that cannot be read is: whoever reads it says what is wrong."""
    if not given.scope:
        return True
    try:
        checkpoint = programme.index.checkpoints.get(msgspec.json.decode(piece, type=_Where).checkpoint)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return True
    if checkpoint is None or checkpoint.coach is None:
        return False
    return any(given.covers(run.id) for run in programme.runs_of_coach(checkpoint.coach))
