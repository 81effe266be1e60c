"""What hands and the readers in coaches said, brought in agreement with all that is known (domain/hands.py)."""

from collections.abc import Iterable, Mapping, Sequence, Set

from shared.facts import Sighting
from transport.domain import hands
from transport.domain.acts import Act
from transport.domain.arrival import SOURCE
from transport.domain.day import Day
from transport.domain.hands import Read, Told
from transport.domain.run import Log
from transport.ports import ReadRow, Store

REACHING_BACK = frozenset({"undo", "alight"})  # what they mean depends on what was seen before


def agree(
    persons: Iterable[str],
    *,
    runs: Iterable[str] = (),
    reads: Sequence[Read] = (),
    day: Day,
    logs: Mapping[str, Log],
    store: Store,
    received_ms: int,
) -> list[Sighting]:
    """Say of these persons what the acts on these runs, and on those that they were in, come to; returns what is new.

    `reads` are badges that are to be looked at again; so are those that were taken back.
    """
    wanted = sorted({*persons, *(read.person for read in reads)})
    if not wanted:
        return []
    said = store.log(day.event, wanted)
    known = day.programme.index.runs
    reads = [*reads, *_taken_back(said, reads, day=day, store=store)]
    within = {s.place for of in said.values() for s in of if s.place in known} | set(runs)
    acts = {act.id: act for act in store.acts(day.event, sorted(within))}
    scans = {s.scan for of in said.values() for s in of if s.scan is not None and s.source == SOURCE}
    acts |= {act.id: act for act in store.undone(sorted(scans | {read.id for read in reads}))}
    listed: dict[str, set[str]] = {person: set() for person in wanted}
    for (_, person), seat in (store.seats(day.event, wanted) if reads else {}).items():
        listed[person] |= {seat.told} if seat.told else set()
    made: list[Sighting] = []
    for person in wanted:
        again = [read for read in reads if read.person == person]
        told = Told(person=person, log=said[person], acts=acts.values(), reads=again, listed=frozenset(listed[person]))
        made += hands.agree(told, programme=day.programme, logs=logs)
    return store.record(made, received_ms)


def kept(acts: Sequence[Act], *, event: str, store: Store) -> None:
    """Remember up to which moment acts reach back, so that a sighting after it needs no second look."""
    moments = [act.at_ms for act in acts if act.kind in REACHING_BACK]
    if moments:
        store.set_meta(_key(event), str(max(*moments, int(store.get_meta(_key(event)) or 0))))


def spoken_of(fresh: Sequence[Sighting], *, event: str, store: Store) -> set[str]:
    """Of whom something was said that depends on one of these sightings, or takes it back."""
    until = store.get_meta(_key(event)) if fresh else None
    if until is None:
        return set()
    undone = {act.undoes for act in store.undone([s.id for s in fresh])}
    return {s.person for s in fresh if s.void is not None or s.at_ms <= int(until) or s.id in undone}


def of_run(run: str, acts: Sequence[Act], *, event: str, store: Store) -> set[str]:
    """Who may be elsewhere when the steps of a run change, by these acts on it."""
    persons = {act.person for act in acts if act.kind == "off" and act.person is not None}
    return persons | (store.visitors(event, run) if any(act.kind == "alight" for act in acts) else set())


def read_in(coaches: Set[str], since_ms: int, *, day: Day, store: Store) -> list[Read]:
    """The badges that were read in these coaches from a moment on."""
    points = {point.id for point in day.programme.checkpoints if point.coach in coaches}
    return _read(store.reads(day.event, sorted(points), since_ms) if points else (), day)


def _taken_back(said: Mapping[str, Sequence[Sighting]], reads: Sequence[Read], *, day: Day, store: Store) -> list[Read]:
    """The badges of which something was voided, besides those that are looked at anyway."""
    voided = {s.void for of in said.values() for s in of if s.void is not None}
    scans = {s.scan for of in said.values() for s in of if s.id in voided and s.scan is not None and s.source == SOURCE}
    return _read(store.reads_of(sorted(scans - {read.id for read in reads})), day)


def _read(rows: Iterable[ReadRow], day: Day) -> list[Read]:
    points = {point.id: point for point in day.programme.checkpoints if point.coach is not None}
    return [
        Read(
            id=row.id,
            person=row.person,
            coach=str(points[row.checkpoint].coach),
            is_out=points[row.checkpoint].direction == "out",
            policy=points[row.checkpoint].policy,
            at_ms=row.at_ms,
            received_ms=row.received_ms,
            outcome=row.outcome,
            reason=row.reason,
        )
        for row in rows
        if row.checkpoint in points
    ]


def _key(event: str) -> str:
    return f"acts.reach.{event}"
