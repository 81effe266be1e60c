"""What changed since, for the picture that a process has in memory (docs/adr/0010-picture.md).

Sightings are counted by their sequence. Everything else that is read into a picture leaves a line in `touched`, in the
transaction that changes it: a person (seat, card, arrival), or a run (steps, acts). One writes at a time, so the lines
are in the order of the commits.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, text

from shared.sql import bulk

TOUCHED: bulk.Columns = (("event", "text"), ("kind", "text"), ("name", "text"))
_STANDING = """SELECT (SELECT max(sequence) FROM sighting), (SELECT max(n) FROM touched),
    (SELECT rev FROM programme WHERE event = :event)"""
# not by event: what is after a number is to be found by the number alone
_TOUCHED = "SELECT event, kind, name FROM touched WHERE n > :touched"
_SIGHTED = "SELECT event, person, void FROM sighting WHERE sequence > :sighted"


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
    """What changed after a moment; a void also says something about whom it takes a sighting of back."""
    found, voids = Since(set(), set()), list[str]()
    for of, kind, name in connection.execute(text(_TOUCHED), {"touched": before.touched}):
        if of == event:
            (found.runs if kind == "run" else found.persons).add(name)
    for of, person, void in connection.execute(text(_SIGHTED), {"sighted": before.sighted}):
        if of == event:
            found.persons.add(person)
            voids += [void] if void is not None else []
    if voids:
        taken_back = text("SELECT person FROM sighting WHERE id IN :voids").bindparams(
            bindparam("voids", expanding=True)
        )
        found.persons.update(person for (person,) in connection.execute(taken_back, {"voids": voids}))
    return found
