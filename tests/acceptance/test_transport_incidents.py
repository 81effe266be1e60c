"""The kerb on a day of mishaps, played by coordinators' phones; what the service says is what the contract says.

The answers stand in expected_incidents.yaml, worked out by hand.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from firmware_sim import incidents
from firmware_sim.coordinators import WEATHER, Kerb, Waiting, request_of, send_to
from firmware_sim.script import Deed, local_ms
from shared import instants
from shared.programme import Programme
from tests.support import incident_day
from tests.support.brokers import Kind
from tests.support.kerb import Kerbside
from tests.support.site import EXAMPLE, Site, wait_for

EXPECTED = yaml.safe_load((Path(__file__).parent / "expected_incidents.yaml").read_text(encoding="utf-8"))
LIVE: Mapping[str, Any] = EXPECTED["live"]
HINDSIGHT: Mapping[str, Any] = EXPECTED["hindsight"]
LAST = list(LIVE)[-1]
NUMBERS = (
    "listed", "aboard", "scanned", "manual", "provisional", "nameless", "to_come", "excused", "left_behind", "arrived",
    "unconfirmed", "counted", "difference",
)  # fmt: skip
UNSAID = {"counted": None, "difference": None}
ALL_DAY = [f"{hour}:{minute:02}" for hour in range(10, 15) for minute in range(0, 60, 5) if (hour, minute) < (14, 15)]
SCRIPT = incidents.write(incident_day.parts(), incident_day.BADGES, 1)


class Asked(Protocol):
    """Who is asked: the service in this process, or all of them as processes."""

    programme: Programme

    def sheet(self, run: str) -> dict[str, Any]: ...
    def transfer(self, transfer: str, at: str = "", known: str = "") -> dict[str, Any]: ...


LONG = pytest.mark.long


@pytest.fixture
def kerbside(tmp_path: Path, database_url: str) -> Iterator[Kerbside]:
    """The service with everybody seated, on each database."""
    made = Kerbside(tmp_path, database_url)
    yield made
    made.transport.engine.dispose()


def test_everybody_has_the_seat_that_the_answers_are_worked_out_from(kerbside: Kerbside) -> None:
    """Almelo on B1, Zwolle on B2, Oss on H1, in both transfers."""
    for run, persons in incident_day.SEATED.items():
        assert [one["person"] for one in kerbside.sheet(run)["persons"]] == list(persons), run


def test_at_every_moment_the_service_says_what_the_contract_says(kerbside: Kerbside) -> None:
    """What is known at each moment, live; the same afterwards by `known`; and what is known of it afterwards."""
    kerb = Kerb(SCRIPT, send=kerbside.send, clock=kerbside.clock)
    said: dict[str, Any] = {}
    for moment, expected in LIVE.items():
        kerb.play(kerbside.at(moment))
        kerbside.tick()
        said[moment] = _said(kerbside)
        assert _differences(_live(kerbside, moment), _complete(expected)) == [], moment
    kerb.play(kerbside.at("14:30"))
    assert (kerb.waiting, kerb.troubles) == (0, [])
    assert _refused(kerb) == [(one["run"], one["at"], one["letter"]) for one in EXPECTED["refused"]]
    for moment in LIVE:
        assert _said(kerbside, moment, moment) == said[moment], moment
    _compare_hindsight(kerbside)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=LONG), pytest.param(3, marks=LONG)])
def test_in_any_weather_the_last_answers_are_the_same(kerbside: Kerbside, seed: int) -> None:
    """Requests and answers are lost, doubled, late and in another order."""
    kerb = Kerb(SCRIPT, send=kerbside.send, clock=kerbside.clock, weather=frozenset(WEATHER), seed=seed)
    kerb.play(kerbside.at(LAST))
    assert kerb.drain(kerbside.at("14:30")), kerb.summary()
    kerbside.tick()
    assert _differences(_live(kerbside, LAST), _complete(LIVE[LAST])) == []
    _compare_hindsight(kerbside)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=LONG)])
def test_when_everything_comes_in_at_the_end_in_any_order_the_answers_are_the_same(
    kerbside: Kerbside, seed: int
) -> None:
    """No phone had network all day, and none of what they hold comes in before something else for a reason."""
    kerbside.clock.now = kerbside.at("14:30")
    throw = random.Random(seed)  # noqa: S311 (a test)
    waiting = [deed for deed in SCRIPT.deeds if not _is_refused(deed)]
    throw.shuffle(waiting)
    while waiting:
        batch, waiting = waiting[:20], waiting[20:]
        doors = [Waiting(deed, "doors") for deed in batch if deed.what == "door"]
        acts = [Waiting(_as_act(deed), "acts") for deed in batch if deed.what != "door"]
        for one in filter(None, (acts, doors, acts)):
            path, body, key = request_of(one, kerbside.clock.now)
            assert kerbside.send("desk", path, body, key).status == 200
    kerbside.tick()
    assert _differences(_live(kerbside, LAST), _complete(LIVE[LAST])) == []
    _compare_hindsight(kerbside)


def _is_refused(deed: Deed) -> bool:
    """What has no network is not refused at the gate, so it is not done here."""
    return any(
        deed.body.get("run") == one["run"] and deed.at_ms == local_ms(incident_day.programme(), one["at"])
        for one in EXPECTED["refused"]
    )


def _as_act(deed: Deed) -> Deed:
    """A badge that a coach's reader read, as if a coordinator's camera had."""
    if deed.what != "scan":
        return deed
    runs = {"coach-b1": "t1-b1", "coach-r1": "t2-b1", "coach-h1": "t2-h1"}
    return replace(
        deed,
        what="act",
        body={"run": runs[deed.body["checkpoint"]], "kind": "aboard", "badge": deed.body["badge"]},
    )


@pytest.mark.timeout(240)
@pytest.mark.xdist_group("almelo-day")
@pytest.mark.parametrize("kind", ["mosquitto-postgresql", pytest.param("embedded-sqlite", marks=LONG)])
def test_real_processes_say_it_too(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    """Broker, both services, pages and phones with their own tokens over HTTP, in bad weather; doors by check-in."""
    (tmp_path / "day").mkdir()
    incident_day.write_files(tmp_path / "day")
    site = _site(request, tmp_path, kind, day=tmp_path / "day", speed=600)
    try:
        site.start_services()
        asked = Processes(site)
        wait_for(lambda: len(asked.sheet("t1-b1")["persons"]) == len(incident_day.ALMELO), 30, "nobody has a seat")
        kerb = Kerb(SCRIPT, send=send_to(site.origin, _tokens(site)), clock=site.clock, weather=frozenset(WEATHER))
        kerb.play(local_ms(site.programme, LAST))
        assert kerb.drain(local_ms(site.programme, "15:59")), kerb.summary()
        assert kerb.troubles == []
        expected = _complete(LIVE[LAST])
        wait_for(lambda: not _differences(_live(asked, LAST), expected), 20, "the last sightings do not arrive")
        _compare_hindsight(asked)
    finally:
        site.stop()


@pytest.mark.timeout(240)
@pytest.mark.xdist_group("almelo-day")
def test_the_day_in_almelo_holds_together(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The same mishaps among 313 people and fourteen runs, played by the command: everybody is somewhere, always."""
    day = tmp_path / "day"
    day.mkdir()
    (day / "programme.yaml").write_bytes((EXAMPLE / "programme.yaml").read_bytes())
    people = (EXAMPLE / "people.csv").read_text(encoding="utf-8")
    (day / "people.csv").write_text(f"{people.rstrip()}\nx313,Walk On,,,,,,\n", encoding="utf-8")
    site = _site(request, tmp_path, "embedded-sqlite", day=day, speed=500)
    try:
        site.start_services()
        asked = Processes(site)
        wait_for(lambda: len(asked.sheet("t1-b1")["persons"]) > 20, 30, "nobody has a seat")
        site.start_incidents(weather="all", seed=3)
        wait_for(lambda: site.incidents_ended() is not None, 150, "the incidents do not end")
        assert site.incidents_ended() == 0, site.log("incidents")[-2000:]
        wait_for(lambda: not _unsettled(asked), 30, f"not settled: {_unsettled(asked)}")
        for clock in ALL_DAY:
            totals = [asked.transfer(transfer, clock)["totals"] for transfer in ("t1", "t2")]
            assert all(of["holds"] and of["registered"] == 313 for of in totals), (clock, totals)
        sheets = {run.id: asked.sheet(run.id) for run in site.programme.runs}
        (open_one,) = [sheet for sheet in sheets.values() if sheet["state"] != "closed"]
        assert open_one["numbers"]["left_behind"] == open_one["numbers"]["difference"] == 1
        assert sum(sheet["coach"]["name"] == "R1" for sheet in sheets.values()) == 2  # in both transfers
        assert site.get("/transport/api/v1/quarantine")["messages"] == []
    finally:
        site.stop()


