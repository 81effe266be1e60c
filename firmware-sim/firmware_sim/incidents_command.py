"""`python -m firmware_sim incidents`: plays what goes wrong at the kerb in Almelo, through the HTTP API."""

import argparse
import json
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from firmware_sim import incidents
from firmware_sim.coordinators import TRANSPORT, Kerb, parse_weather, send_to
from firmware_sim.people import Guest, load_people
from shared.clock import clock_from
from shared.programme import Programme, load_programme

MINUTE_MS = 60_000
EXAMPLE = """example, on an installation that plays the day in Almelo with INLOOP_AUTO_STEPS=0:

  python -m firmware_sim incidents --programme examples/almelo/programme.yaml --people people.json \\
      --origin http://127.0.0.1:8080 --tokens tokens.json --clock 2024-01-11T09:20:00Z@60@$(date +%s) --weather all

tokens.json is {"*": TOKEN} with one of an organiser for everybody, or has a token for each phone: c1, c2a, c2b, c3,
desk, c.RUN for the coordinator of an ordinary run, reader.CHECKPOINT for a reader (a host's).
"""


def add_to(commands: Any) -> None:
    """Add the command and its options to a parser's commands."""
    parser = commands.add_parser(
        "incidents",
        help="play what goes wrong at the kerb, as coordinators' phones",
        description="A breakdown, a dead phone, people in the wrong coach, a car park without network, and the rest: "
        "see firmware_sim/incidents.py. Ends with 0 when everything was answered.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--programme", type=Path, required=True)
    parser.add_argument("--people", type=Path, required=True, help="JSON: person, badge, groups, organisation")
    parser.add_argument("--origin", required=True, help="where Inloop is, such as http://127.0.0.1:8080")
    parser.add_argument("--tokens", type=Path, required=True, help="JSON: the token of each phone, * for all others")
    parser.add_argument("--clock", default="real", help="real, or START@SPEED@ANCHOR")
    parser.add_argument("--seed", type=int, default=1, help="who plays which part, and the weather")
    parser.add_argument("--weather", type=parse_weather, default=parse_weather("none"), help="all, none or a list")
    parser.add_argument("--drain-limit", type=float, default=60, metavar="MIN", help="minutes for the last answers")
    parser.add_argument("--script", type=Path, help="write the script to this file and play nothing")


def run(options: argparse.Namespace, *, is_over: Callable[[], bool]) -> int:
    """Play it; 0 when everything was answered, 1 when not. Raises ValueError or OSError for what cannot be."""
    programme, people = load_programme(options.programme), load_people(options.people)
    tokens = json.loads(options.tokens.read_text())
    parts = incidents.cast(
        programme,
        _lists(programme, options.origin, tokens.get("desk") or tokens.get("*", "")),
        options.seed,
        walk_on=_without_leg(programme, people),
    )
    script = incidents.write(parts, {guest.person: guest.badge for guest in people}, options.seed)
    if options.script is not None:
        options.script.write_text(json.dumps(script.as_json(), indent=1))
        return 0
    clock = clock_from(options.clock)
    kerb = Kerb(
        script,
        send=send_to(options.origin, tokens),
        clock=clock,
        weather=options.weather,
        seed=options.seed,
        is_over=is_over,
    )
    kerb.play(script.deeds[-1].at_ms)
    drained = kerb.drain(clock.now_ms() + int(options.drain_limit * MINUTE_MS))
    print(json.dumps(kerb.summary()), flush=True)
    if not drained and not is_over():
        print(f"firmware_sim: {kerb.waiting} had no answer: is {options.origin} up?", file=sys.stderr)
    return 0 if (drained and not kerb.troubles) or is_over() else 1


def _lists(programme: Programme, origin: str, token: str) -> dict[str, tuple[str, ...]]:
    """Who has a seat on each run, as the service says now."""
    return {
        run.id: tuple(sorted(_persons(f"{origin}{TRANSPORT}/runs/{run.id}/passengers", token)))
        for run in programme.runs
    }


def _persons(url: str, token: str) -> list[str]:
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 (an argument)
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 (the same)
        listed: Mapping[str, Any] = json.loads(answer.read())
    if listed["persons"] is None:
        raise ValueError("the token sees numbers only: give desk one of an organiser")
    return [str(one["person"]) for one in listed["persons"]]


def _without_leg(programme: Programme, people: Sequence[Guest]) -> str | None:
    """Somebody whom no transfer takes along: the walk-on."""
    legless = [g for g in people if not any(transfer.leg_for(g.groups) for transfer in programme.transfers)]
    return legless[0].person if legless else None
