"""The page of a party's own contact `/transport/group/{run}/{party}`: their people, ticked or all at once; by link.

The page itself has nothing personal in it, so its worker may keep it; the names come with the list and leave the phone
with the run.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from flask import Blueprint, Response, render_template, request, url_for

from shared.programme import Run
from shared.web.app import STATIC
from shared.web.auth import needs, public
from shared.web.problems import ProblemError
from transport.web import desk, party_words
from transport.web.deps import Deps
from transport.web.parties import may_see_party
from transport.web.parts import no_run

OWN = Path(__file__).parent / "static"
SHARED_FILES = ("tokens.css", "base.css", "theme.js", "icon.svg", "uuid7.js", "vendor/source-sans-3/latin.woff2")
OWN_FOLDERS = ("desk", "party")


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint("party_page", __name__)

    @routes.get("/group/<run>/<party>")
    @needs("viewer")
    def page(run: str, party: str) -> str:
        planned = deps.transport.programme().index.runs.get(run)
        if planned is None:
            raise no_run(run)
        if not may_see_party(run, party):
            raise ProblemError(
                403, "scope", "This list is for the contact of this party: ask the coordinator for a link."
            )
        return render_template(
            "party.html", run=planned, now_ms=deps.clock.now_ms(), config=_config(planned, party, deps)
        )

    @routes.get("/group/sw.js")
    @public
    def worker() -> Response:
        answer = Response(_worker(), content_type="text/javascript; charset=utf-8")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return routes


def _config(run: Run, party: str, deps: Deps) -> dict[str, Any]:
    live = desk.live(deps)
    return {
        **live,
        "run": run.id,
        "party": party,
        "list": f"{live['api']}/runs/{run.id}/parties/{party}",
        "destination": desk.places(deps.transport.programme())[run.destination],
        "worker": {"url": url_for("party_page.worker"), "scope": f"{request.script_root}/group/"},
        "words": party_words.words(),
    }


def _worker() -> str:
    """The worker with the files that it keeps; it is another one as soon as any of them changed."""
    files = [url_for("static", filename=name) for name in SHARED_FILES]
    files += [url_for("run_page.static", filename=path.relative_to(OWN).as_posix()) for path in _own()]
    said = {"VERSION": _version(), "FILES": files, "PAGES": f"{request.script_root}/group/"}
    head = "".join(f"const {name} = {msgspec.json.encode(value).decode()};\n" for name, value in said.items())
    return head + (OWN / "party" / "sw.js").read_text(encoding="utf-8")


def _own() -> list[Path]:
    paths = (path for folder in OWN_FOLDERS for path in sorted((OWN / folder).iterdir()))
    return [path for path in paths if path.name != "sw.js"]


@cache
def _version() -> str:
    """Of everything that the page is made of; asked once in each process."""
    found = hashlib.sha256()
    for path in (*(STATIC / name for name in SHARED_FILES), *_own(), OWN / "party" / "sw.js"):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
