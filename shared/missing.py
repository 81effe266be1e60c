"""Who is not accounted for in a transfer: missing and unconfirmed (CONTRACT sections 2 and 8), as pure functions.

Both services say the same, because both ask here.
"""

from collections.abc import Mapping
from typing import NamedTuple

from shared.facts import AWAY
from shared.programme import Programme, Transfer


class Implied(NamedTuple):
    """The latest counting sighting of a person, where that only follows from an arrival."""

    place: str
    at_ms: int


def ended_last(programme: Programme, at_ms: int) -> str | None:
    """The transfer whose window ended last at `at_ms`, None while none has."""
    ended = [transfer for transfer in programme.transfers if transfer.end_ms <= at_ms]
    return max(ended, key=_in_order).id if ended else None


def missing(
    programme: Programme,
    transfer_id: str,
    at_ms: int,
    located: Mapping[str, str],
    presence: Mapping[str, str],
    groups: Mapping[str, frozenset[str]],
) -> set[str]:
    """Who is expected on a leg of the transfer, was seen, is not away, and is known to be nowhere that it leads to.

    All of a moment `at_ms`: `presence` is each person's place, `located` the same looking back through `underway`.
    `groups` has everybody registered. Nobody is missing before the transfer's window ends.
    """
    transfer = programme.transfer(transfer_id)
    if at_ms < transfer.end_ms:
        return set()
    reached = beyond(programme, transfer)
    return {
        person
        for person, of in groups.items()
        if presence.get(person, AWAY) != AWAY
        and not is_in(programme, located.get(person), reached)
        and transfer.leg_for(of) is not None
    }


def beyond(programme: Programme, transfer: Transfer) -> frozenset[str]:
    """Where nobody is missing: destinations and runs of the transfer and of later ones; rooms are in their location."""
    onwards = [other for other in programme.transfers if _in_order(other) >= _in_order(transfer)]
    ids = {other.id for other in onwards}
    destinations = {leg.destination for other in onwards for leg in other.legs}
    return frozenset(destinations | {run.id for run in programme.runs if run.transfer in ids})


def reached(programme: Programme, transfer_id: str, place: str | None) -> bool:
    """Whether a place is one where nobody is missing from the transfer."""
    return is_in(programme, place, beyond(programme, programme.transfer(transfer_id)))


def unconfirmed(programme: Programme, at_ms: int, implied: Mapping[str, Implied]) -> set[str]:
    """Those whom an arrival put somewhere and nothing has confirmed there within the transfer's grace.

    `implied` has every person whose latest counting sighting up to `at_ms` is implied.
    """
    return {person for person, seen in implied.items() if confirm_by_ms(programme, seen) <= at_ms}


def confirm_by_ms(programme: Programme, seen: Implied) -> int:
    """From when on somebody is unconfirmed whom nothing has confirmed there."""
    return seen.at_ms + _grace_ms(programme, seen)


def _grace_ms(programme: Programme, seen: Implied) -> int:
    """Of the latest transfer to there that had begun; an early coach belongs to the first."""
    there = [t for t in programme.transfers if any(leg.destination == seen.place for leg in t.legs)]
    begun = [transfer for transfer in there if transfer.start_ms <= seen.at_ms]
    if begun:
        return max(begun, key=_in_order).grace_ms
    return min(there, key=_in_order).grace_ms if there else 0


def is_in(programme: Programme, place: str | None, places: frozenset[str]) -> bool:
    """Whether a place, or the location of a room, is one of `places`."""
    if place is None or place in places:
        return place is not None
    location = programme.location_of(place)
    return location is not None and location.id in places


def _in_order(transfer: Transfer) -> tuple[int, int, str]:
    return (transfer.end_ms, transfer.start_ms, transfer.id)
