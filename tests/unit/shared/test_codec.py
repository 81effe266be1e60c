"""Bytes into facts, and what is said where they are wrong."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import codec, instants
from shared.facts import Sighting

GOOD = {
    "id": "5f0c2f5e-8d7c-7b7c-9a52-0e6f5f1e9a11",
    "badge": "IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N",
    "checkpoint": "grote-kerk-in",
    "at": "2024-01-11T09:41:07.120+01:00",
    "synced": True,
    "age_ms": 0,
    "seq": 118,
}


def test_the_scan_of_the_contract_is_read() -> None:
    """The example of CONTRACT section 4 is read, in milliseconds UTC."""
    scan, at_ms = codec.decode_scan(json.dumps(GOOD).encode())
    assert scan.checkpoint == "grote-kerk-in"
    assert instants.to_text(at_ms) == "2024-01-11T08:41:07.120Z"


def test_members_may_be_missing_or_unknown() -> None:
    """synced, age_ms and seq may be missing (true, 0, none); what is not known is ignored."""
    small = {k: v for k, v in GOOD.items() if k in {"id", "badge", "checkpoint", "at"}} | {"colour": "red"}
    scan, _ = codec.decode_scan(json.dumps(small).encode())
    assert (scan.synced, scan.age_ms, scan.seq) == (True, 0, None)


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("id", "short", "id: send 8 to 64"),
        ("id", "has spaces in it", "id: send 8 to 64"),
        ("id", "5f0c2f5e-8d7c\n", "id: send 8 to 64"),
        ("badge", "", "`$.badge`"),
        ("badge", "x" * 257, "`$.badge`"),
        ("badge", 12, "`$.badge`"),
        ("at", "yesterday", "at: write a time as"),
        ("at", "2024-01-11T09:41:07", "at: write a time as"),
        ("at", "2024-02-30T09:41:07Z", "at: is not a moment that exists"),
        ("age_ms", -1, "`$.age_ms`"),
        ("age_ms", 1.5, "`$.age_ms`"),
        ("synced", "yes", "`$.synced`"),
        ("checkpoint", "a\u0000b", "checkpoint: send 1 to 100"),
    ],
)
def test_a_wrong_member_is_named(member: str, value: object, said: str) -> None:
    """The error names the member and what would be right."""
    with pytest.raises(codec.Malformed) as caught:
        codec.decode_scan(json.dumps(GOOD | {member: value}).encode())
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "payload",
    [b"", b"not json", b"[]", b"null", b"\xff\xfe", b"{" * 5000, b'{"a":' * 3000, b"[" * 12000, b"x" * 1_000_000],
)
def test_what_is_no_scan_is_malformed_and_nothing_else(payload: bytes) -> None:
    """Not JSON, not UTF-8, nested without end, a megabyte: always Malformed."""
    with pytest.raises(codec.Malformed):
        codec.decode_scan(payload)


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (b"", "is empty: send JSON in UTF-8"),
        (b'{"id": "12', "is not JSON: it ends at byte 10, before it is whole"),
        (b"{]", "is not JSON: object keys must be strings (byte 1)"),
        (b"\xff\xfe", "is not UTF-8 at byte 0: send text as UTF-8"),
        (b'{"id":"5f0c2f5e-8d7c", "badge" : "caf\xe9"}', "badge: is not UTF-8 at byte 37: send text as UTF-8"),
        (b'{"a":' * 3000, "is not JSON that can be read: it is nested too deep"),
    ],
)
def test_bytes_that_cannot_be_read_are_explained_in_our_words(payload: bytes, said: str) -> None:
    """What is wrong, where, and in which member: never a library's own message alone."""
    with pytest.raises(codec.Malformed) as caught:
        codec.decode_scan(payload)
    assert str(caught.value) == said


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_malformed(payload: bytes) -> None:
    """Whatever comes, decoding gives a scan or Malformed."""
    try:
        codec.decode_scan(payload)
    except codec.Malformed:
        return


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-11T09:41:07.1239999+01:00", "2024-01-11T08:41:07.123Z"),
        ("2024-01-11T09:41:07.999999999Z", "2024-01-11T09:41:07.999Z"),
        ("2024-01-11t09:41:07z", "2024-01-11T09:41:07.000Z"),
        ("1970-01-01T00:00:00.0005Z", "1970-01-01T00:00:00.000Z"),
        ("1969-12-31T23:59:59.9995Z", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_more_digits_are_cut_off(text: str, expected: str) -> None:
    """Milliseconds are cut, never rounded (CONTRACT section 2)."""
    assert instants.to_text(instants.to_ms(text)) == expected


@given(st.integers(0, 4_102_444_800_000))
def test_a_moment_survives_the_wire(at_ms: int) -> None:
    """Milliseconds to text and back are the same milliseconds."""
    assert instants.to_ms(instants.to_text(at_ms)) == at_ms


def test_a_sighting_travels_in_a_cloudevent() -> None:
    """The envelope is CloudEvents 1.0 and gives the same sighting back."""
    sighting = Sighting(
        id="sighting-1",
        event="e1",
        person="p1",
        place="grote-kerk",
        at_ms=1_704_961_800_123,
        how="scanned",
        source="checkin",
        scan="sighting-1",
        sequence=7,
    )
    envelope = json.loads(codec.encode_sighting(sighting))
    assert (envelope["specversion"], envelope["type"]) == ("1.0", "nl.inloop.sighting.v1")
    assert envelope["time"] == envelope["data"]["at"] == "2024-01-11T08:30:00.123Z"
    assert envelope["data"]["void"] is None
    assert codec.decode_sighting(codec.encode_sighting(sighting)) == sighting
