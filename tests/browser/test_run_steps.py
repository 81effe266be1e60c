"""The steps of a run on the coordinator's phone: last call, the gate, the road, the empty coach; and trouble."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.pages import eventually
from tests.support.run_page import LISTED, RunSite, coordinator, loaded, numbers

pytestmark = pytest.mark.browser


def tap_all(page: Page, site: RunSite, first: int) -> None:
    """Put the first few of the list in the run by hand."""
    for rider in site.riders[:first]:
        page.locator(f'[data-part="waiting"] [data-person="{rider.person}"] .tap').click()


def count(page: Page, heads: int) -> None:
    """The hand count, on the big keys."""
    for digit in str(heads):
        page.click(f'[data-f="key:{digit}"]')
    page.click('[data-f="key:ok"]')


def boarded(page: Page, site: RunSite, aboard: int) -> None:
    """Boarding is open, and some are in."""
    loaded(page)
    page.click("[data-step]")
    tap_all(page, site, aboard)
    numbers(page, aboard, LISTED)


def test_last_call_says_who_is_missing_and_what_waiting_costs(chromium: Browser, run_site: RunSite) -> None:
    """Wait or go: who, last place and time, telephone, free seats after this; waiting is one tap and can be undone."""
    with coordinator(chromium, run_site) as (page, context, complaints):
        boarded(page, run_site, 44)
        eventually(lambda: len(run_site.aboard()) == 44, "44 at the service")
        context.set_offline(True)  # the card needs no network
        page.click("[data-step]")
        card = page.locator("dialog")
        expect(card.locator(".open")).to_have_count(3)
        missing = run_site.riders[44]
        expect(card).to_contain_text(missing.name)
        expect(card).to_contain_text("Grote Kerk 11.30")
        telephone = card.get_by_role("link", name=f"Bel {missing.name}")
        expect(telephone).to_have_attribute("href", f"tel:{missing.phone.replace(' ', '')}")
        expect(card).to_contain_text("B3 11.46 · 35 vrij")
        card.get_by_role("button", name="Wacht 5 min").click()
        expect(page.locator("[data-when]")).to_contain_text("vertrek 11.47")
        page.keyboard.press("Escape")
        page.click("[data-toast-undo]")
        context.set_offline(False)
        eventually(lambda: run_site.sheet().state == "last_call", "last call at the service")
        eventually(lambda: run_site.sheet().times.late_ms == 0, "not late at the service")
        assert complaints == []


def test_the_gate_opens_when_the_count_fits_and_everybody_is_settled(chromium: Browser, run_site: RunSite) -> None:
    """Counted 46, known 45: who? The likely one is boarded, who is missing is settled; only then it departs."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        boarded(page, run_site, 45)
        page.click("[data-step]")
        page.keyboard.press("Escape")
        page.click("[data-step]")
        count(page, 46)
        dialog = page.locator("dialog")
        expect(dialog).to_contain_text("46 geteld, 45 bekend: wie zit er nog meer?")
        expect(dialog.locator(".likely")).to_have_count(2)
        expect(dialog.locator('[data-f="depart"]')).to_have_count(0)
        dialog.locator(".likely .chip").first.click()
        expect(dialog).to_contain_text("het klopt")
        expect(dialog.locator('[data-f="depart"]')).to_have_count(0)
        dialog.locator(".open").get_by_role("button", name="Eigen vervoer").click()
        page.click('[data-f="depart"]')
        expect(page.locator("[data-chip]")).to_have_text("Onderweg")
        eventually(lambda: run_site.sheet().state == "departed", "departed at the service")
        sheet = run_site.sheet()
        assert (sheet.numbers.aboard, sheet.numbers.difference, sheet.numbers.left_behind) == (46, 0, 0)
        assert complaints == []


