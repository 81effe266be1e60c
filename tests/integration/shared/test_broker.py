"""Starting a broker on this machine, and whom it lets say what."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shared import broker as brokers
from shared.mqtt import BrokerAddress, Link, Outgoing
from tests.support.brokers import RunningBroker, free_ports

EVENT = "inloop/1/access"


def connect(address: BrokerAddress, client_id: str, *filters: str) -> Link:
    """A connected link with a session of its own that ends with it."""
    link = Link(address, client_id=client_id, subscriptions=[(f, 1) for f in filters], clean=True)
    link.start()
    assert link.wait_connected(10)
    return link


def test_a_started_broker_lets_a_service_in_and_stops_in_order(broker: RunningBroker) -> None:
    """A broker that `inloop up` starts can be used at once, and ends with 0 on SIGTERM."""
    link = connect(broker.address("checkin"), "checkin", "inloop/1/+/sighting/+")
    link.stop()
    assert broker.stop() == 0


@pytest.mark.parametrize(
    ("user", "topic", "reader"),
    [
        ("scanner-1", "scan/door/scanner-2", "checkin"),
        ("scanner-1", "scanner/scanner-2/state", "checkin"),
        ("scanner-1", "verdict/scanner-1", "scanner-1"),
        ("scanner-1", "headcount", "web"),
        ("transport", "sighting/checkin", "checkin"),
        ("web", "run/b1", "checkin"),
        ("sim", "run/b1", "checkin"),
    ],
)
def test_the_broker_drops_what_somebody_may_not_say(
    mosquitto: RunningBroker, user: str, topic: str, reader: str
) -> None:
    """Nobody speaks for somebody else: the reader hears the next allowed message, and never the forbidden one."""
    allowed = {"web": "headcount", "checkin": "scan/door/scanner-9", "scanner-1": "verdict/scanner-1"}[reader]
    speaker = {"web": "checkin", "checkin": "scanner-9", "scanner-1": "transport"}[reader]
    hears = connect(mosquitto.address(reader), f"hears-{user}-{reader}", f"{EVENT}/#")
    forbidden = connect(mosquitto.address(user), f"forbidden-{user}")
    allows = connect(mosquitto.address(speaker), f"allows-{user}-{speaker}")
    try:
        forbidden.send([Outgoing(f"{EVENT}/{topic}", b"forged")])
        assert_done(forbidden)
        allows.send([Outgoing(f"{EVENT}/{allowed}", b"fair")])
        assert [message.payload for message in hears.take(timeout=10)] == [b"fair"]
    finally:
        for link in (hears, forbidden, allows):
            link.stop()


def test_a_scanner_hears_its_own_verdicts_and_no_others(mosquitto: RunningBroker) -> None:
    """A scanner that subscribes to everything gets only what is for it."""
    scanner = connect(mosquitto.address("scanner-3"), "scanner-3", "inloop/1/+/#")
    checkin = connect(mosquitto.address("checkin"), "checkin-acl")
    try:
        topics = ["verdict/scanner-4", "scanner/scanner-4/config", "headcount", "person/p1"]
        own = ["verdict/scanner-3", "scanner/scanner-3/config"]
        checkin.send(Outgoing(f"{EVENT}/{topic}", b"{}") for topic in topics + own)
        heard = [message.topic for message in scanner.take(timeout=10)]
        while len(heard) < 2:
            heard += [message.topic for message in scanner.take(timeout=10)]
        assert heard == [f"{EVENT}/{topic}" for topic in own]
    finally:
        scanner.stop()
        checkin.stop()


@pytest.mark.parametrize("password", [None, "wrong"])
def test_nobody_comes_in_without_the_password(mosquitto: RunningBroker, password: str | None) -> None:
    """No anonymous clients, and no wrong passwords."""
    address = BrokerAddress("127.0.0.1", mosquitto.port, username="scanner-5" if password else None, password=password)
    link = Link(address, client_id="nobody")
    link.start()
    assert link.wait_connected(1) is False
    link.stop()


def test_a_scanner_added_while_the_broker_runs_comes_in(mosquitto: RunningBroker) -> None:
    """A new scanner needs no restart, and nobody who is connected notices."""
    steady = connect(mosquitto.address("scanner-6"), "scanner-6")
    brokers.add_scanner(mosquitto.folder, "new-one", "first")
    brokers.add_scanner(mosquitto.folder, "new-one", "second")
    link = connect(BrokerAddress("127.0.0.1", mosquitto.port, username="new-one", password="second"), "new-one")
    try:
        assert steady.connected
    finally:
        link.stop()
        steady.stop()


def test_the_password_file_is_its_owners_and_holds_no_password(mosquitto: RunningBroker) -> None:
    """Passwords are hashed, in a file that nobody else reads."""
    for name in ("passwords", "access", "mosquitto.conf"):
        assert stat.S_IMODE((mosquitto.folder / name).stat().st_mode) == 0o600
    text = (mosquitto.folder / "passwords").read_text()
    assert not any(account.password in text for account in mosquitto.users.values())


@pytest.mark.parametrize("name", ["a/b", "+", "#", "", "a b", "a\nb", "a:b", "x" * 65])
def test_a_name_that_would_break_topics_or_files_is_refused(tmp_path: Path, name: str) -> None:
    """Names become parts of topics and lines of files."""
    with pytest.raises(brokers.BrokerError, match="cannot be a name"):
        brokers.write_mosquitto(
            tmp_path, host="127.0.0.1", port=1883, users={name: brokers.Account("scanner", "secret")}
        )


def test_a_scanner_does_not_take_a_services_name(tmp_path: Path) -> None:
    """Adding a scanner never changes a service's password."""
    users = {"checkin": brokers.Account("checkin", "secret")}
    brokers.write_mosquitto(tmp_path, host="127.0.0.1", port=1883, users=users)
    before = (tmp_path / "passwords").read_text()
    with pytest.raises(brokers.BrokerError, match="name of a service"):
        brokers.add_scanner(tmp_path, "checkin", "mine")
    assert (tmp_path / "passwords").read_text() == before
    with pytest.raises(brokers.BrokerError, match="name of a service"):
        brokers.write_mosquitto(tmp_path, host="127.0.0.1", port=1883, users={"web": brokers.Account("scanner", "x")})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])  # noqa: S104 (refused)
