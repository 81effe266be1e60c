"""What the pages and the command line read: roll calls, persons, scanners, the quarantine, badges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, text

from checkin.domain.person import plain
from checkin.handlers.counting import Seen
from checkin.handlers.scans import groups_of
from shared import missing
from shared.facts import AWAY, EXPECTED, How
from shared.missing import Implied
from shared.programme import Programme
from shared.sql import bulk, facts, outbox
from shared.timetable import expected_place

ALIKE = 60  # of 100: from here on a word may be another with a typing error
NEAR = 15  # below the best guess, per word: further off is noise
ENOUGH = 5  # persons found as written, with which nobody needs guesses


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """Somebody on a roll call; `since_ms` and `how` are None for somebody not seen yet."""

    person: str
    name: str
    organisation: str
    place: str
    since_ms: int | None
    how: How | None
    unconfirmed: bool


@dataclass(frozen=True, kw_only=True)
class RollCall:
    """Who is at a place, and who should be by the programme and is not, nor is away; both by name."""

    present: Sequence[Present]
    absent: Sequence[Present]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A person in a list, and where they are now."""

    person: str
    name: str
    organisation: str
    groups: Sequence[str]
    place: str


@dataclass(frozen=True, kw_only=True)
class Persons:
    """A page of persons; `cursor` None is the last."""

    persons: Sequence[Found]
    cursor: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenThere:
    """A sighting of a person; `voided` when it was taken back."""

    id: str
    place: str
    at_ms: int
    how: How
    source: str
    voided: bool


@dataclass(frozen=True, kw_only=True)
class Whole:
    """One person with the day's sightings in order of time."""

    person: str
    name: str
    organisation: str
    groups: Sequence[str]
    place: str
    email: str
    phone: str
    needs: str
    sightings: Sequence[SeenThere]


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannerLine:
    """A device and where it stands; `heard_ms` None when it never spoke."""

    id: str
    checkpoint: str
    online: bool
    heard_ms: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AsideLine:
    """A message that could not be used."""

    id: str
    topic: str
    kind: str
    reason: str
    received_ms: int
    payload: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class BadgeLine:
    """A badge to print: whose it is, and the code."""

    person: str
    name: str
    organisation: str
    groups: Sequence[str]
    code: str


def roll_call(connection: Connection, programme: Programme, place: str, *, at_ms: int, now: bool) -> RollCall:
    """Who is at a place (a location with its rooms) at a moment; `now` takes what is kept instead of the log."""
    event = programme.event
    location = programme.index.locations.get(place)
    inside = {place, *(room.id for room in location.rooms)} if location else {place}
    seen = _presence(connection, event) if now else _presence_at(connection, event, at_ms)
    implied = {person: Implied(one.place, one.at_ms) for person, (one, _) in seen.items() if one.implied}
    unsure = missing.unconfirmed(programme, at_ms, implied)
    present, absent = [], []
    rows = _run(connection, "SELECT id, name, organisation, groups FROM person WHERE event = :e", e=event)
    for person, name, organisation, groups in rows:
        one, how = seen.get(person, (None, None))
        line = Present(
            person=person,
            name=name,
            organisation=organisation,
            place=one.place if one else EXPECTED,
            since_ms=one.at_ms if one else None,
            how=how,
            unconfirmed=person in unsure,
        )
        if line.place in inside:
            present.append(line)
        elif line.place != AWAY and expected_place(programme, groups_of(groups), at_ms) in inside:
            absent.append(line)
    return RollCall(present=sorted(present, key=_by_name), absent=sorted(absent, key=_by_name))


def _presence(connection: Connection, event: str) -> Mapping[str, tuple[Seen, How]]:
    rows = _run(connection, "SELECT person, place, at_ms, how FROM presence WHERE event = :e", e=event)
    return {person: (Seen(place, at, how == "implied"), how) for person, place, at, how in rows}


def _presence_at(connection: Connection, event: str, at_ms: int) -> Mapping[str, tuple[Seen, How]]:
    rows = facts.places_at(connection, event, until_ms=at_ms)
    return {person: (Seen(place, at, how == "implied"), how) for person, place, at, _, how in rows}


def _by_name(line: Present) -> tuple[str, str]:
    return (plain(line.name), line.person)


def persons(connection: Connection, event: str, q: str, limit: int, cursor: str | None) -> Persons:
    """A page of persons: by id without `q`, else the best match first; a cursor goes with its `q`."""
    if not q.strip():
        query = "SELECT id FROM person WHERE event = :e AND id > :after ORDER BY id LIMIT :limit"
        ids = [row.id for row in _run(connection, query, e=event, after=cursor or "", limit=limit + 1)]
        following = ids[limit - 1] if len(ids) > limit else None
    else:
        start = int(cursor) if cursor is not None and cursor.isascii() and cursor.isdigit() else 0
        ids = _matching(connection, event, plain(q).split())[start : start + limit + 1]
        following = str(start + limit) if len(ids) > limit else None
    return Persons(persons=_found(connection, event, ids[:limit]), cursor=following)


