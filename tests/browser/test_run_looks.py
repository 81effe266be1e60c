"""How the coordinator's page looks and speaks: no barriers, in both languages and themes; it fits every phone."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.run_page import RunSite, badge_of, coordinator, loaded, read_badge

pytestmark = pytest.mark.browser
SMALL = """() => {
  const seen = [...document.querySelectorAll("button, a, input, [role=button]")].filter((one) => one.checkVisibility());
  const open = document.querySelector("dialog[open]");
  const here = seen.filter((one) => !open || open.contains(one));
  return here.map((one) => [one, (one.closest("label.tick, label.search") ?? one).getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < 48 || box.height < 48))
    .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${Math.round(box.width)}×${Math.round(box.height)}`);
}"""

WIDE = """() => {
  const boxes = [...document.querySelectorAll("*")].map((one) => one.getBoundingClientRect());
  return Math.max(...boxes.filter(({ width }) => width > 0).map(({ right }) => right));
}"""


def menu(page: Page, item: str) -> None:
    page.click("[data-more-menu]")
    page.click(f'[data-f="{item}"]')


def gate(page: Page) -> None:
    menu(page, "do_depart")
    page.click('[data-f="key:3"]')
    page.click('[data-f="key:ok"]')
    page.click('[data-f="anyway"]')


# what is open, and how it gets there; each is left with Escape
VIEWS: dict[str, Callable[[Page], None]] = {
    "list": lambda page: None,
    "organisations": lambda page: page.click("[data-sort]"),
    "search": lambda page: page.fill("[data-search]", "van"),
    "person": lambda page: page.locator("[data-more]").first.click(),
    "more": lambda page: page.click("[data-more-menu]"),
    "count": lambda page: page.click("[data-count]"),
    "keypad": lambda page: menu(page, "do_depart"),
    "gate": gate,
    "last-call": lambda page: page.click("[data-step]"),
    "replace": lambda page: menu(page, "do_replace"),
    "halt": lambda page: menu(page, "do_halt"),
    "log": lambda page: menu(page, "log_title"),
}


def prepared(site: RunSite) -> None:
    """Boarding is open, two are aboard, one is on two runs."""
    site.step("open")
    for rider in site.riders[:2]:
        site.board_by_hand(rider.person)
    site.board_by_hand(site.riders[3].person, "t1-b3", at_ms=site.clock.now_ms() - 1000)
    site.board_by_hand(site.riders[3].person)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["nl-NL", "en-GB"])
def test_no_barriers_in_any_view(chromium: Browser, run_site: RunSite, theme: Any, locale: str) -> None:
    """axe-core finds nothing: not in the list, not in a dialog, not in an answer to a badge."""
    prepared(run_site)
    found: dict[str, list[str]] = {}
    with coordinator(chromium, run_site, locale=locale, color_scheme=theme, reduced_motion="reduce") as (page, _, _):
        loaded(page)
        expect(page.locator(".conflict")).to_be_visible()
        for name, show in VIEWS.items():
            show(page)
            found[name] = barriers(page)
            page.keyboard.press("Escape")
        for code in (badge_of(run_site.riders[0].person), badge_of(run_site.others[0].person), "unknown"):
            read_badge(page, code)
            expect(page.locator(".verdict-word")).to_be_visible()
            found[code] = barriers(page)
        page.click('[data-f="go-on"]')
    assert {name: one for name, one in found.items() if one} == {}


def barriers(page: Page) -> list[str]:
    """What axe-core finds, each with where."""
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in violations for node in one["nodes"]]


@pytest.mark.parametrize(("width", "height"), [(320, 568), (390, 844), (844, 390)])
def test_it_fits_every_phone_and_everything_is_large_enough_for_a_glove(
    chromium: Browser, run_site: RunSite, width: int, height: int
) -> None:
    """Never wider than the screen, standing or lying; the step is on the screen; targets of 48 px or more."""
    prepared(run_site)
    found: dict[str, Any] = {}
    with coordinator(chromium, run_site, width=width, height=height, reduced_motion="reduce") as (page, _, _):
        loaded(page)
        for name, show in VIEWS.items():
            show(page)
            wide = page.evaluate(WIDE)
            found[name] = ([f"{wide} px wide"] if wide > width else []) + page.evaluate(SMALL)
            page.keyboard.press("Escape")
        step = page.locator("[data-step]").bounding_box()
        assert step is not None
        assert step["y"] + step["height"] <= height
    assert {name: one for name, one in found.items() if one} == {}


def test_the_focus_goes_into_a_dialog_and_comes_back(chromium: Browser, run_site: RunSite) -> None:
    """By keyboard alone: in, round, out, and on where it was."""
    prepared(run_site)
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        page.locator("[data-count]").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#dialog-title")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator('dialog [data-f="close"]')).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("[data-count]")).to_be_focused()


def test_the_hand_count_can_be_typed(chromium: Browser, run_site: RunSite) -> None:
    """On the keys of a keyboard too."""
    prepared(run_site)
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        menu(page, "do_depart")
        page.keyboard.type("47")
        page.keyboard.press("Backspace")
        expect(page.locator(".counted")).to_have_text("4")


def test_the_screen_can_be_dark_on_a_light_phone(chromium: Browser, run_site: RunSite) -> None:
    """What is chosen here stays here; the system's again when asked for."""
    with coordinator(chromium, run_site, color_scheme="light") as (page, _, _):
        loaded(page)
        page.click("[data-more-menu]")
        page.get_by_role("button", name="Donker").click()
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        loaded(page)
        page.click("[data-more-menu]")
        page.get_by_role("button", name="Als toestel").click()
        page.reload()
        assert page.locator("html").get_attribute("data-theme") is None


def test_the_page_can_be_installed(chromium: Browser, run_site: RunSite) -> None:
    """A manifest that opens this run, behind the same sign-in."""
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        manifest = page.evaluate("async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json()")
        assert manifest["start_url"] == "/transport/run/t1-b2"
        assert manifest["name"] == "Inloop B2"
