"""Who sits where, kept up to date by itself: the allocation (domain/allocation) whenever cards or programme change."""

from collections.abc import Mapping
from dataclasses import replace

from transport.domain.allocation import Allocation, allocate_day
from transport.domain.day import Day
from transport.domain.stays import Seat
from transport.handlers import follow
from transport.handlers.planning import Question, Situation
from transport.ports import Store


def fill_if_stale(*, day: Day, store: Store) -> bool:
    """Allocate the seats of every transfer when something changed since; returns whether it had.

    Before the first run of a transfer opens, by the order of importance and with the fewest moves against what people
    were told; from then on nobody moves by itself whom the coach can hold, and who has no seat gets a free one.
    """
    key = f"seats.stale.{day.event}"
    if not store.get_meta(key):
        return False
    situation = Situation.read(day=day, store=store)
    questions = [_question(situation, transfer.id, store) for transfer in day.programme.transfers]
    found = allocate_day({q.transfer.id: (q.vehicles, q.travellers) for q in questions})
    changed = [keep(question, found[question.transfer.id], day=day, store=store) for question in questions]
    if any(changed):
        follow.touch_seats(day.event, store=store)
    store.set_meta(key, "")
    return True


def keep(question: Question, found: Allocation, *, day: Day, store: Store) -> bool:
    """Write the seats that differ; a seat that somebody boarded into stays theirs. Returns whether any did."""
    held, transfer = question.held, question.transfer.id
    wanted = {person: seat_on(run, held.get(person)) for person, run in found.seats.items()}
    changed = {person: seat for person, seat in wanted.items() if held.get(person) != seat}
    gone = [person for person in held if person not in wanted and person not in question.out]
    store.put_seats(day.event, transfer, changed)
    store.drop_seats(day.event, transfer, sorted(gone))
    store.put_without_seat(day.event, transfer, {one.person: one.why for one in found.left_over})
    return bool(changed or gone)


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
