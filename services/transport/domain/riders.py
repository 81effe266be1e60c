"""How far each person of a run is: one letter (docs/runs.md). Pure; derived from facts each time, kept nowhere.

| | is | when |
| --- | --- | --- |
| a | listed | has a seat, is to come |
| b | scanned aboard | in the run, by a badge, has a seat here |
| c | by hand | the same, said by a coordinator or group leader |
| d | walk-on | in the run, had no seat in this transfer |
| e | from another run | in the run, had a seat elsewhere, which is freed |
| f | stepped off or undone | was in the run and is not now: before D, or beside the road after a breakdown |
| g | excused | own travel, away, stays, not here, other run |
| h | left behind | was still to come at D |
| i | alighted | rode along and is at the destination, or E says so and the grace still runs |
| j | unconfirmed | rode along, and nobody saw them since, by the grace |
| k | found | was h or j, and was seen anywhere later |
| l | carried | was in the run when K gave it another coach, and was not counted since |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shared.facts import AWAY, UNDERWAY, How
from shared.programme import Programme, Run
from transport.domain.acts import Excuse, Marks
from transport.domain.run import Log
from transport.domain.stays import Stay, place_at

Letter = Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
Stage = Literal["listed", "aboard", "off", "excused", "left-behind", "arrived", "unconfirmed", "found"]
STAGES: Mapping[Letter, Stage] = {
    "a": "listed",
    "b": "aboard",
    "c": "aboard",
    "d": "aboard",
    "e": "aboard",
    "f": "off",
    "g": "excused",
    "h": "left-behind",
    "i": "arrived",
    "j": "unconfirmed",
    "k": "found",
    "l": "aboard",
}
WAITED_FOR = frozenset("af")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rider:
    """A person of a run. `sighting` put them where they are; `told` is the run they were given a seat on.

    `elsewhere`: they are in the run, and their own run goes to another destination.
    """

    person: str
    letter: Letter
    how: How | None
    at_ms: int | None
    sighting: str
    told: str | None
    elsewhere: bool = False
    excuse: Excuse | None = None

    @property
    def stage(self) -> Stage:
        """The word of the letter."""
        return STAGES[self.letter]


@dataclass(frozen=True, kw_only=True)
class Coachload:
    """What is known of one run, to tell how far each of its people is at `at_ms`.

    `seats` is who has a seat here now, and `seated` since when they boarded or were moved here; `told` the run each was
    given in this transfer; `stays` their counting sightings
    up to `at_ms`; `rode` who was in it when it arrived; `beyond` are the places where nobody waits for this run any
    more (shared.missing).
    """

    programme: Programme
    run: Run
    log: Log
    marks: Marks
    seats: frozenset[str]
    told: Mapping[str, str | None]
    stays: Mapping[str, Sequence[Stay]]
    rode: frozenset[str]
    beyond: frozenset[str]
    at_ms: int
    seated: Mapping[str, int] = field(default_factory=dict)

    def riders(self) -> list[Rider]:
        """Everybody with a seat here, in it, brought by it, or excused from it; by person."""
        here = {person for person, stays in self.stays.items() if any(stay.place == self.run.id for stay in stays)}
        everybody = self.seats | here | self.rode | self.marks.excuses.keys()
        riders = [self.rider(person) for person in sorted(everybody)]
        return [rider for rider in riders if not self._went_elsewhere(rider)]

    def rider(self, person: str) -> Rider:
        """One of them."""
        stays = self.stays.get(person, ())
        last = stays[-1] if stays else None
        letter = self._letter(person, stays)
        told = self.told.get(person)
        return Rider(
            person=person,
            letter=letter,
            how=last.how if last is not None and letter not in "agh" else None,
            at_ms=last.at_ms if last is not None else None,
            sighting=last.id.decode() if last is not None else "",
            told=told,
            elsewhere=STAGES[letter] == "aboard" and self._goes_elsewhere(told),
            excuse=self._excuse(person, stays),
        )

    def _letter(self, person: str, stays: Sequence[Stay]) -> Letter:
        last = stays[-1] if stays else None
        if last is not None and last.place == self.run.id:
            return self._aboard(person, last)
        if person in self.rode:
            return self._brought(stays)
        if self._excuse(person, stays) is not None or (last is not None and last.place == AWAY):
            return "g"
        if self.log.on_the_road:  # a halt or another coach beside the road undoes no D
            return self._not_along(stays)
        if self._is_beyond(stays):
            return "k"
        return "f" if any(stay.place == self.run.id for stay in stays) else "a"

    def _aboard(self, person: str, last: Stay) -> Letter:
        replaced_ms = self.log.replaced_ms
        if replaced_ms is not None and last.at_ms <= replaced_ms and self.marks.counted_ms <= replaced_ms:
            return "l"
        told = self.told.get(person)
        if told != self.run.id:
            return "d" if told is None else "e"
        return "c" if last.manual else "b"

    def _brought(self, stays: Sequence[Stay]) -> Letter:
        """After the arrival: seen there within the grace, not seen yet, or found later."""
        arrived_ms = self.log.arrived_ms or 0
        grace_ms = self.programme.transfer(self.run.transfer).grace_ms
        since = [stay for stay in stays if stay.at_ms >= arrived_ms and not stay.implied]
        if not since:
            return "j" if self.at_ms >= arrived_ms + grace_ms else "i"
        first = since[0]
        in_time = first.at_ms < arrived_ms + grace_ms and self._location(first.place) == self.run.destination
        return "i" if in_time else "k"

    def _not_along(self, stays: Sequence[Stay]) -> Letter:
        """Is not in it, and it left. Whoever got out at the destination of their own accord has arrived.

        Whoever got out beside the road is to come, until it departs again without them.
        """
        departed_ms = self.log.left_ms or 0
        if any(stay.place == self.run.id for stay in stays) and place_at(stays, departed_ms) == self.run.id:
            if stays[-1].place == UNDERWAY:
                return "f"
            return "i" if self._location(stays[-1].place) == self.run.destination else "k"
        seen = [stay for stay in stays if stay.at_ms > departed_ms and stay.place != UNDERWAY]
        return "k" if seen or self._is_beyond(stays) else "h"

    def _excuse(self, person: str, stays: Sequence[Stay]) -> Excuse | None:
        excuse = self.marks.excuses.get(person)
        if excuse is None:
            return None
        is_moved_here = self.seated.get(person, -1) > excuse.at_ms
        came_back = any(stay.place == self.run.id and stay.at_ms > excuse.at_ms for stay in stays)
        return None if is_moved_here or came_back else excuse

    def _is_beyond(self, stays: Sequence[Stay]) -> bool:
        located = next((stay.place for stay in reversed(stays) if stay.place != UNDERWAY), None)
        # whoever got out of this run beside the road is not where it goes
        return located is not None and located != self.run.id and self._location(located) in self.beyond

    def _went_elsewhere(self, rider: Rider) -> bool:
        """No seat here, not in it and not brought by it: they belong to another list."""
        return rider.letter in "fhk" and rider.person not in self.seats | self.rode

    def _goes_elsewhere(self, told: str | None) -> bool:
        run = self.programme.index.runs.get(told or "")
        return run is not None and run.destination != self.run.destination

    def _location(self, place: str) -> str:
        location = self.programme.location_of(place)
        return location.id if location else place
