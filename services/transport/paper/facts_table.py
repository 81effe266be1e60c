"""A transfer as CSV: one number a row, so that any program can pick out what it needs."""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from typing import Literal

from transport.paper.model import Look
from transport.paper.transfer import GRADES, Figure, LegLine, Location, Person, RunLine, TransferSheet

Separator = Literal[",", ";"]
HEADS = (
    "transfer",
    "at",
    "kind",
    "id",
    "name",
    "from",
    "to",
    "state",
    "what",
    "number",
    *GRADES,
    "organisation",
    "phone",
    "run",
    "last_place",
    "last_at",
)
Cells = dict[str, object]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def transfer_csv(sheet: TransferSheet, look: Look, *, separator: Separator = ",") -> str:
    """The table as text, with the mark that makes Excel read UTF-8; heads are English in both languages.

    Excel splits at what its country uses: `;` in the Netherlands. A line `sep=,` would make it forget the mark.
    """
    buffer = io.StringIO()
    table = csv.DictWriter(buffer, HEADS, restval="", delimiter=separator)
    table.writeheader()
    for cells in _rows(sheet, look):
        table.writerow({name: _harmless(cell) for name, cell in cells.items()})
    return "\ufeff" + buffer.getvalue()


def _rows(sheet: TransferSheet, look: Look) -> Iterator[Cells]:
    whole: Cells = {"transfer": sheet.transfer, "at": _moment(sheet.at_ms, look)}
    for location in sheet.locations:
        yield from ({**whole, **cells} for cells in _location(location))
    for leg in sheet.legs:
        yield from ({**whole, **cells} for cells in _leg(leg))
    for what in (*_names(sheet.sum), "difference"):
        yield {**whole, "kind": "sum", "what": what, "number": getattr(sheet.sum, what)}
    for person in sheet.persons or ():
        yield {**whole, **_person(person, look)}


def _location(one: Location) -> Iterator[Cells]:
    here: Cells = {"kind": "location", "id": one.place, "name": one.name}
    for what in _names(one):
        figure = getattr(one, what)
        if isinstance(figure, Figure):
            yield {**here, "what": what, **_figure(figure)}


def _leg(leg: LegLine) -> Iterator[Cells]:
    ends: Cells = {"from": leg.origin, "to": leg.destination}
    for what, number in (("expected", leg.expected), ("own_travel", leg.own_travel)):
        yield {"kind": "leg", "id": leg.leg, **ends, "what": what, "number": number}
    for run in leg.runs:
        yield from ({**ends, **cells} for cells in _run(run))


def _run(run: RunLine) -> Iterator[Cells]:
    here: Cells = {"kind": "run", "id": run.run, "name": run.name, "state": run.state}
    for what in _names(run):
        value = getattr(run, what)
        if isinstance(value, Figure):
            yield {**here, "what": what, **_figure(value)}
        elif isinstance(value, int):
            yield {**here, "what": what, "number": value}


def _person(one: Person, look: Look) -> Cells:
    return {
        "kind": "person",
        "id": one.person,
        "name": one.name,
        "what": one.kind,
        "number": 1,
        "organisation": one.organisation,
        "phone": one.phone,
        "run": one.run,
        "last_place": one.last_place,
        "last_at": _moment(one.last_ms, look),
    }


def _figure(figure: Figure) -> Cells:
    return {"number": figure.number, **dict(zip(GRADES, figure.known_grades, strict=True))}


def _names(value: object) -> list[str]:
    return [one.name for one in fields(value)]  # type: ignore[arg-type] # our own dataclasses


def _moment(at_ms: int | None, look: Look) -> str:
    """As the event's town reads it, with the offset."""
    return "" if at_ms is None else look.local(at_ms).isoformat(timespec="milliseconds")


def _harmless(cell: object) -> object:
    """A text that a spreadsheet does not take for a formula (OWASP, CSV injection); numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
