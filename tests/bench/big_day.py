"""A made-up day of any size for the benchmarks: two transfers, each of so many runs, and people to fill them.

One site in the morning, four in the afternoon, one in the evening; groups decide where somebody goes.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from shared import badge, seal
from shared.facts import Personal, PersonCard, Sighting
from shared.programme import Programme, load_programme

EVENT = "big-2024"
SITES = ("north", "east", "south", "west")
RUNS = 200  # a transfer
PEOPLE = 20_000
BASE = dt.datetime(2024, 1, 11, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def programme(runs: int = RUNS, people: int = PEOPLE) -> Programme:
    """The day as a service loads it; the seats hold everybody, with some to spare."""
    return load_programme(msgspec.json.encode(_programme(runs, people)))  # YAML holds JSON


def _programme(runs: int, people: int) -> dict[str, Any]:
    seats = -(-people * 21 // (runs * 20))
    return {
        "event": EVENT,
        "title": _text("Big day"),
        "zone": "Europe/Amsterdam",
        "date": "2024-01-11",
        "locations": [{"id": place, "name": place.title()} for place in ("dome", *SITES, "square")],
        "groups": [{"id": f"to-{site}", "name": _text(site), "kind": "pillar"} for site in SITES],
        "items": [
            {"id": "opening", "title": _text("Opening"), "start": "10:00", "end": "11:30", "place": "dome"},
            {"id": "closing", "title": _text("Closing"), "start": "15:00", "end": "17:00", "place": "square"},
        ],
        "transfers": [
            _transfer("t1", "11:30", "12:30", [(f"t1-{site}", "dome", site) for site in SITES]),
            _transfer("t2", "13:30", "14:30", [(f"t2-{site}", site, "square") for site in SITES]),
        ],
        "coaches": [
            {"id": f"c{n}", "name": f"C{n}", "seats": seats, "wheelchairs": 2, "phone": "+31 6 00000000"}
            for n in range(runs)
        ],
        "runs": [
            {
                "id": f"{transfer}-c{n}",
                "name": f"C{n}",
                "coach": f"c{n}",
                "leg": f"{transfer}-{SITES[n % 4]}",
                "open": f"{hour}:20",
                "depart": _clock(hour, 40 + n // 4 % 20),
                "arrive": _clock(hour, 55 + n // 4 % 20),
                "kerb": f"Kerb {n}",
            }
            for transfer, hour in (("t1", 11), ("t2", 13))
            for n in range(runs)
        ],
        "checkpoints": [
            {"id": "dome-in", "place": "dome", "direction": "in"},
            *({"id": f"coach-c{n}", "coach": f"c{n}", "direction": "in"} for n in range(runs)),
        ],
        "scanners": [],
    }  # fmt: skip


def _transfer(name: str, start: str, end: str, legs: list[tuple[str, str, str]]) -> dict[str, Any]:
    return {
        "id": name,
        "title": _text(name),
        "start": start,
        "end": end,
        "grace": 10,
        "legs": [
            {"id": leg, "origin": origin, "destination": to, "groups": [f"to-{leg[3:]}"], "minutes": 15}
            for leg, origin, to in legs
        ],
    }


def _text(words: str) -> dict[str, str]:
    return {"nl": words, "en": words}


def _clock(hour: int, minute: int) -> str:
    return f"{hour + minute // 60:02}:{minute % 60:02}"


def code(number: int) -> str:
    """The badge of a person."""
    return f"badge-{number:06}"


def cards(count: int, key: bytes, first: int = 0) -> Iterator[PersonCard]:
    """The people, in organisations of nine; one of a hundred with a wheelchair."""
    for number in range(first, first + count):
        person = f"p{number:06}"
        personal = Personal(
            name=f"Deelnemer {number:06} van den Berg",
            organisation=f"Gemeente {number // 9:04}",
            phone=f"+31 6 {number:08}",
            needs="rolstoel" if number % 100 == 0 else "",
        )
        yield PersonCard(
            person=person,
            rev=1,
            groups=(f"to-{SITES[number // 9 % 4]}",),
            badges=(badge.digest(code(number)),),
            revoked=(),
            sealed=seal.seal(personal, person=person, key=key),
        )


def checked_in(count: int, at_ms: int) -> Iterator[Sighting]:
    """Everybody came in at the dome, one every ten milliseconds."""
    for number in range(count):
        yield Sighting(
            id=f"door-{number:08}",
            event=EVENT,
            person=f"p{number:06}",
            place="dome",
            at_ms=at_ms + number * 10,
            how="scanned",
            source="checkin",
            sequence=number + 1,
        )
