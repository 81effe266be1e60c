"""A4 sheets of eight A7 badges: a symbol that reads at arm's length, and a name that reads across a table."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from shared.print.fonts import Fonts, find_fonts
from shared.print.symbol import QUIET, draw, matrix

COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT = 105 * mm, 74 * mm  # A7, lying
MARGIN = 6 * mm
SYMBOL = 34 * mm  # without the quiet zone, which is white paper
TEXT = WIDTH - SYMBOL - 4 * MARGIN
NAME_SIZES = (26, 22, 18, 15, 12, 10)  # points; the largest that lets the name stand in three lines


class Line(Protocol):
    """What is printed of a person."""

    @property
    def name(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def code(self) -> str: ...


def write_sheets(path: Path, badges: Iterable[Line], *, title: str) -> int:
    """Print all badges to a PDF, and say how many there were; the file is there complete, or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    canvas = Canvas(str(draft), pagesize=A4, pageCompression=1)
    canvas.setTitle(title)
    fonts = find_fonts()
    number = 0
    try:
        for number, badge in enumerate(badges, start=1):
            place = (number - 1) % (COLUMNS * ROWS)
            if number > 1 and place == 0:
                canvas.showPage()
            column, row = place % COLUMNS, place // COLUMNS
            top = A4[1] - (A4[1] - ROWS * HEIGHT) / 2
            _draw(canvas, badge, left=column * WIDTH, bottom=top - (row + 1) * HEIGHT, fonts=fonts)
        canvas.save()
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return number


def _draw(canvas: Canvas, badge: Line, *, left: float, bottom: float, fonts: Fonts) -> None:
    canvas.saveState()
    canvas.translate(left, bottom)
    canvas.setStrokeGray(0.8)
    canvas.setLineWidth(0.2)
    canvas.rect(0, 0, WIDTH, HEIGHT, stroke=1, fill=0)  # where to cut
    _draw_person(canvas, fonts.writable(badge.name), fonts.writable(badge.organisation), fonts)
    _draw_symbol(canvas, badge.code, left=WIDTH - MARGIN - 2 * mm - SYMBOL, bottom=MARGIN + 12 * mm)
    _draw_code(canvas, fonts.writable(badge.code), fonts)
    canvas.restoreState()


def _draw_person(canvas: Canvas, name: str, organisation: str, fonts: Fonts) -> None:
    size, lines = _fitting(name, fonts.bold)
    baseline = HEIGHT - MARGIN - size
    canvas.setFont(fonts.bold, size)
    for line in lines:
        canvas.drawString(MARGIN, baseline, line)
        baseline -= size * 1.15
    canvas.setFont(fonts.regular, 11)
    for line in simpleSplit(organisation, fonts.regular, 11, TEXT)[:3]:
        canvas.drawString(MARGIN, baseline, _cut(line, fonts.regular, 11))
        baseline -= 13


def _fitting(name: str, font: str) -> tuple[int, list[str]]:
    """The largest size at which the name stands in three lines without a word cut off."""
    for size in NAME_SIZES:
        lines = simpleSplit(name, font, size, TEXT)
        if len(lines) <= 3 and all(stringWidth(line, font, size) <= TEXT for line in lines):
            return size, lines
    return NAME_SIZES[-1], [_cut(line, font, NAME_SIZES[-1]) for line in lines[:3]]


def _cut(line: str, font: str, size: int) -> str:
    """The line, or as much of it as fits beside the symbol."""
    if stringWidth(line, font, size) <= TEXT:
        return line
    while line and stringWidth(f"{line}…", font, size) > TEXT:
        line = line[:-1]
    return f"{line}…"


def _draw_symbol(canvas: Canvas, code: str, *, left: float, bottom: float) -> None:
    """`SYMBOL` leaves the quiet zone of `QUIET` modules on each side white."""
    rows = matrix(code)
    module = SYMBOL / max(len(rows), 25)
    if QUIET * module > MARGIN + 2 * mm:
        raise ValueError("the quiet zone does not fit: make the symbol smaller")
    draw(canvas, rows, left=left, bottom=bottom, module=module)


def _draw_code(canvas: Canvas, code: str, fonts: Fonts) -> None:
    """The same text for a host to type; a long foreign code is cut off, as nobody types it."""
    size = 7
    text = code if len(code) <= 64 else f"{code[:60]}…"
    wide = stringWidth(text, fonts.regular, size)
    canvas.setFont(fonts.regular, size)
    canvas.drawString(max(MARGIN, WIDTH - MARGIN - 2 * mm - wide), MARGIN + 4 * mm, text)
