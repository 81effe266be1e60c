"""The run as a state machine: every letter of the table walked, everything else refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transport.domain import run as machine
from transport.domain.run import BY_STEP, REOPEN_MS, STEPS, TABLE, Log, NotAllowed, State, Taken, allowed, take

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
    "L": {State.HALTED: State.BOARDING},
}


def log_of(letters: str) -> Log:
    """A run that took these steps, one a second."""
    return Log(run="t1-b1", steps=tuple(Taken(letter=c, at_ms=n * 1000, by="test") for n, c in enumerate(letters, 1)))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("letter", EXPECTED)
def test_every_letter_from_every_state(state: State, letter: str) -> None:
    """It leads where the table says, or is refused with letter, state and what is allowed now."""
    log = log_of(WAYS[state])
    step = machine.BY_LETTER[letter].step
    taken = take(log, step, at_ms=10_000, by="test", reason="because")
    if state in EXPECTED[letter]:
        assert isinstance(taken, Taken)
        assert Log(run=log.run, steps=(*log.steps, taken)).state is EXPECTED[letter][state]
    else:
        assert isinstance(taken, NotAllowed)
        assert (taken.letter, taken.state) == (letter, state)
        assert taken.allowed == tuple(machine.BY_LETTER[c].step for c in EXPECTED if state in EXPECTED[c])


@pytest.mark.parametrize("state", State)
def test_replacing_is_refused_in_every_state_with_its_letter(state: State) -> None:
    """The contract has the step, the service does not yet: K, how the run is, and what it may do instead."""
    taken = take(log_of(WAYS[state]), "replace", at_ms=10_000, by="test", reason="breakdown")
    assert isinstance(taken, NotAllowed)
    assert (taken.letter, taken.state, taken.allowed) == ("K", state, allowed(log_of(WAYS[state])))
    assert "not available yet" in taken.why


def test_a_departed_run_is_opened_again_only_at_once_and_with_a_reason() -> None:
    """Two minutes, not a millisecond more; and somebody says why."""
    departed = log_of("BD")
    since = departed.last_ms
    assert isinstance(take(departed, "reopen", at_ms=since + REOPEN_MS, by="c", reason="two more"), Taken)
    late = take(departed, "reopen", at_ms=since + REOPEN_MS + 1, by="c", reason="two more")
    silent = take(departed, "reopen", at_ms=since + 1, by="c", reason="  ")
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
    refused = take(log_of("BC"), "depart", at_ms=1_999, by="c")
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
    """Every step taken was allowed by the state before it, and times never go back."""
    log = Log(run="r")
    for step, at_ms in presses:
        open_now = allowed(log)
        taken = take(log, step, at_ms=at_ms, by="c", reason="r")
        if isinstance(taken, Taken):
            assert step in open_now
            assert taken.at_ms >= log.last_ms
            log = Log(run="r", steps=(*log.steps, taken))
        elif at_ms >= log.last_ms and log.state is not State.DEPARTED:
            assert step not in open_now


def test_the_letters_are_those_of_the_docs() -> None:
    """Each once, each with a word, and the docstring's table has them all."""
    assert "".join(t.letter for t in TABLE) == "ABCDEFGHJL"
    assert len(BY_STEP) == len(TABLE) - 1
    for transition in TABLE:
        assert f"| {transition.letter} | {transition.step}" in (machine.__doc__ or "")
