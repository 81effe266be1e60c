"""The link over TLS, where a write may be cut at any byte and a read may leave bytes in the library."""

import datetime as dt
import ipaddress
import subprocess
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared import broker as brokers
from shared.mqtt import BrokerAddress, Link, Outgoing
from tests.support.brokers import free_ports, require_mosquitto


def certificate(folder: Path) -> brokers.Certificate:
    """A certificate for 127.0.0.1 that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = brokers.Certificate(folder / "cert.pem", folder / "key.pem")
    paths.chain.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    paths.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.mark.parametrize("size", [10, 20_000])
def test_over_tls_nothing_is_lost_either(tmp_path: Path, size: int) -> None:
    """A burst both ways over TLS, of small and of large messages: all arrive, in order, and are acknowledged."""
    require_mosquitto()
    port = free_ports()[0]
    files = certificate(tmp_path)
    users = {"checkin": brokers.Account("checkin", "one"), "scanner-1": brokers.Account("scanner", "two")}
    brokers.write_mosquitto(tmp_path / "broker", host="127.0.0.1", port=port, users=users, certificate=files)
    process = subprocess.Popen(brokers.mosquitto_command(tmp_path / "broker"), stderr=subprocess.DEVNULL)
    links = []
    try:
        assert brokers.wait_listening("127.0.0.1", port, 10)
        for user, topic in (("checkin", "inloop/1/+/scan/door/+"), ("scanner-1", "inloop/1/tls/verdict/scanner-1")):
            address = BrokerAddress("127.0.0.1", port, user, users[user].password, tls=True, ca=files.chain)
            link = Link(address, client_id=user, subscriptions=[(topic, 1)])
            link.start()
            links.append(link)
            assert link.wait_connected(10)
        checkin, scanner = links
        scanner.send(Outgoing("inloop/1/tls/scan/door/scanner-1", b"%6d" % n + b"." * size) for n in range(500))
        came: list[int] = []
        heard = 0
        deadline = time.monotonic() + 30
        while (len(came) < 500 or heard < 500) and time.monotonic() < deadline:
            batch = checkin.take(timeout=0.01)
            back = [Outgoing("inloop/1/tls/verdict/scanner-1", message.payload) for message in batch]
            checkin.send(back, acks=batch)
            came += [int(message.payload[:6]) for message in batch]
            verdicts = scanner.take(timeout=0.01)
            scanner.send(acks=verdicts)
            heard += len(verdicts)
        assert came == list(range(500))
        assert heard == 500
    finally:
        for link in links:
            link.stop()
        process.terminate()
        process.wait(10)


def test_a_broker_that_nobody_vouches_for_is_not_spoken_to(tmp_path: Path) -> None:
    """A certificate of an unknown authority: no connection, and no password goes out."""
    require_mosquitto()
    port = free_ports()[0]
    users = {"checkin": brokers.Account("checkin", "one")}
    files = certificate(tmp_path)
    brokers.write_mosquitto(tmp_path / "broker", host="127.0.0.1", port=port, users=users, certificate=files)
    process = subprocess.Popen(brokers.mosquitto_command(tmp_path / "broker"), stderr=subprocess.DEVNULL)
    try:
        assert brokers.wait_listening("127.0.0.1", port, 10)
        link = Link(BrokerAddress("127.0.0.1", port, "checkin", "one", tls=True), client_id="checkin")
        link.start()
        assert link.wait_connected(1) is False
        link.stop()
    finally:
        process.terminate()
        process.wait(10)
