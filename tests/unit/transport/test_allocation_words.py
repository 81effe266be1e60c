"""An allocation explains itself, in Dutch and English, with reasons that can be seen to be true."""

from collections.abc import Sequence
from dataclasses import replace

from transport.domain.allocation import Allocation, Traveller, Vehicle, allocate


def runs(*seats: int, places: int = 0) -> list[Vehicle]:
    """B1, B2…"""
    return [
        Vehicle(run=f"run-{number}", leg="x", seats=count, wheelchairs=places, name=f"B{number}", order=number)
        for number, count in enumerate(seats, 1)
    ]


def people(name: str, count: int, group: str = "") -> list[Traveller]:
    """An organisation."""
    return [Traveller(person=f"{name}{n:02}", leg="x", organisation=name, group=group) for n in range(count)]


def english(found: Allocation) -> list[str]:
    """What it says."""
    return [text.en for text in found.explanations]


def dutch(found: Allocation) -> list[str]:
    """The same."""
    return [text.nl for text in found.explanations]


def test_all_well_is_one_line() -> None:
    """How many, on how many, and that nothing is wrong."""
    found = allocate(runs(10, 10), [*people("Ede", 9), *people("Oss", 8)])
    assert english(found) == ["17 people on 2 runs, nobody without a seat, every organisation whole"]
    assert dutch(found) == ["17 personen in 2 ritten, niemand zonder plaats, elke organisatie bij elkaar"]


def test_a_split_names_its_runs_and_why_there_was_no_room() -> None:
    """Twelve of Enschede where two runs have six left each, and nobody there is to move for them."""
    told = [
        *(replace(one, told="run-1") for one in people("Ede", 14)),
        *(replace(one, told="run-2") for one in people("Oss", 14)),
    ]
    found = allocate(runs(20, 20), [*told, *people("Enschede", 12)], moves_first=True)
    assert english(found)[1] == "12 of Enschede are split over B1 and B2: no run had 12 free"
    assert dutch(found)[1] == "12 van Enschede zijn verdeeld over B1 en B2: geen rit had er 12 vrij"
    assert english(found)[0].endswith("1 organisation split")


def test_an_organisation_larger_than_any_run() -> None:
    """Thirty and runs of twelve."""
    found = allocate(runs(12, 12, 12), people("Zwolle", 30))
    assert english(found)[1] == "30 of Zwolle are split over B1, B2 and B3: no run has 30 seats"
    assert dutch(found)[1] == "30 van Zwolle zijn verdeeld over B1, B2 en B3: geen rit heeft 30 plaatsen"


def test_too_few_seats() -> None:
    """The number without, and whose they are."""
    found = allocate(runs(5, 5), people("Zwolle", 13))
    assert english(found) == [
        "10 people on 2 runs, 3 without a seat, 1 organisation split",
        "3 without a seat: no seat left on this leg",
        "13 of Zwolle are split over B1 and B2, 3 without a seat: there are not enough places",
    ]
    assert dutch(found)[1:] == [
        "3 zonder plaats: geen stoel meer vrij op dit traject",
        "13 van Zwolle zijn verdeeld over B1 en B2, 3 zonder plaats: er zijn niet genoeg plaatsen",
    ]
    alone = allocate(runs(9), people("Zwolle", 10))
    assert "10 of Zwolle: 1 without a seat, the others on B1: there are not enough places" in english(alone)
    assert "10 van Zwolle: 1 zonder plaats, de anderen in B1: er zijn niet genoeg plaatsen" in dutch(alone)


def test_wheelchairs_that_part_an_organisation() -> None:
    """Two users of one organisation, one place on each run; and one more than there are places, with a companion."""
    pair = [replace(one, wheelchair=number < 2) for number, one in enumerate(people("Ede", 6))]
    found = allocate(runs(10, 10, places=1), pair)
    assert "6 of Ede are split over B1 and B2: no run had 2 wheelchair places free" in english(found)
    assert "6 van Ede zijn verdeeld over B1 en B2: geen rit had 2 rolstoelplaatsen vrij" in dutch(found)
    three = [replace(one, wheelchair=number < 3) for number, one in enumerate(people("Ede", 6))]
    found = allocate(runs(10, 10, places=1), three)
    assert "1 without a seat: no wheelchair place left" in english(found)
    companions = [
        Traveller(person="w", leg="x", wheelchair=True, together="t"),
        Traveller(person="c", leg="x", together="t"),
    ]
    found = allocate(runs(10), companions)
    assert {one.person: one.why.nl for one in found.left_over} == {
        "w": "geen rolstoelplaats meer vrij",
        "c": "reist samen met iemand voor wie geen rolstoelplaats vrij is",
    }


def test_people_aboard_two_runs_are_why_their_organisation_is_split() -> None:
    """Nobody can bring those together any more."""
    crowd = people("Ede", 6)
    crowd[0] = replace(crowd[0], fixed="run-1")
    crowd[1] = replace(crowd[1], fixed="run-2")
    assert english(allocate(runs(10, 10), crowd))[1].endswith("some are aboard B1 and B2 already")
    assert dutch(allocate(runs(10, 10), crowd))[1].endswith("een deel zit al in B1 en B2")


def test_groups_are_named_as_groups() -> None:
    """Of one group, in three organisations, on two runs."""
    crowd = [*people("Ede", 4, "sociaal"), *people("Oss", 4, "sociaal"), *people("Epe", 4, "sociaal")]
    found = allocate(runs(8, 8), crowd)
    assert "12 of group sociaal are split over B1 and B2: no run has 12 seats" in english(found)
    assert "12 van groep sociaal zijn verdeeld over B1 en B2: geen rit heeft 12 plaatsen" in dutch(found)


def test_moves_and_runs_that_are_not_needed() -> None:
    """By pair of runs; a run that nobody is on is named."""
    crowd = [replace(one, told="run-2") for one in people("Ede", 4)]
    found = allocate(runs(10, 1), crowd)
    assert english(found)[1:] == ["4 people go from B2 to B1", "B2 is not needed"]
    assert dutch(found)[1:] == ["4 personen gaan van B2 naar B1", "B2 is niet nodig"]


def test_legs_are_named_where_there_are_several() -> None:
    """A leg without a run says so."""
    crowd = [*people("Ede", 4), *(replace(one, leg="y", person=f"y{one.person}") for one in people("Ede", 2))]
    found = allocate(runs(10), crowd)
    assert "2 without a seat (y): there is no run on this leg" in english(found)
    assert "2 zonder plaats (y): er is geen rit op dit traject" in dutch(found)


def test_one_is_not_said_as_many() -> None:
    """Singular, in both languages."""
    one: Sequence[Traveller] = [replace(people("Ede", 1)[0], told="gone")]
    found = allocate(runs(10), one)
    assert english(found) == [
        "1 person on 1 run, nobody without a seat, every organisation whole",
        "1 person goes from gone to B1",
    ]
    assert dutch(found)[1] == "1 persoon gaat van gone naar B1"
    assert english(allocate(runs(10), [])) == ["nobody to seat"]
