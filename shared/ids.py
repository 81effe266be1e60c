"""Ids: UUIDv7 for what is new, UUIDv5 for what follows from something else and must be the same each time."""

import uuid
from collections.abc import Callable

import uuid_utils

IdMaker = Callable[[], str]
_IMPLIED = uuid.UUID("6c8cfcae-4a62-5d0e-9a0e-1f5b1c2f7a11")


def new_id() -> str:
    """A UUIDv7 (RFC 9562): unique, and sorted by the time it was made."""
    return str(uuid_utils.uuid7())


def implied_id(run: str, step: str, person: str) -> str:
    """The id of the sighting that follows from a step of a run, for one person (CONTRACT section 2): UUIDv5."""
    return str(uuid.uuid5(_IMPLIED, f"{run}\n{step}\n{person}"))
