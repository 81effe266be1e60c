"""What follows from new facts: what hands agree with them, seats move with who boards, arrivals with who was aboard."""

from collections.abc import Iterable, Mapping, Sequence, Set

from shared import codec, topics
from shared.facts import Sighting
from transport.domain import arrival
from transport.domain.arrival import SOURCE
from transport.domain.day import Day
from transport.domain.hands import Read
from transport.domain.run import Log, State
from transport.domain.stays import Move, Seat, Stay, reseat
from transport.handlers import agreeing
from transport.ports import Store

Published = tuple[str, bytes, bool]


def follow(
    fresh: Sequence[Sighting],
    *,
    day: Day,
    logs: Mapping[str, Log],
    store: Store,
    received_ms: int,
    reads: Sequence[Read] = (),
) -> list[Sighting]:
    """Bring hands, seats and arrivals up to date after these sightings; returns the sightings that are new besides.

    `reads` are badges to be looked at again.
    """
    persons = agreeing.spoken_of(fresh, event=day.event, store=store)
    said = agreeing.agree(persons, reads=reads, day=day, logs=logs, store=store, received_ms=received_ms)
    return [*said, *_follow([*fresh, *said], day=day, logs=logs, store=store, received_ms=received_ms)]


def acted(
    persons: Set[str], runs: Set[str], *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int
) -> list[Sighting]:
    """The same after acts on these runs that concern these persons, which are stored; returns what is new."""
    said = agreeing.agree(persons, runs=runs, day=day, logs=logs, store=store, received_ms=received_ms)
    _reseat(persons, day=day, logs=logs, store=store)
    return [*said, *_follow(said, day=day, logs=logs, store=store, received_ms=received_ms)]


def stepped(
    run: str, before: Log, since_ms: int, *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int
) -> list[Sighting]:
    """The same after a step of `run`, which `logs` has already: what was said of a moment after it may be otherwise."""
    after = logs[run]
    acts = [act for act in store.acts(day.event, [run]) if act.at_ms >= since_ms]
    taken_by = {log.vehicle.coach for log in (before, after) if log.vehicle is not None}
    reads = agreeing.read_in({day.programme.run(run).coach, *taken_by}, since_ms, day=day, store=store)
    persons = agreeing.of_run(run, acts, event=day.event, store=store)
    said = agreeing.agree(persons, runs={run}, reads=reads, day=day, logs=logs, store=store, received_ms=received_ms)
    if (before.state is State.CANCELLED) != (after.state is State.CANCELLED):
        _reseat(store.visitors(day.event, run), day=day, logs=logs, store=store)
    made = _follow(said, day=day, logs=logs, store=store, received_ms=received_ms)
    if before.arrived_ms != after.arrived_ms:
        made += arrive(run, day=day, logs=logs, store=store, received_ms=received_ms)
    return [*said, *made]


def arrive(run: str, *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int) -> list[Sighting]:
    """What follows from another arrival of `run`, which `logs` has already; returns the new implied sightings."""
    carried = store.standing(day.event, [run]).get(run, set())
    histories = store.history(day.event, sorted(store.visitors(day.event, run) | carried))
    return _settle(histories, day=day, logs=logs, store=store, received_ms=received_ms)


def published(sightings: Iterable[Sighting]) -> list[Published]:
    """Own sightings as messages for the outbox."""
    return [(topics.sighting(s.event, SOURCE), codec.encode_sighting(s), False) for s in sightings]


def _follow(
    fresh: Sequence[Sighting], *, day: Day, logs: Mapping[str, Log], store: Store, received_ms: int
) -> list[Sighting]:
    landed = arrival.arrived(day.programme, logs)
    last_ms = landed[-1][0] if landed else -1
    runs = day.programme.index.runs
    riders = {s.person for s in fresh if s.void is not None or s.place in runs}
    late = {s.person for s in fresh if s.void is not None or s.at_ms <= last_ms}
    histories = store.history(day.event, sorted(riders | late))
    _reseat(riders, day=day, logs=logs, store=store, histories=histories)
    settled = {person: histories[person] for person in sorted(late)} if landed else {}
    return _settle(settled, day=day, logs=logs, store=store, received_ms=received_ms)


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


def _reseat(
    persons: Set[str],
    *,
    day: Day,
    logs: Mapping[str, Log],
    store: Store,
    histories: Mapping[str, Sequence[Stay]] | None = None,
) -> None:
    """Give these persons the seats that follow from where they boarded and were moved."""
    wanted = sorted(persons)
    histories = store.history(day.event, wanted) if histories is None else histories
    cancelled = {run for run, log in logs.items() if log.state is State.CANCELLED}
    held = store.seats(day.event, wanted)
    moves = store.moves(day.event, wanted)
    changed: dict[str, dict[str, Seat]] = {}
    for person in wanted:
        own = {transfer: seat for (transfer, of), seat in held.items() if of == person}
        moved = [Move(act.at_ms, act.id.encode(), str(act.to)) for act in moves.get(person, ())]
        for transfer, seat in reseat(day.programme, histories[person], own, moved, cancelled=cancelled).items():
            if own.get(transfer) != seat:
                changed.setdefault(transfer, {})[person] = seat
    for transfer, seats in changed.items():
        store.put_seats(day.event, transfer, seats)
    if changed:
        touch_seats(day.event, store=store)


def touch_seats(event: str, *, store: Store) -> None:
    """Count one revision of the passenger lists on."""
    key = f"seats.rev.{event}"
    store.set_meta(key, str(int(store.get_meta(key) or 0) + 1))
