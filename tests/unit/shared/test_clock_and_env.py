"""The clock that processes share, and settings with all their problems at once."""

import time

import pytest

from shared import clock, env, instants


def test_a_simulated_clock_is_the_same_in_another_process() -> None:
    """`spec` and `clock_from` carry start, speed and anchor over."""
    made = clock.SimulatedClock(start_ms=instants.to_ms("2024-01-11T08:20:00Z"), speed=60, anchor_s=1_704_961_200.5)
    assert clock.clock_from(made.spec()) == made


def test_a_simulated_clock_runs_at_its_speed() -> None:
    """Ten real seconds at 60× are ten minutes."""
    made = clock.SimulatedClock(start_ms=0, speed=60, anchor_s=time.time() - 10)
    assert 600_000 <= made.now_ms() < 660_000


@pytest.mark.parametrize("spec", ["soon", "2024-01-11T08:20:00Z@60", "2024-01-11T08:20:00Z@-1@5", "a@b@c"])
def test_a_clock_that_is_none_is_refused_with_the_remedy(spec: str) -> None:
    """The error shows what to write."""
    with pytest.raises(ValueError, match="such as"):
        clock.clock_from(spec)


@pytest.mark.parametrize("spec", [None, "", "real"])
def test_without_a_spec_the_clock_is_the_real_one(spec: str | None) -> None:
    """No setting, the machine's own clock."""
    assert clock.clock_from(spec) == clock.RealClock()


def test_all_problems_of_the_settings_come_at_once() -> None:
    """Missing and wrong ones are listed together, each with its remedy."""
    reader = env.Reader({"INLOOP_PORT": "many", "INLOOP_SHARE": "1"})
    reader.get("INLOOP_PORT", env.whole, hint="give a port such as 8000")
    reader.get("INLOOP_DATA", env.existing_folder, hint="give the data folder")
    assert reader.get("INLOOP_SHARE", env.switch, hint="0 or 1") is True
    assert reader.get("INLOOP_EVENT", str, default="e1", hint="the event") == "e1"
    with pytest.raises(env.SettingsErrors) as caught:
        reader.done()
    assert len(caught.value.problems) == 2
    assert "give a port such as 8000" in str(caught.value)
    assert "INLOOP_DATA is not set: give the data folder" in str(caught.value)
