"""The loaded days in memory, read again when the revision in `meta` says so."""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from checkin.adapters.registry import REV
from checkin.domain.day import Day
from shared.programme import load_programme
from shared.secrets_store import Secrets
from shared.sql import outbox


class Days:
    """Every event that was loaded; one small read a transaction while nothing changes."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._days: dict[str, Day] = {}
        self._read_at: str | None = None

    def now(self, connection: Connection) -> Mapping[str, Day]:
        """The days as of this transaction."""
        rev = outbox.get_meta(connection, REV) or "0"
        if rev != self._read_at:
            rows = connection.execute(text("SELECT event, raw FROM programme")).all()
            self._days = {event: self._day(event, bytes(raw)) for event, raw in rows}
            self._read_at = rev
        return self._days

    @property
    def rev(self) -> str:
        """The revision that `now` read last."""
        return self._read_at or "0"

    def _day(self, event: str, raw: bytes) -> Day:
        held = self._days.get(event)
        programme = held.programme if held is not None and held.programme.source == raw else load_programme(raw)
        others = [name for name in self._secrets.known_events() if name != event]
        return Day(
            programme,
            badge_key=self._secrets.event_keys(event).badge,
            others=tuple((name, self._secrets.event_keys(name).badge) for name in others),
        )
