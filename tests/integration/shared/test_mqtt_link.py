"""The link's promises, kept on both brokers and both versions of MQTT."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.mqtt import BrokerAddress, Link, Message, Outgoing
from tests.support.brokers import Protocol, RunningBroker

EVENT = "inloop/1/test"
MakeLink = Callable[..., Link]


@pytest.fixture(params=["3.1.1", "5"])
def protocol(request: pytest.FixtureRequest) -> Protocol:
    """Both versions of MQTT."""
    version: Protocol = request.param
    return version


@pytest.fixture
def link(broker: RunningBroker, protocol: Protocol) -> Iterator[MakeLink]:
    """Make a link as a user of the broker; all are stopped at the end."""
    made: list[Link] = []

    def make(user: str, *filters: str, start: bool = True, **options: Any) -> Link:
        options = {"client_id": user, "protocol": protocol, **options}
        address = options.pop("address", broker.address(user, protocol=protocol))
        new = Link(address, subscriptions=[(f, 1) for f in filters], **options)
        made.append(new)
        if start:
            new.start()
            assert new.wait_connected(10), (broker.folder / "broker.log").read_text()
        return new

    yield make
    for one in made:
        one.stop()


def until(happened: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Wait for a condition, or fail saying what did not come."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s: {what}"
        time.sleep(0.005)


def take(link: Link, count: int, seconds: float = 20) -> list[Message]:
    """Take until `count` messages came."""
    taken: list[Message] = []
    deadline = time.monotonic() + seconds
    while len(taken) < count and time.monotonic() < deadline:
        taken += link.take(count - len(taken))
    assert len(taken) == count
    return taken


def scan(number: int, scanner: str = "scanner-1") -> Outgoing:
    return Outgoing(f"{EVENT}/scan/door/{scanner}", b"%d" % number)


def numbers(messages: list[Message]) -> list[int]:
    return [int(message.payload) for message in messages]


SCANS = "inloop/1/+/scan/door/+"


def test_a_message_arrives_with_topic_payload_and_time(link: MakeLink) -> None:
    """What a scanner publishes comes out as it went in, with the moment it came on the link's clock."""
    checkin = link("checkin", SCANS, now_ms=lambda: 1_704_960_000_123)
    link("scanner-1").send([scan(7)])
    (message,) = take(checkin, 1)
    assert message.topic == f"{EVENT}/scan/door/scanner-1"
    assert message.payload == b"7"
    assert message.received_ms == 1_704_960_000_123
    assert message.retain is False


def test_what_was_not_acknowledged_comes_again_after_a_reconnect(link: MakeLink) -> None:
    """Taking is not acknowledging: only what `send(acks=…)` gave back is gone from the broker."""
    checkin = link("checkin", SCANS)
    scanner = link("scanner-1")
    scanner.send(scan(n) for n in range(10))
    taken = take(checkin, 10)
    checkin.send(acks=taken[:4])
    checkin.stop()

    again = link("checkin", SCANS)
    assert numbers(take(again, 6)) == [4, 5, 6, 7, 8, 9]


def test_acks_of_an_earlier_connection_do_no_harm(broker: RunningBroker, link: MakeLink) -> None:
    """A message taken before the connection broke and acknowledged after it comes once more, and all goes on."""
    checkin = link("checkin", SCANS)
    scanner = link("scanner-1")
    scanner.send(scan(n) for n in range(3))
    before = take(checkin, 3)
    cut(checkin)
    until(lambda: not checkin.connected, "the cut")
    assert checkin.wait_connected(10)
    checkin.send(acks=before)
    again = take(checkin, 3)
    assert numbers(again) == [0, 1, 2]
    checkin.send(acks=again)
    scanner.send([scan(3)])
    assert numbers(take(checkin, 1)) == [3]


def test_acks_given_out_of_order_go_out_in_order(link: MakeLink) -> None:
    """A taker may acknowledge later messages first; the broker hears of them in order of arrival, and stays."""
    checkin = link("checkin", SCANS)
    scanner = link("scanner-1")
    # the embedded broker sends no more than 100 ahead of their acknowledgement
    scanner.send(scan(n) for n in range(90))
    taken = take(checkin, 90)
    checkin.send(acks=reversed(taken[50:]))
    checkin.send(acks=taken[1:50])
    checkin.send(acks=taken[:1])
    scanner.send([scan(90)])
    last = take(checkin, 1)
    checkin.send(acks=[*last, *taken])  # and acknowledging twice changes nothing
    assert numbers(last) == [90]
    assert checkin.connected
    checkin.stop()
    assert link("checkin", SCANS).take(timeout=0.5) == []


