"""From a retained topic on a real broker to the bytes that a browser gets."""

from collections.abc import Generator, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import msgspec
import pytest

from shared import topics
from tests.support.brokers import RunningBroker, require_mosquitto
from tests.support.pages import EVENT, NOON_MS, Served, alert, eventually, following, headcount, say


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
    with following(broker) as (served, speaker):
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
    with following(broker) as (served, speaker):
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
def mosquitto_alone(tmp_path: Path) -> Iterator[RunningBroker]:
    """A Mosquitto that this test may kill."""
    require_mosquitto()
    running = RunningBroker("mosquitto", tmp_path)
    running.start()
    yield running
    running.stop()


def test_a_thousandth_reader_costs_no_database(broker: RunningBroker) -> None:
    """Streams are fed from memory: the service is not asked at all."""
    with following(broker) as (served, speaker):
        say(speaker, topics.headcount(EVENT), headcount())
        path = "/api/v1/board/stream"
        eventually(lambda: served.site.board.snapshot().headcount is not None, "the headcount on the board")
        streams = [events(served, path) for _ in range(20)]
        assert {next(stream)[0] for stream in streams} == {"snapshot"}
        for stream in streams:
            stream.close()
        assert served.site.checkin.asked == []
