"""What the API gives, besides the facts of the contract."""

from typing import Literal

from msgspec import Struct

from checkin.web.deps import Aside, Found, Present, ScannerRow, Seen, Whole
from shared import facts, instants
from shared.facts import How, Moment
from shared.web.openapi import ListOf


class PresentLine(Struct, frozen=True, kw_only=True):
    """Somebody on a roll call: where exactly, since when, how sure."""

    person: str
    name: str
    organisation: str
    place: str
    since: Moment | None
    how: How | None
    unconfirmed: bool


class RollCallList(Struct, frozen=True, kw_only=True):
    """Who is at a place; `absent` are expected there by the programme and are not; both in order of id, paged together.

    `present` is the number of all who are there, on whatever page.
    """

    place: str
    name: str
    at: Moment
    present: int
    persons: tuple[PresentLine, ...]
    absent: tuple[PresentLine, ...]
    cursor: str | None


class PersonLine(Struct, frozen=True, kw_only=True):
    """A person in a list, and where they are now."""

    person: str
    name: str
    organisation: str
    groups: tuple[str, ...]
    place: str


class PersonList(Struct, frozen=True, kw_only=True):
    """A page of persons, best match first; `cursor` null is the last page."""

    persons: tuple[PersonLine, ...]
    cursor: str | None


class SeenLine(Struct, frozen=True, kw_only=True):
    """A sighting; one that was taken back stays in the list, `voided`."""

    id: str
    place: str
    at: Moment
    how: How
    source: str
    voided: bool


class PersonWhole(Struct, frozen=True, kw_only=True):
    """One person with the day's sightings in order of time; `phone` and `needs` are null for who may not see them."""

    person: str
    name: str
    organisation: str
    groups: tuple[str, ...]
    place: str
    phone: str | None
    needs: str | None
    sightings: tuple[SeenLine, ...]


class ScanProblem(Struct, frozen=True, kw_only=True):
    """A scan that got no verdict: what is wrong with it."""

    type: str
    title: str
    status: int
    detail: str


class ScannerLine(Struct, frozen=True, kw_only=True):
    """A device and where it stands."""

    scanner: str
    checkpoint: str
    online: bool
    heard: Moment | None


class ScannerList(Struct, frozen=True, kw_only=True):
    """A page of scanners."""

    scanners: tuple[ScannerLine, ...]
    cursor: str | None


class AsideLine(Struct, frozen=True, kw_only=True):
    """A message that could not be used; `payload` is as much of it as can be shown, at most 2,000 characters."""

    id: str
    topic: str
    kind: str
    reason: str
    received: Moment
    payload: str


class AsideList(Struct, frozen=True, kw_only=True):
    """A page of the quarantine, newest first."""

    messages: tuple[AsideLine, ...]
    cursor: str | None


class Readiness(Struct, frozen=True, kw_only=True):
    """Whether the service can do its work, part by part."""

    status: Literal["ready", "not-ready"]
    database: bool
    broker: bool
    ingest: bool


class Liveness(Struct, frozen=True, kw_only=True):
    """The process answers."""

    status: Literal["alive"] = "alive"


VERDICTS = ListOf((facts.Verdict, ScanProblem))


def present_line(one: Present) -> PresentLine:
    """A line of a roll call."""
    return PresentLine(
        person=one.person,
        name=one.name,
        organisation=one.organisation,
        place=one.place,
        since=_moment(one.since_ms),
        how=one.how,
        unconfirmed=one.unconfirmed,
    )


def person_line(one: Found) -> PersonLine:
    """A line of a list of persons."""
    return PersonLine(
        person=one.person, name=one.name, organisation=one.organisation, groups=tuple(one.groups), place=one.place
    )


def person_whole(one: Whole, *, contact: bool) -> PersonWhole:
    """One person; `contact` says whether whoever asks may see phone and needs."""
    return PersonWhole(
        person=one.person,
        name=one.name,
        organisation=one.organisation,
        groups=tuple(one.groups),
        place=one.place,
        phone=one.phone if contact else None,
        needs=one.needs if contact else None,
        sightings=tuple(_seen_line(seen) for seen in one.sightings),
    )


def scanner_line(one: ScannerRow) -> ScannerLine:
    """A line of the list of scanners."""
    return ScannerLine(scanner=one.id, checkpoint=one.checkpoint, online=one.online, heard=_moment(one.heard_ms))


def aside_line(one: Aside) -> AsideLine:
    """A line of the quarantine."""
    return AsideLine(
        id=one.id,
        topic=one.topic,
        kind=one.kind,
        reason=one.reason,
        received=instants.to_text(one.received_ms),
        payload=one.payload[:2000].decode("utf-8", "replace"),
    )


def _seen_line(seen: Seen) -> SeenLine:
    return SeenLine(
        id=seen.id,
        place=seen.place,
        at=instants.to_text(seen.at_ms),
        how=seen.how,
        source=seen.source,
        voided=seen.voided,
    )


def _moment(at_ms: int | None) -> str | None:
    return None if at_ms is None else instants.to_text(at_ms)
