"""Where a broker is."""

from pathlib import Path

import pytest

from shared.mqtt import BrokerAddress


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://localhost", BrokerAddress("localhost", 1883)),
        ("mqtt://10.0.0.5:1884/", BrokerAddress("10.0.0.5", 1884)),
        ("mqtts://b.example", BrokerAddress("b.example", 8883, tls=True)),
        ("mqtt://me:p%40ss%2Fword@b.example:1", BrokerAddress("b.example", 1, "me", "p@ss/word")),
        ("mqtt://me@b.example", BrokerAddress("b.example", 1883, "me")),
        ("mqtt://[::1]:1884", BrokerAddress("::1", 1884)),
        ("mqtt://[::1]", BrokerAddress("::1", 1883)),
    ],
)
def test_an_address_is_read(url: str, address: BrokerAddress) -> None:
    """Scheme, user, password, host and port, each where it belongs."""
    assert BrokerAddress.parse(url) == address


def test_the_authority_is_kept() -> None:
    """The file with the authority's certificate goes along."""
    assert BrokerAddress.parse("mqtts://b", ca=Path("ca.pem")).ca == Path("ca.pem")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("localhost:1883", "starts with mqtt://"),
        ("http://localhost", "starts with mqtt://"),
        ("mqtt://", "names a host"),
        ("mqtt://b:port", "from 1 to 65535"),
        ("mqtt://b:0", "from 1 to 65535"),
        ("mqtt://me:secret@b:99999", "from 1 to 65535"),
        ("mqtt://me:secret@b:1883/topic", "ends after the port"),
        ("mqtt://:secret@b", "names a user"),
        ("mqtt://me:sec/ret@b", "."),
    ],
)
def test_a_wrong_address_is_explained_without_its_password(url: str, message: str) -> None:
    """The message says what is right, and never shows the secret."""
    with pytest.raises(ValueError, match=message) as raised:
        BrokerAddress.parse(url)
    assert "secret" not in str(raised.value)


def test_an_address_does_not_show_its_password() -> None:
    """It may end up in a log line."""
    assert "secret" not in repr(BrokerAddress.parse("mqtt://me:secret@b"))
