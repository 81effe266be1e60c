"""A pen for sheets that are read in the rain: large, black on white, nothing that a poor printer loses.

Lengths are points; x goes from the left edge, y down from the upper one, as one writes.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Literal

from reportlab.lib.pagesizes import A4, A5, A6, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from shared.print import symbol
from shared.print.fonts import Fonts, find_narrow

Align = Literal["left", "right", "centre"]
SIZES = {"a4": A4, "a5": A5, "a6": A6, "a4-landscape": landscape(A4), "a5-landscape": landscape(A5)}
SOFT = 0.33  # the lightest grey of letters: 7:1 on white
RULE = 0.72  # of lines between rows
_PLAIN = {"→": ">", "·": "-", "–": "-", "…": "...", "“": '"', "”": '"'}  # for a font that lacks them


class Pen:
    """Draws pages; `bytes` ends it. The same strokes give the same bytes."""

    def __init__(self, size: str, *, title: str) -> None:
        self.width, self.height = SIZES[size]
        self._buffer = BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=(self.width, self.height), pageCompression=1, invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setCreator("Inloop")
        self._fonts: Fonts = find_narrow()

    def bytes(self) -> bytes:
        """The file; nothing can be drawn after it."""
        self._canvas.save()
        return self._buffer.getvalue()

    def next_page(self) -> None:
        """End this page and begin another."""
        self._canvas.showPage()

    # -- letters -----------------------------------------------------------------------------------

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        room: float | None = None,
        least: float | None = None,
        grey: float = 0.0,
    ) -> float:
        """Write a line with its baseline at `y`; smaller down to `least`, then cut off, where `room` is less.

        Gives its width.
        """
        font, written = self._font(bold), self._writable(text)
        if room is not None:
            size = self._fitting(written, font, size, room, size if least is None else least)
            written = _cut(written, font, size, room)
        wide = float(stringWidth(written, font, size))
        self._canvas.setFillGray(grey)
        self._canvas.setFont(font, size)
        start = x - wide if align == "right" else x - wide / 2 if align == "centre" else x
        self._canvas.drawString(start, self.height - y, written)
        return wide

    def wide(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide a line is."""
        return float(stringWidth(self._writable(text), self._font(bold), size))

    def lines(self, text: str, size: float, *, room: float, bold: bool = False) -> list[str]:
        """A text broken into lines of at most `room`."""
        return list(simpleSplit(self._writable(text), self._font(bold), size, room))

    def paragraph(
        self, x: float, y: float, text: str, size: float, *, room: float, bold: bool = False, grey: float = 0.0
    ) -> float:
        """Write lines from the baseline `y` down; gives the baseline that would follow."""
        for line in self.lines(text, size, room=room, bold=bold):
            self.text(x, y, line, size, bold=bold, room=room, grey=grey)
            y += size * 1.3
        return y

    def fit(
        self, x: float, y: float, text: str, size: float, *, room: float, bold: bool = True, grey: float = 0.0
    ) -> None:
        """Write what must not be cut off: on one line, smaller where it must be, else on two small ones around `y`."""
        if self.wide(text, size, bold=bold) <= room / 0.6:
            self.text(x, y, text, size, bold=bold, room=room, least=size * 0.5, grey=grey)
            return
        shares = (0.52, 0.46, 0.4, 0.34)
        small = next(
            (size * n for n in shares if len(self.lines(text, size * n, room=room, bold=bold)) <= 2), size * 0.34
        )
        first, *rest = self.lines(text, small, room=room, bold=bold)
        if not rest:
            self.text(x, y, first, small, bold=bold, room=room, grey=grey)
            return
        self.text(x, y - small * 1.05, first, small, bold=bold, room=room, grey=grey)
        self.text(x, y + small * 0.1, " ".join(rest), small, bold=bold, room=room, grey=grey)

    def pill(self, x: float, y: float, text: str, size: float, *, filled: bool, room: float | None = None) -> float:
        """A word in a box whose letters stand on `y`; gives the box's width."""
        pad = size * 0.42
        wide = self.wide(text, size, bold=True)
        wide = wide if room is None else min(wide, room - 2 * pad)
        self.box(
            x, y - size * 0.98, wide + 2 * pad, size * 1.32, line=0.8, radius=size * 0.22, fill=0.0 if filled else None
        )
        self.text(x + pad, y, text, size, bold=True, room=wide + 0.1, grey=1.0 if filled else 0.0)
        return wide + 2 * pad

    # -- lines and shapes --------------------------------------------------------------------------

    def rule(self, x: float, y: float, length: float, *, line: float = 0.5, grey: float = RULE) -> None:
        """A level line."""
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(line)
        self._canvas.line(x, self.height - y, x + length, self.height - y)

    def stroke(self, points: Iterable[tuple[float, float]], *, line: float, grey: float = 0.0) -> None:
        """A line through points."""
        path = self._canvas.beginPath()
        for number, (x, y) in enumerate(points):
            (path.lineTo if number else path.moveTo)(x, self.height - y)
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(line)
        self._canvas.setLineCap(1)
        self._canvas.setLineJoin(1)
        self._canvas.drawPath(path, stroke=1, fill=0)
        self._canvas.setLineCap(0)
        self._canvas.setLineJoin(0)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        line: float = 1.2,
        radius: float = 0.0,
        fill: float | None = None,
        grey: float = 0.0,
    ) -> None:
        """A box from its upper left corner, with rounded corners where there is a `radius`."""
        self._canvas.setStrokeGray(grey)
        self._canvas.setLineWidth(line)
        if fill is not None:
            self._canvas.setFillGray(fill)
        self._canvas.roundRect(
            x, self.height - y - height, width, height, radius, stroke=int(line > 0), fill=int(fill is not None)
        )

    def dot(self, x: float, y: float, radius: float, *, filled: bool) -> None:
        """A circle around a point."""
        self._canvas.setStrokeGray(0)
        self._canvas.setFillGray(0 if filled else 1)
        self._canvas.setLineWidth(1.6)
        self._canvas.circle(x, self.height - y, radius, stroke=1, fill=1)

    def tick_box(self, x: float, y: float, size: float, *, ticked: bool = False) -> None:
        """A box to tick with its upper left corner at (x, y)."""
        self.box(x, y, size, size, line=1.3, radius=size * 0.12, fill=1.0)
        if ticked:
            points = [(x + size * a, y + size * b) for a, b in ((0.2, 0.52), (0.42, 0.76), (0.82, 0.24))]
            self.stroke(points, line=size * 0.13)

    def wheelchair(self, x: float, y: float, size: float) -> None:
        """The sign of a wheelchair, white on black, with its upper left corner at (x, y)."""
        self.box(x, y, size, size, line=0, radius=size * 0.16, fill=0.0)
        with self._at(x, y, size / 100):
            canvas = self._canvas
            canvas.setFillGray(1)
            canvas.setStrokeGray(1)
            canvas.setLineWidth(8)
            canvas.setLineCap(1)
            canvas.setLineJoin(1)
            canvas.circle(43, -18, 8, stroke=0, fill=1)
            back = canvas.beginPath()
            for number, point in enumerate(((43, -33), (45, -56), (65, -56), (75, -78), (83, -75))):
                (back.lineTo if number else back.moveTo)(*point)
            canvas.drawPath(back, stroke=1, fill=0)
            canvas.line(45, -44, 62, -44)
            wheel = canvas.beginPath()
            wheel.arc(22, -88, 66, -44, startAng=112, extent=228)
            canvas.drawPath(wheel, stroke=1, fill=0)

    def qr(self, x: float, y: float, text: str, size: float) -> None:
        """The symbol of a text, `size` with its quiet zone, from the upper left corner."""
        rows = symbol.matrix(text)
        module = size / (len(rows) + 2 * symbol.QUIET)
        edge = symbol.QUIET * module
        symbol.draw(self._canvas, rows, left=x + edge, bottom=self.height - y - size + edge, module=module)

    def link(self, x: float, y: float, width: float, height: float, url: str) -> None:
        """A place that leads to an address where the file is read on a screen."""
        self._canvas.linkURL(url, (x, self.height - y - height, x + width, self.height - y))

    def dashes(self, x: float, top: float, bottom: float) -> None:
        """An upright dashed line: fold or cut here."""
        self._canvas.setDash(3, 3)
        self.stroke(((x, top), (x, bottom)), line=0.6, grey=0.5)
        self._canvas.setDash()

    @contextmanager
    def _at(self, x: float, y: float, scale: float) -> Iterator[None]:
        self._canvas.saveState()
        self._canvas.translate(x, self.height - y)
        self._canvas.scale(scale, scale)
        yield
        self._canvas.restoreState()

    def _font(self, bold: bool) -> str:
        return self._fonts.bold if bold else self._fonts.regular

    def _writable(self, text: str) -> str:
        written = self._fonts.writable(" ".join(text.split()))
        if "?" not in written:
            return written
        return self._fonts.writable(" ".join("".join(_plain(self._fonts, letter) for letter in text).split()))

    @staticmethod
    def _fitting(text: str, font: str, size: float, room: float, least: float) -> float:
        wide = float(stringWidth(text, font, size))
        return size if wide <= room else max(least, size * room / wide)


def _plain(fonts: Fonts, letter: str) -> str:
    return _PLAIN.get(letter, letter) if fonts.writable(letter) == "?" else letter


def _cut(text: str, font: str, size: float, room: float) -> str:
    if stringWidth(text, font, size) <= room + 0.01:
        return text
    while text and stringWidth(f"{text}…", font, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
