"""What `up` says in the terminal: what it is doing, that it is ready, and then one quiet line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.live import Live
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from checkin.wiring import CheckIn
    from shared.clock import SimulatedClock


class Screen:
    """Writes to standard output; the line that changes is only there for a terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._live: Live | None = None

    def step(self, text: str) -> None:
        """Something takes a moment: what."""
        self._plain(f"· {text} …")

    def ready(self, address: str, links: Mapping[str, str]) -> None:
        """It is ready; the links are whole on a line, however narrow the terminal."""
        self._plain(f"ready {address}")
        for role, link in links.items():
            self._plain(f"  {role:<12} {link}")
        self._plain("  Ctrl-C stops everything; starting again carries on")

    def note(self, text: str) -> None:
        """Something went wrong, or is right again, while it runs."""
        self._plain(f"! {text}")

    def status(self, checkin: CheckIn, clock: SimulatedClock) -> None:
        """Where the simulated day is."""
        if not self._console.is_terminal:
            return
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(_summary(checkin, clock), refresh=True)

    def stopping(self) -> None:
        """Ctrl-C came, or something went wrong."""
        if self._live is not None:
            self._live.stop()
        self.step("stopping")

    def stopped(self) -> None:
        """All of it has ended."""
        self._plain("stopped")

    def _plain(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def _summary(checkin: CheckIn, clock: SimulatedClock) -> Text:
    count = checkin.headcount(None)
    local = checkin.programme().local(clock.now_ms())
    places = " · ".join(f"{place.name} {place.present}" for place in count.places if place.kind == "location")
    aboard = sum(run.aboard for run in count.runs)
    more = f"aboard {aboard} · underway {count.underway} · away {count.away} · not seen yet {count.expected}"
    return Text(f"{local:%H:%M} ×{clock.speed:g}  {places} · {more}", no_wrap=True, overflow="ellipsis")
