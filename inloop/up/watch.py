"""Which children keep dying: what supervisord brings back again and again looks alive at every single look."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inloop.up.supervise import Status

LIVES = 3  # starts without a steady life between them, after which a child does not just have bad luck
STEADY_S = 30  # how long a child has to run until it counts as well again
DOWN = frozenset({"BACKOFF", "EXITED", "FATAL"})


@dataclass
class Watch:
    """Counts the lives of each child, look after look."""

    _lives: dict[str, set[int]] = field(default_factory=dict)  # starts since it was last steady, in epoch seconds
    _dying: set[str] = field(default_factory=set)

    def look(self, children: Mapping[str, Status]) -> tuple[list[str], list[str]]:
        """Look at all children: those found to keep dying, and those that are well again, each told once."""
        dying, well = [], []
        for name, status in children.items():
            if not status.started_s:
                continue
            lives = self._lives.setdefault(name, set())
            lives.add(status.started_s)
            if status.pid and status.age_s >= STEADY_S:
                self._lives[name] = {status.started_s}
                if name in self._dying:
                    self._dying.remove(name)
                    well.append(name)
            elif name not in self._dying and len(lives) >= LIVES:
                self._dying.add(name)
                dying.append(name)
        return dying, well


def lives(children: Mapping[str, Status]) -> dict[str, int] | None:
    """The process of each child that was started, by name; None while one of them is down or only just started."""
    started = {name: status for name, status in children.items() if status.started_s}
    if not started or any(status.state != "RUNNING" for status in started.values()):
        return None
    return {name: status.pid for name, status in started.items()}
