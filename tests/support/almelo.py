"""The day in Almelo for tests: its programme, its people with made-up badges, and a simple filling of the coaches."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from firmware_sim.people import Guest
from shared.programme import Programme, load_programme

EXAMPLE = Path(__file__).parents[2] / "examples" / "almelo"


def almelo(**changes: Any) -> Programme:
    """The programme of the example, with members of the file replaced."""
    draft = yaml.safe_load((EXAMPLE / "programme.yaml").read_text())
    # as JSON, which is YAML too: safe_dump would write a value that is there twice as a reference, which is refused
    return load_programme(json.dumps({**draft, **changes}, default=str).encode())


def renamed_scanners(names: tuple[str, ...]) -> list[dict[str, str]]:
    """The example's scanners under other names, for brokers that know only those."""
    draft = yaml.safe_load((EXAMPLE / "programme.yaml").read_text())
    return [{**spec, "id": name} for spec, name in zip(draft["scanners"], names, strict=False)]


def guests(most: int = 312) -> tuple[Guest, ...]:
    """The people of the example; some had another badge before."""
    with (EXAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:most]
    return tuple(
        Guest(
            person=row["id"],
            badge=f"ticket-{row['id']}",
            groups=frozenset(row["groups"].split("|")),
            organisation=row["organisation"],
            name=row["name"],
            revoked=(f"lost-{row['id']}",) if number % 40 == 0 else (),
        )
        for number, row in enumerate(rows)
    )


def seats_for(programme: Programme, people: tuple[Guest, ...], *, spare: int = 3) -> dict[str, tuple[str, ...]]:
    """Everybody on a run of their leg in order of the list, with `spare` seats left on each while that goes."""
    seats: dict[str, tuple[str, ...]] = {}
    for transfer in programme.transfers:
        for leg in transfer.legs:
            waiting = [guest.person for guest in people if transfer.leg_for(guest.groups) == leg]
            for run in programme.runs_of_leg(leg.id):
                room = (run.seats or 0) - spare
                seats[run.id], waiting = tuple(waiting[:room]), waiting[room:]
    return seats


def people_json(people: tuple[Guest, ...]) -> str:
    """The simulator's people file."""
    rows: list[Mapping[str, Any]] = [
        {
            "person": guest.person,
            "badge": guest.badge,
            "groups": sorted(guest.groups),
            "organisation": guest.organisation,
            "revoked": guest.revoked,
        }
        for guest in people
    ]
    return json.dumps(rows)
