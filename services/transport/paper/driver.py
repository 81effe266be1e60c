"""The driver's sheet, A5: where to, when, how many, and what to mind; names only where the organiser allows them."""

from collections import Counter
from dataclasses import dataclass

from shared.facts import Text
from transport.paper import words
from transport.paper.model import Look, Run, Stop, for_the_road
from transport.paper.pages import numbered
from transport.paper.pen import SOFT, Pen

MARGIN = 24.0
QR = 108.0
NAME_ROW = 14.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Extras:
    """What else is on it: the address of the run's page, without a token in it; the desk's phone; names or not."""

    url: str
    desk: str = ""
    names: bool = False


def driver_sheet(run: Run, look: Look, extras: Extras) -> bytes:
    """The sheet as PDF; names, where allowed, follow on pages of their own."""
    pen = Pen("a5", title=f"{look.say(words.DRIVER)} {run.name} {look.clock(run.depart.planned_ms)}")
    leaves = _name_leaves(pen, run) if extras.names else []
    total = 1 + len(leaves)
    y = _head(pen, run, look)
    y = _route(pen, run, look, top=y + 16)
    y = _numbers(pen, run, look, top=y + 12)
    _needs(pen, run, look, top=y + 18, names=extras.names)
    _reach(pen, run, look, extras)
    numbered(pen, look, run.name, 1, total, margin=MARGIN, size=7.5)
    for number, leaf in enumerate(leaves, start=2):
        pen.next_page()
        _names(pen, run, leaf, look)
        numbered(pen, look, run.name, number, total, margin=MARGIN, size=7.5)
    return pen.bytes()


def _head(pen: Pen, run: Run, look: Look) -> float:
    right, band = pen.width - MARGIN, 74.0
    pen.box(0, 0, pen.width, band, line=0, fill=0.0)
    wide = pen.text(MARGIN, 57, run.name, 50, bold=True, grey=1, room=150, least=26)
    x = MARGIN + wide + 16
    coach = " · ".join(part for part in (run.coach, run.plate) if part)
    kind = f"{look.say(words.DRIVER)} · {look.day(run.depart.planned_ms)}"
    taken = pen.text(right, 56, kind, 9.5, align="right", grey=1)
    pen.fit(x, 33, run.kerb, 22, room=right - x, grey=1)
    pen.text(x, 56, coach, 14, grey=1, room=right - x - taken - 10, least=8)
    return band


def _route(pen: Pen, run: Run, look: Look, *, top: float) -> float:
    """Both ends on a line, as on a map of a tram, each with its time."""
    ends = ((run.origin, words.DEPARTS, run.depart), (run.destination, words.ARRIVES, run.arrive))
    x, step, right = MARGIN + 7, 54.0, pen.width - MARGIN
    pen.stroke(((x, top + 12), (x, top + 12 + step)), line=3)
    for number, (stop, word, times) in enumerate(ends):
        y = top + number * step
        pen.dot(x, y + 12, 6.5, filled=number == 1)
        clock = look.clock(times.best_ms)
        taken = pen.text(right, y + 20, clock, 29, bold=True, align="right")
        pen.text(right, y + 32, _by(word, look, times.planned_ms, times.best_ms), 9, align="right", grey=SOFT)
        _stop(pen, stop, x=x + 18, y=y, room=right - x - 18 - max(taken, 90) - 8)
    return top + 2 * step - 12


def _by(word: Text, look: Look, planned_ms: int, best_ms: int) -> str:
    said = look.say(word)
    late = look.clock(planned_ms) != look.clock(best_ms)
    return f"{said} ({look.say(words.PLANNED)} {look.clock(planned_ms)})" if late else said


def _stop(pen: Pen, stop: Stop, *, x: float, y: float, room: float) -> None:
    pen.fit(x, y + 17, stop.name, 19, room=room)
    pen.text(x, y + 32, stop.address, 11, room=room, least=8)


def _numbers(pen: Pen, run: Run, look: Look, *, top: float) -> float:
    needed = sum(rider.wheelchair for rider in run.riders)
    places = words.WHEELCHAIR_1 if run.wheelchairs == 1 else words.WHEELCHAIRS
    cells = (
        (str(len(run.riders)), look.say(words.PASSENGERS)),
        ("?" if run.seats is None else str(run.seats), look.say(words.SEATS)),
        (str(run.wheelchairs), look.say(places)),
        (str(needed), look.say(words.IN_WHEELCHAIR)),
    )
    step = (pen.width - 2 * MARGIN) / len(cells)
    pen.rule(MARGIN, top, pen.width - 2 * MARGIN, line=1.4, grey=0)
    for number, (figure, label) in enumerate(cells):
        x = MARGIN + number * step
        pen.text(x, top + 37, figure, 34, bold=True, room=step - 8, least=20)
        pen.text(x, top + 50, label, 9.5, room=step - 8, least=7, grey=SOFT)
    pen.rule(MARGIN, top + 58, pen.width - 2 * MARGIN, line=1.4, grey=0)
    return top + 58


