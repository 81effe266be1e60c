"""Where somebody goes next, as the line under a verdict."""

from collections.abc import Mapping

from checkin.domain.door import Door
from shared.facts import Text
from shared.programme import Item, Programme
from shared.timetable import plan_of

Seats = Mapping[str, str]  # transfer: run
NO_SEATS: Seats = {}


def target(programme: Programme, door: Door, groups: frozenset[str], at_ms: int, *, leaving: bool) -> Item | None:
    """The item to name: the current one, in a gap the next, and what follows elsewhere when that is here.

    At the door of a room the item in that room is the one to name.
    """
    moment = plan_of(programme, groups).at(at_ms)
    item = moment.current or moment.next
    here = door.inside if leaving else door.here
    if item is None or item.place not in here or (door.is_room and not leaving):
        return item
    later = (one for one in programme.items_of(groups) if one.start_ms > item.start_ms and one.place not in here)
    return next(later, None if leaving else item)


def line(programme: Programme, door: Door, item: Item | None, seats: Seats, at_ms: int) -> Text | None:
    """Where to go for this item: `Naar De Hagedoorn · rit B2`, or its title and room where it is in this building."""
    if item is None:
        return None
    location = programme.location_of(item.place)
    name = programme.place(item.place).name
    if location is None or location.id == door.location:
        return Text(f"{item.title.nl} · {name}", f"{item.title.en} · {name}")
    run = _run(programme, location.id, seats, at_ms)
    if run is None:
        return Text(f"Naar {location.name}", f"To {location.name}")
    return Text(f"Naar {location.name} · rit {run}", f"To {location.name} · run {run}")


def _run(programme: Programme, destination: str, seats: Seats, at_ms: int) -> str | None:
    """The name of the run to there that somebody has a seat on and that has not arrived yet by the programme."""
    runs = (programme.index.runs.get(run) for run in seats.values())
    fitting = [run for run in runs if run and run.destination == destination and run.arrive_ms > at_ms]
    return min(fitting, key=lambda run: run.depart_ms).name if fitting else None
