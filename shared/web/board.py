"""The board: a copy in memory of the retained topics, and the frames that every open stream sends.

One link a web process feeds it; one condition variable wakes all streams, which send the same prepared bytes.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import structlog

from shared import topics
from shared.mqtt import Message
from shared.web.board_facts import Entry, Snapshot
from shared.web.board_memory import Kind, Memory

SUBSCRIPTIONS = tuple(
    (pattern, 1)
    for pattern in (topics.HEADCOUNTS, topics.RUNS, topics.PASSENGERS, topics.ALERTS, topics.SCANNER_STATES)
)
SETTLE_S = 3.0  # after a new connection: what was not retained any more by then is over
PULSE_S = 2.0  # between two looks at whether the numbers are still being made
_log = structlog.get_logger(__name__)


class Source(Protocol):
    """What the board needs of a `shared.mqtt.Link`."""

    @property
    def connected(self) -> bool: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def take(self, limit: int = ..., timeout: float = ...) -> list[Message]: ...
    def send(self, outgoing: Iterable[Any] = ..., *, acks: Iterable[Message] = ...) -> list[int]: ...


class Board:
    """The retained topics of one event. `now_ms` is the service's clock.

    `pulse` says whether the process that makes the numbers is alive (None: not asked). After `close` all streams end.
    """

    def __init__(
        self,
        link: Source,
        *,
        event: str,
        now_ms: Callable[[], int],
        pulse: Callable[[], bool] | None = None,
    ) -> None:
        self._link = link
        self.now_ms = now_ms
        self._pulse = pulse
        self._changed = threading.Condition()
        self._memory = Memory(event=event, now_ms=lambda: self.now_ms())
        self._settled_at: float | None = None
        self._started = False
        self._end = threading.Event()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._end.is_set()

    # -- the feed ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Connect and follow; call it once in each process, after a fork."""
        if self._started:
            return
        self._started = True
        self._link.start()
        for work in (self._follow, self._watch):
            threading.Thread(target=work, name=f"board{work.__name__}", daemon=True).start()

    def close(self) -> None:
        """End all streams and stop following."""
        with self._changed:
            self._end.set()
            self._changed.notify_all()

    def close_at_sigterm(self) -> None:
        """End the streams when the process is asked to stop, and then do what was done before (main thread only)."""
        before = signal.getsignal(signal.SIGTERM)

        def ended(number: int, frame: Any) -> None:
            threading.Thread(target=self.close, daemon=True).start()  # a handler must not wait for a lock
            if callable(before):
                before(number, frame)
            else:
                raise SystemExit(0)

        signal.signal(signal.SIGTERM, ended)

    def _follow(self) -> None:
        while not self.closed:
            messages = self._link.take(1000, 0.2)
            if messages:
                self.apply(messages)
                self._link.send((), acks=messages)
            self.connection(self._link.connected, now_s=time.monotonic())
        self._link.stop()

    def _watch(self) -> None:
        """On a thread of its own, because a database that is gone can keep `pulse` waiting."""
        while not self.closed:
            self.judge()
            self._end.wait(PULSE_S)

    def connection(self, connected: bool, *, now_s: float) -> None:
        """Note whether the link is up; `now_s` is monotonic.

        What ended while we were away is not told any more: alerts that do not come again after a connection are over.
        """
        with self._changed:
            if not connected:
                self._settled_at = None
                self._memory.doubt_alerts()
            elif self._settled_at is None:
                self._settled_at = now_s + SETTLE_S
            elif now_s >= self._settled_at and self._memory.end_doubted():
                self._changed.notify_all()

    def apply(self, messages: Sequence[Message]) -> None:
        """Take messages in; what cannot be read is left out and logged."""
        with self._changed:
            before = self._memory.version
            for message in messages:
                self._memory.take(message)
            if self._memory.version != before:
                self._changed.notify_all()

    def judge(self) -> None:
        """Whether the numbers are live, and since when they are not."""
        if not self._link.connected:
            self._say(live=False, reason="broker")
        elif self._pulse is not None and not _alive(self._pulse):
            self._say(live=False, reason="ingest")
        else:
            self._say(live=True, reason="")

    def _say(self, *, live: bool, reason: str) -> None:
        with self._changed:
            if self._memory.say(live=live, reason=reason):
                self._changed.notify_all()

    # -- what streams and pages read -----------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether the numbers are live."""
        return self._memory.status.live

    @property
    def connected(self) -> bool:
        """Whether the broker is reached."""
        return self._link.connected

    def snapshot(self) -> Snapshot:
        """All that is known now."""
        with self._changed:
            return self._memory.snapshot()

    def entry(self, kind: Kind, name: str = "") -> Entry | None:
        """One topic's entry."""
        with self._changed:
            return self._memory.entry(kind, name)

    def wait_headcount(self, version: int, timeout: float) -> tuple[int, bytes]:
        """The headcount's frame when its version is another than `version`, else b"" after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self._headcount_version() not in (0, version), timeout)
            entry = self._memory.entry("headcount")
            if entry is None or entry.version == version:
                return version, b""
            return entry.version, entry.frame

    def wait_frames(self, version: int, timeout: float) -> tuple[int, bytes]:
        """The frames of all that changed after `version`, b"" after `timeout` seconds; version -1: a whole snapshot."""
        with self._changed:
            if version < 0:
                return self._memory.version, self._memory.snapshot_frame()
            self._changed.wait_for(lambda: self.closed or self._memory.version != version, timeout)
            return self._memory.version, self._memory.frames_after(version)

    def _headcount_version(self) -> int:
        entry = self._memory.entry("headcount")
        return entry.version if entry else 0


def _alive(pulse: Callable[[], bool]) -> bool:
    try:
        return pulse()
    except Exception as error:
        _log.warning("the heartbeat of the numbers cannot be read", error=type(error).__name__)
        return False
