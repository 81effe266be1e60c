"""One `up` for each data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inloop.errors import Stop
from inloop.lock import Lock, is_held

HOLD = """
import sys, time
from pathlib import Path
from inloop.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.take()
print("held", flush=True)
time.sleep(60)
"""


def holding(path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_up_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    """The folder and the process are named, at once."""
    path = tmp_path / "up.lock"
    with holding(path) as holder:
        assert is_held(path)
        with pytest.raises(Stop, match=f"{tmp_path} is in use by process {holder.pid}: stop that"):
            Lock(path).take()
        holder.kill()


def test_a_lock_of_a_process_that_was_killed_is_free(tmp_path: Path) -> None:
    """`kill -9` leaves the file, and nothing is locked."""
    path = tmp_path / "up.lock"
    with holding(path) as holder:
        holder.kill()
        holder.wait()
    lock = Lock(path)
    lock.take()
    assert path.read_text() == f"{os.getpid()}\n"
    lock.release()
    assert not is_held(path)


def test_a_folder_is_free_only_when_the_children_of_a_killed_up_are_gone(tmp_path: Path) -> None:
    """Who got the open lock as a child holds it on; a new `up` waits for it a while, then names it."""
    path = tmp_path / "up.lock"
    lock = Lock(path)
    lock.take()
    with subprocess.Popen(["sleep", "60"], stdin=lock.handle) as child:
        lock.name(2**22 - 1, child.pid)  # the first is no process of any machine
        lock.release()
        with pytest.raises(Stop, match=f"in use by process {child.pid}"):
            Lock(path).take(patience_s=0.1)
        child.kill()
    Lock(path).take(patience_s=0.1)


def test_a_folder_without_a_lock_is_free(tmp_path: Path) -> None:
    """Before the first `up` there is nothing to hold."""
    assert not is_held(tmp_path / "up.lock")
