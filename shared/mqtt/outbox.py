"""What is sent at QoS 1 and not yet acknowledged."""

from collections import deque
from collections.abc import Iterable

from shared.mqtt.client import OWN_MIDS
from shared.mqtt.messages import MAX_PACKET, Outgoing
from shared.mqtt.wire import encode_publish

WINDOW = 900
"""At most so many without acknowledgement at a time: below Mosquitto's `max_inflight_messages 1000`."""

MAX_TOPIC = 16_383
"""Characters, each up to four bytes: MQTT gives a topic's length two bytes (3.1.1 §1.5.3)."""


class Outbox:
    """Keeps every QoS 1 message until its PUBACK, and numbers them. Not safe for threads by itself."""

    def __init__(self, *, v5: bool) -> None:
        self._v5 = v5
        self._window = WINDOW
        self._tickets = 0
        self._last_mid = 0
        self._held: deque[tuple[int, Outgoing]] = deque()  # waits for room in the window
        self._flying: dict[int, tuple[int, Outgoing]] = {}  # by packet id, in the order of first sending
        self._done: set[int] = set()

    def __len__(self) -> int:
        return len(self._held) + len(self._flying)

    def add(self, outgoing: Iterable[Outgoing], *, ready: bool) -> tuple[list[int], list[bytes]]:
        """Tickets of the QoS 1 messages, and the packets to write now.

        While not `ready` QoS 0 is dropped. Raises ValueError, before anything is kept, for a message no broker takes.
        """
        messages = list(outgoing)
        for message in messages:
            _check(message)
        tickets: list[int] = []
        packets: list[bytes] = []
        for message in messages:
            if message.qos:
                self._tickets += 1
                tickets.append(self._tickets)
                self._held.append((self._tickets, message))
                if ready:
                    packets += self.fill()
            elif ready:
                packets.append(self._packet(message, mid=0, dup=False))
        return tickets, packets

    def fill(self) -> list[bytes]:
        """Packets for what the window has room for."""
        packets = []
        while self._held and len(self._flying) < self._window:
            ticket, message = self._held.popleft()
            mid = self._free_mid()
            self._flying[mid] = (ticket, message)
            packets.append(self._packet(message, mid=mid, dup=False))
        return packets

    def resend(self, *, window: int | None) -> list[bytes]:
        """Packets for a new connection: all that flew, with DUP and their old ids (MQTT 3.1.1 §4.4), then more.

        `window` is the broker's receive maximum, None where it named none.
        """
        self._window = min(WINDOW, window or WINDOW)
        if len(self._flying) > self._window:  # a smaller window than last time: the later ones wait again
            back = list(self._flying.items())[self._window :]
            for mid, (ticket, message) in reversed(back):
                del self._flying[mid]
                self._held.appendleft((ticket, message))
        again = [self._packet(message, mid=mid, dup=True) for mid, (_, message) in self._flying.items()]
        return again + self.fill()

    def settle(self, mid: int) -> Outgoing | None:
        """A PUBACK came; None when it answers nothing that is open."""
        ticket, message = self._flying.pop(mid, (0, None))
        if message is not None:
            self._done.add(ticket)
        return message

    def acknowledged(self) -> set[int]:
        """The tickets done since the last call."""
        done, self._done = self._done, set()
        return done

    def _free_mid(self) -> int:
        while True:
            self._last_mid = self._last_mid % OWN_MIDS + 1
            if self._last_mid not in self._flying:
                return self._last_mid

    def _packet(self, message: Outgoing, *, mid: int, dup: bool) -> bytes:
        return encode_publish(message.topic, message.payload, mid=mid, retain=message.retain, dup=dup, v5=self._v5)


def _check(message: Outgoing) -> None:
    """A broker hangs up on any of these, and would again at every resend."""
    topic = message.topic
    if not topic or "+" in topic or "#" in topic or "\0" in topic:
        raise ValueError(f"a message is published on a topic without wildcards, not on {topic!r}")
    if len(topic) > MAX_TOPIC:
        raise ValueError(f"a message is published on a topic of at most {MAX_TOPIC} characters, not {len(topic)}")
    if message.qos not in (0, 1):
        raise ValueError(f"a message is published at QoS 0 or 1, not {message.qos}")
    if len(message.payload) + 4 * len(topic) + 16 > MAX_PACKET:
        raise ValueError(f"a message of {len(message.payload)} bytes is more than a broker takes ({MAX_PACKET})")
