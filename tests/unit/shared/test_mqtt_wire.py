"""The packets of the hot path, byte by byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mqtt.wire import (
    Publish,
    Splitter,
    WireError,
    decode_puback,
    decode_publish,
    encode_puback,
    encode_publish,
    length_bytes,
)

TOPICS = st.text(st.characters(exclude_characters="+#\0", exclude_categories=["Cs"]), min_size=1, max_size=30)


def test_a_publish_is_the_bytes_of_the_standard() -> None:
    """MQTT 3.1.1 section 3.3: first byte with DUP, QoS and RETAIN; length; topic; packet id; payload."""
    packet = encode_publish("a/b", b"hi", mid=10, retain=True, dup=True, v5=False)
    assert packet == b"\x3b\x09\x00\x03a/b\x00\x0ahi"
    assert encode_publish("a/b", b"hi", mid=0, retain=False, dup=False, v5=True) == b"\x30\x08\x00\x03a/b\x00hi"


def test_a_puback_is_the_bytes_of_the_standard() -> None:
    """MQTT 3.1.1 section 3.4: the packet id alone."""
    assert encode_puback(0x1234) == b"\x40\x02\x12\x34"


def test_a_puback_may_carry_a_reason() -> None:
    """MQTT 5 section 3.4.2: a reason code of 0x80 and up is a refusal; without one it went well."""
    assert decode_puback(b"\x00\x07") == (7, 0)
    assert decode_puback(b"\x00\x07\x87\x00") == (7, 0x87)


@pytest.mark.parametrize(
    ("length", "packed"),
    [(0, b"\x00"), (127, b"\x7f"), (128, b"\x80\x01"), (16_383, b"\xff\x7f"), (2_097_152, b"\x80\x80\x80\x01")],
)
def test_a_length_has_one_to_four_bytes(length: int, packed: bytes) -> None:
    """MQTT 3.1.1 table 2.4: the limits of each number of bytes."""
    assert length_bytes(length) == packed


@given(
    topic=TOPICS,
    payload=st.binary(max_size=300),
    mid=st.integers(0, 65_535),
    retain=st.booleans(),
    v5=st.booleans(),
    cuts=st.lists(st.integers(1, 50), max_size=40),
    copies=st.integers(1, 4),
)
def test_what_is_written_is_read_however_it_is_cut(
    topic: str, payload: bytes, mid: int, retain: bool, v5: bool, cuts: list[int], copies: int
) -> None:
    """A stream cut anywhere gives the same packets in the same order."""
    stream = encode_publish(topic, payload, mid=mid, retain=retain, dup=False, v5=v5) * copies
    splitter, came, at = Splitter(), [], 0
    for cut in [*cuts, len(stream)]:
        came += list(splitter.feed(stream[at : at + cut]))
        at += cut
    read = [decode_publish(command, body, v5=v5) for command, body in came]
    assert read == [Publish(topic, payload, int(mid > 0), retain, mid)] * copies


def test_properties_of_mqtt_5_are_skipped() -> None:
    """A broker may add properties, such as a message expiry; the payload begins after them."""
    body = b"\x00\x01t" + b"\x05\x02\x00\x00\x00\x3c" + b"payload"
    assert decode_publish(0x30, body, v5=True) == Publish("t", b"payload", 0, False, 0)


@pytest.mark.parametrize(
    ("command", "body"),
    [
        (48, b""),
        (48, b"\x00"),
        (48, b"\x00\tt"),
        (50, b"\x00\x01t\x00"),
        (50, b"\x00\x01t\x00\x00"),
        (52, b"\x00\x01t\x00\x01"),
        (48, b"\x00\x01\xff"),
    ],
)
def test_a_broken_publish_is_said_to_be_one(command: int, body: bytes) -> None:
    """Cut off, QoS 1 without a packet id, QoS 2, not UTF-8: an error, never a wrong message."""
    with pytest.raises(WireError):
        decode_publish(command, body, v5=False)


def test_a_length_without_end_is_said_to_be_one() -> None:
    """Five bytes of length are not MQTT."""
    with pytest.raises(WireError):
        list(Splitter().feed(b"\x30\xff\xff\xff\xff\x01"))
