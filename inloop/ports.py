"""Ports of this machine: whether one is free, and what others should call this machine."""

import errno
import ipaddress
import socket

from inloop.errors import MISUSED, Stop


def is_free(host: str, port: int) -> bool:
    """Whether somebody may listen on `host:port` now.

    Raises Stop when `host` is no address of this machine, or the port needs rights that we lack.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Stop(f"--host {host}: {error.strerror}: use an address of this machine", code=MISUSED) from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind(address)
        except PermissionError as error:
            raise Stop(f"port {port} is for root only: use one above 1023", code=MISUSED) from error
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise Stop(f"--host {host}: {error.strerror}: use an address of this machine", code=MISUSED) from error
    return True


def need_free(host: str, port: int, *, option: str) -> None:
    """Raise Stop when the port is taken."""
    if not is_free(host, port):
        raise Stop(f"port {port} is taken: use {option} (for example {option} {port + 1})")


def first_free(host: str, port: int) -> int:
    """`port`, or the next one that is free. Raises Stop when the next hundred are taken too."""
    for candidate in range(port, min(port + 100, 65536)):
        if is_free(host, candidate):
            return candidate
    raise Stop(f"ports {port} and up are all taken: use --mqtt-port")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def known_as(host: str) -> str:
    """What a device calls us when we listen on `host`: for `0.0.0.0` and `::` the address of this machine's network."""
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 # compared with, not bound to
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a datagram socket sends nothing by this; it picks the outgoing address
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def in_url(host: str) -> str:
    """`host` as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
