"""The child processes, kept running by supervisord (docs/adr/0004-supervisor.md)."""

import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from inloop.errors import Stop

LOG_BYTES = "10MB"  # a log is set aside when it is this large
LOGS_KEPT = 3
GRACE_S = 5  # after which a child that does not stop is killed
STOPPED = frozenset({"STOPPED", "EXITED", "FATAL"})


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child: `rank` is its turn in starting, and the other way round in stopping."""

    name: str
    command: Sequence[str]
    rank: int
    autostart: bool = True


@dataclass(frozen=True, kw_only=True)
class Status:
    """How a child is, in supervisord's words; `pid` is 0 when it does not run.

    `started_s` is when it was started last in epoch seconds, 0 for never; `age_s` is how long ago that is.
    """

    state: str
    pid: int
    started_s: int = 0
    age_s: int = 0


def configuration(programs: Sequence[Program], *, socket: Path) -> str:
    """supervisord's configuration; logs are below `logs/` of the folder that it runs in."""
    head: dict[str, dict[str, object]] = {
        "supervisord": {
            "nodaemon": "true",
            "silent": "true",
            "logfile": "logs/supervisor.log",
            "logfile_maxbytes": LOG_BYTES,
            "logfile_backups": LOGS_KEPT,
            "pidfile": "supervisord.pid",
        },
        "unix_http_server": {"file": socket, "chmod": "0700"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface",
        },
    }
    sections = head | {f"program:{program.name}": _section(program) for program in programs}
    return "".join(
        f"[{name}]\n" + "".join(f"{key}={str(value).replace('%', '%%')}\n" for key, value in section.items()) + "\n"
        for name, section in sections.items()
    )


def _section(program: Program) -> dict[str, object]:
    return {
        "command": shlex.join([*tether(), *program.command]),
        "priority": program.rank,
        "autostart": str(program.autostart).lower(),
        "autorestart": "true",
        "startsecs": 1,
        "startretries": 1_000_000,  # for ever, a second longer each time: a broker or database may come back
        "stopwaitsecs": GRACE_S,
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": f"logs/{program.name}.log",
        "stdout_logfile_maxbytes": LOG_BYTES,
        "stdout_logfile_backups": LOGS_KEPT,
    }


def tether() -> list[str]:
    """What to put before a command so that the kernel ends it with its parent; nothing where Linux's setpriv is not."""
    program = shutil.which("setpriv")
    if program is None:
        return []
    words = [program, "--pdeathsig", "TERM", "--"]
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)  # noqa: S603 # a constant; BusyBox has another setpriv
    return words if tried.returncode == 0 else []


class Supervisor:
    """supervisord as our child; it runs in `folder`, and its socket lies in a short temporary one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._run: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, programs: Sequence[Program], *, environ: Mapping[str, str], lock: int) -> int:
        """Start it with all children that start by themselves, and give its process id.

        Its standard input is the open file `lock`: so the data folder stays locked until all children ended.
        """
        self._run = Path(tempfile.mkdtemp(prefix="inloop-"))  # a socket's path may be 100 characters, no more
        path = self._run / "supervisord.conf"
        path.write_text(configuration(programs, socket=self._socket))
        command = [*tether(), sys.executable, "-P", "-m", "supervisor.supervisord", "-c", str(path)]
        with (self._folder / "logs" / "supervisor.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 # put together above
                command,
                cwd=self._folder,
                env=dict(environ),
                stdin=lock,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal is ours to pass on
            )
        return self._process.pid

    def running(self) -> bool:
        """Whether supervisord itself runs."""
        return self._process is not None and self._process.poll() is None

    def status(self) -> dict[str, Status]:
        """All children by name; nothing while supervisord does not answer."""
        try:
            rows: list[dict[str, Any]] = self._call("getAllProcessInfo")
        except OSError:
            return {}
        return {
            row["name"]: Status(
                state=row["statename"], pid=row["pid"], started_s=row["start"], age_s=row["now"] - row["start"]
            )
            for row in rows
        }

    def start_child(self, name: str) -> None:
        """Start a child that does not start by itself."""
        self._call("startProcess", name, False)

    def stop(self) -> None:
        """Stop the children one after another, the last started first, and then supervisord."""
        if self._process is None:
            return
        try:
            self._stop_children()
        except (OSError, Fault):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(GRACE_S * 5)
        except subprocess.TimeoutExpired:
            self._process.kill()  # the tethered children go with it
            self._process.wait()
        if self._run is not None:
            shutil.rmtree(self._run, ignore_errors=True)

    def _stop_children(self) -> None:
        """supervisord looks up once a second or when it is asked something: asking makes it quick."""
        self._call("shutdown")
        deadline = time.monotonic() + GRACE_S * 5
        while self.running() and time.monotonic() < deadline:
            try:
                self._call("getState")
            except (OSError, Fault):
                return
            time.sleep(0.02)

    @property
    def _socket(self) -> Path:
        if self._run is None:
            raise Stop("nothing was started yet")
        return self._run / "supervisor.sock"

    def _call(self, method: str, *arguments: object) -> Any:
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        try:
            with ServerProxy("http://127.0.0.1", transport=transport) as proxy:
                return getattr(proxy.supervisor, method)(*arguments)
        finally:
            transport.close()