# -- real processes ----------------------------------------------------------------------------------


class Processes:
    """Asks the processes of a site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.programme: Programme = site.programme

    def sheet(self, run: str) -> dict[str, Any]:
        """All of a run, now."""
        found: dict[str, Any] = self._site.get(f"/transport/api/v1/runs/{run}/sheet")
        return found

    def transfer(self, transfer: str, at: str = "", known: str = "") -> dict[str, Any]:
        """A transfer now, or at a local time, perhaps by what was known then."""
        asked = {name: local_ms(self.programme, clock) for name, clock in (("at", at), ("known", known)) if clock}
        query = "&".join(f"{name}={instants.to_text(at_ms)}" for name, at_ms in asked.items())
        found: dict[str, Any] = self._site.get(f"/transport/api/v1/transfers/{transfer}?{query}")
        return found


def _site(request: pytest.FixtureRequest, tmp_path: Path, kind: str, *, day: Path, speed: float) -> Site:
    postgres = kind == "mosquitto-postgresql"
    database = request.getfixturevalue("postgres").new_database() if postgres else None
    broker: Kind = "mosquitto" if postgres else "embedded"
    return Site(tmp_path / "site", kind=broker, database=database, speed=speed, day=day, auto_steps=False)


def _tokens(site: Site) -> dict[str, str]:
    """Each coordinator sees their own runs; readers are hosts."""
    scopes = {"c1": ("t1-b1", "t2-b1"), "c2a": ("t1-b2", "t2-b2"), "c2b": ("t1-b2", "t2-b2"), "c3": ("t1-h1", "t2-h1")}
    own = {phone: site.token("coordinator", *scope) for phone, scope in scopes.items()}
    readers = {phone: site.token("host") for phone in SCRIPT.phones if phone.startswith("reader.")}
    return {**own, **readers, "desk": site.token("organiser")}


def _unsettled(asked: Asked) -> list[str]:
    """Runs that somebody is unconfirmed on: what the doors read has not come yet."""
    runs = [run for t in ("t1", "t2") for leg in asked.transfer(t)["legs"] for run in leg["runs"]]
    return [run["run"] for run in runs if run["unconfirmed"] or run["state"] not in {"arrived", "closed"}]


# -- what is expected --------------------------------------------------------------------------------


def _complete(expected: Mapping[str, Any]) -> dict[str, Any]:
    """With the numbers that are not named, which are 0."""
    runs = {run: dict.fromkeys(NUMBERS, 0) | UNSAID | of for run, of in expected["runs"].items()}
    return {**expected, "runs": runs, "holds": True}


def _differences(found: Any, expected: Any, path: str = "") -> list[str]:
    """Where the two differ, one line each."""
    if isinstance(found, dict) and isinstance(expected, dict):
        names = [*expected, *(name for name in found if name not in expected)]
        return [line for name in names for line in _differences(found.get(name), expected.get(name), f"{path}/{name}")]
    return [] if found == expected else [f"{path}: {found} where {expected} is right"]


# -- what is said ------------------------------------------------------------------------------------


def _live(asked: Asked, moment: str) -> dict[str, Any]:
    """What the service says now, of all that is expected at a moment."""
    expected = LIVE[moment]
    sheets = {run: asked.sheet(run) for run in incident_day.SEATED}
    views = {transfer: asked.transfer(transfer) for transfer in ("t1", "t2")}
    found: dict[str, Any] = {
        "runs": {run: _run(sheets[run]) for run in expected["runs"]},
        "letters": {run: _of(sheets[run], "letter", of) for run, of in expected["letters"].items()},
        "conflicts": {run: [one["person"] for one in sheets[run]["conflicts"]] for run in expected["conflicts"]},
        "places": _places(views.values()),
        "missing": {transfer: _persons(views[transfer]["missing"]) for transfer in expected["missing"]},
        "holds": views["t1"]["totals"]["holds"] and views["t2"]["totals"]["holds"],
    }
    more: Mapping[str, Callable[[str], Any]] = {
        "elsewhere": lambda run: [one["person"] for one in sheets[run]["persons"] if one["elsewhere"]],
        "late": lambda run: _late(sheets[run]),
        "early": lambda run: {step: _clock(asked, sheets[run]["times"][step]["real"]) for step in ("depart", "arrive")},
        "likely": lambda run: [one["person"] for one in sheets[run]["gate"]["likely"]],
        "to_settle": lambda run: sorted(sheets[run]["gate"]["to_settle"]),
        "settled": lambda run: sheets[run]["numbers"]["settled"],
    }
    found |= {name: {run: say(run) for run in expected[name]} for name, say in more.items() if name in expected}
    if "stands" in expected:
        found["stands"] = {one["person"]: one["stands"] for sheet in sheets.values() for one in sheet["conflicts"]}
    if "unconfirmed" in expected:
        found["unconfirmed"] = sorted({person for view in views.values() for person in _persons(view["unconfirmed"])})
    return found


def _run(sheet: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: sheet["numbers"][name] for name in NUMBERS}
    return {**numbers, "state": sheet["state"], "coach": sheet["coach"]["coach"]}


def _of(sheet: Mapping[str, Any], member: str, persons: Mapping[str, Any]) -> dict[str, Any]:
    rows = {one["person"]: one[member] for one in sheet["persons"]}
    return {person: rows.get(person) for person in persons}


def _late(sheet: Mapping[str, Any]) -> dict[str, Any]:
    touches = {one["item"]: [one["late_ms"] // 60_000, one["people"]] for one in sheet["touches"]}
    return {"late_min": sheet["times"]["late_ms"] // 60_000, "touches": touches}


def _clock(asked: Asked, moment: str) -> str:
    return f"{asked.programme.local(instants.to_ms(moment)):%H:%M}"


def _places(views: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Where everybody is who was seen, by place; a transfer names the locations that it touches."""
    found: dict[str, int] = {}
    for view in views:
        totals = view["totals"]
        found |= {place["place"]: place["here"] for place in view["locations"]}
        found |= {"underway": totals["underway"], "away": totals["away"], "runs": totals["aboard"]}
    return {place: number for place, number in found.items() if number}