def test_the_embedded_broker_is_refused_off_this_machine(host: str) -> None:
    """It has no access list, so it is never opened to a network; the message says what to do."""
    with pytest.raises(brokers.BrokerError, match="install mosquitto"):
        brokers.embedded_command(host=host, port=1883)
    run = [sys.executable, "-m", "shared.broker", "embedded", "--host", host, "--port", str(free_ports()[0])]
    done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert "install mosquitto" in done.stderr


def test_the_embedded_broker_says_when_its_port_is_taken(embedded: RunningBroker) -> None:
    """Two brokers on one port: the second ends with a word why."""
    run = brokers.embedded_command(port=embedded.port)
    done = subprocess.run(run, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{embedded.port}" in done.stderr


def test_a_missing_mosquitto_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the program there is a word what to install, not a FileNotFoundError."""
    monkeypatch.setattr(brokers, "find_mosquitto", lambda: None)
    with pytest.raises(brokers.BrokerError, match="apt install mosquitto"):
        brokers.mosquitto_command(tmp_path)


def test_nobody_listening_is_noticed() -> None:
    """Waiting for a broker that does not come ends."""
    assert brokers.wait_listening("127.0.0.1", free_ports()[0], 0.1) is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives rights up")
def test_started_by_root_it_gives_its_rights_up_where_it_can(tmp_path: Path) -> None:
    """As `mosquitto` where that account reaches its files, and as root where a folder on the way is closed."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    brokers.write_mosquitto(closed / "in", host="127.0.0.1", port=1883, users={})
    assert "user root\n" in (closed / "in" / "mosquitto.conf").read_text()


def assert_done(link: Link) -> None:
    """Wait until the broker acknowledged everything: it acknowledges, too, what it then drops."""
    import time

    deadline = time.monotonic() + 10
    while link.unsent():
        assert time.monotonic() < deadline
        time.sleep(0.005)
