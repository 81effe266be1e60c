"""The allocation beside an exact solver, on legs small enough for one: how often it finds the best there is.

Compared are wheelchairs and people without a seat, splits of organisations, lone pieces and coaches, in that order; the
seeds are fixed, so that a worse search shows here.
"""

from collections.abc import Iterator
from random import Random

import pytest

from tests.support.allocation import Worth, best, broken, worth
from transport.domain.allocation import Traveller, Vehicle, allocate

SIZES = (1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 11, 15)
LEGS = 50


@pytest.fixture(scope="module")
def plain() -> list[tuple[Worth, Worth]]:
    """Found and best, of legs where only organisations matter."""
    return list(_compared(wheelchairs=False, together=False, groups=False))


def test_without_wheelchairs_it_finds_the_best_there_is(plain: list[tuple[Worth, Worth]]) -> None:
    """On every one of fifty legs: people without a seat, splits, lone pieces and coaches."""
    assert [found for found, least in plain if found != least] == []


def test_some_of_these_legs_cannot_be_whole(plain: list[tuple[Worth, Worth]]) -> None:
    """So that there is something to be best at: people left over, and splits that nobody can do without."""
    assert sum(least[1] > 0 for _, least in plain) >= 2
    assert sum(least[2] > 0 for _, least in plain) >= 10


def test_with_wheelchairs_and_companions_it_finds_the_best_on_nine_of_ten() -> None:
    """Where a wheelchair costs other seats on each run, and there may be too few places; nobody more is left over."""
    compared = list(_compared(wheelchairs=True, together=True, groups=False))
    assert sum(found == least for found, least in compared) >= LEGS * 9 // 10
    assert all(found[:2] == least[:2] and found[2] - least[2] <= 1 for found, least in compared)


def test_with_groups_across_organisations_organisations_stay_the_best() -> None:
    """Each person of one of three groups, whatever their organisation: groups are split no more than once too often."""
    compared = list(_compared(wheelchairs=False, together=False, groups=True, legs=8))
    assert all(found[:3] == least[:3] for found, least in compared)
    assert all(found[3] - least[3] <= 1 for found, least in compared)


def _compared(*, wheelchairs: bool, together: bool, groups: bool, legs: int = LEGS) -> Iterator[tuple[Worth, Worth]]:
    for seed in range(legs):
        runs, people = _leg(seed, wheelchairs=wheelchairs, together=together, groups=groups)
        found = allocate(runs, people, prefer="fewest")
        assert broken(found, runs, people) == []
        yield worth(found, runs, people), best(runs, people)


def _leg(seed: int, *, wheelchairs: bool, together: bool, groups: bool) -> tuple[list[Vehicle], list[Traveller]]:
    """Two to four runs and up to forty people; often exactly as many as there are seats, sometimes more."""
    rng = Random(seed)  # noqa: S311 chance, not a secret
    runs = [
        Vehicle(
            run=f"r{number}",
            leg="x",
            seats=rng.randint(4, 14),
            wheelchairs=rng.randint(0, 2) if wheelchairs else 0,
            wheelchair_seats=rng.choice((1, 1, 2, 3, 0)),
            order=number,
        )
        for number in range(rng.randint(2, 4))
    ]
    seats = sum(run.seats or 0 for run in runs)
    number = max(1, min(40, seats - rng.choice((0, 0, 0, 1, 2, 3, 5, 10, -3))))
    people: list[Traveller] = []
    while len(people) < number:
        organisation = "" if rng.random() < 0.08 else f"o{len(people)}"
        people += [
            Traveller(
                person=f"p{len(people) + one:02}",
                leg="x",
                organisation=organisation,
                group=rng.choice(("", "g1", "g2", "g3")) if groups else "",
                wheelchair=wheelchairs and rng.random() < 0.04,
                together=f"t{rng.randint(0, 6)}" if together and rng.random() < 0.08 else "",
            )
            for one in range(min(number - len(people), rng.choice(SIZES)))
        ]
    return runs, people
