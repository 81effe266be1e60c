"""Where a broker is, and as whom to sign in."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True)
class BrokerAddress:
    """A broker's address; its `repr` never shows the password.

    `ca` is a PEM file with the authority that signed the broker's certificate; None takes the system's.
    """

    host: str
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca: Path | None = None

    @classmethod
    def parse(cls, url: str, *, ca: Path | None = None) -> "BrokerAddress":
        """Read `mqtt://user:password@host:port` or `mqtts://…`; user and password are percent-decoded.

        Raises ValueError, with a message that never repeats the password.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS:
            raise ValueError(
                "a broker's address starts with mqtt:// or mqtts://, such as mqtt://user:password@host:1883"
            )
        if not parts.hostname:
            raise ValueError("a broker's address names a host, such as mqtt://user:password@host:1883")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("a broker's address ends after the port (write / ? # in a password as %2F %3F %23)")
        if parts.password and not parts.username:
            raise ValueError("a broker's address with a password also names a user")
        return cls(
            host=parts.hostname,
            port=_port(parts.netloc, parts.scheme),
            username=None if not parts.username else unquote(parts.username),
            password=None if parts.password is None else unquote(parts.password),
            tls=parts.scheme == "mqtts",
            ca=ca,
        )


def _port(netloc: str, scheme: str) -> int:
    """The port after the host; urlsplit's own error could repeat a mistyped password."""
    _, colon, text = netloc.rpartition("@")[2].rpartition("]")[2].rpartition(":")
    if not colon:
        return _PORTS[scheme]
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ValueError("a broker's port is a number from 1 to 65535")
    return int(text)
