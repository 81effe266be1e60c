"""What comes first in a score, seen from a list of who goes where, before a plan is taken apart for it."""

from collections.abc import Iterable

from transport.domain.allocation.pieces import NOWHERE, Seat


def left(seats: Iterable[Seat]) -> tuple[int, int]:
    """Wheelchairs, and people, without a seat."""
    left = [piece for piece, run in seats if run == NOWHERE]
    return sum(piece.wheels for piece in left), sum(piece.size for piece in left)


def kept(seats: Iterable[Seat]) -> tuple[int, int]:
    """How many are where they were told."""
    return sum(piece.told.get(run, 0) for piece, run in seats if piece.told), 0


def presences(seats: Iterable[Seat]) -> tuple[int, int]:
    """On how many runs each organisation is, and each group, all added up."""
    organisations: set[tuple[int, int]] = set()
    groups: set[tuple[int, int]] = set()
    for piece, run in seats:
        for number, _ in piece.organisations:
            organisations.add((run, number))
        for number, _ in piece.groups:
            groups.add((run, number))
    return len(organisations), len(groups)
