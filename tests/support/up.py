"""`inloop up` and the other commands as real processes."""

import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.brokers import free_ports

READY_S = 60.0  # far more than it takes; a machine under load must not make a test fail


def inloop(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "inloop", *arguments],
        env=os.environ | {"INLOOP_DATA": str(data), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def facts(*arguments: str, data: Path) -> Any:
    """What a command prints with `--json`."""
    done = inloop(*arguments, "--json", data=data)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def eventually(condition: Callable[[], bool], what: str, limit_s: float = 30) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs, and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


class Up:
    """One `inloop up` on free ports; `lines` is what it has printed so far."""

    def __init__(self, data: Path, *arguments: str, ports: tuple[int, int] | None = None) -> None:
        self.data = data
        self.port, self.mqtt_port = ports or free_ports()
        self.lines: list[str] = []
        where = ["--data", str(data), "--port", str(self.port), "--mqtt-port", str(self.mqtt_port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "inloop", "up", *where, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._said: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_ready(self) -> "Up":
        """Wait until it says that it is ready, with a link for each role."""
        deadline = time.monotonic() + READY_S
        while not any(line.startswith("  viewer") for line in self.lines):
            line = self._said.get(timeout=max(0.01, deadline - time.monotonic()))
            assert line is not None, "ended before it was ready:\n" + "\n".join(self.lines)
        return self

    def links(self) -> dict[str, str]:
        """The sign-in links by role."""
        return {words[0]: words[1] for line in self.lines if len(words := line.split()) == 2 and "token=" in line}

    def get(self, path: str, token: str) -> Any:
        """JSON from the pages."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 # the same
            return json.load(answer)

    def pids(self) -> dict[str, int]:
        """The processes by name, as `up.json` has them."""
        pids: dict[str, int] = json.loads((self.data / "up.json").read_text())["pids"]
        return pids

    def tree(self) -> set[int]:
        """All processes below this one, with itself."""
        parents: dict[int, int] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found

    def running(self, words: str) -> set[int]:
        """The processes below this one that run a command with one of these words in it (a regular expression)."""
        return {pid for pid in self.tree() if alive(pid) and re.search(words, _command(pid))}

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, and the exit code; everything it printed is in `lines` then."""
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        code = self.process.wait(60)
        self._reader.join(10)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip("\n"))
                self._said.put(line)
        self._said.put(None)
