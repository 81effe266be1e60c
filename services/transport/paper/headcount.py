"""The transfer sheet, A4 lying: how many are where, how that is known, and who is not; also the paper to go on with."""

from collections.abc import Callable, Sequence
from itertools import groupby

from shared.facts import Text
from transport.paper import table, words
from transport.paper.model import Look, Times
from transport.paper.pages import numbered
from transport.paper.pen import SOFT, Pen
from transport.paper.table import Book, Cell, Column, Line, Row, Write
from transport.paper.transfer import ZERO, Figure, LegLine, Location, Person, RunLine, Sum, TransferSheet

MARGIN = 24.0
FOOT = 25.0


def transfer_sheet(sheet: TransferSheet, look: Look) -> bytes:
    """The sheet as PDF, drawn twice: only then is it known how many pages there are."""
    _, total = _drawn(sheet, look, total=0)
    return _drawn(sheet, look, total=total)[0]


def _drawn(sheet: TransferSheet, look: Look, *, total: int) -> tuple[bytes, int]:
    name = look.say(sheet.title)
    pen = Pen("a4-landscape", title=f"{look.say(words.TRANSFER)}: {name}")
    pages = [1]

    def turn() -> float:
        pen.next_page()
        pages[0] += 1
        foot()
        return _slim_head(pen, sheet, look)

    def foot() -> None:
        numbered(pen, look, name, pages[0], total, margin=MARGIN, size=8, foot=words.LEGEND)

    foot()
    book = Book(pen, margin=MARGIN, bottom=pen.height - FOOT, top=_head(pen, sheet, look), turn=turn)
    _parts(book, sheet, look)
    return pen.bytes(), pages[0]


def _parts(book: Book, sheet: TransferSheet, look: Look) -> None:
    _sum(book, sheet.sum, look)
    table.draw(book, look.say(words.PER_LOCATION), _location_columns(look), [_location(one) for one in sheet.locations])
    table.draw(book, look.say(words.PER_RUN), _run_columns(look), _legs(sheet.legs, look))
    if sheet.persons is not None:
        _persons(book, sheet.persons, look)


def _head(pen: Pen, sheet: TransferSheet, look: Look) -> float:
    right, base = pen.width - MARGIN, MARGIN + 24
    state = f"{look.say(words.AS_OF).upper()} {look.clock(sheet.at_ms)}"
    pill = pen.wide(state, 16, bold=True) + 14
    pen.pill(right - pill, base - 4, state, 16, filled=True)
    known = "" if sheet.known_ms is None else f"{look.say(words.AS_KNOWN)} {look.clock(sheet.known_ms)} · "
    pen.text(right, base + 16, f"{known}{look.day(sheet.start_ms)}", 10, align="right", grey=SOFT)
    pen.text(MARGIN, base, look.say(sheet.title), 28, bold=True, room=right - MARGIN - pill - 16, least=16)
    window = f"{look.clock(sheet.start_ms)} – {look.clock(sheet.end_ms)}"
    wide = pen.text(MARGIN, base + 19, window, 14, bold=True)
    kind = f"{look.say(words.TRANSFER)} {sheet.transfer} · {sheet.event}"
    pen.text(MARGIN + wide + 10, base + 19, kind, 10, grey=SOFT, room=right - MARGIN - wide - 230)
    return base + 31


def _slim_head(pen: Pen, sheet: TransferSheet, look: Look) -> float:
    right, base = pen.width - MARGIN, MARGIN + 12
    state = f"{look.say(words.AS_OF).upper()} {look.clock(sheet.at_ms)}"
    pill = pen.wide(state, 11, bold=True) + 10
    pen.pill(right - pill, base, state, 11, filled=True)
    window = f"{look.clock(sheet.start_ms)} – {look.clock(sheet.end_ms)}"
    pen.text(MARGIN, base, f"{window} · {look.say(sheet.title)}", 13, bold=True, room=right - MARGIN - pill - 12)
    return base + 14


def _sum(book: Book, total: Sum, look: Look) -> None:
    """The conservation line, as a sum that anybody can do again."""
    pen, top, high = book.pen, book.y, 47.0
    holds = total.holds
    pen.box(book.margin, top, book.room, high, line=1.4 if holds else 3, radius=4)
    x = book.margin + 12
    for number, (figure, label) in enumerate(zip(total.parts, words.PARTS, strict=True)):
        if number:
            x += pen.text(x, top + 26, "+", 18, grey=SOFT) + 12
        x += _part(pen, figure, look.say(label), x=x, top=top) + 14
    x += pen.text(x, top + 26, "=" if holds else "≠", 22, bold=True) + 12
    x += _part(pen, total.registered, look.say(words.REGISTERED), x=x, top=top) + 16
    said = look.say(words.verdict(total))
    right = book.margin + book.room - 12
    if holds:
        pen.text(right, top + 30, said, 13, bold=True, align="right", room=right - x, least=8)
    else:
        wide = min(pen.wide(said, 12, bold=True) + 11, right - x)
        pen.pill(right - wide, top + 30, said, 12, filled=True, room=wide)
    book.y = top + high + 10


def _part(pen: Pen, figure: int, label: str, *, x: float, top: float) -> float:
    wide = pen.text(x, top + 28, str(figure), 24, bold=True)
    return max(wide, pen.text(x, top + 42, label, 9, grey=SOFT))


