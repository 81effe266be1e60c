"""What a door answers, decided by a pure function (CONTRACT section 4)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.domain.door import Door
from checkin.domain.verdict import Decision, Known, decide
from checkin.domain.words import title
from shared import badge
from shared.scans import state_of_unknown

DOOR = Door(
    checkpoint="zaal-in",
    place="huis.zaal",
    location="huis",
    inside=frozenset({"huis.zaal"}),
    here=frozenset({"huis.zaal", "huis"}),
    name="Zaal",
    capacity=80,
    direction="in",
    policy="advise",
    show_name=False,
    away_from_ms=None,
    open_ms=1_000,
    close_ms=9_000,
)
STRICT = replace(DOOR, policy="strict")
COUNT = replace(DOOR, policy="count")
LOCATION_OUT = replace(DOOR, place="huis", direction="out", away_from_ms=5_000)
FREE = Known(allowed=None, is_here=False, was_here=False, others=0)
WRONG = FREE._replace(allowed=frozenset({"kerk"}))
FULL = FREE._replace(others=80)


@pytest.mark.parametrize(
    ("door", "at_ms", "known", "expected"),
    [
        (DOOR, 2_000, FREE, ("admit", "welcome", "huis.zaal")),
        (DOOR, 2_000, FREE._replace(was_here=True), ("admit", "back", "huis.zaal")),
        (DOOR, 2_000, FREE._replace(is_here=True), ("admit", "again", "huis.zaal")),
        (DOOR, 2_000, FULL._replace(is_here=True), ("admit", "again", "huis.zaal")),
        (DOOR, 2_000, WRONG, ("warn", "not-expected-here", "huis.zaal")),
        (DOOR, 2_000, FULL, ("warn", "full", "huis.zaal")),
        (DOOR, 2_000, FULL._replace(others=79), ("admit", "welcome", "huis.zaal")),
        (DOOR, 2_000, FULL._replace(others=None), ("admit", "welcome", "huis.zaal")),
        (DOOR, 2_000, WRONG._replace(others=80), ("warn", "not-expected-here", "huis.zaal")),
        (STRICT, 2_000, WRONG, ("refuse", "not-expected-here", None)),
        (STRICT, 2_000, FULL, ("refuse", "full", None)),
        (STRICT, 999, FREE, ("refuse", "closed", None)),
        (STRICT, 9_000, FREE, ("refuse", "closed", None)),
        (STRICT, 8_999, FREE, ("admit", "welcome", "huis.zaal")),
        (DOOR, 9_000, FREE, ("admit", "welcome", "huis.zaal")),
        (COUNT, 2_000, WRONG._replace(others=80), ("admit", "welcome", "huis.zaal")),
        (replace(DOOR, direction="out"), 2_000, FREE, ("admit", "goodbye", "huis")),
        (LOCATION_OUT, 4_999, FREE, ("admit", "goodbye", "underway")),
        (LOCATION_OUT, 5_000, FREE, ("admit", "goodbye", "away")),
        (replace(LOCATION_OUT, policy="strict"), 9_999, WRONG, ("admit", "goodbye", "away")),
    ],
)
def test_a_door_decides(door: Door, at_ms: int, known: Known, expected: tuple[str, str, str | None]) -> None:
    """Each line of the table in `checkin.domain.verdict`, at its limits."""
    assert decide(door, at_ms, "known", known) == expected


@given(
    st.sampled_from([DOOR, STRICT, COUNT, LOCATION_OUT]),
    st.integers(0, 10_000),
    st.sampled_from(["unknown", "forged", "revoked", "wrong-event"]),
    st.builds(Known, allowed=st.none(), is_here=st.booleans(), was_here=st.booleans(), others=st.integers(0, 100)),
)
def test_a_badge_that_stands_for_nobody_is_never_a_sighting(door: Door, at_ms: int, state: str, known: Known) -> None:
    """Refused at every door, in and out, with its own reason."""
    assert decide(door, at_ms, state, known) == Decision("refuse", state, None)  # type: ignore[arg-type]


@given(
    st.sampled_from([DOOR, STRICT, COUNT]),
    st.integers(0, 10_000),
    st.builds(
        Known,
        allowed=st.none() | st.frozensets(st.sampled_from(["kerk", "huis.zaal"])),
        is_here=st.booleans(),
        was_here=st.booleans(),
        others=st.none() | st.integers(0, 100),
    ),
)
def test_a_refusal_is_no_sighting_and_everything_else_is_one(door: Door, at_ms: int, known: Known) -> None:
    """Only a strict door refuses somebody known; whoever is let in is at its place; every answer has its words."""
    decision = decide(door, at_ms, "known", known)
    assert (decision.outcome == "refuse") == (decision.place is None)
    assert decision.place in {None, door.place}
    assert decision.outcome != "refuse" or door is STRICT
    assert decision.outcome == "admit" or door is not COUNT
    assert title(decision.outcome, decision.reason).nl


def test_a_code_of_nobody_is_told_apart_by_its_mac() -> None:
    """Made here and not given out is unknown, made for another event wrong-event, else forged; other forms unknown."""
    own, other, third = b"a" * 32, b"b" * 32, b"c" * 32
    keys = (("other", other),)
    made = {name: badge.code("7KQ2M9XDAF", event=name, key=key) for name, key in (("this", own), ("other", other))}
    strange = badge.code("7KQ2M9XDAF", event="other", key=third)
    found = [
        state_of_unknown(code, event="this", key=own, others=keys)
        for code in (made["this"], made["other"], strange, "IL1:", "staff-1")
    ]
    assert found == ["unknown", "wrong-event", "forged", "forged", "unknown"]
