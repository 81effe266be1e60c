"""The page of a transfer in a real browser: headcounts per location, run by run, the sum, and any moment."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shared import topics
from tests.support.desk import Desk, clean, opened, serve_desk
from tests.support.pages import EVENT, run_state
from transport.web import dispatch_page, transfer_page

pytestmark = pytest.mark.browser
PATH = "/transport/transfer/t1"
THEN = "2024-01-11T10:30:00.000Z"  # 11.30 in Almelo


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The made-up day at 11.42, served."""
    served = serve_desk(dispatch_page.blueprint, transfer_page.blueprint)
    yield served
    served.stop()


def place(page: Page, identity: str, name: str) -> Any:
    return page.locator(f'[data-place="{identity}"] [data-cell="{name}"]')


def run(page: Page, identity: str, name: str) -> Any:
    return page.locator(f'[data-run="{identity}"] [data-cell="{name}"]')


def test_each_location_has_its_headcount_before_left_aboard_arrived_and_who_is_not_there(
    chromium: Browser, desk: Desk
) -> None:
    """The user's question in one row a location."""
    with opened(chromium, desk, PATH) as (page, complaints):
        shown = {"here": "41", "before": "289", "left": "248", "aboard": "101", "left_behind": "1", "missing": "2"}
        for name, number in shown.items():
            expect(place(page, "grote-kerk", name)).to_have_text(number)
        for name, number in {"here": "12", "arrived": "12", "unconfirmed": "3", "own_travel": "3"}.items():
            expect(place(page, "indie-almelo", name)).to_have_text(number)
        assert complaints == []


def test_every_run_has_a_row_under_where_it_goes(chromium: Browser, desk: Desk) -> None:
    """From → to, a row a run, and what a leg comes to."""
    with opened(chromium, desk, PATH) as (page, _):
        expect(page.locator('[data-leg="t1-indie"] .run-row')).to_have_count(4)
        expect(page.locator('[data-leg="t1-hagedoorn"] .leg-head')).to_contain_text("Grote Kerk → naar De Hagedoorn")
        expect(run(page, "t1-b3", "aboard")).to_have_text("28")
        expect(run(page, "t1-h1", "difference")).to_have_text("+1")
        expect(page.locator('[data-run="t1-b3"]')).to_contain_text("4 minuten later")
        expect(page.locator('[data-leg="t1-indie"] .leg-sum td').nth(1)).to_have_text("132")
        expect(page.locator('[data-run="t1-b1"] a')).to_have_attribute("href", "/transport/run/t1-b1")


def test_a_number_says_on_a_tap_how_sure_it_is(chromium: Browser, desk: Desk) -> None:
    """Solid where badges were read; a dotted line where some follow from an arrival or were counted only."""
    with opened(chromium, desk, PATH) as (page, _):
        number = page.locator('[data-key="here:indie-almelo"]')
        expect(number).to_have_css("text-decoration-style", "dotted")
        expect(page.locator('[data-key="here:grote-kerk"]')).not_to_have_css("text-decoration-style", "dotted")
        number.click()
        expect(page.locator("#why")).to_contain_text("3 volgen uit een aankomst")
        expect(page.locator("#why")).to_contain_text("9 gescand")
        page.keyboard.press("Escape")
        page.click('[data-key="aboard:t1-b1"]')
        expect(page.locator("#why")).to_contain_text("1 geteld zonder naam")


def test_the_sum_is_shown_with_its_proof(chromium: Browser, desk: Desk) -> None:
    """Places, underway, aboard, away and expected are everybody."""
    with opened(chromium, desk, PATH) as (page, _):
        expect(page.locator(".equation")).to_have_attribute("data-holds", "true")
        figures = [int(text) for text in page.locator(".equation .figure").all_inner_texts()]
        assert sum(figures[:-1]) == figures[-1] == len(desk.day.people)
        page.click('[data-key="proof"]')
        amounts = [int(text) for text in page.locator(".proof-lines .amount").all_inner_texts()]
        assert sum(amounts) == figures[-1]


def test_a_sum_that_breaks_is_an_alarm(chromium: Browser, desk: Desk) -> None:
    """Somebody who is nowhere must not be overlooked."""
    desk.day.lost = 1
    with opened(chromium, desk, PATH) as (page, _):
        expect(page.locator("[data-sum] [role=alert]")).to_contain_text("312 opgeteld, 313 geregistreerd")
        expect(page.locator(".proof-lines")).to_be_visible()


def test_who_is_missing_is_named_and_can_be_called(chromium: Browser, desk: Desk) -> None:
    """Last place, last time, and the phone one tap away; a tap on a number shows who they are."""
    with opened(chromium, desk, PATH) as (page, _):
        missing = page.locator('.group[data-kind="missing"]')
        expect(missing.locator(".somebody")).to_have_count(2)
        expect(missing).to_contain_text("Grote Kerk 11.29")
        expect(missing.locator("a").first).to_have_attribute("href", "tel:+31600001021")
        page.click('[data-key="unconfirmed:indie-almelo"]')
        expect(page.locator(".group")).to_have_count(1)
        expect(page.locator('.group[data-kind="unconfirmed"] .somebody')).to_have_count(3)
        page.click('[data-key="unpick"]')
        expect(missing).to_be_visible()


