"""Somebody boarded on two runs of one transfer: for a human to say which (docs/runs.md). Pure.

The later boarding stands until then, by the one rule of where people are; never the first to reach the server.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from transport.domain.stays import Stay


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A person, and the two boardings: the earlier, and the later, which stands."""

    person: str
    earlier: Stay
    later: Stay


def conflicts(stays: Mapping[str, Sequence[Stay]], runs: Set[str]) -> list[Conflict]:
    """The open conflicts among these people; `runs` are those of one transfer."""
    found = (_of(person, of, runs) for person, of in sorted(stays.items()))
    return [conflict for conflict in found if conflict is not None]


def _of(person: str, stays: Iterable[Stay], runs: Set[str]) -> Conflict | None:
    """The last two boardings without a place between; over when a hand says so since, or they are seen elsewhere."""
    before: Stay | None = None
    found: Conflict | None = None
    for stay in stays:
        if stay.place not in runs:
            before = found = None
            continue
        if found is not None and stay.manual:
            found = None
        elif before is not None and before.place != stay.place:
            found = Conflict(person=person, earlier=before, later=stay)
        before = stay
    return found
