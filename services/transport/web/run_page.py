"""`/run/{run}`: the coordinator's page, the worker that keeps it without network, and its manifest.

The page has nothing personal in it: names come with the sheet, and leave the phone with the run (docs/runs.md). So what
the worker keeps of it may stay.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from flask import Blueprint, Response, g, render_template, request, url_for

from shared.programme import Run
from shared.web.app import STATIC
from shared.web.auth import grant, needs, public
from shared.web.headers import CONTENT_SECURITY_POLICY
from shared.web.problems import ProblemError
from shared.web.reader_words import reader_words
from shared.web.texts import LANGUAGES, language
from transport.web.deps import Deps
from transport.web.parts import no_run
from transport.web.run_words import words

HERE = Path(__file__).parent
SHARED_FILES = (
    "tokens.css",
    "base.css",
    "theme.js",
    "icon.svg",
    "store.js",
    "search.js",
    "tones.js",
    "uuid7.js",
    "wake.js",
)
SHARED_FOLDERS = ("reader", "vendor/barcode-detector", "vendor/source-sans-3")
KEPT = frozenset({".js", ".css", ".svg", ".woff2", ".wasm"})
T = TypeVar("T")


def blueprint(deps: Deps) -> Blueprint:
    """The routes."""
    routes = Blueprint(
        "run_page", __name__, static_folder="static", static_url_path="/static/transport", root_path=str(HERE)
    )

    def own(run: str) -> Run:
        found = deps.transport.programme().index.runs.get(run)
        if found is None:
            raise no_run(run)
        if not grant().covers(run):
            raise ProblemError(403, "scope", f"The token is for {', '.join(grant().scope)}: ask for one for {run}.")
        return found

    @routes.get("/run/<run>")
    @needs("coordinator")
    def page(run: str) -> Response:
        planned = own(run)
        answer = Response(render_template("run.html", run=planned, config=_config(planned, deps)))
        answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; manifest-src 'self'"
        return answer

    @routes.get("/run/<run>/manifest.webmanifest")
    @needs("coordinator")
    def manifest(run: str) -> Response:
        return Response(msgspec.json.encode(_manifest(own(run))), content_type="application/manifest+json")

    @routes.get("/sw.js")
    @public
    def worker() -> Response:
        answer = Response(_worker(), content_type="text/javascript; charset=utf-8")
        answer.headers["Service-Worker-Allowed"] = _below("/")
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return routes


def _below(path: str) -> str:
    """A path of this app, as the browser sees it."""
    return f"{request.script_root}{path}"


def _config(run: Run, deps: Deps) -> dict[str, Any]:
    """What the script needs: where to ask, the clock, and all words in both languages: they change without network."""
    said = _in_each(words)
    return {
        "run": run.id,
        "urls": {
            "sheet": _below(f"/api/v1/runs/{run.id}/sheet"),
            "links": _below(f"/api/v1/runs/{run.id}/links"),
            "acts": _below("/api/v1/acts"),
            "scans": _below("/api/v1/scans"),
            "stream": "/api/v1/board/stream",
            "persons": "/api/v1/persons",
        },
        "worker": {"url": url_for("run_page.worker"), "scope": _below("/")},
        "language": language(),
        "words": said,
        "reader": _in_each(reader_words),
        "zone": str(deps.transport.programme().zone),
        "now_ms": deps.clock.now_ms(),
        "speed": deps.clock.speed,
    }


def _in_each(say: Callable[[], T]) -> dict[str, T]:
    """What something says, in every language."""
    chosen, said = g.language, {}
    try:
        for g.language in LANGUAGES:
            said[g.language] = say()
    finally:
        g.language = chosen
    return said


def _manifest(run: Run) -> dict[str, Any]:
    icon = url_for("static", filename="icon.svg")
    return {
        "name": f"Inloop {run.name}",
        "short_name": run.name,
        "id": _below(f"/run/{run.id}"),
        "start_url": _below(f"/run/{run.id}"),
        "scope": _below("/run/"),
        "display": "standalone",
        "background_color": "#f1f4f5",
        "theme_color": "#f1f4f5",
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }


# -- the worker ---------------------------------------------------------------------------------------


def _worker() -> str:
    """The worker with the files that it keeps; it is another one as soon as any of them changed."""
    files = [url_for("static", filename=name) for name, _ in _shared()]
    files += [url_for("run_page.static", filename=name) for name, _ in _own()]
    said = {"VERSION": _version(), "FILES": files, "PAGES": _below("/run/")}
    head = "".join(f"const {name} = {msgspec.json.encode(value).decode()};\n" for name, value in said.items())
    return head + (HERE / "static" / "run" / "sw.js").read_text(encoding="utf-8")


def _shared() -> Iterator[tuple[str, Path]]:
    for name in SHARED_FILES:
        yield name, STATIC / name
    for folder in SHARED_FOLDERS:
        yield from _files(STATIC, STATIC / folder)


def _own() -> Iterator[tuple[str, Path]]:
    root = HERE / "static"
    return ((name, path) for name, path in _files(root, root / "run") if path.name != "sw.js")


def _files(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in KEPT)
    return ((path.relative_to(root).as_posix(), path) for path in paths)


@cache
def _version() -> str:
    """Of everything that the page is made of; asked once in each process."""
    found = hashlib.sha256()
    for _, path in (*_shared(), *_own()):
        found.update(path.read_bytes())
    for path in (HERE / "static" / "run" / "sw.js", HERE / "templates" / "run.html"):
        found.update(path.read_bytes())
    return found.hexdigest()[:12]
