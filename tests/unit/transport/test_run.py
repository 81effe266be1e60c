"""The run as a state machine: every letter of the table walked, everything else refused."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transport.domain import run as machine
from transport.domain.run import (
    BY_STEP,
    REOPEN_MS,
    STEPS,
    TABLE,
    Log,
    NotAllowed,
    State,
    Taken,
    Vehicle,
    allowed,
    fold,
    take,
)

# state: the steps that lead there, written by hand from the table in the docs
WAYS = {
    State.PLANNED: "",
    State.BOARDING: "B",
    State.LAST_CALL: "BC",
    State.DEPARTED: "BD",
    State.ARRIVED: "BDE",
    State.CLOSED: "BDEF",
    State.CANCELLED: "G",
    State.HALTED: "BJ",
}
# letter: from which states to which
EXPECTED = {
    "B": {State.PLANNED: State.BOARDING},
    "C": {State.BOARDING: State.LAST_CALL},
    "D": {State.BOARDING: State.DEPARTED, State.LAST_CALL: State.DEPARTED},
    "E": {State.DEPARTED: State.ARRIVED},
    "F": {State.ARRIVED: State.CLOSED},
    "G": dict.fromkeys((State.PLANNED, State.BOARDING, State.LAST_CALL), State.CANCELLED),
    "H": {State.LAST_CALL: State.BOARDING, State.DEPARTED: State.BOARDING},
    "J": dict.fromkeys((State.BOARDING, State.LAST_CALL, State.DEPARTED), State.HALTED),
    "K": {
        State.PLANNED: State.PLANNED,
        **dict.fromkeys((State.BOARDING, State.LAST_CALL, State.DEPARTED, State.HALTED), State.BOARDING),
    },
    "L": {State.HALTED: State.BOARDING},
}


RELIEF = Vehicle(coach="b9", name="B9", seats=40)


def step(letter: str, at_ms: int, *, reason: str = "because", identity: str = "") -> Taken:
    """A step that somebody asked for."""
    return Taken(letter=letter, at_ms=at_ms, by="c", id=identity or f"{at_ms:06}", reason=reason, vehicle=RELIEF)


def log_of(letters: str) -> Log:
    """A run that took these steps, one a second."""
    return Log(run="t1-b1", steps=tuple(Taken(letter=c, at_ms=n * 1000, by="test") for n, c in enumerate(letters, 1)))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("letter", EXPECTED)
def test_every_letter_from_every_state(state: State, letter: str) -> None:
    """It leads where the table says, or is refused with letter, state and what is allowed now."""
    log = log_of(WAYS[state])
    taken = take(log, step(letter, 10_000))
    if state in EXPECTED[letter]:
        assert isinstance(taken, Taken)
        assert Log(run=log.run, steps=(*log.steps, taken)).state is EXPECTED[letter][state]
    else:
        assert isinstance(taken, NotAllowed)
        assert (taken.letter, taken.state) == (letter, state)
        assert taken.allowed == tuple(machine.BY_LETTER[c].step for c in EXPECTED if state in EXPECTED[c])


def test_a_run_is_replaced_only_by_a_coach() -> None:
    """K without one is refused with its letter; with one the run boards again, and is in that coach from then on."""
    refused = take(log_of("BD"), Taken(letter="K", at_ms=10_000, by="c"))
    assert isinstance(refused, NotAllowed)
    assert (refused.letter, refused.state) == ("K", State.DEPARTED)
    assert "needs a coach" in refused.why
    log = fold("r", [step("B", 1), step("D", 2), step("J", 3), step("K", 4)])
    assert (log.state, log.vehicle, log.replaced_ms, log.departed_ms) == (State.BOARDING, RELIEF, 4, None)
    assert log.on_the_road
    assert not log_of("B").on_the_road


@given(
    st.lists(st.tuples(st.sampled_from("BCDEFGHJKL"), st.integers(0, 30)), max_size=12),
    st.randoms(use_true_random=False),
)
def test_steps_in_any_order_and_doubled_fold_to_the_same(presses: list[tuple[str, int]], shuffle: Random) -> None:
    """Two phones that were offline: whatever comes in first, one state, one log."""
    asked = [step(letter, at_ms, identity=f"step-{n:04}") for n, (letter, at_ms) in enumerate(presses)]
    shuffled = [*asked]
    shuffle.shuffle(shuffled)
    assert fold("r", shuffled) == fold("r", asked)
    assert all(before.order <= after.order for before, after in pairwise(fold("r", asked).steps))


def test_a_late_step_can_take_the_effect_of_a_later_one() -> None:
    """A cancel at 3 makes the departure at 4 void, also when it comes in after it; both stay in the record."""
    departed = [step("B", 1), step("D", 4)]
    assert fold("r", departed).state is State.DEPARTED
    assert fold("r", [*departed, step("G", 3)]).state is State.CANCELLED


def test_a_departed_run_is_opened_again_only_at_once_and_with_a_reason() -> None:
    """Two minutes, not a millisecond more; and somebody says why."""
    departed = log_of("BD")
    since = departed.last_ms
    assert isinstance(take(departed, step("H", since + REOPEN_MS)), Taken)
    late = take(departed, step("H", since + REOPEN_MS + 1))
    silent = take(departed, step("H", since + 1, reason="  "))
    assert isinstance(late, NotAllowed)
    assert "two minutes" in late.why
    assert isinstance(silent, NotAllowed)
    assert "reason" in silent.why


@pytest.mark.parametrize(("before", "state"), [("B", State.BOARDING), ("BC", State.LAST_CALL), ("BD", State.DEPARTED)])
def test_a_run_resumes_where_it_was_halted(before: str, state: State) -> None:
    """L leads back to the state before J, also the second time."""
    assert log_of(before + "JL").state is state
    assert log_of(before + "JLJL").state is state


def test_steps_are_taken_in_order_of_time() -> None:
    """A step before the last one is refused."""
    refused = take(log_of("BC"), step("D", 1_999))
    assert isinstance(refused, NotAllowed)
    assert "before the last" in refused.why


def test_a_badge_read_at_the_moment_of_departure_is_in_time() -> None:
    """Read at D it meets a boarding run, a millisecond later a departed one."""
    log = log_of("BD")
    assert [log.for_scan(at) for at in (999, 1000, 2000, 2001)] == [
        State.PLANNED,
        State.BOARDING,
        State.BOARDING,
        State.DEPARTED,
    ]


def test_departure_and_arrival_are_those_that_stand() -> None:
    """A run that was opened again has not departed; the hand count is the last one given."""
    log = Log(
        run="r",
        steps=(
            Taken(letter="B", at_ms=1, by="c"),
            Taken(letter="D", at_ms=2, by="c", counted=40),
            Taken(letter="H", at_ms=3, by="c", reason="two more"),
        ),
    )
    assert (log.departed_ms, log.arrived_ms, log.counted) == (None, None, 40)
    assert (log_of("BDE").departed_ms, log_of("BDE").arrived_ms) == (2000, 3000)


@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 50)), max_size=20))
def test_whatever_is_pressed_the_log_only_takes_what_the_table_allows(presses: list[tuple[str, int]]) -> None:
    """Every step taken was allowed by the state before it, times never go back, and the fold agrees."""
    log = Log(run="r")
    for n, (word, at_ms) in enumerate(presses):
        open_now = allowed(log)
        taken = take(log, step(BY_STEP[word].letter, at_ms, identity=f"step-{n:04}"))
        if isinstance(taken, Taken):
            assert word in open_now
            assert taken.at_ms >= log.last_ms
            log = Log(run="r", steps=(*log.steps, taken))
            assert fold("r", log.steps) == log
        elif at_ms >= log.last_ms and log.state is not State.DEPARTED:
            assert word not in open_now


def test_the_letters_are_those_of_the_docs() -> None:
    """Each once, each with a word, and the docstring's table has them all."""
    assert "".join(t.letter for t in TABLE) == "ABCDEFGHJKL"
    assert len(BY_STEP) == len(TABLE) - 1
    for transition in TABLE:
        assert f"| {transition.letter} | {transition.step}" in (machine.__doc__ or "")