def test_a_burst_loses_nothing_and_doubles_nothing(link: MakeLink) -> None:
    """5,000 scans at once: each comes once, in order, is answered, and none comes again after its ack."""
    checkin = link("checkin", SCANS)
    scanner = link("scanner-1", f"{EVENT}/verdict/scanner-1")
    tickets = scanner.send(scan(n) for n in range(5000))
    came: list[int] = []
    verdicts = 0
    done: set[int] = set()
    deadline = time.monotonic() + 40
    while (len(came) < 5000 or verdicts < 5000 or len(done) < 5000) and time.monotonic() < deadline:
        batch = checkin.take(timeout=0.05)
        answers = [Outgoing(f"{EVENT}/verdict/scanner-1", m.payload, qos=0) for m in batch]
        checkin.send(answers, acks=batch)
        came += numbers(batch)
        heard = scanner.take(10_000, timeout=0)
        scanner.send(acks=heard)
        verdicts += len(heard)
        done |= scanner.acknowledged()
    assert came == list(range(5000))
    assert done == set(tickets)
    assert scanner.unsent() == 0
    assert verdicts == 5000
    checkin.stop()
    assert link("checkin", SCANS).take(timeout=0.5) == []


def test_the_link_is_back_after_the_broker_was_killed(broker: RunningBroker, link: MakeLink) -> None:
    """The power of the broker fails: the link connects again by itself and says whether its session survived."""
    sessions: list[bool] = []
    checkin = link("checkin", SCANS, on_connect=sessions.append)
    broker.save()
    broker.kill9()
    until(lambda: not checkin.connected, "the link notices")
    scanner = link("scanner-1", start=False)
    scanner.start()
    tickets = scanner.send(scan(n) for n in range(50))
    assert scanner.unsent() == 50
    broker.start()
    assert checkin.wait_connected(20)
    until(lambda: len(sessions) == 2, "on_connect")
    assert sessions == [False, broker.kind == "mosquitto"]
    assert scanner.wait_connected(20)
    until(lambda: scanner.unsent() == 0, "all acknowledged")
    assert scanner.acknowledged() == set(tickets)
    came = numbers(checkin.take(timeout=5))
    if len(came) == 50 or broker.kind == "mosquitto":  # the embedded one may hear the scanner before the subscriber
        came += [] if len(came) == 50 else numbers(take(checkin, 50 - len(came)))
        assert came == list(range(50))


def test_what_is_sent_is_kept_until_it_is_acknowledged(link: MakeLink) -> None:
    """QoS 1 messages whose connection breaks at any moment all arrive, at least once, and end acknowledged."""
    checkin = link("checkin", SCANS)
    scanner = link("scanner-1")
    came: set[int] = set()
    done: set[int] = set()
    tickets: set[int] = set()
    for round_ in range(5):
        tickets |= set(scanner.send(scan(round_ * 400 + n) for n in range(400)))
        cut(scanner)
    deadline = time.monotonic() + 40
    while (len(came) < 2000 or len(done) < 2000) and time.monotonic() < deadline:
        batch = checkin.take()
        checkin.send(acks=batch)
        came |= set(numbers(batch))
        done |= scanner.acknowledged()
    assert came == set(range(2000))
    assert done == tickets
    assert scanner.unsent() == 0


def test_a_link_may_start_before_its_broker(broker: RunningBroker, link: MakeLink) -> None:
    """Services and broker may start in any order: the first attempt is made again like any other."""
    broker.stop()
    early = link("checkin", SCANS, start=False)
    early.start()
    assert early.wait_connected(0.3) is False
    broker.start()
    assert early.wait_connected(20)


def test_qos_0_is_dropped_while_there_is_no_connection(broker: RunningBroker, link: MakeLink) -> None:
    """Verdicts to nobody are not kept: the scanner asks again."""
    checkin = link("checkin", start=False)
    assert checkin.send([Outgoing(f"{EVENT}/verdict/scanner-1", b"{}", qos=0)]) == []
    assert checkin.unsent() == 0


