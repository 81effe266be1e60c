"""The coordinator's page on a phone, in a real browser over a real service: boarding, its undo, badges, languages."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from shared import topics
from tests.support.pages import CHROMIUM, EVENT, eventually, run_state
from tests.support.reader import scene, write_video
from tests.support.run_page import (
    LISTED,
    RUN,
    Rider,
    RunSite,
    badge_of,
    coordinator,
    kept,
    loaded,
    numbers,
    read_badge,
    wedge,
)

pytestmark = pytest.mark.browser


def rows(page: Page, part: str) -> Locator:
    """The rows of a part of the list."""
    return page.locator(f'[data-part="{part}"] .row')


def opened(page: Page, site: RunSite) -> None:
    """Loaded, and boarding is open at the service."""
    loaded(page)
    page.click("[data-step]")
    eventually(lambda: site.sheet().state == "boarding", "boarding is open")


def board_by_search(page: Page, rider: Rider) -> None:
    """Type what one hears of a name, and tap who is found."""
    page.fill("[data-search]", rider.name.split()[-1][:5])
    page.locator(f'[data-person="{rider.person}"] .tap').click()
    expect(page.locator("[data-search]")).to_have_value("")


def test_forty_seven_people_board_by_tap_search_scanner_and_camera_without_network(
    chromium: Browser, run_site: RunSite, tmp_path: Path
) -> None:
    """Nothing waits for the network; when it is back the service has every one of them."""
    tapped, searched, typed, held = (run_site.riders[a:b] for a, b in ((0, 21), (21, 37), (37, 43), (43, 47)))
    frames = [frame for one in held for frame in [*[scene(badge_of(one.person))] * 6, *[scene(None)] * 2]]
    video = write_video(tmp_path / "badges.y4m", frames)
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", *camera, f"--use-file-for-fake-video-capture={video}"]
    )
    with coordinator(browser, run_site) as (page, context, complaints):
        opened(page, run_site)
        kept(page)
        context.set_offline(True)
        for rider in tapped:
            page.locator(f'[data-part="waiting"] [data-person="{rider.person}"] .tap').click()
        numbers(page, 21, LISTED)
        for rider in searched:
            board_by_search(page, rider)
        numbers(page, 37, LISTED)
        for rider in typed:
            wedge(page, badge_of(rider.person))
        numbers(page, 43, LISTED)
        page.click("[data-scan]")
        expect(page.locator("badge-reader")).to_have_attribute("data-state", "reading", timeout=20_000)
        numbers(page, 47, LISTED, within_s=60)
        page.click("[data-scan]")
        expect(page.locator('[data-n="to_come"]')).to_have_text("iedereen is aan boord")
        expect(page.locator("[data-unsent]")).to_have_text(re.compile(r"^\s*47 onverstuurd"))
        assert run_site.aboard() == set()
        context.set_offline(False)
        expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0", timeout=20_000)
        assert run_site.aboard() == {one.person for one in run_site.riders}
        sheet = run_site.sheet()
        assert (sheet.numbers.scanned, sheet.numbers.manual) == (10, 37)
        assert complaints == []
    browser.close()


def test_one_tap_boards_a_second_takes_it_back_and_the_row_keeps_still(chromium: Browser, run_site: RunSite) -> None:
    """No other name slides under the finger between the two taps; the log has both."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        first = rows(page, "waiting").first
        person, before = first.get_attribute("data-person"), first.bounding_box()
        first.locator(".tap").click()
        expect(first.locator(".tap")).to_have_attribute("aria-pressed", "true")
        assert first.bounding_box() == before
        eventually(lambda: run_site.aboard() == {person}, "aboard at the service")
        first.locator(".tap").click()
        expect(first.locator(".tap")).to_have_attribute("aria-pressed", "false")
        numbers(page, 0, LISTED)
        eventually(lambda: run_site.aboard() == set(), "taken back at the service")
        page.click("[data-more-menu]")
        page.click('[data-f="log_title"]')
        expect(page.locator(".log").first).to_contain_text("teruggedraaid")
        assert complaints == []


def test_who_is_aboard_moves_below_once_the_hand_rests(chromium: Browser, run_site: RunSite) -> None:
    """On top stays who is still waited for."""
    with coordinator(chromium, run_site) as (page, _, _):
        opened(page, run_site)
        person = rows(page, "waiting").first.get_attribute("data-person")
        page.locator(f'[data-person="{person}"] .tap').click()
        expect(page.locator(f'[data-part="aboard"] [data-person="{person}"]')).to_be_visible(timeout=10_000)
        expect(rows(page, "waiting")).to_have_count(LISTED - 1)


