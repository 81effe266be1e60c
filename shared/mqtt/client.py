"""paho's client with another way to read and write: many packets a system call, no Condition a message.

Stock paho reads byte by byte, one packet a `select`, and builds a `Condition` a publish. Here the socket is read
64 KB at a time and a batch is handed over as one piece of bytes; connecting, signing in, subscribing, keepalive and
TLS stay paho's. It leans on private names of paho: `test_mqtt_client.py` pins them.
"""

import random
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.exception import MalformedPacket

from shared.mqtt.wire import PUBACK, PUBLISH, Publish, Splitter, WireError, decode_puback, decode_publish

READ_SIZE = 64 * 1024
OWN_MIDS = 60_000
"""Packet ids 1…OWN_MIDS are the link's; paho numbers its SUBSCRIBE packets above them."""

_LAST_WORDS = 1.0  # seconds that a broker gets to read to the end
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0  # seconds between attempts to connect


class WireClient(Client):
    """A paho client that hands over what came in batches and takes ready-made bytes.

    `on_batch(published, acknowledged)` is called on the network thread once a read, with the PUBLISH packets and the
    (packet id, reason code) of the PUBACKs. `on_reset()` is called before each attempt to connect. While `is_full()`
    the socket is not read, so the broker keeps the rest.
    """

    def __init__(
        self,
        *,
        client_id: str,
        protocol: MQTTProtocolVersion,
        clean_session: bool | None,
        on_batch: Callable[[list[Publish], list[tuple[int, int]]], None],
        on_reset: Callable[[], None],
        is_full: Callable[[], bool],
    ) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=protocol,
            clean_session=clean_session,
            manual_ack=True,
        )
        self.v5 = protocol == MQTTProtocolVersion.MQTTv5
        self.failures = 0  # attempts since the last good connection
        self._on_batch = on_batch
        self._on_reset = on_reset
        self._is_full = is_full
        self._splitter = Splitter()
        self._closing = threading.Event()
        self.on_socket_open = _no_delay

    def write(self, packets: bytes) -> None:
        """Queue whole packets for the network thread, to go out in one piece, in order with everything else."""
        # A command that is neither a QoS 0 PUBLISH nor a DISCONNECT: paho then does nothing but write it.
        self._packet_queue(PUBACK, memoryview(packets), 0, 1)  # type: ignore[arg-type] # sliced only, never copied

    def wake(self) -> None:
        """Let the network thread look again at whether it may read."""
        wake = self._sockpairW
        if wake is not None:
            try:
                wake.send(b"\0")
            except OSError:  # full: it is awake already; closed: it has ended
                return

    def close(self, timeout: float = 5.0) -> None:
        """Disconnect in order and end the network thread; after `timeout` seconds without order."""
        thread = self._thread
        self._closing.set()
        self.disconnect()
        self._thread_terminate = True
        self.wake()
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout)
            if thread.is_alive():
                self._sock_close()
                thread.join(timeout)
        self._reset_sockets()

    # -- what paho calls ---------------------------------------------------------------------------

    def reconnect(self) -> MQTTErrorCode:
        """Connect anew; nothing of the old connection's stream is left."""
        self._splitter = Splitter()
        self._on_reset()
        return super().reconnect()

    def _sock_close(self) -> None:
        if self._closing.is_set() and self._sock is not None:
            _hear_out(self._sock)
        super()._sock_close()

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        # As paho's, but a handshake that fails leaves no open socket behind.
        assert self._ssl_context is not None  # noqa: S101 (paho calls this only after `tls_set`)
        wrapped = self._ssl_context.wrap_socket(tcp_sock, server_hostname=self._host, do_handshake_on_connect=False)
        try:
            wrapped.settimeout(self.connect_timeout)
            wrapped.do_handshake()
        except BaseException:
            wrapped.close()
            raise
        return wrapped

    def _mid_generate(self) -> int:
        with self._mid_generate_mutex:
            self._last_mid = self._last_mid + 1 if OWN_MIDS < self._last_mid < 65_535 else OWN_MIDS + 1
            return self._last_mid

    def _reconnect_wait(self) -> None:
        wait = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(self.failures, 10))
        self.failures += 1
        self._closing.wait(wait * random.uniform(0.5, 1.0))  # noqa: S311 (spreads clients, guards nothing)

    def _loop(self, timeout: float = 1.0) -> MQTTErrorCode:
        # poll, where paho selects: a web process has more than 1,024 descriptors open.
        sock, wake = self._sock, self._sockpairR
        if sock is None or wake is None:
            return MQTTErrorCode.MQTT_ERR_NO_CONN
        full = self._is_full()
        wanted = (0 if full else select.POLLIN) | (select.POLLOUT if self.want_write() else 0)
        pending = 0 if full or not hasattr(sock, "pending") else sock.pending()
        poll = select.poll()
        try:
            if wanted:  # an empty mask would still report, and spin on, a hang-up
                poll.register(sock.fileno(), wanted)
            poll.register(wake.fileno(), select.POLLIN)
            events = dict(poll.poll(0 if pending else timeout * 1000))
            if wake.fileno() in events:
                wake.recv(10_000)
        except (OSError, ValueError):  # closed under our hands
            return MQTTErrorCode.MQTT_ERR_CONN_LOST
        if full:
            self._excuse_silence()
        elif pending or events.get(sock.fileno(), 0) & ~select.POLLOUT:
            rc = self.loop_read()
            if rc or self._sock is None:
                return rc
        if self.want_write():
            rc = self.loop_write()
            if rc or self._sock is None:
                return rc
        return self.loop_misc()

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read once, and handle all packets that are complete."""
        try:
            data = self._sock_recv(READ_SIZE)
        except BlockingIOError:
            return MQTTErrorCode.MQTT_ERR_SUCCESS
        except OSError:
            data = b""
        if not data:
            return self._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)
        self._heard()
        try:
            rc = self._take_in(data)
        except (WireError, MalformedPacket):
            rc = MQTTErrorCode.MQTT_ERR_PROTOCOL
        return self._loop_rc_handle(rc) if rc else rc

    # -- inside ------------------------------------------------------------------------------------

    def _take_in(self, data: bytes) -> MQTTErrorCode:
        published: list[Publish] = []
        acknowledged: list[tuple[int, int]] = []
        rc = MQTTErrorCode.MQTT_ERR_SUCCESS
        v5, splitter = self.v5, self._splitter
        for command, body in splitter.feed(data):
            kind = command & 0xF0
            if kind == PUBLISH:
                published.append(decode_publish(command, body, v5=v5))
            elif kind == PUBACK:
                acknowledged.append(decode_puback(body))
            else:
                rc = self._leave_to_paho(command, body)
                if rc or splitter is not self._splitter:  # paho connected anew: the rest is of the old connection
                    break
        if published or acknowledged:
            self._on_batch(published, acknowledged)
        return rc

    def _leave_to_paho(self, command: int, body: bytes) -> MQTTErrorCode:
        self._in_packet = {
            "command": command,
            "have_remaining": 1,
            "remaining_count": [],
            "remaining_mult": 1,
            "remaining_length": len(body),
            "packet": bytearray(body),
            "to_process": 0,
            "pos": 0,
        }
        return self._packet_handle()

    def _heard(self) -> None:
        with self._msgtime_mutex:
            self._last_bytes_received = time.monotonic()  # the clock paho itself takes for keepalive

    def _excuse_silence(self) -> None:
        """We are the ones who do not read: an answer to a ping may lie waiting."""
        self._ping_t = 0.0
        self._heard()


def _no_delay(_client: Client, _data: object, sock: Any) -> None:
    """A verdict does not wait for a delayed TCP acknowledgement: 10 ms becomes 2 ms."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _hear_out(sock: Any) -> None:
    """Let the broker read all that was written before the socket goes: it hangs up itself after a DISCONNECT.

    Closing at once, with something unread, would be a reset, and a reset takes our last acknowledgements with it.
    """
    deadline = time.monotonic() + _LAST_WORDS
    try:
        sock.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            sock.settimeout(left)
            if not sock.recv(READ_SIZE):
                return
    except OSError:
        return  # it is gone already, or too slow
