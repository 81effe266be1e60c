"""Where people had better go: where they were told, beside others of their organisation."""

from collections.abc import Iterable, Sequence

from transport.domain.allocation.pieces import NOWHERE, Atom, Piece, Seat
from transport.domain.allocation.spaces import Space


def stay_as_told(pieces: Iterable[Piece], spaces: Sequence[Space]) -> tuple[list[Seat], list[Piece]]:
    """Who stays where they were told, and all others."""
    by_run = {space.run: space for space in spaces}
    stay: list[Seat] = []
    others: list[Piece] = []
    for piece, run in _by_told(pieces):
        space = by_run.get(run)
        if space is not None and space.holds(piece):
            space.take(piece)
            space.load += piece.asks(space.cost)
            stay.append((piece, run))
        else:
            others.append(piece)
    return stay, others


def homes(pieces: Iterable[Piece], there: Iterable[Seat]) -> dict[int, list[Piece]]:
    """Pieces by the run where they had better go: where most were told, or more of their organisation are `there`."""
    here: dict[int, dict[int, int]] = {}
    for piece, run in there:
        for organisation, count in piece.organisations:
            where = here.setdefault(organisation, {})
            where[run] = where.get(run, 0) + count
    found: dict[int, list[Piece]] = {}
    for piece in pieces:
        drawn = dict(piece.told) or dict(piece.near)
        for organisation, _ in piece.organisations:
            for run, count in here.get(organisation, {}).items():
                drawn[run] = drawn.get(run, 0) + count
        if drawn:
            found.setdefault(max(drawn, key=lambda run: (drawn[run], -run)), []).append(piece)
        else:
            found.setdefault(NOWHERE, []).append(piece)
    return found


def _by_told(pieces: Iterable[Piece]) -> list[Seat]:
    """The same people in pieces of those who were told the same run, and that run; NOWHERE for none."""
    found: list[Seat] = []
    apart: dict[tuple[int, int], list[Atom]] = {}
    for piece in pieces:
        if len(piece.told) == 1 and sum(piece.told.values()) == piece.size:
            found.append((piece, next(iter(piece.told))))
        elif piece.told:
            for atom in piece.atoms:
                run = max(atom.told, key=lambda run: (atom.told.count(run), run), default=NOWHERE)
                apart.setdefault((piece.party, run), []).append(atom)
        else:
            found.append((piece, NOWHERE))
    return found + [(Piece(party, atoms), run) for (party, run), atoms in apart.items()]
