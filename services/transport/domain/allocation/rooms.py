"""The runs of a leg: what they hold before anybody is seated, and what is left when the aboard are."""

from collections.abc import Sequence
from dataclasses import dataclass

from transport.domain.allocation.model import Vehicle
from transport.domain.allocation.pieces import Atom

USUAL_SEATS = 50  # what a run whose seats nobody knows counts for in an even filling, where none are known


@dataclass(frozen=True, slots=True)
class Room:
    """What a run has free for those still to be seated.

    `people` have taken `load` seats already; `weight` is what it has in all, `cost` what a wheelchair takes of it.
    """

    vehicle: Vehicle
    seats: int
    wheels: int
    load: int
    people: int
    weight: int
    coach: int
    cost: int


class FreeRoom:
    """A room while people are settled in it; may be taken beyond its seats by those who are aboard."""

    def __init__(self, vehicle: Vehicle, *, everybody: int, usual: int) -> None:
        self.vehicle = vehicle
        self.cost = vehicle.wheelchair_seats
        self.load = vehicle.taken + vehicle.taken_wheelchairs * (self.cost - 1)
        self.people = vehicle.taken
        self.seats = everybody if vehicle.seats is None else vehicle.seats - self.load
        self.wheels = vehicle.wheelchairs - vehicle.taken_wheelchairs
        self.weight = max(1, usual if vehicle.seats is None else vehicle.seats)

    def holds(self, atom: Atom) -> bool:
        return atom.base + atom.wheels * self.cost <= self.seats and atom.wheels <= max(0, self.wheels)

    def take(self, atom: Atom) -> None:
        asked = atom.base + atom.wheels * self.cost
        self.load += asked
        self.people += len(atom.members)
        self.wheels -= atom.wheels
        if self.vehicle.seats is not None:
            self.seats -= asked

    def frozen(self, coaches: list[str]) -> Room:
        run = self.vehicle
        coach = coaches.index(run.coach or f"\0{run.run}")
        return Room(run, max(0, self.seats), max(0, self.wheels), self.load, self.people, self.weight, coach, self.cost)


def free_rooms(runs: Sequence[Vehicle], people: int) -> list[FreeRoom]:
    """The runs with all that they have; one whose seats nobody knows has as many as `people` could take."""
    known = [run.seats for run in runs if run.seats]
    usual = sum(known) // len(known) if known else USUAL_SEATS
    everybody = people * max([1, *(run.wheelchair_seats for run in runs)])
    return [FreeRoom(run, everybody=everybody, usual=usual) for run in runs]
