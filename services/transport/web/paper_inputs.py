"""What paper is made of, out of what the API shows: moments as numbers, places and runs by their names."""

from collections.abc import Iterable, Iterator, Sequence

from shared import instants
from shared.facts import Text
from shared.programme import Location as Site
from shared.programme import Programme
from transport.handlers.shapes import Grades, LegView, LocationView, Named, RunView, TransferView
from transport.handlers.sheet_shapes import RiderLine, Sheet, ThreeTimes
from transport.paper.model import Former, Print, Printed, Rider, Run, Stop, Times
from transport.paper.rows import rows
from transport.paper.transfer import ZERO, Figure, Kind, LegLine, Location, Person, RunLine, Sum, TransferSheet

NOT_LISTED = frozenset({"excused", "found"})  # nobody ticks them off at the kerb
IN_THE_COACH = frozenset({"aboard", "arrived", "unconfirmed"})
LEFT = frozenset({"departed", "arrived", "closed"})
THERE = frozenset({"arrived", "closed"})
WHY = {
    "own-travel": Text("eigen vervoer", "own travel"),
    "stays": Text("blijft hier", "stays here"),
    "away": Text("vertrokken", "away"),
    "not-here": Text("is er niet", "not here"),
}
ALREADY_THERE = Text("elders gezien", "seen elsewhere")


def run_of(sheet: Sheet, programme: Programme) -> Run:
    """The run as it is printed; `sheet.persons` must be there."""
    return Run(
        event=programme.event,
        run=sheet.run,
        name=sheet.name,
        kerb=sheet.kerb,
        coach=sheet.coach.name,
        plate=sheet.coach.plate,
        operator=sheet.coach.operator,
        origin=_stop(sheet.origin.place, sheet.origin.name, programme),
        destination=_stop(sheet.destination.place, sheet.destination.name, programme),
        open=_times(sheet.times.open),
        depart=_times(sheet.times.depart),
        arrive=_times(sheet.times.arrive),
        seats=sheet.coach.seats,
        wheelchairs=sheet.coach.wheelchairs,
        riders=tuple(_rider(line, sheet.run, programme) for line in listed(sheet)),
        at_ms=instants.to_ms(sheet.at),
    )


def listed(sheet: Sheet) -> list[RiderLine]:
    """Who stands on the list: who is to come, or was in the coach."""
    return [line for line in sheet.persons or () if line.state not in NOT_LISTED]


def numbered(
    sheet: Sheet, prints: Sequence[Print], since: Print | None, *, others: Iterable[Sheet], programme: Programme
) -> Printed:
    """The numbers of the list as it is now: those of the last print, or a draft where that had another list.

    `others` are the sheets of other runs, asked for one by one for as long as somebody who is gone was not found.
    """
    now = rows(prints, [line.person for line in listed(sheet)])
    last = prints[-1] if prints else None
    kept = last if last is not None and last.rows == now else None
    gone = {person for _, person in since.rows} - {person for _, person in now} if since else set()
    return Printed(
        rows=now,
        nth=kept.nth if kept else None,
        at_ms=kept.at_ms if kept else None,
        since=since,
        former=dict(_former(sheet, gone, others, programme)),
    )


def _former(
    sheet: Sheet, gone: set[str], others: Iterable[Sheet], programme: Programme
) -> Iterator[tuple[str, Former]]:
    """What became of those who are gone, by this sheet, or by as many of the others as it takes to find them."""
    unclear = set(gone)
    for line in sheet.persons or ():
        if line.person in unclear:
            unclear.discard(line.person)
            to = programme.index.runs.get(line.excuse.to or "") if line.excuse else None
            yield line.person, Former(name=line.name, to=to.name if to else "", why=_why(line))
    for other in others if unclear else ():
        for line in other.persons or ():
            if line.person in unclear and line.state not in NOT_LISTED:
                unclear.discard(line.person)
                yield line.person, Former(name=line.name, to=other.name)
        if not unclear:
            return


def _why(line: RiderLine) -> Text | None:
    if line.excuse is not None:
        return WHY.get(line.excuse.why)
    return ALREADY_THERE if line.state == "found" else None


def _rider(line: RiderLine, run: str, programme: Programme) -> Rider:
    """`aboard` is not said of somebody carried from a coach that broke down: the new one counts again."""
    told = programme.index.runs.get(line.told or "")
    return Rider(
        person=line.person,
        name=line.name or line.person,
        organisation=line.organisation,
        phone=line.phone,
        needs=line.needs,
        wheelchair=line.wheelchair,
        aboard=line.state in IN_THE_COACH and not line.provisional,
        told=told.name if told is not None and told.id != run else "",
    )


def _stop(place: str, name: str, programme: Programme) -> Stop:
    site = programme.index.places.get(place)
    return Stop(name=name, address=(site.address or "") if isinstance(site, Site) else "")


def _times(three: ThreeTimes) -> Times:
    return Times(
        planned_ms=instants.to_ms(three.planned),
        estimated_ms=instants.to_ms(three.estimated),
        real_ms=None if three.real is None else instants.to_ms(three.real),
    )


