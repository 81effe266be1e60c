"""The coordinator's page of run B2 of the day in Almelo: a real transport service on a real database, behind a socket.

Beside it a made-up check-in at the root, for signing in, the search over everybody, and the board's stream.
"""

import csv
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from shared import badge, codec, ids, instants, seal, topics
from shared.clock import SimulatedClock
from shared.facts import Personal, PersonCard, Sighting
from shared.mqtt import BrokerAddress, Message
from shared.sql.engine import writing
from shared.web.tokens import Role, make_token
from tests.support.almelo import EXAMPLE, almelo
from tests.support.pages import EVENT, KEY, MadePerson, Site, make_site
from transport.adapters.consumer import Consumer
from transport.adapters.store import SqlStore
from transport.domain.acts import Act
from transport.domain.stays import Seat
from transport.handlers.sheet_shapes import Sheet
from transport.handlers.steps import Asked, Stepped
from transport.settings import Settings
from transport.web.app import create_app
from transport.web.deps import Deps
from transport.wiring import Transport, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

RUN = "t1-b2"
LISTED = 47
OTHERS = 14  # people of the same leg with a seat on B3
COACHES = [
    {"id": "b1", "name": "B1", "plate": "00-ZZ-01", "seats": 50, "wheelchairs": 1},
    {"id": "b2", "name": "B2", "plate": "00-ZZ-02", "seats": 50, "wheelchairs": 2, "phone": "+31 6 00 00 01 02"},
    {"id": "b3", "name": "B3", "plate": "00-ZZ-03", "seats": 49, "wheelchairs": 0},
    {"id": "b4", "name": "B4", "plate": "00-ZZ-04", "seats": 49, "wheelchairs": 2},
    {"id": "h1", "name": "H1", "seats": 57, "wheelchairs": 0},
    {"id": "h2", "name": "H2", "seats": 57, "wheelchairs": 1},
    {"id": "h3", "name": "H3", "seats": 19, "wheelchairs": 3},
    {"id": "r1", "name": "Reserve 1", "plate": "00-ZZ-09", "seats": 53, "wheelchairs": 1},
]


class Quiet(WSGIRequestHandler):
    """Says nothing of each request: the page has many files."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def clock_ms(local: str) -> int:
    """A moment of the day, local time HH:MM."""
    return instants.to_ms(f"2024-01-11T{local}:00.000+01:00")


def badge_of(person: str) -> str:
    """The code on somebody's badge."""
    return f"IL1:TEST:{person.upper()}"


@dataclass(frozen=True, kw_only=True)
class Rider:
    """Somebody of the day."""

    person: str
    name: str
    organisation: str
    phone: str
    needs: str


