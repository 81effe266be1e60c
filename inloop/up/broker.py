"""Which broker `up` uses, and who may connect to it (docs/adr/0006-which-broker.md)."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from inloop import ports
from inloop.errors import MISUSED, Stop
from inloop.home import BrokerKind, Home
from shared import broker as brokers
from shared.broker import Account
from shared.mqtt.address import BrokerAddress
from shared.scanner_ids import SERVICES, trouble_with
from shared.secrets_store import Secrets

MQTT_PORT = 1883


@dataclass(frozen=True, kw_only=True)
class Broker:
    """The broker to use: `host` is what it listens on, `near` what this machine calls it.

    `url` is what the services connect to; one from the command line may hold a user and password.
    """

    kind: BrokerKind
    host: str
    near: str
    port: int
    url: str


def choose(wish: str, *, host: str, port: int | None) -> Broker:
    """The broker that `--broker` asks for; `auto` takes Mosquitto where it is installed.

    Without a port it is 1883 or the next one that is free. Raises Stop with the reason why it cannot be.
    """
    if "://" in wish:
        return _external(wish)
    if wish not in {"auto", "mosquitto", "embedded"}:
        known = "auto, mosquitto, embedded, or an address such as mqtt://host:1883"
        raise Stop(f"--broker {wish}: use {known}", code=MISUSED)
    installed = brokers.find_mosquitto() is not None
    if wish == "mosquitto" and not installed:
        raise Stop("mosquitto is not installed: apt install mosquitto, or use --broker embedded")
    kind: BrokerKind = "mosquitto" if installed and wish != "embedded" else "embedded"
    if kind == "embedded" and not ports.is_loopback(host):
        raise Stop(
            f"the embedded broker has no passwords, so it is not opened on {host}: "
            "apt install mosquitto, use --broker with the address of yours, or leave --host out"
        )
    if port is None:
        port = ports.first_free(host, MQTT_PORT)
    else:
        ports.need_free(host, port, option="--mqtt-port")
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 # how we reach it, not what is bound
    return Broker(kind=kind, host=host, near=near, port=port, url=f"mqtt://{ports.in_url(near)}:{port}")


def _external(url: str) -> Broker:
    try:
        address = BrokerAddress.parse(url)
    except ValueError as error:
        raise Stop(f"--broker: {error}", code=MISUSED) from error
    return Broker(kind="external", host=address.host, near=address.host, port=address.port, url=url)


def end_leftover(home: Home) -> None:
    """End a Mosquitto of this folder that outlived its `up`; only for who has the folder's lock.

    Started by root it changes to its own user, and the kernel then forgets to end it with its parent.
    """
    try:
        pid = int((home.mosquitto / "mosquitto.pid").read_text())
        ours = str(home.mosquitto.resolve() / "mosquitto.conf").encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return
    if not ours:
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def prepare(home: Home, broker: Broker, scanners: Iterable[str]) -> list[str] | None:
    """Write what the broker needs, and give what to run in the data folder; None for one that runs elsewhere."""
    if broker.kind == "external":
        return None
    if broker.kind == "embedded":
        return brokers.embedded_command(host=broker.host, port=broker.port)
    users = accounts(home.secrets, scanners)
    brokers.write_mosquitto(home.mosquitto.resolve(), host=broker.host, port=broker.port, users=users)
    return brokers.mosquitto_command(home.mosquitto.resolve())


def accounts(secrets: Secrets, scanners: Iterable[str]) -> dict[str, Account]:
    """Everybody who may connect, by name; passwords are made where there are none yet.

    A scanner that an older database has under an id that is refused today gets no account.
    """
    users = {name: Account(name, secrets.mqtt_password(name)) for name in SERVICES}
    named = [name for name in scanners if not trouble_with(name)]
    return users | {name: Account("scanner", secrets.mqtt_password(name)) for name in named}
