"""Pages for the tests: a made-up check-in, a board that a test feeds, a server, a real browser."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import BaseWSGIServer, make_server

from checkin.web.app import create_app
from checkin.web.deps import Deps
from shared import codec, facts, ids, instants, topics
from shared.clock import Clock, RealClock, SimulatedClock
from shared.facts import Headcount, PlaceCount, RunCount, Text
from shared.figures import Figures
from shared.mqtt import Link, Message, Outgoing
from shared.programme import Programme, load_programme
from shared.web.board import SUBSCRIPTIONS, Board
from shared.web.tokens import Role, make_token
from tests.support.brokers import RunningBroker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = "/usr/bin/chromium"
EXAMPLE = Path(__file__).parents[2] / "examples" / "almelo" / "programme.yaml"
EVENT = "g40-almelo-2024"
KEY = "a session key for tests"
NOON_MS = instants.to_ms("2024-01-11T11:42:00+01:00")
PEOPLE = (("p1", "Zoë Ångström", "Gemeente Almelo"), ("p2", "José de Vries", "Gemeente Zwolle"))
SECRETS = ("Zoë", "Ångström", "José", "de Vries")  # no viewer may ever get these


@cache
def programme() -> Programme:
    """The example day in Almelo."""
    return load_programme(EXAMPLE.read_bytes())


def headcount(*, at_ms: int = NOON_MS, present: dict[str, int] | None = None, **totals: int) -> Headcount:
    """A made-up headcount of the Almelo day whose sum is right; `present` is by place."""
    day, here = programme(), present or {"grote-kerk": 91}
    expected_here = totals.get("expected_here", 0)
    locations = [
        PlaceCount(
            place=one.id,
            name=one.name,
            kind="location",
            present=here.get(one.id, 0),
            expected=expected_here,
            capacity=one.capacity,
        )
        for one in day.locations
    ]
    rooms = [
        PlaceCount(
            place=one.id,
            name=one.name,
            kind="room",
            present=here.get(one.id, 0),
            expected=expected_here,
            capacity=one.capacity,
        )
        for one in day.rooms
    ]
    runs = tuple(RunCount(run.id, here.get(run.id, 0)) for run in day.runs)
    expected, underway, away = (totals.get(name, 0) for name in ("expected", "underway", "away"))
    located = sum(count for place, count in here.items() if "." not in place)
    return Headcount(
        event=EVENT,
        at=instants.to_text(at_ms),
        registered=located + expected + underway + away,
        expected=expected,
        underway=underway,
        away=away,
        places=(*locations, *rooms),
        runs=runs,
        unconfirmed=totals.get("unconfirmed", 0),
        missing=totals.get("missing", 0),
    )


def run_state(run: str, state: str, *, aboard: int, listed: int) -> facts.RunState:
    """A made-up state of a run of the Almelo day."""
    planned = programme().run(run)
    return facts.RunState(
        run=run,
        transfer=planned.transfer,
        coach=planned.coach,
        origin=planned.origin,
        destination=planned.destination,
        state=state,
        depart_at=instants.to_text(planned.depart_ms),
        seats=planned.seats or 50,
        listed=listed,
        aboard=aboard,
        missing=listed - aboard,
        at=instants.to_text(NOON_MS),
    )


def alert(identity: str, level: Any = "warn", text: str = "Let op") -> facts.Alert:
    """A made-up alert."""
    words = Text(text, f"{text} (en)")
    since = instants.to_text(NOON_MS)
    return facts.Alert(alert=identity, level=level, kind="run-late", text=words, place=None, since=since)


def message(topic: str, fact: Any, *, retain: bool = True) -> Message:
    """A message as the link gives it; None is an empty payload."""
    return Message(topic, b"" if fact is None else codec.encode(fact), retain)


class FakeLink:
    """A link that a test feeds."""

    def __init__(self) -> None:
        self.connected = True
        self._arrived = threading.Condition()
        self._messages: list[Message] = []

    def start(self) -> None:
        """Nothing to connect to."""

    def stop(self) -> None:
        """Nothing to leave."""

    def feed(self, *messages: Message) -> None:
        """Let messages arrive."""
        with self._arrived:
            self._messages.extend(messages)
            self._arrived.notify_all()

    def take(self, limit: int = 1000, timeout: float = 0.1) -> list[Message]:
        with self._arrived:
            self._arrived.wait_for(lambda: self._messages, timeout)
            taken, self._messages = self._messages[:limit], self._messages[limit:]
            return taken

    def send(self, outgoing: Iterable[Any] = (), *, acks: Iterable[Message] = ()) -> list[int]:
        return []


@dataclass(frozen=True, kw_only=True)
class MadePerson:
    """A made-up person in every shape that the web asks for."""

    person: str
    name: str
    organisation: str
    place: str = "grote-kerk"
    since_ms: int | None = NOON_MS
    how: facts.How | None = "scanned"
    unconfirmed: bool = False
    groups: tuple[str, ...] = ("pijler-sociaal",)
    phone: str = ""
    needs: str = ""
    sightings: tuple[Any, ...] = ()


@dataclass(frozen=True)
class MadeCall:
    """A roll call."""

    present: Sequence[MadePerson]
    absent: Sequence[MadePerson]


@dataclass(frozen=True)
class MadePage:
    """A page of persons."""

    persons: Sequence[MadePerson]
    cursor: str | None


@dataclass(frozen=True)
class MadeAnswer:
    """What came of a scan."""

    verdict: bytes | None
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class MadeHealth:
    """How the service is."""

    database: bool = True
    ingest_age_ms: int | None = 100


@dataclass
class MadeCheckIn:
    """A check-in without a database; what it was asked stands in `asked`."""

    event: str = EVENT
    people: list[MadePerson] = field(
        default_factory=lambda: [MadePerson(person=one, name=name, organisation=org) for one, name, org in PEOPLE]
    )
    state: MadeHealth = MadeHealth()
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    fails: Exception | None = None
    absent: int = 1

    def programme(self) -> Programme:
        return programme()

    def headcount(self, at_ms: int | None = None) -> Headcount:
        if self.fails is not None:
            raise self.fails
        self.asked.append(("headcount", at_ms))
        return headcount()

    def roll_call(self, place: str, at_ms: int | None = None) -> MadeCall:
        self.asked.append(("roll_call", place, at_ms))
        here = len(self.people) - self.absent
        return MadeCall(self.people[:here], self.people[here:])

    def persons(self, q: str, limit: int, cursor: str | None) -> MadePage:
        self.asked.append(("persons", q, limit, cursor))
        return MadePage(self.people[:limit], self.people[0].person if limit < len(self.people) else None)

    def person(self, person: str) -> MadePerson | None:
        return next((one for one in self.people if one.person == person), None)

    def take_scans(self, items: Sequence[bytes], scanner: str) -> list[MadeAnswer]:
        self.asked.append(("take_scans", tuple(items), scanner))
        return [_answer(item) for item in items]

    def scanners(self) -> Sequence[Any]:
        return []

    def quarantined(self, limit: int) -> Sequence[Any]:
        return []

    def health(self) -> MadeHealth:
        return self.state

    def figures(self) -> Figures:
        if self.fails is not None:
            raise self.fails
        return Figures(
            scans={("admit", "welcome"): 7, ("refuse", "unknown"): 2},
            quarantined={"malformed": 3},
            outbox_rows=0,
            outbox_oldest_ms=None,
            present={"grote-kerk": 5, "stadhuis": 1, "stadhuis.raadzaal": 2, "t1-b1": 4, "underway": 6},
        )


def _answer(item: bytes) -> MadeAnswer:
    try:
        scan, _ = codec.decode_scan(item)
    except codec.Malformed as error:
        return MadeAnswer(None, str(error))
    said = facts.Verdict(
        scan=scan.id,
        outcome="admit",
        reason="welcome",
        title=Text("Welkom", "Welcome"),
        line=Text("", ""),
        place="grote-kerk",
        present=1,
        at=scan.at,
    )
    return MadeAnswer(codec.encode(said), None)


@dataclass
class Site:
    """A web app of check-in with made-up parts."""

    app: Flask
    board: Board
    link: Any  # a FakeLink, or a real one
    checkin: MadeCheckIn
    clock: Clock

    def token(self, role: Role = "organiser", *, event: str = EVENT, scope: Sequence[str] = ()) -> str:
        """A token that is good now."""
        return make_token(KEY, event=event, role=role, scope=scope, label="test", now_s=time.time(), lifetime_s=3600)

    def client(self, role: Role | None = "organiser", *, scope: Sequence[str] = ()) -> FlaskClient:
        """A client with a bearer token, or without any."""
        client = self.app.test_client()
        if role is not None:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.token(role, scope=scope)}"
        return client

    def publish(self, *facts_by_topic: tuple[str, Any]) -> None:
        """Put facts on the board, at once."""
        self.board.apply([message(topic, fact) for topic, fact in facts_by_topic])


def make_site(*, most_streams: int = 500, heartbeat_s: float = 15.0, speed: float = 1.0) -> Site:
    """A site that nothing is on yet."""
    clock = SimulatedClock(start_ms=NOON_MS, speed=speed, anchor_s=time.time())
    link, checkin = FakeLink(), MadeCheckIn()
    board = Board(link, event=EVENT, now_ms=clock.now_ms)
    deps = Deps(
        checkin=checkin,
        board=board,
        clock=clock,
        session_key=KEY,
        most_streams=most_streams,
        heartbeat_s=heartbeat_s,
    )
    return Site(create_app(deps), board, link, checkin, clock)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site; its streams end with the test."""
    made = make_site()
    yield made
    made.board.close()


