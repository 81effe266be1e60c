"""The depart gate, what a run cannot be closed with, and who may explain a difference (docs/runs.md)."""

from collections.abc import Mapping, Sequence

import pytest

from tests.support.runs import stays
from transport.domain.acts import NOTHING, Marks
from transport.domain.gate import MOST, Gate, Likely, gate, likely, unsettled
from transport.domain.riders import Letter, Rider


def riders(letters: str) -> list[Rider]:
    """One person for each letter: `p1`, `p2`, …"""
    return [rider(f"p{n}", letter) for n, letter in enumerate(letters, 1)]  # type: ignore[arg-type] # each is a Letter


def rider(person: str, letter: Letter) -> Rider:
    """Somebody with a letter."""
    return Rider(person=person, letter=letter, how=None, at_ms=None, sighting="", told=None)


@pytest.mark.parametrize(
    ("letters", "marks", "difference", "to_settle", "is_open"),
    [
        ("bcde", Marks(counted=4), 0, (), True),
        ("bcde", Marks(counted=5, nameless=1), 0, (), True),
        ("bbbg", Marks(counted=3), 0, (), True),  # who is excused is settled
        ("bbbh", Marks(counted=3), 0, (), True),  # who was left behind before a relief coach came is not waited for
        ("bbba", Marks(counted=3), 0, ("p4",), False),
        ("bbbf", Marks(counted=3), 0, ("p4",), False),
        ("bb", Marks(counted=3), 1, (), False),
        ("bb", Marks(counted=1), -1, (), False),
        ("bb", Marks(counted=2, nameless=1), -1, (), False),
        ("ll", Marks(counted=2), 0, (), True),
        ("bb", NOTHING, None, (), False),  # nobody counted
        ("", NOTHING, None, (), False),
        ("", Marks(counted=0), 0, (), True),
    ],
)
def test_it_is_open_when_the_sum_is_right_and_everybody_is_settled(
    letters: str, marks: Marks, difference: int | None, to_settle: tuple[str, ...], *, is_open: bool
) -> None:
    """Hand count less scanned, by hand and nameless is 0, and nobody is still to come."""
    found = gate(riders(letters), marks)
    assert (found.difference, found.to_settle, found.is_open) == (difference, to_settle, is_open)


def test_a_count_that_comes_with_the_step_stands_before_the_one_before() -> None:
    """The coordinator counted again at the door."""
    found = gate(riders("bb"), Marks(counted=5), 2)
    assert (found.counted, found.aboard, found.difference) == (2, 2, 0)


@pytest.mark.parametrize(
    ("letters", "marks", "difference", "ways"),
    [
        ("iikg", Marks(counted=3), 0, []),
        ("ii", NOTHING, None, []),
        ("ih", NOTHING, None, ["1 left behind"]),
        ("ijj", NOTHING, None, ["2 unconfirmed"]),
        ("iaf", NOTHING, None, ["2 to come"]),
        ("ihj", NOTHING, None, ["1 left behind", "1 unconfirmed"]),
        ("ii", Marks(counted=3), 1, ["a difference of +1"]),
        ("ii", Marks(counted=1), -1, ["a difference of -1"]),
        ("ii", Marks(counted=3, settled="the driver was counted"), 1, []),
    ],
)
def test_what_a_run_cannot_be_closed_with(letters: str, marks: Marks, difference: int | None, ways: list[str]) -> None:
    """Everybody left behind, unconfirmed or to come, and a difference that nobody settled; each with its remedy."""
    assert [
        way.partition(":")[0].partition(" between")[0] for way in unsettled(riders(letters), marks, difference)
    ] == ways


def _likely(
    people: Sequence[Rider],
    counted: int,
    seen: Mapping[str, str] | None = None,
    parties: Mapping[str, str] | None = None,
) -> tuple[Likely, ...]:
    found: Gate = gate(people, Marks(counted=counted))
    told = {person: stays(of) for person, of in (seen or {}).items()}
    return likely(found, people, origin="church", stays=told, parties=parties or {})


def test_nobody_explains_what_needs_no_explaining() -> None:
    """No difference, or nobody counted."""
    assert _likely(riders("bba"), 2) == ()
    assert likely(gate(riders("bba"), NOTHING), riders("bba"), origin="church", stays={}, parties={}) == ()


def test_more_counted_than_known_is_somebody_who_is_to_come() -> None:
    """First who got off again, who walked out here, who was last seen here, then who was seen elsewhere."""
    people = [rider("aboard", "b"), *(rider(p, "a") for p in ("elsewhere", "here", "out", "unseen")), rider("off", "f")]
    seen = {
        "aboard": "t1-b1 11:25",
        "elsewhere": "hall 10:30",
        "here": "church 10:30",
        "out": "church 10:30, underway 11:28",
        "off": "t1-b1 11:25, church 11:28",
    }
    found = _likely(people, 2, seen)
    assert [one.person for one in found] == ["off", "out", "here", "elsewhere"]  # who was not seen today is not there
    assert found[1].why.en == "walked out here, seen nowhere since"


def test_whose_party_is_aboard_comes_before_who_is_alone() -> None:
    """Somebody from a room of the church too; and the why says how many of them are."""
    people = [rider("a1", "b"), rider("a2", "b"), rider("alone", "a"), rider("mate", "a")]
    seen = {"alone": "church 10:30, underway 11:28", "mate": "church.nave 10:30"}
    found = _likely(people, 3, seen, {"a1": "Almelo", "a2": "Almelo", "mate": "Almelo", "alone": "Zwolle"})
    assert [one.person for one in found] == ["mate", "alone"]
    assert found[0].why.en == "last seen at this place; 2 of the party are aboard"
    assert found[0].why.nl == "laatst gezien op deze plek; 2 van de groep zijn aan boord"


def test_fewer_counted_than_known_is_somebody_whom_only_a_hand_put_there() -> None:
    """First who was carried over, then from another run, by hand or a walk-on, last whose badge was read."""
    people = [rider("read", "b"), rider("hand", "c"), rider("walked", "d"), rider("other", "e"), rider("carried", "l")]
    found = _likely(people, 4)
    assert [one.person for one in found] == ["carried", "other", "hand", "walked", "read"]
    assert found[-1].why.en == "badge was read"


def test_the_list_is_short_enough_to_read_at_the_kerb() -> None:
    """The likeliest only, the same ones every time."""
    people = [rider(f"p{n:02}", "b") for n in range(20)]
    assert [one.person for one in _likely(people, 19)] == [f"p{n:02}" for n in range(MOST)]
