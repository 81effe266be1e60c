"""The top of a passenger list: which run, how many, which print, and what is different from the one in your hand."""

from collections.abc import Sequence

from transport.paper import words
from transport.paper.model import Look, Printed, Run, Times
from transport.paper.pen import SOFT, Pen
from transport.paper.rows import Changed, Changes

MOST_LINES = 5  # of one kind of change; the list itself marks them all


def heading(pen: Pen, run: Run, printed: Printed, look: Look, *, margin: float, scale: float) -> float:
    """The head of the first page; gives where the rows may begin."""
    right, y = pen.width - margin, margin + 40 * scale
    aside = _print(pen, run, printed, look, right=right, top=margin, scale=scale)
    wide = pen.text(margin, y, run.name, 54 * scale, bold=True, room=(right - margin) * 0.4, least=24 * scale)
    x = margin + wide + 14 * scale
    room = right - x - aside - 10
    coach = " · ".join(part for part in (run.coach, run.plate, run.operator) if part)
    pen.fit(x, y - 19 * scale, run.kerb, 23 * scale, room=room)
    pen.text(x, y, coach, 11.5 * scale, room=room, least=8.5 * scale)
    y += 30 * scale
    route = f"{run.origin.name} → {run.destination.name}"
    day = look.day(run.depart.planned_ms)
    taken = pen.text(right, y, day, 11 * scale, align="right", grey=SOFT)
    pen.fit(margin, y, route, 20 * scale, room=right - margin - taken - 12)
    y = _times(pen, run, look, x=margin, y=y + 23 * scale, scale=scale)
    return _numbers(pen, run, look, margin=margin, top=y + 12 * scale, scale=scale) + 8 * scale


def slim_heading(pen: Pen, run: Run, printed: Printed, look: Look, *, margin: float, scale: float) -> float:
    """The head of the following pages; gives where the rows may begin."""
    base, right = margin + 16 * scale, pen.width - margin
    wide = pen.text(margin, base, run.name, 22 * scale, bold=True)
    label = _label(printed, look)
    pill = pen.wide(label, 11 * scale, bold=True) + 10 * scale
    pen.pill(right - pill, base - 1, label, 11 * scale, filled=True)
    departs = f"{look.say(words.DEPARTS)} {look.clock(run.depart.best_ms)}"
    parts = (run.kerb, f"{run.origin.name} → {run.destination.name}", departs)
    x = margin + wide + 10 * scale
    line = " · ".join(part for part in parts if part)
    pen.text(x, base, line, 11.5 * scale, room=right - pill - x - 10, least=8 * scale)
    bottom = slim_height(margin=margin, scale=scale)
    pen.rule(margin, bottom, right - margin, line=1.2, grey=0)
    return bottom


def slim_height(*, margin: float, scale: float) -> float:
    """Where the rows may begin on a following page."""
    return margin + 26 * scale


def summary(pen: Pen, changed: Changes, look: Look, *, top: float, margin: float, scale: float) -> float:
    """What changed since an earlier print, in a box; gives where the rows may begin."""
    size, pad, column = 11 * scale, 9 * scale, 92 * scale
    room = pen.width - 2 * margin - 2 * pad
    title = f"{look.say(words.SINCE)} {changed.since.nth} ({look.clock(changed.since.at_ms)})"
    kinds = ((words.ADDED, changed.added), (words.GONE, changed.gone), (words.MOVED, changed.moved))
    parts = [(kind, of, _lines(pen, of, look, size=size, room=room - column)) for kind, of in kinds if of]
    if not parts:
        title = f"{title}: {look.say(words.NOTHING)}"
    high = pad * 2 + size * 0.9 + sum(len(lines) for _, _, lines in parts) * size * 1.3
    pen.box(margin, top, pen.width - 2 * margin, high, line=1.4, radius=4 * scale)
    y = top + pad + size * 0.85
    pen.text(margin + pad, y, title, size, bold=True, room=room)
    for kind, of, lines in parts:
        pen.text(
            margin + pad, y + size * 1.3, f"{look.say(kind)}: {len(of)}", size, bold=True, room=column - 4, least=5
        )
        for line in lines:
            y += size * 1.3
            pen.text(margin + pad + column, y, line, size, room=room - column)
    return top + high + 6 * scale


