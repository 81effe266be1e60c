"""The scripts without a page of their own: search, ids, the store, tones, and what decides what a reading is."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.pages import eventually
from tests.support.reader import opened

pytestmark = pytest.mark.browser

PEOPLE = {
    "Jan Jansen": "Gemeente Almelo",
    "Piet Jansen": "Gemeente Zwolle",
    "José de Vries": "Gemeente Zwolle",
    "Dennis Vrieling": "Gemeente Enschede",
    "Anna van der Berg": "Gemeente Almelo",
    "Tom Vandenberg": "Deventer",
    "Kees van den Berg": "Regio Twente",
    "Wim 't Hart": "VNG",
    "Els in ’t Veld": "BZK",
    "Sjoukje Dijkstra": "Leeuwarden",
    "Piet Dykstra": "Heerlen",
    "Zoë Ångström": "Gemeente Almelo",
    "Lieve D'Hondt": "Venlo",
    "Marijke Wijnia-Bakker": "Gemeente Sneek",
    "Hüseyin Şahin": "Gemeente Almelo",
    "Bartholomeus Vandewalle": "Breda",
}


@pytest.fixture(scope="module")
def page(chromium: Browser, reader_site: str) -> Iterator[Page]:
    """A page under the site's policy, where nothing is going on."""
    with opened(chromium, reader_site, sources="none") as (shown, complaints):
        yield shown
        assert complaints == []


def run(page: Page, module: str, script: str, given: Any = None) -> Any:
    """What an expression over a module (`it`) and something given comes to."""
    return page.evaluate(f"(given) => import('/static/{module}').then((it) => ({script}))", given)


def found(page: Page, text: str) -> list[str]:
    people = [{"name": name, "organisation": organisation} for name, organisation in PEOPLE.items()]
    names: list[str] = run(
        page, "search.js", "it.createSearch(given[0]).find(given[1]).map(({ name }) => name)", [people, text]
    )
    return names


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("almelo jans", "Jan Jansen"),
        ("jans almelo", "Jan Jansen"),
        ("de v", "José de Vries"),
        ("vries de", "José de Vries"),
        ("Vries, José", "José de Vries"),
        ("devries", "José de Vries"),
        ("jose", "José de Vries"),
        ("van der berg", "Anna van der Berg"),
        ("v.d. berg anna", "Anna van der Berg"),
        ("'t", "Wim 't Hart"),
        ("`t hart", "Wim 't Hart"),
        ("in 't veld", "Els in ’t Veld"),
        ("dhondt", "Lieve D'Hondt"),
        ("d’hondt", "Lieve D'Hondt"),
        ("angstrom", "Zoë Ångström"),
        ("sahin", "Hüseyin Şahin"),
        ("marijke wynia", "Marijke Wijnia-Bakker"),
        ("wijniabakker", "Marijke Wijnia-Bakker"),
        ("jasnen piet", "Piet Jansen"),
        ("vrielinng", "Dennis Vrieling"),
        ("bartolomeus", "Bartholomeus Vandewalle"),
        ("vandewale", "Bartholomeus Vandewalle"),
    ],
)
def test_a_name_is_found_however_it_is_typed(page: Page, text: str, first: str) -> None:
    """Words in any order, particles, accents, ij and y, apostrophes of all kinds, and slips of the finger."""
    assert found(page, text)[:1] == [first]