def _persons(named: Any) -> list[str]:
    return sorted(one["person"] for one in named)


def _said(asked: Asked, at: str = "", known: str = "") -> dict[str, Any]:
    """What both transfers say of their runs and places, now or at a moment."""
    views = [asked.transfer(transfer, at, known) for transfer in ("t1", "t2")]
    runs = {run["run"]: run for view in views for leg in view["legs"] for run in leg["runs"]}
    return {
        "runs": {
            run: (of["state"], of["aboard"], of["arrived"], _persons(of["left_behind"]), _persons(of["unconfirmed"]))
            for run, of in runs.items()
        },
        "places": _places(views),
        "missing": [_persons(view["missing"]) for view in views],
        "holds": all(view["totals"]["holds"] for view in views),
    }


def _compare_hindsight(asked: Asked) -> None:
    for moment, expected in HINDSIGHT.items():
        view = asked.transfer("t1", moment)
        runs = {run["run"]: [run["state"], run["aboard"]] for leg in view["legs"] for run in leg["runs"]}
        assert runs == expected["runs"], moment
        assert _places([view]) == expected["places"], moment
        assert _persons(view["missing"]) == expected["missing"]["t1"], moment
        assert view["totals"]["holds"], moment


def _refused(kerb: Kerb) -> list[tuple[str, str, str]]:
    """The steps and acts that were not done, with run, time and letter, in order of time."""
    found = []
    for deed in SCRIPT.deeds:
        answer = kerb.answers[deed.id]
        fine = answer.get("outcome") in {"done", "admit", "warn"} or answer.get("status") == 200
        if not fine:
            local = incident_day.programme().local(deed.at_ms)
            found.append((str(deed.body["run"]), f"{local:%H:%M}", str(answer.get("letter"))))
    return found
