"""The simulated clock: a day starts before its first item, and never goes back."""

from pathlib import Path

from inloop.home import Home
from inloop.up import clock
from shared.clock import SimulatedClock
from shared.programme import load_programme

PROGRAMME = Path(__file__).parents[3] / "examples" / "almelo" / "programme.yaml"


def test_a_new_day_starts_ten_minutes_before_the_first_item(tmp_path: Path) -> None:
    """The day in Almelo starts at 09:20 local time."""
    programme = load_programme(PROGRAMME)
    started = clock.start_clock(Home(tmp_path), programme, speed=60)
    assert f"{programme.local(started.start_ms):%Y-%m-%d %H:%M %Z}" == "2024-01-11 09:20 CET"
    assert started.speed == 60


def test_a_day_carries_on_where_it_stopped_also_at_another_speed(tmp_path: Path) -> None:
    """The second start begins at the moment kept by the first."""
    home, programme = Home(tmp_path), load_programme(PROGRAMME)
    clock.keep(home, SimulatedClock(start_ms=1_700_000_000_000, speed=60, anchor_s=0.0))
    kept = home.moment()
    assert kept is not None
    again = clock.start_clock(home, programme, speed=10)
    assert (again.start_ms, again.speed) == (kept.at_ms, 10)


def test_a_day_that_was_stopped_before_it_began_has_not_moved(tmp_path: Path) -> None:
    """While the processes still come up the clock is before its start, and the start is what is kept."""
    home = Home(tmp_path)
    clock.keep(home, SimulatedClock(start_ms=5000, speed=60, anchor_s=9e9))
    kept = home.moment()
    assert kept is not None
    assert kept.at_ms == 5000


def test_while_it_runs_a_moment_ahead_is_kept(tmp_path: Path) -> None:
    """After a power cut the day goes on from a moment that had not been yet: nothing happens twice."""
    home = Home(tmp_path)
    running = SimulatedClock(start_ms=5000, speed=60, anchor_s=9e9)
    clock.keep(home, running, ahead_s=1.0)
    kept = home.moment()
    assert kept is not None
    assert kept.at_ms == 5000 + 60_000
