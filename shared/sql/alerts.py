"""The alerts that are on, in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class SqlAlerts:
    """`shared.alerts.AlertStore` on a connection that may write."""

    connection: Connection

    def on(self, event: str) -> Mapping[str, bytes]:
        """See the port."""
        rows = self.connection.execute(text("SELECT id, payload FROM alert WHERE event = :event"), {"event": event})
        return {identity: bytes(payload) for identity, payload in rows}

    def put(self, event: str, alert: str, payload: bytes) -> None:
        """See the port."""
        self.connection.execute(
            text(
                """INSERT INTO alert (event, id, payload) VALUES (:event, :id, :payload)
                   ON CONFLICT (event, id) DO UPDATE SET payload = :payload"""
            ),
            {"event": event, "id": alert, "payload": payload},
        )

    def drop(self, event: str, alert: str) -> None:
        """See the port."""
        self.connection.execute(
            text("DELETE FROM alert WHERE event = :event AND id = :id"), {"event": event, "id": alert}
        )
