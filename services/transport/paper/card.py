"""The check card: walk to the back and look, for somebody may be asleep there; A6, or A5 to fold, in two languages."""

from typing import Literal

from shared.facts import Text
from transport.paper import words
from transport.paper.model import Language, Look, Run
from transport.paper.pen import SOFT, Pen

WIDTH = 297.6  # of A6, which is half an A5
MARGIN = 17.0
TICK = 19.0


def check_card(run: Run, look: Look, *, size: Literal["a5", "a6"] = "a5") -> bytes:
    """The card as PDF: A5 with both languages beside each other, the language of `look` first; or two pages of A6."""
    pen = Pen("a6" if size == "a6" else "a5-landscape", title=f"{look.say(words.CARD)} {run.name}")
    languages: tuple[Language, Language] = ("nl", "en") if look.language == "nl" else ("en", "nl")
    for number, language in enumerate(languages):
        if number and size == "a6":
            pen.next_page()
        left = 0 if size == "a6" else number * pen.width / 2
        _side(pen, run, Look(language=language, zone=look.zone), left=left)
    if size == "a5":
        pen.dashes(pen.width / 2, 8, pen.height - 8)
    return pen.bytes()


def _side(pen: Pen, run: Run, look: Look, *, left: float) -> None:
    x, room = left + MARGIN, WIDTH - 2 * MARGIN
    _top(pen, run, look, left=left)
    pen.text(x, 80, look.say(words.CARD_WHY), 9.5, room=room, least=7)
    y = _steps(pen, look, x=x, y=92, room=room)
    y = _counts(pen, look, x=x, y=y + 8, room=room)
    _signature(pen, look, x=x, y=y + 16, room=room)


def _top(pen: Pen, run: Run, look: Look, *, left: float) -> None:
    pen.box(left, 0, WIDTH, 62, line=0, fill=0.0)
    x, right = left + MARGIN, left + WIDTH - MARGIN
    wide = pen.text(right, 34, run.name, 28, bold=True, align="right", grey=1, room=90, least=14)
    pen.text(x, 33, look.say(words.CARD), 21, bold=True, grey=1, room=right - x - wide - 10, least=12)
    parts = (run.coach, run.plate, f"{run.origin.name} → {run.destination.name}", look.clock(run.arrive.best_ms))
    pen.text(x, 51, " · ".join(part for part in parts if part), 9.5, grey=1, room=right - x, least=6.5)


def _steps(pen: Pen, look: Look, *, x: float, y: float, room: float) -> float:
    for step in words.STEPS:
        pen.tick_box(x, y, TICK)
        pen.text(x + TICK + 10, y + TICK * 0.7, look.say(step), 13, bold=True, room=room - TICK - 10, least=8)
        y += TICK + 7.5
    return y


def _counts(pen: Pen, look: Look, *, x: float, y: float, room: float) -> float:
    """Who rode and who got off must be the same number; what was found is written beside it."""
    box, high = 58.0, 44.0
    for number, label in enumerate((words.RODE, words.GOT_OFF)):
        _box(pen, look, label, x=x + number * (box + 6), y=y, width=box, height=high)
    taken = 2 * (box + 6)
    _box(pen, look, words.FOUND, x=x + taken, y=y, width=room - taken, height=high)
    return y + high


def _box(pen: Pen, look: Look, label: Text, *, x: float, y: float, width: float, height: float) -> None:
    pen.box(x, y, width, height, line=1.3, radius=3)
    pen.text(x + 5, y + 10, look.say(label), 8, room=width - 9, least=6)


def _signature(pen: Pen, look: Look, *, x: float, y: float, room: float) -> None:
    pen.tick_box(x, y - 4, TICK)
    pen.text(x + TICK + 10, y - 4 + TICK * 0.72, look.say(words.EMPTY), 14, bold=True, room=room - TICK - 10, least=9)
    base, start = y + 52.0, x
    widths = ((words.NAME, 0.42), (words.TIME, 0.2), (words.SIGNED, 0.38))
    for label, share in widths:
        wide = room * share - (0 if label is words.SIGNED else 8)
        pen.rule(start, base, wide, line=0.9, grey=0)
        pen.text(start, base + 10, look.say(label), 8, grey=SOFT)
        start += room * share
