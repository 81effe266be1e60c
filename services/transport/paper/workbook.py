"""A transfer as XLSX: locations, runs, persons, and the proof of the sum; numbers that can be counted with."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from shared.facts import Text
from transport.paper import words
from transport.paper.model import Look
from transport.paper.transfer import Figure, LegLine, Location, Person, RunLine, TransferSheet

Value = str | int | datetime | None
INK = "1F2933"
WASH = PatternFill("solid", fgColor="EEF1F3")
HEAD = PatternFill("solid", fgColor=INK)
LINE = Border(bottom=Side(style="thin", color="C9D1D6"))
WIDEST = 46  # characters of a column
FIRST = 4  # the row of the heads; above them what it is and of when


def transfer_xlsx(sheet: TransferSheet, look: Look) -> bytes:
    """The workbook; `persons` is left out where the sheet has none by name."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _locations(book, sheet, look)
    _runs(book, sheet, look)
    if sheet.persons is not None:
        _persons(book, sheet, look)
    _sum(book, sheet, look)
    book.properties.title = look.say(sheet.title)
    book.properties.creator = "Inloop"
    book.properties.created = look.local(sheet.at_ms).replace(tzinfo=None)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _locations(book: Workbook, sheet: TransferSheet, look: Look) -> None:
    counts = (words.BEFORE, words.LEFT, words.ARRIVED, words.UNCONFIRMED, words.LEFT_BEHIND)
    plain = (words.LOCATION, *counts, words.MISSING, words.OWN_TRAVEL)
    heads = [*(look.say(word) for word in plain), *_graded_heads((words.HERE, words.ABOARD), look)]
    _table(book, words.SHEET_LOCATIONS, sheet, look, heads, [_location(one) for one in sheet.locations])


def _location(one: Location) -> list[Value]:
    counts = (one.before, one.left, one.arrived, one.unconfirmed, one.left_behind, one.missing, one.own_travel)
    return [one.name, *(None if count is None else count.number for count in counts), *_graded((one.here, one.aboard))]


def _runs(book: Workbook, sheet: TransferSheet, look: Look) -> None:
    measures = (words.ABOARD, words.ARRIVED)
    plain = (words.RUN_HEAD, words.KERB, words.FROM, words.TO, words.STATE, *_time_heads(look), words.SEATS)
    counts = (words.LIST_HEAD, words.HAND_COUNT, words.DIFFERENCE, words.UNCONFIRMED, words.LEFT_BEHIND, words.MISSING)
    heads = [look.say(word) for word in (*plain, *counts)] + _graded_heads(measures, look)
    _table(book, words.SHEET_RUNS, sheet, look, heads, _legs(sheet.legs, look))


def _time_heads(look: Look) -> list[Text]:
    kinds = (words.PLANNED, words.EXPECTED_AT, words.REAL)
    of = (words.DEPARTS, words.ARRIVES)
    return [Text(f"{step.nl} {kind.nl}", f"{step.en} {kind.en}") for step in of for kind in kinds]


def _legs(legs: Sequence[LegLine], look: Look) -> list[list[Value]]:
    """A row a run, and one a leg for who goes it by own means."""
    rows: list[list[Value]] = []
    for leg in legs:
        rows += [_run(run, leg, look) for run in leg.runs]
        if leg.own_travel:
            rows.append([look.say(words.OWN_TRAVEL), None, leg.origin, leg.destination, *[None] * 8, leg.own_travel])
    return rows


def _run(run: RunLine, leg: LegLine, look: Look) -> list[Value]:
    state = look.say(words.STATES.get(run.state, Text(run.state, run.state)))
    times = [
        _naive(at_ms, look)
        for step in (run.depart, run.arrive)
        for at_ms in (step.planned_ms, step.estimated_ms, step.real_ms)
    ]
    places = [run.name, run.kerb, leg.origin, leg.destination, state]
    counts = [figure.number for figure in (run.unconfirmed, run.left_behind, run.missing)]
    hand = (run.counted, run.difference)
    return [*places, *times, run.seats, run.listed, *hand, *counts, *_graded((run.aboard, run.arrived))]


def _persons(book: Workbook, sheet: TransferSheet, look: Look) -> None:
    heads = (
        words.WHAT,
        words.NAME,
        words.ORGANISATION,
        words.TELEPHONE,
        words.LAST_PLACE,
        words.LAST_SEEN,
        words.RUN_HEAD,
    )
    order = words.KINDS_ORDER
    persons = sorted(sheet.persons or (), key=lambda one: (order.index(one.kind), one.name.casefold(), one.person))
    _table(
        book, words.SHEET_PERSONS, sheet, look, [look.say(head) for head in heads], [_person(p, look) for p in persons]
    )


