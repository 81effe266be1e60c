"""The link: what services, scanners and pages use of MQTT."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import structlog
from paho.mqtt.client import ConnectFlags, DisconnectFlags
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from shared.mqtt.address import BrokerAddress
from shared.mqtt.client import WireClient
from shared.mqtt.inbox import Inbox
from shared.mqtt.messages import Message, Outgoing
from shared.mqtt.outbox import Outbox
from shared.mqtt.wire import Publish

MOST_WAITING = 50_000
"""Messages; when so many wait to be taken the socket is not read until some are."""

SESSION_SECONDS = 7 * 24 * 3600
"""How long a broker keeps an MQTT 5 session without its client: longer than an event."""

_log = structlog.get_logger(__name__)


def _real_now_ms() -> int:
    return time.time_ns() // 1_000_000


class Link:
    """One MQTT connection that never loses what was not acknowledged.

    The session is persistent (fixed `client_id`), so the broker keeps messages while the link is away. A message
    counts as received only when `send(acks=…)` gives it back; else the broker sends it again on the next connection.
    `on_connect(session_present)` is called on the network thread each time the link is connected and subscribed; it
    may call `send`, and must not wait. One thread takes; any thread sends. After `stop` a link is not started again.
    """

    def __init__(
        self,
        address: BrokerAddress,
        *,
        client_id: str,
        subscriptions: Sequence[tuple[str, int]] = (),
        will: Outgoing | None = None,
        clean: bool = False,
        keepalive: int = 30,
        protocol: Literal["3.1.1", "5"] = "3.1.1",
        now_ms: Callable[[], int] = _real_now_ms,
        on_connect: Callable[[bool], None] | None = None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._address = address
        self._client_id = client_id
        self._subscriptions = tuple(subscriptions)
        self._will = will
        self._clean = clean
        self._keepalive = keepalive
        self._v5 = protocol == "5"
        self._now_ms = now_ms
        self._on_connect = on_connect
        self._client: WireClient | None = None
        self._inbox = Inbox(limit=most_waiting)
        self._outbox = Outbox(v5=self._v5)
        self._lock = threading.RLock()  # the outbox, `_ready`, and the order of what is written
        self._ready = False  # CONNACK came: packets may be written
        self._subscribed = threading.Event()
        self._session_present = False

    @property
    def connected(self) -> bool:
        """Whether the link is connected and subscribed now."""
        return self._subscribed.is_set()

    def wait_connected(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds until connected and subscribed."""
        return self._subscribed.wait(timeout)

    def start(self) -> None:
        """Start the network thread; it connects, and connects again, for as long as the link lives."""
        if self._client is not None:
            raise RuntimeError("a link is started once; make a new one")
        client = self._build()
        self._client = client
        client.loop_start()

    def stop(self) -> None:
        """Write what is queued, disconnect in order (no will is published) and end the network thread."""
        if self._client is not None:
            self._client.close()
            self._lost()

    def take(self, limit: int = 1000, timeout: float = 0.1) -> list[Message]:
        """Up to `limit` messages in order of arrival; waits up to `timeout` seconds for the first."""
        taken, resume = self._inbox.take(limit, timeout)
        if resume and self._client is not None:
            self._client.wake()
        return taken

    def send(self, outgoing: Iterable[Outgoing] = (), *, acks: Iterable[Message] = ()) -> list[int]:
        """Write `outgoing`, then acknowledge `acks`, in one piece; a ticket for each QoS 1 message, in order.

        QoS 0 is dropped while not connected. QoS 1 is kept, and sent again on each new connection, until
        acknowledged. Acks of an earlier connection are left out: the broker sends those messages again. Raises
        ValueError, with nothing sent, for a message that no broker takes.
        """
        with self._lock:
            tickets, packets = self._outbox.add(outgoing, ready=self._ready)
            packets += self._inbox.acknowledge(acks)
            self._write(packets)
        return tickets

    def acknowledged(self) -> set[int]:
        """Tickets whose PUBACK came since the last call."""
        with self._lock:
            return self._outbox.acknowledged()

    def unsent(self) -> int:
        """How many QoS 1 messages are not acknowledged yet."""
        with self._lock:
            return len(self._outbox)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> WireClient:
        address = self._address
        client = WireClient(
            client_id=self._client_id,
            protocol=MQTTProtocolVersion.MQTTv5 if self._v5 else MQTTProtocolVersion.MQTTv311,
            clean_session=None if self._v5 else self._clean,
            on_batch=self._came,
            on_reset=self._lost,
            is_full=self._inbox.is_full,
        )
        if address.username is not None:
            client.username_pw_set(address.username, address.password)
        if address.tls:
            client.tls_set(ca_certs=None if address.ca is None else str(address.ca))
        if self._will is not None:
            client.will_set(self._will.topic, self._will.payload, self._will.qos, self._will.retain)
        client.on_connect = self._connected
        client.on_connect_fail = self._unreachable
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._granted
        options: dict[str, Any] = {"keepalive": self._keepalive}
        if self._v5:
            options |= {"clean_start": self._clean, "properties": self._session_properties()}
        client.connect_async(address.host, address.port, **options)
        return client

    def _session_properties(self) -> Properties:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 0 if self._clean else SESSION_SECONDS
        return properties

    # -- on the network thread -----------------------------------------------------------------------

    def _lost(self) -> None:
        with self._lock:
            self._ready = False
            self._subscribed.clear()
            self._inbox.forget_connection()

    def _connected(
        self, client: Any, _data: object, flags: ConnectFlags, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            _log.error("mqtt.refused", client=self._client_id, reason=str(reason))
            return
        self._session_present = bool(flags.session_present)
        with self._lock:
            self._ready = True
            self._write(self._outbox.resend(window=getattr(properties, "ReceiveMaximum", None)))
        if self._subscriptions:
            client.subscribe(list(self._subscriptions))
        else:
            self._settled()

    def _unreachable(self, client: Any, _data: object) -> None:
        if client.failures == 0:  # once, not at each of the attempts that follow
            _log.warning("mqtt.unreachable", client=self._client_id, host=self._address.host, port=self._address.port)

    def _granted(self, _client: Any, _data: object, _mid: int, reasons: list[ReasonCode], _properties: object) -> None:
        refused = [topic for (topic, _), reason in zip(self._subscriptions, reasons, strict=False) if reason.is_failure]
        if refused:
            _log.error("mqtt.subscription_refused", client=self._client_id, filters=refused)
            return
        self._settled()

    def _settled(self) -> None:
        assert self._client is not None  # noqa: S101 (this runs on the client's thread)
        self._client.failures = 0
        self._subscribed.set()
        _log.info("mqtt.connected", client=self._client_id, session_present=self._session_present)
        if self._on_connect is None:
            return
        try:
            self._on_connect(self._session_present)
        except Exception:
            # It would end the network thread, and with it the link, without a word.
            _log.exception("mqtt.on_connect_failed", client=self._client_id)

    def _disconnected(
        self, _client: Any, _data: object, _flags: DisconnectFlags, reason: ReasonCode, _properties: object
    ) -> None:
        self._lost()
        _log.info("mqtt.disconnected", client=self._client_id, reason=str(reason))

    def _came(self, published: list[Publish], acknowledged: list[tuple[int, int]]) -> None:
        if published:
            self._inbox.put(published, self._now_ms())
        if not acknowledged:
            return
        with self._lock:
            for mid, reason in acknowledged:
                message = self._outbox.settle(mid)
                if message is not None and reason >= 0x80:
                    _log.error("mqtt.publish_refused", client=self._client_id, topic=message.topic, reason=reason)
            self._write(self._outbox.fill() if self._ready else [])

    def _write(self, packets: list[bytes]) -> None:
        if packets and self._ready and self._client is not None:
            self._client.write(b"".join(packets))
