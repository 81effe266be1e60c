"""Who sits where, kept up to date by itself: the allocation (domain/allocation) whenever cards or programme change."""

import math
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace

from shared.facts import Text
from transport.domain.allocation import Allocation, allocate_day
from transport.domain.day import Day
from transport.domain.stays import Seat
from transport.handlers import follow, loads
from transport.handlers.planning import FILLABLE, Question, Situation
from transport.ports import Store

STALE, PLANNING = "1", "planning"


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What an allocation changes in one transfer: other seats, seats that are gone, and who has none and why."""

    transfer: str
    changed: Mapping[str, Seat]
    gone: tuple[str, ...]
    left: Mapping[str, Text]


def fill_if_stale(*, day: Day, store: Store) -> bool:
    """Allocate the seats of every transfer when something changed since; returns whether it had.

    Before the first run of a transfer opens, by the order of importance and with the fewest moves against what people
    were told; from then on nobody moves by itself whom the coach can hold, and who has no seat gets a free one.
    """
    if not store.get_meta(stale_key(day)):
        return False
    keep(plan(day=day, store=store), day=day, store=store)
    store.set_meta(stale_key(day), "")
    return True


def stale_key(day: Day) -> str:
    """Where it stands whether seats are to be allocated anew; empty is no."""
    return f"seats.stale.{day.event}"


def plan(*, day: Day, store: Store) -> list[Planned]:
    """Allocate the seats of every transfer; only reads."""
    situation = Situation.read(day=day, store=store)
    questions = [_question(situation, transfer.id, store) for transfer in day.programme.transfers]
    found = allocate_day({q.transfer.id: (q.vehicles, q.travellers) for q in questions})
    return [_planned(question, found[question.transfer.id]) for question in questions]


def keep(planned: Iterable[Planned], *, day: Day, store: Store) -> None:
    """Write the seats that differ; a seat that somebody boarded into stays theirs."""
    for one in planned:
        store.put_seats(day.event, one.transfer, one.changed)
        store.drop_seats(day.event, one.transfer, one.gone)
        store.put_without_seat(day.event, one.transfer, one.left)
        if one.changed or one.gone:
            follow.touch_seats(day.event, store=store)


def still(planned: Planned, touched: Set[str], *, day: Day, store: Store) -> Planned:
    """What of a plan still holds after something changed about these persons since it was begun.

    Those are left as they are, and nobody is given a seat on a run that left meanwhile or has filled up.
    """
    logs = day.logs(store.steps(day.event))
    changed: dict[str, Seat] = {}
    free: dict[str, float] = {}
    for person, seat in planned.changed.items():
        if person in touched or seat.run is None or logs[seat.run].state not in FILLABLE:
            continue
        if seat.run not in free:
            vehicle = loads.vehicle_of(day.programme.run(seat.run), logs[seat.run], day)
            going = {p for p, of in planned.changed.items() if of.run != seat.run} | set(planned.gone)
            seats = math.inf if vehicle.seats is None else vehicle.seats
            free[seat.run] = seats - len(store.listed(day.event, seat.run) - going)
        if free[seat.run] > 0:
            free[seat.run] -= 1
            changed[person] = seat
    gone = tuple(person for person in planned.gone if person not in touched)
    return replace(planned, changed=changed, gone=gone)


def _planned(question: Question, found: Allocation) -> Planned:
    held = question.held
    wanted = {person: seat_on(run, held.get(person)) for person, run in found.seats.items()}
    return Planned(
        transfer=question.transfer.id,
        changed={person: seat for person, seat in wanted.items() if held.get(person) != seat},
        gone=tuple(sorted(person for person in held if person not in wanted and person not in question.out)),
        left={one.person: one.why for one in found.left_over},
    )


def seat_on(run: str, held: Seat | None) -> Seat:
    """A seat on this run for who held another, or none."""
    if held is not None and held.run == run:
        return held  # also of a walk-on, who was told none
    # the moment of an earlier boarding stays, so that only a later one moves this person again
    first = run if held is not None and held.moved_ms >= 0 else None
    return replace(held, told=run, run=run, first=first) if held else Seat(told=run, run=run)


def before(held: Mapping[str, Seat]) -> dict[str, str]:
    """Who sits where, by person."""
    return {person: seat.run for person, seat in held.items() if seat.run is not None}


def _question(situation: Situation, transfer: str, store: Store) -> Question:
    asked = situation.question(situation.day.programme.transfer(transfer), store, stay=True)
    return asked if not asked.fresh else situation.question(asked.transfer, store, stay=False)