@dataclass
class RunSite:
    """The service, what it is reached at, and who is in it."""

    transport: Transport
    consumer: Consumer
    checkin: Site
    clock: SimulatedClock
    riders: list[Rider]
    others: list[Rider]
    url: str = ""
    _server: BaseWSGIServer | None = None
    _count: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def give(self, *messages: tuple[str, bytes]) -> None:
        """What the broker would bring."""
        now = self.clock.now_ms()
        batch = [Message(topic, payload, False, now, n) for n, (topic, payload) in enumerate(messages, 1)]
        with self._lock, writing(self.transport.engine) as connection:
            self.consumer.handle(connection, batch)

    def seen(self, persons: Sequence[str], place: str, local: str) -> None:
        """Doors saw people."""
        messages = []
        for person in persons:
            self._count += 1
            fact = Sighting(
                id=f"door-{self._count:08}",
                event=EVENT,
                person=person,
                place=place,
                at_ms=clock_ms(local) + self._count,
                how="scanned",
                source="checkin",
                void=None,
                sequence=self._count,
            )
            messages.append((topics.sighting(EVENT, "checkin"), codec.encode_sighting(fact)))
        self.give(*messages)

    def sheet(self, run: str = RUN) -> Sheet:
        """What the service says of a run now."""
        found = self.transport.sheet(run)
        assert found is not None
        return found

    def aboard(self, run: str = RUN) -> set[str]:
        """Who is in a run, as the service says."""
        return {one.person for one in self.sheet(run).persons or () if one.state == "aboard"}

    def board_by_hand(self, person: str, run: str = RUN, *, at_ms: int | None = None) -> None:
        """What another phone said."""
        moment = self.clock.now_ms() if at_ms is None else at_ms
        self.transport.act([Act(id=ids.new_id(), run=run, kind="aboard", at_ms=moment, by="other", person=person)])

    def excuse(self, *persons: str, run: str = RUN) -> None:
        """Another phone says that these travel by themselves."""
        moment = self.clock.now_ms()
        self.transport.act(
            [
                Act(id=ids.new_id(), run=run, kind="excuse", at_ms=moment, by="other", person=one, why="own-travel")
                for one in persons
            ]
        )

    def how(self, person: str | None) -> str | None:
        """How sure the service is of where somebody is."""
        return next(one.how for one in self.sheet().persons or () if one.person == person)

    def settle_all(self, run: str = RUN) -> None:
        """Another phone settles everybody who is missing, and the difference."""
        moment, sheet = self.clock.now_ms(), self.sheet(run)
        waits = [one.person for one in sheet.persons or () if one.state in {"left-behind", "unconfirmed"}]
        said = Act(id=ids.new_id(), run=run, kind="settle", at_ms=moment, by="other", reason="test")
        self.transport.act([said])
        self.excuse(*waits, run=run)

    def step(self, step: str, run: str = RUN, **more: Any) -> None:
        """A step that somebody else took."""
        done = self.transport.step(Asked(run, step, "other", **more))
        assert isinstance(done, Stepped), done

    def token(self, role: Role = "coordinator", *scope: str) -> str:
        """A token that is good now."""
        return make_token(KEY, event=EVENT, role=role, scope=scope, label="test", now_s=time.time(), lifetime_s=3600)

    def config(self) -> dict[str, Any]:
        """What the page is given: addresses, clock, words."""
        headers = {"Authorization": f"Bearer {self.token()}"}
        request = Request(f"{self.url}/transport/run/{RUN}", headers=headers)  # noqa: S310 # http, as put together here
        with urlopen(request, timeout=20) as answer:  # noqa: S310 # the same
            page = answer.read().decode()
        found: dict[str, Any] = json.loads(page.partition('id="run-config">')[2].partition("</script>")[0])
        return found

    def start(self, port: int = 0) -> None:
        """Serve it, as `inloop.wsgi` puts both together."""
        transport = create_app(
            Deps(transport=self.transport, connected=lambda: True, clock=self.clock, session_key=KEY)
        )
        both = DispatcherMiddleware(self.checkin.app, {"/transport": transport})
        self._server = make_server("127.0.0.1", port, both, threaded=True, request_handler=Quiet)
        self._server.daemon_threads = True  # type: ignore[attr-defined] # werkzeug's threaded server
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """End the server; the database stays."""
        if self._server is not None:
            self.checkin.board.close()
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _people() -> tuple[list[Rider], list[Rider]]:
    with (EXAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if "pijler-fysiek" in row["groups"]]
    found = [
        Rider(
            person=row["id"],
            name=row["name"],
            organisation=row["organisation"],
            phone=row["phone"],
            needs="rolstoel" if number == 9 else row["needs"].replace("rolstoel", ""),
        )
        for number, row in enumerate(rows)
    ]
    return found[:LISTED], found[LISTED : LISTED + OTHERS]


def make_run_site(folder: Path, *, local: str = "11:36", speed: float = 1.0) -> RunSite:
    """The day at a moment, run B2 planned with 47 seats given, everybody seen at the church; not served yet."""
    clock = SimulatedClock(start_ms=clock_ms(local), speed=speed, anchor_s=time.time())
    settings = Settings(
        data=folder,
        database=f"sqlite:///{folder / 'transport.db'}",
        mqtt=BrokerAddress("127.0.0.1"),
        event=None,
        clock=clock,
        auto_steps=False,
        log_level="info",
        instance="1",
        share=False,
    )
    transport = build(settings)
    transport.migrate()
    transport.load_programme(almelo(coaches=COACHES).source)
    riders, others = _people()
    checkin = make_site()
    checkin.checkin.people = [
        MadePerson(person=one.person, name=one.name, organisation=one.organisation) for one in [*riders, *others]
    ]
    site = RunSite(transport, transport.consumer(), checkin, clock, riders, others)
    _load_people(site)
    return site


