"""The dispatcher's, a transfer's and a party's page on the real service: what they show and change is what it knows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from shared.web.tokens import Role
from tests.support.run_page import RUN, RunSite

pytestmark = pytest.mark.browser
pytest_plugins = ["tests.support.run_page"]


@contextmanager
def visit(
    browser: Browser, site: RunSite, path: str, *scope: str, role: Role = "organiser", width: int = 1440
) -> Iterator[tuple[Page, list[str]]]:
    """A page that somebody signed in to, and what the browser complained of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="nl-NL")
    with closing(context):
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        context.request.get(f"{site.url}/sign-in?token={site.token(role, *scope)}", max_redirects=0)
        page.goto(site.url + path)
        yield page, complaints


@pytest.fixture
def boarding(run_site: RunSite) -> RunSite:
    """B2 boards 47, of whom 35 are in; B3 boards 14."""
    run_site.step("open")
    run_site.step("open", run="t1-b3")
    for one in run_site.riders[5:40]:
        run_site.board_by_hand(one.person)
    return run_site


def listed(site: RunSite, run: str) -> int:
    return site.sheet(run).numbers.listed


def test_an_organisation_moves_to_another_run_and_back(chromium: Browser, boarding: RunSite) -> None:
    """The seats of the service change with "do it", and are as they were after "undo"."""
    with visit(chromium, boarding, "/transport/") as (page, complaints):
        page.click(f'[data-run="{RUN}"]')
        page.click('[data-key="org:Gemeente Alkmaar"]')
        page.click('[data-key="move"]')
        page.click('[data-key="to:t1-b3"]')
        expect(page.locator(".change").first).to_contain_text("47 → 43/50")
        assert (listed(boarding, RUN), listed(boarding, "t1-b3")) == (47, 14)
        page.click('[data-key="apply"]')
        expect(page.locator(".foot")).to_contain_text("Gedaan: 4 mensen.")
        assert (listed(boarding, RUN), listed(boarding, "t1-b3")) == (43, 18)
        page.click('[data-key="undo"]')
        expect(page.locator(".foot")).to_contain_text("Ongedaan gemaakt")
        assert (listed(boarding, RUN), listed(boarding, "t1-b3")) == (47, 14)
        assert complaints == []


def test_a_coach_that_does_not_come_is_emptied_before_anything_changes(chromium: Browser, boarding: RunSite) -> None:
    """The service's own reasons are shown, and the proposal stays in the history."""
    with visit(chromium, boarding, "/transport/") as (page, complaints):
        page.click('[data-tool="what-if"]')
        page.click('[data-key="choose:coach:b2"]')
        page.click('[data-key="go"]')
        expect(page.locator("[data-side]")).to_contain_text("Het raakt 47 mensen.")
        expect(page.locator(".why")).to_contain_text("B2 komt niet")
        assert listed(boarding, RUN) == 47
        page.click('[data-tool="history"]')
        expect(page.locator(".past")).to_contain_text("voorgesteld")
        assert complaints == []


@pytest.mark.parametrize("prefer", ["fewest", "evenest"])
def test_a_new_allocation_can_be_asked_for(chromium: Browser, boarding: RunSite, prefer: str) -> None:
    """Both preferences are ones that the service knows."""
    with visit(chromium, boarding, "/transport/") as (page, complaints):
        page.click('[data-tool="plan"]')
        page.click(f'[data-key="choose:prefer:{prefer}"]')
        page.click('[data-key="go"]')
        expect(page.locator("[data-title]")).to_have_text("Nieuwe indeling")
        expect(page.locator(".foot")).to_be_visible()
        expect(page.locator("[data-side] .note.stop")).to_have_count(0)
        assert complaints == []


