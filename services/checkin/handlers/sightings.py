"""Fold another service's sightings into our own picture of where people are (CONTRACT section 2)."""

from collections.abc import Sequence
from typing import NamedTuple

from checkin.domain.day import Day
from checkin.ports import Aside, SightingStore
from shared import codec
from shared.facts import AWAY, UNDERWAY, Sighting

UNKNOWN = ("unknown-person", "unknown-place")  # what a later load may make usable


class Heard(NamedTuple):
    """A message on `sighting/{source}`."""

    topic: str
    source: str
    payload: bytes
    received_ms: int


class Folded(NamedTuple):
    """What came of a batch: the highest sequence number in it (0 for none), and the messages that could be used."""

    highest: int
    used: list[Heard]


def fold_sightings(messages: Sequence[Heard], *, day: Day, store: SightingStore) -> Folded:
    """Take in a batch; what cannot be used is set aside."""
    read: list[tuple[Heard, Sighting]] = []
    aside: list[Aside] = []
    for message in messages:
        try:
            sighting = codec.decode_sighting(message.payload)
        except codec.Malformed as error:
            aside.append(_aside(day, message, "malformed", str(error)))
            continue
        if sighting.source != message.source or sighting.event != day.event:
            reason = f"says source {sighting.source} and event {sighting.event}: its topic says otherwise"
            aside.append(_aside(day, message, "malformed", reason))
            continue
        read.append((message, sighting))
    known = store.known_persons(day.event, list({sighting.person for _, sighting in read}))
    usable: list[tuple[Heard, Sighting]] = []
    for message, sighting in read:
        kind = _unusable(day, sighting, known)
        if kind is None:
            usable.append((message, sighting))
        else:
            reason = f"sighting {sighting.id} is of {sighting.person} at {sighting.place}: load what names it"
            aside.append(_aside(day, message, kind, reason))
    store.record([sighting for _, sighting in usable], max((message.received_ms for message in messages), default=0))
    store.set_aside(aside)
    highest = max((sighting.sequence for _, sighting in read), default=0)
    return Folded(highest, [message for message, _ in usable])


def _unusable(day: Day, sighting: Sighting, known: set[str]) -> str | None:
    if sighting.person not in known:
        return UNKNOWN[0]
    if sighting.void is None and not (
        sighting.place in {UNDERWAY, AWAY} or sighting.place in day.programme.index.places
    ):
        return UNKNOWN[1]
    return None


def _aside(day: Day, message: Heard, kind: str, reason: str) -> Aside:
    return Aside(day.event, message.topic, message.payload, kind, reason, message.received_ms)