def _needs(pen: Pen, run: Run, look: Look, *, top: float, names: bool) -> None:
    room, size = pen.width - 2 * MARGIN, 12.5
    pen.text(MARGIN, top, look.say(words.NEEDS), 12.5, bold=True)
    lines = _needs_lines(run, look, names=names)
    last = pen.height - MARGIN - QR - 46
    if not lines:
        pen.text(MARGIN, top + 18, look.say(words.NO_NEEDS), 11.5, room=room)
        return
    fit = int((last - top) // 18)
    shown = lines if len(lines) <= fit else lines[: fit - 1]
    y = top
    for wheelchair, line in shown:
        y += 18
        if wheelchair:
            pen.wheelchair(MARGIN, y - 11.5, 14)
        else:
            pen.dot(MARGIN + 7, y - 4.3, 2, filled=True)
        pen.text(MARGIN + 20, y, line, size, room=room - 20, least=9)
    if len(shown) < len(lines):
        more = look.say(words.AND_MORE_NEEDS).format(n=len(lines) - len(shown))
        pen.text(MARGIN + 20, y + 18, more, size, bold=True)


def _needs_lines(run: Run, look: Look, *, names: bool) -> list[tuple[bool, str]]:
    """(in a wheelchair, the line): by name, or how many there are of each."""
    found = [
        (rider.wheelchair, _need(rider.needs, look, wheelchair=rider.wheelchair), rider.name) for rider in run.riders
    ]
    needing = sorted(
        (one for one in found if one[1]), key=lambda one: (not one[0], one[1].casefold(), one[2].casefold())
    )
    if names:
        return [(wheelchair, f"{name}: {need}") for wheelchair, need, name in needing]
    counted = Counter((wheelchair, need) for wheelchair, need, _ in needing)
    return [(wheelchair, f"{number} × {need}") for (wheelchair, need), number in counted.items()]


def _need(needs: str, look: Look, *, wheelchair: bool) -> str:
    return for_the_road(needs) or (look.say(words.WHEELCHAIR) if wheelchair else "")


def _reach(pen: Pen, run: Run, look: Look, extras: Extras) -> None:
    """The foot: the run's page as QR, the desk's phone, and when to drive off."""
    top, right = pen.height - MARGIN - QR - 12, pen.width - MARGIN
    pen.rule(MARGIN, top - 8, right - MARGIN, line=1.4, grey=0)
    pen.qr(right - QR + 8, top - 6, extras.url, QR)
    pen.link(right - QR + 8, top - 6, QR, QR, extras.url)
    room = right - MARGIN - QR - 4
    y = top + 14
    if extras.desk:
        pen.text(MARGIN, y, look.say(words.DESK), 10, room=room, grey=SOFT)
        pen.text(MARGIN, y + 22, extras.desk, 20, bold=True, room=room, least=12)
        y += 44
    pen.text(MARGIN, y, f"{look.say(words.SCAN)} →", 11.5, bold=True, room=room, least=8)
    pen.text(MARGIN, y + 13, look.say(words.SCAN_HINT), 9, room=room, least=7, grey=SOFT)
    pen.paragraph(MARGIN, y + 31, look.say(words.DRIVE_OFF), 9, room=room)


def _name_leaves(pen: Pen, run: Run) -> list[list[tuple[str, bool]]]:
    """Names by alphabet, two columns a page."""
    a_page = 2 * int((pen.height - 2 * MARGIN - 46) // NAME_ROW)
    names = sorted(((rider.name, rider.wheelchair) for rider in run.riders), key=lambda one: one[0].casefold())
    return [names[start : start + a_page] for start in range(0, len(names), a_page)]


def _names(pen: Pen, run: Run, leaf: list[tuple[str, bool]], look: Look) -> None:
    pen.text(MARGIN, MARGIN + 18, f"{run.name} · {look.say(words.NAMES)}", 18, bold=True)
    pen.rule(MARGIN, MARGIN + 27, pen.width - 2 * MARGIN, line=1.4, grey=0)
    column, half = (pen.width - 2 * MARGIN) / 2, (len(leaf) + 1) // 2
    for number, (name, wheelchair) in enumerate(leaf):
        x = MARGIN + (number // half) * column
        y = MARGIN + 44 + (number % half) * NAME_ROW
        taken = 15 if wheelchair else 0
        if wheelchair:
            pen.wheelchair(x, y - 9.5, 11.5)
        pen.text(x + taken, y, name, 10.5, room=column - 12 - taken, least=6)