def test_the_will_is_said_when_a_client_dies(link: MakeLink) -> None:
    """The broker tells all, retained, that a scanner is gone that did not say goodbye."""
    state = f"{EVENT}/scanner/scanner-1/state"
    web = link("web", "inloop/1/+/scanner/+/state")
    scanner = link("scanner-1", will=Outgoing(state, b'{"online": false}', retain=True), keepalive=30)
    cut(scanner, for_good=True)
    (message,) = take(web, 1)
    assert (message.topic, message.payload) == (state, b'{"online": false}')


def test_a_link_that_stops_in_order_leaves_no_will(link: MakeLink) -> None:
    """Saying goodbye is not dying; and what was sent just before the goodbye still goes out."""
    state = f"{EVENT}/scanner/scanner-1/state"
    web = link("web", "inloop/1/+/scanner/+/state")
    scanner = link("scanner-1", will=Outgoing(state, b"died", retain=True))
    scanner.send([Outgoing(state, b"goodbye", retain=True)])
    scanner.stop()
    assert [m.payload for m in take(web, 1)] == [b"goodbye"]
    assert web.take(timeout=0.5) == []


def test_a_retained_message_says_so(link: MakeLink) -> None:
    """A late subscriber gets the latest state, marked as retained; a live one gets it as news."""
    topic = f"{EVENT}/headcount"
    live = link("web", "inloop/1/+/headcount")
    checkin = link("checkin")
    checkin.send([Outgoing(topic, b"1", retain=True), Outgoing(topic, b"2", retain=True)])
    assert [(m.payload, m.retain) for m in take(live, 2)] == [(b"1", False), (b"2", False)]
    late = link("web", "inloop/1/+/headcount", client_id="late")
    assert [(m.payload, m.retain) for m in take(late, 1)] == [(b"2", True)]


def test_a_megabyte_scan_arrives_and_hurts_nobody(link: MakeLink) -> None:
    """A huge payload reaches the consumer, who can put it in quarantine, and what follows comes as ever."""
    checkin = link("checkin", SCANS)
    scanner = link("scanner-1")
    huge = b"x" * 1_000_000
    scanner.send([Outgoing(f"{EVENT}/scan/door/scanner-1", huge), scan(1)])
    first, second = take(checkin, 2)
    assert first.payload == huge
    assert second.payload == b"1"
    checkin.send(acks=[first, second])
    assert checkin.connected


def test_a_full_link_reads_on_when_it_is_emptied(link: MakeLink) -> None:
    """More than may wait is left with the broker, not in memory, and comes once there is room."""
    checkin = link("checkin", SCANS, most_waiting=100)
    scanner = link("scanner-1")
    # 40 MB in all: more than fits in the sockets' buffers between the two
    scanner.send(Outgoing(f"{EVENT}/scan/door/scanner-1", b"%6d" % n + b" " * 20_000) for n in range(2000))
    until(lambda: checkin._inbox.is_full(), "the link is full")
    most = 0
    came: list[int] = []
    deadline = time.monotonic() + 40
    while len(came) < 2000 and time.monotonic() < deadline:
        most = max(most, len(checkin._inbox._waiting))
        batch = checkin.take(10)
        checkin.send(acks=batch)
        came += numbers(batch)
    assert came == list(range(2000))
    assert most < 200


def test_a_link_that_nobody_listens_to_ends_at_once(link: MakeLink) -> None:
    """Stopping a link without a broker does not wait for one."""
    lonely = link("checkin", start=False, address=BrokerAddress("127.0.0.1", 9))
    lonely.start()
    lonely.stop()
    assert lonely.connected is False


def cut(link: Link, *, for_good: bool = False) -> None:
    """Break the connection as a pulled cable would show itself: an abrupt end, no DISCONNECT."""
    client = link._client
    assert client is not None
    if for_good:
        client._thread_terminate = True
        client._closing.set()
    sock = client._sock
    if sock is not None:
        with contextlib.suppress(OSError):  # it is not connected just now
            sock.shutdown(socket.SHUT_RDWR)  # type: ignore[attr-defined]
