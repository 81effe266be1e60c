"""The badge's own code (CONTRACT section 5): `IL1:` + badge id + `:` + MAC, in QR alphanumeric characters only."""

import hashlib
import hmac
import re
import secrets
from typing import Literal

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 10
MAC_LENGTH = 16
PREFIX = "IL1:"
_SHAPE = re.compile(rf"IL1:[{CROCKFORD}]{{{ID_LENGTH}}}:[{CROCKFORD}]{{{MAC_LENGTH}}}")

Authenticity = Literal["genuine", "forged", "foreign"]


def new_badge_id() -> str:
    """Ten random Crockford base32 characters: 50 bits."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(ID_LENGTH))


def code(badge_id: str, *, event: str, key: bytes) -> str:
    """The text in the symbol: 80 bits of HMAC-SHA256 over event and badge id follow the id."""
    return f"{PREFIX}{badge_id}:{_mac(badge_id, event=event, key=key)}"


def check(text: str, *, event: str, key: bytes) -> Authenticity:
    """Whether `text` is a code that this event's key made; `foreign` when it is not of our form at all.

    The MACs are compared in constant time.
    """
    if not text.startswith(PREFIX):
        return "foreign"
    if not _SHAPE.fullmatch(text):
        return "forged"
    _, badge_id, mac = text.split(":")
    return "genuine" if hmac.compare_digest(mac, _mac(badge_id, event=event, key=key)) else "forged"


def digest(text: str) -> str:
    """How a code is looked up and put on the wire: SHA-256 of its UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _mac(badge_id: str, *, event: str, key: bytes) -> str:
    value = int.from_bytes(hmac.digest(key, f"{event}\n{badge_id}".encode(), "sha256")[:10])
    return "".join(CROCKFORD[(value >> shift) & 31] for shift in range(75, -1, -5))
