"""A party on a run, for its own contact by link; and the links themselves."""

import io
import time
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec
import qrcode
import qrcode.image.svg
from flask import Blueprint, Response, request
from msgspec import Meta

from shared import facts, ids
from shared.believed import believed
from shared.web.auth import grant, needs
from shared.web.openapi import Param, operation
from shared.web.problems import ProblemError, address, body
from shared.web.tokens import Role, make_token
from transport.domain.acts import Act
from transport.handlers.sheet_shapes import Party
from transport.web.acts import Name, Person, covered
from transport.web.deps import Deps
from transport.web.parts import RUN, as_json, no_run

OVER = frozenset({"closed", "cancelled"})
DAY_S = 24 * 3600.0  # real seconds that a link is good: a day, and no longer
PARTY = Param(name="party", about="A party of the run, as its sheet names it: org-….", where="path")


class VouchBody(msgspec.Struct, frozen=True, kw_only=True):
    """Who of the party is in the coach; all of it when `persons` is empty. `id` makes sending it again safe.

    `age_ms` is how long the phone kept the tap for want of network: it counts from the moment of the tap.
    """

    id: facts.ScanId | None = None
    leader: Name = ""
    persons: Annotated[tuple[Person, ...], Meta(max_length=500)] = ()
    age_ms: facts.Whole = 0


class LinkBody(msgspec.Struct, frozen=True, kw_only=True):
    """For whom a link is: a coordinator of the run, or the contact of one party on it."""

    kind: Literal["coordinator", "party"] = "coordinator"
    party: str = ""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in link for one day, and the same as a QR code."""

    link: str
    qr: str


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("parties", __name__)

    @routes.get("/api/v1/runs/<run>/parties/<party>")
    @needs("viewer")
    @operation("A party on a run, for its own contact.", gives=Party, params=(RUN, PARTY), refuses=(403, 404))
    def party(run: str, party: str) -> Response:
        return as_json(_party(deps, run, party))

    @routes.post("/api/v1/runs/<run>/parties/<party>/vouch")
    @needs("viewer")
    @operation(
        "A group leader says who of the party is in the coach.",
        takes=VouchBody,
        gives=Party,
        params=(RUN, PARTY),
        refuses=(400, 403, 404, 415, 422),
    )
    def vouch(run: str, party: str) -> Response:
        known, said = _party(deps, run, party), body(VouchBody)
        if known.state in OVER:
            raise ProblemError(409, "run-over", f"Run {known.run_name} is {known.state}: nobody gets in any more.")
        own = {one.person for one in known.persons}
        persons = tuple(p for p in said.persons if p in own) if said.persons else tuple(sorted(own))
        act = Act(
            id=said.id or ids.new_id(),
            run=run,
            kind="vouch",
            at_ms=_said_at(said, deps),
            by=grant().id,
            name=said.leader,
            leader=said.leader,
            persons=persons,
        )
        deps.transport.act([act])
        return as_json(_party(deps, run, party))

    @routes.post("/api/v1/runs/<run>/links")
    @needs("coordinator")
    @operation(
        "A sign-in link for one day, with its QR code: for a coordinator of the run, or for a party's own contact.",
        takes=LinkBody,
        gives=Link,
        params=(RUN,),
        refuses=(400, 403, 404, 415, 422),
    )
    def links(run: str) -> Response:
        covered(run)
        if run not in deps.transport.programme().index.runs:
            raise no_run(run)
        said = body(LinkBody)
        if said.kind == "party":
            _party(deps, run, said.party)  # one that is on the run
        elif grant().scope:
            raise ProblemError(403, "scope", "A link for a coordinator is made by who is not bound to some runs.")
        role: Role = "viewer" if said.kind == "party" else "coordinator"
        scope = f"{run}/{said.party}" if said.kind == "party" else run
        page = address(f"/group/{run}/{said.party}" if said.kind == "party" else f"/run/{run}")
        token = make_token(
            deps.session_key,
            event=deps.transport.event,
            role=role,
            scope=(scope,),
            label=said.kind,
            now_s=time.time(),
            lifetime_s=DAY_S,
        )
        link = f"{request.host_url.rstrip('/')}/sign-in?token={token}&next={quote(page)}"
        return as_json(Link(link=link, qr=_qr(link)))

    return routes


def may_see_party(run: str, party: str) -> bool:
    """The run's coordinators and organisers, and whoever has the link of this party."""
    given = grant()
    return f"{run}/{party}" in given.scope or (given.allows("coordinator") and given.covers(run))


def _said_at(said: VouchBody, deps: Deps) -> int:
    """When it was tapped, by the rule that a device without a clock has (CONTRACT section 3)."""
    now_ms, first_item_ms = deps.clock.now_ms(), deps.transport.programme().first_item_ms
    return believed(now_ms, synced=False, age_ms=said.age_ms, received_ms=now_ms, first_item_ms=first_item_ms).at_ms


def _party(deps: Deps, run: str, party: str) -> Party:
    if not may_see_party(run, party):
        raise ProblemError(403, "scope", "This list is for the contact of this party: ask the coordinator for a link.")
    if run not in deps.transport.programme().index.runs:
        raise no_run(run)
    found = deps.transport.party(run, party)
    if found is None:
        raise ProblemError(404, "unknown-party", f"Nobody of this party is on run {run}: its sheet names the parties.")
    return found


def _qr(link: str) -> str:
    image = qrcode.make(link, image_factory=qrcode.image.svg.SvgPathImage, error_correction=qrcode.ERROR_CORRECT_M)
    held = io.BytesIO()
    image.save(held)
    return held.getvalue().decode()
