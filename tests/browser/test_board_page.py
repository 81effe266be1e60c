"""The board in a real browser: it moves by itself, says when it does not, and fits."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Literal

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from shared import facts, topics
from tests.support.brokers import RunningBroker
from tests.support.pages import (
    EVENT,
    NOON_MS,
    Served,
    alert,
    following,
    headcount,
    make_site,
    run_state,
    say,
    serve,
    speaking,
)

pytestmark = pytest.mark.browser
TOPIC = topics.headcount(EVENT)
Theme = Literal["light", "dark"]


@contextmanager
def opened(
    browser: Browser, served: Served, *, width: int = 1440, height: int = 900, theme: Theme = "light", path: str = "/"
) -> Iterator[tuple[Page, list[str]]]:
    """A page that somebody signed in to with a link, and what the browser complained of."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, color_scheme=theme, locale="nl-NL")  # type: ignore[arg-type] # a size
    with closing(context):
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{served.url}/sign-in?token={served.site.token()}")
        if path != "/":
            page.goto(served.url + path)
        yield page, complaints


def live(page: Page) -> None:
    expect(page.locator("[data-state]")).to_have_attribute("data-state", "live", timeout=15_000)


def number(page: Page, name: str, text: str) -> None:
    expect(page.locator(f'[data-n="{name}"]')).to_have_text(text, timeout=10_000)


def test_the_page_shows_the_headcount_and_moves_when_a_new_one_is_published(
    chromium: Browser, mosquitto: RunningBroker
) -> None:
    """From a retained topic on a real broker to the eyes of the organiser, without a complaint of the browser."""
    with following(mosquitto) as (served, speaker), opened(chromium, served) as (page, complaints):
        live(page)
        say(speaker, TOPIC, headcount(present={"grote-kerk": 217}, expected=20))
        number(page, "present:grote-kerk", "217")
        number(page, "registered", "237")
        say(speaker, TOPIC, headcount(at_ms=NOON_MS + 1000, present={"grote-kerk": 170, "t1-b1": 47}, expected=20))
        number(page, "present:grote-kerk", "170")
        number(page, "coaches", "47")
        expect(page.locator("[data-proof]")).to_have_attribute("data-proof", "yes")
        with speaking(mosquitto, "transport") as transport:
            say(transport, topics.run(EVENT, "t1-b1"), run_state("t1-b1", "departed", aboard=47, listed=47))
            expect(page.locator('[data-run="t1-b1"] .run-state')).to_have_text("rijdt")
        assert complaints == []


def test_a_sum_that_is_not_right_is_said(chromium: Browser, served: Served) -> None:
    """Somebody who is nowhere must not be overlooked."""
    wrong = headcount(present={"grote-kerk": 217})
    served.site.publish((TOPIC, msgspec.structs.replace(wrong, registered=218)))
    with opened(chromium, served) as (page, _):
        expect(page.locator("[data-proof]")).to_have_attribute("data-proof", "no")
        expect(page.locator("[data-proof-text]")).to_contain_text("de som klopt niet")


def test_alerts_and_silent_scanners_come_and_go(chromium: Browser, served: Served) -> None:
    """The most urgent first; what is over leaves; who falls silent is named."""
    site = served.site
    with opened(chromium, served) as (page, complaints):
        live(page)
        site.publish((topics.alert(EVENT, "a1"), alert("a1", "warn", "H2 is te laat")))
        site.publish((topics.alert(EVENT, "a2"), alert("a2", "urgent", "B3 reed zonder 5")))
        expect(page.locator("[data-alerts] .text")).to_have_text(["B3 reed zonder 5", "H2 is te laat"])
        expect(page.locator("[data-say]")).to_have_text("B3 reed zonder 5")
        site.publish((topics.alert(EVENT, "a2"), None))
        expect(page.locator("[data-alerts] .text")).to_have_text(["H2 is te laat"])
        site.publish(
            (topics.scanner_state(EVENT, "kerk-2"), facts.ScannerState(online=False, checkpoint="grote-kerk-in"))
        )
        number(page, "silent", "1")
        expect(page.locator("[data-silent] .text")).to_have_text(["kerk-2 · grote-kerk-in"])
        site.publish((topics.scanner_state(EVENT, "kerk-2"), None))
        number(page, "silent", "0")
        expect(page.locator("[data-silent] .text")).to_have_count(0)
        assert complaints == []


