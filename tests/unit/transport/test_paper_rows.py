"""Row numbers: a person keeps theirs on every print, and what is read off paper means the same people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paper import a_print
from transport.domain.row_numbers import Rows
from transport.paper.model import Former, Print, Printed, for_the_road
from transport.paper.rows import Changed, Mistake, changes, parse_rows, persons_of, rows

PEOPLE = st.lists(st.sampled_from([f"p{number}" for number in range(12)]), max_size=12)


def test_the_first_print_numbers_people_in_the_order_of_the_list() -> None:
    """1, 2, 3 and so on, each person once."""
    assert rows([], ["jan", "an", "bo", "an"]) == ((1, "jan"), (2, "an"), (3, "bo"))


def test_a_person_keeps_the_number_and_who_is_new_gets_the_next() -> None:
    """Who is gone leaves a gap; the new one is 4, not 2."""
    first = a_print(1, "11:20", (1, "jan"), (2, "an"), (3, "bo"))
    assert rows([first], ["bo", "cas", "jan"]) == ((1, "jan"), (3, "bo"), (4, "cas"))


def test_the_number_of_who_is_gone_is_never_given_away_also_not_the_last_one() -> None:
    """Somebody who comes back has their old number, even when later prints were without them."""
    first = a_print(1, "11:20", (1, "jan"), (2, "an"))
    second = a_print(2, "11:25", (1, "jan"))
    assert rows([first, second], ["jan", "bo"]) == ((1, "jan"), (3, "bo"))
    assert rows([first, second], ["jan", "an"]) == ((1, "jan"), (2, "an"))


@given(st.lists(PEOPLE, max_size=6))
def test_over_any_prints_a_number_means_one_person_and_a_person_has_one_number(lists: list[list[str]]) -> None:
    """Whoever is added, gone and back again, in any order."""
    prints: list[Print] = []
    for nth, people in enumerate(lists, start=1):
        prints.append(Print(nth, nth, rows(prints, people)))
    all_rows: set[tuple[int, str]] = {row for one in prints for row in one.rows}
    assert len({number for number, _ in all_rows}) == len(all_rows)
    assert len({person for _, person in all_rows}) == len(all_rows)
    assert [len(one.rows) for one in prints] == [len(set(people)) for people in lists]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1-3, 14", (1, 2, 3, 14)),
        ("17-20;2 1", (1, 2, 17, 18, 19, 20)),
        ("5 – 7", (5, 6, 7)),
        ("5 t/m 7", (5, 6, 7)),
        ("3, 3, 2-4", (2, 3, 4)),
        ("12\n13\n", (12, 13)),
        ("007", (7,)),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, numbers: tuple[int, ...]) -> None:
    """Ranges and single ones, with commas, spaces or lines; each once and in order."""
    assert parse_rows(text) == numbers


@pytest.mark.parametrize(
    ("text", "word", "remedy"),
    [
        ("", "No numbers", "1-12, 14"),
        (" , ", "No numbers", "1-12, 14"),
        ("1-12, x", "“x”", "write for example"),
        ("1--3", "“1--3”", "write for example"),
        ("-3", "“-3”", "write for example"),
        ("1-2-3", "“1-2-3”", "write for example"),
        ("9-2", "9-2 runs backwards", "write 2-9"),
        ("0", "0", "from 1 to 9999"),
        ("1-99999", "1-99999", "from 1 to 9999"),
        ("١٢", "“١٢”", "write for example"),
        ("1.5", "“1.5”", "write for example"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_write(text: str, word: str, remedy: str) -> None:
    """Nothing is guessed: a slip of the pen would put the wrong person in a coach."""
    mistake = parse_rows(text)
    assert isinstance(mistake, Mistake)
    assert word in mistake.why.en
    assert remedy in mistake.why.en
    assert mistake.why.nl != mistake.why.en


def test_numbers_of_a_print_are_persons_all_of_them_or_none() -> None:
    """One number that is not on the print and nobody is entered; the remedy names the print."""
    one = a_print(3, "11:20", (1, "jan"), (4, "bo"))
    assert persons_of(one, (1, 4)) == ((1, "jan"), (4, "bo"))
    mistake = persons_of(one, (1, 2, 5))
    assert isinstance(mistake, Mistake)
    assert mistake.why.en.startswith("2, 5: not on print 3 (its last number is 4)")
    assert "nothing was entered" in mistake.why.en


def test_changes_tell_the_new_from_the_gone_and_the_moved() -> None:
    """New ones with where they came from, gone ones with why, moved ones with where to."""
    since = a_print(3, "11:20", (1, "jan"), (2, "an"), (3, "bo"))
    now: Rows = ((1, "jan"), (4, "cas"), (5, "dee"))
    printed = Printed(rows=now, since=since, former={"an": Former(name="An"), "bo": Former(name="Bo", to="B3")})
    found = changes(printed, [("jan", "Jan", ""), ("cas", "Cas", ""), ("dee", "Dee", "B1")])
    assert found is not None
    assert found.added == (
        Changed(row=4, person="cas", name="Cas"),
        Changed(row=5, person="dee", name="Dee", run="B1"),
    )
    assert found.gone == (Changed(row=2, person="an", name="An"),)
    assert found.moved == (Changed(row=3, person="bo", name="Bo", run="B3"),)
    assert changes(Printed(rows=now), []) is None


@pytest.mark.parametrize(
    ("needs", "printed"),
    [
        ("slechthorend, vegetarisch", "slechthorend"),
        ("halal", ""),
        ("Gluten-free; wheelchair", "wheelchair"),
        ("notenallergie", "notenallergie"),
        ("", ""),
    ],
)
def test_what_somebody_eats_is_not_printed_for_a_coach(needs: str, printed: str) -> None:
    """A driver needs to know of a guide dog, not of somebody's religion."""
    assert for_the_road(needs) == printed
