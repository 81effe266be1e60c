"""What follows from new sightings: seats move with who boards, and arrivals agree with who was aboard."""

from collections.abc import Iterable, Mapping, Sequence, Set

from shared import codec, topics
from shared.facts import Sighting
from transport.domain import arrival
from transport.domain.arrival import SOURCE
from transport.domain.day import Day
from transport.domain.run import Log, State
from transport.domain.stays import Seat, Stay, reseat
from transport.ports import Store

Published = tuple[str, bytes, bool]


def follow(
    fresh: Sequence[Sighting], *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int
) -> list[Sighting]:
    """Bring seats and arrivals up to date after these sightings; returns the implied sightings that are new."""
    landed = arrival.arrived(day.programme, logs)
    last_ms = landed[-1][0] if landed else -1
    runs = day.programme.index.runs
    riders = {s.person for s in fresh if s.void is not None or s.place in runs}
    late = {s.person for s in fresh if s.void is not None or s.at_ms <= last_ms}
    histories = store.history(day.event, sorted(riders | late))
    cancelled = {run for run, log in logs.items() if log.state is State.CANCELLED}
    _reseat({person: histories[person] for person in sorted(riders)}, cancelled, day=day, store=store)
    settled = {person: histories[person] for person in sorted(late)} if landed else {}
    return _settle(settled, day=day, logs=logs, store=store, received_ms=received_ms)


def arrive(run: str, *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int) -> list[Sighting]:
    """What follows from another arrival of `run`, which `logs` has already; returns the new implied sightings."""
    carried = store.standing(day.event, [run]).get(run, set())
    histories = store.history(day.event, sorted(store.visitors(day.event, run) | carried))
    return _settle(histories, day=day, logs=logs, store=store, received_ms=received_ms)


def published(sightings: Iterable[Sighting]) -> list[Published]:
    """Own sightings as messages for the outbox."""
    return [(topics.sighting(s.event, SOURCE), codec.encode_sighting(s), False) for s in sightings]


def _settle(
    histories: Mapping[str, Sequence[Stay]], *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int
) -> list[Sighting]:
    if not histories:
        return []
    settled = arrival.settle(
        day.programme,
        arrival.arrived(day.programme, logs),
        histories=histories,
        made=store.arrivals(day.event, sorted(histories)),
    )
    for run, arrivals in settled.arrivals.items():
        store.put_arrivals(day.event, run, arrivals)
    return store.record(settled.sightings, received_ms)


def _reseat(histories: Mapping[str, Sequence[Stay]], cancelled: Set[str], *, day: Day, store: Store) -> None:
    held = store.seats(day.event, sorted(histories))
    changed: dict[str, dict[str, Seat]] = {}
    for person, stays in histories.items():
        told = {transfer: seat.told for (transfer, of), seat in held.items() if of == person}
        for transfer, seat in reseat(day.programme, stays, told, cancelled=cancelled).items():
            if held.get((transfer, person)) != seat:
                changed.setdefault(transfer, {})[person] = seat
    for transfer, seats in changed.items():
        store.put_seats(day.event, transfer, seats)
    if changed:
        touch_seats(day.event, store=store)


def touch_seats(event: str, *, store: Store) -> None:
    """Count one revision of the passenger lists on."""
    key = f"seats.rev.{event}"
    store.set_meta(key, str(int(store.get_meta(key) or 0) + 1))
