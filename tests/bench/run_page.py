"""How soon a tap on the coordinator's page is answered, on a processor that is four times as slow.

    python -m tests.bench.run_page [--slower 4] [--json FILE]

47 people are put in the run by touch, in Chromium at phone size over a real service. Measured from the moment the
finger comes down (the event's own time) to the second frame after it was handled: by then it has been painted.
"""

import argparse
import json
import logging
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.support.pages import CHROMIUM
from tests.support.run_page import LISTED, coordinator, loaded, make_run_site

TITLE = "run_page"
LIMIT_MS = 100.0
PROBE = """
window.taps = [];
let down = 0;
addEventListener("pointerdown", (event) => (down = event.timeStamp), { capture: true });
addEventListener("click", () => {
  const since = down;
  requestAnimationFrame(() => requestAnimationFrame(() => window.taps.push(performance.now() - since)));
});
"""


def main() -> None:
    """Measure, print beside the limit, and add to the figures of a file."""
    parser = argparse.ArgumentParser(description="How soon a tap on the coordinator's page is answered.")
    parser.add_argument("--slower", type=float, default=4.0, help="how many times slower the processor is (default 4)")
    parser.add_argument("--json", type=Path, default=None, help="add the figure to those in this file")
    given = parser.parse_args()
    took = measure(given.slower)
    figures = {
        "taps": len(took),
        "slower": given.slower,
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1),
        "max_ms": round(max(took), 1),
    }
    print(f"{TITLE}: {figures} (at most {LIMIT_MS:.0f} ms)")
    if given.json:
        known = json.loads(given.json.read_text()) if given.json.exists() else {}
        known[TITLE] = figures
        given.json.write_text(json.dumps(known, indent=1) + "\n")


def measure(slower: float) -> list[float]:
    """Milliseconds of each tap."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        site = make_run_site(Path(folder))
        site.start()
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            return _taps(browser, site, slower)
        finally:
            browser.close()
            site.stop()


def _taps(browser: Browser, site: Any, slower: float) -> list[float]:
    with coordinator(browser, site) as (page, context, _):
        page.add_init_script(PROBE)
        page.reload()
        loaded(page)
        page.click("[data-step]")
        page.evaluate("() => window.taps.splice(0)")
        devtools: CDPSession = context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        for number, rider in enumerate(site.riders[:LISTED], 1):
            _tap(page, rider.person, number)
        taps: list[float] = page.evaluate("() => window.taps")
        return taps


def _tap(page: Page, person: str, number: int) -> None:
    """Put somebody in by touch, and wait until it was painted."""
    page.locator(f'[data-part="waiting"] [data-person="{person}"] .tap').tap()
    page.evaluate(
        """(many) => new Promise((resolve) => {
          const look = () => (window.taps.length >= many ? resolve() : requestAnimationFrame(look));
          look();
        })""",
        number,
    )


if __name__ == "__main__":
    main()
