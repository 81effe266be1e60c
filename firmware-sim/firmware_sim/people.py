"""The guests of a simulated day: who they are, and the habits that a seed gives them."""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

MINUTE_MS = 60_000

Peculiarity = Literal[
    "no-show",  # never comes
    "walks",  # to every transfer's destination, by own means
    "wrong-coach",  # takes another coach at the first transfer
    "late-for-coach",  # badge before the coach's scanner when it has just departed, then walks
    "stays-behind",  # misses the first transfer and stays where they are
    "lost",  # scans out for the first transfer and turns up long after its end
    "lends",  # gives the badge to a colleague after the last transfer
    "leaves-early",  # through an out door, before the day ends
    "forgets",  # never scans out, hardly ever scans in
    "pops-out",  # goes out for a while in the morning, and sometimes forgets to scan in again
]

SHARES: dict[Peculiarity, float] = {
    "no-show": 0.04,
    "walks": 0.04,
    "wrong-coach": 0.03,
    "late-for-coach": 0.015,
    "stays-behind": 0.02,
    "lost": 0.015,
    "lends": 0.015,
    "leaves-early": 0.03,
    "forgets": 0.05,
    "pops-out": 0.04,
}


class PeopleError(ValueError):
    """The people file cannot be used; the message says what would be right."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """Somebody registered, as the simulator knows them; `revoked` are codes that were theirs before."""

    person: str
    badge: str
    groups: frozenset[str]
    organisation: str = ""
    name: str = ""
    revoked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What one guest is like today; `arrives_ms` is after the doors open."""

    arrives_ms: int
    peculiarity: Peculiarity | None


def load_people(path: Path) -> tuple[Guest, ...]:
    """Read the people file: a JSON list of {"person", "badge", "groups", "organisation", "name"?, "revoked"?}.

    Raises PeopleError when it is something else, or when two people have the same id or badge.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        guests = tuple(_guest(row) for row in rows)
    except (ValueError, KeyError, TypeError) as error:
        raise PeopleError(
            f"{path.name}: write a JSON list of objects with person, badge and groups ({error})"
        ) from None
    for what, values in (("person", [g.person for g in guests]), ("badge", [g.badge for g in guests])):
        if len(set(values)) != len(values):
            raise PeopleError(f"{path.name}: every {what} must be there once")
    return guests


def _guest(row: dict[str, Any]) -> Guest:
    return Guest(
        person=str(row["person"]),
        badge=str(row["badge"]),
        groups=frozenset(row["groups"]),
        organisation=str(row.get("organisation", "")),
        name=str(row.get("name", "")),
        revoked=tuple(row.get("revoked", ())),
    )


def chance(*parts: object) -> random.Random:
    """A source of chance that is the same for the same parts, on every machine."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311 (a simulation, no secret)


def habits_of(people: Sequence[Guest], seed: int) -> dict[str, Habits]:
    """Everybody's habits. Each peculiarity has its share of the people, and at least one person where there are twenty.

    The share is dealt out rather than thrown, so that a day with all of them does not depend on luck.
    """
    order = sorted(guest.person for guest in people)
    chance(seed, "peculiarities").shuffle(order)
    dealt: dict[str, Peculiarity] = {}
    for peculiarity, share in SHARES.items():
        least = 1 if len(people) >= 20 else 0
        for _ in range(max(least, round(share * len(people)))):
            dealt[order.pop()] = peculiarity
    return {
        guest.person: Habits(arrives_ms=_arrival(seed, guest.person), peculiarity=dealt.get(guest.person))
        for guest in people
    }


def _arrival(seed: int, person: str) -> int:
    """Milliseconds after the doors open: a hump from five minutes before to forty after, some early, some very late."""
    throw = chance(seed, person, "arrival")
    kind = throw.random()
    if kind < 0.04:
        minutes = throw.uniform(-15, -5)
    elif kind < 0.09:
        minutes = throw.uniform(45, 95)
    else:
        minutes = throw.triangular(-5, 40, 20)
    return int(minutes * MINUTE_MS)


def colleague_of(guest: Guest, people: Iterable[Guest], habits: dict[str, Habits]) -> Guest | None:
    """The first of the same organisation, by id, who has no peculiarity of their own."""
    fits = [
        other
        for other in people
        if other.organisation == guest.organisation
        and other.person != guest.person
        and habits[other.person].peculiarity is None
    ]
    return min(fits, key=lambda other: other.person, default=None)
