"""What a coach answers to a scan (CONTRACT section 4): one pure function.

| outcome | when |
| --- | --- |
| refuse `unknown` `forged` `revoked` `wrong-event` | the badge does not stand for somebody of this event |
| admit `off` | out: always while the coach has a run; before D at the origin, after it at the destination |
| admit `again` | in, aboard already; also on the way |
| refuse `departed` | in, read after D |
| refuse `closed` | in, the run is not open: planned, halted, cancelled, or there is no run |
| admit `aboard` | in, has a seat here; or the policy is `count` |
| refuse `other-run` / `not-listed` | in, has a seat elsewhere / none, and the policy is `strict` |
| refuse `full` | in, no seat left, or no wheelchair place for who needs one |
| warn `other-run` / `not-listed` | in, seat free: moved here, seat freed there / walk-on |
"""

from collections.abc import Mapping
from typing import NamedTuple

from shared.facts import UNDERWAY, Outcome, Reason
from shared.programme import Policy, Programme, Run
from shared.scans import BadgeState
from transport.domain.run import Log, State

BEFORE = frozenset({State.PLANNED, State.BOARDING, State.LAST_CALL})
ON_THE_WAY = frozenset({State.DEPARTED, State.ARRIVED})
OPEN = frozenset({State.BOARDING, State.LAST_CALL})


class Wheels(NamedTuple):
    """Wheelchairs of a run: places, those of the listed and of who is aboard, and the seats that one costs."""

    places: int = 0
    listed: int = 0
    aboard: int = 0
    seats: int = 1


class Load(NamedTuple):
    """How full a run is: persons on its passenger list, persons in it, and nameless people counted by hand."""

    seats: int | None
    listed: int
    aboard: int
    nameless: int = 0
    wheels: Wheels = Wheels()

    def has_room(self, state: State, *, listed: bool, wheelchair: bool = False) -> bool:
        """Whether one more can sit down; until last call the listed keep their seats and places for themselves.

        A wheelchair place so stays free for who has it, and the seat beside it for who comes along.
        """
        kept = not listed and state is not State.LAST_CALL
        rolling = max(self.wheels.listed, self.wheels.aboard) if kept else self.wheels.aboard
        if wheelchair and rolling >= self.wheels.places:
            return False
        if self.seats is None:
            return True
        people = max(self.listed, self.aboard) if kept else self.aboard
        taken = people + rolling * (self.wheels.seats - 1) + self.nameless
        return taken + (self.wheels.seats if wheelchair else 1) <= self.seats


class Known(NamedTuple):
    """What was known just before the scan; `seat` is the person's run in this transfer."""

    is_aboard: bool
    seat: str | None
    load: Load
    wheelchair: bool = False


class Decision(NamedTuple):
    """The answer; `place` is where the person is from then on, None when the scan is no sighting."""

    outcome: Outcome
    reason: Reason
    place: str | None


def run_of_scan(programme: Programme, logs: Mapping[str, Log], coach: str, at_ms: int) -> Run | None:
    """The run that a coach's scan belongs to: the latest that was opened by then, else the first not arrived by then.

    The runs of a coach are those planned on it and those that it took over (K); a reader may move along with its run.
    """
    logs = {run: log.until(at_ms) for run, log in logs.items()}  # what was taken later is of no account
    taken_over = {run for run, log in logs.items() if log.vehicle is not None and log.vehicle.coach == coach}
    planned = programme.runs_of_coach(coach)
    also = [run for run in programme.runs if run.id in taken_over and run not in planned]
    runs = [run for run in (*planned, *also) if logs[run.id].state is not State.CANCELLED]
    opened = [(since, run) for run in runs if (since := logs[run.id].first("B")) is not None and since <= at_ms]
    if opened:
        return max(opened, key=lambda pair: (pair[0], pair[1].depart_ms, pair[1].id))[1]
    return next((run for run in runs if logs[run.id].arrived_ms is None), None)


def step_off(run: Run, log: Log, at_ms: int) -> Decision:
    """Where somebody is who gets off: beside the road when the coach broke down on its way."""
    past = log.until(at_ms)
    if not past.on_the_road or past.departed_ms == at_ms:
        return Decision("admit", "off", run.origin)
    stands = past.state is State.HALTED or past.departed_ms is None  # broken down, or a relief coach is boarded
    return Decision("admit", "off", UNDERWAY if stands else run.destination)


def step_in(run: Run, state: State, policy: Policy, known: Known) -> Decision:
    """Judge a badge of somebody of this event who gets in."""
    refused = not_now(state, is_aboard=known.is_aboard)
    if refused is not None:
        return Decision("refuse", refused, None)
    if known.is_aboard:
        return Decision("admit", "again", run.id)
    if policy == "count":
        return Decision("admit", "aboard", run.id)
    listed = known.seat == run.id
    note: Reason = "not-listed" if known.seat is None else "other-run"
    if policy == "strict" and not listed:
        return Decision("refuse", note, None)
    if not known.load.has_room(state, listed=listed, wheelchair=known.wheelchair):
        return Decision("refuse", "full", None)
    return Decision("admit", "aboard", run.id) if listed else Decision("warn", note, run.id)


def refuse(badge: BadgeState) -> Decision:
    """The answer to a badge that stands for nobody here."""
    return Decision("refuse", "unknown" if badge == "known" else badge, None)


def not_now(state: State, *, is_aboard: bool) -> Reason | None:
    """Why a run in this state takes nobody in, None when it does."""
    if state in OPEN or (state is State.DEPARTED and is_aboard):
        return None
    return "departed" if state in ON_THE_WAY or state is State.CLOSED else "closed"
