"""Persons as registered, and what a new list of people changes (CONTRACT section 7)."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol


class Row(Protocol):
    """A line of a list of people; what was left empty is None."""

    @property
    def id(self) -> str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def organisation(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def groups(self) -> frozenset[str]: ...
    @property
    def needs(self) -> str | None: ...
    @property
    def badge(self) -> str | None: ...
    @property
    def line(self) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody registered; `rev` counts what their card said so far."""

    id: str
    name: str
    organisation: str = ""
    email: str = ""
    phone: str = ""
    groups: tuple[str, ...] = ()
    needs: str = ""
    rev: int = 0
    walk_in: bool = False


def plain(text: str) -> str:
    """A text for finding: small letters without diacritics, one space between words."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(" " if char in "-'’.,/" else char for char in folded if not unicodedata.combining(char))
    return " ".join(kept.split())


def search_text(person: Person) -> str:
    """What a person is found by: name and organisation."""
    return plain(f"{person.name} {person.organisation}")


class Known:
    """The persons registered, to be matched with the rows of a list, each at most once."""

    def __init__(self, persons: Mapping[str, Person], holders: Mapping[str, str]) -> None:
        self._persons = dict(persons)
        self._holders = holders  # badge code: person
        self._by_email: defaultdict[str, list[str]] = defaultdict(list)
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for person in persons.values():
            self._by_name[search_text(person)].append(person.id)
            if person.email:
                self._by_email[person.email.casefold()].append(person.id)

    def claim(self, ids: Iterable[str]) -> None:
        """Leave these to the rows that name them."""
        for identity in ids:
            self._persons.pop(identity, None)

    def take(self, row: Row) -> Person | None:
        """Who a row without an id is: by badge, else e-mail and name, else name and organisation; None is new."""
        name = plain(f"{row.name} {row.organisation or ''}")
        same_name = self._by_name.get(name, [])
        same_email = self._by_email.get(row.email.casefold(), []) if row.email else []
        likely = [self._holders.get(row.badge or "", ""), *(i for i in same_name if i in same_email), *same_name]
        for identity in likely:
            if identity in self._persons:
                return self._persons.pop(identity)
        return None


def updated(row: Row, before: Person | None, new_id: str) -> Person:
    """The person as the row says; the revision goes up when anything changed."""
    base = before or Person(id=new_id, name="")
    after = replace(
        base,
        name=row.name,
        organisation=row.organisation or "",
        email=row.email or "",
        phone=row.phone or "",
        groups=tuple(sorted(row.groups)),
        needs=row.needs or "",
    )
    return after if after == before else replace(after, rev=base.rev + 1)


def in_pairs(rows: Sequence[Row], persons: Mapping[str, Person], holders: Mapping[str, str]) -> list[Person | None]:
    """For each row the person it is of, None for a new one."""
    known = Known(persons, holders)
    named = {row.id for row in rows if row.id is not None}
    known.claim(named)
    return [persons.get(row.id) if row.id is not None else known.take(row) for row in rows]
