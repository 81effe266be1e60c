"""Outbox, quarantine and meta: the small tables around the facts."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, String, bindparam, text

Published = tuple[str, bytes, bool]  # topic, payload, retain
_messages = msgspec.msgpack.Decoder(list[tuple[str, bytes, bool]])


def put(connection: Connection, *, row: str, owner: str, messages: Sequence[Published]) -> None:
    """Keep messages for publishing, as one row `row` (a UUIDv7), in the transaction they follow from."""
    if messages:
        connection.execute(
            text("INSERT INTO outbox (id, owner, messages) VALUES (:id, :owner, :messages)"),
            {"id": row, "owner": owner, "messages": msgspec.msgpack.encode(messages)},
        )


class Others(NamedTuple):
    """Other consumers, whose rows are theirs to publish: owners that begin with `family`, but not `owner` itself.

    Rows with an id before `until` (a UUIDv7, or its beginning) have been left by one that died.
    """

    family: str
    owner: str
    until: str


def waiting(
    connection: Connection, *, skip: Sequence[str] = (), limit: int = 50, but: Others | None = None
) -> list[tuple[str, str, list[Published]]]:
    """Rows that are still there, oldest first, without those of `skip` and of others: id, owner and messages."""
    theirs = "AND (owner = :owner OR substr(owner, 1, :length) <> :family OR id < :until)" if but else ""
    statement = text(f"SELECT id, owner, messages FROM outbox WHERE id NOT IN :skip {theirs} ORDER BY id LIMIT :limit")
    rows = connection.execute(
        # typed, because PostgreSQL must know of what an empty list is empty
        statement.bindparams(bindparam("skip", expanding=True, type_=String())),
        {"skip": list(skip), "limit": limit, **({**but._asdict(), "length": len(but.family)} if but else {})},
    )
    return [(identity, owner, _messages.decode(bytes(blob))) for identity, owner, blob in rows]


def drop(connection: Connection, rows: Iterable[str]) -> None:
    """Forget rows whose messages the broker has."""
    ids = list(rows)
    if ids:
        statement = text("DELETE FROM outbox WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
        connection.execute(statement, {"ids": ids})


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be read or believed; `kind` is such as `malformed`, `conflict`, `unknown-checkpoint`."""

    id: str
    event: str
    topic: str
    payload: bytes
    kind: str
    reason: str
    received_ms: int


def quarantine(connection: Connection, items: Sequence[Quarantined]) -> None:
    """Keep what could not be read, whole."""
    if items:
        connection.execute(
            text(
                """INSERT INTO quarantine (id, event, topic, payload, kind, reason, received_ms, settled)
                   VALUES (:id, :event, :topic, :payload, :kind, :reason, :received_ms, 0)"""
            ),
            [msgspec.structs.asdict(item) for item in items],
        )


def quarantined(connection: Connection, event: str, *, limit: int) -> list[Quarantined]:
    """What waits for a look, newest first; what came for no event at all, too."""
    rows = connection.execute(
        text(
            """SELECT id, event, topic, payload, kind, reason, received_ms FROM quarantine
               WHERE event IN (:event, '') AND settled = 0 ORDER BY received_ms DESC, id LIMIT :limit"""
        ),
        {"event": event, "limit": limit},
    )
    return [
        Quarantined(
            id=row.id,
            event=row.event,
            topic=row.topic,
            payload=bytes(row.payload),
            kind=row.kind,
            reason=row.reason,
            received_ms=row.received_ms,
        )
        for row in rows
    ]


def get_meta(connection: Connection, key: str) -> str | None:
    """What is remembered under `key`."""
    found = connection.execute(text("SELECT value FROM meta WHERE key = :key"), {"key": key}).scalar()
    return None if found is None else str(found)


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Remember `value` under `key`."""
    connection.execute(
        text("INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = :value"),
        {"key": key, "value": value},
    )
