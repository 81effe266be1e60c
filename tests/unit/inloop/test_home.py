"""The data folder: what is kept in it, and who may read that."""

from pathlib import Path

import pytest

from inloop.errors import Stop
from inloop.home import Home, Moment, UpState

STATE = UpState(
    event="day",
    database="",
    broker="mosquitto",
    mqtt="mqtt://127.0.0.1:1883",
    mqtt_host="127.0.0.1",
    mqtt_port=1883,
    http="http://127.0.0.1:8000",
    pids={"up": 1},
)


def test_what_up_writes_down_is_read_again(tmp_path: Path) -> None:
    """The other commands find how `up` runs, and only the owner reads it."""
    home = Home(tmp_path / "data")
    home.make()
    assert home.state() is None
    home.keep_state(STATE)
    assert home.state() == STATE
    assert (home.folder / "up.json").stat().st_mode & 0o777 == 0o600


def test_the_simulated_moment_is_read_again(tmp_path: Path) -> None:
    """A simulated day carries on from the moment that was kept last."""
    home = Home(tmp_path)
    assert home.moment() is None
    for at_ms in (1000, 2000):
        home.keep_moment(Moment(at_ms=at_ms, speed=60))
    assert home.moment() == Moment(at_ms=2000, speed=60)


@pytest.mark.parametrize("content", ["", "{", '{"event": 4}', "[]"])
def test_a_damaged_file_is_named_with_the_remedy(tmp_path: Path, content: str) -> None:
    """A damaged `up.json` is said in a line with what to do."""
    (tmp_path / "up.json").write_text(content)
    with pytest.raises(Stop, match=r"up\.json is damaged .*delete it"):
        Home(tmp_path).state()


def test_others_pass_through_the_folder_and_see_nothing(tmp_path: Path) -> None:
    """The broker's own user may reach its files; nobody else may list the folder."""
    home = Home(tmp_path / "deep" / "data")
    home.make()
    assert home.folder.stat().st_mode & 0o777 == 0o711
