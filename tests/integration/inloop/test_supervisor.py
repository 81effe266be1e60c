"""supervisord as our child, with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inloop.up.supervise import Program, Supervisor, tether

# says when it starts and when it is stopped, with the time that orders it among the others
CHILD = """
import signal, sys, time
def say(word):
    with open(sys.argv[1], "a") as file:
        file.write(f"{word} {sys.argv[2]}\\n")
def end(*_):
    say("ends")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
say("starts")
print("hello from", sys.argv[2], flush=True)
while True:
    time.sleep(60)
"""


def eventually(condition: Callable[[], bool], what: str, limit_s: float = 15) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)


def child(name: str, events: Path, rank: int, *, autostart: bool = True) -> Program:
    """A program that writes down when it starts and ends."""
    script = events.with_name("child.py")
    script.write_text(CHILD)
    command = [sys.executable, str(script), str(events), name]
    return Program(name=name, command=command, rank=rank, autostart=autostart)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a name that needs quoting."""
    folder = tmp_path / "my data; 100% #1"
    (folder / "logs").mkdir(parents=True)
    return folder


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[int]:
    """An open file to hand over."""
    handle = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    yield handle
    os.close(handle)


def pid_of(supervisor: Supervisor, name: str) -> int:
    """The process id of a child, 0 when it does not run."""
    status = supervisor.status().get(name)
    return 0 if status is None else status.pid


def state_of(supervisor: Supervisor, name: str) -> str:
    """How a child is, in supervisord's words."""
    status = supervisor.status().get(name)
    return "" if status is None else status.state


def alive(pid: int) -> bool:
    """Whether a process runs, and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_is_killed_comes_back_and_all_stop_in_order(folder: Path, lock: int, tmp_path: Path) -> None:
    """kill -9 brings a new process; stopping goes from the last rank to the first, and nothing is left."""
    events = tmp_path / "events"
    supervisor = Supervisor(folder)
    programs = [child("broker", events, 1), child("ingest", events, 2), child("fleet", events, 3, autostart=False)]
    supervisor.start(programs, environ=os.environ, lock=lock)
    try:
        eventually(lambda: events.exists() and events.read_text().count("starts") == 2, "two start by themselves")
        supervisor.start_child("fleet")
        eventually(lambda: "starts fleet" in events.read_text(), "the third starts when it is told to")
        eventually(lambda: state_of(supervisor, "ingest") == "RUNNING", "it runs for a while")
        killed = pid_of(supervisor, "ingest")
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: events.read_text().count("starts ingest") == 2, "the killed one starts again")
        pids = [status.pid for status in supervisor.status().values()]
        assert killed not in pids
    finally:
        supervisor.stop()
    assert [line for line in events.read_text().splitlines() if line.startswith("ends")] == [
        "ends fleet",
        "ends ingest",
        "ends broker",
    ]
    assert not any(alive(pid) for pid in pids)
    assert not supervisor.running()
    assert "hello from ingest" in (folder / "logs" / "ingest.log").read_text()


@pytest.mark.skipif(not tether(), reason="setpriv --pdeathsig is Linux's alone")
def test_nothing_outlives_the_process_that_started_it(folder: Path, tmp_path: Path) -> None:
    """kill -9 of `up` ends supervisord and all its children, in order."""
    events, child_script = tmp_path / "events", tmp_path / "child.py"
    child_script.write_text(CHILD)
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from inloop.up.supervise import Program, Supervisor\n"
        f"command = [sys.executable, {str(child_script)!r}, {str(events)!r}]\n"
        "programs = [Program(name=n, command=[*command, n], rank=r) for r, n in enumerate(['one', 'two'])]\n"
        f"supervisor = Supervisor(Path({str(folder)!r}))\n"
        "print(supervisor.start(programs, environ=os.environ, lock=0), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        supervisord = int(starter.stdout.readline())
        eventually(lambda: events.exists() and events.read_text().count("starts") == 2, "both start")
        starter.kill()
    eventually(lambda: not alive(supervisord), "supervisord ends")
    assert [line for line in events.read_text().splitlines() if line.startswith("ends")] == ["ends two", "ends one"]
