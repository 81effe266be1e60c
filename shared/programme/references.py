"""Ids are unique, and every id that is referred to is there: checked on all entries, those with other mistakes too."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.files import one_of
from shared.programme.draft import Draft, mappings
from shared.programme.schema import SectionName
from shared.programme.source import Path

RESERVED = ("underway", "away", "expected")
Kind = Literal["location", "place", "group", "item", "transfer", "leg", "coach", "run", "checkpoint", "scanner"]
_OWN: tuple[tuple[SectionName, Kind], ...] = (
    ("locations", "location"),
    ("groups", "group"),
    ("items", "item"),
    ("transfers", "transfer"),
    ("coaches", "coach"),
    ("runs", "run"),
    ("checkpoints", "checkpoint"),
    ("scanners", "scanner"),
)
_REFERENCES: tuple[tuple[SectionName, str, Kind], ...] = (
    ("items", "place", "place"),
    ("items", "groups", "group"),
    ("runs", "coach", "coach"),
    ("runs", "leg", "leg"),
    ("checkpoints", "place", "place"),
    ("checkpoints", "coach", "coach"),
    ("scanners", "checkpoint", "checkpoint"),
)
_LEG_REFERENCES: tuple[tuple[str, Kind], ...] = (
    ("origin", "location"),
    ("destination", "location"),
    ("groups", "group"),
)


@dataclass(kw_only=True)
class _Ids:
    """The ids of the file by what they name, with the path of the first entry that has each."""

    draft: Draft
    known: defaultdict[Kind, dict[str, Path]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, kind: Kind, name: Any, path: Path, *, among: tuple[Kind, ...] = ()) -> None:
        """Know an id of one kind, noting it when it is already known among its own kind or others."""
        if not isinstance(name, str):
            return
        first = next((self.known[other][name] for other in (kind, *among) if name in self.known[other]), None)
        if first is not None:
            line = self.draft.source.values[(*first, "id")][0]
            self.draft.source.report(
                (*path, "id"), f'"{name}" is used twice', f"the first is on line {line}: give this one another id"
            )
        self.known[kind].setdefault(name, path)

    def check(self, kind: Kind, value: Any, path: Path) -> None:
        """Note a reference, or each of a list of them, to an id that is not there."""
        if isinstance(value, list):
            for position, one in enumerate(value):
                self.check(kind, one, (*path, position))
        elif isinstance(value, str) and value not in self.known[kind]:
            remedy = one_of(value, self.known[kind], otherwise=f"add the {kind}, or write the id of one that is there")
            self.draft.source.report(path, f'there is no {kind} "{value}"', remedy)


def check_references(draft: Draft) -> None:
    """Note every id that is used twice or reserved, and every reference to what is not there."""
    ids = _Ids(draft=draft)
    for section, kind in _OWN:
        for path, entry in draft.raw(section):
            # a sighting's place is a bare id, so a run may not be called as a location is
            ids.add(kind, entry.get("id"), path, among=("location",) if kind == "run" else ())
    _rooms(draft, ids)
    _reserved(draft)
    for path, leg in _legs(draft):
        ids.add("leg", leg.get("id"), path)
    for section, key, kind in _REFERENCES:
        for path, entry in draft.raw(section):
            ids.check(kind, entry.get(key), (*path, key))
    for path, leg in _legs(draft):
        for key, kind in _LEG_REFERENCES:
            ids.check(kind, leg.get(key), (*path, key))


def _rooms(draft: Draft, ids: _Ids) -> None:
    for path, location in draft.raw("locations"):
        if isinstance(location.get("id"), str):
            ids.known["place"].setdefault(location["id"], path)
        rooms = _Ids(draft=draft)
        for room_path, room in mappings(location.get("rooms"), (*path, "rooms")):
            rooms.add("place", room.get("id"), room_path)
            ids.known["place"].setdefault(f"{location.get('id')}.{room.get('id')}", room_path)


def _reserved(draft: Draft) -> None:
    for path, entry in [*draft.raw("locations"), *draft.raw("runs")]:
        if entry.get("id") in RESERVED:
            message = f'"{entry["id"]}" already says where people are who are at no place'
            draft.source.report((*path, "id"), message, "choose another id")


def _legs(draft: Draft) -> Iterable[tuple[Path, dict[str, Any]]]:
    for path, transfer in draft.raw("transfers"):
        yield from mappings(transfer.get("legs"), (*path, "legs"))
