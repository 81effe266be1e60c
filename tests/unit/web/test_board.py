"""The board: what it keeps of the retained topics, and what streams get of it."""

import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from shared import facts, instants, topics
from shared.mqtt import Message
from shared.web.board import SETTLE_S, Board
from shared.web.sse import HEARTBEAT, stream
from tests.support.pages import EVENT, NOON_MS, FakeLink, Site, alert, headcount, make_site, message, run_state

TOPIC = topics.headcount(EVENT)


def events(frames: bytes) -> list[tuple[str, Any]]:
    """The events of a piece of a stream, as a browser reads them."""
    found = []
    for block in frames.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if "data" in fields:
            found.append((fields["event"], msgspec.json.decode(fields["data"])))
    return found


def first_id(frames: bytes) -> int:
    return int(frames.split(b"id: ")[1].split(b"\n")[0])


@pytest.fixture
def board() -> Board:
    return Board(FakeLink(), event=EVENT, now_ms=lambda: NOON_MS)


def put(board: Board, topic: str, fact: Any, *, retain: bool = True) -> None:
    board.apply([message(topic, fact, retain=retain)])


def test_a_new_stream_gets_everything_in_one_snapshot(board: Board) -> None:
    """Headcount, runs, alerts, scanners and the time, in one event."""
    put(board, TOPIC, headcount())
    put(board, topics.run(EVENT, "t1-b1"), run_state("t1-b1", "boarding", aboard=3, listed=47))
    put(board, topics.alert(EVENT, "a1"), alert("a1"))
    put(board, topics.scanner_state(EVENT, "kerk-1"), facts.ScannerState(online=True, checkpoint="grote-kerk-in"))
    _, frames = board.wait_frames(-1, 0)
    [(name, snapshot)] = events(frames)
    assert name == "snapshot"
    assert snapshot["headcount"]["registered"] == 91
    assert [run["aboard"] for run in snapshot["runs"]] == [3]
    assert [one["alert"] for one in snapshot["alerts"]] == ["a1"]
    assert [one["scanner"] for one in snapshot["scanners"]] == ["kerk-1"]
    assert snapshot["now"] == instants.to_text(NOON_MS)


def test_all_streams_send_the_same_prepared_bytes(board: Board) -> None:
    """Nothing is made again for each of a thousand boards."""
    put(board, TOPIC, headcount())
    assert board.wait_frames(-1, 0)[1] is board.wait_frames(-1, 0)[1]
    assert board.wait_headcount(0, 0)[1] is board.wait_headcount(0, 0)[1]


def test_a_stream_gets_what_changed_and_only_the_newest_of_it(board: Board) -> None:
    """A slow reader is not sent every step in between."""
    put(board, TOPIC, headcount())
    version, _ = board.wait_frames(-1, 0)
    for number in range(3):
        put(board, TOPIC, headcount(at_ms=NOON_MS + number + 1, present={"grote-kerk": number}))
    put(board, topics.alert(EVENT, "a1"), alert("a1"))
    later, frames = board.wait_frames(version, 0)
    assert [name for name, _ in events(frames)] == ["headcount", "alert"]
    assert events(frames)[0][1]["registered"] == 2
    assert board.wait_frames(later, 0) == (later, b"")


def test_a_change_wakes_a_waiting_stream(board: Board) -> None:
    """One condition variable wakes them all."""
    got: list[bytes] = []
    waiting = [threading.Thread(target=lambda: got.append(board.wait_headcount(0, 20)[1])) for _ in range(3)]
    for thread in waiting:
        thread.start()
    put(board, TOPIC, headcount())
    for thread in waiting:
        thread.join(10)
    assert len(got) == 3
    assert events(got[0])[0][0] == "headcount"