@pytest.mark.parametrize(
    ("text", "those"),
    [
        ("vr", ["Dennis Vrieling", "José de Vries"]),
        ("dijkstra", ["Piet Dykstra", "Sjoukje Dijkstra"]),
        ("dykstra", ["Piet Dykstra", "Sjoukje Dijkstra"]),
        ("di", ["Piet Dykstra", "Sjoukje Dijkstra"]),
        ("vandenberg", ["Tom Vandenberg", "Kees van den Berg", "Anna van der Berg"]),
        ("van den berg", ["Kees van den Berg", "Anna van der Berg", "Tom Vandenberg"]),
        ("jansen", ["Jan Jansen", "Piet Jansen"]),
        ("jan jansen", ["Jan Jansen"]),
        ("zwolle", ["Piet Jansen", "José de Vries"]),
        ("v", []),
        (" v ", []),
        ("", []),
        ("--", []),
        ("jaap", []),
        ("zwxq", []),
    ],
)
def test_who_is_found_stands_in_order(page: Page, text: str, those: list[str]) -> None:
    """The likeliest first, then by surname; nobody before the second letter, and nobody else."""
    assert found(page, text) == those


@pytest.mark.parametrize(
    ("typed", "word", "fewest"),
    [
        ("jansen", "jansen", 0),
        ("jasnen", "jansen", 1),
        ("janen", "jansen", 1),
        ("jannsen", "jansen", 1),
        ("jxnsxn", "jansen", 2),
    ],
)
def test_slips_are_counted(page: Page, typed: str, word: str, fewest: int) -> None:
    """A letter swapped, left out, doubled or another is one slip."""
    assert run(page, "search.js", "it.slips(given[0], given[1], 2).whole", [typed, word]) == fewest


def test_short_words_forgive_nothing_and_long_ones_two_slips(page: Page) -> None:
    """Three letters are too few to guess by."""
    people = [{"name": "Ria Bos"}, {"name": "Wim Oosterhuis"}]
    script = "given[1].map((text) => it.createSearch(given[0]).find(text).length)"
    texts = ["bos", "bus", "oosterhuis", "osterhuus", "osterhuux", "wima"]
    assert run(page, "search.js", script, [people, texts]) == [1, 0, 1, 1, 0, 1]


def test_a_long_list_gives_the_first_twenty(page: Page) -> None:
    """In a stable order."""
    people = [{"name": f"Jan Jansen {number:03}"} for number in range(400)]
    script = "it.createSearch(given).find('jansen').map(({ name }) => name)"
    assert run(page, "search.js", script, people) == [f"Jan Jansen {number:03}" for number in range(20)]


def test_ids_are_uuid7_and_sort_by_time_also_within_a_millisecond(page: Page) -> None:
    """Ten thousand in one go: each one is new, and after the one before it."""
    made = run(page, "uuid7.js", "Array.from({ length: 10_000 }, () => it.uuid7())")
    assert made == sorted(set(made))
    parsed = [uuid.UUID(one) for one in made]
    assert {(one.version, one.variant) for one in parsed} == {(7, uuid.RFC_4122)}


def test_ids_carry_their_moment_and_survive_a_clock_that_is_set_back(page: Page) -> None:
    """The time is the device's; a clock that jumps back does not undo the order."""
    script = "((next) => [next(), next(), next()])(it.createIds({ now: () => given.shift() }))"
    made = run(page, "uuid7.js", script, [1_704_969_720_000, 1_704_969_660_000, 1_704_969_720_001])
    assert [uuid.UUID(one).int >> 80 for one in made] == [1_704_969_720_000, 1_704_969_720_000, 1_704_969_720_001]
    assert made == sorted(made)


def repeats(page: Page, *sights: tuple[str, int, bool]) -> list[bool]:
    script = "((guard) => given.map(([code, at, held]) => guard.counts(code, at, { held })))(it.createRepeat())"
    counted: list[bool] = run(page, "reader/repeat.js", script, [list(sight) for sight in sights])
    return counted


def test_the_same_code_does_not_count_twice_within_three_seconds(page: Page) -> None:
    """Another one does, and the same one after that."""
    sights = ("a", 0, False), ("a", 2999, False), ("b", 2999, False), ("a", 3000, False)
    assert repeats(page, *sights) == [True, False, True, True]


