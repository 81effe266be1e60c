"""The passenger list, A4 and A5: who to tick off, with numbers that can be read out and typed in again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from transport.paper import words
from transport.paper.heading import heading, slim_heading, slim_height, summary
from transport.paper.model import Look, Printed, Rider, Run, for_the_road
from transport.paper.pages import numbered, paginate
from transport.paper.pen import SOFT, Pen
from transport.paper.rows import Changed, Changes, changes

LEAST = 0.72  # of the size of a name, where it is long
WALK_ONS = 8  # empty rows, as far as the last page has room; never fewer than
FEWEST = 2
WHEELCHAIR = frozenset({"rolstoel", "wheelchair"})  # the sign says it


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """Lengths of a size of paper, in points."""

    margin: float
    scale: float  # of the heading
    row: float
    name: float
    small: float
    number: float  # width of its column
    tick: float


FORMS: Mapping[str, Form] = {
    "a4": Form(margin=34, scale=1, row=26, name=13.5, small=9, number=29, tick=17),
    "a5": Form(margin=22, scale=0.76, row=25, name=12.5, small=8.5, number=25, tick=16),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to tick off; `mark` says what changed."""

    row: int
    rider: Rider
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who is not on the list any more: crossed out in their old place, so that no number seems forgotten."""

    row: int
    name: str
    mark: str


@dataclass(frozen=True, slots=True)
class Head:
    """A line above some rows."""

    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    phones: bool
    organisations: bool


@dataclass(frozen=True, slots=True)
class Empty:
    """A row to write somebody on."""


Item = Person | Gone | Head | Empty


def passenger_list(run: Run, printed: Printed, look: Look, *, grouped: bool = False, phones: bool = False) -> bytes:
    """The list as PDF; `grouped` by organisation, with `phones` where the organiser wants them on paper."""
    form = FORMS[look.size]
    title = f"{look.say(words.LIST)} {run.name} {look.clock(run.depart.planned_ms)}"
    pen = Pen(look.size, title=title)
    shown = _Shown(phones=phones, organisations=not grouped)
    changed = changes(printed, [(rider.person, rider.name, rider.told) for rider in run.riders])
    top = heading(pen, run, printed, look, margin=form.margin, scale=form.scale)
    top = top if changed is None else summary(pen, changed, look, top=top, margin=form.margin, scale=form.scale)
    leaves = _leaves(pen, run, printed, changed, look, form, grouped=grouped, top=top)
    for number, leaf in enumerate(leaves, start=1):
        if number > 1:
            pen.next_page()
            top = slim_heading(pen, run, printed, look, margin=form.margin, scale=form.scale)
        _draw(pen, leaf, form, shown, top=top)
        foot = words.FOOT
        numbered(pen, look, run.name, number, len(leaves), margin=form.margin, size=form.small - 1, foot=foot)
    return pen.bytes()


def _leaves(
    pen: Pen,
    run: Run,
    printed: Printed,
    changed: Changes | None,
    look: Look,
    form: Form,
    *,
    grouped: bool,
    top: float,
) -> list[list[Item]]:
    bottom = pen.height - form.margin * 0.62 - form.small - 5
    first, other = (int((bottom - y) // form.row) for y in (top, slim_height(margin=form.margin, scale=form.scale)))
    items = list(_items(run, printed, changed, look, grouped=grouped))
    leaves = paginate(items, first=first, other=other, leads=_leads, again=lambda head: _again(head, look))
    free = (first if len(leaves) == 1 else other) - len(leaves[-1]) - 1
    walk_ons: list[Item] = [Head(look.say(words.WALK_ONS), look.say(words.WALK_ON_HINT))]
    if free < FEWEST:
        return [*leaves, [*walk_ons, *[Empty()] * WALK_ONS]]
    return [*leaves[:-1], [*leaves[-1], *walk_ons, *[Empty()] * min(free, WALK_ONS)]]


def _leads(item: Item) -> bool:
    return isinstance(item, Head)


def _again(item: Item, look: Look) -> Item:
    """The head of a group that goes on on the next page."""
    return Head(f"{item.text} ({look.say(words.GOES_ON)})", item.hint) if isinstance(item, Head) else item


def _items(run: Run, printed: Printed, changed: Changes | None, look: Look, *, grouped: bool) -> Iterator[Item]:
    listed = _persons(run, printed, changed, look)
    if not listed:
        yield Head(look.say(words.NOBODY))
    if not grouped:
        together: list[Person | Gone] = [*listed, *_gone(changed, look)]
        yield from sorted(together, key=lambda item: item.row)
        return
    by_organisation = sorted(listed, key=lambda one: (one.rider.organisation.casefold(), one.row))
    for organisation, people in groupby(by_organisation, key=lambda one: one.rider.organisation):
        of = list(people)
        yield Head(organisation or look.say(words.NO_ORGANISATION), str(len(of)))
        yield from of
    crossed = _gone(changed, look)
    if crossed:
        yield Head(f"{look.say(words.GONE)} · {look.say(words.MOVED).lower()}", str(len(crossed)))
        yield from crossed


def _persons(run: Run, printed: Printed, changed: Changes | None, look: Look) -> list[Person]:
    riders = {rider.person: rider for rider in run.riders}
    new = {one.person for one in changed.added} if changed else set()
    return [
        Person(row, riders[person], _mark(riders[person], look, new=person in new))
        for row, person in printed.rows
        if person in riders
    ]


def _mark(rider: Rider, look: Look, *, new: bool) -> str:
    if not new:
        return f"{look.say(words.TOLD)} {rider.told}" if rider.told else ""
    word = look.say(words.ADDED).upper()
    return f"{word} · {look.say(words.FROM)} {rider.told}" if rider.told else word


def _gone(changed: Changes | None, look: Look) -> list[Gone]:
    if changed is None:
        return []
    left: Sequence[Changed] = (*changed.gone, *changed.moved)
    gone = [Gone(one.row, one.name or look.say(words.NAMELESS), _whither(one, look)) for one in left]
    return sorted(gone, key=lambda one: one.row)


def _whither(one: Changed, look: Look) -> str:
    if one.run:
        return f"→ {one.run}"
    return look.say(words.GONE if one.why is None else one.why).upper()


def _draw(pen: Pen, leaf: Sequence[Item], form: Form, shown: _Shown, *, top: float) -> None:
    for number, item in enumerate(leaf):
        y = top + number * form.row
        match item:
            case Person():
                _person(pen, item, form, shown, y=y)
            case Gone():
                _crossed(pen, item, form, y=y)
            case Head():
                _head(pen, item, form, y=y)
            case Empty():
                _empty(pen, form, y=y)
        pen.rule(form.margin, y + form.row, pen.width - 2 * form.margin)


def _columns(pen: Pen, form: Form) -> tuple[float, float, float]:
    """Where numbers end, boxes begin and names begin."""
    number = form.margin + form.number
    return number, number + 6, number + 6 + form.tick + 9


def _person(pen: Pen, item: Person, form: Form, shown: _Shown, *, y: float) -> None:
    number, tick, x = _columns(pen, form)
    rider, right, size = item.rider, pen.width - form.margin, form.name
    _number(pen, item.row, form, x=number, y=y + form.row * 0.68, bold=True)
    pen.tick_box(tick, y + (form.row - form.tick) / 2, form.tick, ticked=rider.aboard)
    if rider.wheelchair:
        sign = form.row * 0.74
        right -= sign
        pen.wheelchair(right, y + form.row * 0.13, sign)
        right -= 6
    room = right - x
    needs = _spoken_needs(rider)
    taken = pen.wide(needs, form.small + 0.5, bold=True) + 8 if needs else 0
    beside = pen.wide(rider.name, size * LEAST, bold=True) + taken <= room
    below = _below(item, shown, needs="" if beside else needs)
    upper = y + form.row * (0.49 if any(below) else 0.66)
    pen.text(x, upper, rider.name, size, bold=True, room=room - taken if beside else room, least=size * LEAST)
    if beside:
        pen.text(right, upper, needs, form.small + 0.5, bold=True, align="right")
    _draw_below(pen, rider, below, form, x=x, y=y + form.row * 0.875, right=right)


def _number(pen: Pen, row: int, form: Form, *, x: float, y: float, bold: bool = False, grey: float = 0.0) -> None:
    """A row number, never cut off: one of four digits becomes smaller."""
    size = form.name + 1.5
    pen.text(x, y, str(row), size, bold=bold, align="right", room=form.number, least=size * 0.5, grey=grey)


def _below(item: Person, shown: _Shown, *, needs: str) -> tuple[str, str, str, str]:
    """The second line of a row: what changed, needs that have no room above, the organisation, the telephone number."""
    rider = item.rider
    organisation = rider.organisation if shown.organisations else ""
    return item.mark, needs, organisation, rider.phone if shown.phones else ""


def _draw_below(
    pen: Pen, rider: Rider, below: tuple[str, str, str, str], form: Form, *, x: float, y: float, right: float
) -> None:
    mark, needs, organisation, phone = below
    taken = pen.wide(phone, form.small + 1, bold=True) + 8 if phone else 0
    if mark:
        filled = not rider.told or "·" in mark
        x += pen.pill(x, y, mark, form.small - 1, filled=filled, room=(right - x) * 0.5) + 5
    room = max(0.0, right - taken - x)
    if needs:
        x += pen.text(x, y, needs, form.small + 0.5, bold=True, room=room, least=form.small * 0.7) + 8
    room = max(0.0, right - taken - x)
    if room > 20:
        pen.text(x, y, organisation, form.small, room=room, grey=SOFT)
    pen.text(right, y, phone, form.small + 1, bold=True, align="right")


def _spoken_needs(rider: Rider) -> str:
    """What somebody needs besides what the sign of a wheelchair says."""
    text = for_the_road(rider.needs)
    return "" if rider.wheelchair and text.casefold() in WHEELCHAIR else text


def _crossed(pen: Pen, item: Gone, form: Form, *, y: float) -> None:
    number, _, x = _columns(pen, form)
    base, right = y + form.row * 0.66, pen.width - form.margin
    _number(pen, item.row, form, x=number, y=base, grey=SOFT)
    pill = pen.wide(item.mark, form.small, bold=True) + form.small
    wide = pen.text(x, base, item.name, form.name - 1, room=right - x - pill - 12, least=form.name * 0.7, grey=SOFT)
    pen.stroke(((x - 3, base - form.name * 0.3), (x + wide + 3, base - form.name * 0.3)), line=1.1)
    pen.pill(right - pill, base, item.mark, form.small, filled=False)


def _head(pen: Pen, item: Head, form: Form, *, y: float) -> None:
    base, right = y + form.row * 0.72, pen.width - form.margin
    hint = pen.text(right, base, item.hint, form.small, align="right", grey=SOFT) if item.hint else 0
    room = right - form.margin - hint - 10
    pen.text(form.margin, base, item.text, form.name - 1, bold=True, room=room, least=form.small)
    pen.rule(form.margin, y + form.row, pen.width - 2 * form.margin, line=1.2, grey=0)


def _empty(pen: Pen, form: Form, *, y: float) -> None:
    _, tick, x = _columns(pen, form)
    pen.tick_box(tick, y + (form.row - form.tick) / 2, form.tick)
    middle = x + (pen.width - form.margin - x) * 0.58
    pen.stroke(((middle, y + form.row * 0.35), (middle, y + form.row)), line=0.5, grey=0.72)
