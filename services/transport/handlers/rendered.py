"""A transfer as JSON, put together from pieces that are kept for as long as nothing in them changes.

The shapes are those of `views`; a piece that is ready stands in a shape as `msgspec.Raw`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from shared import instants
from shared.facts import Text
from shared.programme import Leg
from transport.domain.day import Day
from transport.domain.live import ALL, Live, Scope
from transport.handlers import people, views
from transport.handlers.shapes import LegView, NoSeat, TransferView
from transport.ports import Card

T = TypeVar("T")


class Rendered:
    """One transfer of a picture, as it is shown now."""

    def __init__(self, day: Day, live: Live) -> None:
        self.live = live
        self._day = day
        self._names = _Pieces(day, live)
        self._kept: dict[tuple[Scope, bool], tuple[object, Any]] = {}

    def body(self, without: Mapping[str, Text], *, sees: Callable[[str], bool], everybody: bool) -> bytes:
        """A TransferView; with names where `sees` says so of a run, and beyond the runs for who sees `everybody`.

        `without` is who has no seat, and why.
        """
        self._names.freshen()
        live, transfer = self.live, self.live.transfer
        names = self._names if everybody else NAMELESS
        legs = (self._leg(leg, sees, everybody=everybody) for leg in transfer.legs)
        places = (self._location(place, everybody=everybody) for place in live.places)
        totals, numbers = self._piece(ALL, everybody, lambda: (views.totals(live), views.numbers(live.of_all(), names)))
        view = TransferView(
            event=self._day.event,
            transfer=transfer.id,
            title=views.words(transfer.title),
            at=instants.to_text(live.at_ms),
            start=instants.to_text(transfer.start_ms),
            end=instants.to_text(transfer.end_ms),
            totals=totals,
            legs=_ready(legs),
            locations=_ready(places),
            without_seat_count=len(without),
            without_seat=self._without(without) if everybody else None,
            **numbers,
        )
        return msgspec.json.encode(view)

    def _leg(self, leg: Leg, sees: Callable[[str], bool], *, everybody: bool) -> bytes:
        runs = self.live.programme.runs_of_leg(leg.id)
        names = self._names if everybody else NAMELESS
        view: LegView = self._piece(
            ("leg", leg.id), everybody, lambda: views.leg_view(leg, self.live.of_leg(leg), (), self.live, names)
        )
        pieces = [self._run(run.id, sees=everybody or sees(run.id)) for run in runs]
        return msgspec.json.encode(msgspec.structs.replace(view, runs=_ready(pieces)))

    def _run(self, run: str, *, sees: bool) -> bytes:
        live, names = self.live, self._names if sees else NAMELESS

        def made() -> bytes:
            planned = live.runs[run]
            return msgspec.json.encode(views.run_view(planned, live.of_run(planned), live, names, self._day))

        return self._piece(("run", run), sees, made)

    def _location(self, place: str, *, everybody: bool) -> bytes:
        names = self._names if everybody else NAMELESS
        return self._piece(
            ("at", place),
            everybody,
            lambda: msgspec.json.encode(views.location_view(self.live.crowd(place), self._day, names)),
        )

    def _piece(self, scope: Scope, sees: bool, make: Callable[[], T]) -> T:  # part of a key
        version = (self.live.epoch, self.live.version[scope])
        held = self._kept.get((scope, sees))
        if held is None or held[0] != version:
            held = self._kept[scope, sees] = (version, make())
        found: T = held[1]
        return found

    def _without(self, without: Mapping[str, Text]) -> tuple[NoSeat, ...]:
        return tuple(NoSeat(person=self._names.of(person), why=without[person]) for person in sorted(without))


class _Pieces:
    """Each person as the JSON of a `Named`."""

    def __init__(self, day: Day, live: Live) -> None:
        self._day, self._live = day, live
        self._kept: dict[str, tuple[tuple[str, str], bytes]] = {}  # in which order, and what

    def freshen(self) -> None:
        """Forget the pieces of those about whom anything changed."""
        while self._live.stale:
            self._kept.pop(self._live.stale.pop(), None)

    def of(self, person: str) -> Any:
        """One."""
        return msgspec.Raw(self._piece(person)[1])

    def all(self, persons: Collection[str]) -> Any:
        """Several, by name."""
        return _ready(piece for _, piece in sorted(map(self._piece, persons)))

    def _piece(self, person: str) -> tuple[tuple[str, str], bytes]:
        held = self._kept.get(person)
        if held is None:
            known = self._live.picture.persons.get(person)
            card = Card(person, known.groups, known.sealed) if known and known.groups is not None else None
            personal = people.opened(self._day, card) if card else people.NOBODY
            made = msgspec.json.encode(views.named(person, personal, self._live))
            held = self._kept[person] = ((personal.name.casefold(), person), made)
        return held


class _Nameless:
    """For who may see numbers only."""

    def all(self, persons: Collection[str]) -> Any:
        """Nobody."""
        del persons


NAMELESS = _Nameless()


def _ready(pieces: Iterable[bytes]) -> Any:
    """A list of what is JSON already; the shapes say what it is of."""
    return msgspec.Raw(b"[" + b",".join(pieces) + b"]")
