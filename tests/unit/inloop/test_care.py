"""What `up` says while it runs."""

import errno
from pathlib import Path

import pytest

from inloop.home import Home, Moment, UpState
from inloop.up.care import Care
from inloop.up.supervise import Status
from shared.clock import SimulatedClock

STATE = UpState(
    event="day",
    database="",
    broker="embedded",
    mqtt="mqtt://127.0.0.1:1883",
    mqtt_host="127.0.0.1",
    mqtt_port=1883,
    http="http://127.0.0.1:8000",
)
CLOCK = SimulatedClock(start_ms=5000, speed=60, anchor_s=9e9)


@pytest.fixture
def said() -> list[str]:
    """What was said."""
    return []


@pytest.fixture
def care(tmp_path: Path, said: list[str]) -> Care:
    """The care for a simulated day."""
    return Care(home=Home(tmp_path), state=STATE, clock=CLOCK, logs=tmp_path, say=said.append)


def full(*_: object) -> None:
    """A disk without room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_once_and_the_day_is_kept_when_there_is_room(
    care: Care, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on, tries again at each look, and says when it is right again."""
    with monkeypatch.context() as without_room:
        without_room.setattr(Home, "keep_moment", full)
        without_room.setattr(Home, "keep_state", full)
        care.keep_pids({})
        for _ in range(3):
            care.look({}, ahead_s=1)
        care.keep_last()
    assert said == ["the data folder cannot be written (No space left on device): make room; it is tried again"]
    care.look({}, ahead_s=1)
    assert said[1:] == ["the data folder can be written again"]
    assert care.home.moment() == Moment(at_ms=65_000, speed=60)


def test_a_child_that_keeps_dying_is_said_once_with_the_end_of_its_log(
    care: Care, said: list[str], tmp_path: Path
) -> None:
    """The line names the child, what it said last, and the log; later there is one when it is well."""
    (tmp_path / "ingest.log").write_text("Traceback\nValueError: what it died of\n")
    for start in range(10, 20):
        care.look({"ingest": Status(state="RUNNING", pid=start, started_s=start, age_s=1)}, ahead_s=1)
    log = tmp_path / "ingest.log"
    assert said == [f"ingest keeps ending and is started again: ValueError: what it died of ({log})"]
    care.look({"ingest": Status(state="RUNNING", pid=20, started_s=20, age_s=60)}, ahead_s=1)
    assert said[1:] == ["ingest runs again"]


def test_what_runs_is_written_down_and_at_the_end_nothing(care: Care) -> None:
    """`up.json` has the processes while they run."""
    care.keep_pids({"web": Status(state="RUNNING", pid=7), "fleet": Status(state="STOPPED", pid=0)})
    kept = care.home.state()
    assert kept is not None
    assert kept.pids.keys() == {"up", "web"}
    care.keep_last()
    assert care.home.state() == STATE
    assert care.home.moment() == Moment(at_ms=5000, speed=60)
