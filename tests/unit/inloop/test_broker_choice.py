"""Which broker `up` takes."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from inloop.errors import MISUSED, Stop
from inloop.home import Home
from inloop.up import broker
from shared import broker as brokers
from shared.secrets_store import Secrets


@pytest.fixture
def without_mosquitto(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Mosquitto."""
    monkeypatch.setattr(brokers, "find_mosquitto", lambda: None)


@pytest.fixture
def with_mosquitto(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with Mosquitto."""
    monkeypatch.setattr(brokers, "find_mosquitto", lambda: Path("/usr/sbin/mosquitto"))


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.usefixtures("with_mosquitto")
def test_auto_takes_mosquitto_where_it_is() -> None:
    """With Mosquitto installed it is the one, also for the whole network."""
    chosen = broker.choose("auto", host="0.0.0.0", port=None)  # noqa: S104 # that is what is tested
    assert chosen.kind == "mosquitto"
    assert chosen.url == f"mqtt://127.0.0.1:{chosen.port}"


@pytest.mark.usefixtures("without_mosquitto")
def test_auto_takes_the_embedded_one_elsewhere() -> None:
    """Without Mosquitto there is still a broker, on loopback."""
    assert broker.choose("auto", host="127.0.0.1", port=None).kind == "embedded"


@pytest.mark.usefixtures("without_mosquitto")
@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7"])  # noqa: S104 # that is what is refused
def test_the_embedded_one_is_not_opened_to_a_network(host: str) -> None:
    """It has no passwords: the refusal says so, and what to do."""
    with pytest.raises(Stop, match=r"no passwords.*apt install mosquitto"):
        broker.choose("auto", host=host, port=None)


@pytest.mark.usefixtures("without_mosquitto")
def test_mosquitto_that_is_not_there_is_said() -> None:
    """Asked for by name it is not silently replaced."""
    with pytest.raises(Stop, match="not installed"):
        broker.choose("mosquitto", host="127.0.0.1", port=None)


def test_an_address_is_used_as_it_is() -> None:
    """Somebody else's broker: its address goes to the services, and nothing of ours is started."""
    chosen = broker.choose("mqtt://me:secret@broker.example:1884", host="127.0.0.1", port=None)
    assert (chosen.kind, chosen.host, chosen.port) == ("external", "broker.example", 1884)
    assert broker.prepare(Home(Path("nowhere")), chosen, []) is None


@pytest.mark.parametrize("wish", ["rabbit", "http://broker:1883", "mqtt://", "mqtt://me:secret@host:99999"])
def test_a_broker_that_cannot_be_is_refused_without_its_password(wish: str) -> None:
    """The refusal says what would be right, exits with 2, and never repeats a password."""
    with pytest.raises(Stop, match="--broker") as caught:
        broker.choose(wish, host="127.0.0.1", port=None)
    assert caught.value.code == MISUSED
    assert "secret" not in str(caught.value)


def test_a_port_that_was_asked_for_must_be_free(taken_port: int) -> None:
    """A taken port is not replaced behind somebody's back."""
    with pytest.raises(Stop, match=f"port {taken_port} is taken: use --mqtt-port"):
        broker.choose("embedded", host="127.0.0.1", port=taken_port)


def test_without_a_wish_the_next_free_port_is_taken(taken_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system's own Mosquitto on the usual port does not stop us."""
    monkeypatch.setattr(broker, "MQTT_PORT", taken_port)
    assert broker.choose("embedded", host="127.0.0.1", port=None).port > taken_port


def test_everybody_has_an_own_password(tmp_path: Path) -> None:
    """Services and scanners each have theirs, and it stays the same."""
    secrets = Secrets(tmp_path)
    users = broker.accounts(secrets, ["kerk-1", "kerk-2"])
    assert users["kerk-1"].role == "scanner"
    assert users["checkin"].role == "checkin"
    assert len({user.password for user in users.values()}) == len(users)
    assert broker.accounts(secrets, ["kerk-1", "kerk-2"]) == users


def test_a_scanner_with_an_id_that_is_refused_today_stops_no_start(tmp_path: Path) -> None:
    """A database from before the rule may hold one: it gets no account, and no service's rights."""
    users = broker.accounts(Secrets(tmp_path), ["bad id/+#", "web", "kerk-1"])
    assert sorted(users) == ["checkin", "kerk-1", "sim", "transport", "web"]
    assert users["web"].role == "web"
