"""What the board says to pages, besides the facts of the contract."""

from dataclasses import dataclass
from typing import Any

import msgspec

from shared import facts


class ScannerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner on the board; `since` is when it was last heard or fell silent."""

    scanner: str
    online: bool
    checkpoint: str = ""
    queued: int = 0
    battery: int | None = None
    synced: bool = True
    since: str | None = None


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """An alert, a run or a scanner that is not told any more."""

    kind: str
    name: str

    def said(self) -> bytes:
        """As pages hear it: `{"alert": "…", "over": true}`."""
        return msgspec.json.encode({self.kind: self.name, "over": True})


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the numbers are live; `reason` is `broker` or `ingest`, `since` when it began."""

    live: bool
    reason: str = ""
    since: str | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All that the board knows."""

    headcount: facts.Headcount | None
    runs: tuple[facts.RunState, ...]
    alerts: tuple[facts.Alert, ...]
    scanners: tuple[ScannerLine, ...]
    status: Status
    now: str


@dataclass(frozen=True)
class Entry:
    """One topic: the fact, its version in this process, and the bytes that streams send."""

    version: int
    fact: Any
    frame: bytes


def frame(event: str, data: bytes, *, frame_id: int | None = None) -> bytes:
    """One event of a stream (WHATWG HTML, section 9.2); `data` is JSON on one line."""
    head = b"" if frame_id is None else b"id: %d\n" % frame_id
    return head + b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"
