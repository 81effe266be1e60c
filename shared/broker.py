"""A broker on this machine: Mosquitto with its configuration, passwords and access list, or the embedded one.

`python -m shared.broker embedded --port 1883` runs the embedded broker until SIGTERM. What each of the two can and
cannot do stands in docs/adr/0006-which-broker.md; who may say and hear what is CONTRACT section 4.
"""

import argparse
import base64
import hashlib
import ipaddress
import logging
import os
import pwd
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shared import scanner_ids
from shared.mqtt.messages import MAX_PACKET

Role = Literal["checkin", "transport", "web", "sim", "scanner"]

RIGHTS: dict[Role, tuple[tuple[str, str], ...]] = {
    "checkin": (
        *(("read", topic) for topic in ("scan/door/+", "sighting/+", "run/+", "passengers/+", "scanner/+/state")),
        ("read", "sync/checkin"),
        *(("write", topic) for topic in ("verdict/+", "scanner/+/config", "sighting/checkin", "person/+", "headcount")),
        *(("write", topic) for topic in ("alert/+", "sync/+")),
    ),
    "transport": (
        *(("read", topic) for topic in ("scan/coach/+", "sighting/+", "person/+", "scanner/+/state", "sync/transport")),
        *(("write", topic) for topic in ("verdict/+", "sighting/transport", "run/+", "passengers/+")),
        *(("write", topic) for topic in ("alert/+", "sync/+")),
    ),
    "web": tuple(("read", topic) for topic in ("headcount", "run/+", "alert/+", "scanner/+/state", "passengers/+")),
    "sim": tuple(("read", topic) for topic in ("run/+", "passengers/+")),
    "scanner": (
        *(("write", topic) for topic in ("scan/door/%u", "scan/coach/%u", "scanner/%u/state")),
        *(("read", topic) for topic in ("verdict/%u", "scanner/%u/config")),
    ),
}
"""What each role may say (write) and hear (read), below `inloop/1/{event}/`; `%u` is the user's own name."""
BESIDE: dict[Role, str] = {"transport": "topic read owntracks/+/+\n", "scanner": "pattern write owntracks/%u/+\n"}
"""Lines of the access list for what is not below our root: the trackers of coaches."""

_ITERATIONS = 1_000  # the passwords are long and random: this guards the file, and a connect costs a millisecond
_INFLIGHT = 100  # messages the embedded broker sends ahead of their acknowledgement; it does no more


@dataclass(frozen=True)
class Account:
    """Somebody who may connect."""

    role: Role
    password: str = field(repr=False)


@dataclass(frozen=True)
class Certificate:
    """PEM files for a listener with TLS."""

    chain: Path
    key: Path = field(repr=False)


class BrokerError(Exception):
    """The broker cannot be run like this; the message says what to do."""


# -- Mosquitto ---------------------------------------------------------------------------------------


def find_mosquitto() -> Path | None:
    """The mosquitto program, or None; Debian puts it where only root's PATH looks."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")
    return None if found is None else Path(found)


def write_mosquitto(
    folder: Path, *, host: str, port: int, users: Mapping[str, Account], certificate: Certificate | None = None
) -> Path:
    """Write configuration, passwords (hashed) and access list to `folder`, and give the configuration's path.

    Raises BrokerError for a name that would not be safe in a topic or the files.
    """
    for name, user in users.items():
        _check_name(name)
        if user.role == "scanner":
            _check_scanner(name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    account = _account(folder)
    _write(folder / "passwords", "".join(_password_line(n, u.password) for n, u in users.items()), account)
    _write(folder / "access", _access(users), account)
    path = folder / "mosquitto.conf"
    _write(path, _configuration(folder, host=host, port=port, certificate=certificate, account=account), account)
    if account is not None:
        shutil.chown(folder, account)
    return path


def mosquitto_command(folder: Path, program: Path | None = None) -> list[str]:
    """What to run for the broker that `write_mosquitto` wrote. Raises BrokerError where Mosquitto is missing."""
    program = program or find_mosquitto()
    if program is None:
        raise BrokerError("mosquitto is not installed: install it (apt install mosquitto), or use the embedded broker")
    return [str(program), "-c", str(folder / "mosquitto.conf")]


def add_scanner(folder: Path, scanner: str, password: str) -> None:
    """Let a scanner in, or give it another password; a running Mosquitto notices at once.

    Raises BrokerError for a name that is no scanner's, or one that a service has.
    """
    _check_name(scanner)
    _check_scanner(scanner)
    if f"user {scanner}\n" in (folder / "access").read_text():
        raise BrokerError(f"{scanner} is the name of a service: give the scanner another id")
    path = folder / "passwords"
    kept = [line for line in path.read_text().splitlines(keepends=True) if line.partition(":")[0] != scanner]
    _write(path, "".join(kept) + _password_line(scanner, password), _account(folder))
    _reload(folder)


def _reload(folder: Path) -> None:
    try:
        pid = int((folder / "mosquitto.pid").read_text())
        if b"mosquitto" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGHUP)
    except (OSError, ValueError):
        return  # not running: it reads the file when it starts


def _configuration(folder: Path, *, host: str, port: int, certificate: Certificate | None, account: str | None) -> str:
    lines = [
        f"listener {port} {host}",
        *([] if certificate is None else [f"certfile {certificate.chain}", f"keyfile {certificate.key}"]),
        *([] if account is None else [f"user {account}"]),
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'access'}",
        f"pid_file {folder / 'mosquitto.pid'}",
        "persistence true",
        f"persistence_location {folder}/",
        # Seconds. Saved at every change Mosquitto takes 300 messages a second, so like this more than 20,000; what a
        # crash loses of the last seconds the scanners send again and the services ask each other for.
        "autosave_on_changes false",
        "autosave_interval 5",
        "persistent_client_expiration 14d",
        "max_inflight_messages 1000",
        "max_queued_messages 0",
        f"max_packet_size {MAX_PACKET}",
        "set_tcp_nodelay true",
        "log_dest stderr",
        *(f"log_type {kind}" for kind in ("error", "warning", "notice")),
        "connection_messages false",
    ]
    return "\n".join(lines) + "\n"


def _access(users: Mapping[str, Account]) -> str:
    blocks = [_rights("pattern", "scanner")]
    blocks += [f"user {name}\n" + _rights("topic", user.role) for name, user in users.items() if user.role != "scanner"]
    return "\n".join(blocks)


def _rights(word: str, role: Role) -> str:
    own = "".join(f"{word} {right} inloop/1/+/{topic}\n" for right, topic in RIGHTS[role])
    return own + BESIDE.get(role, "")


def _password_line(name: str, password: str) -> str:
    """Mosquitto's own format: `$7$` PBKDF2-HMAC-SHA512, iterations, salt, digest (mosquitto_passwd(1))."""
    salt = secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return f"{name}:$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"


