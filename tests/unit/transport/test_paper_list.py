"""The passenger list, printed and read back: numbers, names, what changed, pages."""

import re

import pytest

from shared.facts import Text
from tests.support import paper
from tests.support.paper import a_print, at, look, printed, rider, riders, run
from transport.paper.listing import FORMS, passenger_list
from transport.paper.model import Former, Print, Printed, Size, Stop
from transport.paper.rows import rows


def text_of(pdf: bytes) -> str:
    """All text of a file, spaces as one."""
    return " ".join(" ".join(paper.texts(pdf)).split())


def numbered_names(pdf: bytes) -> list[tuple[int, str]]:
    """(number, name) of each row in the order of the file."""
    names = "|".join(map(re.escape, paper.NAMES))
    found = re.finditer(rf"(?m)^([0-9]+)\s+((?:{names})(?: [0-9]+)?)$", "\n".join(paper.lines(pdf)))
    return [(int(row[1]), row[2]) for row in found]


@pytest.mark.parametrize(("people", "pages"), [(47, 2), (60, 3), (300, 11)])
def test_on_a4_everybody_stands_once_with_number_and_name(people: int, pages: int) -> None:
    """No row is lost at a page break, whatever the number of people; 47 with walk-ons fit on two pages."""
    crew = riders(people)
    pdf = passenger_list(run(crew), printed(crew), look())
    assert paper.sizes(pdf) == [(210, 297)] * pages
    assert numbered_names(pdf) == [(number, one.name) for number, one in enumerate(crew, start=1)]
    feet = [f"B2 · bladzijde {number} van {pages}" in page for number, page in enumerate(paper.texts(pdf), start=1)]
    assert feet == [True] * pages


@pytest.mark.parametrize(("people", "pages"), [(47, 3), (60, 4), (300, 15)])
def test_on_a5_everybody_stands_once_with_number_and_name(people: int, pages: int) -> None:
    """The same on the half sheet that goes into a pocket."""
    crew = riders(people)
    pdf = passenger_list(run(crew), printed(crew), look(size="a5"))
    assert paper.sizes(pdf) == [(148, 210)] * pages
    assert numbered_names(pdf) == [(number, one.name) for number, one in enumerate(crew, start=1)]


@pytest.mark.parametrize("size", ["a4", "a5"])
@pytest.mark.parametrize("grouped", [False, True])
def test_nothing_stands_beyond_the_edge_however_long_it_is(size: Size, *, grouped: bool) -> None:
    """Long names, organisations, needs, kerbs and towns become smaller or are cut, and none leaves the page."""
    long = "Wolfeschlegelsteinhausenbergerdorff-van Rheenen tot Oosterwijk " * 2
    crew = [rider(n, name=long, organisation=long, needs=long, told=long[:20], wheelchair=n % 2 == 0) for n in range(9)]
    big = run(crew, name="Pendeldienst 12", kerb=long, operator=long, origin=Stop(name=long, address=long))
    since = a_print(3, "11:20", (1, "gone"), (2, "moved"))
    made = Printed(rows=rows([since], [one.person for one in crew]), nth=1234, at_ms=at("11:31"), since=since)
    pdf = passenger_list(big, made, look(size=size), grouped=grouped, phones=True)
    assert paper.outside(pdf) == []


def test_the_head_says_which_run_and_how_many() -> None:
    """Run, kerb, coach and plate, route, times with the plan where it differs, seats, listed, wheelchair places."""
    crew = (rider(0, wheelchair=True), *riders(47)[1:])
    head = text_of(passenger_list(run(crew), printed(crew, nth=4), look()))
    for words in (
        "B2",
        "Halte B",
        "Coach 7 · 00-ZZ-02 · Voorbeeld Reizen",
        "Grote Kerk → Indië Almelo",
        "vertrek 11.46 (gepland 11.42)",
        "aankomst 11.54 (gepland 11.50)",
        "instappen 11.20",
        "AFDRUK 4",
        "lijst van 11.31",
        "stand 11.32",
        "11-01-2024",
        "47 op de lijst",
        "50 stoelen",
        "2 1 nodig rolstoelplaatsen",
        "geteld / counted",
        "vertrokken om",
    ):
        assert words in head, words
    assert "instappen 11.20 (gepland" not in head


