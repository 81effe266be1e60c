"""Rows over pages, and what stands under each page."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from shared.facts import Text
from transport.paper import words
from transport.paper.model import Look
from transport.paper.pen import SOFT, Pen

T = TypeVar("T")


def paginate(
    items: Sequence[T],
    *,
    first: int,
    other: int,
    leads: Callable[[T], bool],
    again: Callable[[T], T] = lambda head: head,
) -> list[list[T]]:
    """Items over pages of `first` and then `other` rows.

    A head (what `leads`) never stands last on a page, and stands `again` above what follows on the next one.
    """
    leaves: list[list[T]] = [[]]
    head: list[T] = []  # the one that the items now stand under
    for item in items:
        if len(leaves[-1]) >= (first if len(leaves) == 1 else other):
            carried = [leaves[-1].pop()] if leads(leaves[-1][-1]) else []
            leaves.append(carried or ([] if leads(item) else [again(one) for one in head]))
        head = [item] if leads(item) else head
        leaves[-1].append(item)
    return leaves


def numbered(
    pen: Pen, look: Look, name: str, number: int, total: int, *, margin: float, size: float, foot: Text | None = None
) -> None:
    """The foot of a page: `B2 · bladzijde 1 van 3`, and on the left what the reader must know."""
    base, right = pen.height - margin * 0.62, pen.width - margin
    page = f"{name} · {look.say(words.PAGE)} {number} {look.say(words.OF)} {total}"
    taken = pen.text(right, base, page, size + 1, bold=True, align="right")
    if foot is not None:
        pen.text(margin, base, look.say(foot), size, room=right - margin - taken - 14, least=size * 0.6, grey=SOFT)
