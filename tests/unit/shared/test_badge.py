"""Badge codes, seals and the secrets they need."""

import stat
from pathlib import Path

import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st

from shared import badge, seal
from shared.facts import Personal
from shared.secrets_store import Secrets

KEY = b"k" * 32


def test_a_code_fits_a_version_2_symbol() -> None:
    """Prefix, id and MAC are QR alphanumeric and fit 25×25 modules at error correction M (CONTRACT section 5)."""
    made = badge.code(badge.new_badge_id(), event="e1", key=KEY)
    assert len(made) == 31
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M)
    symbol.add_data(made)
    symbol.make()
    assert symbol.version == 2


def test_only_this_events_key_makes_a_genuine_code() -> None:
    """Another event, another key and a changed character are forged; another form is foreign."""
    made = badge.code("7KQ2M9XDAF", event="e1", key=KEY)
    assert badge.check(made, event="e1", key=KEY) == "genuine"
    assert badge.check(made, event="e2", key=KEY) == "forged"
    assert badge.check(made, event="e1", key=b"x" * 32) == "forged"
    assert badge.check(made[:-1] + ("0" if made[-1] != "0" else "1"), event="e1", key=KEY) == "forged"
    assert badge.check("IL1:short", event="e1", key=KEY) == "forged"
    assert badge.check(made + "\n", event="e1", key=KEY) == "forged"
    assert badge.check("pretix-secret", event="e1", key=KEY) == "foreign"


@given(st.text(max_size=60))
def test_no_text_is_genuine_by_chance_or_raises(text: str) -> None:
    """Anything may be read off a badge."""
    assert badge.check(text, event="e1", key=KEY) != "genuine"


def test_a_sealed_card_opens_for_its_person_only() -> None:
    """The seal is bound to key and person."""
    sealed = seal.seal(Personal(name="Anna de Vries"), person="p1", key=KEY)
    assert "Anna" not in sealed
    assert seal.unseal(sealed, person="p1", key=KEY).name == "Anna de Vries"
    for person, key, text in (
        ("p2", KEY, sealed),
        ("p1", b"x" * 32, sealed),
        ("p1", KEY, sealed[:-8]),
        ("p1", KEY, "é"),
    ):
        with pytest.raises(seal.Unsealable):
            seal.unseal(text, person=person, key=key)


def test_secrets_are_made_once_and_read_by_their_owner_only(tmp_path: Path) -> None:
    """At first use a secret is made, mode 0600 in a folder of 0700; then it stays."""
    store = Secrets(tmp_path / "secrets")
    keys = store.event_keys("e1")
    assert store.event_keys("e1") == keys != store.event_keys("e2")
    assert keys.badge != keys.seal
    assert store.session_key() == Secrets(tmp_path / "secrets").session_key()
    for path in (tmp_path / "secrets").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
