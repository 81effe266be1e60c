"""The board's shape: locations and transfers side by side in the order of the day. Pure, from the programme."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.programme import Item, Location, Programme, Run, Text, Transfer

COLOURS = 8  # --place-1 … --place-8 of tokens.css


@dataclass(frozen=True, kw_only=True)
class Card:
    """A location, with the number of its colour and the items that are at it (not in one of its rooms)."""

    location: Location
    colour: int
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Journey:
    """One leg of a transfer with its runs in order of departure."""

    origin: str
    destination: str
    destination_colour: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Move:
    """A transfer with its legs."""

    transfer: Transfer
    title: Text
    journeys: tuple[Journey, ...]


@dataclass(frozen=True, kw_only=True)
class Column:
    """Either the cards of locations, or one move."""

    cards: tuple[Card, ...] = ()
    move: Move | None = None


def columns(programme: Programme) -> tuple[Column, ...]:
    """Each location once, before the first transfer that leaves it or after the first that comes there."""
    colours = colour_of(programme)
    waiting = dict.fromkeys(in_order(programme))
    made: list[Column] = []

    def place(ids: Sequence[str]) -> None:
        here = [one for one in waiting if one in ids]
        for one in here:
            del waiting[one]
        if here:
            made.append(Column(cards=tuple(_card(programme, one, colours[one]) for one in here)))

    for transfer in sorted(programme.transfers, key=lambda transfer: transfer.start_ms):
        place([_site(programme, leg.origin) for leg in transfer.legs])
        made.append(Column(move=_move(programme, transfer, colours)))
        place([_site(programme, leg.destination) for leg in transfer.legs])
    place(list(waiting))
    return tuple(made)


def in_order(programme: Programme) -> list[str]:
    """The locations by the first item there; those without an item last, in the order of the file."""
    first: dict[str, int] = {}
    for item in programme.items:
        site = _site(programme, item.place)
        first[site] = min(first.get(site, item.start_ms), item.start_ms)
    never = programme.last_item_ms + 1
    return sorted((location.id for location in programme.locations), key=lambda one: first.get(one, never))


def colour_of(programme: Programme) -> dict[str, int]:
    """The number of each location's colour: by the order of the file, so that it stays when times change."""
    return {location.id: number % COLOURS + 1 for number, location in enumerate(programme.locations)}


def _card(programme: Programme, location: str, colour: int) -> Card:
    items = sorted((item for item in programme.items if item.place == location), key=lambda item: item.start_ms)
    return Card(location=programme.index.locations[location], colour=colour, items=tuple(items))


def _site(programme: Programme, place: str) -> str:
    location = programme.location_of(place)
    return location.id if location else place


def _move(programme: Programme, transfer: Transfer, colours: dict[str, int]) -> Move:
    journeys = tuple(
        Journey(
            origin=programme.place(leg.origin).name,
            destination=programme.place(leg.destination).name,
            destination_colour=colours.get(_site(programme, leg.destination), 1),
            runs=programme.runs_of_leg(leg.id),
        )
        for leg in transfer.legs
    )
    return Move(transfer=transfer, title=transfer.title, journeys=journeys)