# -- transfers -------------------------------------------------------------------------------------


def transfer_of(view: TransferView, programme: Programme) -> TransferSheet:
    """The transfer as it is printed, with the names that `view` still has."""
    runs = [run for leg in view.legs for run in leg.runs]
    return TransferSheet(
        event=view.event,
        transfer=view.transfer,
        title=view.title,
        start_ms=instants.to_ms(view.start),
        end_ms=instants.to_ms(view.end),
        at_ms=instants.to_ms(view.at),
        known_ms=None if view.known is None else instants.to_ms(view.known),
        locations=tuple(_location(one, runs, programme) for one in view.locations),
        legs=tuple(_leg(leg, programme) for leg in view.legs),
        persons=_persons(view, programme),
        sum=Sum(
            places=view.totals.locations,
            aboard=view.totals.aboard,
            underway=view.totals.underway,
            away=view.totals.away,
            expected=view.totals.expected,
            registered=view.totals.registered,
            known=view.totals.holds,
        ),
    )


def _location(one: LocationView, runs: Sequence[RunView], programme: Programme) -> Location:
    """Numbers without a grade follow from several sightings, or from the allocation."""
    calling = [run for run in runs if one.place in _ends(run.run, programme)]
    return Location(
        place=one.place,
        name=one.name,
        before=Figure(number=one.before),
        left=Figure(number=one.left),
        arrived=Figure(number=one.arrived),
        here=_graded(one.here, one.grades),
        aboard=sum((_aboard(run) for run in calling), ZERO),
        unconfirmed=_implied(one.unconfirmed_count),
        left_behind=Figure(number=one.left_behind_count),
        missing=Figure(number=one.missing_count),
        own_travel=Figure(number=one.own_travel_count),
    )


def _ends(run: str, programme: Programme) -> tuple[str, str]:
    planned = programme.run(run)
    return planned.origin, planned.destination


def _leg(leg: LegView, programme: Programme) -> LegLine:
    return LegLine(
        leg=leg.leg,
        origin=_place(leg.origin, programme),
        destination=_place(leg.destination, programme),
        expected=leg.expected,
        own_travel=leg.own_travel_count,
        runs=tuple(_run(run, programme) for run in leg.runs),
    )


def _run(run: RunView, programme: Programme) -> RunLine:
    planned = programme.run(run.run)
    return RunLine(
        run=run.run,
        name=run.name,
        kerb=run.kerb,
        state=run.state,
        depart=_moments(planned.depart_ms, run.depart_at, is_past=run.state in LEFT),
        arrive=_moments(planned.arrive_ms, run.arrive_at, is_past=run.state in THERE),
        seats=run.seats,
        listed=run.listed,
        aboard=_aboard(run),
        arrived=_graded(run.arrived + run.nameless, run.grades) if run.state in THERE else Figure(number=run.arrived),
        unconfirmed=_implied(run.unconfirmed_count),
        left_behind=Figure(number=run.left_behind_count),
        missing=Figure(number=run.missing_count),
        counted=run.counted,
        difference=run.difference,
    )


def _aboard(run: RunView) -> Figure:
    """Who is in the coach now, the nameless among them; after the arrival its grades are those of who arrived."""
    return ZERO if run.state in THERE else _graded(run.aboard + run.nameless, run.grades)


def _graded(number: int, grades: Grades) -> Figure:
    return Figure(
        number=number,
        scanned=grades.scanned,
        manual=grades.manual,
        counted=grades.counted,
        implied=grades.implied,
    )


def _implied(number: int) -> Figure:
    return Figure(number=number, implied=number)


def _moments(planned_ms: int, best: str, *, is_past: bool) -> Times:
    best_ms = instants.to_ms(best)
    return Times(planned_ms=planned_ms, estimated_ms=best_ms, real_ms=best_ms if is_past else None)


def _persons(view: TransferView, programme: Programme) -> tuple[Person, ...] | None:
    """By name: of the whole transfer, or of the runs whose lists this reader may see; None when there are none such."""
    lists = [view] if view.missing is not None else [run for leg in view.legs for run in leg.runs]
    if all(one.missing is None for one in lists):
        return None
    found: dict[tuple[Kind, str], Named] = {}
    for one in lists:
        named: tuple[tuple[Kind, tuple[Named, ...] | None], ...] = (
            ("missing", one.missing),
            ("left-behind", one.left_behind),
            ("unconfirmed", one.unconfirmed),
        )
        found |= {(kind, person.person): person for kind, of in named for person in of or ()}
    return tuple(_person(kind, named, programme) for (kind, _), named in found.items())


def _person(kind: Kind, named: Named, programme: Programme) -> Person:
    run = programme.index.runs.get(named.run or "")
    return Person(
        person=named.person,
        kind=kind,
        name=named.name,
        organisation=named.organisation,
        phone=named.phone,
        last_place=_place(named.last_place or "", programme),
        last_ms=None if named.last_at is None else instants.to_ms(named.last_at),
        run=run.name if run else "",
    )


def _place(place: str, programme: Programme) -> str:
    known = programme.index.places.get(place)
    return known.name if known is not None else place
