"""A door: a checkpoint at a place, with all that a verdict needs of the programme worked out once."""

from dataclasses import dataclass

from shared.programme import Checkpoint, Direction, Policy, Programme

OPEN_BEFORE_MS = 2 * 3_600_000
OPEN_AFTER_MS = 4 * 3_600_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """`inside` are the place and, of a location, its rooms; `here` the place and, of a room, its location.

    A strict door is open from 2 h before the first item up to 4 h after the last; other doors never close.
    """

    checkpoint: str
    place: str
    location: str
    inside: frozenset[str]
    here: frozenset[str]
    name: str
    capacity: int | None
    direction: Direction
    policy: Policy
    show_name: bool
    away_from_ms: int | None
    open_ms: int
    close_ms: int

    @property
    def is_room(self) -> bool:
        """Whether it is the door of a room, not of a location."""
        return self.place != self.location


def doors_of(programme: Programme) -> dict[str, Door]:
    """The doors of a programme by their checkpoint; coach checkpoints are transport's."""
    return {
        checkpoint.id: _door(programme, checkpoint, checkpoint.place)
        for checkpoint in programme.checkpoints
        if checkpoint.place is not None
    }


def _door(programme: Programme, checkpoint: Checkpoint, place_id: str) -> Door:
    location = programme.location_of(place_id)
    if location is None:
        raise ValueError(f"checkpoint {checkpoint.id} is at {place_id}, which is no location or room")
    own = location if location.id == place_id else programme.index.rooms[place_id]
    rooms = frozenset(room.id for room in location.rooms) if own is location else frozenset[str]()
    return Door(
        checkpoint=checkpoint.id,
        place=place_id,
        location=location.id,
        inside=rooms | {place_id},
        here=frozenset((place_id, location.id)),
        name=own.name,
        capacity=own.capacity,
        direction=checkpoint.direction,
        policy=checkpoint.policy,
        show_name=checkpoint.show_name,
        away_from_ms=checkpoint.away_from_ms,
        open_ms=programme.first_item_ms - OPEN_BEFORE_MS,
        close_ms=programme.last_item_ms + OPEN_AFTER_MS,
    )
