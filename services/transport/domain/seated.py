"""Which run somebody has a seat on at a moment, and whether that ends an excuse (docs/runs.md). Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from transport.domain.acts import Act, Excuse
from transport.domain.stays import Seat


class Boarded(NamedTuple):
    """The run that somebody boarded or was moved to last, and when; -1 is a seat they were told."""

    run: str
    at_ms: int


def seat_of(boarded: Boarded | None, moves: Iterable[Act], seat: Seat | None) -> Boarded | None:
    """The run that somebody boarded or was moved to last, else what they were told; `moves` stand and are in order."""
    last = boarded
    for act in moves:
        if act.to is not None and (last is None or act.at_ms > last.at_ms):
            last = Boarded(act.to, act.at_ms)
    if last is not None or seat is None:
        return last
    told = seat.told if seat.moved_ms < 0 else seat.first
    return None if told is None else Boarded(told, -1)


def is_over(excuse: Excuse, run: str, seat: Boarded | None) -> bool:
    """Whether who was excused from `run` boarded it since, or was given a seat on it."""
    return seat is not None and seat.run == run and seat.at_ms > excuse.at_ms
