"""Many rows in one statement: a JSON array goes in, the database takes it apart (SQLite json_each, PostgreSQL jsonb).

The same text serves any number of rows. `gather` and `insert_all` go further on PostgreSQL: several statements are one,
and so one journey to the server. SQLite makes no journeys; there, rows are inserted one by one, which costs less.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, CursorResult, TextClause, text

Columns = tuple[tuple[str, str], ...]  # name and PostgreSQL type
Rows = Sequence[Sequence[Any]]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[list[Any]]).decode


class Each(NamedTuple):
    """A table in which each row of `{j}`, or of a table before it, is looked up; `optional` as in LEFT JOIN.

    The order is binding. PostgreSQL would choose one by how large the tables were when it planned, and keep to it: on a
    new database, where all are empty, that is the wrong one.
    """

    table: str
    alias: str
    on: str
    optional: bool = False


class Read(NamedTuple):
    """A query for `gather`: `SELECT {select} {tail}`, or, where there are `columns`, of rows looked up in `each`."""

    select: str
    tail: str = ""
    columns: Columns = ()
    each: tuple[Each, ...] = ()


class Insert(NamedTuple):
    """Rows for a table; `conflict` is an ON CONFLICT clause."""

    table: str
    columns: Columns
    rows: Rows
    conflict: str = ""


@lru_cache(maxsize=64)
def source(dialect: str, columns: Columns, rows: str = "rows") -> str:
    """A subquery `j` with these columns out of the parameter named `rows`, a JSON array of arrays."""
    if dialect == "sqlite":
        picked = ", ".join(f"json_extract(value, '$[{n}]') AS {name}" for n, (name, _) in enumerate(columns))
        return f"(SELECT {picked} FROM json_each(:{rows})) AS j"
    # jsonb is parsed once; json would be parsed again for each member
    picked = ", ".join(f"CAST(value->>{n} AS {kind}) AS {name}" for n, (name, kind) in enumerate(columns))
    return f"(SELECT {picked} FROM jsonb_array_elements(CAST(:{rows} AS jsonb))) AS j"


def insert(connection: Connection, table: str, columns: Columns, rows: Rows, *, conflict: str = "") -> None:
    """Insert all rows in one statement; `conflict` is an ON CONFLICT clause."""
    insert_all(connection, [Insert(table, columns, rows, conflict)])


def insert_all(connection: Connection, inserts: Sequence[Insert]) -> None:
    """Insert into several tables, each named once, in no order that could be relied on."""
    wanted = [one for one in inserts if one.rows]
    shapes = tuple((one.table, one.columns, one.conflict) for one in wanted)
    if connection.dialect.name == "postgresql" and wanted:
        rows = {f"rows{n}": _encode(one.rows).decode() for n, one in enumerate(wanted)}
        connection.execute(_inserts(shapes), rows)
        return
    for one in wanted:
        connection.exec_driver_sql(_insert(one.table, one.columns, one.conflict), [tuple(row) for row in one.rows])


@lru_cache(maxsize=64)
def _insert(table: str, columns: Columns, conflict: str) -> str:
    names, marks = ", ".join(name for name, _ in columns), ", ".join("?" for _ in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({marks}) {conflict}"


@lru_cache(maxsize=64)
def _inserts(shapes: tuple[tuple[str, Columns, str], ...]) -> TextClause:
    statements = []
    for n, (table, columns, conflict) in enumerate(shapes):
        names = ", ".join(name for name, _ in columns)
        statements.append(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM {source('postgresql', columns, f'rows{n}')} {conflict}"
        )
    first = ", ".join(f"w{n} AS ({statement})" for n, statement in enumerate(statements[:-1]))
    return text(f"WITH {first} {statements[-1]}" if first else statements[-1])


def gather(
    connection: Connection,
    reads: Sequence[tuple[Read, Rows]],
    values: Mapping[str, Any] | None = None,
) -> list[Sequence[Sequence[Any]]]:
    """The rows of several reads, as of one moment; numbers, texts and nothing else. `values` are for all of them."""
    given: dict[tuple[int, Columns], str] = {}
    for read, rows in reads:
        key = (id(rows), read.columns)
        if read.columns and key not in given:
            given[key] = _encode(rows).decode()
    if connection.dialect.name == "postgresql":
        numbers = {key: n for n, key in enumerate(given)}
        shapes = tuple((read, numbers.get((id(rows), read.columns), -1)) for read, rows in reads)
        wanted = {f"rows{n}": one for n, one in enumerate(given.values())}
        found = connection.execute(_gathered(shapes), {**wanted, **(values or {})}).one()
        return [_decode(one) if one else [] for one in found]
    return [
        connection.execute(
            _read(read), {**(values or {}), **({"rows": given[id(rows), read.columns]} if read.columns else {})}
        ).all()
        for read, rows in reads
    ]


@lru_cache(maxsize=64)
def _read(shape: Read) -> TextClause:
    return text(f"SELECT {shape.select} {_from('sqlite', shape, source('sqlite', shape.columns))}")


@lru_cache(maxsize=64)
def _gathered(shapes: tuple[tuple[Read, int], ...]) -> TextClause:
    """Each with the number of its rows, which are taken apart once for all that have the same."""
    sources = {n: source("postgresql", shape.columns, f"rows{n}") for shape, n in shapes if n >= 0}
    rows = ", ".join(f"j{n} AS MATERIALIZED (SELECT * FROM {one})" for n, one in sources.items())
    picked = ", ".join(
        f"(SELECT CAST(json_agg(json_build_array({shape.select})) AS text) {_from('postgresql', shape, f'j{n} AS j')})"
        for shape, n in shapes
    )
    return text(f"WITH {rows} SELECT {picked}" if rows else f"SELECT {picked}")


def _from(dialect: str, shape: Read, rows: str) -> str:
    if not shape.columns:
        return shape.tail
    joins = [_looked_up(dialect, one) for one in shape.each]
    return " ".join(["FROM", rows, *joins, shape.tail])


def _looked_up(dialect: str, one: Each) -> str:
    if dialect == "sqlite":  # which keeps the order of a CROSS JOIN
        return f"{'LEFT' if one.optional else 'CROSS'} JOIN {one.table} AS {one.alias} ON {one.on}"
    # OFFSET 0 keeps PostgreSQL from taking it apart
    found = f"(SELECT {one.alias}.* FROM {one.table} AS {one.alias} WHERE {one.on} OFFSET 0) AS {one.alias}"
    return f"LEFT JOIN LATERAL {found} ON true" if one.optional else f"CROSS JOIN LATERAL {found}"


@lru_cache(maxsize=64)
def _select(dialect: str, columns: Columns, query: str) -> TextClause:
    return text(query.replace("{j}", source(dialect, columns)))


def select(
    connection: Connection, query: str, columns: Columns, rows: Rows, values: Mapping[str, Any] | None = None
) -> CursorResult[Any]:
    """Run `query`, in which `{j}` stands for the rows; `values` are further parameters."""
    statement = _select(connection.dialect.name, columns, query)
    return connection.execute(statement, {"rows": _encode(rows).decode(), **(values or {})})
