"""Streams: Server-Sent Events out of the board, with a cap, so that threads are left for other requests."""

import threading
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, request

from shared import facts, instants
from shared.web.auth import needs
from shared.web.board import Board
from shared.web.board_facts import frame
from shared.web.metrics import Metrics
from shared.web.openapi import Param, operation
from shared.web.problems import ProblemError

HEARTBEAT_S = 15.0
MOST_STREAMS = 500  # in one process: under the threads it has
HEARTBEAT = b": still here\n\n"
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",  # nginx: hand on at once
}
Wait = Callable[[int, float], tuple[int, bytes]]


class Places:
    """How many streams may be open at once in this process."""

    def __init__(self, most: int, metrics: Metrics) -> None:
        self._most = most
        self._metrics = metrics
        self._open = 0
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take one. Raises ProblemError 503 when all are taken."""
        with self._lock:
            if self._open >= self._most:
                raise ProblemError(
                    503,
                    "streams-full",
                    f"All {self._most} streams of this server are in use: try again in 5 s.",
                    headers={"Retry-After": "5"},
                )
            self._open += 1
        self._metrics.streams.inc()

    def give_back(self) -> None:
        """Give one back."""
        with self._lock:
            self._open -= 1
        self._metrics.streams.dec()


def blueprint(
    board: Board, metrics: Metrics, *, most: int = MOST_STREAMS, heartbeat_s: float = HEARTBEAT_S
) -> Blueprint:
    """The routes `/api/v1/headcount/stream` and `/api/v1/board/stream`."""
    routes = Blueprint("streams", __name__)
    places = Places(most, metrics)
    media = {"text/event-stream": str}

    def beat() -> bytes:
        """A page cannot hear comments: it gets the time, which also sets its clock right."""
        return HEARTBEAT + frame("beat", b'{"at":"%s"}' % instants.to_text(board.now_ms()).encode())

    def answer(frames: Iterator[bytes]) -> Response:
        places.take()
        response = Response(frames, content_type="text/event-stream", headers=HEADERS)
        response.call_on_close(places.give_back)
        return response

    @routes.get("/api/v1/headcount/stream")
    @needs("viewer")
    @operation(
        "The headcount, pushed: Server-Sent Events `headcount`; a comment every 15 s says that it is alive.",
        media=media,
        params=(Param(name="Last-Event-ID", where="header", about="The id of the last event you have.", kind=int),),
        refuses=(503,),
        database=False,
    )
    def headcount_stream() -> Response:
        last = _last_event_id()
        start = _seen(board, last)
        return answer(
            stream(board, board.wait_headcount, start=start, heartbeat=lambda: HEARTBEAT, heartbeat_s=heartbeat_s)
        )

    @routes.get("/api/v1/board/stream")
    @needs("viewer")
    @operation(
        "All of the board, pushed: one `snapshot`, then `headcount`, `run`, `alert`, `scanner`, `status`, `beat`.",
        media=media,
        refuses=(503,),
        database=False,
    )
    def board_stream() -> Response:
        return answer(stream(board, board.wait_frames, start=-1, heartbeat=beat, heartbeat_s=heartbeat_s))

    return routes


def stream(
    board: Board, wait: Wait, *, start: int, heartbeat: Callable[[], bytes], heartbeat_s: float
) -> Iterator[bytes]:
    """Frames until the board closes; a slow reader gets the newest of each, not all of them."""
    version = start
    yield b"retry: 2000\n\n"
    while not board.closed:
        version, frames = wait(version, heartbeat_s)
        if not board.closed:
            yield frames or heartbeat()


def _seen(board: Board, last: int | None) -> int:
    """The version that a client has which saw the event `last`; 0 when it must get the newest at once."""
    entry = board.entry("headcount")
    if entry is None or last is None or not isinstance(entry.fact, facts.Headcount):
        return 0
    return entry.version if entry.frame.startswith(b"id: %d\n" % last) else 0


def _last_event_id() -> int | None:
    """What the browser says it has; anything that is not one of our ids is as if it had nothing."""
    text = request.headers.get("Last-Event-ID", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
