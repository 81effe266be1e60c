"""A table that goes on over pages, with its head again on each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transport.paper.pen import SOFT, Align, Pen
from transport.paper.transfer import Figure


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head and its share of the width; numbers stand to the right."""

    head: str
    share: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A text with a smaller one under it; `figure`: to the right, as a number."""

    text: str
    under: str = ""
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """A box to write in, or to tick."""

    tick: bool = False


Cell = Line | Figure | Write | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `strong` for a sum, `lead` for a head over the following rows."""

    cells: Sequence[Cell] = ()
    strong: bool = False
    lead: str = ""


class Book:
    """Pages that are filled from the top down; `turn` ends a page and gives where the next one begins."""

    def __init__(self, pen: Pen, *, margin: float, bottom: float, top: float, turn: Callable[[], float]) -> None:
        self.pen = pen
        self.margin = margin
        self.y = top
        self._bottom = bottom
        self._turn = turn

    @property
    def room(self) -> float:
        """The width between the margins."""
        return self.pen.width - 2 * self.margin

    def need(self, height: float) -> bool:
        """Begin a new page where less than `height` is left; gives whether it did."""
        if self.y + height <= self._bottom:
            return False
        self.y = self._turn()
        return True


HEAD_SIZE = 8.2
HEAD_LINE = 9.2
ROW = 24.0
LEAD = 18.5
GAP = 8.0


def draw(book: Book, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """The table from `book.y` on; a head is never left alone at the foot of a page."""
    book.need(20 + _head_height(book, columns) + LEAD + 2 * ROW)
    _title(book, title)
    _heads(book, columns)
    for number, row in enumerate(rows):
        if book.need(_kept_together(rows, number)):
            _title(book, title)
            _heads(book, columns)
            lead = next((one for one in reversed(rows[:number]) if one.lead), None)
            if lead is not None and not row.lead:
                _lead(book, lead)
        _lead(book, row) if row.lead else _row(book, columns, row)
    book.y += GAP


def _kept_together(rows: Sequence[Row], number: int) -> float:
    """The height that must be left: a head keeps a row under it, a row the sum that follows it."""
    if rows[number].lead:
        return LEAD + ROW
    return 2 * ROW if number + 1 < len(rows) and rows[number + 1].strong else ROW


def _title(book: Book, title: str) -> None:
    book.pen.text(book.margin, book.y + 14, title, 14, bold=True)
    book.y += 18


def _heads(book: Book, columns: Sequence[Column]) -> None:
    book.y += _head_height(book, columns)
    for column, x, wide in _places(book, columns):
        at = x + wide - 5 if column.number else x
        align: Align = "right" if column.number else "left"
        for number, line in enumerate(reversed(_head_lines(book, column, wide))):
            y = book.y - 7 - number * HEAD_LINE
            book.pen.text(at, y, line, HEAD_SIZE, room=wide - 4, least=5.5, align=align, grey=SOFT)
    book.pen.rule(book.margin, book.y - 3, book.room, line=1.4, grey=0)


def _head_lines(book: Book, column: Column, wide: float) -> list[str]:
    return book.pen.lines(column.head, HEAD_SIZE, room=wide - 6)[:2]


def _head_height(book: Book, columns: Sequence[Column]) -> float:
    return 7.5 + HEAD_LINE * max(len(_head_lines(book, column, wide)) for column, _, wide in _places(book, columns))


def _lead(book: Book, row: Row) -> None:
    book.pen.text(book.margin, book.y + 13, row.lead, 11.5, bold=True, room=book.room)
    book.y += LEAD
    book.pen.rule(book.margin, book.y - 3, book.room)


def _row(book: Book, columns: Sequence[Column], row: Row) -> None:
    if row.strong:
        book.pen.box(book.margin, book.y - 3, book.room, ROW, line=0, fill=0.92)
    for (_, x, wide), cell in zip(_places(book, columns), row.cells, strict=True):
        match cell:
            case Line():
                _line(book, cell, x=x, wide=wide)
            case Figure():
                _figure(book, cell, right=x + wide - 5, wide=wide)
            case Write():
                _write(book, cell, x=x, wide=wide)
            case None:
                pass
    book.y += ROW
    book.pen.rule(book.margin, book.y - 3, book.room)


def _line(book: Book, cell: Line, *, x: float, wide: float) -> None:
    align: Align = "right" if cell.figure else "left"
    at = x + wide - 5 if cell.figure else x
    base, size = book.y + (9 if cell.under else 13), 13 if cell.figure else 11.5
    book.pen.text(at, base, cell.text, size, bold=True, room=wide - 6, least=7.5, align=align)
    book.pen.text(at, book.y + 19, cell.under, 8.5, room=wide - 6, least=6, align=align, grey=SOFT)


def _figure(book: Book, cell: Figure, *, right: float, wide: float) -> None:
    """A number, its grade small under it; a nought is quiet, so that the others speak."""
    letters = cell.letters
    base = book.y + (10.5 if letters else 13)
    bold = cell.number != 0
    book.pen.text(right, base, str(cell.number), 14.5, bold=bold, align="right", grey=0 if bold else 0.45)
    book.pen.text(right, book.y + 19, letters, 7.5, align="right", room=wide - 4, least=5)


def _write(book: Book, cell: Write, *, x: float, wide: float) -> None:
    if cell.tick:
        book.pen.tick_box(x + 2, book.y + 0.5, 17)
    else:
        book.pen.box(x + 2, book.y, wide - 6, ROW - 6.5, line=1, radius=2, fill=1.0)


def _places(book: Book, columns: Sequence[Column]) -> list[tuple[Column, float, float]]:
    whole, x = sum(column.share for column in columns), book.margin
    places = []
    for column in columns:
        wide = book.room * column.share / whole
        places.append((column, x, wide))
        x += wide
    return places
