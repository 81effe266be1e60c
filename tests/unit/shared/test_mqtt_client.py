"""What the link takes from paho's inside, pinned: a new paho that moved it fails here first."""

import inspect

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared.mqtt.client import OWN_MIDS, WireClient


def make() -> WireClient:
    """A client that connects to nothing."""
    from paho.mqtt.enums import MQTTProtocolVersion

    return WireClient(
        client_id="pinned",
        protocol=MQTTProtocolVersion.MQTTv311,
        clean_session=False,
        on_batch=lambda _published, _acknowledged: None,
        on_reset=lambda: None,
        is_full=lambda: False,
    )


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("_loop", ["self", "timeout"]),
        ("_loop_rc_handle", ["self", "rc"]),
        ("_mid_generate", ["self"]),
        ("_packet_handle", ["self"]),
        ("_packet_queue", ["self", "command", "packet", "mid", "qos", "info"]),
        ("_reconnect_wait", ["self"]),
        ("_reset_sockets", ["self", "sockpair_only"]),
        ("_sock_close", ["self"]),
        ("_ssl_wrap_socket", ["self", "tcp_sock"]),
        ("_sock_recv", ["self", "bufsize"]),
        ("loop_read", ["self", "max_packets"]),
        ("reconnect", ["self"]),
    ],
)
def test_paho_still_has_what_is_overridden_or_called(name: str, parameters: list[str]) -> None:
    """The methods, with their parameters."""
    assert list(inspect.signature(getattr(Client, name)).parameters) == parameters


def test_paho_still_keeps_what_is_looked_at() -> None:
    """The attributes, and the members of the packet that is being read."""
    stock = Client(CallbackAPIVersion.VERSION2)
    names = (
        "_sock",
        "_ssl_context",
        "_sockpairR",
        "_sockpairW",
        "_ping_t",
        "_last_mid",
        "_mid_generate_mutex",
        "_msgtime_mutex",
    )
    for name in (*names, "_last_bytes_received", "_out_packet", "_thread", "_thread_terminate"):
        assert hasattr(stock, name), name
    assert set(stock._in_packet) == {
        *("command", "have_remaining", "remaining_count", "remaining_mult"),
        *("remaining_length", "packet", "to_process", "pos"),
    }


def test_pahos_packet_ids_never_meet_the_links() -> None:
    """SUBSCRIBE is numbered above the link's own ids, also after going round."""
    client = make()
    numbers = {client._mid_generate() for _ in range(12_000)}
    assert min(numbers) == OWN_MIDS + 1
    assert max(numbers) == 65_535


def test_ready_made_packets_are_queued_as_one_piece() -> None:
    """What `write` is given goes into paho's own queue, behind what is there."""
    client = make()
    client._in_callback_mutex.acquire()  # as on the network thread: nothing is written at once
    client.write(b"\x40\x02\x00\x01\x40\x02\x00\x02")
    (packet,) = client._out_packet
    assert bytes(packet["packet"]) == b"\x40\x02\x00\x01\x40\x02\x00\x02"
    assert (packet["pos"], packet["to_process"]) == (0, 8)