def test_fewer_counted_than_known_asks_who_is_not_in(chromium: Browser, run_site: RunSite) -> None:
    """The other way round: somebody got out unseen."""
    with coordinator(chromium, run_site) as (page, _, _):
        boarded(page, run_site, 3)
        page.click("[data-more-menu]")
        page.click('[data-f="do_depart"]')
        count(page, 2)
        dialog = page.locator("dialog")
        expect(dialog).to_contain_text("2 geteld, 3 bekend: wie zit er niet in?")
        dialog.locator(".likely .chip").first.click()
        expect(dialog).to_contain_text("het klopt")
        numbers(page, 2, LISTED)


def test_somebody_may_decide_by_name_and_with_a_reason_and_it_can_be_opened_again(
    chromium: Browser, run_site: RunSite
) -> None:
    """Without network too: the record has who and why; within two minutes boarding is opened again, with a reason."""
    with coordinator(chromium, run_site) as (page, context, complaints):
        boarded(page, run_site, 2)
        context.set_offline(True)
        page.click("[data-more-menu]")
        page.click('[data-f="do_depart"]')
        count(page, 3)
        page.click('[data-f="anyway"]')
        go = page.locator('[data-f="override"]')
        expect(go).to_be_disabled()
        page.fill("#by", "M. Jansen")
        expect(go).to_be_disabled()
        page.fill("#reason", "de straat moet vrij")
        go.click()
        expect(page.locator('[data-n="to_come"]')).to_have_text("45 achtergebleven")
        page.click("[data-more-menu]")
        page.click('[data-f="do_reopen"]')
        page.click('[data-f="somebody_came"]')
        page.click('[data-f="yes"]')
        numbers(page, 2, LISTED)
        context.set_offline(False)
        expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0", timeout=20_000)
        sheet = run_site.sheet()
        assert sheet.state == "boarding"
        assert [one.by for one in sheet.acts if one.kind == "depart"] == ["M. Jansen"]
        assert complaints == []


def test_from_departure_to_the_empty_coach(chromium: Browser, run_site: RunSite) -> None:
    """Arrived, all got off, who was left behind is settled, somebody walked to the back; only then it closes."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        boarded(page, run_site, 5)
        eventually(lambda: len(run_site.aboard()) == 5, "five at the service")
        run_site.excuse(*[one.person for one in run_site.riders[6:]])
        run_site.step("depart", counted=6, reason="test", name="M. Jansen")
        page.reload()
        loaded(page)
        page.click("[data-step]")
        page.click('[data-f="yes"]')
        expect(page.locator("[data-chip]")).to_have_text("Aangekomen")
        page.click("[data-step]")
        dialog, close = page.locator("dialog"), page.locator('[data-f="close-run"]')
        expect(dialog).to_contain_text("5 reden mee en zijn hier nog niet gezien.")
        expect(close).to_be_disabled()
        page.click('[data-f="alight"]')
        expect(dialog).to_contain_text("Iedereen die meereed is hier gezien.")
        dialog.get_by_role("button", name="Bij Grote Kerk").click()
        page.fill("#settle", "de chauffeur meegeteld")
        page.click('[data-f="settle"]')
        expect(close).to_be_disabled()
        page.check("#empty", force=True)
        close.click()
        expect(page.locator("[data-over]")).to_contain_text("van dit toestel gewist", timeout=15_000)
        assert run_site.sheet().state == "closed"
        assert complaints == []


def test_a_tap_after_arrival_says_that_somebody_was_seen(chromium: Browser, run_site: RunSite) -> None:
    """One by one as they get off; again takes it back."""
    with coordinator(chromium, run_site) as (page, _, _):
        boarded(page, run_site, 2)
        eventually(lambda: len(run_site.aboard()) == 2, "two at the service")
        run_site.step("depart", counted=2, reason="test", name="M. Jansen")
        run_site.step("arrive")
        page.reload()
        loaded(page)
        numbers(page, 0, 2)
        row = page.locator('[data-part="unsure"] .row').first
        person = row.get_attribute("data-person")
        row.locator(".tap").click()
        numbers(page, 1, 2)
        eventually(lambda: run_site.how(person) == "manual", "seen by hand at the service")


def test_a_breakdown_and_a_relief_coach(chromium: Browser, run_site: RunSite) -> None:
    """Halted with a reason; another coach takes the run over, and a count makes everybody certain again."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        boarded(page, run_site, 4)
        eventually(lambda: len(run_site.aboard()) == 4, "four at the service")
        page.click("[data-more-menu]")
        page.click('[data-f="do_halt"]')
        page.fill("#why", "lekke band")
        page.click('[data-f="yes"]')
        expect(page.locator("[data-chip]")).to_have_text("Stilgezet")
        page.click("[data-more-menu]")
        page.click('[data-f="do_replace"]')
        page.click('[data-f="coach:r1"]')
        expect(page.locator("[data-facts]")).to_contain_text("4 opnieuw te tellen")
        eventually(lambda: run_site.sheet().coach.coach == "r1", "the relief coach at the service")
        assert run_site.sheet().numbers.provisional == 4
        page.click("[data-more-menu]")
        page.click('[data-f="do_depart"]')
        count(page, 4)
        expect(page.locator("dialog")).to_contain_text("het klopt")
        eventually(lambda: run_site.sheet().numbers.provisional == 0, "counted again at the service")
        assert complaints == []


