"""A list of people as CSV or as a spreadsheet: what is read, and every mistake in it."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.people import HEADS, PeopleErrors, PersonRow, read_people

ALMELO = Path(__file__).parents[3] / "examples" / "almelo" / "people.csv"
GROUPS = frozenset({"red", "blue"})
NOBODY = PersonRow(
    id=None,
    name="Ada",
    organisation=None,
    email=None,
    phone=None,
    groups=frozenset(),
    needs=None,
    badge=None,
    line=2,
)


def sheet(rows: list[list[object]]) -> bytes:
    """A spreadsheet with these cells."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(row)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def mistakes(raw: bytes, groups: frozenset[str] | None = GROUPS) -> list[str]:
    """What is said about a list."""
    with pytest.raises(PeopleErrors) as caught:
        read_people(raw, "people.csv", groups=groups)
    return [str(error).removeprefix("people.csv:") for error in caught.value.errors]


@pytest.mark.parametrize(
    "raw",
    [
        b"name\nAda\n",
        b"\xef\xbb\xbfname\r\nAda\r\n",
        b"Name;Email\nAda;\n",
        b'"NAAM"\n" Ada "\n',
        b"name,,\nAda,,\n",
        b"name,email,badge\nAda\n",
        b"id,name\n,Ada\n,\n\n",
        sheet([["Naam", None], ["Ada"]]),
    ],
)
def test_all_but_a_name_may_be_absent_or_empty(raw: bytes) -> None:
    """One name is a list of people, in any of the usual shapes of CSV."""
    assert read_people(raw) == (NOBODY,)


def test_every_column_in_any_order_and_in_dutch() -> None:
    """Dutch heads mean the same, and the columns may stand in any order."""
    text = (
        "badge;bijzonderheden;groepen;telefoon;e-mail;organisatie;naam;id\n"
        "T-1;rolstoel;red|blue, red;+31 6;a@b.example;Gemeente X;Ada  van 't  Hof;p1\n"
    )
    (person,) = read_people(text.encode(), groups=GROUPS)
    assert person == PersonRow(
        id="p1",
        name="Ada van 't Hof",
        organisation="Gemeente X",
        email="a@b.example",
        phone="+31 6",
        groups=GROUPS,
        needs="rolstoel",
        badge="T-1",
        line=2,
    )


@pytest.mark.parametrize("cell", ["red|blue", '"red,blue"', '"red;blue"', " red | blue |", '"blue, red"'])
def test_groups_may_be_separated_three_ways(cell: str) -> None:
    """Groups in a cell are separated by a bar, a semicolon or a comma."""
    assert read_people(f"name,groups\nAda,{cell}\n".encode(), groups=GROUPS)[0].groups == GROUPS