def test_it_speaks_english_too() -> None:
    """The same words of the contract in English, and the clock with a colon."""
    head = text_of(passenger_list(run(riders(3)), printed(riders(3), nth=2), look("en")))
    for words in ("PRINT 2", "list of 11:31", "departs 11:46 (planned 11:42)", "3 listed", "Walk-ons", "page 1 of 1"):
        assert words in head, words


def test_letters_of_all_europe_are_printed_as_they_are() -> None:
    """Ş, ł, ő, ž and their like come back out of the file."""
    text = text_of(passenger_list(run(riders(8)), printed(riders(8)), look()))
    assert all(name in text for name in paper.NAMES)


def test_a_box_to_tick_stands_beside_each_person_and_each_empty_row() -> None:
    """Five people and eight rows for walk-ons, all with a box as large as a thumb-nail."""
    crew = riders(5)
    pdf = passenger_list(run(crew), printed(crew), look())
    assert paper.boxes(pdf, FORMS["a4"].tick) == 5 + 8
    assert FORMS["a4"].tick >= 17
    assert "Niet-ingedeelde meerijders" in text_of(pdf)


def test_who_is_aboard_already_is_ticked() -> None:
    """The tick is a stroke in the box of that one."""
    crew = (rider(0), rider(1, aboard=True))
    with_tick = passenger_list(run(crew), printed(crew), look())
    without = passenger_list(run(riders(2)), printed(riders(2)), look())
    assert paper.pictures(with_tick)[0].tobytes() != paper.pictures(without)[0].tobytes()
    assert paper.lines(with_tick) == paper.lines(without)


def test_needs_stand_beside_the_name_and_a_wheelchair_as_a_sign() -> None:
    """The word wheelchair is said by the sign alone; what somebody eats is nobody's business here."""
    crew = (rider(0, needs="slechthorend, halal"), rider(1, needs="rolstoel", wheelchair=True))
    text = text_of(passenger_list(run(crew), printed(crew), look()))
    assert "slechthorend" in text
    assert "halal" not in text
    assert "rolstoel " not in text


def test_phones_stand_on_it_only_when_asked() -> None:
    """Paper gets lost: a number is on it when somebody wants it there."""
    crew = riders(3)
    with_them = passenger_list(run(crew), printed(crew), look(), phones=True)
    without = passenger_list(run(crew), printed(crew), look())
    assert "+31 6 00 00 0002" in text_of(with_them)
    assert "+31 6" not in text_of(without)


def test_grouped_by_organisation_each_has_a_head_again_on_the_next_page() -> None:
    """People stand under their organisation by number, and a head that is left behind on a page comes again."""
    crew = tuple(rider(n, organisation="Gemeente Zwolle" if n < 40 else "") for n in range(47))
    pages = paper.texts(passenger_list(run(crew), printed(crew), look(), grouped=True))
    assert "Zonder organisatie 7" in pages[0]
    assert "Gemeente Zwolle 40" in pages[0]
    assert "Gemeente Zwolle (vervolg) 40" in pages[1]
    numbers = [int(row[1]) for row in re.finditer(r"(?m)^([0-9]+) (?:Anne|Gül|Şük|Wac|Zsó|Žig|Jan|Sas)", pages[1])]
    assert numbers == sorted(numbers)
    assert len(numbers) > 20


def changed_since_print_3() -> tuple[Print, Printed]:
    """Print 3 had Mieke (2) and Klaas (3); Mieke has a seat on B3 now, Klaas goes by car, and p001 is new."""
    since = a_print(3, "11:20", (1, "p000"), (2, "mieke"), (3, "klaas"))
    former = {
        "mieke": Former(name="Mieke Őry", to="B3"),
        "klaas": Former(name="Klaas Ek", why=Text("eigen vervoer", "own travel")),
    }
    now = rows([since], ["p000", "p001"])
    return since, Printed(rows=now, nth=4, at_ms=at("11:31"), since=since, former=former)