def test_the_toast_takes_back_what_it_names(chromium: Browser, run_site: RunSite) -> None:
    """One tap for who tapped the wrong name."""
    with coordinator(chromium, run_site) as (page, _, _):
        opened(page, run_site)
        rows(page, "waiting").first.locator(".tap").click()
        expect(page.locator("[data-toast-text]")).to_contain_text("is aan boord")
        page.click("[data-toast-undo]")
        numbers(page, 0, LISTED)
        eventually(lambda: run_site.aboard() == set(), "taken back at the service")


def test_a_person_can_be_called_and_settled_with_a_reason(chromium: Browser, run_site: RunSite) -> None:
    """Telephone one tap away; another run takes them, the seat moves; and it can be taken back."""
    rider = run_site.riders[0]
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        page.locator(f'[data-more="{rider.person}"]').click()
        assert page.locator("dialog .call").get_attribute("href") == f"tel:{rider.phone.replace(' ', '')}"
        page.click(f'[data-f="other:{rider.person}"]')
        page.click(f'[data-f="run:t1-b3:{rider.person}"]')
        expect(page.locator("dialog")).to_contain_text("andere rit")
        eventually(lambda: rider.person in {one.person for one in run_site.sheet("t1-b3").persons or ()}, "on B3")
        page.keyboard.press("Escape")
        numbers(page, 0, LISTED - 1)
        assert complaints == []


def test_a_long_press_opens_the_person_and_boards_nobody(chromium: Browser, run_site: RunSite) -> None:
    """With a glove the row is easier to hit than the three dots."""
    with coordinator(chromium, run_site) as (page, _, _):
        opened(page, run_site)
        tap = rows(page, "waiting").first.locator(".tap")
        tap.dispatch_event("pointerdown")
        expect(page.locator("dialog[open]")).to_be_visible()
        numbers(page, 0, LISTED)


def test_somebody_who_is_not_on_the_list_is_found_among_everybody_and_taken_along(
    chromium: Browser, run_site: RunSite
) -> None:
    """A walk-on, and it says that they had a seat on another run."""
    walk_on = run_site.others[0]
    run_site.checkin.checkin.people = [
        one for one in run_site.checkin.checkin.people if one.person == walk_on.person
    ]  # check-in's search is its own: here it finds this one
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        page.fill("[data-search]", walk_on.name[:6])
        page.locator("[data-others] .tap").first.click()
        numbers(page, 1, LISTED + 1)
        eventually(lambda: run_site.aboard() == {walk_on.person}, "aboard at the service")
        expect(page.locator("[data-toast-text]")).to_contain_text("had een plek op een andere rit")
        assert complaints == []


def test_a_group_is_vouched_for_in_one_tap_and_taken_back(chromium: Browser, run_site: RunSite) -> None:
    """The roll call by organisation: how many of how many, and a tick when all are there."""
    party = run_site.sheet().parties[0]
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        page.click("[data-sort]")
        group = page.locator('[data-part="party"]', has_text=party.name).first
        expect(group.locator(".part-count")).to_have_text(f"0/{party.listed}")
        group.locator(".vouch").click()
        expect(group.locator(".part-count")).to_have_text(re.compile(f"^{party.listed}/{party.listed}"))
        eventually(lambda: len(run_site.aboard()) == party.listed, "the party is aboard at the service")
        page.click("[data-toast-undo]")
        expect(group.locator(".part-count")).to_have_text(f"0/{party.listed}")
        eventually(lambda: run_site.aboard() == set(), "taken back at the service")
        assert complaints == []


def test_people_without_names_are_a_number(chromium: Browser, run_site: RunSite) -> None:
    """Plus one, minus one, and a group with its leader."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        page.click("[data-count]")
        for key in ("plus", "plus", "plus", "minus"):
            page.click(f".key.{key}")
        expect(page.locator(".nameless")).to_have_text("2")
        page.fill("#leader", "Mevrouw de Wit")
        page.click('[data-f="more"]')
        page.click('[data-f="add"]')
        expect(page.locator(".nameless")).to_have_text("5")
        eventually(lambda: run_site.sheet().numbers.nameless == 5, "five without a name at the service")
        page.click('[data-f="done"]')
        expect(page.locator("[data-facts]")).to_contain_text("5 zonder naam")
        assert complaints == []


def test_a_badge_is_answered_over_the_whole_screen(chromium: Browser, run_site: RunSite) -> None:
    """Welcome, already in, other run, unknown: colour, picture, word; who had a seat elsewhere is named."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        screen = page.locator("[data-verdict]")
        read_badge(page, badge_of(run_site.riders[0].person))
        expect(screen).to_have_attribute("data-answer", "admit")
        expect(screen).to_contain_text(run_site.riders[0].name)
        assert screen.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
        expect(screen).to_be_hidden(timeout=10_000)
        read_badge(page, badge_of(run_site.riders[0].person))
        expect(screen).to_have_attribute("data-answer", "again")
        read_badge(page, badge_of(run_site.others[0].person))
        expect(screen).to_have_attribute("data-answer", "warn")
        expect(screen.locator('[role="alert"]')).to_contain_text("Let op: andere rit")
        expect(screen).to_contain_text(run_site.others[0].name)
        read_badge(page, "of another event")
        expect(screen).to_have_attribute("data-answer", "refuse")
        page.click('[data-f="go-on"]')
        expect(screen).to_be_hidden()
        assert run_site.aboard() == {run_site.riders[0].person, run_site.others[0].person}
        assert complaints == []


