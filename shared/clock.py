"""The clock as an argument: the real one, or one simulated clock that all processes share (CONTRACT section 3)."""

import time
from dataclasses import dataclass
from typing import Protocol

from shared import instants


class Clock(Protocol):
    """Where the present comes from."""

    @property
    def speed(self) -> float:
        """Seconds of this clock in one real second."""

    def now_ms(self) -> int:
        """The present, in milliseconds since 1970."""

    def sleep_until(self, at_ms: int) -> None:
        """Wait until this clock shows `at_ms`; returns at once when that has passed."""


@dataclass(frozen=True)
class RealClock:
    """The machine's own clock."""

    speed: float = 1.0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def sleep_until(self, at_ms: int) -> None:
        time.sleep(max(0, at_ms - self.now_ms()) / 1000)


@dataclass(frozen=True, kw_only=True)
class SimulatedClock:
    """A clock that shows `start_ms` up to the real moment `anchor_s`, and then runs `speed` times as fast."""

    start_ms: int
    speed: float
    anchor_s: float

    def now_ms(self) -> int:
        return self.start_ms + int(max(0.0, time.time() - self.anchor_s) * self.speed * 1000)

    def sleep_until(self, at_ms: int) -> None:
        time.sleep(max(0, at_ms - self.now_ms()) / 1000 / self.speed)

    def spec(self) -> str:
        """The text that makes the same clock in another process (`INLOOP_CLOCK`)."""
        return f"{instants.to_text(self.start_ms)}@{self.speed:g}@{self.anchor_s:.6f}"


def clock_from(spec: str | None) -> Clock:
    """The clock that `INLOOP_CLOCK` names: nothing or `real`, or `START@SPEED@ANCHOR`.

    START is RFC 3339, SPEED is a number above 0, ANCHOR is the real time in epoch seconds at which it showed START.
    Raises ValueError with the remedy when the text is neither.
    """
    if not spec or spec == "real":
        return RealClock()
    parts = spec.split("@")
    try:
        start, speed, anchor = parts
        clock = SimulatedClock(start_ms=instants.to_ms(start), speed=float(speed), anchor_s=float(anchor))
    except ValueError:
        raise ValueError("must be `real` or START@SPEED@ANCHOR, such as 2024-01-11T08:20:00Z@60@1704961200") from None
    if clock.speed <= 0:
        raise ValueError("needs a speed above 0, such as 60")
    return clock
