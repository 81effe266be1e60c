"""The secrets of one installation: files that only their owner reads, made at first start, never defaulted."""

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared import seal

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # a name becomes a file's: it never leaves its folder


@dataclass(frozen=True)
class EventKeys:
    """The keys derived from one event's secret."""

    badge: bytes
    seal: bytes


@dataclass(frozen=True)
class Secrets:
    """`folder` holds `events/{event}.key`, `session.key` and `mqtt/{user}` (mode 0600 in folders of mode 0700)."""

    folder: Path

    def event_keys(self, event: str) -> EventKeys:
        """The keys of an event; made when it has none yet. Raises ValueError for what cannot be an event's name."""
        return _derived(self._text(f"events/{_checked(event)}.key"))

    def known_events(self) -> tuple[str, ...]:
        """The events that have a secret here."""
        return tuple(sorted(path.stem for path in (self.folder / "events").glob("*.key")))

    def session_key(self) -> str:
        """What tokens and sessions are signed with."""
        return self._text("session.key")

    def mqtt_password(self, user: str) -> str:
        """The broker's password for a user; made when it has none yet. Raises ValueError for what cannot be a user."""
        return self._text(f"mqtt/{_checked(user)}")

    def _text(self, name: str) -> str:
        path = self.folder / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            return _create(path)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name[:60]!r} cannot be the name of a secret: use letters, digits, . _ - (100 at most)")
    return name


def _create(path: Path) -> str:
    """Write a new secret; when another process was first, theirs is the one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = secrets.token_hex(32)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text + "\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return path.read_text().strip()
    finally:
        draft.unlink()
    return text


@lru_cache(maxsize=64)
def _derived(secret: str) -> EventKeys:
    raw = bytes.fromhex(secret)
    return EventKeys(badge=seal.derive(raw, "badge"), seal=seal.derive(raw, "seal"))
