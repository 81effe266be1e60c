"""Receive, answer and acknowledge: the link against stock paho, in the same run.

`python -m tests.bench.mqtt_rate [mosquitto|embedded] [messages]`. A child process publishes at QoS 1 as fast as the
broker takes it; the receiver answers each message at QoS 0 and acknowledges it.
"""

import multiprocessing
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared.mqtt import BrokerAddress, Link, Outgoing
from tests.support.brokers import Kind, RunningBroker

SCANS = "inloop/1/bench/scan/door/scanner-1"
VERDICTS = "inloop/1/bench/verdict/scanner-1"
BODY = b'{"id": "%012d", "badge": "IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N", "checkpoint": "grote-kerk-in", "at": "2024"}'


def publish(address: BrokerAddress, count: int) -> None:
    """Publish `count` scans, and wait for their acknowledgement."""
    link = Link(address, client_id="scanner-1")
    link.start()
    link.wait_connected(10)
    for start in range(0, count, 500):
        link.send(Outgoing(SCANS, BODY % number) for number in range(start, min(start + 500, count)))
        while link.unsent() > 2000:
            time.sleep(0.001)
    while link.unsent():
        time.sleep(0.001)
    link.stop()


class WithLink:
    """The receiver with the link."""

    def __init__(self, address: BrokerAddress) -> None:
        self._link = Link(address, client_id="with-link", subscriptions=[(SCANS, 1)], clean=True)
        self._link.start()
        self._link.wait_connected(10)

    def receive(self, count: int) -> None:
        """Answer and acknowledge `count` messages."""
        self.first = 0.0
        while count > 0:
            batch = self._link.take()
            if batch and not self.first:
                self.first = time.perf_counter()  # the clock starts with the first message, not with the publisher
            self._link.send([Outgoing(VERDICTS, message.payload, qos=0) for message in batch], acks=batch)
            count -= len(batch)
        self.last = time.perf_counter()

    def close(self) -> None:
        """Disconnect."""
        self._link.stop()


class WithPaho:
    """The receiver as paho's manual has it: `on_message`, `publish`, `ack`."""

    def __init__(self, address: BrokerAddress) -> None:
        self._client = Client(CallbackAPIVersion.VERSION2, client_id="with-paho", clean_session=True, manual_ack=True)
        self._client.username_pw_set(address.username, address.password)
        self._came_so_far = 0
        self.first = self.last = 0.0
        self._wanted = 0
        self._done = threading.Event()
        ready = threading.Event()
        self._client.on_connect = lambda client, *_: client.subscribe(SCANS, 1)
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.on_message = self._came
        self._client.connect(address.host, address.port)
        self._client.loop_start()
        ready.wait(10)

    def _came(self, client: Client, _data: object, message: Any) -> None:
        client.publish(VERDICTS, message.payload, 0)
        client.ack(message.mid, message.qos)
        self._came_so_far += 1
        if self._came_so_far == 1:
            self.first = time.perf_counter()
        if self._came_so_far == self._wanted:
            self.last = time.perf_counter()
            self._done.set()

    def receive(self, count: int) -> None:
        """Answer and acknowledge `count` messages; call before they can come."""
        self._wanted = count
        self._done.wait(120)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()


def rate(broker: RunningBroker, receiver: Callable[[BrokerAddress], Any], count: int) -> float:
    """Messages a second, live."""
    one = receiver(broker.address("checkin"))
    child = multiprocessing.get_context("spawn").Process(target=publish, args=(broker.address("scanner-1"), count))
    child.start()
    one.receive(count)
    child.join()
    one.close()
    return float(count / (one.last - one.first))


def main(kind: Kind, count: int) -> None:
    """Three rounds each, in turn; the best of each counts."""
    with tempfile.TemporaryDirectory() as folder:
        broker = RunningBroker(kind, Path(folder))
        broker.start()
        best: dict[str, float] = {}
        for round_ in range(3):
            for receiver in (WithPaho, WithLink):
                figure = rate(broker, receiver, count)
                best[receiver.__name__] = max(best.get(receiver.__name__, 0), figure)
                print(f"{kind} round {round_ + 1} {receiver.__name__}: {figure:,.0f}/s")
        broker.stop()
    link, paho = best["WithLink"], best["WithPaho"]
    print(f"{kind}: link {link:,.0f}/s, paho {paho:,.0f}/s, {link / paho:.1f} times")


if __name__ == "__main__":
    chosen: Kind = "embedded" if "embedded" in sys.argv else "mosquitto"
    main(chosen, next((int(word) for word in sys.argv[1:] if word.isdigit()), 20_000))
