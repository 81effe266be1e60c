"""A device that somebody else built, by the contract alone: `mosquitto_pub` and `mosquitto_sub`."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared import instants
from tests.support.site import Site

SCANNER = "foreign-1"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Broker and check-in on SQLite, with a scanner added while they run, as `inloop scanner add` does."""
    if shutil.which("mosquitto_pub") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("mosquitto_pub is not installed on CI: apt install mosquitto-clients")
        pytest.skip("mosquitto_pub is not installed (apt install mosquitto-clients)")
    made = Site(tmp_path / "site", kind="mosquitto", database=None, speed=1)
    try:
        made.broker.start()
        made.start_one("checkin")
        made.add_scanner(SCANNER, "grote-kerk-in")
        yield made
    finally:
        made.stop()


@pytest.mark.parametrize("version", ["311", "5"])
def test_a_scan_published_by_the_contract_gets_its_verdict(site: Site, version: str) -> None:
    """A known badge is welcomed with where to go next; the same id again gets the same verdict again."""
    badge = json.loads((site.folder / "people.json").read_text())[0]
    scan = {
        "id": f"my-first-scan-{version}",
        "badge": badge["badge"],
        "checkpoint": "grote-kerk-in",
        "at": instants.to_text(site.clock.now_ms()),
        "synced": True,
        "age_ms": 0,
        "seq": 1,
        "colour": "a member that nobody knows",
    }
    verdict = _ask(site, scan, version)
    assert (verdict["scan"], verdict["outcome"], verdict["reason"]) == (scan["id"], "admit", "welcome")
    assert (verdict["place"], verdict["present"]) == ("grote-kerk", 1)
    assert verdict["title"] == {"nl": "Welkom", "en": "Welcome"}
    assert "person" not in verdict, "names only where the checkpoint shows them"
    assert _ask(site, scan, version) == verdict


def test_a_badge_that_nobody_made_is_refused(site: Site) -> None:
    """A code of our form with another MAC is forged; any other text is unknown."""
    scan = {"id": "a-forged-badge", "checkpoint": "grote-kerk-in", "at": instants.to_text(site.clock.now_ms())}
    forged = _ask(site, scan | {"badge": "IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N"}, "311")
    assert (forged["outcome"], forged["reason"]) == ("refuse", "forged")
    unknown = _ask(site, scan | {"id": "an-unknown-badge", "badge": "a library card"}, "311")
    assert (unknown["outcome"], unknown["reason"]) == ("refuse", "unknown")


def _ask(site: Site, scan: dict[str, Any], version: str) -> dict[str, Any]:
    """Publish until the verdict comes, as a device does: the first may go out before we listen."""
    where = ["-h", "127.0.0.1", "-p", str(site.broker.port), "-V", version, "-u", SCANNER]
    signed = [*where, "-P", site.secrets.mqtt_password(SCANNER)]
    below = f"inloop/1/{site.programme.event}"
    hearing = subprocess.Popen(
        ["mosquitto_sub", *signed, "-t", f"{below}/verdict/{SCANNER}", "-C", "1", "-W", "20"], stdout=subprocess.PIPE
    )
    saying = ["mosquitto_pub", *signed, "-q", "1", "-t", f"{below}/scan/door/{SCANNER}", "-m", json.dumps(scan)]
    for _ in range(40):
        subprocess.run(saying, check=True, timeout=10)
        try:
            said, _ = hearing.communicate(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
        verdict: dict[str, Any] = json.loads(said)
        return verdict
    hearing.kill()
    raise AssertionError("no verdict came")
