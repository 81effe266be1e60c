"""Check-in's cards and sightings: our own copy of who is who and of where people are."""

from collections.abc import Mapping, Sequence

from shared.facts import PersonCard, Sighting
from transport.domain.day import Day
from transport.domain.run import Log
from transport.handlers import follow
from transport.ports import Store

STALE = "1"


def take_cards(cards: Sequence[PersonCard], forgotten: Sequence[str], *, event: str, store: Store) -> bool:
    """Keep cards, drop those of the forgotten; returns whether seats must be filled again."""
    changed = store.put_cards(event, cards)
    gone = store.forget(event, forgotten) if forgotten else False
    if gone:
        follow.touch_seats(event, store=store)
    if changed or gone:
        store.set_meta(f"seats.stale.{event}", STALE)
    return changed or gone


def take_sightings(
    sightings: Sequence[Sighting], *, day: Day | None, logs: Mapping[str, Log], store: Store, received_ms: int
) -> list[Sighting]:
    """Fold in what check-in saw; returns what that makes us say: implied sightings, or voids of them."""
    fresh = store.record(sightings, received_ms)
    if day is None or not fresh:
        return []
    return follow.follow(fresh, day=day, logs=logs, store=store, received_ms=received_ms)