def _location_columns(look: Look) -> list[Column]:
    heads = (
        words.BEFORE,
        words.LEFT,
        words.ARRIVED,
        words.HERE,
        words.ABOARD,
        words.UNCONFIRMED,
        words.LEFT_BEHIND,
        words.MISSING,
        words.OWN_TRAVEL,
    )
    return [
        Column(look.say(words.LOCATION), 1.9),
        *(Column(look.say(head), 1, number=True) for head in heads),
        Column("", 0.15),
        Column(look.say(words.ON_PAPER), 1.1),
    ]


def _location(one: Location) -> Row:
    figures = (
        one.before,
        one.left,
        one.arrived,
        one.here,
        one.aboard,
        one.unconfirmed,
        one.left_behind,
        one.missing,
        one.own_travel,
    )
    return Row([Line(one.name), *figures, None, Write()])


def _run_columns(look: Look) -> list[Column]:
    def number(head: Text, share: float = 1.0) -> Column:
        return Column(look.say(head), share, number=True)

    return [
        Column(look.say(words.RUN_HEAD), 1.6),
        Column(look.say(words.STATE), 1.7),
        Column(look.say(words.DEPARTS), 1.25),
        Column(look.say(words.ARRIVES), 1.25),
        number(words.SEATS, 0.8),
        number(words.LIST_HEAD, 0.8),
        number(words.ABOARD),
        number(words.ARRIVED, 1.15),
        number(words.UNCONFIRMED, 0.85),
        number(words.LEFT_BEHIND, 1.25),
        number(words.MISSING, 0.9),
        number(words.HAND_COUNT, 0.9),
        Column("", 0.15),
        *(Column(look.say(head), 0.95) for head in (words.COUNTED_SHORT, words.DEPARTS, words.ARRIVES)),
    ]


def _legs(legs: Sequence[LegLine], look: Look) -> list[Row]:
    """A head for each from → to, its runs in order of departure, the sum of several, and who goes by own means."""
    rows: list[Row] = []
    for leg in legs:
        expected = f"{leg.expected} {look.say(words.EXPECTED)}"
        rows.append(Row(lead=f"{leg.origin} → {leg.destination} · {expected}"))
        rows += [Row(_run(run, look)) for run in leg.runs]
        if len(leg.runs) > 1:
            rows.append(Row(_total(leg.runs, look), strong=True))
        if leg.own_travel:
            rows.append(Row(_own(leg.own_travel, look)))
    return rows


def _own(number: int, look: Look) -> list[Cell]:
    """Nobody counts them at a kerb; on paper they can be written where they come."""
    told: list[Cell] = [Line(look.say(words.OWN_TRAVEL)), *[None] * 4, Figure(number=number)]
    return [*told, *[None] * 7, Write(), None, None]


def _run(run: RunLine, look: Look) -> list[Cell]:
    return [
        Line(run.name, run.kerb),
        Line(look.say(words.STATES.get(run.state, Text(run.state, run.state)))),
        _times(run.depart, look),
        _times(run.arrive, look),
        None if run.seats is None else Figure(number=run.seats),
        Figure(number=run.listed),
        run.aboard,
        run.arrived,
        run.unconfirmed,
        run.left_behind,
        run.missing,
        None if run.counted is None else _counted(run.counted, run.difference),
        None,
        *[Write()] * 3,
    ]


def _counted(counted: int, difference: int | None) -> Line:
    return Line(str(counted), f"{difference:+d}" if difference else "", figure=True)


def _times(times: Times, look: Look) -> Line:
    """When it was; else when it is expected (with a ±), the plan under it where that was another moment."""
    best, planned = look.clock(times.best_ms), look.clock(times.planned_ms)
    shown = best if times.real_ms is not None else f"± {best}"
    return Line(shown, "" if best == planned else f"{look.say(words.PLAN)} {planned}")


def _total(runs: Sequence[RunLine], look: Look) -> list[Cell]:
    def added(of: Callable[[RunLine], Figure]) -> Figure:
        return sum((of(run) for run in runs), ZERO)

    seats = [run.seats for run in runs]
    return [
        Line(look.say(words.TOTAL)),
        None,
        None,
        None,
        None if None in seats else Figure(number=sum(one or 0 for one in seats)),
        Figure(number=sum(run.listed for run in runs)),
        added(lambda run: run.aboard),
        added(lambda run: run.arrived),
        added(lambda run: run.unconfirmed),
        added(lambda run: run.left_behind),
        added(lambda run: run.missing),
        *[None] * 5,
    ]


def _persons(book: Book, persons: Sequence[Person], look: Look) -> None:
    if not persons:
        book.need(24)
        book.pen.text(book.margin, book.y + 14, look.say(words.NOBODY_LOST), 13, bold=True)
        return
    columns = [
        Column("", 0.5),
        Column(look.say(words.WHO), 3),
        Column(look.say(words.TELEPHONE), 1.7),
        Column(look.say(words.LAST_SEEN), 2),
        Column(look.say(words.RUN_HEAD), 0.9),
        Column(look.say(words.BECAME), 2.4),
    ]
    ordered = sorted(persons, key=lambda one: (words.KINDS_ORDER.index(one.kind), one.name.casefold(), one.person))
    rows: list[Row] = []
    for kind, group in groupby(ordered, key=lambda one: one.kind):
        of = list(group)
        rows.append(Row(lead=f"{look.say(words.KINDS[kind])}: {len(of)}"))
        rows += [Row(_person(one, look)) for one in of]
    table.draw(book, look.say(words.BY_NAME), columns, rows)


def _person(one: Person, look: Look) -> list[Cell]:
    return [
        Write(tick=True),
        Line(one.name or one.person, one.organisation),
        Line(one.phone),
        Line(one.last_place, look.clock(one.last_ms)),
        Line(one.run),
        Write(),
    ]
