"""What is personal travels sealed: AES-256-GCM under the event's key, bound to the person it is of."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared import codec
from shared.facts import Personal

NONCE = 12


class Unsealable(ValueError):
    """A card was sealed under another key, for another person, or changed on its way: load the right event key."""


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (`badge`, `seal`) out of the event's secret (HKDF-SHA256, RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"inloop/1/{purpose}".encode()).derive(secret)


def seal(personal: Personal, *, person: str, key: bytes) -> str:
    """The personal members, sealed for this person, as base64."""
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, codec.encode(personal), person.encode())).decode()


def unseal(sealed: str, *, person: str, key: bytes) -> Personal:
    """What `seal` was given.

    Raises Unsealable when the key or the person is another, or the text was changed.
    """
    try:
        raw = base64.b64decode(sealed, validate=True)
        return codec.decode(AESGCM(key).decrypt(raw[:NONCE], raw[NONCE:], person.encode()), Personal)
    except (InvalidTag, ValueError):
        raise Unsealable(f"the card of {person} cannot be opened with this event's key") from None
