"""Make the pictures of the README: play the day in Almelo, and look at the board at a chosen moment.

python tools/screenshots.py [--at 11:43] [--speed 240]
"""

import argparse
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from shared.broker import wait_listening

TARGET = Path(__file__).parent.parent / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
LARGEST = 300_000  # bytes
PORT = 8765
BOARD = "/"
LIVE = "document.querySelector('[data-state=live]') !== null && document.querySelector('.strip').children.length > 0"
# name, page, width, height, theme, and when it is whole
SHOTS = (
    ("run-phone", "/transport/run/t1-b3", 390, 844, "light", "document.querySelectorAll('main li').length > 10"),
    ("dispatch", "/transport/", 1440, 900, "light", "document.querySelectorAll('button').length > 10"),
    ("board", BOARD, 1440, 900, "light", LIVE),
    ("board-dark", BOARD, 1440, 900, "dark", LIVE),
    ("board-phone", BOARD, 390, 844, "light", LIVE),
    ("transfer", "/transport/transfer/t1", 1440, 900, "dark", "document.querySelectorAll('tr').length > 8"),
)


def main() -> int:
    """Play, look, stop."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--at", default="11:43", help="local time on the day (default 11:43, in the first transfer)")
    parser.add_argument("--speed", default="240")
    given = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "inloop", "up", "--data", data, "--port", str(PORT), "--simulate", given.speed]
        up = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 # put together above
        try:
            link = _organisers_link(up)
            wait_listening("127.0.0.1", PORT, 10)
            with sync_playwright() as player:
                browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                _wait_until(browser, link, given.at)
                for shot in SHOTS:
                    _shoot(browser, link, *shot)
                browser.close()
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(30)
    return 0


def _organisers_link(up: "subprocess.Popen[str]") -> str:
    for line in up.stdout or ():
        found = re.match(r"\s+organiser\s+(\S+)", line)
        if found:
            return found[1]
    raise SystemExit("inloop up did not become ready: run it by hand to see why")


def _wait_until(browser: Browser, link: str, at: str) -> None:
    """Wait until the board's clock shows a time."""
    page = browser.new_page(locale="nl-NL")
    page.goto(link)
    _wait(page, f"document.querySelector('[data-clock]').textContent.replace('.', ':') >= '{at}'", seconds=600)
    page.close()


def _wait(page: Page, holds: str, *, seconds: float = 30) -> None:
    """Wait until an expression holds; the pages allow no code from elsewhere, so it is asked again and again."""
    limit = time.monotonic() + seconds
    while not page.evaluate(holds):
        if time.monotonic() > limit:
            raise SystemExit(f"{page.url} does not come so far that {holds}")
        page.wait_for_timeout(100)


def _shoot(browser: Browser, link: str, name: str, path: str, width: int, height: int, theme: str, whole: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",  # a picture in the middle of a change looks faded
        locale="nl-NL",
    )
    page = context.new_page()
    page.goto(link)
    page.goto(link.partition("/sign-in")[0] + path)
    _wait(page, f"document.fonts.status === 'loaded' && {whole}")
    picture = TARGET / f"{name}.png"
    page.screenshot(path=picture)
    context.close()
    if picture.stat().st_size > LARGEST:
        raise SystemExit(f"{picture.name} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    raise SystemExit(main())