def test_the_ids_of_headcounts_increase_even_when_the_clock_goes_back(board: Board) -> None:
    """The id is the moment, so that all web processes agree; a day that is played again goes on counting."""
    ids = []
    for at_ms in (NOON_MS, NOON_MS + 200, NOON_MS - 3_600_000, NOON_MS + 400):
        put(board, TOPIC, headcount(at_ms=at_ms))
        ids.append(first_id(board.wait_headcount(0, 0)[1]))
    assert ids[:2] == [NOON_MS, NOON_MS + 200]
    assert ids == sorted(set(ids))


def test_an_alert_that_is_over_leaves_the_board_and_says_so(board: Board) -> None:
    """An empty payload ends it, once."""
    put(board, topics.alert(EVENT, "a1"), alert("a1"))
    version, _ = board.wait_frames(-1, 0)
    put(board, topics.alert(EVENT, "a1"), None)
    put(board, topics.alert(EVENT, "a1"), None)
    assert events(board.wait_frames(version, 0)[1]) == [("alert", {"alert": "a1", "over": True})]
    assert board.snapshot().alerts == ()


@pytest.mark.parametrize(
    ("kind", "name", "topic", "fact"),
    [
        ("run", "t1-b1", topics.run(EVENT, "t1-b1"), run_state("t1-b1", "boarding", aboard=3, listed=47)),
        ("scanner", "kerk-1", topics.scanner_state(EVENT, "kerk-1"), facts.ScannerState(online=True)),
    ],
)
def test_a_run_or_a_scanner_that_is_not_told_any_more_leaves_open_pages_too(
    board: Board, kind: str, name: str, topic: str, fact: Any
) -> None:
    """Its topic became empty: said once to those who have it, and to nobody new; told again, it is back."""
    put(board, topic, fact)
    version, _ = board.wait_frames(-1, 0)
    for _ in range(2):
        put(board, topic, None)
    version, frames = board.wait_frames(version, 0)
    assert events(frames) == [(kind, {kind: name, "over": True})]
    snapshot = board.snapshot()
    assert (*snapshot.runs, *snapshot.scanners) == ()
    put(board, topic, fact)
    [(told, line)] = events(board.wait_frames(version, 0)[1])
    assert (told, line[kind], "over" in line) == (kind, name, False)


def test_an_alert_that_ended_while_we_were_away_leaves_the_board_too(board: Board) -> None:
    """What is not told again after a new connection is over; what is told again stays."""
    for name in ("a1", "a2"):
        put(board, topics.alert(EVENT, name), alert(name))
    board.connection(False, now_s=0)
    board.connection(True, now_s=1)
    put(board, topics.alert(EVENT, "a2"), alert("a2"))
    board.connection(True, now_s=1 + SETTLE_S / 2)
    assert len(board.snapshot().alerts) == 2
    board.connection(True, now_s=1 + SETTLE_S)
    assert [one.alert for one in board.snapshot().alerts] == ["a2"]


def test_a_last_will_keeps_the_checkpoint_and_the_moment_of_silence(board: Board) -> None:
    """A last will only says `online: false`."""
    topic = topics.scanner_state(EVENT, "kerk-2")
    put(board, topic, facts.ScannerState(online=True, checkpoint="grote-kerk-in"))
    put(board, topic, facts.ScannerState(online=False), retain=False)
    [line] = board.snapshot().scanners
    assert (line.online, line.checkpoint, line.since) == (False, "grote-kerk-in", instants.to_text(NOON_MS))


@pytest.mark.parametrize(
    "strange",
    [
        Message(TOPIC, b"not json"),
        Message(TOPIC, b'{"event": 1}'),
        Message("inloop/1/another-event/headcount", msgspec.json.encode(headcount())),
        Message(topics.passengers(EVENT, "t1-b1"), b"{}"),
        Message("nonsense", b"{}"),
    ],
    ids=["no JSON", "wrong member", "another event", "a topic that is not shown", "a strange topic"],
)
def test_what_cannot_be_read_or_is_not_ours_changes_nothing(board: Board, strange: Message) -> None:
    """The board goes on with the rest of the batch."""
    board.apply([strange, message(topics.alert(EVENT, "a1"), alert("a1"))])
    assert board.snapshot().headcount is None
    assert len(board.snapshot().alerts) == 1