def test_a_badge_that_is_held_before_the_camera_counts_once(page: Page) -> None:
    """For as long as it is held; after it was gone for three seconds it counts again."""
    sights = [("a", at, True) for at in range(0, 10_000, 500)]
    assert repeats(page, *sights, ("a", 12_499, True), ("a", 15_500, True)) == [True] + [False] * 20 + [True]


def test_a_guard_remembers_only_the_last_seconds(page: Page) -> None:
    """Three hours of badges leave nothing behind."""
    script = """((guard) => {
      for (let i = 0; i < 2700; i++) guard.counts(`b${i}`, i * 4000);
      return guard.size;
    })(it.createRepeat())"""
    assert run(page, "reader/repeat.js", script) == 1


def test_the_camera_looks_at_the_whole_and_at_the_middle_in_turn(page: Page) -> None:
    """Never more than 800 pixels; a small picture is looked at as it is."""
    assert run(page, "reader/camera.js", "[0, 1].map((turn) => it.look(turn, 1280, 720))") == [
        {"x": 0, "y": 0, "width": 1280, "height": 720, "scale": 0.625},
        {"x": 320, "y": 180, "width": 640, "height": 360, "scale": 1},
    ]
    small = {"x": 0, "y": 0, "width": 640, "height": 480, "scale": 1}
    assert run(page, "reader/camera.js", "[0, 1].map((turn) => it.look(turn, 640, 480))") == [small, small]


STORES = "{ scans: { keyPath: 'id', indexes: { at: 'at' } }, state: {} }"


def test_what_was_put_is_there_after_it_is_opened_again(page: Page) -> None:
    """Rows by key, in the order of an index, and without a key path."""
    script = f"""(async () => {{
      const first = await it.open("kept", 1, {STORES});
      await first.put("scans", {{ id: "b", at: 1 }});
      await first.put("scans", {{ id: "a", at: 2 }});
      await first.put("state", 7, "seq");
      first.close();
      const again = await it.open("kept", 1, {STORES});
      await again.delete("scans", "nothing");
      const seen = [await again.all("scans"), await again.all("scans", {{ index: "at", limit: 1 }})];
      seen.push(await again.get("state", "seq"), await again.count("scans"));
      seen.push((await again.get("scans", "c")) === undefined);
      await again.clear("scans");
      return [...seen, await again.all("scans")];
    }})()"""
    one, two = {"id": "b", "at": 1}, {"id": "a", "at": 2}
    assert run(page, "store.js", script) == [[two, one], [one], 7, 2, True, []]


def test_a_transaction_is_all_or_nothing(page: Page) -> None:
    """What threw in the middle, or hit a row that was there, left nothing; and who asked hears why."""
    script = f"""(async () => {{
      const store = await it.open("whole", 1, {STORES});
      const all = ["scans", "state"];
      const sum = await store.transaction(all, "readwrite", async (rows) => {{
        await rows.put("state", 1, "seq");
        await rows.put("scans", {{ id: "a", at: 1 }});
        return (await rows.get("state", "seq")) + 1;
      }});
      const thrown = await store.transaction(all, "readwrite", async (rows) => {{
        await rows.put("state", 2, "seq");
        throw new Error("no");
      }}).catch((error) => error.message);
      const refused = await store.transaction(all, "readwrite", async (rows) => {{
        await rows.put("state", 3, "seq");
        await rows.put("scans", {{ at: 3 }});
      }}).catch((error) => error.name);
      return [sum, thrown, refused, await store.get("state", "seq"), await store.count("scans")];
    }})()"""
    assert run(page, "store.js", script) == [2, "no", "DataError", 1, 1]


def test_a_newer_page_gets_its_store_and_the_older_goes_on(page: Page) -> None:
    """A new shape is made while a page with the old one is open, without a row less."""
    script = f"""(async () => {{
      const old = await it.open("grows", 1, {STORES});
      await old.put("state", 1, "seq");
      const newer = await it.open("grows", 2, {{ state: {{}}, more: {{}} }});
      await newer.put("more", 1, "x");
      const late = await old.get("state", "seq").catch((error) => error.name);
      return [await newer.get("state", "seq"), await newer.count("scans"), late];
    }})()"""
    assert run(page, "store.js", script) == [1, 0, "VersionError"]