def test_a_badge_that_the_list_does_not_know_is_stored_and_its_answer_comes_up_later(
    chromium: Browser, run_site: RunSite
) -> None:
    """Without network: stored. Later: the answer, with the time of the badge, because somebody went on with stored."""
    with coordinator(chromium, run_site) as (page, context, _):
        opened(page, run_site)
        context.set_offline(True)
        read_badge(page, "of another event")
        screen = page.locator("[data-verdict]")
        expect(screen).to_have_attribute("data-answer", "stored")
        expect(screen).to_contain_text("Bewaard")
        expect(screen).to_be_hidden(timeout=10_000)
        context.set_offline(False)
        expect(screen).to_have_attribute("data-answer", "refuse", timeout=20_000)
        expect(screen).to_contain_text("Antwoord op de badge van 11.3")


def test_who_comes_after_departure_is_refused_and_taken_all_the_same(chromium: Browser, run_site: RunSite) -> None:
    """Software alone refuses nobody who stands in the door: recorded, and flagged."""
    with coordinator(chromium, run_site) as (page, _, _):
        opened(page, run_site)
        run_site.step("depart", counted=0, reason="test", name="M. Jansen")
        page.reload()
        loaded(page)
        read_badge(page, badge_of(run_site.riders[0].person))
        screen = page.locator("[data-verdict]")
        expect(screen).to_have_attribute("data-answer", "refuse")
        page.click('[data-f="take"]')
        eventually(lambda: run_site.aboard() == {run_site.riders[0].person}, "aboard at the service")
        expect(page.locator("[data-toast-text]")).to_contain_text("na vertrek")


def test_what_another_phone_did_shows_when_the_board_tells(chromium: Browser, run_site: RunSite) -> None:
    """The stream says that the run changed: the sheet is asked for at once, not after twenty seconds."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        opened(page, run_site)
        run_site.board_by_hand(run_site.riders[3].person)
        run_site.checkin.publish((topics.run(EVENT, RUN), run_state(RUN, "boarding", aboard=1, listed=LISTED)))
        numbers(page, 1, LISTED)
        assert complaints == []


def test_the_language_changes_at_once_without_network_and_stays(chromium: Browser, run_site: RunSite) -> None:
    """All words are on the phone."""
    with coordinator(chromium, run_site) as (page, context, complaints):
        opened(page, run_site)
        context.set_offline(True)
        page.click("[data-more-menu]")
        page.get_by_role("button", name="English").click()
        expect(page.locator("dialog")).to_contain_text("Breakdown")
        page.keyboard.press("Escape")
        expect(page.locator('[data-n="to_come"]')).to_have_text("47 still to come")
        expect(page.locator("[data-when]")).to_contain_text("11:42")
        context.set_offline(False)
        page.reload()
        loaded(page)
        expect(page.locator("[data-step]")).to_have_text("Last call")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        assert complaints == []


def test_the_thumb_can_be_the_left_one(chromium: Browser, run_site: RunSite) -> None:
    """What is pressed most is on the thumb's side."""
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        right = page.locator("[data-step]").bounding_box()
        page.click("[data-more-menu]")
        page.get_by_role("button", name="Links").click()
        page.keyboard.press("Escape")
        left = page.locator("[data-step]").bounding_box()
        assert right is not None
        assert left is not None
        assert left["x"] < right["x"]
        page.reload()
        expect(page.locator("body")).to_have_attribute("data-hand", "left")


def test_a_coordinator_of_another_run_is_not_let_in(chromium: Browser, run_site: RunSite) -> None:
    """Their own runs, and no others."""
    with coordinator(chromium, run_site, scope=["t1-b1"]) as (page, _, _):
        expect(page.locator("h1")).to_have_text("Dit is niet voor jouw rol")
