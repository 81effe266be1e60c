"""Numbers for `/metrics`: four statements that read whole small tables, or count."""

import uuid

from sqlalchemy import Connection, text

from shared.figures import Figures


def figures(connection: Connection, event: str) -> Figures:
    """How the day of an event goes; what was set aside is counted for all events, as it may be of none."""
    scans = text("SELECT outcome, reason, count(*) AS n FROM scan WHERE event = :event GROUP BY outcome, reason")
    aside = text("SELECT kind, count(*) AS n FROM quarantine GROUP BY kind")
    tally = text("SELECT place, present FROM tally WHERE event = :event AND present > 0")
    waiting = connection.execute(text("SELECT count(*) AS n, min(id) AS first FROM outbox")).one()
    return Figures(
        scans={(row.outcome, row.reason): row.n for row in connection.execute(scans, {"event": event})},
        quarantined={row.kind: row.n for row in connection.execute(aside)},
        outbox_rows=waiting.n,
        outbox_oldest_ms=None if waiting.first is None else _made_ms(waiting.first),
        present={row.place: row.present for row in connection.execute(tally, {"event": event})},
    )


def _made_ms(row: str) -> int | None:
    """A UUIDv7 begins with its moment (RFC 9562, section 5.7)."""
    try:
        return uuid.UUID(row).int >> 80
    except ValueError:
        return None
