"""How soon a tap on the coordinator's page is answered, on a processor that is four times as slow.

    python -m tests.bench.run_page [--slower 4] [--json FILE]

47 people are put in the run by touch, in Chromium at phone size over a real service. Measured from the moment the
finger comes down (the event's own time) to the second frame after it was handled: by then it has been painted.
Beside it the same touch on a page of buttons that do next to nothing: what this machine, as busy as it is now, takes
for the finger and the two frames alone; and the longest stretch of work of the page (0: none was of 50 ms or more).
"""

import argparse
import json
import logging
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.support.pages import CHROMIUM
from tests.support.run_page import LISTED, RunSite, coordinator, loaded, make_run_site

TITLE = "run_page"
LIMIT_MS = 100.0
# the page itself tells when it painted: asking it over and over would be work of the bench, not of the page
PROBE = """
window.taps = [];
window.longest = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
}).observe({ type: "longtask" });
window.painted = () => {};
let down = 0;
addEventListener("pointerdown", (event) => (down = event.timeStamp), { capture: true });
addEventListener("click", () => {
  const since = down;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    window.taps.push(performance.now() - since);
    window.painted();
  }));
});
"""
AIM = """async (person) => {
  const row = document.querySelector(`[data-part="waiting"] [data-person="${person}"] .tap`);
  row.scrollIntoView({ block: "center" });
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  window.next = new Promise((resolve) => (window.painted = resolve));
  const { left, top, width, height } = row.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}"""


BARE = """() => {
  const row = (person) => `<p data-person="${person}"><button class="tap">+</button></p>`;
  const rows = Array.from({ length: 47 }, (_, number) => row(`b${number}`));
  document.body.innerHTML = `<div data-part="waiting">${rows.join("")}</div>`;
  addEventListener("click", (event) => (event.target.textContent = "-"));
}"""


def main() -> None:
    """Measure, print beside the limit, and add to the figures of a file."""
    parser = argparse.ArgumentParser(description="How soon a tap on the coordinator's page is answered.")
    parser.add_argument("--slower", type=float, default=4.0, help="how many times slower the processor is (default 4)")
    parser.add_argument("--json", type=Path, default=None, help="add the figure to those in this file")
    given = parser.parse_args()
    took, longest, bare = measure(given.slower)
    figures = {"taps": len(took), "slower": given.slower, **_summary(took), "longest_task_ms": longest}
    figures |= {f"bare_{name}": value for name, value in _summary(bare).items()}
    print(f"{TITLE}: {figures} (at most {LIMIT_MS:.0f} ms)")
    if given.json:
        known = json.loads(given.json.read_text()) if given.json.exists() else {}
        known[TITLE] = figures
        given.json.write_text(json.dumps(known, indent=1) + "\n")


def _summary(took: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "max_ms": round(max(took), 1),
    }


def measure(slower: float) -> tuple[list[float], float, list[float]]:
    """Milliseconds of each tap on the page, of its longest task, and of each tap on one that does next to nothing."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        site = make_run_site(Path(folder))
        site.start()
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            return *_taps(browser, site, slower), _bare(browser, slower)
        finally:
            browser.close()
            site.stop()


def _taps(browser: Browser, site: RunSite, slower: float) -> tuple[list[float], float]:
    with coordinator(browser, site) as (page, context, _):
        page.add_init_script(PROBE)
        page.reload()
        loaded(page)
        page.click("[data-step]")
        page.evaluate("() => (window.taps.length = window.longest = 0)")
        devtools: CDPSession = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        for rider in site.riders[:LISTED]:
            _tap(page, devtools, rider.person)
        taps: list[float] = page.evaluate("() => window.taps")
        longest: float = page.evaluate("() => window.longest")
        return taps, longest


def _bare(browser: Browser, slower: float) -> list[float]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.evaluate(f"() => {{ {PROBE} }}")
    page.evaluate(BARE)
    devtools: CDPSession = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    for number in range(LISTED):
        _tap(page, devtools, f"b{number}")
    taps: list[float] = page.evaluate("() => window.taps")
    context.close()
    return taps


def _tap(page: Page, devtools: CDPSession, person: str) -> None:
    """Put somebody in by touch, and wait until it was painted."""
    finger = page.evaluate(AIM, person)
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.evaluate("() => window.next")


if __name__ == "__main__":
    main()
