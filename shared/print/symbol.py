"""The QR symbol of a text, as rows of dark modules and drawn."""

from collections.abc import Iterator

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.pdfgen.canvas import Canvas

QUIET = 4  # modules of white on each side (ISO/IEC 18004)
SMALLEST = 2  # the version that Inloop's own code fits (CONTRACT section 5)


def matrix(code: str) -> list[list[bool]]:
    """The modules of the symbol without its quiet zone: error correction M, version 2 or what a longer code needs."""
    symbol = qrcode.QRCode(version=SMALLEST, error_correction=ERROR_CORRECT_M, border=0)
    symbol.add_data(code, optimize=0)
    symbol.make(fit=True)
    return [[bool(module) for module in row] for row in symbol.modules]


def runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """The dark stretches of a row as (first module, how many): fewer shapes, and no hairlines between them."""
    start: int | None = None
    for at, dark in enumerate([*row, False]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None


def draw(canvas: Canvas, rows: list[list[bool]], *, left: float, bottom: float, module: float) -> None:
    """Vectors, sharp at any size; lengths in points; the caller keeps the quiet zone of `QUIET` modules white."""
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        y = bottom + (len(rows) - 1 - number) * module
        for start, length in runs(row):
            path.rect(left + start * module, y, length * module, module)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
