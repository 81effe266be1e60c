"""The days that are loaded, kept in memory and read again when their programme changes."""

from dataclasses import replace

from shared.programme import load_programme
from shared.scans import Keys
from shared.secrets_store import Secrets
from transport.domain.day import Day
from transport.ports import Store


class Days:
    """The day of each event, by the revision of its programme; other events' keys as they are made."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._days: dict[str, Day] = {}
        self._events: tuple[str, ...] = ()

    def all(self, store: Store) -> dict[str, Day]:
        """Every day that is loaded now; one small query when nothing changed."""
        revs, events = store.programme_revs(), self._secrets.known_events()
        for event, rev in revs.items():
            if event not in self._days or self._days[event].rev != rev:
                self._days[event] = self._make(event, rev, store.programme(event))
        if events != self._events:
            self._events = events
            self._days = {event: replace(day, others=self._others(event)) for event, day in self._days.items()}
        return {event: self._days[event] for event in revs}

    def _make(self, event: str, rev: int, raw: bytes) -> Day:
        keys = self._secrets.event_keys(event)
        return Day(
            programme=load_programme(raw),
            rev=rev,
            badge_key=keys.badge,
            seal_key=keys.seal,
            others=self._others(event),
        )

    def _others(self, event: str) -> Keys:
        others = (other for other in self._secrets.known_events() if other != event)
        return tuple((other, self._secrets.event_keys(other).badge) for other in others)
