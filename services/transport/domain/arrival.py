"""What an arrival implies: its people are at the destination (CONTRACT sections 2 and 8). Pure.

When later facts change who was aboard at that instant, the missing ones are added and the wrong ones voided. A void is
for good, so somebody who turns out to have been aboard after all is added again, as the next step `arrive.2`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shared.facts import Sighting
from shared.ids import implied_id
from shared.programme import Programme, Run
from transport.domain.run import Log
from transport.domain.stays import Stay, place_at

SOURCE = "transport"
Histories = Mapping[str, Iterable[Stay]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """An implied sighting that was made for a person, the `nth` for this run; `standing` until it is voided.

    `at_ms` is the arrival it was made for (-1: made before that was kept).
    """

    person: str
    nth: int
    standing: bool
    at_ms: int = -1


@dataclass(frozen=True, kw_only=True)
class Settled:
    """New sightings (voids among them), and for each run how the arrivals of these persons are from then on."""

    sightings: tuple[Sighting, ...]
    arrivals: Mapping[str, tuple[Arrival, ...]]


def arrived(programme: Programme, logs: Mapping[str, Log]) -> list[tuple[int, Run]]:
    """The runs that have arrived and when, in the order of their arrival."""
    found = [(at_ms, run) for run in programme.runs if (at_ms := logs[run.id].arrived_ms) is not None]
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


def settle(
    programme: Programme,
    arrivals: Iterable[tuple[int, Run]],
    *,
    histories: Histories,
    made: Mapping[str, Iterable[Arrival]],
) -> Settled:
    """Make the implied sightings of these persons agree with who was aboard which run at the instant it arrived.

    `arrivals` are all runs that have arrived, in order: what one implies decides whether the next had somebody aboard.
    `made` is what was made for these persons before, by run. What was made for another instant, or for a run that has
    not arrived after all, is voided first.
    """
    landed = list(arrivals)
    settling = _Settling(programme.event, {person: list(of) for person, of in histories.items()}, made)
    at = {run.id: arrived_ms for arrived_ms, run in landed}
    for run in programme.runs:
        settling.take_back(run, at.get(run.id))
    for arrived_ms, run in landed:
        settling.arrive(run, arrived_ms)
    return settling.settled()


class _Settling:
    """The stays of some persons, while arrivals are made to agree with them."""

    def __init__(self, event: str, stays: dict[str, list[Stay]], made: Mapping[str, Iterable[Arrival]]) -> None:
        self._event = event
        self._stays = stays
        self._last = {run: _last(of) for run, of in made.items()}
        self._sightings: list[Sighting] = []
        self._changed: dict[str, dict[tuple[str, int], Arrival]] = defaultdict(dict)

    def take_back(self, run: Run, arrived_ms: int | None) -> None:
        """Void what was made for another instant than this one."""
        for last in list(self._last.get(run.id, {}).values()):
            if last.standing and last.person in self._stays and last.at_ms not in (-1, arrived_ms):
                self._make(run, replace(last, standing=False))

    def arrive(self, run: Run, arrived_ms: int) -> None:
        """Add who was aboard, void who was not."""
        aboard = {person for person, of in self._stays.items() if place_at(of, arrived_ms) == run.id}
        made = self._last.get(run.id, {})
        for person in sorted(aboard | (made.keys() & self._stays.keys())):
            last = made.get(person)
            stands = last is not None and last.standing
            if person in aboard and not stands:
                self._make(
                    run, Arrival(person=person, nth=last.nth + 1 if last else 1, standing=True, at_ms=arrived_ms)
                )
            elif last is not None and stands and person not in aboard:
                self._make(run, replace(last, standing=False, at_ms=arrived_ms))

    def settled(self) -> Settled:
        """What came of it."""
        changed = {run: tuple(of.values()) for run, of in self._changed.items()}
        return Settled(sightings=tuple(self._sightings), arrivals=changed)

    def _make(self, run: Run, arrival: Arrival) -> None:
        sighting = _sighting(run, self._event, arrival)
        self._sightings.append(sighting)
        self._last.setdefault(run.id, {})[arrival.person] = arrival
        self._changed[run.id][arrival.person, arrival.nth] = arrival
        _apply(self._stays[arrival.person], sighting)


def _last(made: Iterable[Arrival]) -> dict[str, Arrival]:
    by_person: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in made:
        by_person[arrival.person].append(arrival)
    return {person: max(of, key=lambda arrival: arrival.nth) for person, of in by_person.items()}


def _sighting(run: Run, event: str, arrival: Arrival) -> Sighting:
    # a run's id is only unique within its event, a sighting's for all time
    own, step = f"{event}/{run.id}", "arrive" if arrival.nth == 1 else f"arrive.{arrival.nth}"
    named = implied_id(own, step, arrival.person)
    return Sighting(
        id=named if arrival.standing else implied_id(own, f"void {step}", arrival.person),
        event=event,
        person=arrival.person,
        place=run.destination,
        at_ms=max(arrival.at_ms, 0),
        how="implied",
        source=SOURCE,
        void=None if arrival.standing else named,
    )


def _apply(stays: list[Stay], sighting: Sighting) -> None:
    if sighting.void is None:
        stays.append(Stay(sighting.at_ms, sighting.id.encode(), sighting.place, implied=True))
        return
    gone = sighting.void.encode()
    stays[:] = [stay for stay in stays if stay.id != gone]
