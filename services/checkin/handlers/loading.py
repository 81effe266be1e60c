"""Load a programme or a list of people: all of it or, with a mistake in it, nothing (CONTRACT section 7)."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from checkin.domain.person import Person, Row, in_pairs, updated
from checkin.ports import BadgeRow, Registry, ScannerRow
from shared import badge as codes
from shared import codec, scanner_ids, topics
from shared.facts import BadgeDigest, Personal, PersonCard, ScannerConfig, Text
from shared.files import FileError
from shared.people import PeopleErrors
from shared.programme import Checkpoint, Programme
from shared.seal import seal

BADGE_CELL = 8  # the column of `badge` in a people file with all its heads
_config = msgspec.json.Decoder(ScannerConfig)


@dataclass(frozen=True, kw_only=True)
class LoadReport:
    """What a file changed; who is `gone` from the file is kept all the same."""

    event: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0


def load_programme(programme: Programme, *, registry: Registry, now_ms: int) -> LoadReport:
    """Keep a programme that was read without mistakes, and its scanners; counts scanners."""
    event = programme.event
    before = registry.programme(event)
    if before is None or before[0] != programme.source:
        registry.save_programme(event, programme.source, 1 if before is None else before[1] + 1, now_ms)
    held = {scanner.id: scanner for scanner in registry.scanners(event)}
    named = [
        (held.get(spec.id) or ScannerRow(spec.id, "", 0, ""))._replace(checkpoint=spec.checkpoint)
        for spec in programme.scanners
    ]
    others = [scanner for scanner in held.values() if scanner.id not in programme.index.scanners]
    changed = configure(programme, [*named, *others], registry=registry, now_ms=now_ms)
    registry.touch()
    new = sum(spec.id not in held for spec in programme.scanners)
    return LoadReport(
        event=event,
        new=new,
        changed=len(changed) - new,
        unchanged=len(named) + len(others) - len(changed),
        gone=len(others),
    )


def add_scanner(programme: Programme, scanner: str, checkpoint: str, *, registry: Registry, now_ms: int) -> ScannerRow:
    """Put a scanner, new or not, at a checkpoint.

    Raises ScannerIdError for an id that no scanner may have, KeyError when the programme has no such checkpoint.
    """
    scanner_ids.check(scanner)
    programme.checkpoint(checkpoint)
    held = {row.id: row for row in registry.scanners(programme.event)}
    row = (held.get(scanner) or ScannerRow(scanner, "", 0, ""))._replace(checkpoint=checkpoint)
    changed = configure(programme, [row], registry=registry, now_ms=now_ms)
    registry.touch()
    return changed[0] if changed else row


def configure(
    programme: Programme, scanners: Iterable[ScannerRow], *, registry: Registry, now_ms: int
) -> list[ScannerRow]:
    """Send each scanner its configuration where that became another; returns those."""
    active = sorted(badge.digest for badge in registry.badges(programme.event) if not badge.revoked)
    badges = BadgeDigest("hmac-sha256-80", hashlib.sha256("\n".join(active).encode()).hexdigest())
    changed = []
    for scanner in scanners:
        checkpoint = programme.index.checkpoints.get(scanner.checkpoint)
        if checkpoint is None:
            continue  # the programme no longer has it: the scanner is told nothing new
        config = _config_of(checkpoint, badges, scanner.version)
        if scanner.config and _config.decode(scanner.config) == config:
            continue
        config = msgspec.structs.replace(config, version=scanner.version + 1)
        changed.append(scanner._replace(version=config.version, config=codec.encode(config).decode()))
    registry.save_scanners(programme.event, changed, now_ms)
    registry.publish(
        [(topics.scanner_config(programme.event, scanner.id), scanner.config.encode(), True) for scanner in changed]
    )
    return changed


def _config_of(checkpoint: Checkpoint, badges: BadgeDigest, version: int) -> ScannerConfig:
    return ScannerConfig(
        checkpoint=checkpoint.id,
        kind=checkpoint.kind,
        direction=checkpoint.direction,
        title=Text(checkpoint.title.nl, checkpoint.title.en),
        show_name=checkpoint.show_name,
        language="nl",
        offline="refuse" if checkpoint.policy == "strict" else "admit",
        badges=badges,
        version=version,
    )


@dataclass(frozen=True, kw_only=True)
class Maker:
    """How new ids, badge codes and sealed cards are made for an event."""

    event: str
    badge_key: bytes
    seal_key: bytes
    new_id: Callable[[], str]
    new_badge_id: Callable[[], str]

    def own_badge(self, person: str) -> BadgeRow:
        """A new badge of our own form."""
        code = codes.code(self.new_badge_id(), event=self.event, key=self.badge_key)
        return BadgeRow(codes.digest(code), person, code, own=True, revoked=False)

    def card(self, person: Person, badges: Sequence[BadgeRow]) -> tuple[str, bytes, bool]:
        """The retained card of a person, ready to publish."""
        personal = Personal(
            name=person.name,
            organisation=person.organisation,
            email=person.email,
            phone=person.phone,
            needs=person.needs,
        )
        card = PersonCard(
            person=person.id,
            rev=person.rev,
            groups=person.groups,
            badges=tuple(badge.digest for badge in badges if not badge.revoked),
            revoked=tuple(badge.digest for badge in badges if badge.revoked),
            sealed=seal(personal, person=person.id, key=self.seal_key),
        )
        return topics.person(self.event, person.id), codec.encode(card), True


def load_people(
    rows: Sequence[Row], *, programme: Programme, registry: Registry, make: Maker, now_ms: int
) -> LoadReport:
    """Register the people of a list that was read without mistakes.

    A row without an id is the person with the same badge, else of the same name and organisation, else somebody new.
    Raises PeopleErrors when a badge in it stands for somebody else already; then nothing is changed.
    """
    event = programme.event
    persons = registry.people(event)
    badges = registry.badges(event)
    before = in_pairs(rows, persons, {badge.code: badge.person for badge in badges})
    after = [updated(row, held, row.id or make.new_id()) for row, held in zip(rows, before, strict=True)]
    plan = _Badges(badges, make)
    for row, person in zip(rows, after, strict=True):
        plan.give(person.id, row)
    if plan.errors:
        raise PeopleErrors(plan.errors)
    after = [
        _again(person) if person.id in plan.touched and held is not None and person.rev == held.rev else person
        for person, held in zip(after, before, strict=True)
    ]
    changed = [person for person, held in zip(after, before, strict=True) if person != held]
    registry.save_people(event, changed)
    registry.add_badges(event, plan.new, now_ms)
    registry.revoke_badges(event, plan.revoked, now_ms)
    registry.publish([make.card(person, plan.of(person.id)) for person in changed])
    configure(programme, registry.scanners(event), registry=registry, now_ms=now_ms)
    registry.touch()
    new = sum(held is None for held in before)
    return LoadReport(
        event=event,
        new=new,
        changed=len(changed) - new,
        unchanged=len(rows) - len(changed),
        gone=len(persons) - sum(held is not None for held in before),
    )


def _again(person: Person) -> Person:
    return replace(person, rev=person.rev + 1)


class _Badges:
    """Which badges a list adds and takes out of use."""

    def __init__(self, badges: Iterable[BadgeRow], make: Maker) -> None:
        self.new: list[BadgeRow] = []
        self.revoked: list[str] = []
        self.touched: set[str] = set()
        self.errors: list[FileError] = []
        self._make = make
        self._by_person: defaultdict[str, list[BadgeRow]] = defaultdict(list)
        self._by_code: dict[str, BadgeRow] = {}
        for badge in badges:
            self._by_person[badge.person].append(badge)
            self._by_code[badge.code] = badge

    def of(self, person: str) -> list[BadgeRow]:
        """All badges of a person as they will be."""
        return self._by_person[person]

    def give(self, person: str, row: Row) -> None:
        """The badge of a row: the code it has, else one of our own for who has none. A known code stays as it is."""
        if row.badge is None:
            if not self._by_person[person]:
                self._add(self._make.own_badge(person))
            return
        held = self._by_code.get(row.badge)
        if held is None:
            self._revoke(person)
            self._add(BadgeRow(codes.digest(row.badge), person, row.badge, own=False, revoked=False))
        elif held.person != person:
            message = "this badge stands for somebody else already"
            remedy = "give this person another, or write the id of the person it belongs to"
            self.errors.append(
                FileError(
                    file="people", line=row.line, column=BADGE_CELL, where="badge", message=message, remedy=remedy
                )
            )

    def _add(self, badge: BadgeRow) -> None:
        self.new.append(badge)
        self.touched.add(badge.person)
        self._by_person[badge.person].append(badge)
        self._by_code[badge.code] = badge

    def _revoke(self, person: str) -> None:
        held = self._by_person[person]
        self.revoked += [badge.digest for badge in held if not badge.revoked]
        self._by_person[person] = [badge._replace(revoked=True) for badge in held]
