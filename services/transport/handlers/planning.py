"""What the allocation is asked: vehicles and travellers of each transfer, from the cards, the seats and the day so far.

Out of it are runs that have left, who is away, who goes by own means, and who is excused; who is aboard stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.facts import AWAY, Personal
from shared.programme import Programme, Run, Transfer
from transport.domain.acts import Marks
from transport.domain.allocation import Traveller, Vehicle
from transport.domain.day import Day
from transport.domain.needs import needs_wheelchair
from transport.domain.run import Log, State
from transport.domain.stays import Seat
from transport.handlers import loads, people, states
from transport.ports import Card, Seen, Store

FILLABLE = frozenset({State.PLANNED, State.BOARDING, State.LAST_CALL})
KINDS = ("theme", "pillar", "organisation", "role")  # of the groups that are kept whole after organisations


@dataclass(frozen=True, kw_only=True)
class Question:
    """One transfer as the allocation sees it. `out` hold a seat and are no question any more."""

    transfer: Transfer
    held: Mapping[str, Seat]
    vehicles: tuple[Vehicle, ...]
    travellers: tuple[Traveller, ...]
    out: frozenset[str]
    fresh: bool


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The day so far, read once for all transfers."""

    day: Day
    logs: Mapping[str, Log]
    marks: Mapping[str, Marks]
    cards: list[Card]
    personal: Mapping[str, Personal]
    presence: Mapping[str, Seen]

    @classmethod
    def read(cls, *, day: Day, store: Store) -> "Situation":
        """From the store."""
        logs, cards = day.logs(store.steps(day.event)), store.cards(day.event)
        return cls(
            day=day,
            logs=logs,
            marks=states.marks_of(day, logs, store),
            cards=cards,
            personal={card.person: people.opened(day, card) for card in cards},
            presence=store.presence(day.event, None),
        )

    def question(self, transfer: Transfer, store: Store, *, stay: bool) -> Question:
        """One transfer. With `stay` everybody keeps their seat who can, else only who is aboard."""
        programme, event = self.day.programme, self.day.event
        runs = {run.id: run for run in programme.runs_of_transfer(transfer.id)}
        held = store.seats_of_transfer(event, transfer.id)
        fillable = {run for run in runs if self.logs[run].state in FILLABLE}
        vehicles = {run.id: self._vehicle(run, n) for n, run in enumerate(runs.values()) if run.id in fillable}
        over = self._overfull(held, vehicles)
        excused = {p for run in runs for p in self.marks[run].excuses if self._place(p) not in runs}
        travellers: list[Traveller] = []
        out: set[str] = set()
        for card in self.cards:
            seat = held.get(card.person)
            run = seat.run if seat else None
            if (run is not None and run in runs and run not in fillable and not self._is_cancelled(run)) or (
                card.person in excused or self._place(card.person) == AWAY
            ):
                out.add(card.person)
                continue
            leg = runs[run].leg if run in fillable else self._leg(transfer, card)
            if leg is not None and programme.leg(leg).mode == "coach":
                keeps = run in fillable and ((stay and run not in over) or self._place(card.person) == run)
                travellers.append(self._traveller(card, leg, seat, fixed=run if keeps else None))
        return Question(
            transfer=transfer,
            held=held,
            vehicles=tuple(vehicles.values()),
            travellers=tuple(travellers),
            out=frozenset(out),
            fresh=all(self.logs[run].state is State.PLANNED for run in runs),
        )

    def _vehicle(self, run: Run, order: int) -> Vehicle:
        vehicle = loads.vehicle_of(run, self.logs[run.id], self.day)
        return Vehicle(
            run=run.id,
            leg=run.leg,
            seats=vehicle.seats,
            wheelchairs=vehicle.wheelchairs,
            wheelchair_seats=vehicle.wheelchair_seats,
            name=run.name,
            coach=vehicle.coach,
            taken=self.marks[run.id].nameless,
            order=order,
        )

    def _traveller(self, card: Card, leg: str, seat: Seat | None, *, fixed: str | None) -> Traveller:
        personal = self.personal[card.person]
        return Traveller(
            person=card.person,
            leg=leg,
            organisation=personal.organisation,
            group=_group(self.day.programme, card.groups),
            wheelchair=needs_wheelchair(personal.needs),
            together=people.together(self.day.programme, card.groups),
            told=seat.told if seat else None,
            fixed=fixed,
        )

    def _overfull(self, held: Mapping[str, Seat], vehicles: Mapping[str, Vehicle]) -> set[str]:
        """Runs with more listed than seats or wheelchair places, after another coach took them over."""
        listed: dict[str, list[str]] = {}
        for person, seat in held.items():
            if seat.run is not None and seat.run in vehicles and person in self.personal:
                listed.setdefault(seat.run, []).append(person)
        over: set[str] = set()
        for run, persons in listed.items():
            rolling = sum(needs_wheelchair(self.personal[p].needs) for p in persons)
            vehicle = vehicles[run]
            taken = len(persons) + rolling * (vehicle.wheelchair_seats - 1) + vehicle.taken
            if self.logs[run].vehicle is not None and (
                rolling > vehicle.wheelchairs or (vehicle.seats is not None and taken > vehicle.seats)
            ):
                over.add(run)
        return over

    def _leg(self, transfer: Transfer, card: Card) -> str | None:
        leg = transfer.leg_for(card.groups)
        return leg.id if leg else None

    def _place(self, person: str) -> str | None:
        seen = self.presence.get(person)
        return seen[0] if seen else None

    def _is_cancelled(self, run: str) -> bool:
        return self.logs[run].state is State.CANCELLED


def _group(programme: Programme, groups: frozenset[str]) -> str:
    """The group that people of no or a split organisation are kept together by."""
    index = programme.index.groups
    ranked = sorted((KINDS.index(index[g].kind), g) for g in groups if g in index and index[g].kind in KINDS)
    return ranked[0][1] if ranked else ""
