"""A made-up transport at 11.42 of the Almelo day, as JSON: what the pages get before there is a service behind them."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shared import instants
from shared.programme import Run
from tests.support.pages import EXAMPLE, NOON_MS, programme

MINUTE_MS = 60_000
PEOPLE = Path(EXAMPLE).parent / "people.csv"
STATES = {
    "t1-b1": ("departed", 1), "t1-b2": ("last_call", 0), "t1-b3": ("boarding", 4), "t1-b4": ("boarding", 0),
    "t1-h1": ("departed", 0), "t1-h2": ("boarding", 2), "t1-h3": ("boarding", 0),
}  # fmt: skip
BOARDED = {"t1-b1": 1.0, "t1-b2": 0.94, "t1-b3": 0.6, "t1-b4": 0.3, "t1-h1": 1.0, "t1-h2": 0.7, "t1-h3": 0.5}
Json = dict[str, Any]


@dataclass
class MadeDay:
    """Who sits where; `asked` is what was posted, `fails` makes the next answers refusals by path."""

    now_ms: int = NOON_MS
    seats: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    proposals: dict[str, Json] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    people: dict[str, Json] = field(default_factory=dict)
    states: dict[str, tuple[str, int]] = field(default_factory=lambda: dict(STATES))
    relief: dict[str, str] = field(default_factory=dict)
    lost: int = 0
    vouched: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        with PEOPLE.open(encoding="utf-8") as file:
            self.people = {row["id"]: row for row in csv.DictReader(file)}
        for transfer in ("t1", "t2"):
            self._fill(transfer)

    def _fill(self, transfer: str) -> None:
        for leg in programme().transfer(transfer).legs:
            runs = list(programme().runs_of_leg(leg.id))
            room = {run.id: (run.seats or 50) - 3 for run in runs}
            for one, row in sorted(self.people.items(), key=lambda item: item[1]["organisation"]):
                if not set(row["groups"].split("|")) & set(leg.groups):
                    continue
                fits = [run.id for run in runs if room[run.id] > 0]
                if one in {"p077", "p205"} and transfer == "t1":
                    self.left.append(one)
                elif fits:
                    room[fits[0]] -= 1
                    self.seats[f"{transfer}:{one}"] = fits[0]

    # -- what is asked -----------------------------------------------------------------------------

    def on(self, run: str) -> list[str]:
        """Who has a seat on a run, by name."""
        found = [key.split(":")[1] for key, seat in self.seats.items() if seat == run]
        return sorted(found, key=lambda one: str(self.people[one]["name"]))

    def aboard(self, run: str) -> list[str]:
        """Who of them is in the coach."""
        listed = self.on(run)
        return listed[: round(len(listed) * BOARDED.get(run, 0))]

    def dispatch(self) -> Json:
        """`GET dispatch`."""
        return {
            "event": programme().event,
            "at": instants.to_text(self.now_ms),
            "runs": [self.run(run) for run in programme().runs],
            "coaches": [],
            "legs": [],
            "conflicts": [self._conflict()],
            "without_seat": [
                {**self.named(one), "transfer": "t1", "why": _text("Geen rit had nog plek", "No run had room left")}
                for one in self.left
            ],
        }

    def run(self, run: Run) -> Json:
        """A run of the dispatcher's list."""
        state, late = self.states.get(run.id, ("planned", 0))
        listed, aboard = len(self.on(run.id)), len(self.aboard(run.id))
        shift = late * MINUTE_MS
        gone = state == "departed"
        return {
            "run": run.id, "name": run.name, "transfer": run.transfer, "leg": run.leg, "kerb": run.kerb,
            "coach": self.relief.get(run.id, run.coach), "state": state,
            "times": {
                "open": _times(run.open_ms, run.open_ms, real=state != "planned"),
                "depart": _times(run.depart_ms, run.depart_ms + shift, real=gone),
                "arrive": _times(run.arrive_ms, run.arrive_ms + shift),
                "late_ms": shift,
            },
            "numbers": {
                "seats": run.seats, "listed": listed, "aboard": aboard, "nameless": 0, "to_come": listed - aboard,
                "free": (run.seats or 50) - listed, "wheelchairs": run.wheelchairs, "wheelchairs_free": run.wheelchairs,
            },
        }  # fmt: skip

    def passengers(self, run: str) -> Json:
        """`GET runs/{run}/passengers`."""
        listed, aboard = self.on(run), set(self.aboard(run))
        persons = [
            {**self.named(one), "wheelchair": "rolstoel" in self.people[one]["needs"],
             "state": "aboard" if one in aboard else "listed"}
            for one in listed
        ]  # fmt: skip
        return {"run": run, "listed": len(listed), "aboard": len(aboard), "persons": persons}

    def party(self, run: str, party: str) -> Json:
        """`GET runs/{run}/parties/{party}`: the people of an organisation, by its name."""
        aboard = {*self.aboard(run), *self.vouched}
        persons = [
            {"person": one, "name": self.people[one]["name"], "state": "aboard" if one in aboard else "listed"}
            for one in self.on(run)
            if self.people[one]["organisation"] == party
        ]
        planned = programme().run(run)
        said = self.run(planned)
        return {
            "run": run, "party": party, "name": party, "run_name": planned.name, "kerb": planned.kerb,
            "state": said["state"], "depart": said["times"]["depart"], "listed": len(persons),
            "aboard": sum(one["state"] == "aboard" for one in persons), "persons": persons,
        }  # fmt: skip

    def vouch(self, run: str, party: str, body: Json) -> Json:
        """`POST …/vouch`."""
        self.asked.append((f"{run}/{party}", body))
        self.vouched |= set(body["persons"])
        return self.party(run, party)

    def named(self, one: str) -> Json:
        """Somebody by name."""
        row = self.people[one]
        return {"person": one, "name": row["name"], "organisation": row["organisation"], "phone": row["phone"]}

    def _conflict(self) -> Json:
        one = self.aboard("t1-b2")[0]
        runs = [
            {"run": run, "name": run[3:].upper(), "at": instants.to_text(self.now_ms - late * MINUTE_MS)}
            for run, late in (("t1-b1", 9), ("t1-b2", 5))
        ]
        return {"person": one, "name": self.people[one]["name"], "runs": runs, "stands": "t1-b2"}

    # -- what is changed ---------------------------------------------------------------------------

    def propose(self, transfer: str, body: Json) -> Json:
        """`POST transfers/{transfer}/allocations`: to one run, or off one coach to where room is."""
        self.asked.append((transfer, body))
        if "move" in body:
            kind, persons, to = "move", self._persons(transfer, body["move"]), body["move"]["to"]
            moves = [self._move(transfer, one, to) for one in persons]
        else:
            kind, moves = ("what-if" if "without" in body else "plan"), self._without(transfer, body.get("without", []))
        identity = f"allocation-{len(self.proposals) + 1}"
        self.proposals[identity] = self._proposal(identity, transfer, kind, moves) | {
            "prefer": body.get("prefer", "evenest")
        }
        return self.proposals[identity]

    def _persons(self, transfer: str, move: Json) -> list[str]:
        if "persons" in move:
            return list(move["persons"])
        listed = self.on(move["from"])
        if "organisation" in move:
            return [one for one in listed if self.people[one]["organisation"] == move["organisation"]]
        return [one for one in listed if move["group"] in self.people[one]["groups"].split("|")]

    def _without(self, transfer: str, coaches: list[str]) -> list[Json]:
        lost = [run for run in programme().runs_of_transfer(transfer) if run.coach in coaches]
        others = [run for one in lost for run in programme().runs_of_leg(one.leg) if run not in lost]
        room = {run.id: (run.seats or 50) - len(self.on(run.id)) for run in others}
        moves = []
        for one in [person for run in lost for person in self.on(run.id)]:
            to = next((run for run, free in room.items() if free > 0), None)
            if to is not None:
                room[to] -= 1
            moves.append(self._move(transfer, one, to))
        return moves

    def _move(self, transfer: str, one: str, to: str | None) -> Json:
        return {
            "person": one, "name": self.people[one]["name"], "from": self.seats.get(f"{transfer}:{one}"), "to": to,
        }  # fmt: skip

    def _proposal(self, identity: str, transfer: str, kind: str, moves: list[Json]) -> Json:
        touched = dict.fromkeys(run for move in moves for run in (move["from"], move["to"]) if run)
        left = [move for move in moves if move["to"] is None]
        full = _text("Geen rit had nog plek", "No run had room left")
        return {
            "allocation": identity, "transfer": transfer, "kind": kind, "state": "proposed",
            "at": instants.to_text(self.now_ms), "moves": [move for move in moves if move["to"]],
            "left_over": [{"person": move["person"], "name": move["name"], "why": full} for move in left],
            "splits": self._splits(moves),
            "why": [], "runs": [self._change(run, moves) for run in touched], "affected": len(moves),
            "coaches_before": 7, "coaches_after": 7,
        }  # fmt: skip

    def _splits(self, moves: list[Json]) -> list[Json]:
        pieces = [{"run": "t1-b1", "people": 2}, {"run": "t1-b2", "people": 3}]
        why = _text("geen rit had 5 vrij", "no run had 5 free")
        return [{"organisation": "Gemeente Enschede", "pieces": pieces, "why": why}] if len(moves) > 5 else []

    def _change(self, run: str, moves: list[Json]) -> Json:
        before = len(self.on(run))
        after = before + sum((move["to"] == run) - (move["from"] == run) for move in moves)
        planned = programme().run(run)
        chairs = {"wheelchairs": 0, "wheelchairs_after": 0}
        return {"run": run, "name": planned.name, "seats": planned.seats, "before": before, "after": after, **chairs}

    def decide(self, identity: str, what: str) -> Json:
        """`POST allocations/{id}/apply` and `/undo`."""
        proposal = self.proposals[identity]
        self.asked.append((identity, what))
        for move in proposal["moves"]:
            key, to = f"{proposal['transfer']}:{move['person']}", move["to" if what == "apply" else "from"]
            if to is None:
                self.seats.pop(key, None)
            else:
                self.seats[key] = to
            self.left = [one for one in self.left if one != move["person"]]
        proposal["state"] = "applied" if what == "apply" else "undone"
        return proposal


def _times(planned: int, expected: int, *, real: bool = False) -> Json:
    said = instants.to_text(expected)
    return {"planned": instants.to_text(planned), "estimated": said, "real": said if real else None}


def _text(nl: str, en: str) -> Json:
    return {"nl": nl, "en": en}
