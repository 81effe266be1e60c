"""The day in Almelo, from the first badge at the church to the last one out of the town hall, with every fault."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared import instants
from tests.support.site import Site, wait_for

SPEED = 500
MOMENTS = ("11:30", "12:05", "13:30", "14:05", "15:05", "16:30")


@pytest.fixture(params=["mosquitto-postgresql", "embedded-sqlite"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Inloop with the Almelo day loaded, on each broker and database; everything is stopped afterwards."""
    postgres = request.param == "mosquitto-postgresql"
    database = request.getfixturevalue("postgres").new_database() if postgres else None
    made = Site(tmp_path / "site", kind="mosquitto" if postgres else "embedded", database=database, speed=SPEED)
    try:
        yield made
    finally:
        made.stop()


@pytest.mark.timeout(240)
@pytest.mark.xdist_group("almelo-day")
def test_the_numbers_and_the_missing_are_the_simulators_truth(site: Site) -> None:
    """With all faults, and each consumer killed in the middle of its busiest minutes, every number and name is exact.

    Every place at six moments of the day; the missing of each transfer by name; the sum over all places.
    """
    site.start(faults="all")
    _kill_when(site, "checkin", "09:50")
    _kill_when(site, "transport", "11:41")
    _kill_when(site, "checkin", "14:01")
    _play_to_the_end(site)
    _compare(site)


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.xdist_group("almelo-day")
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_other_days_of_the_same_programme_are_exact_too(site: Site, seed: int) -> None:
    """Other people late, lost and in the wrong coach: numbers and names are the truth again."""
    site.start(faults="all", seed=seed)
    _play_to_the_end(site)
    _compare(site)


def _play_to_the_end(site: Site) -> None:
    wait_for(lambda: site.fleet_ended() is not None, 150, "the day does not end")
    assert site.fleet_ended() == 0, site.log("fleet")[-2000:]
    wait_for(lambda: _settled(site), 30, "the last sightings do not arrive")


def _compare(site: Site) -> None:
    truth = site.truth()
    assert sorted(truth) == sorted(MOMENTS)
    for moment in MOMENTS:
        count = site.get(f"/api/v1/headcount?at={instants.to_text(site.at(moment))}")
        assert _numbers(count) == _expected(truth[moment], site), moment
        assert count["registered"] == _sum(count), moment
        assert _missing(site, moment) == truth[moment]["missing"], moment
    assert site.get("/api/v1/quarantine")["messages"] == []
    assert site.get("/transport/api/v1/quarantine")["messages"] == []


def _kill_when(site: Site, service: str, local: str) -> None:
    wait_for(lambda: site.clock.now_ms() >= site.at(local), 120, f"it does not become {local}")
    site.kill9(service)
    site.start_one(service)


def _settled(site: Site) -> bool:
    """Whether both services fold the same sightings: nobody is said to be elsewhere by the other one."""
    first = site.get("/api/v1/headcount")
    aboard = {run["run"]: run["aboard"] for run in first["runs"]}
    runs = [
        run
        for transfer in site.programme.transfers
        for leg in site.get(f"/transport/api/v1/transfers/{transfer.id}")["legs"]
        for run in leg["runs"]
    ]
    arrived = all(run["state"] in {"arrived", "closed"} for run in runs)
    return arrived and not any(aboard.values()) and first == site.get("/api/v1/headcount") | {"at": first["at"]}


def _numbers(count: dict[str, Any]) -> dict[str, int]:
    places = {place["place"]: place["present"] for place in count["places"]}
    runs = {run["run"]: run["aboard"] for run in count["runs"]}
    rest = {name: count[name] for name in ("registered", "expected", "underway", "away", "unconfirmed", "missing")}
    return {name: number for name, number in (places | runs | rest).items() if number}


def _expected(truth: dict[str, Any], site: Site) -> dict[str, int]:
    rest = {name: truth[name] for name in ("registered", "expected", "underway", "away")}
    rest |= {"unconfirmed": len(truth["unconfirmed"]), "missing": len(truth["missing_now"])}
    return {name: number for name, number in (truth["places"] | rest).items() if number}


def _sum(count: dict[str, Any]) -> int:
    locations = sum(place["present"] for place in count["places"] if place["kind"] == "location")
    runs = sum(run["aboard"] for run in count["runs"])
    return int(count["expected"] + locations + runs + count["underway"] + count["away"])


def _missing(site: Site, moment: str) -> dict[str, list[str]]:
    """The missing of each transfer at a moment, by person; each has the name that belongs to it."""
    at = instants.to_text(site.at(moment))
    found = {}
    for transfer in site.programme.transfers:
        if transfer.end_ms > site.at(moment):
            continue
        missing = site.get(f"/transport/api/v1/transfers/{transfer.id}?at={at}")["missing"]
        assert all(one["name"] == site.names[one["person"]] for one in missing)
        found[transfer.id] = sorted(one["person"] for one in missing)
    return found
