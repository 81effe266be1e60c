"""Prints of passenger lists, whose row numbers are kept, and what was ticked on them typed in again."""

import uuid
from collections.abc import Sequence
from typing import Annotated

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from shared import facts, instants
from shared.web.auth import grant, needs
from shared.web.moments import AHEAD_MS
from shared.web.openapi import Param, operation
from shared.web.problems import MemberError, ProblemError, address, body, wrong_parameter
from shared.web.texts import language
from transport.domain.acts import Act
from transport.handlers.sheet_shapes import ActAnswer, Sheet
from transport.paper.model import Print
from transport.paper.rows import Mistake, parse_rows, persons_of, rows
from transport.web import paper_inputs
from transport.web.paper_parts import PaperDeps, run_sheet
from transport.web.parts import RUN, as_json

NTH = Param(name="nth", about="The number of a print.", kind=Annotated[int, Meta(ge=1)], where="path")


class PrintRow(msgspec.Struct, frozen=True, kw_only=True):
    """A number on a printed list, and whose it is."""

    row: int
    person: str


class PrintMade(msgspec.Struct, frozen=True, kw_only=True):
    """A print: its numbers are kept; `list` is its PDF, with what changed since the print before it."""

    run: str
    nth: int
    at: facts.Moment
    rows: tuple[PrintRow, ...]
    list: str


class RowsBody(msgspec.Struct, frozen=True, kw_only=True):
    """Row numbers off the paper, such as `1-12, 14`; the same `id` again changes nothing.

    `at` is when they boarded; left out: now, or when the run has departed the last moment before it did.
    """

    id: Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]
    rows: Annotated[str, Meta(max_length=4000)]
    at: facts.Moment | None = None


class RowEntered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one number: whose it was, and the answer of the act that it became."""

    row: int
    person: str
    name: str
    answer: ActAnswer


class RowsEntered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the numbers, in their order."""

    run: str
    nth: int
    rows: tuple[RowEntered, ...]


def add_to(routes: Blueprint, deps: PaperDeps) -> None:
    """Add the routes below `/api/v1/runs/{run}/prints`."""

    @routes.post("/api/v1/runs/<run>/prints")
    @needs("coordinator")
    @operation(
        "Make the next print of a passenger list and keep its row numbers: 201. While nothing changed on the list it "
        "is the last print again: 200.",
        gives=PrintMade,
        params=(RUN,),
        refuses=(404,),
        status=201,
    )
    def make_print(run: str) -> Response:
        sheet, prints = run_sheet(deps, run), deps.transport.prints(run)
        now = rows(prints, [line.person for line in paper_inputs.listed(sheet)])
        if prints and prints[-1].rows == now:
            return as_json(_made(run, prints[-1], prints[:-1]))
        return as_json(_made(run, deps.transport.add_print(run, now), prints), 201)

    @routes.post("/api/v1/runs/<run>/prints/<int:nth>/rows")
    @needs("coordinator")
    @operation(
        "Enter who was ticked on paper, by row numbers of a print: all of them, or none when one is not on it.",
        takes=RowsBody,
        gives=RowsEntered,
        params=(RUN, NTH),
        refuses=(400, 404, 415, 422),
    )
    def enter_rows(run: str, nth: int) -> Response:
        sheet, said = run_sheet(deps, run), body(RowsBody)
        printed = next((one for one in deps.transport.prints(run) if one.nth == nth), None)
        if printed is None:
            raise ProblemError(404, "unknown-print", f"Run {run} has no print {nth}: look at the number on the paper.")
        persons = _persons(printed, said.rows)
        acts = _acts(persons, said, sheet, now_ms=deps.clock.now_ms())
        return as_json(_entered(sheet, nth, persons, deps.transport.act(acts)))


def _persons(printed: Print, text: str) -> tuple[tuple[int, str], ...]:
    """Whose numbers they are. Raises ProblemError 422 with the remedy, in the language of the request."""
    numbers = parse_rows(text)
    found = numbers if isinstance(numbers, Mistake) else persons_of(printed, numbers)
    if isinstance(found, Mistake):
        why = getattr(found.why, language())
        raise ProblemError(422, "wrong-rows", f"{why}.", errors=(MemberError("rows", why),))
    return found


def _acts(persons: Sequence[tuple[int, str]], said: RowsBody, sheet: Sheet, *, now_ms: int) -> list[Act]:
    boarded_ms = _boarded_ms(said, sheet, now_ms)
    return [
        Act(
            id=str(uuid.uuid5(uuid.UUID(said.id), str(row))),
            run=sheet.run,
            kind="aboard",
            at_ms=boarded_ms,
            by=grant().id,
            person=person,
        )
        for row, person in persons
    ]


def _boarded_ms(said: RowsBody, sheet: Sheet, now_ms: int) -> int:
    """When they boarded. Paper is mostly typed in after the coach left: a moment of now would put them back into it."""
    if said.at is not None:
        return _asked_ms(said.at, now_ms)
    departed = sheet.times.depart.real
    return now_ms if departed is None else min(now_ms, instants.to_ms(departed) - 1)


def _asked_ms(at: str, now_ms: int) -> int:
    try:
        asked_ms = instants.to_ms(at)
    except ValueError as error:
        raise wrong_parameter("at", str(error)) from None
    if asked_ms > now_ms + AHEAD_MS:
        raise wrong_parameter("at", "is in the future: send when they boarded, or leave it out.")
    return asked_ms


def _entered(sheet: Sheet, nth: int, persons: Sequence[tuple[int, str]], answers: Sequence[ActAnswer]) -> RowsEntered:
    names = {line.person: line.name for line in sheet.persons or ()}
    return RowsEntered(
        run=sheet.run,
        nth=nth,
        rows=tuple(
            RowEntered(row=row, person=person, name=names.get(person, ""), answer=answer)
            for (row, person), answer in zip(persons, answers, strict=True)
        ),
    )


def _made(run: str, made: Print, before: Sequence[Print]) -> PrintMade:
    since = f"?since={before[-1].nth}" if before else ""
    return PrintMade(
        run=run,
        nth=made.nth,
        at=instants.to_text(made.at_ms),
        rows=tuple(PrintRow(row=row, person=person) for row, person in made.rows),
        list=address(f"/run/{run}/list.pdf{since}"),
    )
