"""Every mistake in a programme is told with its line, its column, and what would be right."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.files import FileError
from shared.programme import ProgrammeErrors, load_programme

RIGHT = """\
event: demo
title: {nl: Dag, en: Day}
zone: Europe/Amsterdam
date: 2024-03-31
locations:
  - id: hall
    name: Hall
    capacity: 100
    rooms:
      - {id: a, name: A, capacity: 40}
  - {id: barn, name: Barn}
  - {id: shed, name: Shed}
groups:
  - {id: red, name: Red, kind: pillar}
  - {id: blue, name: Blue, kind: theme}
items:
  - {id: talk, title: Talk, start: "10:00", end: "11:00", place: hall}
  - {id: tour, title: Tour, start: "12:00", end: "13:00", place: barn, groups: [red]}
  - {id: walk, title: Walk, start: "12:00", end: "13:00", place: shed, groups: [blue]}
transfers:
  - id: t1
    title: To the barn
    start: "11:00"
    end: "12:00"
    legs:
      - {id: t1-barn, origin: hall, destination: barn, groups: [red]}
      - {id: t1-shed, origin: hall, destination: shed, groups: [blue]}
coaches:
  - {id: c1, name: C1, seats: 40}
runs:
  - {id: r1, name: R1, coach: c1, leg: t1-barn, open: "10:50", depart: "11:00", arrive: "11:10"}
  - {id: r2, name: R2, coach: c1, leg: t1-barn, open: "11:30", depart: "11:40", arrive: "11:50"}
checkpoints:
  - {id: hall-in, place: hall, direction: in}
  - {id: hall-out, place: hall, direction: out, away_from: "16:00"}
  - {id: coach-c1, coach: c1, direction: in}
scanners:
  - {id: s1, checkpoint: hall-in}
