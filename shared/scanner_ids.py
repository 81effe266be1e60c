"""What a scanner may be called: its id is part of topics and file names, and it is its user at the broker."""

import re
from typing import Literal

SERVICES: tuple[Literal["checkin", "transport", "web", "sim"], ...] = ("checkin", "transport", "web", "sim")
"""Users at the broker with other rights than a scanner's: no scanner takes their names."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ScannerIdError(ValueError):
    """A scanner cannot be called that; the message says what would be right."""


def trouble_with(scanner: str) -> tuple[str, str] | None:
    """What is wrong with an id, and what would be right; None for one that a scanner may have."""
    if not NAME.fullmatch(scanner):
        shown = scanner if len(scanner) <= 60 else scanner[:57] + "…"
        return f"{shown!r} cannot be the id of a scanner", "use letters, digits, . _ - (64 at most), such as kerk-3"
    if scanner.lower() in SERVICES:
        return f"{scanner} is the name of a service", "give the scanner another id"
    return None


def check(scanner: str) -> None:
    """Raises ScannerIdError for an id that a scanner may not have."""
    if trouble := trouble_with(scanner):
        raise ScannerIdError(": ".join(trouble))
