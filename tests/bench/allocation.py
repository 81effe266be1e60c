"""What the allocation of people to runs is worth, and what it costs.

    python -m tests.bench.allocation [--instances 200] [--large 3] [--json FILE]

Days are planted: coaches of 49, 53 and 57 seats, each filled to the last seat by whole organisations, so that none need
be split. Beside them stands what filling the largest organisations first, each into the first run with room, would do.

Times are of the processor, since others may use the machine. Each is also held against a loop in plain Python, measured
just before it, that takes ten milliseconds on the machine the limits are for: a limit of 40 ms is four times that.
"""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from transport.domain.allocation import Proposal, Score, Traveller, Vehicle, allocate, what_if

SEATS = (49, 53, 57)
USUAL = tuple(range(2, 25))  # people of an organisation
LARGE = tuple(range(10, 32))  # a few to a coach: the hardest to fit
PEOPLE, MANY = 370, 21_000
LIMIT_MS, LIMIT_MANY_MS = 40, 320
WIDTH = 132
KEY = "allocation"


@dataclass(frozen=True)
class Day:
    """Runs that organisations fill exactly, by the size of each."""

    runs: list[Vehicle]
    people: list[Traveller]
    sizes: list[int]


def planted(seed: int, *, people: int = PEOPLE, sizes: Sequence[int] = USUAL, wheelchairs: float = 0.0) -> Day:
    """A day with an answer: every run has the seats and wheelchair places of those who were planted on it."""
    rng = Random(seed)  # noqa: S311 chance, not a secret
    runs: list[Vehicle] = []
    found: list[Traveller] = []
    drawn: list[int] = []
    while len(found) < people:
        seats, here = rng.choice(SEATS), len(found)
        while len(found) - here < seats:
            size = min(rng.choice(sizes), seats - (len(found) - here))
            found += [
                Traveller(
                    person=f"{len(drawn):05}-{one:02}",
                    leg="x",
                    organisation=f"o{len(drawn):05}",
                    wheelchair=rng.random() < wheelchairs,
                )
                for one in range(size)
            ]
            drawn.append(size)
        chairs = sum(one.wheelchair for one in found[here:])
        name = f"b{len(runs):04}"
        runs.append(
            Vehicle(
                run=name,
                leg="x",
                seats=seats + chairs,  # a wheelchair takes two
                wheelchairs=max(chairs, 1) if wheelchairs else 0,
                wheelchair_seats=2,
                order=len(runs),
            )
        )
    return Day(runs, found, drawn)


