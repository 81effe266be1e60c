"""The script of what goes wrong at the kerb: the same for the same seed, in order, and with every mishap in it."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from firmware_sim import incidents
from firmware_sim.script import Deed, Script, local_ms
from tests.support import incident_day
from tests.support.almelo import almelo, guests, seats_for

PROGRAMME = almelo()
PEOPLE = guests()
LISTS = seats_for(PROGRAMME, PEOPLE)
BADGES = {guest.person: guest.badge for guest in PEOPLE}
PARTS = incidents.cast(PROGRAMME, LISTS, 1)
SCRIPT = incidents.write(PARTS, BADGES, 1)
SMALL = incidents.write(incident_day.parts(), incident_day.BADGES, 1)


def of(script: Script, run: str, **members: Any) -> list[Deed]:
    """What is done on a run, with these members."""
    return [
        deed
        for deed in script.deeds
        if deed.body.get("run") == run and all(deed.body.get(name) == value for name, value in members.items())
    ]


def clocks(deeds: list[Deed]) -> list[str]:
    """When, local."""
    return [f"{PROGRAMME.local(deed.at_ms):%H:%M:%S}".removesuffix(":00") for deed in deeds]


def test_the_same_seed_gives_the_same_script_and_another_one_other_people() -> None:
    """Ids too, so that it may be played again."""
    assert incidents.write(incidents.cast(PROGRAMME, LISTS, 1), BADGES, 1) == SCRIPT
    other = incidents.cast(PROGRAMME, LISTS, 2)
    assert (other.vip, other.astray) != (PARTS.vip, PARTS.astray)


@pytest.mark.parametrize("script", [SCRIPT, SMALL], ids=["almelo", "small"])
def test_it_is_in_order_and_every_deed_has_its_own_id(script: Script) -> None:
    """Ids of the contract's form."""
    assert list(script.deeds) == sorted(script.deeds, key=lambda deed: (deed.at_ms, deed.id))
    assert len({deed.id for deed in script.deeds}) == len(script.deeds)
    assert all(8 <= len(deed.id) <= 64 for deed in script.deeds)


@pytest.mark.parametrize(("script", "parts"), [(SCRIPT, PARTS), (SMALL, incident_day.parts())], ids=["almelo", "small"])
def test_every_mishap_is_in_it(script: Script, parts: incidents.Parts) -> None:
    """With its time, as the table of the module says."""
    first, second, park = parts.first, parts.second, parts.park
    assert clocks(of(script, first, step="halt")) == ["11:41"]
    assert clocks(of(script, first, step="depart")) == ["11:38", "11:53"]
    assert [deed.phone for deed in of(script, first, step="replace")] == ["desk"]
    assert clocks(of(script, first, kind="off")) == ["11:31"]
    assert [script.is_offline("c2a", local_ms(PROGRAMME, clock)) for clock in ("11:27", "11:44", "12:20")] == [
        False,
        True,
        False,
    ]
    assert not [d for d in script.deeds if d.phone == "c2a" and d.at_ms >= local_ms(PROGRAMME, "11:44")]
    assert all(script.is_offline("c3", deed.at_ms) for deed in of(script, park))
    assert {deed.body.get("step") for deed in of(script, park)} >= {"open", "depart", "arrive", "close"}
    assert clocks(of(script, parts.first_on, kind="excuse"))[:2] == ["13:25", "13:26"]
    assert clocks(of(script, parts.park_on, step="depart")) == ["13:34"]
    assert len(parts.astray) + len(parts.misdirected) == 12
    on_both = {deed.body["person"]: deed.phone for deed in of(script, second, kind="aboard") if "person" in deed.body}
    assert on_both[parts.boarded_twice] == "c2b"
    (count,) = of(script, parts.second_on, kind="count")
    assert count.body["counted"] == len(of(script, parts.second_on, kind="aboard")) + 1


def test_nobody_plays_two_parts_that_exclude_each_other() -> None:
    """Who goes astray is not who gets off; and all come from the list of their run."""
    own = [PARTS.gets_off, PARTS.boarded_twice, *PARTS.hand_ticked, *PARTS.astray, PARTS.vip, PARTS.drives]
    others = [*PARTS.seen_twice, *PARTS.unheard, PARTS.sleeper, PARTS.late, *PARTS.to_first]
    assert max(Counter([*own, *others, *PARTS.misdirected]).values()) == 1
    assert set(own) <= set(LISTS[PARTS.first])
    assert set(others) <= set(LISTS[PARTS.second])
    assert {*PARTS.misdirected, *PARTS.vouched} <= set(LISTS[PARTS.park])


def test_everybody_with_a_seat_is_read_or_told_of_in_each_transfer() -> None:
    """But for whom the story leaves behind; on ordinary runs everybody."""
    for run in PARTS.ordinary:
        coach = PROGRAMME.run(run).coach
        read = [d for d in SCRIPT.deeds if d.body.get("checkpoint") == f"coach-{coach}"]
        assert {BADGES[person] for person in LISTS[run]} <= {deed.body["badge"] for deed in read}


def test_without_a_walk_on_there_is_none() -> None:
    """Where everybody has a seat."""
    assert PARTS.walk_on is None
    assert not of(SMALL, "t1-b1", person="nobody")
    assert of(SMALL, "t1-b1", person="x60")


def test_each_run_goes_on_with_another_one() -> None:
    """Where most of its people sit; what one run took is not there for the next."""
    both = (*LISTS["t1-b1"], *LISTS["t1-b2"])
    lists = LISTS | {"t2-b1": both, "t2-b2": LISTS["t1-b2"][:20], "t2-b3": ()}
    parts = incidents.cast(PROGRAMME, lists, 1)
    assert (parts.first_on, parts.second_on) == ("t2-b1", "t2-b2")


def test_a_run_with_too_few_people_says_so() -> None:
    """Seats that were not given yet, or another programme."""
    with pytest.raises(ValueError, match="too few"):
        incidents.cast(PROGRAMME, dict.fromkeys(LISTS, ()), 1)
    with pytest.raises(ValueError, match="day in Almelo"):
        incidents.cast(replace(PROGRAMME, runs=PROGRAMME.runs[1:]), LISTS, 1)


def test_it_can_be_read_as_json() -> None:
    """Times as text."""
    told = SCRIPT.as_json()
    assert len(told["deeds"]) == len(SCRIPT.deeds)
    assert told["outages"][0] == {
        "phone": "c2a",
        "from": "2024-01-11T10:28:00.000Z",
        "until": "2024-01-11T11:20:00.000Z",
    }