def _load_people(site: RunSite) -> None:
    keys = site.transport.settings.secrets.event_keys(EVENT)
    cards = []
    for one in [*site.riders, *site.others]:
        personal = Personal(name=one.name, organisation=one.organisation, phone=one.phone, needs=one.needs)
        card = PersonCard(
            person=one.person,
            rev=1,
            groups=("pijler-fysiek",),
            badges=(badge.digest(badge_of(one.person)),),
            revoked=(),
            sealed=seal.seal(personal, person=one.person, key=keys.seal),
        )
        cards.append((topics.person(EVENT, one.person), codec.encode(card)))
    site.give(*cards)
    site.consumer._last_card_ms = 0
    with writing(site.transport.engine) as connection:
        site.consumer.tick(connection)
    with writing(site.transport.engine) as connection:
        seats = {one.person: Seat(told=RUN, run=RUN) for one in site.riders}
        seats |= {one.person: Seat(told="t1-b3", run="t1-b3") for one in site.others}
        SqlStore(connection).put_seats(EVENT, "t1", seats)
    site.seen([one.person for one in [*site.riders, *site.others]], "grote-kerk", "09:40")
    site.seen([one.person for one in site.riders[5:]], "underway", "11:30")


@pytest.fixture
def run_site(tmp_path: Path) -> Iterator[RunSite]:
    """The day at 11:36, served."""
    site = make_run_site(tmp_path)
    site.start()
    yield site
    site.stop()
    site.transport.engine.dispose()


@contextmanager
def coordinator(
    browser: "Browser",
    site: RunSite,
    *,
    run: str = RUN,
    width: int = 390,
    height: int = 844,
    locale: str = "nl-NL",
    scope: Sequence[str] = (),
    **more: Any,
) -> Iterator[tuple["Page", "BrowserContext", list[str]]]:
    """A phone of its own on the run's page, signed in by a link; what the browser complained of but for the network."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=locale, has_touch=True, is_mobile=True, **more
    )
    page, complaints = context.new_page(), list[str]()

    def heard(text: str) -> None:
        if "Failed to load resource" not in text and "net::ERR" not in text:
            complaints.append(text)

    page.on("console", lambda said: heard(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(f"{site.url}/sign-in?token={site.token('coordinator', *scope)}")
        page.goto(f"{site.url}/transport/run/{run}")
        yield page, context, complaints
    finally:
        context.close()


# -- the hand ------------------------------------------------------------------------------------------


def loaded(page: "Page") -> None:
    """The page has its sheet."""
    page.wait_for_selector("body[data-loaded]", timeout=15_000)


def kept(page: "Page") -> None:
    """The worker has every file that the page is made of."""
    page.evaluate(
        """() => new Promise((resolve) => {
          const { serviceWorker } = navigator;
          if (serviceWorker.controller) resolve();
          else serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
        })"""
    )


def numbers(page: "Page", aboard: int, listed: int, *, within_s: float = 10) -> None:
    """The big numbers come to this."""
    from playwright.sync_api import expect  # heavy, and only tests with a browser need it

    expect(page.locator('[data-n="aboard"]')).to_have_text(str(aboard), timeout=within_s * 1000)
    expect(page.locator('[data-n="listed"]')).to_have_text(str(listed))


def read_badge(page: "Page", code: str) -> None:
    """The reader read a badge."""
    page.evaluate("code => dispatchEvent(new CustomEvent('badge-read', { detail: { code } }))", code)


def wedge(page: "Page", code: str) -> None:
    """A hand scanner reads a badge: keys faster than fingers, and Enter; then its trigger is pulled again."""
    page.evaluate(
        """async code => {
          await new Promise((resolve) => setTimeout(resolve, 60));
          for (const key of [...code, "Enter"]) {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
          }
        }""",
        code,
    )