def _matching(connection: Connection, event: str, words: list[str]) -> list[str]:
    everybody = {
        row.id: row.search for row in _run(connection, "SELECT id, search FROM person WHERE event = :e", e=event)
    }
    exact = [person for person, found_by in everybody.items() if all(word in found_by for word in words)]
    exact.sort(
        key=lambda person: (not all(f" {w}" in f" {everybody[person]}" for w in words), everybody[person], person)
    )
    if len(exact) >= ENOUGH or not words:
        return exact
    scores = dict.fromkeys(everybody, 0.0)
    for word in words:
        alike = process.extract(word, everybody, scorer=fuzz.partial_ratio, score_cutoff=ALIKE, limit=None)
        scores = {person: scores[person] + score for _, score, person in alike if person in scores}
    best = 100 * len(words) if exact else max(scores.values(), default=0)
    near = [person for person in scores.keys() - set(exact) if scores[person] >= best - NEAR * len(words)]
    guessed = sorted(near, key=lambda person: (-scores[person], everybody[person], person))
    return exact + guessed


def _found(connection: Connection, event: str, ids: Sequence[str]) -> list[Found]:
    query = """SELECT p.id, p.name, p.organisation, p.groups, w.place FROM {j}
        JOIN person AS p ON p.event = j.event AND p.id = j.person
        LEFT JOIN presence AS w ON w.event = p.event AND w.person = p.id"""
    if not ids:
        return []
    pairs = [(event, identity) for identity in ids]
    rows = {row.id: row for row in bulk.select(connection, query, facts.PERSON, pairs)}
    return [
        Found(
            person=row.id,
            name=row.name,
            organisation=row.organisation,
            groups=sorted(groups_of(row.groups)),
            place=row.place or EXPECTED,
        )
        for row in (rows[identity] for identity in ids)
    ]


def person(connection: Connection, event: str, identity: str) -> Whole | None:
    """One person with all sightings, those taken back too; None when there is no such person."""
    found = _found(connection, event, [identity])[:1] if _is_registered(connection, event, identity) else []
    if not found:
        return None
    contact = _run(
        connection, "SELECT email, phone, needs FROM person WHERE event = :e AND id = :id", e=event, id=identity
    ).one()
    query = """SELECT s.id, s.place, s.at_ms, s.how, s.source,
               EXISTS (SELECT 1 FROM sighting AS v WHERE v.void = s.id) AS voided
        FROM sighting AS s WHERE s.event = :e AND s.person = :id AND s.void IS NULL ORDER BY s.at_ms, s.id"""
    sightings = [
        SeenThere(id=s.id, place=s.place, at_ms=s.at_ms, how=s.how, source=s.source, voided=bool(s.voided))
        for s in _run(connection, query, e=event, id=identity)
    ]
    one = found[0]
    return Whole(
        person=one.person,
        name=one.name,
        organisation=one.organisation,
        groups=one.groups,
        place=one.place,
        email=contact.email,
        phone=contact.phone,
        needs=contact.needs,
        sightings=sightings,
    )


def _is_registered(connection: Connection, event: str, identity: str) -> bool:
    query = "SELECT 1 FROM person WHERE event = :e AND id = :id"
    return _run(connection, query, e=event, id=identity).one_or_none() is not None


def scanners(connection: Connection, event: str) -> list[ScannerLine]:
    """The scanners, by id."""
    query = """SELECT s.id, s.checkpoint, t.online, t.heard_ms FROM scanner AS s
        LEFT JOIN scanner_state AS t ON t.event = s.event AND t.scanner = s.id
        WHERE s.event = :e AND s.revoked_ms IS NULL ORDER BY s.id"""
    return [
        ScannerLine(id=row.id, checkpoint=row.checkpoint, online=bool(row.online), heard_ms=row.heard_ms)
        for row in _run(connection, query, e=event)
    ]


def quarantined(connection: Connection, event: str, limit: int) -> list[AsideLine]:
    """What waits for a look, newest first; what came for no event at all, too."""
    return [
        AsideLine(
            id=one.id,
            topic=one.topic,
            kind=one.kind,
            reason=one.reason,
            received_ms=one.received_ms,
            payload=one.payload,
        )
        for one in outbox.quarantined(connection, event, limit=limit)
    ]


def badges(connection: Connection, event: str) -> Iterator[BadgeLine]:
    """The badges in use, by organisation and name."""
    query = """SELECT b.person, p.name, p.organisation, p.groups, b.code FROM badge AS b
        JOIN person AS p ON p.event = b.event AND p.id = b.person
        WHERE b.event = :e AND b.revoked_ms IS NULL ORDER BY p.organisation, p.name, b.person, b.made_ms"""
    for row in _run(connection, query, e=event):
        yield BadgeLine(
            person=row.person,
            name=row.name,
            organisation=row.organisation,
            groups=sorted(groups_of(row.groups)),
            code=row.code,
        )


def _run(connection: Connection, query: str, **values: Any) -> Any:
    return connection.execute(text(query), values)
