"""What came and waits to be taken, and in which order it must be acknowledged."""

import threading
from collections import deque
from collections.abc import Iterable

from shared.mqtt.messages import Message
from shared.mqtt.wire import Publish, encode_puback


class Inbox:
    """A queue between the network thread and the one that takes.

    Acknowledgements go out in order of arrival, whatever the order they are given in (MQTT 3.1.1 §4.6; iotcore drops
    a client that does otherwise): one given early waits for those before it. Not for two takers at a time.
    """

    def __init__(self, *, limit: int) -> None:
        self._limit = limit
        self._filled = threading.Condition()
        self._waiting: deque[Message] = deque()
        self._arrivals = 0
        self._open: deque[tuple[int, int]] = deque()  # (arrival, packet id) not yet acknowledged, of this connection
        self._given: set[int] = set()  # acknowledged by the taker, waiting for an earlier one

    def is_full(self) -> bool:
        """Whether so much waits that nothing more should be read."""
        return len(self._waiting) >= self._limit

    def put(self, published: Iterable[Publish], received_ms: int) -> None:
        """Add what one read brought."""
        with self._filled:
            for topic, payload, _, retain, mid in published:
                arrival = 0
                if mid:
                    arrival = self._arrivals = self._arrivals + 1
                    self._open.append((arrival, mid))
                self._waiting.append(Message(topic, payload, retain, received_ms, arrival))
            self._filled.notify()

    def take(self, limit: int, timeout: float) -> tuple[list[Message], bool]:
        """Up to `limit` messages, and whether the queue went from full to not full."""
        with self._filled:
            if not self._waiting and timeout > 0:
                self._filled.wait(timeout)
            was_full = self.is_full()
            waiting = self._waiting
            taken = [waiting.popleft() for _ in range(min(limit, len(waiting)))]
            return taken, was_full and not self.is_full()

    def acknowledge(self, messages: Iterable[Message]) -> list[bytes]:
        """The PUBACKs that may go out now; those of an earlier connection are left out."""
        with self._filled:
            queue, given = self._open, self._given
            first = queue[0][0] if queue else self._arrivals + 1
            given.update(message.arrival for message in messages if message.arrival >= first)
            packets = []
            while queue and queue[0][0] in given:
                arrival, mid = queue.popleft()
                given.discard(arrival)
                packets.append(encode_puback(mid))
            return packets

    def forget_connection(self) -> None:
        """The connection is gone: what was not acknowledged the broker sends again, under other packet ids."""
        with self._filled:
            self._open.clear()
            self._given.clear()
