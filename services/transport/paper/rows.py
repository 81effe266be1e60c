"""Row numbers of passenger lists: a person keeps theirs on every print of a run, so that `1-12, 14` says who. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.facts import Text
from transport.domain import row_numbers
from transport.domain.row_numbers import Rows
from transport.paper.model import Former, Print, Printed

LARGEST = 9999
_SEPARATORS = re.compile(r"[\s,;]+")
_TO = re.compile(r"\s*(?:-|–|—|t/m)\s*", re.IGNORECASE)
_PIECE = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Mistake:
    """Row numbers that cannot be read or are on no such print; `why` ends with the remedy."""

    why: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A row that is not as it was: `run` names where somebody came from or went to, `why` they are gone, if known."""

    row: int
    person: str
    name: str
    run: str = ""
    why: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What is different since an earlier print: `moved` have a seat on another run, `gone` have none that is known."""

    since: Print
    added: tuple[Changed, ...]
    gone: tuple[Changed, ...]
    moved: tuple[Changed, ...]


def rows(previous: Iterable[Print], persons_now: Sequence[str]) -> Rows:
    """The rows of the list as it is now, by number: everybody keeps the number they ever had, new ones get the next."""
    return row_numbers.number([one.rows for one in previous], persons_now)


def parse_rows(text: str) -> tuple[int, ...] | Mistake:
    """The numbers of `1-12, 14, 17-20` in order, each once; separated by commas, semicolons, spaces or lines."""
    found: set[int] = set()
    pieces = [piece for piece in _SEPARATORS.split(_TO.sub("-", text)) if piece]
    if not pieces:
        return Mistake(Text("Er staan geen nummers: schrijf bijvoorbeeld 1-12, 14", "No numbers: write 1-12, 14"))
    for piece in pieces:
        span = _span(piece)
        if isinstance(span, Mistake):
            return span
        found.update(span)
    return tuple(sorted(found))


def _span(piece: str) -> range | Mistake:
    match = _PIECE.fullmatch(piece)
    if match is None:
        shown = piece[:20]
        return Mistake(
            Text(
                f"“{shown}” is geen nummer of reeks: schrijf bijvoorbeeld 1-12, 14",
                f"“{shown}” is no number or range: write for example 1-12, 14",
            )
        )
    first = int(match[1])
    last = int(match[2] or match[1])
    if first == 0 or last > LARGEST:
        return Mistake(Text(f"{piece}: nummers gaan van 1 tot {LARGEST}", f"{piece}: numbers are from 1 to {LARGEST}"))
    if last < first:
        return Mistake(
            Text(f"{piece} loopt terug: schrijf {last}-{first}", f"{piece} runs backwards: write {last}-{first}")
        )
    return range(first, last + 1)


def persons_of(printed: Print, numbers: Sequence[int]) -> tuple[tuple[int, str], ...] | Mistake:
    """Who the numbers are on a print, all of them or none: a number that is not on it is a slip of the pen."""
    known = dict(printed.rows)
    strange = [number for number in numbers if number not in known]
    if not strange:
        return tuple((number, known[number]) for number in numbers)
    named = ", ".join(map(str, strange[:10])) + (" …" if len(strange) > 10 else "")
    last = max(known, default=0)
    return Mistake(
        Text(
            f"{named}: niet op afdruk {printed.nth} (hoogste nummer {last}). Kijk het nummer na, of kies de afdruk "
            "die op het papier staat; er is niets ingevoerd",
            f"{named}: not on print {printed.nth} (its last number is {last}). Check the number, or choose the print "
            "that the paper names; nothing was entered",
        )
    )


def changes(printed: Printed, riders: Iterable[tuple[str, str, str]]) -> Changes | None:
    """What changed since `printed.since`; `riders` are (person, name, run they were told where that is another one)."""
    since = printed.since
    if since is None:
        return None
    then = {person for _, person in since.rows}
    now = {person for _, person in printed.rows}
    names = {person: (name, told) for person, name, told in riders}
    left = [_left(row, person, printed) for row, person in since.rows if person not in now]
    return Changes(
        since=since,
        added=tuple(
            Changed(row=row, person=person, name=names[person][0], run=names[person][1])
            for row, person in printed.rows
            if person not in then and person in names
        ),
        gone=tuple(one for one in left if not one.run),
        moved=tuple(one for one in left if one.run),
    )


def _left(row: int, person: str, printed: Printed) -> Changed:
    former = printed.former.get(person, Former())
    return Changed(row=row, person=person, name=former.name, run=former.to, why=former.why)
