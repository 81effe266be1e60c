"""Runs and stays of the small day, as one reads them: `B 11:20, D 11:40`, `church 10:30, t1-b1 11:25 manual`."""

from shared.programme import Programme, load_programme
from tests.support.transport import PROGRAMME, at
from transport.domain.run import Log, Taken, Vehicle, fold
from transport.domain.stays import Stay

RELIEF = Vehicle(coach="r1", name="R1", seats=4, wheelchairs=1)


def small_day() -> Programme:
    """The small day of tests/support/transport.py."""
    return load_programme(PROGRAMME)


def log(run: str, steps: str = "", **counted: int) -> Log:
    """A run that took these steps, letter and time; `D=14` is the hand count that came with D."""
    asked = [
        Taken(
            letter=letter,
            at_ms=at(clock),
            by="test",
            id=f"step-{n:02}",
            counted=counted.get(letter),
            reason="a test",
            vehicle=RELIEF if letter == "K" else None,
        )
        for n, (letter, clock) in enumerate(step.split() for step in steps.split(", ") if step)
    ]
    found = fold(run, asked)
    assert len(found.steps) == len(asked), "a step of the test has no effect"
    return found


def stays(said: str) -> list[Stay]:
    """Stays of one person, place and time, perhaps `manual` or `implied`."""
    words = [one.split() for one in said.split(", ") if one]
    return sorted(
        Stay(at(clock), f"seen-{n:02}".encode(), place, "implied" in how, "manual" in how)
        for n, (place, clock, *how) in enumerate(words)
    )