def _account(folder: Path) -> str | None:
    """Whom Mosquitto runs as: None where we are not root, for then it stays who we are.

    Started by root it gives its rights up; it must still reach and own its files, so where a folder on the way
    is closed to others there is only root.
    """
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("mosquitto")
    except KeyError:
        return "root"
    reachable = all(parent.stat().st_mode & 0o001 for parent in folder.resolve().parents)
    return "mosquitto" if reachable else "root"


def _write(path: Path, text: str, account: str | None) -> None:
    """Replace a file in one step; only its owner ever reads it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    with os.fdopen(handle, "w") as file:
        file.write(text)
    if account is not None:
        shutil.chown(name, account)
    Path(name).replace(path)


def _check_name(name: str) -> None:
    if not scanner_ids.NAME.fullmatch(name):
        raise BrokerError(f"{name!r} cannot be a name at the broker: letters, digits, . _ - and at most 64 of them")


def _check_scanner(name: str) -> None:
    try:
        scanner_ids.check(name)
    except scanner_ids.ScannerIdError as error:
        raise BrokerError(str(error)) from error


# -- the embedded broker -------------------------------------------------------------------------------


def embedded_command(*, host: str = "127.0.0.1", port: int, port_v5: int | None = None) -> list[str]:
    """What to run for the embedded broker; `port` speaks 3.1.1, `port_v5` MQTT 5. Raises BrokerError."""
    _check_loopback(host)
    extra = [] if port_v5 is None else ["--port-v5", str(port_v5)]
    return [sys.executable, "-m", "shared.broker", "embedded", "--host", host, "--port", str(port), *extra]


def run_embedded(*, host: str, port: int, port_v5: int | None) -> None:
    """Run the embedded broker in this process until SIGTERM or SIGINT. Raises BrokerError."""
    _check_loopback(host)
    from iotcore import IotCoreBroker  # heavy, and only this process needs it

    # rumqttd logs every packet, as an error; what matters comes as an exception.
    logging.basicConfig(level=logging.WARNING)
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "broker.toml"
        path.write_text(_embedded_configuration(host, port, port_v5))
        broker = IotCoreBroker(config_path=str(path))
    try:
        broker.check_ports()
    except OSError as error:
        raise BrokerError(f"the embedded broker cannot listen on {host}:{port}: {error}") from error
    threading.Thread(target=broker.run_forever, daemon=True).start()
    stop.wait()
    sys.stdout.flush()
    os._exit(0)  # it has no other way to stop, and holds nothing on disk


def _check_loopback(host: str) -> None:
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback:
        raise BrokerError(
            f"the embedded broker has no passwords and no access list, so it is not opened on {host}: "
            "install mosquitto, or keep to 127.0.0.1"
        )


def _embedded_configuration(host: str, port: int, port_v5: int | None) -> str:
    """rumqttd's TOML; its log keeps at most segments × size bytes a filter, the oldest go first."""
    host = {"localhost": "127.0.0.1", "::1": "[::1]"}.get(host, host)
    servers = [("v4", port)] + ([] if port_v5 is None else [("v5", port_v5)])
    router = "id = 0\n[router]\nid = 0\nmax_connections = 2000\nmax_outgoing_packet_count = 200\n"
    router += "max_segment_size = 16777216\nmax_segment_count = 8\n"
    return router + "".join(
        f'[{kind}.1]\nname = "{kind}"\nlisten = "{host}:{number}"\nnext_connection_delay_ms = 1\n'
        f"[{kind}.1.connections]\nconnection_timeout_ms = 60000\nmax_payload_size = {MAX_PACKET}\n"
        f"max_inflight_count = {_INFLIGHT}\ndynamic_filters = true\n"
        for kind, number in servers
    )


# -- both --------------------------------------------------------------------------------------------


def wait_listening(host: str, port: int, timeout: float) -> bool:
    """Whether something accepts connections on `host:port` within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            with socket.create_connection((host, port), timeout=1):
                return True
        except OSError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: `embedded` and nothing else yet."""
    parser = argparse.ArgumentParser(prog="python -m shared.broker", description="A broker on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    embedded = commands.add_parser("embedded", help="run the embedded broker until SIGTERM")
    embedded.add_argument("--host", default="127.0.0.1", help="a loopback address (default 127.0.0.1)")
    embedded.add_argument("--port", type=int, default=1883, help="for MQTT 3.1.1 (default 1883)")
    embedded.add_argument("--port-v5", type=int, default=None, help="for MQTT 5 (default: none)")
    given = parser.parse_args(arguments)
    try:
        run_embedded(host=given.host, port=given.port, port_v5=given.port_v5)
    except BrokerError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