def test_a_list_says_the_line_of_each_person() -> None:
    """Empty lines and cells over several lines do not put the lines out of step."""
    people = read_people(b'name,needs\nAda,"one\ntwo"\n\n,\nBob,\n')
    assert [(person.name, person.line) for person in people] == [("Ada", 2), ("Bob", 6)]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"name,email\n,a@b\n", "2:1 name: is missing: write the person's name"),
        (
            b"id,name\np1,Ada\np1,Bob\n",
            '3:1 id: "p1" is used twice: the first is on line 2: give each person their own',
        ),
        (
            b"name,badge\nAda,X\nBob,X\n",
            '3:2 badge: "X" is used twice: the first is on line 2: give each person their own',
        ),
        (
            b"id,name\np/1,Ada\n",
            '2:1 id: "p/1" cannot be an id: '
            "start with a letter or digit; then letters, digits, dots, - and _; 100 at most",
        ),
        (
            b"name,email\nAda,ada.example\n",
            '2:2 email: "ada.example" is not an e-mail address: write for example name@example.org',
        ),
        (b"name,groups\nAda,red|rde\n", '2:2 groups: there is no group "rde": did you mean red?'),
        (b"name,groups\nAda,red|xyz\n", '2:2 groups: there is no group "xyz": write one of blue, red'),
        (b"name,emial\nAda,\n", "1:2 emial: is not the head of a column known here: did you mean email?"),
        (
            b"name,xyz\nAda,\n",
            "1:2 xyz: is not the head of a column known here: take it out; there are "
            "id, name, organisation, email, phone, groups, needs, badge",
        ),
        (b"name,naam\nAda,Ada\n", "1:2 naam: is there twice: the first is cell 1"),
        (b"id,email\np1,a@b\n", "1:1 name: is missing: add a column with the head name (or naam)"),
        (
            b"name,needs\nAda,a,b\n",
            "2:3 there are more cells than the 2 heads: "
            "put a cell with a comma in it between quotes, or give the column a head",
        ),
        (
            b"name,\nAda,x\n",
            "2:2 there are more cells than the 1 heads: put a cell with a comma in it between quotes, "
            "or give the column a head",
        ),
        (b"name,badge\nAda," + b"x" * 257, "2:2 badge: is 257 characters long: write 256 or fewer"),
        (b"name\n" + b"x" * 501, "2:1 name: is 501 characters long: write 500 or fewer"),
        (b"name\nA\x07da\n", "2:1 name: has a control character: type the text again"),
        (b"name,needs\nAda,#REF!\n", "2:2 needs: is a formula with the error #REF!: write the value itself"),
        (b"name;needs\nAda;caf\xe9\n", "2:2 is not UTF-8: save it as CSV UTF-8"),
        (
            b'name,needs\nAda,\nBob,"x\n',
            "3:1 is not CSV from here (unexpected end of data): "
            'put a cell with quotes in it between quotes and double them: "a ""b"" c"',
        ),
        (b"", "1:1 is empty: write a first line with id, name, organisation, email, phone, groups, needs, badge"),
        (b"name\n", "2:1 has nobody in it: write one person on each line below the heads"),
        (b"PK\x03\x04 and then nothing", "1:1 is not a spreadsheet (BadZipFile): save it as .xlsx again"),
        (
            b"\xd0\xcf\x11\xe0 old",
            "1:1 is an old or a locked spreadsheet: save it as .xlsx without a password, or as CSV UTF-8",
        ),
    ],
)
def test_one_mistake_is_told_with_its_place_and_remedy(raw: bytes, said: str) -> None:
    """A list with one mistake gives exactly that one, where it is."""
    assert mistakes(raw) == [said]


@pytest.mark.parametrize(
    "raw",
    [
        b"event: g40\ntitle: {nl: a, en: b}\nlocations:\n  - {id: a, name: b}\n" * 20,
        b"A letter, with commas.\nAnd lines, and more, of it.\n" * 20,
        b"name: the day\ndate: 2024-01-11\n" * 20,
        b"<html>\n<body>\n" * 20,
        sheet([["a", "b"], ["c", "d"], ["e", "f"]]),
    ],
)
def test_a_file_of_another_kind_is_one_line(raw: bytes) -> None:
    """A programme, a letter or another spreadsheet is refused as a whole, whatever it is called."""
    (said,) = mistakes(raw)
    assert said == (
        "1:1 is not a list of people, CSV or spreadsheet: is this the right file? "
        "Its first line needs heads, some of id, name, organisation, email, phone, groups, needs, badge"
    )


@pytest.mark.parametrize("raw", [b"nam\nAda\nBob\n", b"Nmae;Orgnisation\nAda;X\nBob;Y\n"])
def test_heads_that_are_nearly_right_are_one_line_too(raw: bytes) -> None:
    """No head is right: the likely one is named, and the lines below are not judged."""
    (said,) = mistakes(raw)
    assert said.startswith("1:1 is not a list of people, CSV or spreadsheet: did you mean na")


