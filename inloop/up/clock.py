"""The simulated clock of `up`: where it starts, and how it carries on after a stop."""

import time

from inloop.home import Home, Moment
from shared.clock import SimulatedClock
from shared.programme import Programme

BEFORE_FIRST_MS = 10 * 60_000  # the day begins ten minutes before the first item
HEAD_START_S = 2.0  # real seconds that the processes need to come up, which the day waits for


def start_clock(home: Home, programme: Programme, *, speed: float) -> SimulatedClock:
    """The clock to run on: from where the folder's day stopped, else from just before the programme's first item."""
    moment = home.moment()
    start_ms = moment.at_ms if moment else programme.first_item_ms - BEFORE_FIRST_MS
    return SimulatedClock(start_ms=start_ms, speed=speed, anchor_s=time.time() + HEAD_START_S)


def keep(home: Home, clock: SimulatedClock, *, ahead_s: float = 0.0) -> None:
    """Write down where the day is, or will be `ahead_s` real seconds from now.

    While it runs that is the next time this is called: so that even after a power cut no moment comes twice.
    """
    now_ms = clock.now_ms() + int(ahead_s * clock.speed * 1000)
    home.keep_moment(Moment(at_ms=now_ms, speed=clock.speed))
