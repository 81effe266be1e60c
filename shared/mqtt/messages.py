"""What goes over a link: values only."""

import msgspec

MAX_PACKET = 2 * 1024 * 1024
"""Bytes; the brokers that Inloop starts take packets up to this size, so a huge scan reaches quarantine."""


class Outgoing(msgspec.Struct, frozen=True):
    """A message to publish; `qos` is 0 or 1."""

    topic: str
    payload: bytes
    qos: int = 1
    retain: bool = False


class Message(msgspec.Struct, frozen=True, gc=False):
    """A message that came.

    `received_ms` is real epoch time in milliseconds. `arrival` is the link's own count of what must be
    acknowledged (0: came at QoS 0, nothing to acknowledge); only `Link.send` looks at it.
    """

    topic: str
    payload: bytes
    retain: bool = False
    received_ms: int = 0
    arrival: int = 0
