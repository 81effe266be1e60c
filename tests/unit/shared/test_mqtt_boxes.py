"""What waits to be taken, and what waits to be acknowledged."""

import pytest

from shared.mqtt.inbox import Inbox
from shared.mqtt.messages import MAX_PACKET, Outgoing
from shared.mqtt.outbox import WINDOW, Outbox
from shared.mqtt.wire import Publish, decode_publish, encode_puback


def publish(mid: int) -> Publish:
    return Publish("t", b"%d" % mid, int(mid > 0), False, mid)


def flags_and_ids(packets: list[bytes]) -> list[tuple[bool, int]]:
    """(DUP, packet id) of each PUBLISH."""
    return [(bool(p[0] & 8), decode_publish(p[0], p[2:], v5=False).mid) for p in packets]


def test_acknowledgements_wait_for_those_before_them() -> None:
    """The PUBACKs go out in the order the messages came."""
    inbox = Inbox(limit=10)
    inbox.put([publish(7), publish(0), publish(5), publish(9)], 0)
    (seven, none, five, nine), _ = inbox.take(10, 0)
    assert inbox.acknowledge([nine, none]) == []
    assert inbox.acknowledge([five]) == []
    assert inbox.acknowledge([seven]) == [encode_puback(7), encode_puback(5), encode_puback(9)]
    assert inbox.acknowledge([seven, five, nine]) == []


def test_an_old_acknowledgement_never_meets_a_new_message() -> None:
    """After a new connection the broker uses its packet ids again; a message of before acknowledges none of them."""
    inbox = Inbox(limit=10)
    inbox.put([publish(1), publish(2)], 0)
    old, _ = inbox.take(10, 0)
    inbox.forget_connection()
    assert inbox.acknowledge(old) == []
    inbox.put([publish(1)], 0)
    assert inbox.acknowledge(old) == []
    new, _ = inbox.take(10, 0)
    assert inbox.acknowledge(new) == [encode_puback(1)]


def test_a_full_inbox_says_when_there_is_room_again() -> None:
    """Once, at the moment it is no longer full."""
    inbox = Inbox(limit=2)
    inbox.put([publish(1), publish(2), publish(3)], 0)
    assert inbox.is_full()
    assert inbox.take(1, 0)[1] is False
    assert inbox.take(1, 0)[1] is True
    assert inbox.take(1, 0)[1] is False


def test_no_more_than_the_window_is_under_way() -> None:
    """The rest waits, and follows as room comes, in order."""
    outbox = Outbox(v5=False)
    tickets, packets = outbox.add([Outgoing("t", b"") for _ in range(WINDOW + 2)], ready=True)
    assert len(tickets) == WINDOW + 2
    assert len(packets) == WINDOW
    assert outbox.fill() == []
    outbox.settle(1)
    assert flags_and_ids(outbox.fill()) == [(False, WINDOW + 1)]
    assert outbox.acknowledged() == {tickets[0]}
    assert outbox.acknowledged() == set()
    assert len(outbox) == WINDOW + 1


def test_a_new_connection_gets_the_same_ids_with_dup() -> None:
    """MQTT 3.1.1 section 4.4; what was never sent goes without DUP."""
    outbox = Outbox(v5=False)
    outbox.add([Outgoing("t", b"a"), Outgoing("t", b"b")], ready=True)
    outbox.add([Outgoing("t", b"c")], ready=False)
    outbox.settle(1)
    assert flags_and_ids(outbox.resend(window=None)) == [(True, 2), (False, 3)]


def test_a_broker_with_a_smaller_window_is_respected() -> None:
    """MQTT 5 receive maximum: the rest waits again, in its order."""
    outbox = Outbox(v5=False)
    outbox.add([Outgoing("t", b"") for _ in range(5)], ready=True)
    assert flags_and_ids(outbox.resend(window=2)) == [(True, 1), (True, 2)]
    outbox.settle(1)
    assert len(outbox.fill()) == 1
    assert len(outbox) == 4


def test_qos_0_needs_a_connection() -> None:
    """It is written now or never, and has no ticket."""
    outbox = Outbox(v5=False)
    assert outbox.add([Outgoing("t", b"", qos=0)], ready=False) == ([], [])
    tickets, packets = outbox.add([Outgoing("t", b"", qos=0)], ready=True)
    assert (tickets, len(packets), len(outbox)) == ([], 1, 0)


@pytest.mark.parametrize(
    "poison",
    [
        Outgoing("a/+", b""),
        Outgoing("#", b""),
        Outgoing("", b""),
        Outgoing("t", b"", qos=2),
        Outgoing("t", b"x" * MAX_PACKET),
        Outgoing("t" * 65_536, b""),
    ],
)
def test_a_message_that_every_broker_would_drop_us_for_is_refused(poison: Outgoing) -> None:
    """It would break each connection anew; nothing of the batch is kept."""
    outbox = Outbox(v5=False)
    with pytest.raises(ValueError, match="a message"):
        outbox.add([Outgoing("t", b""), poison], ready=True)
    assert len(outbox) == 0
