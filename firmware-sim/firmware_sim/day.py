"""The plan of a simulated day: every badge reading that is to happen, worked out beforehand. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from firmware_sim.people import Guest, Habits, chance, colleague_of, habits_of
from firmware_sim.walk import SECOND_MS, Doors, Seats, Step, Walk
from shared.programme import Programme

STRAYS = (
    "https://example.org/menu",  # a code on a poster
    "8711111111118",  # something from a shop
    "IL1:0123456789:0000000000000000",  # our form, made up
    "IL1:ABCDEFGHJK:KJHGFEDCBA000000",
    "ticket 4711",
)


def plan_day(
    programme: Programme, people: Sequence[Guest], seats: Mapping[str, tuple[str, ...]], seed: int
) -> tuple[Step, ...]:
    """Every step of the day in order of time; the same arguments give the same steps.

    `seats` is who sits where, by run (topic `passengers/{run}`).
    """
    habits = habits_of(people, seed)
    doors, places = Doors(programme), Seats(programme, seats)
    walks = {
        guest.person: Walk(
            guest,
            habits[guest.person],
            programme=programme,
            doors=doors,
            seats=places,
            throw=chance(seed, guest.person, "walk"),
        ).day()
        for guest in sorted(people, key=lambda guest: guest.person)
    }
    _lend(programme, people, habits, walks)
    steps = [step for walk in walks.values() for step in walk]
    steps += _twice(steps, seed)
    steps += _strays(programme, doors, seed)
    return tuple(_within_strict(programme, sorted(steps, key=_in_order)))


def _in_order(step: Step) -> tuple[int, str, str]:
    return (step.at_ms, step.scanner, step.badge)


def _lend(
    programme: Programme, people: Sequence[Guest], habits: dict[str, Habits], walks: dict[str, list[Step]]
) -> None:
    """From the last transfer on the colleague's steps are read from the lender's badge, and the lender is not read."""
    from_ms = max((transfer.end_ms for transfer in programme.transfers), default=programme.first_item_ms)
    borrowed: set[str] = set()
    for guest in people:
        if habits[guest.person].peculiarity != "lends":
            continue
        other = colleague_of(guest, [one for one in people if one.person not in borrowed], habits)
        if other is None:
            continue
        borrowed.add(other.person)
        walks[guest.person] = [step for step in walks[guest.person] if step.at_ms < from_ms]
        walks[other.person] = [
            replace(step, badge=guest.badge) if step.at_ms >= from_ms else step for step in walks[other.person]
        ]


def _twice(steps: Iterable[Step], seed: int) -> list[Step]:
    """Badges held before the scanner for a little too long, or shown once more because the display was missed."""
    throw = chance(seed, "twice")
    extra: list[Step] = []
    for step in sorted(steps, key=_in_order):
        luck = throw.random()
        if luck < 0.08 and step.kind in ("in", "room-in", "board"):
            later_ms = throw.randint(600, 2500) if luck < 0.06 else throw.randint(3500, 4900)
            extra.append(replace(step, at_ms=step.at_ms + later_ms, kind="twice"))
    return extra


def _strays(programme: Programme, doors: Doors, seed: int) -> list[Step]:
    """Codes that are nobody's badge, before entrances while the day goes on."""
    throw = chance(seed, "strays")
    entrances = [scanner for location in programme.locations for scanner in doors.at(location.id, "in")]
    if not entrances:
        return []
    return [
        Step(
            at_ms=throw.randint(programme.first_item_ms, programme.last_item_ms - 1) // SECOND_MS * SECOND_MS + 1,
            scanner=throw.choice(entrances),
            badge=code,
            person="",
            kind="stray",
        )
        for code in STRAYS
    ]


def _within_strict(programme: Programme, steps: Iterable[Step]) -> Iterable[Step]:
    """Leave out whoever would overfill a place with a strict entrance.

    Whether such a scan is refused depends on who else was counted there at the instant it is decided; a plan with one
    right answer has none of them.
    """
    points = {scanner.id: programme.checkpoint(scanner.checkpoint) for scanner in programme.scanners}
    rooms: dict[str, set[str]] = {}
    for step in steps:
        point = points[step.scanner]
        if point.place and point.direction == "in" and point.policy == "strict":
            place = programme.place(point.place)
            inside = rooms.setdefault(point.place, set())
            capacity = getattr(place, "capacity", None)
            if capacity is not None and step.badge not in inside and len(inside) >= capacity:
                continue
            inside.add(step.badge)
        yield step