def test_many_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """Nothing is loaded, and every mistake is told: of the heads and of each person."""
    raw = b"id,name,emial,email,groups\np1,Ada,,a,red\np1,,,b@c,rde|bleu\n!,Bob,,x,,y\n"
    assert [line.split(": ")[0] for line in mistakes(raw)] == [
        "1:3 emial",
        "2:4 email",
        "3:1 id",
        "3:2 name",
        "3:5 groups",
        "3:5 groups",
        "4:1 id",
        "4:4 email",
        "4:6 there are more cells than the 5 heads",
    ]


def test_any_group_is_taken_where_no_programme_is_given() -> None:
    """Without a programme the groups are not judged."""
    assert read_people(b"name,groups\nAda,anything\n")[0].groups == {"anything"}


def test_a_spreadsheet_says_the_same_as_the_csv() -> None:
    """The example list reads the same from a spreadsheet of the same cells."""
    people = read_people(ALMELO)
    rows: list[list[object]] = [list(HEADS)]
    for p in people:
        groups = "|".join(sorted(p.groups))
        rows.append([p.id, p.name, p.organisation, p.email, p.phone, groups, p.needs, p.badge])
    assert read_people(sheet(rows)) == people


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8)


@given(st.lists(st.lists(CELL, min_size=8, max_size=8), max_size=6))
def test_a_spreadsheet_has_the_same_mistakes_as_the_csv(cells: list[list[str]]) -> None:
    """Whatever the cells are, both kinds of file give the same people or the same mistakes."""
    rows = [row for row in cells if any(row)]
    text = "\n".join(
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in [list(HEADS), *rows]
    )
    found: list[object] = []
    # a cell that starts with = would be a formula there
    plain: list[list[object]] = [[cell.lstrip("=") or None for cell in row] for row in rows]
    page = sheet([list(HEADS), *plain])
    for raw in (text.replace('"=', '"').encode(), page):
        try:
            found.append(read_people(raw, "people", groups=GROUPS))
        except PeopleErrors as error:
            found.append(error.errors)
    if not any(cell.startswith("=") for row in rows for cell in row):
        assert found[0] == found[1]


def test_numbers_in_a_spreadsheet_are_what_one_sees() -> None:
    """A number in a cell is the text of it, without a .0."""
    (person,) = read_people(sheet([["id", "name", "phone"], [1001.0, "Ada", 31600000000]]))
    assert (person.id, person.phone) == ("1001", "31600000000")


def test_a_spreadsheet_that_unpacks_too_large_is_refused_unread() -> None:
    """A small file that says it unpacks to more than a list of people ever is, is not unpacked."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.xml", "w") as entry:
        for _ in range(513):
            entry.write(bytes(1024 * 1024))
    assert mistakes(raw.getvalue()) == ["1:1 unpacks to more than 512 MiB: save only the sheet with the people"]


def test_the_same_groups_are_one_set() -> None:
    """People with the same groups share a set, so that what is kept by group set is found at once."""
    first, second = read_people(b"name,groups\nAda,red\nBob,red\n")
    assert first.groups is second.groups


@given(st.binary(max_size=200))
def test_no_bytes_make_another_error_than_ours(raw: bytes) -> None:
    """Whatever the bytes are, the answer is people or a list of mistakes."""
    try:
        people = read_people(b"name\n" + raw)
    except PeopleErrors as error:
        people = ()
        mistaken = error.errors
    else:
        mistaken = ()
    assert bool(people) != bool(mistaken)


def test_a_path_names_its_file(tmp_path: Path) -> None:
    """A list is read from a path too, and its mistakes name that file."""
    path = tmp_path / "guests.csv"
    path.write_text("name\nAda\n", encoding="utf-8")
    assert read_people(path) == (replace(NOBODY),)
    path.write_text("nam\n", encoding="utf-8")
    with pytest.raises(PeopleErrors, match=r"^guests\.csv:1:1 "):
        read_people(str(path))
