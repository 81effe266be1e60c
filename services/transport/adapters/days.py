"""The days that are loaded, kept in memory and read again when their programme changes."""

from shared.programme import load_programme
from shared.secrets_store import Secrets
from transport.domain.day import Day
from transport.ports import Store


class Days:
    """The day of each event, by the revision of its programme."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._days: dict[str, Day] = {}

    def all(self, store: Store) -> dict[str, Day]:
        """Every day that is loaded now; one small query when nothing changed."""
        revs = store.programme_revs()
        for event, rev in revs.items():
            if event not in self._days or self._days[event].rev != rev:
                self._days[event] = self._make(event, rev, store.programme(event))
        return {event: self._days[event] for event in revs}

    def _make(self, event: str, rev: int, raw: bytes) -> Day:
        keys = self._secrets.event_keys(event)
        others = [other for other in self._secrets.known_events() if other != event]
        return Day(
            programme=load_programme(raw),
            rev=rev,
            badge_key=keys.badge,
            seal_key=keys.seal,
            others=tuple((other, self._secrets.event_keys(other).badge) for other in others),
        )
