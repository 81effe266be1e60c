"""A transfer as a sheet, as CSV and as XLSX, read back by others: the same numbers, each with its grade."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from shared.facts import Text
from tests.support import paper
from tests.support.paper import at, figure, look, place, run_line, somebody, transfer
from transport.paper.facts_table import transfer_csv
from transport.paper.headcount import transfer_sheet
from transport.paper.transfer import Figure, Sum, TransferSheet
from transport.paper.workbook import transfer_xlsx

LONG = "Wolfeschlegelsteinhausenbergerdorff-van Rheenen tot Oosterwijk " * 2
BROKEN = Sum(places=177, aboard=97, underway=14, away=3, expected=20, registered=312)


def text_of(pdf: bytes) -> str:
    """All text of a file, spaces as one."""
    return " ".join(" ".join(paper.texts(pdf)).split())


def many(runs: int, persons: int) -> TransferSheet:
    """A transfer with one leg of many runs, and many people to look for."""
    leg = transfer().legs[0]
    lines = tuple(run_line(f"P{number}") for number in range(1, runs + 1))
    lost = tuple(somebody(number, "missing", name=f"Zoekt Wie {number}") for number in range(1, persons + 1))
    return transfer(legs=(type(leg)(**{**_fields(leg), "runs": lines}),), persons=lost)


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


# -- grades ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "letters"),
    [
        (figure(39, 39), "S"),
        (figure(39, 35, 4), "35 S 4 M"),
        (figure(42, 35, 4, 3), "35 S 4 M 3 C"),
        (figure(47, 30, 2, 0, 15), "30 S 2 M 15 I"),
        (figure(6, implied=6), "I"),
        (figure(289), ""),
        (figure(0), ""),
        (figure(5, 3), "3 S"),
    ],
)
def test_a_number_says_how_it_is_known(number: Figure, letters: str) -> None:
    """One letter when all are of one grade, each with its number when not."""
    assert number.letters == letters


def test_together_numbers_keep_their_grades() -> None:
    """A sum of runs is as sure as its parts."""
    assert (figure(42, 35, 4, 3) + figure(6, implied=6)).letters == "35 S 4 M 3 C 6 I"


# -- the sheet -------------------------------------------------------------------------------------


def test_the_sheet_answers_how_many_are_where() -> None:
    """Per location, per run from → to with its sum, own travel, and by name who is missing or left behind."""
    pdf = transfer_sheet(transfer(), look())
    assert set(paper.sizes(pdf)) == {(297, 210)}
    text = text_of(pdf)
    for words in (
        "Naar de werkbezoeken",
        "11.30 – 12.00",
        "STAND 11.47",
        "Grote Kerk → Indië Almelo · 171 verwacht",
        "Grote Kerk → Hagedoorn · 118 verwacht",
        "89 S 2 M",
        "35 S 4 M 3 C",
        "70 S 8 M 6 C",
        "105 S 12 M 9 C",
        "plan 11.38",
        "± 11.49",
        "eigen vervoer",
        "Vermist: 1",
        "Achtergebleven: 1",
        "Nog niet gezien: 1",
        "Anne-Fleur van der Sluijs-Oude Nijhuis",
        "Şükrü Yıldız",
        "Žiga Žnidaršič",
        "S gescand · M met de hand · C geteld, naamloos · I afgeleid uit de aankomst",
    ):
        assert words in text, words
    assert "± 11.41" not in text


def test_the_conservation_line_is_a_sum_that_anybody_can_do_again() -> None:
    """Five numbers that make the sixth; when they do not, the paper shouts by how many."""
    good = text_of(transfer_sheet(transfer(), look()))
    assert "De som klopt" in good
    assert all(number in good for number in ("178", "97", "14", "3", "20", "312"))
    broken = text_of(transfer_sheet(transfer(sum=BROKEN), look("en")))
    assert "The sum does not hold: -1" in broken
    assert "≠" in broken


def test_without_names_there_is_no_list_of_them() -> None:
    """Who may see numbers only gets numbers only; with nobody to look for it says that instead."""
    assert "Met naam" not in text_of(transfer_sheet(transfer(persons=None), look()))
    nobody = text_of(transfer_sheet(transfer(persons=()), look()))
    assert "Niemand is vermist, achtergebleven of nog niet gezien." in nobody


def test_over_several_pages_the_heads_come_again_and_no_row_is_lost() -> None:
    """Forty runs and sixty people: the columns are named on each page, and each page says which it is."""
    pdf = transfer_sheet(many(40, 60), look())
    pages = paper.texts(pdf)
    found = {line for page in pages for line in page.replace("\r", "").split("\n")}
    runs = sum(f"Halte P{number}" in " ".join(found) for number in range(1, 41))
    assert runs == 40
    text = text_of(pdf)
    assert all(f"Zoekt Wie {number} " in text or f"Zoekt Wie {number}" in found for number in range(1, 61))
    for number, page in enumerate(pages, start=1):
        assert f"bladzijde {number} van {len(pages)}" in page
        assert "aan boord" in page or "laatst gezien" in page
    assert all("Grote Kerk → Indië Almelo" in page for page in pages if "Halte P" in page)


def test_nothing_on_the_sheet_stands_beyond_the_edge() -> None:
    """Whatever places, runs and people are called."""
    wild = transfer(
        event=LONG,
        title=Text(LONG, LONG),
        locations=(place("x", LONG, here=figure(123456, 100000, 20000, 3000, 456)),),
        legs=(type(transfer().legs[0])(**{**_fields(transfer().legs[0]), "origin": LONG, "destination": LONG}),),
        persons=(somebody(1, "missing", name=LONG, organisation=LONG, last_place=LONG, run=LONG, phone="1" * 60),),
        known_ms=at("11:50"),
    )
    assert paper.outside(transfer_sheet(wild, look())) == []


def test_what_was_known_then_is_said_to_be_so() -> None:
    """A sheet of 11.47 as it was known at 11.50 is another than that of now."""
    assert "zoals bekend om 11.50" in text_of(transfer_sheet(transfer(known_ms=at("11:50")), look()))


# -- CSV -------------------------------------------------------------------------------------------


def rows_of(text: str, separator: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV, by head."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=separator))


def one(rows: list[dict[str, str]], **cells: str) -> dict[str, str]:
    """The only row that has these cells."""
    (found,) = [row for row in rows if all(row[name] == cell for name, cell in cells.items())]
    return found


def test_the_csv_has_one_number_a_row_with_its_grades() -> None:
    """Locations, legs, runs and the sum; a number whose grade is not known has empty ones, not noughts."""
    rows = rows_of(transfer_csv(transfer(), look()))
    here = one(rows, kind="location", id="grote-kerk", what="here")
    assert (here["number"], here["scanned"], here["manual"], here["counted"], here["implied"]) == (
        "91",
        "89",
        "2",
        "0",
        "0",
    )
    before = one(rows, kind="location", id="grote-kerk", what="before")
    assert (before["number"], before["scanned"]) == ("289", "")
    aboard = one(rows, kind="run", id="t1-b1", what="aboard")
    assert (aboard["number"], aboard["from"], aboard["to"], aboard["state"]) == (
        "42",
        "Grote Kerk",
        "Indië Almelo",
        "departed",
    )
    assert one(rows, kind="leg", id="t1-indie", what="own_travel")["number"] == "5"
    parts = [
        int(one(rows, kind="sum", what=what)["number"]) for what in ("places", "aboard", "underway", "away", "expected")
    ]
    assert sum(parts) == int(one(rows, kind="sum", what="registered")["number"]) == 312
    assert one(rows, kind="sum", what="difference")["number"] == "0"


def test_times_in_the_csv_are_local_with_their_offset() -> None:
    """No program has to guess a zone."""
    row = one(rows_of(transfer_csv(transfer(), look())), kind="person", id="p000")
    assert row["at"] == "2024-01-11T11:47:00.000+01:00"
    assert row["last_at"] == "2024-01-11T11:29:00.000+01:00"
    assert row["what"] == "missing"


def test_the_csv_of_a_dutch_excel_is_split_at_semicolons() -> None:
    """The same cells, whatever stands between them."""
    assert rows_of(transfer_csv(transfer(), look(), separator=";"), ";") == rows_of(transfer_csv(transfer(), look()))


@pytest.mark.parametrize("name", ["=1+1", "+31", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(name: str) -> None:
    """A name is a name, whatever it begins with."""
    rows = rows_of(transfer_csv(transfer(persons=(somebody(0, "missing", name=name),)), look()))
    assert one(rows, kind="person")["name"] == f"'{name}"


def test_a_table_without_names_has_no_persons() -> None:
    """Not even empty ones."""
    assert [row for row in rows_of(transfer_csv(transfer(persons=None), look())) if row["kind"] == "person"] == []


# -- XLSX ------------------------------------------------------------------------------------------


def book_of(sheet: TransferSheet) -> Any:
    """The workbook as another program reads it."""
    return openpyxl.load_workbook(io.BytesIO(transfer_xlsx(sheet, look())))


def column(page: Any, head: str) -> list[Any]:
    """The cells under a head."""
    (number,) = [cell.column for cell in page[4] if cell.value == head]
    return [row[number - 1].value for row in page.iter_rows(min_row=5)]


def test_the_workbook_has_numbers_that_can_be_counted_with() -> None:
    """Numbers are numbers, times are times, and beside a number stands how many of each grade."""
    book = book_of(transfer())
    assert book.sheetnames == ["Locaties", "Ritten", "Personen", "Som"]
    assert column(book["Locaties"], "hier nu") == [91, 91, 91]
    assert column(book["Locaties"], "hier nu S") == [89, 89, 89]
    assert column(book["Locaties"], "vooraf") == [289, 289, 289]
    runs = book["Ritten"]
    assert column(runs, "rit") == ["B1", "B2", "eigen vervoer", "H1"]
    assert column(runs, "naar") == ["Indië Almelo", "Indië Almelo", "Indië Almelo", "Hagedoorn"]
    assert column(runs, "lijst") == [47, 47, 5, 47]
    assert column(runs, "aan boord C") == [3, 3, None, 3]
    assert column(runs, "verschil") == [1, 1, None, 1]
    assert column(runs, "vertrek werkelijk")[0].isoformat() == "2024-01-11T11:41:00"
    assert column(runs, "aankomst werkelijk")[0] is None
    assert column(book["Personen"], "laatst gezien")[0].isoformat() == "2024-01-11T11:29:00"


def test_the_heads_stay_while_one_scrolls_and_columns_are_wide_enough() -> None:
    """The first row and column are frozen; no name is hidden behind the next column."""
    for page in book_of(transfer()):
        assert page.freeze_panes == "B5"
        assert page.auto_filter.ref.startswith("A4:")
    people = book_of(transfer())["Personen"]
    assert people.column_dimensions["B"].width >= len("Anne-Fleur van der Sluijs-Oude Nijhuis")


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://x","y")', "+31", "-1", "@SUM(A1)"])
def test_no_cell_of_the_workbook_is_a_formula(name: str) -> None:
    """It is a text with the quote mark that keeps it one when somebody edits the cell."""
    page = book_of(transfer(persons=(somebody(0, "missing", name=name, organisation=name, phone=name),)))["Personen"]
    for cell in page[5][1:4]:
        assert (cell.value, cell.data_type, cell.quotePrefix) == (name, "s", True)


def test_letters_that_xml_cannot_hold_do_not_break_the_file() -> None:
    """A control character from somebody's list is left out."""
    page = book_of(transfer(persons=(somebody(0, "missing", name="Jan\x00\x0b de Vries"),)))["Personen"]
    assert page["B5"].value == "Jan de Vries"


def test_the_proof_of_the_sum_is_there_and_says_when_it_fails() -> None:
    """Parts, their sum, the registered and the difference."""
    page = book_of(transfer())["Som"]
    assert column(page, "aantal")[:8] == [178, 97, 14, 3, 20, 312, 312, 0]
    assert "De som klopt" in column(page, "wat")
    broken = book_of(transfer(sum=BROKEN))["Som"]
    assert column(broken, "aantal")[:8] == [177, 97, 14, 3, 20, 311, 312, -1]
    assert "De som klopt niet: -1" in column(broken, "wat")


def test_a_workbook_without_names_has_no_sheet_of_persons() -> None:
    """Numbers only."""
    assert book_of(transfer(persons=None)).sheetnames == ["Locaties", "Ritten", "Som"]


def test_a_sum_of_runs_never_stands_alone_on_a_page() -> None:
    """However many runs there are, the sum has one of them above it."""
    for runs in range(8, 40):
        for page in paper.texts(transfer_sheet(many(runs, 0), look())):
            assert "Samen" not in page or "Halte P" in page.partition("Samen")[0]
