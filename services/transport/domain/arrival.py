"""What an arrival implies: its people are at the destination (CONTRACT sections 2 and 8). Pure.

When later facts change who was aboard at that instant, the missing ones are added and the wrong ones voided. A void is
for good, so somebody who turns out to have been aboard after all is added again, as the next step `arrive.2`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.facts import Sighting
from shared.ids import implied_id
from shared.programme import Programme, Run
from transport.domain.run import Log
from transport.domain.stays import Stay, place_at

SOURCE = "transport"
Histories = Mapping[str, Iterable[Stay]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """An implied sighting that was made for a person, the `nth` for this run; `standing` until it is voided."""

    person: str
    nth: int
    standing: bool


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
    `made` is what was made for these persons before, by run.
    """
    stays = {person: list(of) for person, of in histories.items()}
    sightings: list[Sighting] = []
    changed: dict[str, tuple[Arrival, ...]] = {}
    for arrived_ms, run in arrivals:
        aboard = {person for person, of in stays.items() if place_at(of, arrived_ms) == run.id}
        made_here = _last(made.get(run.id, ()))
        fresh = [
            _changed(made_here.get(person), person, person in aboard)
            for person in sorted(aboard | (made_here.keys() & stays.keys()))
            if (person in made_here and made_here[person].standing) != (person in aboard)
        ]
        for arrival in fresh:
            sighting = _sighting(run, programme.event, arrived_ms, arrival)
            sightings.append(sighting)
            _apply(stays[arrival.person], sighting)
        if fresh:
            changed[run.id] = tuple(fresh)
    return Settled(sightings=tuple(sightings), arrivals=changed)


def _last(made: Iterable[Arrival]) -> dict[str, Arrival]:
    by_person: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in made:
        by_person[arrival.person].append(arrival)
    return {person: max(of, key=lambda arrival: arrival.nth) for person, of in by_person.items()}


def _changed(last: Arrival | None, person: str, is_aboard: bool) -> Arrival:
    if is_aboard:
        return Arrival(person=person, nth=(last.nth if last else 0) + 1, standing=True)
    return Arrival(person=person, nth=last.nth if last else 1, standing=False)


def _sighting(run: Run, event: str, arrived_ms: int, arrival: Arrival) -> Sighting:
    # a run's id is only unique within its event, a sighting's for all time
    own, step = f"{event}/{run.id}", "arrive" if arrival.nth == 1 else f"arrive.{arrival.nth}"
    named = implied_id(own, step, arrival.person)
    return Sighting(
        id=named if arrival.standing else implied_id(own, f"void {step}", arrival.person),
        event=event,
        person=arrival.person,
        place=run.destination,
        at_ms=arrived_ms,
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
