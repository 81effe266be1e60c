"""The driver's sheet and the check card, printed and read back."""

import pytest

from tests.support import paper
from tests.support.paper import at, look, rider, riders, run
from transport.paper.card import check_card
from transport.paper.driver import Extras, driver_sheet
from transport.paper.model import Rider, Stop, Times
from transport.paper.words import STEPS

URL = "https://almelo.example/transport/run/t1-b2"
LONG = "Wolfeschlegelsteinhausenbergerdorff-van Rheenen tot Oosterwijk " * 2


def text_of(pdf: bytes) -> str:
    """All text of a file, spaces as one."""
    return " ".join(" ".join(paper.texts(pdf)).split())


def needing() -> tuple[Rider, ...]:
    """Forty-seven of whom some need something."""
    special = (
        rider(0, needs="slecht ter been"),
        rider(1, needs="slecht ter been, vegetarisch"),
        rider(2, needs="rolstoel", wheelchair=True),
        rider(3, needs="halal"),
    )
    return (*special, *riders(47)[4:])


def test_the_driver_reads_where_when_and_how_many() -> None:
    """Kerb, both addresses, times with the plan where it differs, people, seats, wheelchairs, the desk's phone."""
    extras = Extras(url=URL, desk="+31 6 00 00 02 22")
    pdf = driver_sheet(run(needing()), look(size="a5"), extras)
    assert paper.sizes(pdf) == [(148, 210)]
    text = text_of(pdf)
    for words in (
        "B2",
        "Halte B",
        "Coach 7 · 00-ZZ-02",
        "Grote Kerk",
        "Kerkstraat 1, Almelo",
        "Indië Almelo",
        "Indiëterrein, Almelo",
        "11.46",
        "vertrek (gepland 11.42)",
        "11.54",
        "aankomst (gepland 11.50)",
        "+31 6 00 00 02 22",
        "bladzijde 1 van 1",
    ):
        assert words in text, words
    assert "47 passagiers 50 stoelen 2 rolstoelplaatsen 1 in een rolstoel" in text


def test_needs_are_counted_and_nobody_is_named_unless_the_organiser_allows() -> None:
    """Two walk badly, one rolls; what people eat and who they are stays off the paper."""
    text = text_of(driver_sheet(run(needing()), look(size="a5"), Extras(url=URL)))
    assert "2 × slecht ter been" in text
    assert "1 × rolstoel" in text
    assert "halal" not in text
    assert "vegetarisch" not in text
    assert not any(name in text for name in paper.NAMES)


def test_with_the_organisers_leave_needs_are_named_and_all_names_follow() -> None:
    """The names stand on a page of their own, by alphabet, everybody once."""
    pdf = driver_sheet(run(needing()), look(size="a5"), Extras(url=URL, names=True))
    first, *others = paper.texts(pdf)
    assert "Gülsüm Çelik: slecht ter been" in first
    assert "Şükrü Yıldız: rolstoel" in first
    found = [line.strip() for page in others for line in page.split("\n")]
    assert all(any(one.name in line for line in found) for one in needing())
    assert len(others) == 1


def test_without_needs_it_says_so_and_without_a_desk_there_is_no_phone() -> None:
    """An empty space would leave the driver guessing."""
    text = text_of(driver_sheet(run(riders(3)), look("en", "a5"), Extras(url=URL)))
    assert "Nothing special known." in text
    assert "desk" not in text


def test_more_needs_than_fit_end_with_how_many_more() -> None:
    """Nothing is dropped in silence, and nothing runs into the foot of the page."""
    crew = tuple(rider(number, needs=f"iets anders {number}") for number in range(40))
    pdf = driver_sheet(run(crew), look(size="a5"), Extras(url=URL, desk="1"))
    shown = sum("1 × iets anders" in line for line in paper.lines(pdf))
    assert f"en {40 - shown} meer: vraag de coördinator" in text_of(pdf)
    assert 5 < shown < 20


def test_the_symbol_opens_the_runs_page() -> None:
    """What a phone reads is the address that was given, and no token."""
    assert paper.symbols(driver_sheet(run(riders(3)), look(size="a5"), Extras(url=URL, desk="1"))) == [URL]


@pytest.mark.parametrize("names", [False, True])
def test_nothing_on_a_drivers_sheet_stands_beyond_the_edge(*, names: bool) -> None:
    """Whatever a town, a kerb or a need is called."""
    crew = tuple(rider(number, name=LONG, needs=LONG + str(number), wheelchair=True) for number in range(80))
    long = run(
        crew,
        name="Pendeldienst 12",
        kerb=LONG,
        coach=LONG,
        origin=Stop(name=LONG, address=LONG),
        destination=Stop(name=LONG * 3, address=LONG),
    )
    assert paper.outside(driver_sheet(long, look(size="a5"), Extras(url=URL, desk="1" * 30, names=names))) == []


def test_the_check_card_has_every_step_in_both_languages_with_a_box() -> None:
    """An A5 to fold: Dutch on one half, English on the other, each step and "the coach is empty" to tick."""
    pdf = check_card(run(riders(3)), look())
    assert paper.sizes(pdf) == [(210, 148)]
    text = text_of(pdf)
    for step in STEPS:
        assert step.nl in text
        assert step.en in text
    for words in ("meegereden", "uitgestapt", "rode along", "got off", "handtekening", "signature", "00-ZZ-02"):
        assert words in text, words
    assert paper.boxes(pdf, 19) == 2 * (len(STEPS) + 1)
    assert paper.outside(pdf) == []


def test_as_a6_the_card_is_two_pages_in_the_readers_language_first() -> None:
    """For a printer of small cards; nothing is cut off on the small side either."""
    long = run(riders(3), name="Pendeldienst 12", coach=LONG, arrive=Times(planned_ms=at("11:50"), real_ms=at("11:52")))
    pdf = check_card(long, look("en"), size="a6")
    assert paper.sizes(pdf) == [(105, 148)] * 2
    first, second = paper.texts(pdf)
    assert "Walk to the back" in first
    assert "Loop naar achteren" in second
    assert paper.outside(pdf) == []