def test_what_changed_is_summed_up_on_top_and_marked_in_the_list() -> None:
    """New, gone and moved with their numbers; on the list the gone keep their place, with where they went."""
    _, made = changed_since_print_3()
    crew = (rider(0), rider(1, told="B1"))
    text = text_of(passenger_list(run(crew), made, look()))
    assert "Sinds afdruk 3 (11.20)" in text
    assert "Nieuw: 1 4 Gülsüm Çelik (B1)" in text
    assert "Weg: 1 3 Klaas Ek (eigen vervoer)" in text
    assert "Verplaatst: 1 2 Mieke Őry (B3)" in text
    assert "NIEUW · van B1" in text
    assert "EIGEN VERVOER" in text
    assert "→ B3" in text
    in_list = text[text.index("(B3)") :]
    assert in_list.index("1 Anne-Fleur") < in_list.index("2 Mieke Őry") < in_list.index("3 Klaas Ek")


def test_when_nothing_changed_it_says_so() -> None:
    """Then the paper in your hand is still good."""
    since = a_print(3, "11:20", (1, "p000"))
    made = Printed(rows=since.rows, nth=3, at_ms=since.at_ms, since=since)
    assert "Sinds afdruk 3 (11.20): niets veranderd" in text_of(passenger_list(run([rider(0)]), made, look()))


def test_many_changes_are_counted_where_they_do_not_all_fit_on_top() -> None:
    """The summary never pushes the list off the page: it says how many more are marked below."""
    crew = riders(60)
    since = a_print(1, "11:20", (1, "p000"))
    made = Printed(rows=rows([since], [one.person for one in crew]), nth=2, at_ms=at("11:31"), since=since)
    text = text_of(passenger_list(run(crew), made, look()))
    assert re.search(r"Nieuw: 59 .* en [0-9]+ meer, zie de lijst", text)
    assert text.count("NIEUW") == 59


def test_who_was_told_another_run_is_marked_as_such() -> None:
    """They stand at the wrong kerb: whoever reads the list knows where to look."""
    crew = (rider(0, told="B1"),)
    assert "stond op B1" in text_of(passenger_list(run(crew), printed(crew), look()))


def test_a_draft_says_that_its_numbers_are_not_kept() -> None:
    """Nobody must read numbers off a list that no print stands behind."""
    text = text_of(passenger_list(run(riders(2)), printed(riders(2), nth=None), look()))
    assert "CONCEPT" in text
    assert "nummers nog niet bewaard" in text
    assert "AFDRUK" not in text


def test_an_empty_list_says_so_and_has_rows_to_write_on() -> None:
    """A coach that nobody was given a seat on may still be filled at the kerb."""
    pdf = passenger_list(run([]), printed([]), look())
    assert "Er staat niemand op deze lijst." in text_of(pdf)
    assert paper.boxes(pdf, FORMS["a4"].tick) == 8


def test_the_same_list_is_the_same_file() -> None:
    """Nothing in it depends on when or where it was made."""
    crew = riders(4)
    assert passenger_list(run(crew), printed(crew), look()) == passenger_list(run(crew), printed(crew), look())


@pytest.mark.parametrize("size", ["a4", "a5"])
def test_neither_a_long_name_nor_a_long_need_is_cut_off(size: Size) -> None:
    """Where both do not stand on one line the need takes the organisation's place."""
    name, need = "Anne-Fleur van der Sluijs-Oude Nijhuis", "slecht ter been, begeleider reist mee"
    crew = (rider(0, name=name, needs=need, told="Pendel 11"), rider(1, name=name, needs=need, wheelchair=True))
    text = text_of(passenger_list(run(crew), printed(crew), look(size=size), phones=True))
    assert text.count(name) == 2
    assert text.count(need) == 2
    assert text.count("+31 6 00 00") == 2
