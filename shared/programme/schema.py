"""What may stand in programme.yaml, entry by entry; texts become numbers, times and dates here."""

import datetime as dt
import re
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from shared import scanner_ids
from shared.files import did_you_mean
from shared.programme.values import Direction, GroupKind, Mode, Policy

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def mistake(message: str, remedy: str) -> PydanticCustomError:
    """An error of ours, with its remedy."""
    return PydanticCustomError("inloop", "{message}", {"message": message, "remedy": remedy})


def quoted(value: object) -> str:
    """A value as a message shows it, cut when it is long; a list or mapping by its kind."""
    if value is None:
        return "an empty value"
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    text = str(value)
    return f'"{text if len(text) <= 60 else text[:57] + "…"}"'


def _slug(value: Any) -> str:
    if isinstance(value, str) and _SLUG.fullmatch(value):
        return value
    example = re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")[:64] if isinstance(value, str) else ""
    raise mistake(
        f"{quoted(value)} is not an id of a-z, 0-9 and -, 64 at most", f"write for example {example or 'stadhuis'}"
    )


def _scanner(value: Any) -> str:
    if not isinstance(value, str):
        raise mistake(f"{quoted(value)} is not an id", "write for example kerk-1")
    if trouble := scanner_ids.trouble_with(value):
        raise mistake(*trouble)
    return value


def _minutes(value: Any) -> int:
    if isinstance(value, str) and (match := _TIME.fullmatch(value)):
        return int(match[1]) * 60 + int(match[2])
    dotted = str(value).replace(".", ":").rjust(5, "0")
    example = dotted if _TIME.fullmatch(dotted) else "09:30"
    raise mistake(f"{quoted(value)} is not a time of the day", f'write for example "{example}"')


def _date(value: Any) -> dt.date:
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise mistake(f"{quoted(value)} is not a date", "write for example 2024-01-11")


def _zone(value: str) -> str:
    zones = available_timezones()
    if value in zones:
        return value
    likely = did_you_mean(value, zones)
    raise mistake(
        f"there is no zone {quoted(value)}",
        f"did you mean {likely}?" if likely else "write for example Europe/Amsterdam",
    )


def _list(value: Any) -> Any:
    return [] if value is None else value


def _both(value: Any) -> Any:
    return {"nl": value, "en": value} if isinstance(value, str) else value


Slug = Annotated[str, BeforeValidator(_slug)]
ScannerId = Annotated[str, BeforeValidator(_scanner)]
Reference = Annotated[str, StringConstraints(min_length=1)]
Minutes = Annotated[int, BeforeValidator(_minutes)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
References = Annotated[list[Reference], BeforeValidator(_list)]


class Spec(BaseModel):
    """One entry of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TextSpec(Spec):
    """A text in both languages."""

    nl: Line
    en: Line


Words = Annotated[TextSpec, BeforeValidator(_both)]


class HeadSpec(Spec):
    """What stands above the lists."""

    model_config = ConfigDict(extra="ignore")
    event: Slug
    title: Words
    zone: Annotated[Line, AfterValidator(_zone)]
    date: Annotated[dt.date, BeforeValidator(_date)]


class RoomSpec(Spec):
    """A room."""

    id: Slug
    name: Line
    floor: Line | None = None
    capacity: int | None = Field(default=None, ge=1)


class LocationSpec(Spec):
    """A location and its rooms; `lat` and `lon` are degrees of WGS 84."""

    id: Slug
    name: Line
    address: Line | None = None
    capacity: int | None = Field(default=None, ge=1)
    rooms: Annotated[list[RoomSpec], BeforeValidator(_list)] = []
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)


class GroupSpec(Spec):
    """A group."""

    id: Slug
    name: Words
    kind: GroupKind


class ItemSpec(Spec):
    """An item; times are minutes after midnight."""

    id: Slug
    title: Words
    start: Minutes
    end: Minutes
    place: Reference
    groups: References = []


class LegSpec(Spec):
    """A leg; `mode: own` is for who walks, cycles or drives."""

    id: Slug
    origin: Reference
    destination: Reference
    groups: References = []
    minutes: int | None = Field(default=None, ge=1, le=24 * 60)
    mode: Mode = "coach"


class TransferSpec(Spec):
    """A transfer and its legs; times are minutes after midnight, `grace` is minutes."""

    id: Slug
    title: Words
    start: Minutes
    end: Minutes
    grace: int = Field(default=10, ge=0, le=24 * 60)
    legs: list[LegSpec] = Field(min_length=1)


class CoachSpec(Spec):
    """A coach; `wheelchair_seats` is how many seats one wheelchair costs, `turn_round` minutes between two runs."""

    id: Slug
    name: Line
    plate: Line | None = None
    seats: int | None = Field(default=None, ge=1)
    wheelchairs: int = Field(default=0, ge=0)
    operator: Line | None = None
    phone: Line | None = None
    wheelchair_seats: int = Field(default=1, ge=0, le=20)
    turn_round: int = Field(default=0, ge=0, le=24 * 60)


class RunSpec(Spec):
    """A run; times are minutes after midnight."""

    id: Slug
    name: Line
    coach: Reference
    leg: Reference
    seats: int | None = Field(default=None, ge=1)
    open: Minutes
    depart: Minutes
    arrive: Minutes
    kerb: Line | None = None


class CheckpointSpec(Spec):
    """A checkpoint at a place or in a coach; `away_from` is minutes after midnight."""

    id: Slug
    title: Words | None = None
    place: Reference | None = None
    coach: Reference | None = None
    direction: Direction
    policy: Policy = "advise"
    show_name: bool = False
    away_from: Minutes | None = None


class ScannerEntry(Spec):
    """A scanner."""

    id: ScannerId
    checkpoint: Reference


SectionName = Literal["locations", "groups", "items", "transfers", "coaches", "runs", "checkpoints", "scanners"]
SECTIONS: dict[SectionName, type[Spec]] = {
    "locations": LocationSpec,
    "groups": GroupSpec,
    "items": ItemSpec,
    "transfers": TransferSpec,
    "coaches": CoachSpec,
    "runs": RunSpec,
    "checkpoints": CheckpointSpec,
    "scanners": ScannerEntry,
}


def clock_text(minutes: int) -> str:
    """Minutes after midnight as the file writes them."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
