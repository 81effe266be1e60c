"""Who sits where: the allocation of people to runs. Pure; the same question has the same answer (ADR 8).

A leg is filled run by run with a subset-sum dynamic programme over whole organisations, and its weakest runs are taken
apart and filled again until nothing can be better or the attempts are used up.
"""

from transport.domain.allocation.model import (
    Allocation,
    LeftOver,
    Move,
    Preference,
    Proposal,
    Score,
    Split,
    Traveller,
    Vehicle,
)
from transport.domain.allocation.planning import allocate, allocate_day
from transport.domain.allocation.what_if import what_if

__all__ = [
    "Allocation",
    "LeftOver",
    "Move",
    "Preference",
    "Proposal",
    "Score",
    "Split",
    "Traveller",
    "Vehicle",
    "allocate",
    "allocate_day",
    "what_if",
]
