"""Secrets stay in their folder."""

from pathlib import Path

import pytest

from shared.secrets_store import Secrets


@pytest.mark.parametrize("name", ["../../../../x", "../x", "a/b", "", ".", "..", ".hidden", "a\n", "x" * 101, "a\0b"])
def test_a_name_that_leads_out_of_the_folder_is_refused_untouched(tmp_path: Path, name: str) -> None:
    """Events and users that are no plain names raise, and no file or folder is made."""
    secrets = Secrets(tmp_path / "deep" / "secrets")
    with pytest.raises(ValueError, match="cannot be the name of a secret"):
        secrets.mqtt_password(name)
    with pytest.raises(ValueError, match="cannot be the name of a secret"):
        secrets.event_keys(name)
    assert list(tmp_path.rglob("*")) == []


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """Each user and event has its own, the same at every look, in a file that nobody else reads."""
    secrets = Secrets(tmp_path)
    assert secrets.mqtt_password("kerk-1") == secrets.mqtt_password("kerk-1") != secrets.mqtt_password("kerk-2")
    assert secrets.event_keys("g40-almelo-2024") == secrets.event_keys("g40-almelo-2024")
    assert secrets.known_events() == ("g40-almelo-2024",)
    assert (tmp_path / "mqtt" / "kerk-1").stat().st_mode & 0o777 == 0o600
