"""What must hold between the values of a programme: capacities, times, and a leg for everybody who must move.

Checked on the entries that are right in themselves; what hangs on a wrong one waits until that is corrected.
"""

import datetime as dt
from collections import defaultdict
from itertools import pairwise
from zoneinfo import ZoneInfo

from shared.programme.draft import Draft
from shared.programme.journeys import check_journeys
from shared.programme.references import check_references
from shared.programme.schema import (
    CheckpointSpec,
    CoachSpec,
    ItemSpec,
    LocationSpec,
    RunSpec,
    Spec,
    TransferSpec,
    clock_text,
)
from shared.programme.source import Path


def check_draft(draft: Draft) -> None:
    """Note every mistake between the entries."""
    check_references(draft)
    _times_exist(draft)
    _rooms(draft)
    _windows(draft)
    _runs(draft)
    _coaches(draft)
    _checkpoints(draft)
    check_journeys(draft)


def _times_exist(draft: Draft) -> None:
    if draft.head is None:
        return
    zone = ZoneInfo(draft.head.zone)
    for path, minutes in _times(draft):
        local = dt.datetime.combine(draft.head.date, dt.time(minutes // 60, minutes % 60), tzinfo=zone)
        if local.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
            message = f"{clock_text(minutes)} does not exist on {draft.head.date} in {draft.head.zone}"
            draft.source.report(path, message, "the clocks go forward over it: write the time after that")


def _times(draft: Draft) -> list[tuple[Path, int]]:
    fields: tuple[tuple[list[tuple[Path, Spec]], tuple[str, ...]], ...] = (
        ([*draft.specs("items", ItemSpec), *draft.specs("transfers", TransferSpec)], ("start", "end")),
        ([*draft.specs("runs", RunSpec)], ("open", "depart", "arrive")),
        ([*draft.specs("checkpoints", CheckpointSpec)], ("away_from",)),
    )
    times = [((*path, key), getattr(spec, key)) for specs, keys in fields for path, spec in specs for key in keys]
    return [(path, minutes) for path, minutes in times if minutes is not None]


def _rooms(draft: Draft) -> None:
    for path, location in draft.specs("locations", LocationSpec):
        for position, room in enumerate(location.rooms):
            if room.capacity and location.capacity and room.capacity > location.capacity:
                draft.source.report(
                    (*path, "rooms", position, "capacity"),
                    f"{room.capacity} is more than the {location.capacity} of {location.id} as a whole",
                    f"write {location.capacity} or less, or correct the location",
                )


def _windows(draft: Draft) -> None:
    for path, spec in [*draft.specs("items", ItemSpec), *draft.specs("transfers", TransferSpec)]:
        if isinstance(spec, ItemSpec | TransferSpec):
            _after(draft, (*path, "end"), spec.end, "the start", spec.start)


def _after(draft: Draft, path: Path, minutes: int, what: str, earlier: int) -> None:
    if minutes <= earlier:
        message = f"{clock_text(minutes)} is not after {what}, {clock_text(earlier)}"
        draft.source.report(path, message, f"write a time after {clock_text(earlier)}")


def _runs(draft: Draft) -> None:
    transfers = [transfer for _, transfer in draft.specs("transfers", TransferSpec)]
    windows = {leg.id: transfer for transfer in transfers for leg in transfer.legs}
    on_their_own = {leg.id for transfer in transfers for leg in transfer.legs if leg.mode == "own"}
    coaches = {coach.id: coach for _, coach in draft.specs("coaches", CoachSpec)}
    for path, run in draft.specs("runs", RunSpec):
        _after(draft, (*path, "depart"), run.depart, "the opening", run.open)
        _after(draft, (*path, "arrive"), run.arrive, "the departure", run.depart)
        if window := windows.get(run.leg):
            _within(draft, path, run, window)
        if run.leg in on_their_own:
            message = f"people of leg {run.leg} go by own means"
            draft.source.report((*path, "leg"), message, "take the run out, or the mode of the leg")
        coach = coaches.get(run.coach)
        if run.seats and coach and coach.seats and run.seats > coach.seats:
            message = f"{run.seats} is more than the {coach.seats} seats of coach {coach.id}"
            draft.source.report((*path, "seats"), message, f"write {coach.seats} or less, or correct the coach")


def _within(draft: Draft, path: Path, run: RunSpec, window: TransferSpec) -> None:
    limits = f"transfer {window.id} is {clock_text(window.start)}–{clock_text(window.end)}"
    if run.depart < window.start:
        message = f"{clock_text(run.depart)} is before the transfer starts"
        draft.source.report((*path, "depart"), message, f"{limits}: depart within it")
    if run.arrive > window.end:
        message = f"{clock_text(run.arrive)} is after the transfer ends"
        draft.source.report((*path, "arrive"), message, f"{limits}: arrive within it")


def _coaches(draft: Draft) -> None:
    runs: defaultdict[str, list[tuple[Path, RunSpec]]] = defaultdict(list)
    for path, run in draft.specs("runs", RunSpec):
        runs[run.coach].append((path, run))
    turn_round = {coach.id: coach.turn_round for _, coach in draft.specs("coaches", CoachSpec)}
    for own in runs.values():
        own.sort(key=lambda entry: (entry[1].open, entry[1].arrive))
        for (_, earlier), (path, later) in pairwise(own):
            pause = turn_round.get(later.coach, 0)
            if later.open < earlier.arrive + pause:
                needs = f" and needs {pause} minutes to turn round" if pause else ""
                draft.source.report(
                    (*path, "open"),
                    f"coach {later.coach} is on run {earlier.id} until {clock_text(earlier.arrive)}{needs}",
                    f"open at {clock_text(earlier.arrive + pause)} or later, or take another coach",
                )


def _checkpoints(draft: Draft) -> None:
    rooms = {room for _, spec in draft.specs("locations", LocationSpec) for room in _room_ids(spec)}
    for path, spec in draft.specs("checkpoints", CheckpointSpec):
        if (spec.place is None) == (spec.coach is None):
            message = "is at no place" if spec.place is None else "is at a place and in a coach"
            draft.source.report(path, message, "give it either a place or a coach")
        at_exit = spec.direction == "out" and spec.place is not None and spec.place not in rooms
        if spec.away_from is not None and not at_exit:
            draft.source.report(
                (*path, "away_from"),
                "is only for the way out of a location",
                "take it out, or write direction: out and the location as its place",
            )


def _room_ids(location: LocationSpec) -> list[str]:
    return [f"{location.id}.{room.id}" for room in location.rooms]