def test_a_relief_coach_that_nobody_had_planned(chromium: Browser, run_site: RunSite) -> None:
    """Name and seats are enough; plate and wheelchair places when there are any."""
    with coordinator(chromium, run_site) as (page, _, _):
        boarded(page, run_site, 1)
        page.click("[data-more-menu]")
        page.click('[data-f="do_replace"]')
        expect(page.locator('[data-f="yes"]')).to_be_disabled()
        page.fill("#coach-name", "Taxibus Jansen")
        page.fill("#coach-seats", "8")
        page.fill("#coach-plate", "00-ZZ-99")
        page.click('[data-f="yes"]')
        eventually(lambda: run_site.sheet().coach.name == "Taxibus Jansen", "the coach at the service")
        assert (run_site.sheet().numbers.seats, run_site.sheet().coach.plate) == (8, "00-ZZ-99")


def test_a_run_can_be_cancelled_before_it_departs(chromium: Browser, run_site: RunSite) -> None:
    """It is asked once more; the names leave the phone."""
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        page.click("[data-more-menu]")
        page.click('[data-f="do_cancel"]')
        page.click('[data-f="no"]')
        assert run_site.sheet().state == "planned"
        page.click("[data-more-menu]")
        page.click('[data-f="do_cancel"]')
        page.click('[data-f="yes"]')
        expect(page.locator("[data-over]")).to_contain_text("Deze rit is vervallen")
        eventually(lambda: run_site.sheet().state == "cancelled", "cancelled at the service")


def test_a_second_phone_gets_a_link_by_a_code(chromium: Browser, run_site: RunSite) -> None:
    """For this run and no other, read from this screen."""
    with coordinator(chromium, run_site) as (page, _, complaints):
        loaded(page)
        page.click("[data-more-menu]")
        page.click('[data-f="share_title"]')
        expect(page.locator(".share img")).to_be_visible()
        assert complaints == []


def test_the_contact_of_a_group_gets_a_link_to_their_own_people(chromium: Browser, run_site: RunSite) -> None:
    """By a code beside the group's roll call; it opens the group's own page, and nothing else."""
    asked: list[Any] = []
    with coordinator(chromium, run_site) as (page, _, complaints):
        page.on("request", lambda one: asked.append(one.post_data_json) if one.url.endswith("/links") else None)
        loaded(page)
        page.click("[data-sort]")
        page.locator("[data-share]").first.click()
        expect(page.locator(".share img")).to_be_visible()
        party = run_site.sheet().parties[0]
        expect(page.locator("#dialog-title")).to_have_text(f"Voor het contact van {party.name}")
        assert asked == [{"kind": "party", "party": party.party}]
        assert complaints == []
