"""The coordinator's page without network: nothing is lost, two phones give one list, the data leave with the run."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.support.pages import eventually
from tests.support.run_page import (
    LISTED,
    RUN,
    RunSite,
    badge_of,
    coordinator,
    kept,
    loaded,
    numbers,
    read_badge,
)

pytestmark = pytest.mark.browser
STORED = """async () => {
  const database = await new Promise((resolve, reject) => {
    const asked = indexedDB.open("inloop-run");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const all = {};
  for (const store of database.objectStoreNames) {
    all[store] = await new Promise((resolve) => {
      const asked = database.transaction(store).objectStore(store).getAll();
      asked.onsuccess = () => resolve(asked.result);
    });
  }
  database.close();
  return all;
}"""


@contextmanager
def unplugged(site: RunSite) -> Iterator[None]:
    """Nobody answers at the address, not for a worker either; then the same service is back there."""
    port = int(site.url.rpartition(":")[2])
    site.stop()
    yield
    site.start(port)


def tap(page: Page, person: str) -> None:
    page.locator(f'[data-person="{person}"] .tap').click()


def sent(page: Page) -> None:
    expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "0", timeout=30_000)


def test_what_was_done_survives_a_reload_and_a_new_battery_without_network(
    chromium: Browser, run_site: RunSite
) -> None:
    """The page opens from the phone, with its list, its acts and their own times; later the service has them."""
    with coordinator(chromium, run_site) as (page, context, _):
        loaded(page)
        kept(page)
        with unplugged(run_site):
            page.click("[data-step]")
            for rider in run_site.riders[:3]:
                tap(page, rider.person)
            numbers(page, 3, LISTED)
            expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "4")
            page.reload()
            loaded(page)
            numbers(page, 3, LISTED)
            expect(page.locator("[data-step]")).to_have_text("Laatste oproep")
            page.close()
            page = context.new_page()
            page.goto(f"{run_site.url}/transport/run/{RUN}")
            loaded(page)
            numbers(page, 3, LISTED)
            expect(page.locator("[data-link]")).to_contain_text("geen netwerk", timeout=15_000)
            tap(page, run_site.riders[3].person)
        sent(page)
        assert run_site.aboard() == {one.person for one in run_site.riders[:4]}
        assert run_site.sheet().state == "boarding"


def test_two_phones_without_network_give_one_right_list(chromium: Browser, run_site: RunSite) -> None:
    """Both board, one takes back, both count; whoever comes back first, both show the same and so does the service."""
    people = [one.person for one in run_site.riders]
    with (
        coordinator(chromium, run_site) as (first, first_context, first_said),
        coordinator(chromium, run_site) as (second, second_context, second_said),
    ):
        for page in (first, second):
            loaded(page)
        first.click("[data-step]")
        sent(first)
        second.reload()
        loaded(second)
        first_context.set_offline(True)
        second_context.set_offline(True)
        for person in people[:12]:
            tap(first, person)
        for person in people[8:20]:  # four of them on both phones
            tap(second, person)
        tap(first, people[0])  # a wrong name: taken back
        first.click("[data-count]")
        first.click(".key.plus")
        second.click("[data-count]")
        second.click(".key.plus")
        for page in (first, second):
            page.keyboard.press("Escape")
        numbers(first, 11, LISTED)
        numbers(second, 12, LISTED)
        second_context.set_offline(False)
        sent(second)
        first_context.set_offline(False)
        sent(first)
        numbers(first, 19, LISTED)
        second.reload()
        numbers(second, 19, LISTED)
        assert run_site.aboard() == set(people[1:20])
        assert run_site.sheet().numbers.nameless == 2
        for page in (first, second):
            expect(page.locator("[data-facts]")).to_contain_text("2 zonder naam")
        assert (first_said, second_said) == ([], [])


def test_somebody_on_two_runs_is_a_card_on_both_phones_until_a_hand_says_where(
    chromium: Browser, run_site: RunSite
) -> None:
    """Both runs and times, which stands; one tap decides, and the card goes on the other phone too."""
    rider = run_site.riders[0]
    run_site.step("open")
    run_site.step("open", "t1-b3")
    with (
        coordinator(chromium, run_site) as (here, _, _),
        coordinator(chromium, run_site, run="t1-b3") as (there, _, _),
    ):
        for page in (here, there):
            loaded(page)
        tap(here, rider.person)
        sent(here)
        run_site.board_by_hand(rider.person, "t1-b3")
        for page in (here, there):
            page.reload()
            card = page.locator(".conflict")
            expect(card).to_contain_text(rider.name)
            expect(card.locator("li")).to_have_count(2)
            expect(card.locator("[data-stands]")).to_contain_text("B3")
        here.get_by_role("button", name="Is hier").click()
        expect(here.locator(".conflict")).to_have_count(0)
        eventually(lambda: run_site.aboard() == {rider.person}, "in B2 at the service")
        there.reload()
        loaded(there)
        expect(there.locator(".conflict")).to_have_count(0)
        assert run_site.aboard("t1-b3") == set()


def test_a_link_that_is_not_good_any_more_keeps_everything_and_says_so(chromium: Browser, run_site: RunSite) -> None:
    """Acts wait on the phone; signed in again they are sent."""
    with coordinator(chromium, run_site) as (page, context, _):
        loaded(page)
        cookies = context.cookies()
        context.clear_cookies()
        page.click("[data-step]")
        expect(page.locator("[data-trouble]")).to_contain_text("Je link geldt niet meer")
        expect(page.locator("[data-unsent]")).to_have_attribute("data-unsent", "1")
        context.add_cookies(cookies)  # type: ignore[arg-type] # as they came
        page.reload()
        loaded(page)
        sent(page)
        assert run_site.sheet().state == "boarding"


def test_an_act_that_cannot_be_understood_does_not_stop_the_others(chromium: Browser, run_site: RunSite) -> None:
    """It is said and let go; what comes after it is sent."""
    with coordinator(chromium, run_site) as (page, context, _):
        loaded(page)
        kept(page)
        context.set_offline(True)
        page.click("[data-step]")
        page.evaluate(
            """async () => {
              const { open } = await import("/transport/static/store.js");
              const store = await open("inloop-run", 1, {});
              const [act] = await store.all("queue");
              const body = { ...act.body, id: "0190-bad-act", kind: "nonsense" };
              await store.put("queue", { ...act, id: "0190-bad-act", body });
            }"""
        )
        context.set_offline(False)
        page.reload()
        loaded(page)
        sent(page)
        assert run_site.sheet().state == "boarding"


def test_nothing_personal_is_in_the_page_or_in_the_cache(chromium: Browser, run_site: RunSite) -> None:
    """The worker keeps files and the page itself, never an answer of the API; names are in one store only."""
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        kept(page)
        page.reload()
        loaded(page)
        cached: dict[str, str] = page.evaluate(
            """async () => {
              const found = {};
              for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                  const answer = await cache.match(request);
                  const isText = /text|javascript|json/.test(answer.headers.get("content-type"));
                  found[new URL(request.url).pathname] = isText ? await answer.text() : "";
                }
              }
              return found;
            }"""
        )
        assert "/transport/run/t1-b2" in cached
        assert "/transport/static/vendor/barcode-detector/zxing_reader.wasm" in cached
        assert not [path for path in cached if "/api/" in path]
        assert not [one.name for one in run_site.riders for text in cached.values() if one.name in text]


def test_the_names_leave_the_phone_when_the_run_is_closed(chromium: Browser, run_site: RunSite) -> None:
    """Closed by another phone, while this one has something unsent: they stay until that is sent, and then go."""
    rider = run_site.riders[0]
    run_site.step("open")
    with coordinator(chromium, run_site) as (page, context, _):
        loaded(page)
        read_badge(page, badge_of(rider.person))
        sent(page)
        held: dict[str, list[Any]] = page.evaluate(STORED)
        assert len(held["sheets"][0]["sheet"]["persons"]) == LISTED
        context.set_offline(True)
        page.click("[data-count]")
        page.click(".key.plus")
        page.keyboard.press("Escape")
        close_run(run_site)
        assert len(page.evaluate(STORED)["queue"]) == 1
        context.set_offline(False)
        sent(page)
        expect(page.locator("[data-over]")).to_contain_text("van dit toestel gewist", timeout=15_000)
        expect(page.locator("[data-list] .row")).to_have_count(0)
        assert page.evaluate(STORED) == {"sheets": [], "queue": [], "said": []}
        page.reload()
        expect(page.locator("[data-over]")).to_contain_text("van dit toestel gewist")
        assert page.evaluate(STORED) == {"sheets": [], "queue": [], "said": []}


def test_signing_out_takes_everything_off_the_phone_but_not_while_something_is_unsent(
    chromium: Browser, run_site: RunSite
) -> None:
    """First sent, then gone."""
    with coordinator(chromium, run_site) as (page, context, _):
        loaded(page)
        context.set_offline(True)
        page.click("[data-step]")
        page.click("[data-more-menu]")
        page.click('[data-f="sign-out"]')
        expect(page.locator("[data-toast-text]")).to_contain_text("1 zijn nog niet verstuurd")
        context.set_offline(False)
        sent(page)
        page.click('[data-f="sign-out"]')
        expect(page.locator("#token")).to_be_visible()
        assert page.evaluate(STORED) == {"sheets": [], "queue": [], "said": []}


def test_acts_carry_how_long_ago_they_were_made(chromium: Browser, run_site: RunSite) -> None:
    """By the clock that does not jump, while it is the same page; after a reload by their own time only."""
    asked: list[Request] = []
    with coordinator(chromium, run_site) as (page, context, _):
        page.on("request", lambda request: asked.append(request) if request.url.endswith("/acts") else None)
        loaded(page)
        context.set_offline(True)
        page.click("[data-step]")
        expect(page.locator("[data-link]")).to_contain_text("geen netwerk")
        context.set_offline(False)
        sent(page)
        acts: Any = asked[-1].post_data_json
        assert acts[0]["age_ms"] > 0
        assert acts[0]["kind"] == "step"


SHOWN = """async ([seed, steps]) => {
  const { applyAll } = await import("/transport/static/transport/run/apply.js");
  const { uuid7 } = await import("/transport/static/uuid7.js");
  const url = "/transport/api/v1/runs/t1-b2/sheet";
  const ask = async () => (await fetch(url, { headers: { Accept: "application/json" } })).json();
  const sheet = await ask();
  const start = Date.parse(sheet.at);
  const acts = [];
  for (const [at, step] of steps.entries()) {
    const act = { id: uuid7(), run: "t1-b2", at: new Date(start - 60_000 + at * 20).toISOString(), ...step };
    if (act.undo !== undefined) {
      act.undoes = acts[act.undo].id;
      act.person = acts[act.undo].person;
      delete act.undo;
    }
    acts.push(act);
  }
  const shown = applyAll(sheet, acts, new Map());
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetch("/transport/api/v1/acts", { method: "POST", headers, body: JSON.stringify(acts) });
  const answers = await answer.json();
  return { shown, said: await ask(), refused: answers.filter(({ outcome }) => outcome === "refused") };
}"""


Step = dict[str, Any]
BOARDING = {"aboard": 9, "off": 3, "excuse": 3, "away": 1, "undo": 4, "nameless": 2, "vouch": 1, "count": 1}
ON_THE_WAY = {"aboard": 1, "off": 1, "here-origin": 1, "excuse": 2}
AT_THE_END = {"off": 2, "here-destination": 3, "excuse": 1, "alight": 1}
PLACES = {"here-origin": "grote-kerk", "here-destination": "indie-almelo"}


def random_steps(seed: int, people: list[str]) -> list[Step]:
    """What a hand does from the kerb to the destination, made up; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 # made up, not secret
    depart: Step = {"kind": "step", "step": "depart", "counted": 9, "reason": "test", "by": "M. Jansen"}
    stages: list[tuple[dict[str, int], int, list[Step]]] = [
        (BOARDING, 40, [{"kind": "step", "step": "last-call"}] * chance.randrange(2)),
        (ON_THE_WAY, 5, [{"kind": "step", "step": "arrive"}]),
        (AT_THE_END, 8, []),
    ]
    steps: list[Step] = [{"kind": "step", "step": "open"}]
    for number, (kinds, many, then) in enumerate(stages[: chance.choice([1, 2, 3])]):
        steps += [depart] if number == 1 else []
        for _ in range(many):
            steps += made_up(chance, kinds, people[:14], steps)
        steps += then
    return steps