def test_a_viewer_sees_numbers_and_no_name(chromium: Browser, desk: Desk) -> None:
    """The same page; names are for coordinators and organisers."""
    with opened(chromium, desk, PATH, role="viewer") as (page, complaints):
        expect(page.locator("[data-names]")).to_contain_text("alleen aantallen")
        expect(page.locator("[data-names] dd").first).to_have_text("2")
        expect(page.locator("[data-names] a")).to_have_count(0)
        expect(page.locator(".runs-table a")).to_have_count(0)
        assert complaints == []


def test_any_moment_can_be_asked_for_and_what_was_known_then(chromium: Browser, desk: Desk) -> None:
    """The address carries it, the files are of the same moment, and what came to light later is marked."""
    with opened(chromium, desk, PATH) as (page, complaints):
        expect(place(page, "indie-almelo", "arrived")).to_have_text("12")
        page.fill('[data-key="exact"]', "11:30")
        expect(page.locator("[data-note]")).to_contain_text("Stand van 11.30, met wat we nu weten.")
        page.click('[data-key="known:then"]')
        expect(place(page, "indie-almelo", "arrived")).to_have_text("2nu 12")
        assert ("transfer", {"at": THEN, "known": THEN}) in desk.day.asked
        assert page.url.endswith("?at=2024-01-11T10%3A30%3A00.000Z&known=2024-01-11T10%3A30%3A00.000Z")
        expect(page.locator("[data-file]").first).to_have_attribute("href", page.url.replace("/t1?", "/t1.pdf?"))
        page.reload()
        expect(place(page, "indie-almelo", "arrived")).to_have_text("2nu 12")
        page.click('[data-key="back"]')
        expect(place(page, "indie-almelo", "arrived")).to_have_text("12")
        expect(page.locator("[data-file]").first).to_have_attribute("href", f"{desk.url}{PATH}.pdf")
        assert complaints == []


def test_the_slider_goes_back_and_cannot_go_beyond_now(chromium: Browser, desk: Desk) -> None:
    """By keyboard as well as by finger."""
    with opened(chromium, desk, PATH) as (page, _):
        expect(place(page, "indie-almelo", "arrived")).to_have_text("12")
        slider = page.locator('[data-key="slide"]')
        slider.focus()
        for _step in range(3):
            slider.press("ArrowLeft")
        expect(page.locator("[data-note]")).to_contain_text("Stand van 11.39")
        slider.press("End")
        expect(page.locator("[data-note]")).to_be_empty()
        expect(page.locator('[data-key="now"]')).to_have_attribute("aria-pressed", "true")


def test_it_is_live(chromium: Browser, desk: Desk) -> None:
    """A run that changes is seen without a tap."""
    with opened(chromium, desk, PATH) as (page, _):
        expect(run(page, "t1-b3", "listed")).to_have_text("46")
        gone = desk.day.on("t1-b3")[0]
        del desk.day.seats[f"t1:{gone}"]
        desk.publish((topics.run(EVENT, "t1-b3"), run_state("t1-b3", "boarding", aboard=28, listed=45)))
        expect(run(page, "t1-b3", "listed")).to_have_text("45")


def test_without_an_answer_it_says_why_and_tries_again(chromium: Browser, desk: Desk) -> None:
    """Nothing is shown that is not known."""
    desk.refuse["transfer"] = (503, "database-unreachable")
    with opened(chromium, desk, PATH) as (page, _):
        expect(page.locator("[data-trouble] [role=alert]")).to_contain_text("database-unreachable")
        expect(page.locator(".places-table")).to_have_count(0)
        desk.refuse.clear()
        page.click('[data-key="retry"]')
        expect(place(page, "grote-kerk", "here")).to_have_text("41")
        expect(page.locator("[data-trouble]")).to_be_empty()


def test_numbers_that_stand_still_say_since_when(chromium: Browser, desk: Desk) -> None:
    """The last that was known stays in sight."""
    with opened(chromium, desk, PATH) as (page, _):
        expect(place(page, "grote-kerk", "here")).to_have_text("41")
        page.context.set_offline(True)
        expect(page.locator("[data-stale-text]")).to_contain_text("geen netwerk sinds 11.4")
        expect(place(page, "grote-kerk", "here")).to_have_text("41")
        page.context.set_offline(False)
        expect(page.locator("[data-stale]")).to_be_hidden(timeout=15_000)


def test_a_transfer_that_is_not_there_is_a_page_that_says_so(chromium: Browser, desk: Desk) -> None:
    """404, in words."""
    with opened(chromium, desk, "/transport/transfer/t9") as (page, _):
        expect(page.locator("h1")).to_have_text("Deze pagina bestaat niet")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (1920, 1080)])
def test_it_fits_its_screen_and_everybody_can_use_it(
    chromium: Browser, desk: Desk, width: int, height: int, theme: str, language: str
) -> None:
    """Never wider than the screen; axe-core finds nothing, now, of the past, and with the alarm."""
    desk.day.lost = 1
    size: dict[str, Any] = {"width": width, "height": height, "theme": theme, "language": language}
    with opened(chromium, desk, f"{PATH}?at={THEN}&known={THEN}", **size) as (page, complaints):
        expect(place(page, "grote-kerk", "here")).to_contain_text("41")
        clean(page)
        page.click('[data-key="aboard:t1-b1"]')
        clean(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
