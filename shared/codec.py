"""Between bytes and facts: strict, and with errors that say which member is wrong and what it should be."""

import re
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from shared import facts, instants
from shared.facts import How, Sighting

T = TypeVar("T")
LARGEST = 1024 * 1024  # bytes of a message that may be read
LARGEST_SCAN = 16 * 1024  # the same of a Scan, which anybody's device may send; one of the contract has under 700


class Malformed(ValueError):
    """A payload cannot be read as what its topic says. The message names the member and what is right."""


class SightingData(Struct, frozen=True, kw_only=True):
    event: facts.Slug
    person: facts.Slug
    place: facts.Slug
    at: facts.Moment
    how: How
    scan: str | None = None
    void: str | None = None


class Envelope(Struct, frozen=True, kw_only=True):
    """CloudEvents 1.0, structured mode, with the `sequence` extension."""

    specversion: Literal["1.0"]
    type: Literal["nl.inloop.sighting.v1"]
    id: facts.ScanId
    source: str
    time: facts.Moment
    data: SightingData
    sequence: str = "0"
    datacontenttype: str = "application/json"


_encoder = msgspec.json.Encoder()
_decoders: dict[type[Any], msgspec.json.Decoder[Any]] = {}


def encode(fact: Struct) -> bytes:
    """A fact as UTF-8 JSON."""
    return _encoder.encode(fact)


def decode(payload: bytes, kind: type[T]) -> T:
    """The fact in `payload`.

    Raises Malformed when it is empty, too large, not JSON, or a member is missing or of the wrong type.
    """
    if not payload:
        raise Malformed("is empty: send JSON in UTF-8")
    largest = LARGEST_SCAN if kind is facts.Scan else LARGEST
    if len(payload) > largest:
        raise Malformed(f"is {len(payload)} bytes: at most {largest} are read")
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        fact: T = decoder.decode(payload)
    except msgspec.ValidationError as error:
        raise Malformed(_explained(str(error))) from None
    except UnicodeDecodeError:
        raise Malformed(_not_utf8(payload)) from None
    except RecursionError:
        raise Malformed("is not JSON that can be read: it is nested too deep") from None
    except msgspec.DecodeError as error:
        raise Malformed(_not_json(payload, str(error))) from None
    return fact


def decode_scan(payload: bytes) -> tuple[facts.Scan, int]:
    """A Scan and its `at` in milliseconds.

    Raises Malformed as `decode` does, and when `at` is no moment that exists or `badge` cannot be written as UTF-8.
    """
    scan = decode(payload, facts.Scan)
    try:
        at_ms = instants.to_ms(scan.at)
        scan.badge.encode()
    except UnicodeEncodeError:
        raise Malformed("badge: has half a character (a lone surrogate): send whole UTF-8") from None
    except ValueError as error:
        raise Malformed(f"at: {error}") from None
    return scan, at_ms


def encode_sighting(sighting: Sighting) -> bytes:
    """A sighting in its CloudEvents envelope."""
    at = instants.to_text(sighting.at_ms)
    return _encoder.encode(
        Envelope(
            specversion="1.0",
            type="nl.inloop.sighting.v1",
            id=sighting.id,
            source=sighting.source,
            time=at,
            sequence=str(sighting.sequence),
            data=SightingData(
                event=sighting.event,
                person=sighting.person,
                place=sighting.place,
                at=at,
                how=sighting.how,
                scan=sighting.scan,
                void=sighting.void,
            ),
        )
    )


def decode_sighting(payload: bytes) -> Sighting:
    """The sighting in a CloudEvents envelope.

    Raises Malformed as `decode` does.
    """
    envelope = decode(payload, Envelope)
    data = envelope.data
    try:
        at_ms = instants.to_ms(data.at)
        sequence = int(envelope.sequence)
    except ValueError as error:
        raise Malformed(f"data.at or sequence: {error}") from None
    return Sighting(
        id=envelope.id,
        event=data.event,
        person=data.person,
        place=data.place,
        at_ms=at_ms,
        how=data.how,
        source=envelope.source,
        scan=data.scan,
        void=data.void,
        sequence=sequence,
    )


# what would be right, by a piece of the pattern that the library shows
_RIGHT = (
    ("[Tt]", "write a time as 2024-01-11T09:41:07.120+01:00 (RFC 3339 with an offset)"),
    ("{8,64}", "send 8 to 64 of the characters A–Z a–z 0–9 . _ : -"),
    ("", "send 1 to 100 of the characters A–Z a–z 0–9 . _ -, the first a letter or digit"),
)


def _explained(message: str) -> str:
    """The library's message, with what would be right where it shows only a pattern."""
    if "matching regex" not in message:
        return message
    member = re.search(r"at `\$\.?(?P<path>[^`]*)`", message)
    right = next(right for piece, right in _RIGHT if piece in message)
    return f"{member['path'] if member else 'a member'}: {right}"


_MEMBER = re.compile(rb'"([A-Za-z_]{1,40})"\s*:\s*"[^"]*\Z')  # one whose text is not yet closed


def _not_utf8(payload: bytes) -> str:
    """Where the first byte is that cannot be, from 0, and in which member."""
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        member = _MEMBER.search(payload[: error.start])
        where = f"{member[1].decode()}: " if member else ""
        return f"{where}is not UTF-8 at byte {error.start}: send text as UTF-8"
    return "is not UTF-8"


def _not_json(payload: bytes, message: str) -> str:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return _not_utf8(payload)
    if message == "Input data was truncated":
        return f"is not JSON: it ends at byte {len(payload)}, before it is whole"
    return f"is not JSON: {message.removeprefix('JSON is malformed: ')}"
