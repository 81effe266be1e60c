"""What changed since, for the picture that a process has in memory (docs/adr/0010-picture.md).

Sightings are counted by their sequence. Everything else that is read into a picture leaves a line in `touched`, in the
transaction that changes it: a person (seat, card, arrival), or a run (steps, acts). One writes at a time, so the lines
are in the order of the commits.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, text

from shared.sql import bulk

TOUCHED: bulk.Columns = (("event", "text"), ("kind", "text"), ("name", "text"))
_STANDING = """SELECT (SELECT max(sequence) FROM sighting), (SELECT max(n) FROM touched),
    (SELECT rev FROM programme WHERE event = :event)"""
_SINCE = """SELECT kind, name FROM touched WHERE event = :event AND n > :touched
    UNION SELECT 'person', person FROM sighting WHERE event = :event AND sequence > :sighted
    UNION SELECT 'person', s.person FROM sighting AS v JOIN sighting AS s ON s.id = v.void
        WHERE v.event = :event AND v.sequence > :sighted AND v.void IS NOT NULL"""


class Standing(NamedTuple):
    """How far the database is: the last sighting and the last change of anything else, and the programme's revision."""

    sighted: int
    touched: int
    rev: int


class Since(NamedTuple):
    """Whom and which runs something changed about."""

    persons: set[str]
    runs: set[str]


def touch(connection: Connection, event: str, *, persons: Iterable[str] = (), runs: Iterable[str] = ()) -> None:
    """Write down that something changed about these; in the transaction that changes it."""
    rows = [(event, "person", one) for one in persons] + [(event, "run", one) for one in runs]
    bulk.insert(connection, "touched", TOUCHED, rows)


def stands(connection: Connection, event: str) -> Standing:
    """How far the database is."""
    sighted, touched, rev = connection.execute(text(_STANDING), {"event": event}).one()
    return Standing(sighted or 0, touched or 0, rev or 0)


def since(connection: Connection, event: str, before: Standing) -> Since:
    """What changed after a moment."""
    values = {"event": event, "touched": before.touched, "sighted": before.sighted}
    found = Since(set(), set())
    for kind, name in connection.execute(text(_SINCE), values):
        (found.runs if kind == "run" else found.persons).add(name)
    return found
