"""A group's own contact on their own phone: their people and no others, ticked or all at once, without network too."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from shared import topics
from tests.support.desk import Desk, clean, opened, serve_desk
from tests.support.pages import EVENT, run_state
from transport.web import party_page

pytestmark = pytest.mark.browser
PARTY = "Gemeente Heerlen"
PATH = f"/transport/group/t1-b3/{quote(PARTY)}"
LINK: dict[str, Any] = {"role": "viewer", "scope": [f"t1-b3/{PARTY}"], "width": 390, "height": 844}
LAST = "Yassin Benali"  # who of the five is still to come
KEEPS = """async (path) => {
  while (!(await caches.match(path, { ignoreVary: true }))) await new Promise((go) => setTimeout(go, 50));
}"""  # until the worker keeps the page
KEPT = f"inloop-party:t1-b3/{PARTY}"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The made-up day at 11.42, served."""
    served = serve_desk(party_page.blueprint)
    yield served
    served.stop()


def row(page: Page, name: str = LAST) -> Any:
    return page.locator(".person", has_text=name)


def kept(page: Page) -> Any:
    """What is on the phone."""
    return json.loads(page.evaluate("name => localStorage.getItem(name)", KEPT) or "null")


def test_it_shows_the_coach_the_kerb_the_time_and_only_their_own_people(chromium: Browser, desk: Desk) -> None:
    """Large: how many of how many; the rest at a glance."""
    with opened(chromium, desk, PATH, **LINK) as (page, complaints):
        expect(page.locator("[data-count] .figure")).to_have_text("4/5")
        expect(page.locator("[data-name]")).to_have_text(PARTY)
        for said in ("B3", "Halte C", "vertrekt 11.50", "4 minuten later", "instappen"):
            expect(page.locator("[data-coach]")).to_contain_text(said)
        expect(page.locator(".person")).to_have_count(5)
        assert complaints == []


def test_one_tap_says_that_everybody_is_here(chromium: Browser, desk: Desk) -> None:
    """It goes after a moment, with the name of who said it."""
    with opened(chromium, desk, PATH, **LINK) as (page, complaints):
        page.fill('[data-key="leader"]', "M. Jansen")
        page.click('[data-key="all"]')
        expect(page.locator("[data-count] .figure")).to_have_text("5/5")
        expect(row(page)).to_have_attribute("data-mine", "true")
        expect(row(page)).to_have_attribute("data-mine", "false", timeout=10_000)
        where, said = desk.day.asked[-1]
        assert where == f"t1-b3/{PARTY}"
        assert (said["leader"], len(said["persons"])) == ("M. Jansen", 1)
        expect(page.locator('[data-key="all"]')).to_have_count(0)
        assert complaints == []


def test_a_tap_can_be_taken_back_before_it_goes(chromium: Browser, desk: Desk) -> None:
    """By tapping again, or with undo: what was taken back is never sent."""
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        row(page).click()
        expect(row(page)).to_have_attribute("data-here", "true")
        row(page).click()
        expect(row(page)).to_have_attribute("data-here", "false")
        row(page).click()
        page.click('[data-key="undo"]')
        expect(page.locator("[data-count] .figure")).to_have_text("4/5")
        row(page).click()  # this one goes, and no other did
        expect(row(page)).to_have_attribute("data-mine", "false", timeout=10_000)
        expect(row(page)).to_have_attribute("data-here", "true")
        assert len([one for one in desk.day.asked if one[0].startswith("t1-b3")]) == 1


def test_who_was_scanned_cannot_be_taken_off_here(chromium: Browser, desk: Desk) -> None:
    """That is the coordinator's."""
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        expect(page.locator("button.person")).to_have_count(1)


