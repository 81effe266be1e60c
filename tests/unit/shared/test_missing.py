"""Missing and unconfirmed, on the day in Almelo."""

from pathlib import Path

import pytest

from shared import instants
from shared.missing import Implied, ended_last, missing, unconfirmed
from shared.programme import Programme, load_programme

ALMELO = Path(__file__).parents[3] / "examples" / "almelo" / "programme.yaml"
FYSIEK = frozenset({"pijler-fysiek", "sessie-1-europa"})
NO_LEG = frozenset({"sessie-1-europa"})


@pytest.fixture(scope="module")
def almelo() -> Programme:
    """The day in Almelo."""
    return load_programme(ALMELO)


def at(clock: str) -> int:
    """A moment of that day, local time."""
    return instants.to_ms(f"2024-01-11T{clock}:00.000+01:00")


@pytest.mark.parametrize(
    ("located", "is_missing"),
    [
        ("grote-kerk", True),
        (None, True),  # only ever seen going out
        ("stadhuis.raadzaal", False),
        ("indie-almelo", False),
        ("hagedoorn", False),  # the other destination: we know where they are
        ("t1-b2", False),
        ("t2-h1", False),
        ("away", True),  # went away, and was then seen going out of somewhere
    ],
)
def test_where_somebody_was_last_decides_whether_they_are_missing(
    almelo: Programme, located: str | None, is_missing: bool
) -> None:
    """After the first transfer: whoever was last known at the church is missing, whoever is further is not."""
    places = {} if located is None else {"p1": located}
    found = missing(almelo, "t1", at("12:00"), places, {"p1": "underway"}, {"p1": FYSIEK})
    assert found == ({"p1"} if is_missing else set())


def test_nobody_is_missing_before_the_window_ends(almelo: Programme) -> None:
    """At 11:59:59.999 the coaches may still bring them."""
    everybody = {"p1": "grote-kerk"}
    assert missing(almelo, "t1", at("12:00") - 1, everybody, everybody, {"p1": FYSIEK}) == set()
    assert missing(almelo, "t1", at("12:00"), everybody, everybody, {"p1": FYSIEK}) == {"p1"}


def test_a_no_show_who_went_away_or_travels_nowhere_is_not_missing(almelo: Programme) -> None:
    """Never seen is expected, away is away, and who is on no leg has nothing to miss."""
    located = {"away": "grote-kerk", "no-leg": "grote-kerk"}
    presence = {"away": "away", "no-leg": "grote-kerk"}
    groups = {"no-show": FYSIEK, "away": FYSIEK, "no-leg": NO_LEG}
    assert missing(almelo, "t1", at("12:30"), located, presence, groups) == set()


def test_at_the_second_transfer_the_first_ones_destination_is_too_early(almelo: Programme) -> None:
    """Who stayed at Indië is missing at 14:00, and so is who never left the church."""
    places = {"p1": "indie-almelo", "p2": "grote-kerk", "p3": "stadhuis", "p4": "t1-b1"}
    assert missing(almelo, "t2", at("14:00"), places, places, dict.fromkeys(places, FYSIEK)) == {"p1", "p2", "p4"}


def test_the_transfer_that_ended_last(almelo: Programme) -> None:
    """None in the morning, the first over lunch, the second after 14:00."""
    found = [ended_last(almelo, at(clock)) for clock in ("11:59", "12:00", "13:59", "14:00")]
    assert found == [None, "t1", "t1", "t2"]


def test_an_arrival_is_unconfirmed_after_the_grace(almelo: Programme) -> None:
    """Ten minutes after 11:46 nothing had confirmed it."""
    implied = {"p1": Implied("indie-almelo", at("11:46")), "early": Implied("stadhuis", at("11:00"))}
    assert unconfirmed(almelo, at("11:56") - 1, implied) == {"early"}
    assert unconfirmed(almelo, at("11:56"), implied) == {"p1", "early"}
