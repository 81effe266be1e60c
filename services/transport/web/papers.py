"""Paper: passenger lists, the driver's sheet, the check card, and a transfer as sheet and as tables."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar

from flask import Blueprint, Response, request
from msgspec import Meta

from shared.programme import Programme
from shared.web.auth import needs
from shared.web.moments import AT, at_ms
from shared.web.openapi import Param, operation
from shared.web.problems import ProblemError, address, wrong_parameter
from shared.web.texts import language
from transport.handlers.sheet_shapes import Sheet
from transport.paper import card, driver, facts_table, headcount, listing, workbook
from transport.paper.model import Look, Print, Size
from transport.paper.transfer import TransferSheet
from transport.web import paper_inputs, prints
from transport.web.paper_parts import PaperDeps, run_sheet
from transport.web.parts import RUN, transfer_for
from transport.web.transfers import KNOWN, TRANSFER

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SIZE = Param(name="size", about="a4 (when left out) or a5.", kind=Literal["a4", "a5"])
CARD_SIZE = Param(name="size", about="a5 to fold (when left out), or a6: two pages.", kind=Literal["a5", "a6"])
SINCE = Param(name="since", about="Mark what changed since this print.", kind=Annotated[int, Meta(ge=1)])
GROUP = Param(
    name="group", about="organisation: grouped so; by row number when left out.", kind=Literal["organisation"]
)
PHONES = Param(name="phones", about="1: with telephone numbers.", kind=Literal["1"])
DESK = Param(
    name="desk",
    about="The coordinator's desk's telephone number.",
    kind=Annotated[str, Meta(max_length=30, pattern=r"^[0-9+() ./-]*$")],
)
LANG = Param(name="lang", about="nl or en; else what the browser asks for.", kind=Literal["nl", "en"])
SEPARATOR = Param(
    name="separator",
    about="comma or semicolon; when left out what Excel takes for granted in the language: ; in Dutch, , in English.",
    kind=Literal["comma", "semicolon"],
)
MOST_PHONE = frozenset("0123456789+() ./-")
T = TypeVar("T", bound=str)


def blueprint(deps: PaperDeps) -> Blueprint:
    """The routes."""
    routes = Blueprint("papers", __name__)
    _add_run_papers(routes, deps)
    _add_transfer_papers(routes, deps)
    prints.add_to(routes, deps)
    return routes


def _add_run_papers(routes: Blueprint, deps: PaperDeps) -> None:
    @routes.get("/run/<run>/list.pdf")
    @needs("coordinator")
    @operation(
        "The passenger list on paper, with the row numbers of the last print; a draft when the list changed since.",
        media={PDF: Any},
        params=(RUN, SIZE, SINCE, GROUP, PHONES, LANG),
        refuses=(404, 422),
    )
    def passenger_list_pdf(run: str) -> Response:
        sheet, programme = run_sheet(deps, run), deps.transport.programme()
        made_before = deps.transport.prints(run)
        printed = paper_inputs.numbered(
            sheet, made_before, _since(made_before), others=_others(deps, sheet), programme=programme
        )
        size: Size = "a5" if _choice("size", ("a4", "a5")) == "a5" else "a4"
        made = listing.passenger_list(
            paper_inputs.run_of(sheet, programme),
            printed,
            _look(programme, size),
            grouped=_choice("group", ("organisation",)) is not None,
            phones=_choice("phones", ("1",)) is not None,
        )
        return _file(made, PDF, f"{run}-list-{printed.nth or 'draft'}.pdf")

    @routes.get("/run/<run>/driver.pdf")
    @needs("coordinator")
    @operation(
        "The driver's sheet on paper (A5): numbers and needs; names only when the organiser allows them.",
        media={PDF: Any},
        params=(RUN, DESK, LANG),
        refuses=(404, 422),
    )
    def driver_pdf(run: str) -> Response:
        sheet, programme = run_sheet(deps, run), deps.transport.programme()
        url = request.host_url.rstrip("/") + address(f"/run/{run}")
        extras = driver.Extras(url=url, desk=_desk(), names=sheet.names_for_driver)
        made = driver.driver_sheet(paper_inputs.run_of(sheet, programme), _look(programme, "a5"), extras)
        return _file(made, PDF, f"{run}-driver.pdf")

    @routes.get("/run/<run>/check-card.pdf")
    @needs("coordinator")
    @operation(
        "The card for the walk to the back of the empty coach, in both languages.",
        media={PDF: Any},
        params=(RUN, CARD_SIZE, LANG),
        refuses=(404, 422),
    )
    def check_card_pdf(run: str) -> Response:
        sheet, programme = run_sheet(deps, run), deps.transport.programme()
        size: Literal["a5", "a6"] = "a6" if _choice("size", ("a5", "a6")) == "a6" else "a5"
        made = card.check_card(paper_inputs.run_of(sheet, programme), _look(programme), size=size)
        return _file(made, PDF, f"{run}-check-card.pdf")


def _add_transfer_papers(routes: Blueprint, deps: PaperDeps) -> None:
    @routes.get("/transfer/<transfer>.pdf")
    @needs("viewer")
    @operation(
        "A transfer on paper: per location and run, the sum, and by name who is missing for who may see names.",
        media={PDF: Any},
        params=(TRANSFER, AT, KNOWN, LANG),
        refuses=(404, 422),
    )
    def transfer_pdf(transfer: str) -> Response:
        sheet, look = _transfer(deps, transfer)
        return _file(headcount.transfer_sheet(sheet, look), PDF, f"{transfer}.pdf")

    @routes.get("/transfer/<transfer>.csv")
    @needs("viewer")
    @operation(
        "A transfer as a table, one number a row with its grades; persons for who may see names.",
        media={"text/csv": str},
        params=(TRANSFER, AT, KNOWN, SEPARATOR, LANG),
        refuses=(404, 422),
    )
    def transfer_csv(transfer: str) -> Response:
        sheet, look = _transfer(deps, transfer)
        asked = _choice("separator", ("comma", "semicolon"))
        is_dutch = language() == "nl" if asked is None else asked == "semicolon"
        made = facts_table.transfer_csv(sheet, look, separator=";" if is_dutch else ",")
        return _file(made.encode(), "text/csv; charset=utf-8", f"{transfer}.csv", inline=False)

    @routes.get("/transfer/<transfer>.xlsx")
    @needs("viewer")
    @operation(
        "A transfer as a workbook: locations, runs, the sum; persons for who may see names.",
        media={XLSX: Any},
        params=(TRANSFER, AT, KNOWN, LANG),
        refuses=(404, 422),
    )
    def transfer_xlsx(transfer: str) -> Response:
        sheet, look = _transfer(deps, transfer)
        return _file(workbook.transfer_xlsx(sheet, look), XLSX, f"{transfer}.xlsx", inline=False)


# -- reading the request ---------------------------------------------------------------------------


def _transfer(deps: PaperDeps, transfer: str) -> tuple[TransferSheet, Look]:
    view, programme = deps.transport.transfer(transfer, at_ms(), at_ms("known")), deps.transport.programme()
    if view is None:
        lists = address("/api/v1/transfers")
        raise ProblemError(404, "unknown-transfer", f"There is no transfer {transfer!r}: {lists} lists them.")
    return paper_inputs.transfer_of(transfer_for(view), programme), _look(programme)


def _others(deps: PaperDeps, sheet: Sheet) -> Iterator[Sheet]:
    """The sheets of the other runs of the transfer, those of the same leg first."""
    runs = [run for run in deps.transport.programme().runs_of_transfer(sheet.transfer) if run.id != sheet.run]
    for run in sorted(runs, key=lambda run: run.leg != sheet.leg):
        other = deps.transport.sheet(run.id)
        if other is not None:
            yield other


def _since(prints: Sequence[Print]) -> Print | None:
    asked = request.args.get("since")
    if asked is None:
        return None
    found = next((one for one in prints if str(one.nth) == asked), None)
    if found is None:
        there = ", ".join(str(one.nth) for one in prints) or "none yet"
        raise wrong_parameter("since", f"is no print of this run: there are {there}.")
    return found


def _choice(name: str, choices: tuple[T, ...]) -> T | None:
    asked = request.args.get(name)
    if asked is None:
        return None
    found = next((choice for choice in choices if choice == asked), None)
    if found is None:
        raise wrong_parameter(name, f"send {' or '.join(choices)}, or leave it out.")
    return found


def _desk() -> str:
    asked = request.args.get("desk", "").strip()
    if len(asked) > 30 or not MOST_PHONE.issuperset(asked):
        raise wrong_parameter(
            "desk", "is no telephone number: send digits, such as +31 6 00 00 00 00 (write + as %2B)."
        )
    return asked


def _look(programme: Programme, size: Size = "a4") -> Look:
    return Look(language=language(), zone=programme.zone, size=size)


def _file(content: bytes, media: str, name: str, *, inline: bool = True) -> Response:
    """A file; PDFs open in the browser, from where they are printed."""
    disposition = "inline" if inline else "attachment"
    return Response(content, content_type=media, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})
