"""How a day goes in numbers, for whoever watches over it; never about one person."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Of one service's database: `scans` by (outcome, reason), `quarantined` by kind, `present` by exact place.

    `outbox_oldest_ms` is when the oldest waiting row was made, in real milliseconds since 1970; None when none waits.
    """

    scans: Mapping[tuple[str, str], int]
    quarantined: Mapping[str, int]
    outbox_rows: int
    outbox_oldest_ms: int | None
    present: Mapping[str, int]
