"""Who sits where: a simple, fair filling of runs. Pure; the same input gives the same seats.

Groups decide the leg. On a leg, who needs a wheelchair place goes first, to coaches that have one; then organisations,
the largest first, each whole to where it is already or to the run with most seats free. Only when no run has room for
all of it is one split. Nobody is ever given a seat that is not there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.facts import Text

UNLIMITED = 10**9  # a run whose seats nobody has counted yet
WHEELCHAIR = ("rolstoel", "wheelchair")


@dataclass(frozen=True, kw_only=True, slots=True)
class Vehicle:
    """A run as the filling sees it; `seats` None is not known, and holds everybody."""

    run: str
    leg: str
    seats: int | None
    wheelchairs: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Traveller:
    """A person who is to travel on a leg; an empty organisation is nobody's."""

    person: str
    leg: str
    organisation: str = ""
    wheelchair: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOver:
    """Somebody without a seat, and why."""

    person: str
    leg: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class Filling:
    """The run of each person who has a seat, and who has none."""

    seats: Mapping[str, str]
    left_over: tuple[LeftOver, ...]


def needs_wheelchair(needs: str) -> bool:
    """Whether what somebody wrote as their needs asks for a wheelchair place."""
    return any(word in needs.casefold() for word in WHEELCHAIR)


def fill(runs: Sequence[Vehicle], travellers: Iterable[Traveller], kept: Mapping[str, str] | None = None) -> Filling:
    """Give everybody a seat who can have one.

    `runs` are those that may be filled, in the order of departure; `kept` are seats that stay as they are, also where
    more are kept than there are places (what people were told is not taken back here).
    """
    kept = kept or {}
    seats: dict[str, str] = {}
    left_over: list[LeftOver] = []
    by_leg: dict[str, list[Traveller]] = defaultdict(list)
    for traveller in sorted(travellers, key=lambda t: t.person):
        by_leg[traveller.leg].append(traveller)
    for leg in sorted(by_leg):
        filler = _Leg([run for run in runs if run.leg == leg], kept)
        filler.fill(by_leg[leg])
        seats |= filler.seats
        left_over += filler.left_over
    return Filling(seats=seats, left_over=tuple(left_over))


@dataclass
class _Leg:
    """One leg while it is filled."""

    runs: Sequence[Vehicle]
    kept: Mapping[str, str]
    seats: dict[str, str] = field(default_factory=dict)
    left_over: list[LeftOver] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._free = {run.run: UNLIMITED if run.seats is None else run.seats for run in self.runs}
        self._places = {run.run: run.wheelchairs for run in self.runs}
        self._order = {run.run: position for position, run in enumerate(self.runs)}
        self._members: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def fill(self, travellers: Sequence[Traveller]) -> None:
        waiting: list[Traveller] = []
        for traveller in travellers:
            run = self.kept.get(traveller.person)
            if run is not None and run in self._free:
                self._sit(traveller, run)
            else:
                waiting.append(traveller)
        for traveller in sorted(waiting, key=lambda t: (t.organisation, t.person)):
            if traveller.wheelchair:
                self._seat_wheelchair(traveller)
        self._seat_organisations([t for t in waiting if not t.wheelchair])

    def _seat_organisations(self, waiting: Sequence[Traveller]) -> None:
        parties: dict[tuple[str, str], list[Traveller]] = defaultdict(list)
        for traveller in waiting:
            alone = "" if traveller.organisation else traveller.person
            parties[traveller.organisation, alone].append(traveller)
        for party in sorted(parties, key=lambda party: (-len(parties[party]), party)):
            self._seat_party(parties[party])

    def _seat_party(self, party: list[Traveller]) -> None:
        while party:
            open_runs = [run for run in self._free if self._free[run] > 0]
            if not open_runs:
                self._leave(party, Text("geen stoel meer vrij op dit traject", "no seat left on this leg"))
                return
            roomy = [run for run in open_runs if self._free[run] >= len(party)] or open_runs
            run = min(roomy, key=lambda run: self._preference(run, party[0].organisation))
            here, party = party[: self._free[run]], party[self._free[run] :]
            for traveller in here:
                self._sit(traveller, run)

    def _seat_wheelchair(self, traveller: Traveller) -> None:
        fitting = [run for run, places in self._places.items() if places > 0 and self._free[run] > 0]
        if not fitting:
            self._leave([traveller], Text("geen rolstoelplaats meer vrij", "no wheelchair place left"))
            return
        self._sit(traveller, min(fitting, key=lambda run: self._preference(run, traveller.organisation)))

    def _preference(self, run: str, organisation: str) -> tuple[int, int, int]:
        """Where most of the organisation is, then the most room, then the earliest."""
        together = self._members[organisation][run] if organisation else 0
        return (-together, -self._free[run], self._order[run])

    def _sit(self, traveller: Traveller, run: str) -> None:
        self.seats[traveller.person] = run
        self._free[run] -= 1
        if traveller.wheelchair:
            self._places[run] -= 1
        if traveller.organisation:
            self._members[traveller.organisation][run] += 1

    def _leave(self, party: Iterable[Traveller], why: Text) -> None:
        self.left_over += [LeftOver(person=t.person, leg=t.leg, why=why) for t in party]
