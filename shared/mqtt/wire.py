"""The two MQTT packets of the hot path, as bytes, and the cutting of a byte stream into packets.

Sources: MQTT 3.1.1 §2.2 (fixed header), §3.3 (PUBLISH), §3.4 (PUBACK); MQTT 5 §2.2.2 and §3.3.2 (properties).
"""

from collections.abc import Iterator
from typing import NamedTuple

PUBLISH = 0x30
PUBACK = 0x40
_DUP = 0x08


class WireError(ValueError):
    """The peer sent bytes that are not MQTT; the connection must be closed."""


class Publish(NamedTuple):
    """A decoded PUBLISH; `mid` is 0 at QoS 0."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    mid: int


def length_bytes(length: int) -> bytes:
    """Encode a remaining length: seven bits a byte, lowest first."""
    if length < 128:
        return bytes((length,))
    out = bytearray()
    while length:
        length, low = divmod(length, 128)
        out.append(low | 0x80 if length else low)
    return bytes(out)


def encode_publish(topic: str, payload: bytes, *, mid: int, retain: bool, dup: bool, v5: bool) -> bytes:
    """A PUBLISH packet: QoS 1 with packet id `mid`, or QoS 0 where `mid` is 0; no properties."""
    name = topic.encode()
    variable = len(name).to_bytes(2, "big") + name
    if mid:
        variable += mid.to_bytes(2, "big")
    if v5:
        variable += b"\x00"
    first = PUBLISH | (_DUP if dup else 0) | (0x02 if mid else 0) | (0x01 if retain else 0)
    return bytes((first,)) + length_bytes(len(variable) + len(payload)) + variable + payload


def encode_puback(mid: int) -> bytes:
    """A PUBACK packet that says success, the same in 3.1.1 and 5."""
    return b"\x40\x02" + mid.to_bytes(2, "big")


def decode_publish(command: int, body: bytes, *, v5: bool) -> Publish:
    """Read a PUBLISH of QoS 0 or 1; properties are skipped. Raises WireError."""
    try:
        end = 2 + (body[0] << 8) + body[1]
        topic = body[2:end].decode()
        qos = (command >> 1) & 3
        mid = 0
        if qos:
            mid = (body[end] << 8) + body[end + 1]
            end += 2
        if v5:
            length, end = _length_at(body, end)
            end += length
    except (IndexError, UnicodeDecodeError) as error:
        raise WireError("a PUBLISH that cannot be read") from error
    if qos > 1 or (qos and not mid) or end > len(body):
        raise WireError("a PUBLISH that cannot be read")
    return Publish(topic, body[end:], qos, bool(command & 1), mid)


def decode_puback(body: bytes) -> tuple[int, int]:
    """Packet id and reason code (0 success; 0x80 and up: refused, MQTT 5 only). Raises WireError."""
    if len(body) < 2:
        raise WireError("a PUBACK that cannot be read")
    return (body[0] << 8) + body[1], body[2] if len(body) > 2 else 0


def _length_at(data: bytes, at: int) -> tuple[int, int]:
    """A variable length integer and where it ends; IndexError when cut off, WireError when malformed."""
    value = 0
    for shift in (0, 7, 14, 21):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 128:
            return value, at
    raise WireError("a length of more than four bytes")


class Splitter:
    """Cuts a stream into packets, however the network cut it."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._need = 0  # bytes known to be wanted before another look is worth it

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """The packets that are complete now, as (first byte, body). Raises WireError."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._need:
                return
            data = bytes(self._rest)
            self._rest.clear()
        at, size = 0, len(data)
        while at < size:
            try:
                length, start = _length_at(data, at + 1)
            except IndexError:
                self._keep(data, at, 0)
                return
            end = start + length
            if end > size:
                self._keep(data, at, end - at)
                return
            yield data[at], data[start:end]
            at = end

    def _keep(self, data: bytes, at: int, need: int) -> None:
        self._rest += data[at:]
        self._need = need