def made_up(chance: random.Random, kinds: dict[str, int], people: list[str], before: list[Step]) -> list[Step]:
    """One act of one of these kinds, or none where the last one cannot be taken back."""
    kind, person = chance.choices(list(kinds), list(kinds.values()))[0], chance.choice(people)
    match kind:
        case "excuse":
            return [{"kind": kind, "person": person, "why": chance.choice(["own-travel", "stays"])}]
        case "undo":
            can = before[-1]["kind"] in {"aboard", "excuse", "nameless", "away", "vouch"}
            return [{"kind": kind, "undo": len(before) - 1}] if can else []
        case "nameless":
            return [{"kind": kind, "change": chance.choice([1, 2, -1]), "leader": ""}]
        case "vouch":
            return [{"kind": kind, "persons": people[10:], "leader": "L"}]
        case "count":
            return [{"kind": kind, "counted": chance.randrange(3, 12)}]
        case "here-origin" | "here-destination":
            return [{"kind": "here", "person": person, "place": PLACES[kind]}]
        case "alight":
            return [{"kind": kind}]
    return [{"kind": kind, "person": person}]


@pytest.mark.parametrize("seed", range(10))
def test_what_the_phone_shows_by_itself_is_what_the_service_says(
    chromium: Browser, run_site: RunSite, seed: int
) -> None:
    """The same acts, applied by the page and taken by the service: the same letters, numbers and gate."""
    steps = random_steps(seed, [one.person for one in run_site.riders])
    with coordinator(chromium, run_site) as (page, _, _):
        loaded(page)
        found = page.evaluate(SHOWN, [seed, steps])
    shown, said = found["shown"], found["said"]
    assert found["refused"] == []
    assert shown["state"] == said["state"]
    letters = [{one["person"]: one["letter"] for one in sheet["persons"]} for sheet in (shown, said)]
    assert letters[0] == letters[1]
    names = ("aboard", "manual", "scanned", "to_come", "excused", "nameless", "free", "wheelchairs_free", "counted")
    assert {name: shown["numbers"][name] for name in names} == {name: said["numbers"][name] for name in names}
    assert shown["numbers"]["difference"] == said["numbers"]["difference"]
    assert set(shown["gate"]["to_settle"]) == set(said["gate"]["to_settle"])
    assert [one["step"] for one in shown["allowed"]] == [one["step"] for one in said["allowed"]]


def close_run(site: RunSite) -> None:
    """Another phone brings the run to its end: everybody left stays here, the coach is empty."""
    if site.sheet().state == "planned":
        site.step("open")
    site.step("depart", counted=0, reason="test", name="M. Jansen")
    site.step("arrive")
    site.settle_all()
    site.step("close", empty=True)
