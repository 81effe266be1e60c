"""The board: a copy in memory of the retained topics, and the frames that every open stream sends.

One link a web process feeds it; one condition variable wakes all streams, which send the same prepared bytes.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, Protocol

import structlog

from shared import codec, facts, instants, topics
from shared.mqtt import Message
from shared.web.board_facts import Entry, Over, ScannerLine, Snapshot, Status, frame

SUBSCRIPTIONS = tuple(
    (pattern, 1)
    for pattern in (topics.HEADCOUNTS, topics.RUNS, topics.PASSENGERS, topics.ALERTS, topics.SCANNER_STATES)
)
SETTLE_S = 3.0  # after a new connection: what was not retained any more by then is over
PULSE_S = 2.0  # between two looks at whether the numbers are still being made
HEARD = {"headcount": "headcount", "run": "run", "alert": "alert", "scanner/state": "scanner"}

Kind = Literal["headcount", "run", "alert", "scanner"]
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
        self._event = event
        self.now_ms = now_ms
        self._pulse = pulse
        self._changed = threading.Condition()
        self._version = 0
        self._last_id = 0
        self._entries: dict[tuple[str, str], Entry] = {}
        self._status = Status(live=False, reason="broker")
        self._stale_alerts: set[tuple[str, str]] = set()
        self._settled_at: float | None = None
        self._started = False
        self._end = threading.Event()
        self._snapshot: tuple[int, bytes] = (-1, b"")

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
        if not connected:
            self._settled_at = None
            self._stale_alerts = {key for key in self._entries if key[0] == "alert"}
            return
        if self._settled_at is None:
            self._settled_at = now_s + SETTLE_S
        elif now_s >= self._settled_at and self._stale_alerts:
            gone, self._stale_alerts = self._stale_alerts, set()
            with self._changed:
                for kind, name in gone:
                    self._forget(kind, name)
                self._changed.notify_all()

    def apply(self, messages: Sequence[Message]) -> None:
        """Take messages in; what cannot be read is left out and logged."""
        with self._changed:
            before = self._version
            for message in messages:
                self._apply(message)
            if self._version != before:
                self._changed.notify_all()

    def _apply(self, message: Message) -> None:
        try:
            topic = topics.parse(message.topic)
            kind = HEARD.get(topic.kind)
            if topic.event != self._event or kind is None:
                return
            if not message.payload:
                self._forget(kind, topic.name)
                return
            fact = self._read(kind, topic.name, message)
        except (ValueError, codec.Malformed) as error:
            _log.warning("left off the board", topic=message.topic, error=str(error))
            return
        self._put(kind, topic.name, fact)

    def _read(self, kind: str, name: str, message: Message) -> Any:
        match kind:
            case "headcount":
                return codec.decode(message.payload, facts.Headcount)
            case "run":
                return codec.decode(message.payload, facts.RunState)
            case "alert":
                return codec.decode(message.payload, facts.Alert)
            case _:
                state = codec.decode(message.payload, facts.ScannerState)
                return self._scanner(name, state, retained=message.retain)

    def _scanner(self, name: str, state: facts.ScannerState, *, retained: bool) -> ScannerLine:
        """A last will has no time and no checkpoint: it fell silent when we hear it, and stands where it stood."""
        known = self._entries.get(("scanner", name))
        line: ScannerLine | None = known.fact if known else None
        since = state.at
        if since is None and line is not None and not line.online and not state.online:
            since = line.since
        if since is None and not retained:
            since = instants.to_text(self.now_ms())
        return ScannerLine(
            scanner=name,
            online=state.online,
            checkpoint=state.checkpoint or (line.checkpoint if line else ""),
            queued=state.queued,
            battery=state.battery,
            synced=state.synced,
            since=since,
        )

    def _put(self, kind: str, name: str, fact: Any) -> None:
        key = (kind, name)
        self._stale_alerts.discard(key)
        known = self._entries.get(key)
        if known is not None and known.fact == fact:
            return
        self._version += 1
        frame_id = None
        if kind == "headcount":
            # the moment in ms: the same in all web processes and after a restart; never twice the same for two tellings
            self._last_id = frame_id = max(instants.to_ms(fact.at), self._last_id + 1)
        self._entries[key] = Entry(self._version, fact, frame(kind, codec.encode(fact), frame_id=frame_id))

    def _forget(self, kind: str, name: str) -> None:
        key = (kind, name)
        self._stale_alerts.discard(key)
        if key not in self._entries or isinstance(self._entries[key].fact, Over):
            return
        self._version += 1
        if kind == "alert":
            over = Over(alert=name)
            self._entries[key] = Entry(self._version, over, frame("alert", codec.encode(over)))
        else:
            del self._entries[key]

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
            if (self._status.live, self._status.reason) == (live, reason) and self._version:
                return
            self._status = Status(live=live, reason=reason, since=instants.to_text(self.now_ms()))
            self._version += 1
            content = frame("status", codec.encode(self._status))
            self._entries["status", ""] = Entry(self._version, self._status, content)
            self._changed.notify_all()

    # -- what streams and pages read -----------------------------------------------------------------

    @property
    def live(self) -> bool:
        """Whether the numbers are live."""
        return self._status.live

    @property
    def connected(self) -> bool:
        """Whether the broker is reached."""
        return self._link.connected

    def snapshot(self) -> Snapshot:
        """All that is known now."""
        with self._changed:
            return self._made_snapshot()

    def entry(self, kind: Kind, name: str = "") -> Entry | None:
        """One topic's entry."""
        with self._changed:
            return self._entries.get((kind, name))

    def wait_headcount(self, version: int, timeout: float) -> tuple[int, bytes]:
        """The headcount's frame when its version is another than `version`, else b"" after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self._headcount_version() not in (0, version), timeout)
            entry = self._entries.get(("headcount", ""))
            if entry is None or entry.version == version:
                return version, b""
            return entry.version, entry.frame

    def wait_frames(self, version: int, timeout: float) -> tuple[int, bytes]:
        """The frames of all that changed after `version`, b"" after `timeout` seconds; version -1: a whole snapshot."""
        with self._changed:
            if version < 0:
                return self._version, self._snapshot_frame()
            self._changed.wait_for(lambda: self.closed or self._version != version, timeout)
            if self._version == version:
                return version, b""
            changed = [entry for entry in self._entries.values() if entry.version > version]
            changed.sort(key=lambda entry: entry.version)
            return self._version, b"".join(entry.frame for entry in changed)

    def _headcount_version(self) -> int:
        entry = self._entries.get(("headcount", ""))
        return entry.version if entry else 0

    def _made_snapshot(self) -> Snapshot:
        kinds: dict[str, list[Any]] = {"run": [], "alert": [], "scanner": []}
        for (kind, _), entry in sorted(self._entries.items()):
            if kind in kinds and not isinstance(entry.fact, Over):
                kinds[kind].append(entry.fact)
        headcount = self._entries.get(("headcount", ""))
        return Snapshot(
            headcount=headcount.fact if headcount else None,
            runs=tuple(kinds["run"]),
            alerts=tuple(kinds["alert"]),
            scanners=tuple(kinds["scanner"]),
            status=self._status,
            now=instants.to_text(self.now_ms()),
        )

    def _snapshot_frame(self) -> bytes:
        """Made once for each version: a thousand boards that come back together get the same bytes."""
        version, made = self._snapshot
        if version != self._version:
            made = frame("snapshot", codec.encode(self._made_snapshot()))
            self._snapshot = (self._version, made)
        return made


def _alive(pulse: Callable[[], bool]) -> bool:
    try:
        return pulse()
    except Exception as error:
        _log.warning("the heartbeat of the numbers cannot be read", error=type(error).__name__)
        return False
