"""Transport alone on a real broker: retained cards in, verdicts and retained runs out, while check-in is down."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from shared import codec, topics
from shared.facts import Passengers, RunState, Scan, Verdict
from shared.mqtt import Link, Message, Outgoing
from tests.support.brokers import RunningBroker
from tests.support.transport import EVENT, PROGRAMME, HandClock, World, at
from transport.handlers.steps import Asked
from transport.settings import Settings
from transport.wiring import Transport, build

PATIENCE_S = 20.0


class Ear:
    """A client that keeps all it hears."""

    def __init__(self, broker: RunningBroker, user: str, name: str, *patterns: str) -> None:
        self.heard: list[Message] = []
        self._link = Link(
            broker.address(user), client_id=name, clean=True, subscriptions=[(pattern, 1) for pattern in patterns]
        )

    def __enter__(self) -> "Ear":
        self._link.start()
        assert self._link.wait_connected(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._link.stop()

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish."""
        self._link.send([Outgoing(topic, payload, 1, retain)])

    def hear(self, wanted: Callable[[Message], bool]) -> Message:
        """Wait for a message."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            messages = self._link.take(timeout=0.1)
            self._link.send(acks=messages)
            self.heard += messages
            for message in self.heard:
                if wanted(message):
                    return message
        raise AssertionError(f"not heard; only {sorted({message.topic for message in self.heard})}")


@contextmanager
def consuming(transport: Transport) -> Iterator[None]:
    """The consumer in a thread."""
    stop = threading.Event()
    thread = threading.Thread(target=transport.ingest, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()


@pytest.fixture
def service(broker: RunningBroker, tmp_path: Path) -> Transport:
    """Migrated, with the small day, at 11:19."""
    clock = HandClock()
    clock.now = at("11:19")
    settings = Settings(
        data=tmp_path,
        database=f"sqlite:///{tmp_path / 'transport.db'}",
        mqtt=broker.address("transport"),
        event=None,
        clock=clock,
        auto_steps=False,
        log_level="info",
        instance="1",
        share=False,
    )
    transport = build(settings)
    transport.migrate()
    transport.load_programme(PROGRAMME)
    return transport


def test_cards_and_scans_are_enough(broker: RunningBroker, service: Transport) -> None:
    """Seats are filled from retained cards, a scan gets its verdict, the run counts; check-in never was there."""
    world = World(service, service.settings.clock, service.consumer())  # type: ignore[arg-type] # it is the HandClock
    with (
        Ear(broker, "checkin", "cards") as checkin,
        Ear(broker, "web", "board", topics.RUNS, topics.PASSENGERS) as board,
        Ear(broker, "scanner-1", "scanner", topics.verdict(EVENT, "scanner-1")) as scanner,
    ):
        checkin.say(topics.person(EVENT, "p1"), codec.encode(world.card("p1", "north", "Almelo")), retain=True)
        with consuming(service):
            heard = board.hear(lambda m: "/passengers/" in m.topic and b'"p1"' in m.payload)
            listed = msgspec.json.decode(heard.payload, type=Passengers)
            service.step(Asked(listed.run, "open", "coordinator"))
            board.hear(lambda m: m.topic == topics.run(EVENT, listed.run) and b'"boarding"' in m.payload)
            coach = service.programme().run(listed.run).coach
            scan = Scan(id="scan-0001", badge="badge-p1", checkpoint=f"coach-{coach}", at="2024-01-11T11:19:01+01:00")
            scanner.say(topics.coach_scan(EVENT, "scanner-1"), codec.encode(scan))
            answer = scanner.hear(lambda m: b"scan-0001" in m.payload)
            verdict = codec.decode(answer.payload, Verdict)
            assert (verdict.outcome, verdict.reason, verdict.place) == ("admit", "aboard", listed.run)
            counted = board.hear(lambda m: m.topic == topics.run(EVENT, listed.run) and b'"aboard":1' in m.payload)
            assert msgspec.json.decode(counted.payload, type=RunState).missing == 0


def test_a_broker_that_lost_everything_hears_it_again(broker: RunningBroker, service: Transport) -> None:
    """Killed without warning and started again with an empty memory: the runs are retained again."""
    with consuming(service):
        with Ear(broker, "web", "before", topics.RUNS) as board:
            board.hear(lambda m: m.topic == topics.run(EVENT, "t1-b1"))
        broker.kill9()
        for leftover in broker.folder.glob("mosquitto.db*"):
            leftover.unlink()
        broker.start()
        with Ear(broker, "web", "after", topics.RUNS) as board:
            board.hear(lambda m: m.topic == topics.run(EVENT, "t1-b1"))
