"""The store of transport: one object on one connection."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from shared.alerts import AlertStore
from shared.sql import outbox
from shared.sql.alerts import SqlAlerts
from transport.adapters import changes
from transport.adapters.facts import FactsMixin
from transport.adapters.hands import HandsMixin
from transport.adapters.people import PeopleMixin
from transport.adapters.runs import KeptSteps, RunsMixin
from transport.adapters.said import SaidMixin
from transport.adapters.scans import ScansMixin


class SqlStore(ScansMixin, FactsMixin, SaidMixin, RunsMixin, PeopleMixin, HandsMixin):
    """`transport.ports.Store` on a connection; writes only inside `shared.sql.engine.writing`."""

    def __init__(self, connection: Connection, kept: KeptSteps | None = None) -> None:
        """`kept` is what the process keeps of steps, to read them anew only when there are others."""
        self.connection = connection
        self.kept = kept
        self.stepped = False

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
        return changes.stands(self.connection, event)