@pytest.mark.parametrize(
    ("outcome", "reason", "answer"),
    [
        ("admit", "welcome", "admit"),
        ("admit", "aboard", "admit"),
        ("admit", "back", "again"),
        ("admit", "again", "again"),
        ("admit", "goodbye", "goodbye"),
        ("admit", "off", "goodbye"),
        ("warn", "other-run", "warn"),
        ("refuse", "full", "refuse"),
        ("admit", "something new", "admit"),
    ],
)
def test_every_verdict_has_its_answer(page: Page, outcome: str, reason: str, answer: str) -> None:
    """By the outcome and reason of the contract."""
    assert run(page, "tones.js", "it.answerOf(given)", {"outcome": outcome, "reason": reason}) == answer


FAKE_AUDIO = """
  (() => {
    const played = [];
    const part = () => ({ setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} });
    const audio = {
      state: "suspended", currentTime: 5, destination: {},
      resume: async () => void (audio.state = "running"), close: async () => {},
      createGain: () => ({ gain: part(), connect() {} }),
      createOscillator() {
        let from;
        const stop = (at) => at && played.push([from, at]);
        return { frequency: part(), connect: (next) => next, start: (at) => (from = at), stop };
      },
    };
    return { audio: () => audio, played };
  })()
"""


@pytest.mark.parametrize(
    ("answer", "beeps_ms", "buzz"),
    [
        ("admit", [90], [60]),
        ("again", [50, 50], [40, 60, 40]),
        ("goodbye", [180], [60]),
        ("warn", [120, 120], [120, 80, 120]),
        ("refuse", [400], [400]),
        ("stored", [12], [30]),
    ],
)
def test_an_answer_sounds_and_shakes_as_the_table_says(
    page: Page, answer: str, beeps_ms: list[int], buzz: list[int]
) -> None:
    """Silent until the page was touched; silent and still when the user said so."""
    script = f"""(() => {{
      localStorage.clear();
      const fake = {FAKE_AUDIO}, shaken = [];
      const tones = it.createTones({{ audio: fake.audio, vibrate: (pattern) => shaken.push(pattern) }});
      tones.play(given);
      const untouched = fake.played.length;
      tones.unlock();
      tones.play(given);
      const lengths = fake.played.map(([from, to]) => Math.round((to - from) * 1000));
      tones.sound = tones.vibration = false;
      tones.play(given);
      const off = it.createTones();
      return [untouched, lengths, shaken, fake.played.length, off.sound, off.vibration];
    }})()"""
    wanted = [0, beeps_ms, [buzz, buzz], len(beeps_ms), False, False]
    assert run(page, "tones.js", script, answer) == wanted


def test_the_screen_stays_on_until_it_is_let_go(page: Page) -> None:
    """Also after the page was hidden, when the browser takes the lock away."""
    page.evaluate("window.locks = []")
    script = """(() => {
      const locks = window.locks;
      const request = async () => {
        const lock = Object.assign(new EventTarget(), { on: true });
        lock.release = () => {
          lock.on = false;
          lock.dispatchEvent(new Event("release"));
        };
        locks.push(lock);
        return lock;
      };
      Object.defineProperty(navigator, "wakeLock", { value: { request } });
      window.held = it.keepAwake();
      return true;
    })()"""
    assert run(page, "wake.js", script)
    eventually(lambda: page.evaluate("locks.length === 1 && held.awake"), "the screen is held")
    page.evaluate("locks[0].release(), document.dispatchEvent(new Event('visibilitychange'))")
    eventually(lambda: page.evaluate("locks.length === 2 && held.awake"), "it is held again")
    page.evaluate("held.release(), document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("[locks.map(({ on }) => on), held.awake]") == [[False, False], False]