def test_a_run_that_is_not_told_any_more_stands_as_before_anything_was_known(chromium: Browser, served: Served) -> None:
    """An empty retained topic reaches a page that is open."""
    site, topic = served.site, topics.run(EVENT, "t1-b1")
    with opened(chromium, served) as (page, complaints):
        live(page)
        site.publish((topic, run_state("t1-b1", "boarding", aboard=3, listed=47)))
        number(page, "aboard:t1-b1", "3")
        number(page, "boarded:t1", "3")
        site.publish((topic, None))
        number(page, "aboard:t1-b1", "0")
        number(page, "seats:t1-b1", "–")
        number(page, "boarded:t1", "0")
        expect(page.locator('[data-run="t1-b1"]')).to_have_attribute("data-run-state", "planned")
        assert complaints == []


def test_a_page_that_lost_its_server_says_since_when_and_recovers_by_itself(chromium: Browser) -> None:
    """No reload, no lost numbers: the newest come with the first connection."""
    first = serve(make_site())
    first.site.publish((TOPIC, headcount(present={"grote-kerk": 100})))
    port = int(first.url.rpartition(":")[2])
    with opened(chromium, first) as (page, _):
        live(page)
        first.stop()
        expect(page.locator("[data-stale]")).to_be_visible(timeout=15_000)
        expect(page.locator("[data-stale-text]")).to_contain_text("Geen verbinding sinds 11.4")
        number(page, "present:grote-kerk", "100")
        second = serve(make_site(), port=port)
        second.site.publish((TOPIC, headcount(present={"grote-kerk": 90})))
        live(page)
        number(page, "present:grote-kerk", "90")
        expect(page.locator("[data-stale]")).to_be_hidden()
        second.stop()


def test_a_board_whose_numbers_stand_still_says_so(chromium: Browser, served: Served) -> None:
    """The server reaches the page, but the broker does not reach the server."""
    with opened(chromium, served) as (page, _):
        live(page)
        served.site.link.connected = False
        expect(page.locator("[data-stale-text]")).to_contain_text("broker", timeout=15_000)
        served.site.link.connected = True
        live(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/places/grote-kerk", "/places/nowhere"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (1920, 1080)])
def test_every_page_fits_its_screen(
    chromium: Browser, served: Served, path: str, width: int, height: int, theme: Theme
) -> None:
    """Never wider than the screen; the board on a laptop is one screen, with many alerts too."""
    served.site.publish(*((topics.alert(EVENT, f"a{number}"), alert(f"a{number}")) for number in range(12)))
    with opened(chromium, served, width=width, height=height, theme=theme, path=path) as (page, complaints):
        if path == "/":
            expect(page.locator("[data-alerts] li")).to_have_count(12)
        wide, tall = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert wide <= width
        if path == "/" and width >= 1440:
            assert tall <= height
        assert [one for one in complaints if "404" not in one] == []


def test_the_theme_is_switched_and_remembered(chromium: Browser, served: Served) -> None:
    """The system's first, then what was chosen here."""
    with opened(chromium, served, theme="dark") as (page, _):
        assert page.locator("html").get_attribute("data-theme") is None
        page.click("[data-theme-switch]")
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_a_code_can_be_pasted_and_a_session_ended(chromium: Browser, served: Served) -> None:
    """The forms work with what a browser really sends."""
    page = chromium.new_page()
    with closing(page):
        page.goto(served.url)
        page.fill("#token", served.site.token("viewer"))
        page.press("#token", "Enter")
        live(page)
        page.click('form[action="/sign-out"] button')
        expect(page.locator("#token")).to_be_visible()
        page.goto(served.url)
        expect(page.locator("#token")).to_be_visible()


def test_the_missing_are_listed_by_name_for_who_may_see_them(chromium: Browser, mosquitto: RunningBroker) -> None:
    """When the number of the missing rises, transport says who they are, and where last."""
    lost = {"person": "p1", "name": "Zoë Ångström", "organisation": "Gemeente Almelo", "phone": "+31 6 00 00 00 01"}
    lost |= {"last_place": "grote-kerk", "last_at": "2024-01-11T10:29:00.000Z"}
    with following(mosquitto) as (served, speaker), opened(chromium, served) as (page, complaints):
        page.route("**/transport/api/v1/transfers/t2", lambda route: route.fulfill(json={"missing": [lost]}))
        live(page)
        say(speaker, TOPIC, headcount())
        number(page, "missing", "0")
        expect(page.locator("[data-missing]")).to_be_hidden()
        say(speaker, TOPIC, headcount(at_ms=NOON_MS + 1000, missing=1))
        line = page.locator("[data-missing-list] li")
        expect(line).to_contain_text("Zoë Ångström")
        expect(line).to_contain_text("Grote Kerk · 11.29")
        assert line.locator("a").get_attribute("href") == "tel:+31600000001"
        assert complaints == []