def _lines(pen: Pen, of: Sequence[Changed], look: Look, *, size: float, room: float) -> list[str]:
    """`48 Jan de Vries · 49 …`, as many as stand in a few lines."""
    lines: list[str] = []
    for shown in range(len(of), -1, -1):
        said = [_said(one, look) for one in of[:shown]]
        if shown < len(of):
            said.append(look.say(words.AND_MORE).format(n=len(of) - shown))
        lines = pen.lines(" · ".join(said), size, room=room)
        if len(lines) <= MOST_LINES:
            break
    return lines


def _said(one: Changed, look: Look) -> str:
    name = one.name or look.say(words.NAMELESS)
    more = one.run or ("" if one.why is None else look.say(one.why))
    return f"{one.row} {name} ({more})" if more else f"{one.row} {name}"


def _label(printed: Printed, look: Look) -> str:
    if printed.nth is None:
        return look.say(words.DRAFT).upper()
    return f"{look.say(words.PRINT).upper()} {printed.nth}"


def _print(pen: Pen, run: Run, printed: Printed, look: Look, *, right: float, top: float, scale: float) -> float:
    """Which print this is; gives the room it takes."""
    label, size = _label(printed, look), 17 * scale
    wide = pen.wide(label, size, bold=True) + 0.84 * size
    pen.pill(right - wide, top + size, label, size, filled=True)
    kept = printed.at_ms
    made = look.say(words.DRAFT_WHY) if kept is None else f"{look.say(words.LIST_OF)} {look.clock(kept)}"
    state = f"{look.say(words.AS_OF)} {look.clock(run.at_ms)}"
    first = pen.text(right, top + 32 * scale, made, 9.5 * scale, align="right")
    second = pen.text(right, top + 44 * scale, state, 9.5 * scale, align="right")
    return max(wide, first, second)


def _times(pen: Pen, run: Run, look: Look, *, x: float, y: float, scale: float) -> float:
    for word, times in ((words.OPENS, run.open), (words.DEPARTS, run.depart), (words.ARRIVES, run.arrive)):
        x += pen.text(x, y, look.say(word), 11 * scale, grey=SOFT) + 5 * scale
        x += pen.text(x, y, look.clock(times.best_ms), 16 * scale, bold=True) + 5 * scale
        x += _late(pen, times, look, x=x, y=y, size=9.5 * scale) + 13 * scale
    return y


def _late(pen: Pen, times: Times, look: Look, *, x: float, y: float, size: float) -> float:
    """The planned time beside one that differs."""
    if look.clock(times.best_ms) == look.clock(times.planned_ms):
        return 0
    return pen.text(x, y, f"({look.say(words.PLANNED)} {look.clock(times.planned_ms)})", size, grey=SOFT)


def _numbers(pen: Pen, run: Run, look: Look, *, margin: float, top: float, scale: float) -> float:
    high, right = 48 * scale, pen.width - margin
    needed = sum(rider.wheelchair for rider in run.riders)
    places = words.WHEELCHAIR_1 if run.wheelchairs == 1 else words.WHEELCHAIRS
    cells = (
        (str(len(run.riders)), look.say(words.LISTED), ""),
        ("?" if run.seats is None else str(run.seats), look.say(words.SEATS), ""),
        (str(run.wheelchairs), look.say(places), f"{needed} {look.say(words.NEEDED)}" if needed else ""),
    )
    box = 96 * scale
    step = (right - margin - 2 * box - 20 * scale) / len(cells)
    for number, (figure, label, hint) in enumerate(cells):
        x = margin + number * step
        wide = pen.text(x, top + 27 * scale, figure, 30 * scale, bold=True)
        if hint:
            pen.text(
                x + wide + 5 * scale,
                top + 27 * scale,
                hint,
                10.5 * scale,
                bold=True,
                room=step - wide - 10 * scale,
                least=6,
            )
        pen.text(x, top + 41 * scale, label, 10 * scale, room=step - 6, least=7 * scale, grey=SOFT)
    for number, written in enumerate((words.COUNTED, words.LEFT_AT)):
        x = right - (2 - number) * box - (1 - number) * 8 * scale
        pen.box(x, top, box, high, line=2 * scale, radius=4 * scale)
        pen.text(
            x + 6 * scale, top + 11 * scale, look.say(written), 8.5 * scale, room=box - 10 * scale, least=6 * scale
        )
    return top + high
