"""The dispatcher's page in a real browser: what is on the road, and what a change does before it is made."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shared import topics
from shared.web.tokens import Role
from tests.support.desk import Desk, clean, opened, serve_desk
from tests.support.pages import EVENT, alert, run_state
from transport.web import dispatch_page

pytestmark = pytest.mark.browser
PATH = "/transport/"
HEERLEN = "Gemeente Heerlen"


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The made-up day at 11.42, served."""
    served = serve_desk(dispatch_page.blueprint)
    yield served
    served.stop()


def run(page: Page, identity: str) -> Any:
    return page.locator(f'[data-run="{identity}"]')


def look(page: Page, identity: str) -> None:
    """Choose a run, and wait for its people."""
    run(page, identity).click()
    expect(page.locator(".org").first).to_be_visible()


def test_every_run_stands_on_the_line_with_its_people_and_how_late_it_is(chromium: Browser, desk: Desk) -> None:
    """Coaches as rows; late in words; free seats of what departs in the next half hour."""
    with opened(chromium, desk, PATH) as (page, complaints):
        expect(run(page, "t1-b3").locator(".count")).to_have_text("28/46")
        expect(run(page, "t1-b3").locator(".free")).to_have_text("3 vrij")
        expect(run(page, "t1-b3").locator("> .late")).to_have_text("4 minuten later")
        expect(page.locator('[data-leg="t1-indie"] .figure')).to_have_text("12")
        expect(page.locator('[data-coach="b1"] .about')).to_have_text("straks 13.36 naar Stadhuis")
        expect(page.locator("[data-line] [data-run]")).to_have_count(7)
        page.click('[data-key="zoom:day"]')
        expect(page.locator("[data-line] [data-run]")).to_have_count(14)
        assert complaints == []


def test_a_run_that_is_late_lies_to_the_right_of_its_plan(chromium: Browser, desk: Desk) -> None:
    """The outline is the plan; the bar is what is expected now."""
    with opened(chromium, desk, PATH) as (page, _):
        row = page.locator('[data-coach="b3"]')
        expect(row.locator(".late").first).to_be_attached()
        planned, expected = row.locator(".outline").bounding_box(), run(page, "t1-b3").bounding_box()
        assert planned is not None
        assert expected is not None
        assert expected["x"] == pytest.approx(planned["x"], abs=2)
        assert expected["width"] > planned["width"] * 1.05


def test_what_needs_attention_is_named_with_the_reason(chromium: Browser, desk: Desk) -> None:
    """Nobody without a seat, nobody on two runs and no late run is overlooked; alerts come and go by themselves."""
    with opened(chromium, desk, PATH) as (page, complaints):
        side = page.locator("[data-side]")
        expect(side).to_contain_text("Geen rit had nog plek")
        expect(side).to_contain_text("telt in B2")
        desk.publish((topics.alert(EVENT, "a1"), alert("a1", "urgent", "B3 reed zonder 5")))
        expect(side.locator(".alert")).to_contain_text("B3 reed zonder 5")
        desk.publish((topics.alert(EVENT, "a1"), None))
        expect(side.locator(".alert")).to_have_count(0)
        assert complaints == []