@dataclass
class Served:
    """A site behind a real socket."""

    site: Site
    url: str
    _server: BaseWSGIServer

    def stop(self) -> None:
        """End the streams and the server."""
        self.site.board.close()
        self._server.shutdown()
        self._server.server_close()


def serve(site: Site, *, port: int = 0) -> Served:
    """Serve a site on a free port of this machine, with its board followed."""
    site.board.start()
    server = make_server("127.0.0.1", port, site.app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined] # werkzeug's threaded server
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Served(site, f"http://127.0.0.1:{server.server_port}", server)


@pytest.fixture
def served() -> Iterator[Served]:
    """A made-up site behind a real socket."""
    running = serve(make_site())
    yield running
    running.stop()


@contextmanager
def following(broker: RunningBroker) -> Iterator[tuple[Served, Link]]:
    """A served site that follows a real broker, and a link that publishes as check-in."""
    clock, checkin = RealClock(), MadeCheckIn()
    link = Link(broker.address("web"), client_id=f"web-{ids.new_id()}", subscriptions=SUBSCRIPTIONS, clean=True)
    board = Board(link, event=EVENT, now_ms=clock.now_ms)
    app = create_app(Deps(checkin=checkin, board=board, clock=clock, session_key=KEY))
    served = serve(Site(app, board, link, checkin, clock))
    try:
        with speaking(broker, "checkin") as speaker:
            yield served, speaker
    finally:
        served.stop()


@contextmanager
def speaking(broker: RunningBroker, user: str) -> Iterator[Link]:
    """A link that publishes as one of the services."""
    link = Link(broker.address(user), client_id=f"{user}-{ids.new_id()}", clean=True)
    link.start()
    try:
        assert link.wait_connected(10)
        yield link
    finally:
        link.stop()


def say(link: Link, topic: str, fact: Any) -> None:
    """Publish a fact, retained; None ends it."""
    link.send([Outgoing(topic, b"" if fact is None else codec.encode(fact), 1, retain=True)])


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A real browser; without one the test is left out, on CI it must be there."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed on CI: apt install chromium")
        pytest.skip("chromium is not installed (apt install chromium)")
    from playwright.sync_api import sync_playwright  # heavy, and only these tests need it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def eventually(holds: Callable[[], bool], what: str, *, within_s: float = 10.0) -> None:
    """Wait until something holds. Raises AssertionError naming it when it does not in time."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)


HEADCOUNT = topics.headcount(EVENT)
