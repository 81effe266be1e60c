"""The pages at a desk behind a real socket: the board at the root, a made-up transport below `/transport`."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Flask, jsonify, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import BaseWSGIServer, make_server

import transport.web
from shared.clock import SimulatedClock
from shared.web import sign_in, sse
from shared.web.app import Site as WebSite
from shared.web.app import new_app
from shared.web.auth import grant, needs
from shared.web.board import Board
from shared.web.metrics import Metrics
from shared.web.problems import ProblemError
from shared.web.tokens import Role, make_token
from tests.support import made_transfer
from tests.support.made_day import MadeDay
from tests.support.pages import EVENT, KEY, NOON_MS, FakeLink, message, programme
from transport.web import run_page
from transport.web.deps import Deps

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Pages = Callable[[Deps], Blueprint]
Answer = Callable[[str, Callable[[], Any]], Any]


@dataclass
class Desk:
    """A served site; `refuse` are problems by the last part of a path."""

    day: MadeDay
    board: Board
    link: FakeLink
    url: str = ""
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)
    server: BaseWSGIServer | None = None

    def token(self, role: Role = "organiser", scope: Sequence[str] = ()) -> str:
        """A token that is good now."""
        return make_token(KEY, event=EVENT, role=role, scope=scope, label="test", now_s=time.time(), lifetime_s=3600)

    def publish(self, *facts_by_topic: tuple[str, Any]) -> None:
        """Put facts on the board, at once."""
        self.board.apply([message(topic, fact) for topic, fact in facts_by_topic])

    def stop(self) -> None:
        """End the streams and the server."""
        self.board.close()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()


@dataclass(frozen=True)
class _Transport:
    event: str = EVENT

    def programme(self) -> Any:
        return programme()


def serve_desk(*pages: Pages, port: int = 0) -> Desk:
    """Serve pages with the made-up day behind them."""
    clock = SimulatedClock(start_ms=NOON_MS, speed=1.0, anchor_s=time.time())
    link = FakeLink()
    board = Board(link, event=EVENT, now_ms=clock.now_ms)
    desk = Desk(MadeDay(), board, link)
    below = _app("transport", clock, Path(transport.web.__file__).parent)
    deps = cast(Deps, _Made(_Transport(), clock))
    for page in (run_page.blueprint, *pages):
        below.register_blueprint(page(deps))
    below.register_blueprint(_api(desk))
    root = _app("checkin", clock, Path(transport.web.__file__).parent)
    root.register_blueprint(sign_in.blueprint(session_key=KEY, event=EVENT))
    root.register_blueprint(sse.blueprint(board, Metrics(), heartbeat_s=2.0))
    board.start()
    desk.server = make_server("127.0.0.1", port, DispatcherMiddleware(root, {"/transport": below}), threaded=True)
    desk.server.daemon_threads = True  # type: ignore[attr-defined] # werkzeug's threaded server
    threading.Thread(target=desk.server.serve_forever, daemon=True).start()
    desk.url = f"http://127.0.0.1:{desk.server.server_port}"
    return desk


@dataclass(frozen=True)
class _Made:
    transport: _Transport
    clock: SimulatedClock


def _app(service: str, clock: SimulatedClock, folder: Path) -> Flask:
    site = WebSite(service=service, event=EVENT, session_key=KEY, zone=lambda: programme().zone, clock=clock)
    return new_app(site, service, folder=folder)


def _api(desk: Desk) -> Blueprint:
    routes = Blueprint("made", __name__)

    def answer(what: str, said: Callable[[], Any]) -> Any:
        if what in desk.refuse:
            status, kind = desk.refuse[what]
            raise ProblemError(status, kind, f"Refused for the test: {kind}.")
        return jsonify(said())

    _reading(routes, desk.day, answer)
    _changing(routes, desk.day, answer)
    return routes


def _reading(routes: Blueprint, day: MadeDay, answer: Answer) -> None:
    @routes.get("/api/v1/dispatch")
    @needs("coordinator")
    def dispatch() -> Any:
        return answer("dispatch", day.dispatch)

    @routes.get("/api/v1/runs/<run>/passengers")
    @needs("viewer")
    def passengers(run: str) -> Any:
        return answer("passengers", lambda: day.passengers(run))

    @routes.get("/api/v1/runs/<run>/parties/<party>")
    @needs("viewer")
    def party(run: str, party: str) -> Any:
        return answer("party", lambda: day.party(run, party))

    @routes.get("/api/v1/transfers/<transfer>")
    @needs("viewer")
    def transfer(transfer: str) -> Any:
        given = {name: request.args.get(name) for name in ("at", "known")}
        names = grant().allows("coordinator")
        return answer("transfer", lambda: made_transfer.view(day, transfer, names=names, **given))

    @routes.get("/api/v1/transfers/<transfer>/allocations")
    @needs("organiser")
    def allocations(transfer: str) -> Any:
        return answer("allocations", lambda: [one for one in day.proposals.values() if one["transfer"] == transfer])

    @routes.get("/api/v1/allocations/<identity>")
    @needs("organiser")
    def allocation(identity: str) -> Any:
        return answer("allocation", lambda: day.proposals[identity])


def _changing(routes: Blueprint, day: MadeDay, answer: Answer) -> None:
    @routes.post("/api/v1/runs/<run>/replace")
    @needs("coordinator")
    def replace(run: str) -> Any:
        day.asked.append((f"{run}/replace", request.get_json()))
        return answer("replace", lambda: {"run": run, "state": "boarding"})

    @routes.post("/api/v1/runs/<run>/parties/<party>/vouch")
    @needs("viewer")
    def vouch(run: str, party: str) -> Any:
        return answer("vouch", lambda: day.vouch(run, party, request.get_json()))

    @routes.post("/api/v1/transfers/<transfer>/allocations")
    @needs("organiser")
    def propose(transfer: str) -> Any:
        return answer("propose", lambda: day.propose(transfer, request.get_json()))

    @routes.post("/api/v1/allocations/<identity>/<what>")
    @needs("organiser")
    def decide(identity: str, what: str) -> Any:
        return answer(what, lambda: day.decide(identity, what))


@contextmanager
def opened(
    browser: "Browser",
    desk: Desk,
    path: str,
    *,
    width: int = 1440,
    height: int = 900,
    theme: str = "light",
    language: str = "nl",
    role: Role = "organiser",
    scope: Sequence[str] = (),
) -> "Iterator[tuple[Page, list[str]]]":
    """A page that somebody signed in to, and what the browser complained of."""
    size = {"width": width, "height": height}
    options: dict[str, Any] = {"viewport": size, "color_scheme": theme, "reduced_motion": "reduce"}
    context = browser.new_context(locale=f"{language}-NL" if language == "nl" else "en-GB", **options)
    with closing(context):
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        session = context.request.get(f"{desk.url}/sign-in?token={desk.token(role, scope)}", max_redirects=0)
        assert session.status == 303
        page.goto(desk.url + path)
        yield page, complaints


def clean(page: "Page") -> None:
    """Raises AssertionError with what axe-core finds on a page."""
    from axe_playwright_python.sync_playwright import Axe  # heavy, and only these tests need it

    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
