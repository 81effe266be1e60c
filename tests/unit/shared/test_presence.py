"""The one rule of where people are."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from shared import presence
from shared.facts import Sighting
from tests.support.sightings import PEOPLE, ROOMS, sightings


@given(st.lists(sightings(), max_size=30), st.randoms(), st.integers(1, 3))
def test_any_order_and_doubling_gives_the_same_presence(facts: list[Sighting], random: Random, times: int) -> None:
    """Shuffled and doubled, the same sightings put everybody at the same place."""
    other = facts * times
    random.shuffle(other)
    assert presence.fold(other) == presence.fold(facts)


@given(st.lists(sightings(), max_size=30))
def test_everybody_registered_is_in_exactly_one_place(facts: list[Sighting]) -> None:
    """registered = expected + Σ locations + Σ runs + underway + away, at every moment."""
    moments = sorted({s.at_ms for s in facts}) or [0]
    for moment in moments:
        now = presence.fold(facts, at_ms=moment)
        counts = presence.tally(now, location_of=ROOMS.get)
        outermost = sum(n for place, n in counts.items() if place not in ROOMS)
        expected = sum(1 for person in PEOPLE if person not in now)
        assert expected + outermost == len(PEOPLE)


def test_the_later_id_wins_at_the_same_millisecond_as_bytes() -> None:
    """Between two sightings of one millisecond the greater id wins, compared as UTF-8 bytes: `a` after `Z`."""
    first = _at(5, "ZZZZZZZZ", "grote-kerk")
    second = _at(5, "aaaaaaaa", "stadhuis")
    assert presence.fold([second, first])["p1"].place == "stadhuis"


def test_a_void_takes_back_even_what_comes_after_it() -> None:
    """A void counts whenever it comes; it places nobody itself."""
    first = _at(5, "sighting-1", "grote-kerk")
    mistake = _at(6, "sighting-2", "stadhuis")
    undo = _at(9, "sighting-3", "stadhuis", void="sighting-2")
    assert presence.fold([undo, mistake, first])["p1"].place == "grote-kerk"
    assert presence.fold([undo]) == {}


def test_looking_back_through_underway_finds_the_last_location() -> None:
    """`located` skips `underway` but not `away`."""
    facts = [_at(5, "sighting-1", "grote-kerk"), _at(6, "sighting-2", "underway")]
    assert presence.located(facts)["p1"].place == "grote-kerk"
    assert presence.located([*facts, _at(7, "sighting-3", "away")])["p1"].place == "away"


def _at(at_ms: int, identity: str, place: str, void: str | None = None) -> Sighting:
    return Sighting(
        id=identity, event="e1", person="p1", place=place, at_ms=at_ms, how="scanned", source="checkin", void=void
    )