def test_the_board_says_why_and_since_when_it_is_not_live() -> None:
    """No broker, or nobody who makes the numbers; a heartbeat that cannot be read counts as none."""
    link, pulse = FakeLink(), {"alive": True}

    def read() -> bool:
        if not pulse["alive"]:
            raise RuntimeError("the database is gone")
        return True

    board = Board(link, event=EVENT, now_ms=lambda: NOON_MS, pulse=read)
    told = []
    for connected, alive in ((True, True), (False, True), (True, False), (True, True)):
        link.connected, pulse["alive"] = connected, alive
        board.judge()
        status = board.snapshot().status
        told.append((status.live, status.reason))
        assert status.since == instants.to_text(NOON_MS)
    assert told == [(True, ""), (False, "broker"), (False, "ingest"), (True, "")]


def test_an_idle_stream_gets_a_heartbeat_and_a_closed_board_ends_it(board: Board) -> None:
    """Dead readers are found, and the process can stop."""
    frames = stream(board, board.wait_headcount, start=0, heartbeat=lambda: HEARTBEAT, heartbeat_s=0)
    assert next(frames).startswith(b"retry:")
    assert next(frames) == HEARTBEAT
    board.close()
    assert list(frames) == []


# -- over HTTP ---------------------------------------------------------------------------------------


def opened(site: Site, path: str, **headers: str) -> Iterator[bytes]:
    answer = site.client("viewer").get(path, headers=headers, buffered=False)
    assert answer.status_code == 200
    frames: Iterator[bytes] = answer.iter_encoded()
    return frames


def test_the_stream_of_headcounts_begins_with_the_current_one(site: Site) -> None:
    """`event: headcount`, with headers that keep proxies from holding it back."""
    site.publish((TOPIC, headcount()))
    answer = site.client("viewer").get("/api/v1/headcount/stream", buffered=False)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-cache, no-transform"
    assert answer.headers["X-Accel-Buffering"] == "no"
    frames: Any = answer.iter_encoded()
    next(frames)
    assert next(frames) == site.board.wait_headcount(0, 0)[1]
    answer.close()


@pytest.mark.parametrize(
    ("last", "comes"),
    [(str(NOON_MS), False), (str(NOON_MS - 200), True), (str(NOON_MS + 200), True), ("nonsense", True), ("", True)],
    ids=["has the newest", "has an older one", "has one we never gave", "nonsense", "empty"],
)
def test_a_stream_resumes_after_the_event_that_the_reader_has(last: str, comes: bool) -> None:
    """Last-Event-ID: the newest at once, unless the reader has it."""
    site = make_site(heartbeat_s=0)
    site.publish((TOPIC, headcount()))
    frames = opened(site, "/api/v1/headcount/stream", **{"Last-Event-ID": last})
    next(frames)
    assert (next(frames) != HEARTBEAT) is comes


def test_the_stream_of_the_board_tells_the_time_when_nothing_else_happens() -> None:
    """A page cannot hear comments, so the heartbeat is an event there."""
    frames = opened(make_site(heartbeat_s=0), "/api/v1/board/stream")
    next(frames)
    assert events(next(frames))[0][0] == "snapshot"
    [(name, beat)] = events(next(frames))
    assert name == "beat"
    assert instants.to_ms(beat["at"]) >= NOON_MS


def test_streams_past_the_cap_are_asked_to_come_back(site: Site) -> None:
    """503 with Retry-After; a stream that ends gives its place back."""
    site = make_site(most_streams=1)
    client = site.client("viewer")
    first = client.get("/api/v1/headcount/stream", buffered=False)
    refused = client.get("/api/v1/board/stream", buffered=False)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert client.get("/api/v1/headcount").status_code == 200
    first.close()
    again = client.get("/api/v1/board/stream", buffered=False)
    assert again.status_code == 200
    again.close()