def test_without_network_taps_are_kept_over_a_reload_and_sent_later(chromium: Browser, desk: Desk) -> None:
    """The page opens without network, too; the tap counts from when it was made."""
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        expect(row(page)).to_be_visible()
        page.evaluate(KEEPS, PATH)
        page.context.set_offline(True)
        page.click('[data-key="all"]')
        expect(page.locator("[data-notes]")).to_contain_text("op deze telefoon bewaard", timeout=10_000)
        page.reload()
        expect(page.locator("[data-count] .figure")).to_have_text("5/5")
        expect(row(page)).to_contain_text("bewaard")
        page.context.set_offline(False)
        expect(row(page)).to_have_attribute("data-mine", "false", timeout=20_000)
        said = desk.day.asked[-1][1]
        assert said["age_ms"] >= 4000
        assert kept(page)["taps"] == []


def test_when_the_run_is_over_the_names_leave_the_phone(chromium: Browser, desk: Desk) -> None:
    """As with the coordinator's."""
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        expect(row(page)).to_be_visible()
        assert LAST in json.dumps(kept(page), ensure_ascii=False)
        desk.day.states["t1-b3"] = ("closed", 0)
        desk.publish((topics.run(EVENT, "t1-b3"), run_state("t1-b3", "closed", aboard=0, listed=46)))
        expect(page.locator("[data-notes]")).to_contain_text("van deze telefoon gewist")
        expect(page.locator(".person")).to_have_count(0)
        assert LAST not in json.dumps(kept(page), ensure_ascii=False)


@pytest.mark.parametrize(
    ("state", "said"), [("planned", "nog niet begonnen"), ("departed", "is vertrokken"), ("cancelled", "vervalt")]
)
def test_when_nobody_boards_nothing_can_be_ticked(chromium: Browser, desk: Desk, state: str, said: str) -> None:
    """And the page says why."""
    desk.day.states["t1-b3"] = (state, 0)
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        expect(page.locator("[data-notes]")).to_contain_text(said)
        expect(page.locator("button.person")).to_have_count(0)
        expect(page.locator('[data-key="all"]')).to_have_count(0)


def test_a_link_that_is_not_good_any_more_is_said(chromium: Browser, desk: Desk) -> None:
    """What was tapped stays on the phone."""
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        expect(row(page)).to_be_visible()
        desk.refuse["vouch"] = (403, "scope")
        row(page).click()
        expect(page.locator("[data-notes] .stop")).to_contain_text("niet meer geldig", timeout=10_000)
        assert len(kept(page)["taps"]) == 1


def test_the_first_list_that_does_not_come_is_said_and_asked_again(chromium: Browser, desk: Desk) -> None:
    """Loading and error are states of this page, too."""
    desk.refuse["party"] = (503, "database-unreachable")
    with opened(chromium, desk, PATH, **LINK) as (page, _):
        expect(page.locator("[data-notes] .stop")).to_contain_text("database-unreachable")
        desk.refuse.clear()
        page.click('[data-key="retry"]')
        expect(page.locator("[data-count] .figure")).to_have_text("4/5")


@pytest.mark.parametrize("scope", [["t1-b3/Gemeente Zwolle"], ["t1-b2"], []])
def test_another_partys_link_or_a_viewer_does_not_open_it(chromium: Browser, desk: Desk, scope: list[str]) -> None:
    """Their own people only."""
    with opened(chromium, desk, PATH, role="viewer", scope=scope) as (page, _):
        expect(page.locator("h1")).to_have_text("Dit is niet voor jouw rol")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (1920, 1080)])
def test_it_fits_its_screen_and_everybody_can_use_it(
    chromium: Browser, desk: Desk, width: int, height: int, theme: str, language: str
) -> None:
    """Never wider than the screen, large enough for a thumb; axe-core finds nothing."""
    size: dict[str, Any] = {**LINK, "width": width, "height": height, "theme": theme, "language": language}
    with opened(chromium, desk, PATH, **size) as (page, complaints):
        expect(row(page)).to_be_visible()
        clean(page)
        box = row(page).bounding_box()
        assert box is not None
        assert box["height"] >= 48
        row(page).click()
        expect(page.locator('[data-key="undo"]')).to_be_visible()
        clean(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