"""


def mistakes(text: str | bytes) -> list[str]:
    """What is said about a file."""
    with pytest.raises(ProgrammeErrors) as caught:
        load_programme(text.encode() if isinstance(text, str) else text)
    assert str(caught.value) == "\n".join(str(error) for error in caught.value.errors)
    return [str(error).removeprefix("programme.yaml:") for error in caught.value.errors]


def test_the_right_file_is_right() -> None:
    """The file that the other tests make mistakes in has none itself."""
    assert load_programme(RIGHT.encode()).event == "demo"


ONE_MISTAKE = [
    (
        "capacity: 100",
        "capacity: many",
        '8:15 locations[0].capacity: "many" is not a whole number: write for example 80',
    ),
    (
        "capacity: 40",
        "capacity: 0",
        '10:36 locations[0].rooms[0].capacity: "0" is too small: write 1 or more',
    ),
    (
        "capacity: 40",
        "capacity: 400",
        (
            "10:36 locations[0].rooms[0].capacity: 400 is more than the 100 of hall as a whole: "
            "write 100 or less, or correct the location"
        ),
    ),
    (
        "    capacity: 100",
        "    capacty: 100",
        "8:5 locations[0].capacty: is not known here: did you mean capacity?",
    ),
    (
        "groups:\n  -",
        "gruops: []\ngroups:\n  -",
        "13:1 gruops: is not known here: did you mean groups?",
    ),
    (
        "    name: Hall\n",
        "    name: Hall\n    name: Hal\n",
        "8:5 locations[0].name: is written twice: the first is on line 7: keep one of the two",
    ),
    (
        "{id: blue, name: Blue, kind: theme}",
        "{id: blue, kind: theme}",
        "15:5 groups[1].name: is missing: add name: …",
    ),
    (
        "kind: theme",
        "kind: them",
        '15:34 groups[1].kind: "them" is not allowed here: did you mean theme?',
    ),
    (
        "kind: theme",
        "kind: xyz",
        (
            '15:34 groups[1].kind: "xyz" is not allowed here: '
            "write one of pillar, theme, organisation, session, role, together"
        ),
    ),
    (
        "name: Blue",
        "name: {nl: Blauw}",
        "15:22 groups[1].name.en: is missing: add en: …",
    ),
    (
        'start: "10:00"',
        'start: "25:00"',
        '17:36 items[0].start: "25:00" is not a time of the day: write for example "09:30"',
    ),
    (
        'start: "10:00"',
        "start: 9.45",
        '17:36 items[0].start: "9.45" is not a time of the day: write for example "09:45"',
    ),
    (
        'end: "11:00", place: hall}',
        'end: "09:00", place: hall}',
        "17:50 items[0].end: 09:00 is not after the start, 10:00: write a time after 10:00",
    ),
    (
        'start: "10:00"',
        'start: "02:30"',
        (
            "17:36 items[0].start: 02:30 does not exist on 2024-03-31 in Europe/Amsterdam: the clocks go "
            "forward over it: write the time after that"
        ),
    ),
    (
        "place: hall}",
        "place: hal.a}",
        '17:66 items[0].place: there is no place "hal.a": did you mean hall.a?',
    ),
    (
        "groups: [red]}\n  - {id: walk",
        "groups: [red, rde]}\n  - {id: walk",
        '18:86 items[1].groups[1]: there is no group "rde": did you mean red?',
    ),
    (
        "origin: hall, destination: barn",
        "origin: hall.a, destination: barn",
        '26:31 transfers[0].legs[0].origin: there is no location "hall.a": did you mean hall?',
    ),
    (
        "origin: hall, destination: shed",
        "origin: shed, destination: shed",
        "27:50 transfers[0].legs[1].destination: is the origin too: write where the leg goes to",
    ),
    (
        "destination: shed, groups: [blue]",
        "destination: shed, groups: [blue, red]",
        (
            "27:71 transfers[0].legs[1].groups[1]: red goes with leg t1-barn already: "
            "leave the group on one leg of a transfer"
        ),
    ),
    (
        "id: t1-shed",
        "id: t1-barn",
        ('27:14 transfers[0].legs[1].id: "t1-barn" is used twice: the first is on line 26: give this one another id'),
    ),
    (
        'leg: t1-barn, open: "10:50"',
        'leg: t2-bran, open: "10:50"',
        '31:40 runs[0].leg: there is no leg "t2-bran": did you mean t1-barn?',
    ),
    (
        'coach: c1, leg: t1-barn, open: "10:50"',
        'coach: bus, leg: t1-barn, open: "10:50"',
        '31:31 runs[0].coach: there is no coach "bus": write one of c1',
    ),
    (
        "id: r1,",
        "id: hall,",
        '31:10 runs[0].id: "hall" is used twice: the first is on line 6: give this one another id',
    ),
    (
        'depart: "11:00"',
        'depart: "10:55"',
        ("31:72 runs[0].depart: 10:55 is before the transfer starts: transfer t1 is 11:00–12:00: depart within it"),
    ),
    (
        'arrive: "11:50"',
        'arrive: "12:01"',
        ("32:89 runs[1].arrive: 12:01 is after the transfer ends: transfer t1 is 11:00–12:00: arrive within it"),
    ),
    (
        'arrive: "11:50"',
        'arrive: "11:40"',
        "32:89 runs[1].arrive: 11:40 is not after the departure, 11:40: write a time after 11:40",
    ),
    (
        'open: "11:30"',
        'open: "11:05"',
        ("32:55 runs[1].open: coach c1 is on run r1 until 11:10: open at 11:10 or later, or take another coach"),
    ),
    (
        'arrive: "11:50"}',
        'arrive: "11:50", seats: 41}',
        ("32:105 runs[1].seats: 41 is more than the 40 seats of coach c1: write 40 or less, or correct the coach"),
    ),
    (
        "{id: hall-in, place: hall,",
        "{id: hall-in,",
        "34:5 checkpoints[0]: is at no place: give it either a place or a coach",
    ),
    (
        "place: hall, direction: in",
        "place: hall, coach: c1, direction: in",
        "34:5 checkpoints[0]: is at a place and in a coach: give it either a place or a coach",
    ),
    (
        "place: hall, direction: out",
        "place: hall.a, direction: out",
        (
            "35:62 checkpoints[1].away_from: is only for the way out of a location: take it out, or write direction: "
            "out and the location as its place"
        ),
    ),
    (
        "coach: c1, direction: in",
        "coach: c1, direction: in, show_name: perhaps",
        '36:57 checkpoints[2].show_name: "perhaps" is not yes or no: write true or false',
    ),
    (
        "checkpoint: hall-in",
        "checkpoint: hal-in",
        '38:26 scanners[0].checkpoint: there is no checkpoint "hal-in": did you mean hall-in?',
    ),
    (
        "zone: Europe/Amsterdam",
        "zone: Europe/Almelo",
        '3:7 zone: there is no zone "Europe/Almelo": did you mean Europe/Oslo?',
    ),
    (
        "zone: Europe/Amsterdam",
        "zone: /etc/passwd",
        '3:7 zone: there is no zone "/etc/passwd": write for example Europe/Amsterdam',
    ),
    (
        "date: 2024-03-31",
        "date: 31-03-2024",
        '4:7 date: "31-03-2024" is not a date: write for example 2024-01-11',
    ),
    (
        "id: s1,",
        "id: transport,",
        "38:10 scanners[0].id: transport is the name of a service: give the scanner another id",
    ),
    (
        "id: s1,",
        "id: a+b,",
        "38:10 scanners[0].id: 'a+b' cannot be the id of a scanner: "
        "use letters, digits, . _ - (64 at most), such as kerk-3",
    ),
    (
        "date: 2024-03-31",
        "date: 2024-02-30",
        '4:7 date: "2024-02-30" is not a date: write for example 2024-01-11',
    ),
    (
        "event: demo",
        "event:",
        ("1:7 event: an empty value is not an id of a-z, 0-9 and -, 64 at most: write for example stadhuis"),
    ),
    (
        "name: Hall\n",
        "name: [Hall]\n",
        "7:11 locations[0].name: a list is not a text: write a text",
    ),
    (
        "name: Hall\n",
        'name: ""\n',
        '7:11 locations[0].name: "" is not a text: write a text',
    ),
    (
        "scanners:\n  - {id: s1, checkpoint: hall-in}",
        "scanners: none",
        '37:11 scanners: "none" is not a list: start every entry with a dash',
    ),
    (
        "scanners:\n  - {id: s1, checkpoint: hall-in}",
        "scanners: [s1]",
        '37:12 scanners[0]: "s1" is not a mapping: write it as name: value',
    ),
    (
        '    end: "12:00"\n    legs:',
        '    end: "12:00"\n    grace: 2000\n    legs:',
        '25:12 transfers[0].grace: "2000" is too large: write 1440 or less',
    ),
]

ONE_MISTAKE_FOUND_AT_MORE_PLACES = [
    (
        "id: barn,",
        "id: Barn!,",
        [
            ('11:10 locations[1].id: "Barn!" is not an id of a-z, 0-9 and -, 64 at most: write for example barn'),
            '18:66 items[1].place: there is no place "barn": did you mean Barn!?',
            '26:50 transfers[0].legs[0].destination: there is no location "barn": did you mean Barn!?',
        ],
    ),
    (
        "id: barn, name: Barn",
        "id: away, name: Barn",
        [
            ('11:10 locations[1].id: "away" already says where people are who are at no place: choose another id'),
            '18:66 items[1].place: there is no place "barn": write one of away, hall, hall.a, shed',
            ('26:50 transfers[0].legs[0].destination: there is no location "barn": write one of away, hall, shed'),
        ],
    ),
    (
        "rooms:\n",
        "rooms:\n      - {id: a, name: Also A}\n",
        ['11:14 locations[0].rooms[1].id: "a" is used twice: the first is on line 10: give this one another id'],
    ),
    (
        "id: blue, name",
        "id: red, name",
        [
            '15:10 groups[1].id: "red" is used twice: the first is on line 14: give this one another id',
            '19:81 items[2].groups[0]: there is no group "blue": write one of red',
            '27:65 transfers[0].legs[1].groups[0]: there is no group "blue": write one of red',
        ],
    ),
    (
        "\n      - {id: t1-shed, origin: hall, destination: shed, groups: [blue]}",
        "\n      - {id: t1-shed, origin: hall, destination: shed, groups: [red]}",
        [
            (
                "26:7 transfers[0].legs: no leg takes blue from hall: walk is at shed at 12:00: "
                "add blue to the groups of a leg"
            ),
            (
                "27:65 transfers[0].legs[1].groups[0]: red goes with leg t1-barn already: "
                "leave the group on one leg of a transfer"
            ),
        ],
    ),
    (
        "groups: [red]}\n      - {id: t1-shed, origin: hall, destination: shed, groups: [blue]}",
        "groups: [blue]}\n      - {id: t1-shed, origin: hall, destination: shed, groups: [red]}",
        [
            (
                "26:7 transfers[0].legs: leg t1-barn takes blue to barn: walk is at shed at 12:00: "
                "move blue to the leg that goes there"
            ),
            (
                "26:7 transfers[0].legs: leg t1-shed takes red to shed: tour is at barn at 12:00: "
                "move red to the leg that goes there"
            ),
        ],
    ),
    (
        "destination: barn, groups: [red]}\n      - {id: t1-shed, origin: hall, destination: shed, groups: [blue]}",
        "destination: barn}\n      - {id: t1-shed, origin: hall, destination: shed}",
        [
            (
                "26:7 transfers[0].legs: leg t1-barn takes blue to barn: walk is at shed at 12:00: "
                "move blue to the leg that goes there"
            ),
            ("27:9 transfers[0].legs[1]: leg t1-barn takes everybody left already: give one of the two its groups"),
        ],
    ),
    (
        'depart: "11:00"',
        'depart: "10:50"',
        [
            ("31:72 runs[0].depart: 10:50 is before the transfer starts: transfer t1 is 11:00–12:00: depart within it"),
            "31:72 runs[0].depart: 10:50 is not after the opening, 10:50: write a time after 10:50",
        ],
    ),
]


@pytest.mark.parametrize(("right", "wrong", "said"), ONE_MISTAKE)
def test_one_mistake_is_told_with_its_place_and_remedy(right: str, wrong: str, said: str) -> None:
    """A file with one mistake gives exactly that one, where it is."""
    assert right in RIGHT
    assert mistakes(RIGHT.replace(right, wrong, 1)) == [said]


@pytest.mark.parametrize(("right", "wrong", "said"), ONE_MISTAKE_FOUND_AT_MORE_PLACES)
def test_one_mistake_that_breaks_more_is_told_at_each_place(right: str, wrong: str, said: list[str]) -> None:
    """A mistake that others hang on is told where it is and where they are."""
    assert right in RIGHT
    assert mistakes(RIGHT.replace(right, wrong, 1)) == said


def test_a_long_value_is_cut_in_its_message() -> None:
    """A message shows 60 characters of a value at most."""
    found = mistakes(RIGHT.replace("name: Hall\n", f"name: {'h' * 201}\n"))
    assert found == [f'7:11 locations[0].name: "{"h" * 57}…" is too long: write 200 characters or fewer']


def test_many_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    """Wrong values, wrong references and wrong times of different entries come together, by line."""
    wrong = (
        RIGHT.replace("Europe/Amsterdam", "Europe/Amsterdm")
        .replace("capacity: 100", "capacity: many")
        .replace("place: hall}", "place: hell}")
        .replace('arrive: "11:50"', 'arrive: "11:40"')
        .replace("checkpoint: hall-in", "checkpoint: s1")
    )
    assert [line.split(": ")[0] for line in mistakes(wrong)] == [
        "3:7 zone",
        "8:15 locations[0].capacity",
        "17:66 items[0].place",
        "32:89 runs[1].arrive",
        "38:26 scanners[0].checkpoint",
    ]


def test_a_wrong_date_hides_no_wrong_zone() -> None:
    """What stands above the lists is judged one by one."""
    wrong = RIGHT.replace("Europe/Amsterdam", "Europe/Amsterdm").replace("2024-03-31", "2024-02-31")
    assert mistakes(wrong) == [
        '3:7 zone: there is no zone "Europe/Amsterdm": did you mean Europe/Amsterdam?',
        '4:7 date: "2024-02-31" is not a date: write for example 2024-01-11',
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "1:1 is empty: start with event: my-day"),
        (b"# nothing\n", "1:1 is empty: start with event: my-day"),
        (b"- a\n- b\n", "1:1 is not a programme: start with event: my-day"),
        (b"event: [a\n", "2:1 is not YAML (did not find expected"),
        (b"event: a: b\n", "1:9 is not YAML (mapping values are not allowed in this context)"),
        (b"event: a\ntitle: caf\xe9\n", "2:11 is not UTF-8: save the file as UTF-8"),
        (b"event: a\ntitle: a\x07b\n", "2:9 has a character that YAML does not allow: take it out"),
        (b"event: a\n---\nevent: b\n", "2:1 a second document starts here: keep one programme in a file"),
        (b"event: &a x\ntitle: *a\n", "2:8 *a refers to another value: write the value itself here"),
        (b"? [a, b]\n: c\n", "1:3 a list or mapping cannot be a name: write name: value"),
        (b"- " * 100_000, "1:41 is nested too deep: look for brackets or spaces too many"),
        (b"event: " + b"x" * (2 * 1024 * 1024), "1:1 is larger than 2048 KiB: is this the programme?"),
        (
            b"event: a\ntitle: a\nzone: UTC\ndate: 2024-01-11\n",
            "1:1 locations: is missing: write at least one location",
        ),
    ],
)
def test_what_is_not_a_programme_at_all_is_told_where(raw: bytes, said: str) -> None:
    """A file that cannot be understood says where understanding stopped."""
    assert any(line.startswith(said) for line in mistakes(raw)), mistakes(raw)


def test_the_name_of_the_file_is_that_of_its_path(tmp_path: Path) -> None:
    """Mistakes name the file they are in, as its path or the caller calls it."""
    path = tmp_path / "day.yaml"
    path.write_text("event: Demo\n")
    with pytest.raises(ProgrammeErrors) as caught:
        load_programme(path)
    assert {error.file for error in caught.value.errors} == {"day.yaml"}
    with pytest.raises(ProgrammeErrors) as caught:
        load_programme(b"", name="upload")
    assert str(caught.value).startswith("upload:1:1 ")


@given(
    line=st.integers(0, RIGHT.count("\n") - 1),
    new=st.sampled_from(
        ["", "- x", "  y: [", "{", "a: &b", "*b", "null", "\t", "5", "  - {id: 3}", "rooms: 1", "'", "[[]]"]
    ),
)
def test_no_damage_makes_another_error_than_ours(line: int, new: str) -> None:
    """A file with any line replaced loads, or gives mistakes that each have a place and a remedy."""
    lines = RIGHT.split("\n")
    lines[line] = new
    errors: tuple[FileError, ...] | None = None
    try:
        load_programme("\n".join(lines).encode())
    except ProgrammeErrors as error:
        errors = error.errors
    assert errors is None or errors
    assert all(one.line >= 1 and one.column >= 1 and one.message and one.remedy for one in errors or ())


@given(st.binary(max_size=200))
def test_no_bytes_make_another_error_than_ours(raw: bytes) -> None:
    """Whatever the bytes are, the answer is a list of mistakes."""
    with pytest.raises(ProgrammeErrors):
        load_programme(raw)
