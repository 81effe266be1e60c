"""Where everybody is by the contract's rule, worked out from what was really read, apart from the services' code.

Written the plainest way there is, on purpose: put all that is believed in order, the last one wins. It is the other
opinion that the services are compared with (CONTRACT sections 2 to 4; docs/contract.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from firmware_sim.people import Guest
from shared.ids import implied_id
from shared.programme import Checkpoint, Programme, Run, Transfer

EARLY_MS = 20 * 60_000

Meaning = tuple[str | None, str]
"""A place, or None and the reason of the refusal."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A scan that a device made: `at_ms` is what the device's clock said."""

    id: str
    badge: str
    checkpoint: str
    at_ms: int


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A believed sighting; `implied` when it follows from a run's arrival."""

    at_ms: int
    id: str
    person: str
    place: str
    implied: bool = False

    @property
    def order(self) -> tuple[int, bytes]:
        """Of two, the greater is the later (CONTRACT section 2)."""
        return (self.at_ms, self.id.encode())


@dataclass(frozen=True, kw_only=True)
class Count:
    """A headcount; `places` has every location, room and run, a room's people also in their location."""

    at_ms: int
    registered: int
    expected: int
    underway: int
    away: int
    places: Mapping[str, int]


class Truth:
    """What the services must say once every reading has reached them."""

    def __init__(
        self,
        programme: Programme,
        people: Sequence[Guest],
        readings: Iterable[Reading],
        seats: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._programme = programme
        self._people = {guest.person: guest for guest in people}
        self._by_badge = {guest.badge: guest for guest in people}
        self._revoked = {code for guest in people for code in guest.revoked}
        self._seats = seats or {}
        self.refused: dict[str, str] = {}
        self._seen: list[Seen] = []
        for reading in {reading.id: reading for reading in readings}.values():
            place, reason = self._place(reading)
            if place is None:
                self.refused[reading.id] = reason
            else:
                person = self._by_badge[reading.badge].person
                self._seen.append(Seen(at_ms=reading.at_ms, id=reading.id, person=person, place=place))
        self._seen.sort(key=lambda seen: seen.order)
        self._arrive()

    # -- questions ---------------------------------------------------------------------------------

    def whereabouts(self, at_ms: int) -> dict[str, Seen]:
        """The last sighting of everybody who was seen up to and at a moment."""
        return {seen.person: seen for seen in self._seen if seen.at_ms <= at_ms}

    def headcount(self, at_ms: int) -> Count:
        """How many are where."""
        programme = self._programme
        places = dict.fromkeys(programme.index.places, 0) | {"underway": 0, "away": 0}
        last = self.whereabouts(at_ms)
        for seen in last.values():
            places[seen.place] += 1
            if seen.place in programme.index.rooms:
                places[programme.index.rooms[seen.place].location] += 1
        return Count(
            at_ms=at_ms,
            registered=len(self._people),
            expected=len(self._people) - len(last),
            underway=places.pop("underway"),
            away=places.pop("away"),
            places=places,
        )

    def missing(self, transfer_id: str, at_ms: int) -> frozenset[str]:
        """The persons missing of a transfer whose window ended (docs/contract.md): ids.

        Expected on one of its legs and seen today, not away, and last located neither at its destinations or runs nor
        at those of a later transfer.
        """
        programme = self._programme
        transfer = programme.transfer(transfer_id)
        if at_ms < transfer.end_ms:
            return frozenset()
        fine = {place for later in self._from(transfer) for place in self._reached(later)}
        last = self.whereabouts(at_ms)
        located = {seen.person: seen.place for seen in self._seen if seen.at_ms <= at_ms and seen.place != "underway"}
        return frozenset(
            person
            for person, seen in last.items()
            if seen.place != "away"
            and any(not leg.groups or leg.groups & self._people[person].groups for leg in transfer.legs)
            and located.get(person) not in fine
        )

    def missing_now(self, at_ms: int) -> frozenset[str]:
        """Who is missing of the latest transfer that ended."""
        ended = [transfer for transfer in self._programme.transfers if transfer.end_ms <= at_ms]
        if not ended:
            return frozenset()
        return self.missing(max(ended, key=lambda transfer: transfer.end_ms).id, at_ms)

    def unconfirmed(self, at_ms: int) -> frozenset[str]:
        """The persons who are only implied to be somewhere, longer than the transfer's grace: ids."""
        graces = {run.id: self._programme.transfer(run.transfer).grace_ms for run in self._programme.runs}
        return frozenset(
            person
            for person, seen in self.whereabouts(at_ms).items()
            if seen.implied and seen.at_ms + graces[self._run_behind[seen.id]] <= at_ms
        )

    def as_json(self, at_ms: int) -> dict[str, Any]:
        """Everything about one moment, as plain values."""
        count = self.headcount(at_ms)
        last = self.whereabouts(at_ms)
        return {
            "at_ms": at_ms,
            "registered": count.registered,
            "expected": count.expected,
            "underway": count.underway,
            "away": count.away,
            "places": dict(count.places),
            "missing": {
                transfer.id: sorted(self.missing(transfer.id, at_ms))
                for transfer in self._programme.transfers
                if transfer.end_ms <= at_ms
            },
            "missing_now": sorted(self.missing_now(at_ms)),
            "unconfirmed": sorted(self.unconfirmed(at_ms)),
            "persons": {person: last[person].place if person in last else "expected" for person in self._people},
        }

    # -- what a reading means ----------------------------------------------------------------------

    def _place(self, reading: Reading) -> Meaning:
        """The place that a reading puts its person at, or why it is refused."""
        point = self._programme.checkpoint(reading.checkpoint)
        if reading.badge in self._revoked:
            return None, "revoked"
        guest = self._by_badge.get(reading.badge)
        if guest is None:
            return None, "forged" if reading.badge.startswith("IL1:") else "unknown"
        if point.coach is not None:
            return self._aboard(reading, point, guest)
        if point.direction == "out":
            return self._gone_out(reading, point)
        if point.policy == "strict" and not self._expected_at(str(point.place), guest, reading.at_ms):
            return None, "not-expected-here"
        return point.place, ""

    def _gone_out(self, reading: Reading, point: Checkpoint) -> Meaning:
        room = self._programme.index.rooms.get(str(point.place))
        if room is not None:
            return room.location, ""
        gone = point.away_from_ms is not None and reading.at_ms >= point.away_from_ms
        return ("away" if gone else "underway"), ""

    def _aboard(self, reading: Reading, point: Checkpoint, guest: Guest) -> Meaning:
        run = self._run_at(str(point.coach), reading.at_ms)
        if run is None:
            return None, "closed"
        if reading.at_ms >= run.depart_ms:
            return None, "departed"
        if point.direction == "out":
            return "underway", ""
        if point.policy == "strict" and guest.person not in self._seats.get(run.id, ()):
            return None, "not-listed"
        return run.id, ""

    def _run_at(self, coach: str, at_ms: int) -> Run | None:
        """The coach's run that opened last, else its first that has not arrived."""
        runs = sorted((run for run in self._programme.runs if run.coach == coach), key=lambda run: run.open_ms)
        opened = [run for run in runs if run.open_ms <= at_ms]
        ahead = [run for run in runs if at_ms < run.arrive_ms]
        return opened[-1] if opened else ahead[0] if ahead else None

    def _expected_at(self, place: str, guest: Guest, at_ms: int) -> bool:
        """Whether the programme has this person at a place around a moment (docs/contract.md)."""
        programme = self._programme
        items = [item for item in programme.items if not item.groups or item.groups & guest.groups]
        if not any(item.groups for item in items):
            return True
        near = [item for item in items if item.start_ms - EARLY_MS <= at_ms < item.end_ms]
        if not any(item.start_ms <= at_ms < item.end_ms for item in items):
            before = max((item.end_ms for item in items if item.end_ms <= at_ms), default=None)
            after = min((item.start_ms for item in items if item.start_ms > at_ms), default=None)
            near += [item for item in items if item.end_ms == before or item.start_ms == after]
        location = place.partition(".")[0]
        return any(item.place in (place, location) or item.place.partition(".")[0] == place for item in near)

    # -- arrivals ----------------------------------------------------------------------------------

    def _arrive(self) -> None:
        """Whoever is on a run by the fold at the instant that it arrives is from then on at its destination."""
        self._run_behind: dict[str, str] = {}
        for run in sorted(self._programme.runs, key=lambda run: (run.arrive_ms, run.id)):
            for person, seen in self.whereabouts(run.arrive_ms).items():
                if seen.place == run.id:
                    self._imply(run, person)
            self._seen.sort(key=lambda seen: seen.order)

    def _imply(self, run: Run, person: str) -> None:
        sighting = implied_id(run.id, "arrive", person)
        self._run_behind[sighting] = run.id
        self._seen.append(Seen(at_ms=run.arrive_ms, id=sighting, person=person, place=run.destination, implied=True))

    # -- transfers ---------------------------------------------------------------------------------

    def _from(self, transfer: Transfer) -> list[Transfer]:
        return [other for other in self._programme.transfers if other.start_ms >= transfer.start_ms]

    def _reached(self, transfer: Transfer) -> set[str]:
        destinations = {leg.destination for leg in transfer.legs}
        rooms = {room.id for room in self._programme.rooms if room.location in destinations}
        return destinations | rooms | {run.id for run in self._programme.runs if run.transfer == transfer.id}
