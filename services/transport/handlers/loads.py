"""What the store knows of one run, as the pure rules want it."""

from collections.abc import Mapping
from typing import NamedTuple

from shared import missing
from shared.programme import Run
from transport.domain import acts
from transport.domain import gate as gates
from transport.domain.acts import NOTHING, Act, Marks
from transport.domain.day import Day
from transport.domain.gate import Gate, Likely
from transport.domain.riders import Coachload, Rider
from transport.domain.run import Log, Vehicle
from transport.domain.stays import Stay
from transport.handlers import people
from transport.ports import Store


class Loaded(NamedTuple):
    """One run with its people: the rules' input, and what they say of each."""

    load: Coachload
    riders: list[Rider]
    acts: list[Act]

    @property
    def marks(self) -> Marks:
        """What the acts on it come to."""
        return self.load.marks


def load(run: Run, *, day: Day, logs: Mapping[str, Log], store: Store, at_ms: int) -> Loaded:
    """One run now, or as it was at a moment by all that is known today."""
    event, log = day.event, logs[run.id].until(at_ms)
    known = store.acts(event, [run.id])
    standing = acts.standing(known, until_ms=at_ms)
    marks = acts.counted(acts.marks(standing).get(run.id, NOTHING), log)
    listed = store.listed(event, run.id)
    rode = store.standing(event, [run.id]).get(run.id, set()) if log.arrived_ms is not None else set()
    everybody = listed | rode | store.visitors(event, run.id) | marks.excuses.keys()
    seats = {p: seat for (of, p), seat in store.seats(event, sorted(everybody)).items() if of == run.transfer}
    found = Coachload(
        programme=day.programme,
        run=run,
        log=log,
        marks=marks,
        seats=frozenset(listed),
        told={p: seat.told for p, seat in seats.items()},
        seated={p: seat.at_ms for p, seat in seats.items() if seat.run == run.id},
        stays={p: _until(stays, at_ms) for p, stays in store.history(event, sorted(everybody)).items()},
        rode=frozenset(rode),
        beyond=missing.beyond(day.programme, day.programme.transfer(run.transfer)),
        at_ms=at_ms,
    )
    return Loaded(found, found.riders(), known)


def difference(loaded: Loaded) -> int | None:
    """The difference that a run carries since it departed: the last hand count against who is known to have been in it.

    After the arrival those who rode along are known, whoever was found in the coach since among them.
    """
    if loaded.load.log.arrived_ms is None:
        return gates.gate(loaded.riders, loaded.marks).difference
    return loaded.marks.difference(len(loaded.load.rode))


def likely(loaded: Loaded, gate: Gate, *, day: Day, store: Store) -> tuple[Likely, ...]:
    """Who may explain the difference of a gate."""
    if not gate.difference:
        return ()
    persons = [rider.person for rider in loaded.riders]
    cards = {card.person: people.opened(day, card) for card in store.cards(day.event, persons)}
    return gates.likely(
        gate,
        loaded.riders,
        origin=loaded.load.run.origin,
        stays=loaded.load.stays,
        parties={person: personal.organisation for person, personal in cards.items()},
    )


def vehicle_of(run: Run, log: Log, day: Day) -> Vehicle:
    """The coach that takes a run now."""
    if log.vehicle is not None:
        return log.vehicle
    coach = day.programme.coach(run.coach)
    return Vehicle(
        coach=coach.id,
        name=coach.name,
        seats=run.seats,
        wheelchairs=run.wheelchairs,
        wheelchair_seats=run.wheelchair_seats,
        plate=coach.plate or "",
        phone=coach.phone or "",
    )


def _until(stays: list[Stay], at_ms: int) -> list[Stay]:
    return stays if not stays or stays[-1].at_ms <= at_ms else [stay for stay in stays if stay.at_ms <= at_ms]
