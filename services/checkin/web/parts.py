"""What several routes share: pages of lists, places."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Annotated, Any, TypeVar

import msgspec
from flask import Response, request
from msgspec import Meta

from shared import facts
from shared.programme import Programme
from shared.web.openapi import Param
from shared.web.problems import ProblemError, address, whole, wrong_parameter

T = TypeVar("T")
LIMIT = 200
MOST = 1000
Limit = Annotated[int, Meta(ge=1, le=MOST)]
PAGING = (
    Param(name="limit", about=f"How many at most: 1–{MOST}, {LIMIT} when left out.", kind=Limit),
    Param(name="cursor", about="The `cursor` of the page before."),
)
PLACE = Param(name="place", about="A location, a room, a run, `underway` or `away`.", where="path")
NOWHERE = {
    facts.UNDERWAY: facts.Text("Onderweg", "Underway"),
    facts.AWAY: facts.Text("Vertrokken", "Gone for good"),
    facts.EXPECTED: facts.Text("Verwacht", "Expected"),
}


def as_json(value: Any) -> Response:
    """A JSON answer."""
    return Response(msgspec.json.encode(value), content_type="application/json")


def limit() -> int:
    """`?limit=`. Raises ProblemError 422."""
    return whole("limit", default=LIMIT, least=1, most=MOST)


def after() -> str | None:
    """What `?cursor=` stands for: an id after which the page begins. Raises ProblemError 422."""
    text = request.args.get("cursor")
    if text is None:
        return None
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        raise wrong_parameter("cursor", "is not one that we gave: begin without it.") from None


def cursor_of(identity: str) -> str:
    """The cursor that begins after this id."""
    return base64.urlsafe_b64encode(identity.encode()).decode().rstrip("=")


def page(
    lines: Iterable[T], identity: Callable[[T], str], *, newest_first: bool = False
) -> tuple[tuple[T, ...], str | None]:
    """One page of lines in order of their id, and the cursor of the next."""
    start, most = after(), limit()
    ordered = sorted(lines, key=identity, reverse=newest_first)
    if start is not None:
        ordered = [line for line in ordered if (identity(line) < start if newest_first else identity(line) > start)]
    here = tuple(ordered[:most])
    return here, (cursor_of(identity(here[-1])) if len(ordered) > most else None)


def place_name(programme: Programme, place: str) -> str | facts.Text:
    """How a place is called. Raises ProblemError 404 when there is none with this id."""
    if place in NOWHERE:
        return NOWHERE[place]
    known = programme.index.places.get(place)
    if known is None:
        raise ProblemError(
            404,
            "unknown-place",
            f"There is no place {place!r} in the programme: {address('/api/v1/headcount')} lists them.",
        )
    return known.name
