"""What both services do alike with a scan: the badge that stands for nobody, and what the same id must say again."""

import hashlib
from typing import Literal

import msgspec

from shared import badge as codes
from shared.facts import Scan

BadgeState = Literal["known", "unknown", "forged", "revoked", "wrong-event"]
Unknown = Literal["unknown", "forged", "wrong-event"]
Keys = tuple[tuple[str, bytes], ...]  # event and its badge key
_encode = msgspec.json.Encoder().encode


def state_of_unknown(code: str, *, event: str, key: bytes, others: Keys) -> Unknown:
    """What a code is that stands for nobody of this event; `others` are the other events of this installation."""
    match codes.check(code, event=event, key=key):
        case "foreign" | "genuine":
            return "unknown"
        case "forged":
            made = any(codes.check(code, event=other, key=its) == "genuine" for other, its in others)
            return "wrong-event" if made else "forged"


def content(scan: Scan, device_at_ms: int) -> str:
    """A digest of what the same id must say again: badge, checkpoint and moment; `age_ms` changes with each sending."""
    return hashlib.sha256(_encode([scan.badge, scan.checkpoint, device_at_ms])).hexdigest()


def used_elsewhere(scan: str) -> str:
    """Why a scan is set aside whose id another service already used for a sighting (docs/contract.md, section 8)."""
    return f"scan {scan} has the id of a sighting at the other service: the first stands; give each scan its own id"