def with_companions(day: Day) -> Day:
    """Somebody of every eighth organisation travels with somebody of the next one on the same run."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    filled, run, order = 0, 0, []
    for number, size in enumerate(day.sizes):
        organisation = f"o{number:05}"
        order.append((run, organisation))
        first[organisation], last[organisation] = f"{number:05}-00", f"{number:05}-{size - 1:02}"
        filled += size
        if filled >= _planted_seats(day, run):
            run, filled = run + 1, 0
    together: dict[str, str] = {}
    for number, ((here, one), (there, another)) in enumerate(pairwise(order)):
        if number % 8 == 0 and here == there:
            together[last[one]] = together[first[another]] = f"t{number}"
    return replace(day, people=[replace(one, together=together.get(one.person, "")) for one in day.people])


def with_groups(day: Day) -> Day:
    """Every organisation of one of four groups, which nothing planted brings together: all attempts are used."""
    return replace(day, people=[replace(one, group=f"g{int(one.organisation[1:]) % 4}") for one in day.people])


def _planted_seats(day: Day, run: int) -> int:
    """Of people, without the second seat of wheelchairs."""
    return min(SEATS, key=lambda seats: (seats > (day.runs[run].seats or 0), (day.runs[run].seats or 0) - seats))


def largest_first(day: Day) -> int:
    """Splits of the simple way: largest organisation first, into the first run with room, else poured over the rest.

    It is let off wheelchair places: only their seats count.
    """
    free = [run.seats or 0 for run in day.runs]
    asked: Counter[str] = Counter()
    for one in day.people:
        asked[one.organisation] += 2 if one.wheelchair else 1
    splits = 0
    for rest in sorted(asked.values(), reverse=True):
        fits = next((run for run, seats in enumerate(free) if seats >= rest), None)
        pieces = 0
        for run in [fits] if fits is not None else sorted(range(len(free)), key=lambda run: -free[run]):
            here = min(rest, free[run])
            free[run] -= here
            rest -= here
            pieces += here > 0
        splits += pieces - 1
    return splits


def reference() -> float:
    """Milliseconds of a fixed piece of plain Python."""
    begin = time.process_time()
    table: dict[int, int] = {}
    number = 1
    for _ in range(60_000):
        number = (number * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        table[number & 1023] = number
    return (time.process_time() - begin) * 1000


@dataclass
class Timed:
    """Milliseconds of several calls, and of the loop between them."""

    took: list[float] = field(default_factory=list)
    loops: list[float] = field(default_factory=list)

    def begin(self) -> float:
        """The loop once; when the work begins."""
        self.loops.append(reference())
        return time.process_time()

    def end(self, begin: float) -> None:
        """Keep how long the work took."""
        self.took.append((time.process_time() - begin) * 1000)

    def figures(self) -> dict[str, float]:
        """Median and highest; and the highest against the loop that ran just before it."""
        against = [took / loop for took, loop in zip(self.took, self.loops, strict=True)]
        return {
            "p50_ms": statistics.median(self.took),
            "max_ms": max(self.took),
            "p50_loops": statistics.median(against),
            "max_loops": max(against),
        }


def whole_days(days: Iterable[Day], *, restarts: int = 200) -> dict[str, float]:
    """Splits of the allocation, and of the simple way."""
    timed = Timed()
    found: list[Score] = []
    simple: list[int] = []
    for day in days:
        begin = timed.begin()
        found.append(allocate(day.runs, day.people, restarts=restarts).score)
        timed.end(begin)
        simple.append(largest_first(day))
    return {
        "days": len(found),
        "left_over": sum(score.left_over for score in found),
        "splits": sum(score.organisations_split for score in found),
        "splits_a_day": statistics.mean(score.organisations_split for score in found),
        "largest_first_a_day": statistics.mean(simple),
        **timed.figures(),
    }


def without_a_coach(days: Iterable[Day]) -> dict[str, float]:
    """Ten more seats on each coach, everybody told a run, and one coach does not come."""
    timed = Timed()
    found: list[Proposal] = []
    for number, day in enumerate(days):
        runs = [replace(run, seats=(run.seats or 0) + 10, wheelchairs=run.wheelchairs * 2) for run in day.runs]
        seats = allocate(runs, day.people).seats
        people = [replace(one, told=seats[one.person]) for one in day.people]
        begin = timed.begin()
        found.append(what_if(runs, people, without=[runs[number % len(runs)].run]))
        timed.end(begin)
    others = [one.other or one.plan for one in found]
    return {
        "days": len(found),
        "affected": sum(len(one.affected) for one in found),
        "moves": sum(len(one.plan.moves) for one in found),
        "left_over": sum(len(one.plan.left_over) for one in found),
        "splits": sum(one.plan.score.organisations_split for one in found),
        "other_moves": sum(len(one.moves) for one in others),
        "other_splits": sum(one.score.organisations_split for one in others),
        **timed.figures(),
    }


def main() -> None:
    """Measure, print, and add to the figures of a file."""
    parser = argparse.ArgumentParser(description="What the allocation of people to runs is worth, and costs.")
    parser.add_argument("--instances", type=int, default=200)
    parser.add_argument("--large", type=int, default=3, help="days of 21,000 people")
    parser.add_argument("--json", type=Path, default=None, help="add the figures to those in this file")
    given = parser.parse_args()
    some, fewer = range(given.instances), range(max(1, given.instances // 4))
    large = range(given.large)
    found = {
        "370 people, one filling": whole_days((planted(n) for n in some), restarts=0),
        "370 people": whole_days(planted(n) for n in some),
        "370 in large organisations, one filling": whole_days((planted(n, sizes=LARGE) for n in some), restarts=0),
        "370 in large organisations": whole_days(planted(n, sizes=LARGE) for n in some),
        "370, wheelchairs": whole_days(planted(n, wheelchairs=0.02) for n in some),
        "370, companions": whole_days(with_companions(planted(n)) for n in some),
        "370, wheelchairs and companions": whole_days(with_companions(planted(n, wheelchairs=0.02)) for n in some),
        "370, groups across organisations": whole_days(with_groups(planted(n)) for n in fewer),
        "21,000 people": whole_days(planted(n, people=MANY) for n in large),
        "21,000, wheelchairs and companions": whole_days(
            with_companions(planted(n, people=MANY, wheelchairs=0.02)) for n in large
        ),
    }
    gone = {
        "370 people, a coach does not come": without_a_coach(planted(n) for n in fewer),
        "370, wheelchairs, a coach does not come": without_a_coach(planted(n, wheelchairs=0.02) for n in fewer),
        "21,000 people, a coach does not come": without_a_coach(planted(n, people=MANY) for n in large),
    }
    show(found, gone)
    if given.json:
        figures = json.loads(given.json.read_text()) if given.json.exists() else {}
        figures[KEY] = {title: {k: round(v, 3) for k, v in one.items()} for title, one in (found | gone).items()}
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


def show(found: dict[str, dict[str, float]], gone: dict[str, dict[str, float]]) -> None:
    """Both tables, with the limits beside the figures; `loops` is what the slowest day took, of ten milliseconds."""
    console = Console()
    console = console if console.is_terminal else Console(width=max(console.width, WIDTH))
    head = ("days", "left over", "splits", "a day", "largest first", "p50 ms", "max ms", "limit ms", "loops", "limit")
    table = Table("whole days", *head)
    for title, one in found.items():
        limit = LIMIT_MANY_MS if title.startswith("21,000") else LIMIT_MS
        counts = (f"{one[name]:.0f}" for name in ("days", "left_over", "splits"))
        means = (f"{one[name]:.2f}" for name in ("splits_a_day", "largest_first_a_day"))
        times = (
            f"{one['p50_ms']:.1f}",
            f"{one['max_ms']:.1f}",
            f"{limit}",
            f"{one['max_loops']:.1f}",
            f"{limit / 10:.0f}",
        )
        table.add_row(title, *counts, *means, *times)
    console.print(table)
    table = Table(
        "what if", "days", "affected", "moves", "left over", "splits", "or moves", "or splits", "p50 ms", "max ms"
    )
    for title, one in gone.items():
        names = ("days", "affected", "moves", "left_over", "splits", "other_moves", "other_splits")
        table.add_row(title, *(f"{one[name]:.0f}" for name in names), f"{one['p50_ms']:.1f}", f"{one['max_ms']:.1f}")
    console.print(table)


if __name__ == "__main__":
    main()
