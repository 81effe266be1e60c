"""The store of transport: one object on one connection."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text

from shared.alerts import AlertStore
from shared.sql import outbox
from shared.sql.alerts import SqlAlerts
from transport.adapters.facts import FactsMixin
from transport.adapters.hands import HandsMixin
from transport.adapters.people import PeopleMixin
from transport.adapters.runs import RunsMixin
from transport.adapters.said import SaidMixin
from transport.adapters.scans import ScansMixin


class SqlStore(ScansMixin, FactsMixin, SaidMixin, RunsMixin, PeopleMixin, HandsMixin):
    """`transport.ports.Store` on a connection; writes only inside `shared.sql.engine.writing`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def alerts(self) -> AlertStore:
        """See the port."""
        return SqlAlerts(self.connection)

    def get_meta(self, key: str) -> str | None:
        """See the port."""
        return outbox.get_meta(self.connection, key)

    def set_meta(self, key: str, value: str) -> None:
        """See the port."""
        outbox.set_meta(self.connection, key, value)

    def put_outbox(self, row: str, owner: str, messages: Sequence[tuple[str, bytes, bool]]) -> None:
        """See the port."""
        outbox.put(self.connection, row=row, owner=owner, messages=messages)

    def fingerprint(self, event: str) -> tuple[Any, ...]:
        """See the port."""
        row = self.connection.execute(
            text(
                """SELECT (SELECT max(sequence) FROM sighting),
                          (SELECT count(*) FROM run_step WHERE event = :event),
                          (SELECT count(*) FROM act WHERE event = :event),
                          (SELECT rev FROM programme WHERE event = :event),
                          (SELECT value FROM meta WHERE key = :seats)"""
            ),
            {"event": event, "seats": f"seats.rev.{event}"},
        ).one()
        return tuple(row)