def _person(one: Person, look: Look) -> list[Value]:
    what = look.say(words.KINDS[one.kind])
    name = one.name or one.person
    return [what, name, one.organisation, one.phone, one.last_place, _naive(one.last_ms, look), one.run]


def _sum(book: Workbook, sheet: TransferSheet, look: Look) -> None:
    total = sheet.sum
    rows: list[list[Value]] = [
        [look.say(label), figure] for label, figure in zip(words.PARTS, total.parts, strict=True)
    ]
    rows += [
        [look.say(words.TOGETHER), sum(total.parts)],
        [look.say(words.REGISTERED), total.registered],
        [look.say(words.DIFFERENCE), total.difference],
    ]
    page = _table(book, words.SHEET_SUM, sheet, look, [look.say(words.WHAT), look.say(words.NUMBER)], rows)
    for row in range(FIRST + len(words.PARTS) + 1, FIRST + len(rows) + 1):
        for cell in page[row]:
            cell.font = Font(bold=True, color=INK)
            cell.fill = WASH
    said = page.cell(FIRST + len(rows) + 2, 1)
    _text(said, look.say(words.verdict(total)))
    said.font = Font(bold=True, size=13, color=INK)


def _graded_heads(measures: Iterable[Text], look: Look) -> list[str]:
    """`aboard`, and beside it how many of each grade."""
    return [
        head for word in measures for head in (look.say(word), *[f"{look.say(word)} {letter}" for letter in "SMCI"])
    ]


def _graded(figures: Iterable[Figure | None]) -> list[Value]:
    values: list[Value] = []
    for figure in figures:
        values += [None] * 5 if figure is None else [figure.number, *figure.known_grades]
    return values


def _naive(at_ms: int | None, look: Look) -> datetime | None:
    """Excel knows no zones: the moment as the event's clocks show it (the zone stands above the table)."""
    return None if at_ms is None else look.local(at_ms).replace(tzinfo=None, microsecond=0)


def _table(
    book: Workbook, name: Text, sheet: TransferSheet, look: Look, heads: Sequence[str], rows: Sequence[Sequence[Value]]
) -> Worksheet:
    page: Worksheet = book.create_sheet(look.say(name))
    _text(page["A1"], f"{look.say(sheet.title)} · {look.say(name)}")
    page["A1"].font = Font(bold=True, size=15, color=INK)
    known = "" if sheet.known_ms is None else f", {look.say(words.AS_KNOWN)} {look.clock(sheet.known_ms)}"
    moment = f"{look.day(sheet.at_ms)} {look.clock(sheet.at_ms)} ({look.zone.key}){known}"
    _text(page["A2"], f"{look.say(words.AS_OF)} {moment} · {look.say(words.LEGEND)}")
    page["A2"].font = Font(size=9, color="56646D")
    for column, head in enumerate(heads, start=1):
        _head(page.cell(FIRST, column), head)
    for number, row in enumerate(rows, start=FIRST + 1):
        for column, value in enumerate(row, start=1):
            _put(page.cell(number, column), value)
    _shape(page, heads, rows)
    return page


def _head(cell: Cell | MergedCell, head: str) -> None:
    _text(cell, head)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")


def _put(cell: Cell | MergedCell, value: Value) -> None:
    if isinstance(value, str):
        _text(cell, value)
    else:
        cell.value = value
        cell.number_format = "hh:mm:ss" if isinstance(value, datetime) else "0"
    cell.font = Font(color=INK)
    cell.border = LINE


def _text(cell: Cell | MergedCell, text: str) -> None:
    """A text stays one: openpyxl would take `=…` for a formula, and Excel `+…` or `@…` once somebody edits the cell."""
    cell.value = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))


def _shape(page: Worksheet, heads: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Heads that stay, columns as wide as what is in them, filters, and one page wide on paper."""
    page.freeze_panes = f"B{FIRST + 1}"
    last = get_column_letter(len(heads))
    page.auto_filter.ref = f"A{FIRST}:{last}{FIRST + max(1, len(rows))}"
    for column, head in enumerate(heads):
        cells = [row[column] for row in rows if column < len(row)]
        widest = max((_letters(cell) for cell in cells), default=0)
        wide = max(widest, *(len(word) for word in head.split()), 6) + 2.5
        page.column_dimensions[get_column_letter(column + 1)].width = min(wide, WIDEST)
    page.row_dimensions[FIRST].height = 32
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = f"{FIRST}:{FIRST}"


def _letters(value: Value) -> int:
    return 8 if isinstance(value, datetime) else len(str("" if value is None else value))