def test_an_organisation_is_dragged_to_another_run_and_taken_back(chromium: Browser, desk: Desk) -> None:
    """Nothing changes before it is confirmed: both runs are seen before and after first."""
    with opened(chromium, desk, PATH) as (page, complaints):
        look(page, "t1-b3")
        start = page.locator(".org", has_text=HEERLEN).locator(".handle").first.bounding_box()
        target = run(page, "t1-b4").bounding_box()
        assert start is not None
        assert target is not None
        page.mouse.move(start["x"] + 10, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(target["x"] + 60, target["y"] + 30, steps=8)
        expect(page.locator(".ghost")).to_have_text(f"{HEERLEN}dan nog 1 vrij")
        page.mouse.up()
        expect(page.locator(".change").nth(0)).to_contain_text("46 → 41/49")
        expect(page.locator(".change").nth(1)).to_contain_text("43 → 48/49")
        expect(run(page, "t1-b4").locator(".delta")).to_have_text("+5")
        assert desk.day.asked == [("t1", {"move": {"organisation": HEERLEN, "from": "t1-b3", "to": "t1-b4"}})]
        page.click('[data-key="apply"]')
        expect(run(page, "t1-b4").locator(".count")).to_contain_text("/48")
        page.click('[data-key="undo"]')
        expect(run(page, "t1-b4").locator(".count")).to_contain_text("/43")
        assert complaints == []


def test_escape_in_the_middle_of_a_drag_changes_nothing(chromium: Browser, desk: Desk) -> None:
    """And the run stays open in the panel."""
    with opened(chromium, desk, PATH) as (page, _):
        look(page, "t1-b3")
        start, target = page.locator(".handle").first.bounding_box(), run(page, "t1-b4").bounding_box()
        assert start is not None
        assert target is not None
        page.mouse.move(start["x"] + 10, start["y"] + 10)
        page.mouse.down()
        page.mouse.move(target["x"] + 60, target["y"] + 30, steps=4)
        page.keyboard.press("Escape")
        page.mouse.up()
        expect(page.locator(".ghost")).to_have_count(0)
        expect(page.locator(".org").first).to_be_visible()
        assert desk.day.asked == []


def test_one_person_is_moved_with_the_keyboard_alone(chromium: Browser, desk: Desk) -> None:
    """Select, Move to …, choose, do it: the same as dragging."""
    with opened(chromium, desk, PATH) as (page, complaints):
        expect(run(page, "t1-b3")).to_contain_text("28/46")
        run(page, "t1-b3").press("Enter")
        page.locator('[data-key="by:person"]').press("Enter")
        page.locator('[data-key="search"]').fill("heerlen")
        first = page.locator('.person input[type="checkbox"]').first
        person = first.get_attribute("data-key")
        first.press("Space")
        page.locator('[data-key="move"]').press("Enter")
        page.locator('[data-key="to:t1-b2"]').press("Enter")
        page.locator('[data-key="apply"]').press("Enter")
        expect(page.locator(".foot")).to_contain_text("Gedaan: 1 persoon.")
        assert desk.day.seats[f"t1:{(person or '').partition(':')[2]}"] == "t1-b2"
        assert complaints == []


def test_whoever_has_no_seat_gets_one(chromium: Browser, desk: Desk) -> None:
    """From the overview, without a run that they come from."""
    with opened(chromium, desk, PATH) as (page, _):
        page.click('[data-key="seat:p077"]')
        page.click('[data-key="to:t1-b4"]')
        page.click('[data-key="apply"]')
        expect(page.locator(".foot")).to_contain_text("Gedaan")
        assert desk.day.seats["t1:p077"] == "t1-b4"


def test_a_group_is_moved_by_its_id(chromium: Browser, desk: Desk) -> None:
    """Organisation, person or group: the API gets what was meant, not a list of names."""
    with opened(chromium, desk, PATH) as (page, _):
        look(page, "t1-b3")
        page.click('[data-key="by:group"]')
        page.click('[data-key="group:pijler-economie"]')
        page.click('[data-key="move"]')
        page.click('[data-key="to:t1-b4"]')
        expect(page.locator(".change").first).to_be_visible()
        assert desk.day.asked[-1][1] == {"move": {"group": "pijler-economie", "from": "t1-b3", "to": "t1-b4"}}


def test_what_if_a_coach_does_not_come(chromium: Browser, desk: Desk) -> None:
    """Who is affected, who could go where, and who would have no seat, before it is done."""
    with opened(chromium, desk, PATH) as (page, complaints):
        page.click('[data-tool="what-if"]')
        page.click('[data-key="choose:coach:b2"]')
        page.click('[data-key="go"]')
        expect(page.locator("[data-side] .note.stop")).to_contain_text("Dan zonder plek: ")
        expect(page.locator(".change").first).to_contain_text("47 → 0/50")
        assert desk.day.asked == [("t1", {"without": ["b2"]})]
        page.click('[data-tool="history"]')
        expect(page.locator(".past")).to_contain_text("Wat als")
        assert complaints == []


def test_a_new_allocation_is_asked_for_with_what_counts_most(chromium: Browser, desk: Desk) -> None:
    """Fewest coaches, or filled evenly."""
    with opened(chromium, desk, PATH) as (page, _):
        page.click('[data-tool="plan"]')
        page.click('[data-key="choose:transfer:t2"]')
        page.click('[data-key="choose:prefer:evenest"]')
        page.click('[data-key="go"]')
        expect(page.locator("[data-side]")).to_contain_text("Niemand hoeft te verhuizen.")
        assert desk.day.asked == [("t2", {"prefer": "evenest"})]


def test_both_preferences_are_compared(chromium: Browser, desk: Desk) -> None:
    """Each with its coaches, splits and moves; what was worked out once is not asked again."""
    with opened(chromium, desk, PATH) as (page, complaints):
        page.click('[data-tool="plan"]')
        page.click('[data-key="go"]')
        expect(page.locator('[data-key="compare:fewest"]')).to_contain_text("7 touringcars · 0 verdeeld · 0 verhuizen")
        page.click('[data-key="compare:evenest"]')
        expect(page.locator('[data-key="compare:evenest"]')).to_have_attribute("aria-pressed", "true")
        page.click('[data-key="compare:fewest"]')
        expect(page.locator('[data-key="compare:fewest"]')).to_have_attribute("aria-pressed", "true")
        assert desk.day.asked == [("t1", {"prefer": "fewest"}), ("t1", {"prefer": "evenest"})]
        assert complaints == []


def test_a_breakdown_is_one_action(chromium: Browser, desk: Desk) -> None:
    """Letter K: the run, the relief coach, what it means, done."""
    with opened(chromium, desk, PATH) as (page, complaints):
        look(page, "t1-b3")
        page.click('[data-key="broken"]')
        page.fill('[data-key="field:name"]', "Reserve 1")
        page.fill('[data-key="field:seats"]', "30")
        expect(page.locator(".effect")).to_contain_text("28 mensen stappen over")
        expect(page.locator(".effect")).to_contain_text("16 van de lijst passen niet")
        page.click('[data-key="go"]')
        expect(page.locator("[data-side]")).to_contain_text("Reserve 1 rijdt nu B3.")
        coach = {"name": "Reserve 1", "seats": 30, "wheelchairs": 0, "plate": ""}
        assert desk.day.asked == [("t1-b3/replace", {"coach": coach})]
        assert complaints == []


def test_a_proposal_that_is_overtaken_is_worked_out_again(chromium: Browser, desk: Desk) -> None:
    """409: people boarded meanwhile."""
    desk.refuse["apply"] = (409, "stale")
    with opened(chromium, desk, PATH) as (page, _):
        page.click('[data-key="seat:p077"]')
        page.click('[data-key="to:t1-b4"]')
        page.click('[data-key="apply"]')
        expect(page.locator(".foot")).to_contain_text("dit klopt niet meer")
        page.click('[data-key="again"]')
        expect(page.locator('[data-key="apply"]')).to_be_visible()
        assert len(desk.day.asked) == 2


def test_a_refusal_is_said_in_the_words_of_the_service(chromium: Browser, desk: Desk) -> None:
    """What happened, where it happened; the page goes on."""
    desk.refuse["propose"] = (422, "transfer")
    with opened(chromium, desk, PATH) as (page, _):
        page.click('[data-key="seat:p077"]')
        page.click('[data-key="to:t1-b4"]')
        expect(page.locator("[data-side] .note.stop")).to_contain_text("Refused for the test: transfer.")


def test_without_an_answer_the_plan_is_there_and_the_page_says_why(chromium: Browser, desk: Desk) -> None:
    """The programme is known, so the line is never empty; it recovers by itself."""
    desk.refuse["dispatch"] = (503, "database-unreachable")
    with opened(chromium, desk, PATH) as (page, _):
        expect(page.locator("[data-side] .note.stop")).to_contain_text("database-unreachable")
        expect(run(page, "t1-b3").locator(".count")).to_have_text("–/–")
        desk.refuse.clear()
        desk.publish((topics.run(EVENT, "t1-b1"), run_state("t1-b1", "departed", aboard=47, listed=47)))
        expect(run(page, "t1-b3").locator(".count")).to_have_text("28/46")
        expect(page.locator("[data-side] .note.stop")).to_have_count(0)


def test_a_page_that_lost_its_server_says_since_when_and_moves_nobody(chromium: Browser, desk: Desk) -> None:
    """The last that was known stays; a move waits."""
    with opened(chromium, desk, PATH) as (page, _):
        look(page, "t1-b3")
        page.context.set_offline(True)
        expect(page.locator("[data-stale]")).to_be_visible()
        expect(page.locator("[data-stale-text]")).to_contain_text("geen netwerk sinds 11.4")
        page.click(f'[data-key="org:{HEERLEN}"]')
        expect(page.locator('[data-key="move"]')).to_be_disabled()
        page.context.set_offline(False)
        expect(page.locator('[data-key="move"]')).to_be_enabled(timeout=15_000)
        expect(page.locator("[data-stale]")).to_be_hidden(timeout=15_000)


def test_a_coordinator_sees_the_own_runs_and_moves_nobody(chromium: Browser, desk: Desk) -> None:
    """Only what is in the scope; who sits where is the organiser's."""
    with opened(chromium, desk, PATH, role="coordinator", scope=["t1-b3"]) as (page, complaints):
        expect(page.locator("[data-line] [data-run]")).to_have_count(1)
        expect(page.locator("[data-tool]")).to_have_text(["Pech"])
        look(page, "t1-b3")
        expect(page.locator('[data-side] input[type="checkbox"]')).to_have_count(0)
        assert complaints == []


@pytest.mark.parametrize("role", ["viewer", "host"])
def test_it_is_not_for_everybody(chromium: Browser, desk: Desk, role: Role) -> None:
    """Names and seats are for coordinators and organisers."""
    with opened(chromium, desk, PATH, role=role) as (page, _):
        expect(page.locator("h1")).to_have_text("Dit is niet voor jouw rol")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (1920, 1080)])
def test_it_fits_its_screen_and_everybody_can_use_it(
    chromium: Browser, desk: Desk, width: int, height: int, theme: str, language: str
) -> None:
    """Never wider than the screen, one screen on a laptop; axe-core finds nothing, in every view."""
    size: dict[str, Any] = {"width": width, "height": height, "theme": theme, "language": language}
    with opened(chromium, desk, PATH, **size) as (page, complaints):
        expect(page.locator("[data-side] .tally").first).to_be_visible()
        fits(page, width, height)
        clean(page)
        look(page, "t1-b3")
        page.click(f'[data-key="org:{HEERLEN}"]')
        clean(page)
        page.click('[data-key="move"]')
        page.click('[data-key="to:t1-b4"]')
        expect(page.locator(".change").first).to_be_visible()
        fits(page, width, height)
        clean(page)
        assert complaints == []


def fits(page: Page, width: int, height: int) -> None:
    wide, tall = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide <= width
    assert width < 1100 or tall <= height
