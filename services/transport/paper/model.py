"""What paper is made of: frozen, complete, and without anything that is not printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from shared import instants
from shared.facts import Text
from transport.domain.row_numbers import Rows

Language = Literal["nl", "en"]
Size = Literal["a4", "a5"]
FOOD = ("vegetari", "vegan", "halal", "kosher", "koosjer", "gluten", "lactos", "dieet", "diet")


@dataclass(frozen=True, slots=True)
class Print:
    """A passenger list as it was printed: the `nth` of its run, and which number was whose."""

    nth: int
    at_ms: int
    rows: Rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """How it is wanted: in one language, with the clock of the event's zone."""

    language: Language
    zone: ZoneInfo
    size: Size = "a4"

    def say(self, text: Text) -> str:
        """The words in its language."""
        return text.nl if self.language == "nl" else text.en

    def clock(self, at_ms: int | None) -> str:
        """11.42 in Dutch, 11:42 in English; nothing where it is not known."""
        return "" if at_ms is None else f"{self.local(at_ms):{'%H.%M' if self.language == 'nl' else '%H:%M'}}"

    def day(self, at_ms: int) -> str:
        """11-01-2024 in Dutch, 2024-01-11 in English."""
        return f"{self.local(at_ms):{'%d-%m-%Y' if self.language == 'nl' else '%Y-%m-%d'}}"

    def local(self, at_ms: int) -> datetime:
        """The moment with the offset of the event's zone."""
        return instants.local(at_ms, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """A step of a run: planned, expected now, and when it was."""

    planned_ms: int
    estimated_ms: int | None = None
    real_ms: int | None = None

    @property
    def best_ms(self) -> int:
        """What is known best."""
        known = self.estimated_ms if self.real_ms is None else self.real_ms
        return self.planned_ms if known is None else known


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Where a run begins or ends."""

    name: str
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rider:
    """Somebody on the list; `told` names the run they were told where that is another one."""

    person: str
    name: str
    organisation: str = ""
    phone: str = ""
    needs: str = ""
    wheelchair: bool = False
    aboard: bool = False
    told: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run and who rides it, as it was at `at_ms`; `seats` None is not known."""

    event: str
    run: str
    name: str
    kerb: str
    coach: str
    plate: str
    operator: str
    origin: Stop
    destination: Stop
    open: Times
    depart: Times
    arrive: Times
    seats: int | None
    wheelchairs: int
    riders: tuple[Rider, ...]
    at_ms: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Former:
    """Somebody who was on an earlier print and is not on the list now.

    `to` names the run they have a seat on, `why` says what became of them otherwise, where that is known.
    """

    name: str = ""
    to: str = ""
    why: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Printed:
    """Which numbers a list bears: `nth` and `at_ms` of the print that keeps them, None where `rows` were not kept."""

    rows: Rows
    nth: int | None = None
    at_ms: int | None = None
    since: Print | None = None
    former: Mapping[str, Former] = field(default_factory=dict)


def for_the_road(needs: str) -> str:
    """The needs that matter in a coach: what somebody eats tells a driver nothing, and perhaps their religion."""
    parts = [part.strip() for part in needs.replace(";", ",").split(",")]
    return ", ".join(part for part in parts if part and not any(word in part.casefold() for word in FOOD))
