"""A made day with three coaches, a relief coach and sixty people, on which everything goes wrong at the kerb.

Small enough to work out by hand who is where (tests/acceptance/expected_incidents.yaml):

- `n01`–`n20` of Almelo have seats on B1 (`n01` needs the one wheelchair place there is), `n21`–`n39` of Zwolle on B2,
  `s01`–`s20` of Oss on H1; in both transfers. Nobody has a choice: every other filling splits an organisation.
- `x60` has no seat anywhere. R1 is a coach without a run. A badge's code is `badge-` and the person.
"""

from collections.abc import Mapping
from pathlib import Path

from firmware_sim.incidents import Parts
from shared.programme import Programme, load_programme

EVENT = "incidents-2024"
SOURCE = b"""
event: incidents-2024
title: {nl: Dag met pech, en: A day of mishaps}
zone: Europe/Amsterdam
date: 2024-01-11
locations:
  - {id: church, name: Church, capacity: 100}
  - {id: mill, name: The Mill, capacity: 100}
  - {id: field, name: The Field, capacity: 100}
  - {id: hall, name: Town Hall, capacity: 100}
groups:
  - {id: north, name: {nl: Noord, en: North}, kind: pillar}
  - {id: south, name: {nl: Zuid, en: South}, kind: pillar}
items:
  - {id: coffee, title: {nl: Koffie, en: Coffee}, start: "10:30", end: "11:30", place: church}
  - {id: visit-mill, title: {nl: Molen, en: Mill}, start: "12:00", end: "13:30", place: mill, groups: [north]}
  - {id: visit-field, title: {nl: Veld, en: Field}, start: "12:00", end: "13:30", place: field, groups: [south]}
  - {id: talks, title: {nl: Gesprekken, en: Talks}, start: "14:00", end: "16:00", place: hall}
transfers:
  - id: t1
    title: {nl: Heen, en: Out}
    start: "11:30"
    end: "12:00"
    grace: 10
    legs:
      - {id: t1-mill, origin: church, destination: mill, groups: [north], minutes: 8}
      - {id: t1-field, origin: church, destination: field, groups: [south], minutes: 8}
  - id: t2
    title: {nl: Door, en: Onwards}
    start: "13:30"
    end: "14:00"
    grace: 10
    legs:
      - {id: t2-mill, origin: mill, destination: hall, groups: [north], minutes: 9}
      - {id: t2-field, origin: field, destination: hall, groups: [south], minutes: 8}
coaches:
  - {id: b1, name: B1, seats: 24, wheelchairs: 1}
  - {id: b2, name: B2, seats: 34, wheelchairs: 0}
  - {id: h1, name: H1, seats: 24, wheelchairs: 0}
  - {id: r1, name: R1, seats: 24, wheelchairs: 1}
runs:
  - {id: t1-b1, name: B1, coach: b1, leg: t1-mill, open: "11:20", depart: "11:38", arrive: "11:46", kerb: Stop A}
  - {id: t1-b2, name: B2, coach: b2, leg: t1-mill, open: "11:20", depart: "11:42", arrive: "11:50", kerb: Stop B}
  - {id: t1-h1, name: H1, coach: h1, leg: t1-field, open: "11:20", depart: "11:40", arrive: "11:48", kerb: Stop C}
  - {id: t2-b1, name: B1, coach: b1, leg: t2-mill, open: "13:20", depart: "13:38", arrive: "13:47"}
  - {id: t2-b2, name: B2, coach: b2, leg: t2-mill, open: "13:20", depart: "13:42", arrive: "13:51"}
  - {id: t2-h1, name: H1, coach: h1, leg: t2-field, open: "13:20", depart: "13:40", arrive: "13:48"}
checkpoints:
  - {id: church-in, place: church, direction: in}
  - {id: mill-in, place: mill, direction: in}
  - {id: mill-out, place: mill, direction: out}
  - {id: field-in, place: field, direction: in}
  - {id: hall-in, place: hall, direction: in}
  - {id: coach-b1, coach: b1, direction: in}
  - {id: coach-b2, coach: b2, direction: in}
  - {id: coach-h1, coach: h1, direction: in}
  - {id: coach-r1, coach: r1, direction: in}
scanners: []
"""


def _some(letter: str, first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{letter}{n:02}" for n in range(first, last + 1))


ALMELO, ZWOLLE, OSS = _some("n", 1, 20), _some("n", 21, 39), _some("s", 1, 20)
EVERYBODY = (*ALMELO, *ZWOLLE, *OSS, "x60")
BADGES: Mapping[str, str] = {person: f"badge-{person}" for person in EVERYBODY}
ORGANISATIONS = {"Almelo": ALMELO, "Zwolle": ZWOLLE, "Oss": OSS, "": ("x60",)}
GROUPS = dict.fromkeys((*ALMELO, *ZWOLLE), "north") | dict.fromkeys(OSS, "south") | {"x60": ""}
SEATED = {
    "t1-b1": ALMELO, "t1-b2": ZWOLLE, "t1-h1": OSS,
    "t2-b1": ALMELO, "t2-b2": ZWOLLE, "t2-h1": OSS,
}  # fmt: skip


def programme() -> Programme:
    """The made day."""
    return load_programme(SOURCE)


def parts() -> Parts:
    """Who plays which part."""
    return Parts(
        programme=programme(),
        lists=SEATED,
        first="t1-b1",
        second="t1-b2",
        park="t1-h1",
        first_on="t2-b1",
        second_on="t2-b2",
        park_on="t2-h1",
        relief="r1",
        gets_off="n10",
        boarded_twice="n15",
        hand_ticked=("n16", "n17"),
        astray=_some("n", 2, 7),
        vip="n20",
        drives="n19",
        walk_on="x60",
        seen_twice=_some("n", 21, 26),
        unheard=("n27", "n28", "n29"),
        sleeper="n39",
        to_first=("n36", "n38"),
        late="n35",
        misdirected=_some("s", 1, 6),
        vouched=_some("s", 7, 12),
    )


def cards() -> list[tuple[str, str, str, str]]:
    """Everybody as (person, group, organisation, needs)."""
    return [
        (person, GROUPS[person], organisation, "rolstoel" if person == "n01" else "")
        for organisation, persons in ORGANISATIONS.items()
        for person in persons
    ]


def write_files(folder: Path) -> None:
    """`programme.yaml` and `people.csv`, to load into an installation."""
    (folder / "programme.yaml").write_bytes(SOURCE)
    rows = [f"{p},Name of {p},{organisation},{group},{needs},{BADGES[p]}" for p, group, organisation, needs in cards()]
    (folder / "people.csv").write_text("\n".join(["id,name,organisation,groups,needs,badge", *rows]) + "\n")
