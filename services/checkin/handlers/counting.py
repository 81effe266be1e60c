"""The headcount, now from what is kept up to date, and of any past moment from the sightings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from checkin.domain.headcount import GroupCounts, Tallied, assemble
from checkin.handlers.scans import groups_of
from shared import missing as missing_rule
from shared.facts import AWAY, UNDERWAY, Headcount
from shared.missing import Implied
from shared.programme import Programme


class Seen(NamedTuple):
    """The latest counting sighting of a person."""

    place: str
    at_ms: int
    implied: bool


class CountStore(Protocol):
    """What counting reads; `groups` are JSON arrays as they are stored."""

    def counts(self, event: str) -> Mapping[str, int]:
        """How many persons are exactly at each place now."""

    def registered_by_groups(self, event: str) -> Mapping[str, int]:
        """How many persons have these groups."""

    def apart(self, event: str) -> tuple[Mapping[str, int], Mapping[tuple[str, int], int]]:
        """How many persons with these groups are away now; how many an arrival put at a place at a moment (ms)."""

    def there(self, event: str, places: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Place and groups of who is now at exactly one of these places."""

    def located(self, event: str, persons: list[str]) -> Mapping[str, str]:
        """Where these were last located, looking back through `underway`."""

    def seen_at(self, event: str, at_ms: int) -> Mapping[str, Seen]:
        """Everybody's latest sighting up to a moment."""

    def located_at(self, event: str, at_ms: int) -> Mapping[str, str]:
        """Where everybody was last located at a moment, looking back through `underway`."""

    def groups(self, event: str) -> Mapping[str, str]:
        """The groups of everybody registered."""


class Apart(NamedTuple):
    """What of a headcount costs by the number of persons it is about.

    `away` by groups; `implied` by place and moment; the `missing` of the transfer that ended last; `read` is how many
    persons were looked at for it.
    """

    transfer: str | None
    away: GroupCounts
    implied: Mapping[tuple[str, int], int]
    missing: int
    read: int


def headcount_now(
    *,
    programme: Programme,
    store: CountStore,
    now_ms: int,
    counts: Mapping[str, int] | None = None,
    apart: Apart | None = None,
) -> Headcount:
    """The headcount from tallies: by the number of places, and of persons who are away or unaccounted for.

    `counts` and `apart` save the reading where the caller has them.
    """
    event = programme.event
    counts = store.counts(event) if counts is None else counts
    apart = look_apart(programme=programme, store=store, now_ms=now_ms, counts=counts) if apart is None else apart
    arrivals = {f"{n}": Implied(place, at_ms) for n, (place, at_ms) in enumerate(apart.implied)}
    late = missing_rule.unconfirmed(programme, now_ms, arrivals)
    tallied = Tallied(
        registered=_by_set(store.registered_by_groups(event)),
        away=apart.away,
        present={place: count for place, count in counts.items() if count},
        unconfirmed=sum(apart.implied[arrivals[n].place, arrivals[n].at_ms] for n in late),
        missing=apart.missing,
    )
    return assemble(programme, tallied, now_ms)


def look_apart(*, programme: Programme, store: CountStore, now_ms: int, counts: Mapping[str, int]) -> Apart:
    """Look at the persons who are away, implied or unaccounted for."""
    away, implied = store.apart(programme.event)
    transfer = missing_rule.ended_last(programme, now_ms)
    missing, read = _missing_now(programme, transfer, store, now_ms, counts) if transfer else (0, 0)
    read += counts.get(AWAY, 0) + sum(implied.values())
    return Apart(transfer, _by_set(away), implied, missing, read)


def _missing_now(
    programme: Programme, transfer: str, store: CountStore, now_ms: int, counts: Mapping[str, int]
) -> tuple[int, int]:
    """How many are missing, and how many were looked at: those at places that the transfer does not lead to."""
    reached = missing_rule.beyond(programme, programme.transfer(transfer))
    rooms = frozenset(room.id for room in programme.rooms if room.location in reached)
    elsewhere = sorted(place for place, count in counts.items() if count and place not in {*reached, *rooms, AWAY})
    found = store.there(programme.event, elsewhere)
    presence = {person: place for person, (place, _) in found.items()}
    located = {person: place for person, place in presence.items() if place != UNDERWAY}
    located |= store.located(programme.event, [person for person in presence if person not in located])
    groups = {person: groups_of(of) for person, (_, of) in found.items()}
    return len(missing_rule.missing(programme, transfer, now_ms, located, presence, groups)), len(found)


def headcount_at(*, programme: Programme, store: CountStore, at_ms: int) -> Headcount:
    """The headcount of a past moment by the sightings known now, of who is registered now."""
    event = programme.event
    seen = store.seen_at(event, at_ms)
    groups = {person: groups_of(of) for person, of in store.groups(event).items()}
    presence = {person: one.place for person, one in seen.items()}
    implied = {person: Implied(one.place, one.at_ms) for person, one in seen.items() if one.implied}
    transfer = missing_rule.ended_last(programme, at_ms)
    lost = (
        missing_rule.missing(programme, transfer, at_ms, store.located_at(event, at_ms), presence, groups)
        if transfer
        else set[str]()
    )
    tallied = Tallied(
        registered=Counter(groups.values()),
        away=Counter(groups[person] for person, place in presence.items() if place == AWAY and person in groups),
        present=Counter(presence.values()),
        unconfirmed=len(missing_rule.unconfirmed(programme, at_ms, implied)),
        missing=len(lost),
    )
    return assemble(programme, tallied, at_ms)


def _by_set(counts: Mapping[str, int]) -> GroupCounts:
    found: Counter[frozenset[str]] = Counter()
    for groups, count in counts.items():
        found[groups_of(groups)] += count
    return found
