"""What `up` does while everything runs: it looks after the children, and keeps what the next start needs."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from inloop.home import Home, UpState
from inloop.up import clock as clocks
from inloop.up.ready import last_line
from inloop.up.supervise import Status
from inloop.up.watch import Watch
from shared.clock import SimulatedClock


@dataclass(kw_only=True)
class Care:
    """`say` gets a line for everything that goes wrong, once, and one when it is right again."""

    home: Home
    state: UpState
    clock: SimulatedClock | None
    logs: Path
    say: Callable[[str], None]
    _watch: Watch = field(default_factory=Watch)
    _unkept: bool = False

    def look(self, children: Mapping[str, Status], *, ahead_s: float) -> None:
        """One look, to be followed by another in `ahead_s` real seconds."""
        dying, well = self._watch.look(children)
        for name in dying:
            self.say(f"{name} keeps ending and is started again: {last_line(self.logs / f'{name}.log')}")
        for name in well:
            self.say(f"{name} runs again")
        if self.clock is not None:
            clock = self.clock
            self._keep(lambda: clocks.keep(self.home, clock, ahead_s=ahead_s))

    def keep_pids(self, children: Mapping[str, Status]) -> None:
        """Write down what runs."""
        pids = {name: status.pid for name, status in children.items() if status.pid}
        state = msgspec.structs.replace(self.state, pids={"up": os.getpid(), **pids})
        self._keep(lambda: self.home.keep_state(state))

    def keep_last(self) -> None:
        """Everything has stopped: write down how it ran and where the day is, or say that it cannot be."""
        if self.clock is not None:
            clock = self.clock
            self._keep(lambda: clocks.keep(self.home, clock))
        self._keep(lambda: self.home.keep_state(self.state))

    def _keep(self, write: Callable[[], None]) -> None:
        """Write now, or say why not; it is tried again at the next look."""
        try:
            write()
        except OSError as error:
            if not self._unkept:
                self.say(f"the data folder cannot be written ({error.strerror or error}): make room; it is tried again")
            self._unkept = True
            return
        if self._unkept:
            self.say("the data folder can be written again")
        self._unkept = False
