"""Fill the runs: who sits where (domain/filling.py), from the cards and what people were told before."""

from collections.abc import Mapping

from shared import seal
from shared.programme import Transfer
from transport.domain import filling
from transport.domain.day import Day, all_planned
from transport.domain.filling import Filling, Traveller, Vehicle
from transport.domain.run import Log, State
from transport.domain.stays import Seat
from transport.handlers import follow
from transport.ports import Card, Store

FILLABLE = frozenset({State.PLANNED, State.BOARDING, State.LAST_CALL})


def fill_if_stale(*, day: Day, store: Store) -> bool:
    """Fill the runs of every transfer when cards or programme changed since; returns whether they had."""
    key = f"seats.stale.{day.event}"
    if not store.get_meta(key):
        return False
    logs = day.logs(store.steps(day.event))
    cards = store.cards(day.event)
    changed = [_fill(transfer, cards, day=day, logs=logs, store=store) for transfer in day.programme.transfers]
    if any(changed):
        follow.touch_seats(day.event, store=store)
    store.set_meta(key, "")
    return True


def _fill(transfer: Transfer, cards: list[Card], *, day: Day, logs: Mapping[str, Log], store: Store) -> bool:
    """From scratch while nobody can have boarded, else only who has no seat into what is free."""
    runs = {run.id: run for run in day.programme.runs_of_transfer(transfer.id)}
    held = store.seats_of_transfer(day.event, transfer.id)
    standing = {run for run in runs if logs[run].state is not State.CANCELLED}
    fresh = all_planned(logs[run] for run in runs)
    kept = {} if fresh else {person: seat.run for person, seat in held.items() if seat.run and seat.run in standing}
    vehicles = [
        Vehicle(run=run.id, leg=run.leg, seats=run.seats, wheelchairs=run.wheelchairs)
        for run in runs.values()
        if logs[run.id].state in FILLABLE
    ]
    gone = {run for run in standing if logs[run].state not in FILLABLE}
    travellers = [
        _traveller(card, leg, day)
        for card in cards
        if kept.get(card.person) not in gone
        and (leg := runs[kept[card.person]].leg if card.person in kept else _leg(transfer, card)) is not None
    ]
    found = filling.fill(vehicles, travellers, kept)
    return _keep(transfer.id, found, held, left={p: r for p, r in kept.items() if r in gone}, day=day, store=store)


def _keep(
    transfer: str, found: Filling, held: Mapping[str, Seat], *, left: Mapping[str, str], day: Day, store: Store
) -> bool:
    """Write what differs; a seat that somebody boarded into stays theirs. `left` are those who are on their way."""
    wanted = {person: _seat(held.get(person), run) for person, run in found.seats.items()}
    changed = {person: seat for person, seat in wanted.items() if held.get(person) != seat}
    gone = [person for person in held if person not in wanted and person not in left]
    store.put_seats(day.event, transfer, changed)
    store.drop_seats(day.event, transfer, sorted(gone))
    store.put_without_seat(day.event, transfer, {one.person: one.why for one in found.left_over})
    return bool(changed or gone)


def _seat(held: Seat | None, run: str) -> Seat:
    if held is not None and held.run == run:
        return Seat(told=held.told or run, run=run, at_ms=held.at_ms, id=held.id)
    # the moment of an earlier boarding stays, so that only a later one moves this person again
    return Seat(told=run, run=run, at_ms=held.at_ms if held else -1, id=held.id if held else "")


def _leg(transfer: Transfer, card: Card) -> str | None:
    leg = transfer.leg_for(card.groups)
    return leg.id if leg else None


def _traveller(card: Card, leg: str, day: Day) -> Traveller:
    try:
        personal = seal.unseal(card.sealed, person=card.person, key=day.seal_key)
    except seal.Unsealable:
        return Traveller(person=card.person, leg=leg)  # a seat does not need a name
    wheelchair = filling.needs_wheelchair(personal.needs)
    return Traveller(person=card.person, leg=leg, organisation=personal.organisation, wheelchair=wheelchair)
