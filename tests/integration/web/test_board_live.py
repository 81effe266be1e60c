"""From a retained topic on a real broker to the bytes that a browser gets."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Any

import msgspec
import pytest

from checkin.web.app import create_app
from checkin.web.deps import Deps
from shared import codec, ids, topics
from shared.clock import RealClock
from shared.mqtt import Link, Outgoing
from shared.web.board import SUBSCRIPTIONS, Board
from tests.support.brokers import RunningBroker, _running
from tests.support.pages import EVENT, KEY, NOON_MS, MadeCheckIn, Served, Site, alert, eventually, headcount, serve


@contextmanager
def running(broker: RunningBroker) -> Iterator[tuple[Served, Link]]:
    """A served site that follows a broker, and a link that publishes as check-in."""
    clock, checkin = RealClock(), MadeCheckIn()
    link = Link(broker.address("web"), client_id=f"web-{ids.new_id()}", subscriptions=SUBSCRIPTIONS, clean=True)
    board = Board(link, event=EVENT, now_ms=clock.now_ms)
    app = create_app(Deps(checkin=checkin, board=board, clock=clock, session_key=KEY))
    speaker = Link(broker.address("checkin"), client_id="checkin-speaks")
    speaker.start()
    served = serve(Site(app, board, link, checkin, clock))  # type: ignore[arg-type] # a real link here
    try:
        assert speaker.wait_connected(10)
        yield served, speaker
    finally:
        served.stop()
        speaker.stop()


def say(link: Link, topic: str, fact: Any) -> None:
    link.send([Outgoing(topic, b"" if fact is None else codec.encode(fact), 1, retain=True)])


def events(served: Served, path: str, **headers: str) -> Generator[tuple[str, str, Any]]:
    """Event, id and data of a stream, as they come."""
    host = served.url.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=20)) as connection:
        connection.request("GET", path, headers={"Authorization": f"Bearer {served.site.token('viewer')}", **headers})
        fields: dict[str, str] = {}
        for line in connection.getresponse():
            text = line.decode().rstrip("\n")
            if text and not text.startswith(":"):
                name, _, value = text.partition(": ")
                fields[name] = value
            elif not text and "data" in fields:
                yield fields["event"], fields.get("id", ""), msgspec.json.decode(fields["data"])
                fields = {}


def test_a_published_headcount_reaches_an_open_stream(broker: RunningBroker) -> None:
    """The one that was retained comes at once, the next one when it is published; ids increase; it resumes."""
    with running(broker) as (served, speaker):
        path = "/api/v1/headcount/stream"
        say(speaker, topics.headcount(EVENT), headcount())
        stream = events(served, path)
        event, first, data = next(stream)
        assert (event, data["registered"]) == ("headcount", 91)
        say(speaker, topics.headcount(EVENT), headcount(at_ms=NOON_MS + 500, present={"grote-kerk": 92}))
        _, second, data = next(stream)
        assert data["registered"] == 92
        assert int(second) > int(first)
        stream.close()
        resumed = events(served, path, **{"Last-Event-ID": first})
        assert next(resumed)[1] == second
        resumed.close()


def test_the_board_survives_its_broker_and_forgets_what_ended_meanwhile(mosquitto_alone: RunningBroker) -> None:
    """Gone: it says so. Back: live again, and an alert that is over is over here too."""
    broker = mosquitto_alone
    with running(broker) as (served, speaker):
        board = served.site.board
        say(speaker, topics.alert(EVENT, "a1"), alert("a1"))
        eventually(lambda: board.live and len(board.snapshot().alerts) == 1, "the alert on the board")
        broker.kill9()
        eventually(lambda: not board.live, "not live without a broker")
        assert board.snapshot().status.reason == "broker"
        say(speaker, topics.alert(EVENT, "a1"), None)
        broker.start()
        eventually(lambda: board.live and not board.snapshot().alerts, "live again without the alert", within_s=30)


@pytest.fixture
def mosquitto_alone(tmp_path: Any) -> Iterator[RunningBroker]:
    """A Mosquitto that this test may kill."""
    yield from _running("mosquitto", tmp_path)


def test_a_thousandth_reader_costs_no_database(broker: RunningBroker) -> None:
    """Streams are fed from memory: the service is not asked at all."""
    with running(broker) as (served, speaker):
        say(speaker, topics.headcount(EVENT), headcount())
        path = "/api/v1/board/stream"
        eventually(lambda: served.site.board.snapshot().headcount is not None, "the headcount on the board")
        streams = [events(served, path) for _ in range(20)]
        assert {next(stream)[0] for stream in streams} == {"snapshot"}
        for stream in streams:
            stream.close()
        assert served.site.checkin.asked == []