def test_a_spare_coach_takes_a_run_over(chromium: Browser, boarding: RunSite) -> None:
    """Letter K: the run stands in the row of the relief coach, its plan in the row of the one that broke down."""
    with visit(chromium, boarding, "/transport/") as (page, complaints):
        page.click(f'[data-run="{RUN}"]')
        page.click('[data-key="broken"]')
        expect(page.locator(".effect")).to_contain_text("35 mensen stappen over")
        page.click('[data-key="go"]')
        expect(page.locator(f'[data-coach="r1"] [data-run="{RUN}"]')).to_be_visible()
        expect(page.locator('[data-coach="b2"] .taken')).to_contain_text("overgenomen door Reserve 1")
        sheet = boarding.sheet()
        assert (sheet.coach.coach, sheet.numbers.provisional) == ("r1", 35)
        assert complaints == []


def test_a_coach_that_nobody_planned_takes_a_run_over(chromium: Browser, boarding: RunSite) -> None:
    """By its name, seats and plate."""
    with visit(chromium, boarding, "/transport/") as (page, complaints):
        page.click(f'[data-run="{RUN}"]')
        page.click('[data-key="broken"]')
        page.click('[data-key="choose:relief:"]')
        page.fill('[data-key="field:name"]', "Taxibus Jansen")
        page.fill('[data-key="field:seats"]', "60")
        page.click('[data-key="go"]')
        expect(page.locator(".row", has_text="Taxibus Jansen").locator(f'[data-run="{RUN}"]')).to_be_visible()
        assert boarding.sheet().coach.seats == 60
        assert complaints == []


def test_a_coordinator_of_one_run_sees_that_run(chromium: Browser, boarding: RunSite) -> None:
    """Nothing of other runs, and no decision that is the organiser's."""
    with visit(chromium, boarding, "/transport/", RUN, role="coordinator") as (page, complaints):
        expect(page.locator(f'[data-run="{RUN}"] .count')).to_have_text("35/47")
        expect(page.locator("[data-run]")).to_have_count(1)
        expect(page.locator("[data-tool]")).to_have_text(["Pech"])
        assert complaints == []


def test_the_transfer_shows_what_the_service_knows_and_that_it_adds_up(chromium: Browser, boarding: RunSite) -> None:
    """35 aboard by hand; the sum is everybody who is registered."""
    with visit(chromium, boarding, "/transport/transfer/t1") as (page, complaints):
        expect(page.locator(f'[data-run="{RUN}"] [data-cell="aboard"]')).to_have_text("35")
        expect(page.locator(".equation")).to_have_attribute("data-holds", "true")
        expect(page.locator(".equation .whole .figure")).to_have_text("61")
        page.click(f'[data-key="aboard:{RUN}"]')
        expect(page.locator("#why")).to_contain_text("35 met de hand")
        assert complaints == []


@pytest.mark.parametrize("file", ["pdf", "csv", "xlsx"])
def test_its_files_are_there(chromium: Browser, boarding: RunSite, file: str) -> None:
    """The links lead somewhere, for the moment that is shown."""
    with visit(chromium, boarding, "/transport/transfer/t1?at=2024-01-11T10:31:00Z") as (page, _):
        link = page.locator("[data-file]", has_text=file.upper())
        expect(link).to_have_attribute(
            "href", f"{boarding.url}/transport/transfer/t1.{file}?at=2024-01-11T10%3A31%3A00.000Z"
        )
        assert page.context.request.get(link.get_attribute("href") or "").status == 200


def test_a_partys_contact_says_that_everybody_is_here(chromium: Browser, boarding: RunSite) -> None:
    """By the link that the coordinator gives: the page opens, and the service takes the word."""
    party = boarding.sheet().parties[0]
    path, scope = f"/transport/group/{RUN}/{party.party}", f"{RUN}/{party.party}"
    with visit(chromium, boarding, path, scope, role="viewer", width=390) as (page, complaints):
        expect(page.locator("[data-name]")).to_have_text(party.name)
        expect(page.locator("[data-count] .figure")).to_have_text(f"{party.aboard}/{party.listed}")
        page.click('[data-key="all"]')
        expect(page.locator('.person[data-mine="true"]')).to_have_count(0, timeout=15_000)
        assert boarding.sheet().parties[0].aboard == party.listed
        assert complaints == []
