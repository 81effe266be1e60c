"""The made-up day as `GET transfers/{transfer}` tells it: in the shapes of the service, so that both stay alike."""

from typing import Any

import msgspec

from shared import instants
from shared.facts import Text
from shared.programme import Run
from tests.support.made_day import Json, MadeDay
from tests.support.pages import EVENT, programme
from transport.handlers.shapes import Grades, LegView, LocationView, Named, NoSeat, RunView, Totals, TransferView

LOST = {"missing": ("p021", "p160"), "left_behind": ("p098",), "unconfirmed": ("p012", "p033", "p064")}


def view(day: MadeDay, transfer: str, *, names: bool, at: str | None = None, known: str | None = None) -> Any:
    """A transfer; `known` then knows less: nobody had been scanned at the destination yet."""
    day.asked.append(("transfer", {"at": at, "known": known}))
    planned = programme().transfer(transfer)
    runs = {leg.id: [_run(day, run, names=names) for run in programme().runs_of_leg(leg.id)] for leg in planned.legs}
    rides = [run for of in runs.values() for run in of]
    aboard = sum(run.aboard for run in rides)
    registered, away, expected, underway = len(day.people), 3, 20, 4
    here = registered - aboard - away - expected - underway
    listed = sum(run.listed for run in rides)
    seen = 12 if known is None else 2
    found = TransferView(
        event=EVENT,
        transfer=transfer,
        title=Text(planned.title.nl, planned.title.en),
        at=at or instants.to_text(day.now_ms),
        known=known,
        start=instants.to_text(planned.start_ms),
        end=instants.to_text(planned.end_ms),
        totals=Totals(
            registered=registered + day.lost,
            expected=expected,
            locations=here,
            aboard=aboard,
            underway=underway,
            away=away,
            holds=not day.lost,
        ),
        legs=tuple(
            LegView(
                leg=leg.id, origin=leg.origin, destination=leg.destination,
                expected=sum(run.listed for run in runs[leg.id]),
                own_travel_count=3, runs=tuple(runs[leg.id]), **_sum(runs[leg.id]), **_lists(day, names=names),
            )
            for leg in planned.legs
        ),
        locations=tuple(_locations(day, transfer, here, seen, names=names)),
        without_seat_count=len(day.left),
        without_seat=tuple(_no_seat(day, one) for one in day.left) if names else None,
        listed=listed, aboard=aboard, arrived=seen, **_counts(), **_lists(day, names=names),
    )  # fmt: skip
    return msgspec.to_builtins(found)


def _run(day: MadeDay, run: Run, *, names: bool) -> RunView:
    said: Json = day.run(run)
    numbers = said["numbers"]
    gone = said["state"] == "departed"
    manual = numbers["aboard"] // 11
    return RunView(
        run=run.id, name=run.name, kerb=run.kerb or "", coach=run.coach, state=said["state"],
        depart_at=said["times"]["depart"]["estimated"], arrive_at=said["times"]["arrive"]["estimated"],
        seats=run.seats, counted=numbers["aboard"] + 1 if gone else None, nameless=1 if gone else 0,
        difference=1 if run.id == "t1-h1" else None, late_ms=said["times"]["late_ms"],
        grades=Grades(scanned=numbers["aboard"] - manual, manual=manual, counted=1 if gone else 0),
        excused_count=0, to_come_count=numbers["to_come"], to_come=() if names else None,
        listed=numbers["listed"], aboard=numbers["aboard"], arrived=0,
        missing_count=0, unconfirmed_count=0, left_behind_count=1 if gone else 0,
        **_lists(day, names=names),
    )  # fmt: skip


def _sum(runs: list[RunView]) -> Json:
    names = ("listed", "aboard", "arrived", "missing_count", "unconfirmed_count", "left_behind_count")
    return {name: sum(getattr(run, name) for run in runs) for name in names}


def _locations(day: MadeDay, transfer: str, here: int, seen: int, *, names: bool) -> Any:
    planned = programme().transfer(transfer)
    for place in dict.fromkeys(leg.origin for leg in planned.legs):
        yield _location(
            day,
            place,
            names=names,
            before=289,
            left=289 - (here - 12),
            here=here - 12,
            aboard=101,
            left_behind=1,
            missing=2,
        )
    for place in dict.fromkeys(leg.destination for leg in planned.legs):
        many = 12 if place == "indie-almelo" else 0
        yield _location(
            day, place, names=names, arrived=min(seen, many), here=many, aboard=47 if many else 54,
            unconfirmed=3 if many else 0, own_travel=3 if many else 0, implied=3 if many else 0,
        )  # fmt: skip


def _location(day: MadeDay, place: str, *, names: bool, implied: int = 0, **n: int) -> LocationView:
    lists: Json = {
        "unconfirmed": LOST["unconfirmed"][: n.get("unconfirmed", 0)],
        "left_behind": LOST["left_behind"][: n.get("left_behind", 0)],
        "missing": LOST["missing"][: n.get("missing", 0)],
        "own_travel": ("p201", "p202", "p203")[: n.get("own_travel", 0)],
    }
    return LocationView(
        place=place, name=programme().place(place).name, before=n.get("before", 0), left=n.get("left", 0),
        arrived=n.get("arrived", 0), here=n.get("here", 0), aboard=n.get("aboard", 0),
        unconfirmed_count=n.get("unconfirmed", 0), left_behind_count=n.get("left_behind", 0),
        missing_count=n.get("missing", 0), own_travel_count=n.get("own_travel", 0),
        grades=Grades(scanned=n.get("here", 0) - implied, implied=implied),
        **{kind: tuple(_named(day, one, place) for one in who) if names else None for kind, who in lists.items()},
    )  # fmt: skip


def _counts() -> Json:
    return {f"{kind}_count": len(who) for kind, who in LOST.items()}


def _lists(day: MadeDay, *, names: bool) -> Json:
    return {kind: tuple(_named(day, one) for one in who) if names else None for kind, who in LOST.items()}


def _named(day: MadeDay, one: str, place: str = "grote-kerk") -> Named:
    last = instants.to_text(day.now_ms - 13 * 60_000)
    return Named(**day.named(one), place="underway", last_place=place, last_at=last, run=day.seats.get(f"t1:{one}"))


def _no_seat(day: MadeDay, one: str) -> NoSeat:
    return NoSeat(person=_named(day, one), why=Text("Geen rit had nog plek", "No run had room left"))
