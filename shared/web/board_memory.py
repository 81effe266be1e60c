"""What the board remembers of the retained topics: entries with versions, and the frames that streams send.

It has no lock of its own: `shared.web.board.Board` calls it inside its own.
"""

from collections.abc import Callable
from typing import Any, Literal

import structlog

from shared import codec, facts, instants, topics
from shared.mqtt import Message
from shared.web.board_facts import Entry, Over, ScannerLine, Snapshot, Status, frame

Kind = Literal["headcount", "run", "alert", "scanner"]
HEARD: dict[str, Kind] = {"headcount": "headcount", "run": "run", "alert": "alert", "scanner/state": "scanner"}
Key = tuple[str, str]  # kind and name
_log = structlog.get_logger(__name__)


class Memory:
    """The retained topics of one event; `version` goes up with everything that a stream would send."""

    def __init__(self, *, event: str, now_ms: Callable[[], int]) -> None:
        self._event = event
        self._now_ms = now_ms
        self._last_id = 0
        self._entries: dict[Key, Entry] = {}
        self._snapshot: tuple[int, bytes] = (-1, b"")
        self._stale: set[Key] = set()
        self.version = 0
        self.status = Status(live=False, reason="broker")

    # -- what comes in -------------------------------------------------------------------------------

    def take(self, message: Message) -> None:
        """Take a message in; what cannot be read is left out and logged."""
        try:
            topic = topics.parse(message.topic)
            kind = HEARD.get(topic.kind)
            if topic.event != self._event or kind is None:
                return
            if not message.payload:
                self.forget(kind, topic.name)
                return
            fact = self._read(kind, topic.name, message)
        except (ValueError, codec.Malformed) as error:
            _log.warning("left off the board", topic=message.topic, error=str(error))
            return
        self._put(kind, topic.name, fact)

    def _read(self, kind: Kind, name: str, message: Message) -> Any:
        match kind:
            case "headcount":
                return codec.decode(message.payload, facts.Headcount)
            case "run":
                return codec.decode(message.payload, facts.RunState)
            case "alert":
                return codec.decode(message.payload, facts.Alert)
            case "scanner":
                state = codec.decode(message.payload, facts.ScannerState)
                return self._scanner(name, state, retained=message.retain)

    def _scanner(self, name: str, state: facts.ScannerState, *, retained: bool) -> ScannerLine:
        """A last will has no time and no checkpoint: it fell silent when we hear it, and stands where it stood."""
        known = self._entries.get(("scanner", name))
        line = known.fact if known is not None and isinstance(known.fact, ScannerLine) else None
        since = state.at
        if since is None and line is not None and not line.online and not state.online:
            since = line.since
        if since is None and not retained:
            since = instants.to_text(self._now_ms())
        return ScannerLine(
            scanner=name,
            online=state.online,
            checkpoint=state.checkpoint or (line.checkpoint if line else ""),
            queued=state.queued,
            battery=state.battery,
            synced=state.synced,
            since=since,
        )

    def _put(self, kind: Kind, name: str, fact: Any) -> None:
        key = (kind, name)
        self._stale.discard(key)
        known = self._entries.get(key)
        if known is not None and known.fact == fact:
            return
        self.version += 1
        frame_id = None
        if kind == "headcount":
            # the moment in ms: the same in all web processes and after a restart; never twice the same for two tellings
            self._last_id = frame_id = max(instants.to_ms(fact.at), self._last_id + 1)
        self._entries[key] = Entry(self.version, fact, frame(kind, codec.encode(fact), frame_id=frame_id))

    def forget(self, kind: Kind, name: str) -> None:
        """A topic is empty now: open pages are told so, new ones do not hear of it."""
        key = (kind, name)
        self._stale.discard(key)
        if key not in self._entries or isinstance(self._entries[key].fact, Over):
            return
        self.version += 1
        if kind == "headcount":  # one is always coming: until then the last one stays on the pages
            del self._entries[key]
            return
        over = Over(kind=kind, name=name)
        self._entries[key] = Entry(self.version, over, frame(kind, over.said()))

    def doubt_alerts(self) -> None:
        """We hear nothing: an alert that ends meanwhile is not told any more."""
        self._stale = {key for key in self._entries if key[0] == "alert"}

    def end_doubted(self) -> bool:
        """Those that were not told again are over; returns whether there were any."""
        gone, self._stale = self._stale, set()
        for _, name in gone:
            self.forget("alert", name)
        return bool(gone)

    def say(self, *, live: bool, reason: str) -> bool:
        """Note whether the numbers are live; returns whether that is news."""
        if (self.status.live, self.status.reason) == (live, reason) and self.version:
            return False
        self.status = Status(live=live, reason=reason, since=instants.to_text(self._now_ms()))
        self.version += 1
        self._entries["status", ""] = Entry(self.version, self.status, frame("status", codec.encode(self.status)))
        return True

    # -- what goes out -------------------------------------------------------------------------------

    def entry(self, kind: Kind, name: str = "") -> Entry | None:
        """One topic's entry."""
        return self._entries.get((kind, name))

    def frames_after(self, version: int) -> bytes:
        """The frames of all that changed after `version`, in that order."""
        changed = [entry for entry in self._entries.values() if entry.version > version]
        changed.sort(key=lambda entry: entry.version)
        return b"".join(entry.frame for entry in changed)

    def snapshot(self) -> Snapshot:
        """All that is known now."""
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
            status=self.status,
            now=instants.to_text(self._now_ms()),
        )

    def snapshot_frame(self) -> bytes:
        """Made once for each version: a thousand boards that come back together get the same bytes."""
        version, made = self._snapshot
        if version != self.version:
            made = frame("snapshot", codec.encode(self.snapshot()))
            self._snapshot = (self.version, made)
        return made
