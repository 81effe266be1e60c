"""Who a row of a list of people is."""

import pytest

from checkin.domain.person import Person, in_pairs, plain, updated
from shared.people import PersonRow


def row(name: str, **more: object) -> PersonRow:
    """A line of a list."""
    given: dict[str, object] = {
        "id": None,
        "organisation": None,
        "email": None,
        "phone": None,
        "needs": None,
        "badge": None,
        "line": 2,
        "groups": frozenset(),
        **more,
    }
    return PersonRow(name=name, **given)  # type: ignore[arg-type]


ANNA = Person(id="a", name="Anna", organisation="Almelo", email="anna@example.org", rev=1)
ANNA_TOO = Person(id="b", name="Anna", organisation="Almelo", email="too@example.org", rev=1)
BERT = Person(id="c", name="Bert", organisation="Borne", rev=1)
PERSONS = {person.id: person for person in (ANNA, ANNA_TOO, BERT)}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (row("Anders", id="a"), ANNA),
        (row("Anna", id="new", organisation="Almelo"), None),
        (row("Anders", badge="staff-3"), BERT),
        (row("ANNA", organisation="almelo", email="Too@example.org"), ANNA_TOO),
        (row("Anna", organisation="Almelo"), ANNA),
        (row("Anna", organisation="Borne"), None),
        (row("Bert", organisation="Borne", email="new@example.org"), BERT),
    ],
)
def test_a_row_is_somebody_known_or_somebody_new(given: PersonRow, expected: Person | None) -> None:
    """By id, else badge, else e-mail with name, else name with organisation."""
    assert in_pairs([given], PERSONS, {"staff-3": "c"}) == [expected]


def test_namesakes_are_matched_once_each() -> None:
    """Three of one name where two are known: the third is new; an id takes its person from the others."""
    anna = row("Anna", organisation="Almelo")
    assert in_pairs([anna, anna, anna], PERSONS, {}) == [ANNA, ANNA_TOO, None]
    assert in_pairs([anna, row("Anna", id="a", organisation="Almelo")], PERSONS, {}) == [ANNA_TOO, ANNA]


def test_only_a_change_makes_a_revision() -> None:
    """The same row leaves the person as it was."""
    same = updated(row("Bert", organisation="Borne"), BERT, "c")
    other = updated(row("Bert", organisation="Borne", needs="rolstoel"), BERT, "c")
    assert same == BERT
    assert (other.rev, other.needs, other.id) == (2, "rolstoel", "c")
    assert updated(row("Dirk"), None, "d") == Person(id="d", name="Dirk", rev=1)


def test_finding_forgives_diacritics_and_marks() -> None:
    """Small letters without diacritics, one space between words."""
    assert plain("  Gülsüm  Çelik-O’Neill ") == "gulsum celik o neill"
