"""From the bytes of programme.yaml to a Programme, or to all of its mistakes."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from shared import instants
from shared.files import FileErrors, read_bytes
from shared.programme.checks import check_draft
from shared.programme.draft import Draft, make_draft
from shared.programme.model import Programme
from shared.programme.schema import (
    CheckpointSpec,
    CoachSpec,
    GroupSpec,
    HeadSpec,
    ItemSpec,
    LegSpec,
    LocationSpec,
    RunSpec,
    ScannerEntry,
    TextSpec,
    TransferSpec,
)
from shared.programme.source import read_source
from shared.programme.values import (
    Checkpoint,
    Coach,
    Group,
    Item,
    Leg,
    Location,
    Room,
    Run,
    ScannerSpec,
    Text,
    Transfer,
)

MINUTE_MS = 60_000


class ProgrammeErrors(FileErrors):
    """The programme was not loaded, because of the mistakes in `errors`; correct them and load it again."""


def load_programme(source: Path | str | bytes, *, name: str | None = None) -> Programme:
    """Read a programme from a path, or from its bytes; `name` is the file's name in the errors.

    Raises ProgrammeErrors with every mistake at once, OSError when there is no such file.
    """
    raw = read_bytes(source)
    file = name or (Path(source).name if not isinstance(source, bytes) else "programme.yaml")
    read = read_source(raw, file=file)
    draft = make_draft(read)
    if draft:
        check_draft(draft)
    if read.errors or draft is None or draft.head is None:
        raise ProgrammeErrors(read.errors)
    return _Maker(draft, draft.head).programme(raw)


def _text(spec: TextSpec) -> Text:
    return Text(nl=spec.nl, en=spec.en)


class _Maker:
    """Makes the values out of a draft without mistakes."""

    def __init__(self, draft: Draft, head: HeadSpec) -> None:
        self._draft = draft
        self._head = head
        self._zone = ZoneInfo(head.zone)
        self._coaches = {spec.id: spec for _, spec in draft.specs("coaches", CoachSpec)}

    def programme(self, raw: bytes) -> Programme:
        """The whole of it."""
        draft = self._draft
        locations = tuple(_location(spec) for _, spec in draft.specs("locations", LocationSpec))
        transfers = tuple(self._transfer(spec) for _, spec in draft.specs("transfers", TransferSpec))
        legs = {leg.id: leg for transfer in transfers for leg in transfer.legs}
        names = {location.id: location.name for location in locations}
        names |= {room.id: room.name for location in locations for room in location.rooms}
        return Programme(
            event=self._head.event,
            title=_text(self._head.title),
            zone=self._zone,
            date=self._head.date,
            locations=locations,
            groups=tuple(
                Group(id=spec.id, name=_text(spec.name), kind=spec.kind) for _, spec in draft.specs("groups", GroupSpec)
            ),
            items=tuple(self._item(spec) for _, spec in draft.specs("items", ItemSpec)),
            transfers=transfers,
            coaches=tuple(_coach(spec) for spec in self._coaches.values()),
            runs=tuple(self._run(spec, legs[spec.leg]) for _, spec in draft.specs("runs", RunSpec)),
            checkpoints=tuple(self._checkpoint(spec, names) for _, spec in draft.specs("checkpoints", CheckpointSpec)),
            scanners=tuple(
                ScannerSpec(id=spec.id, checkpoint=spec.checkpoint) for _, spec in draft.specs("scanners", ScannerEntry)
            ),
            source=raw,
        )

    def _ms(self, minutes: int) -> int:
        time = dt.time(minutes // 60, minutes % 60)
        return instants.of(dt.datetime.combine(self._head.date, time, tzinfo=self._zone))

    def _item(self, spec: ItemSpec) -> Item:
        return Item(
            id=spec.id,
            title=_text(spec.title),
            start_ms=self._ms(spec.start),
            end_ms=self._ms(spec.end),
            place=spec.place,
            groups=frozenset(spec.groups),
        )

    def _transfer(self, spec: TransferSpec) -> Transfer:
        return Transfer(
            id=spec.id,
            title=_text(spec.title),
            start_ms=self._ms(spec.start),
            end_ms=self._ms(spec.end),
            grace_ms=spec.grace * MINUTE_MS,
            legs=tuple(_leg(leg, spec.id) for leg in spec.legs),
        )

    def _run(self, spec: RunSpec, leg: Leg) -> Run:
        coach = self._coaches[spec.coach]
        return Run(
            id=spec.id,
            name=spec.name,
            coach=coach.id,
            leg=leg.id,
            transfer=leg.transfer,
            origin=leg.origin,
            destination=leg.destination,
            seats=spec.seats or coach.seats,
            wheelchairs=coach.wheelchairs,
            open_ms=self._ms(spec.open),
            depart_ms=self._ms(spec.depart),
            arrive_ms=self._ms(spec.arrive),
            kerb=spec.kerb,
            wheelchair_seats=coach.wheelchair_seats,
        )

    def _checkpoint(self, spec: CheckpointSpec, names: dict[str, str]) -> Checkpoint:
        name = names[spec.place] if spec.place else self._coaches[str(spec.coach)].name
        nl, en = ("in", "in") if spec.direction == "in" else ("uit", "out")
        return Checkpoint(
            id=spec.id,
            title=_text(spec.title) if spec.title else Text(nl=f"{name} · {nl}", en=f"{name} · {en}"),
            place=spec.place,
            coach=spec.coach,
            direction=spec.direction,
            policy=spec.policy,
            show_name=spec.show_name,
            away_from_ms=None if spec.away_from is None else self._ms(spec.away_from),
        )


def _leg(spec: LegSpec, transfer: str) -> Leg:
    return Leg(
        id=spec.id,
        transfer=transfer,
        origin=spec.origin,
        destination=spec.destination,
        groups=frozenset(spec.groups),
        minutes=spec.minutes,
        mode=spec.mode,
    )


def _coach(spec: CoachSpec) -> Coach:
    said = spec.model_dump(exclude={"turn_round"})
    return Coach(**said, turn_round_ms=spec.turn_round * MINUTE_MS)


def _location(spec: LocationSpec) -> Location:
    rooms = tuple(
        Room(id=f"{spec.id}.{room.id}", location=spec.id, name=room.name, floor=room.floor, capacity=room.capacity)
        for room in spec.rooms
    )
    return Location(
        id=spec.id,
        name=spec.name,
        address=spec.address,
        capacity=spec.capacity,
        rooms=rooms,
        lat_e7=_e7(spec.lat),
        lon_e7=_e7(spec.lon),
    )


def _e7(degrees: float | None) -> int | None:
    """Whole ten-millionths of a degree: facts have no floats."""
    return None if degrees is None else round(degrees * 10_000_000)
