"""A store that survives a kill, and faults that lose nothing they did not say they would."""

import errno
import random
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.faults import Mangler, parse_faults, plan_faults
from firmware_sim.fleet import Cursor, Journal
from firmware_sim.store import FileStore
from shared.mqtt import Message, Outgoing
from tests.support.almelo import almelo


def record(number: int) -> dict[str, object]:
    """A scan as a scanner keeps it."""
    return {"kind": "door", "scan": {"id": f"scan-{number:04d}", "seq": number, "badge": "A"}}


def test_a_store_that_is_opened_again_has_the_same(tmp_path: Path) -> None:
    """Scans in order, without those whose verdict came; the number goes on although its scan is gone."""
    store = FileStore(tmp_path / "a.jsonl")
    for number in (1, 2, 3):
        store.do("append", record(number))
    store.do("save", {"seq": 3, "config": {"version": 7}})
    store.do("drop", {"id": "scan-0003"})
    store.do("drop", {"id": "scan-0001"})
    for _ in range(2):
        again = FileStore(tmp_path / "a.jsonl")
        assert again.saved() == {"seq": 3, "config": {"version": 7}, "records": [record(2)]}


def test_a_line_cut_in_half_by_a_kill_is_left_out(tmp_path: Path) -> None:
    """What follows from it did not happen yet; later lines are not spoilt by it."""
    path = tmp_path / "a.jsonl"
    FileStore(path).do("append", record(1))
    with path.open("a") as file:
        file.write('["append", {"kind": "do')
    store = FileStore(path)
    store.do("append", record(2))
    assert FileStore(path).records() == [record(1), record(2)]


def test_a_store_does_not_grow_with_the_day(tmp_path: Path) -> None:
    """History is thrown away; what is kept stays."""
    store = FileStore(tmp_path / "a.jsonl")
    store.do("append", record(0))
    for number in range(1, 2000):
        store.do("append", record(number))
        store.do("drop", {"id": f"scan-{number:04d}"})
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) < 800
    assert FileStore(tmp_path / "a.jsonl").saved() == {"seq": 1999, "config": {}, "records": [record(0)]}


def test_a_journal_holds_a_reading_once_and_survives_a_kill(tmp_path: Path) -> None:
    """A line cut in half is left out, and the next one is whole."""
    path = tmp_path / "journal.jsonl"
    scan = {"id": "scan-0001", "badge": "A", "checkpoint": "x-in", "at": "1970-01-01T00:00:01.000Z"}
    Journal(path).add("x-1", "door", scan)
    with path.open("a") as file:
        file.write('{"scanner": "x-')
    journal = Journal(path)
    journal.add("x-1", "door", scan)
    journal.add("x-1", "door", {**scan, "id": "scan-0002"})
    assert [(reading.id, reading.at_ms) for reading in Journal(path).readings()] == [
        *(("scan-0001", 1000), ("scan-0002", 1000))
    ]


class Full:
    """A disk whose room is in the hand of the test; a write without room leaves half of it behind."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on = False
        real = Path.open

        def opened(path: Path, mode: str = "r", *arguments: object, **more: object) -> object:
            if self.on and mode in ("a", "w"):
                with real(path, mode) as file:
                    file.write('["append", {"half')
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(path, mode, *arguments, **more)  # type: ignore[call-overload] # passed on

        monkeypatch.setattr(Path, "open", opened)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Full:
    """A disk with room, until the test says otherwise."""
    return Full(monkeypatch)


def test_a_scanner_goes_on_in_memory_while_the_disk_is_full(tmp_path: Path, full: Full) -> None:
    """It is said once; nothing is lost when there is room again, and a file is whole."""
    path = tmp_path / "kerk-1.jsonl"
    store = FileStore(path)
    store.do("append", record(1))
    with structlog.testing.capture_logs() as said:
        full.on = True
        store.do("append", record(2))
        store.do("append", record(3))
        assert store.records() == [record(1), record(2), record(3)]
        full.on = False
        store.do("drop", {"id": "scan-0002"})
    assert [(line["event"], line["scanner"]) for line in said] == [
        ("store cannot be written, kept in memory", "kerk-1"),
        ("store is written again", "kerk-1"),
    ]
    assert FileStore(path).saved() == {"seq": 3, "config": {}, "records": [record(1), record(3)]}


def test_a_scanner_starts_on_a_full_disk(tmp_path: Path, full: Full) -> None:
    """What it has is read, and the file that is there stays as it is."""
    path = tmp_path / "kerk-1.jsonl"
    FileStore(path).do("append", record(1))
    full.on = True
    assert FileStore(path).records() == [record(1)]
    full.on = False
    assert FileStore(path).records() == [record(1)]


def test_journal_and_cursor_catch_up_when_there_is_room(tmp_path: Path, full: Full) -> None:
    """No reading is lost or there twice, and the day is played on from where it was."""
    journal, cursor = Journal(tmp_path / "journal.jsonl"), Cursor(tmp_path / "cursor.json")
    scan = {"badge": "A", "checkpoint": "x-in", "at": "1970-01-01T00:00:01.000Z"}
    for number in range(1, 6):
        full.on = number in (2, 3)
        journal.add("x-1", "door", {**scan, "id": f"scan-{number:04d}"})
        cursor.move(number)
        assert (len(journal), cursor.played_ms) == (number, number)
    again = Journal(tmp_path / "journal.jsonl")
    assert [reading.id for reading in again.readings()] == [f"scan-{number:04d}" for number in range(1, 6)]
    assert Cursor(tmp_path / "cursor.json").played_ms == 5


def test_a_cursor_is_where_it_was(tmp_path: Path) -> None:
    """Kept in its file."""
    assert Cursor(tmp_path / "cursor.json").played_ms == 0
    Cursor(tmp_path / "cursor.json").move(12)
    assert Cursor(tmp_path / "cursor.json").played_ms == 12


def test_the_faults_hit_an_entrance_two_coaches_and_a_clock() -> None:
    """Each ends, and the offline coach is offline from before it leaves until after it arrived."""
    programme = almelo()
    plan = plan_faults(programme, parse_faults("all"))
    assert [
        (switch.scanner, switch.to, programme.local(switch.at_ms).strftime("%H:%M")) for switch in plan.switches
    ] == [
        ("kerk-1", "offline", "09:40"),
        ("kerk-2", "off", "09:50"),
        ("kerk-2", "on", "09:53"),
        ("kerk-1", "online", "10:00"),
        ("b1", "offline", "11:28"),
        ("b2", "off", "11:36"),
        ("b2", "on", "11:37"),
        ("b1", "online", "11:48"),
    ]
    assert plan.lag_ms == {"indie-1": 90_000}
    assert len(plan.mangled) == len(programme.scanners)


def test_faults_are_named_and_a_wrong_name_is_said() -> None:
    """All, none, or a list."""
    assert parse_faults("none") == frozenset()
    assert parse_faults("clock, power") == {"clock", "power"}
    with pytest.raises(ValueError, match="fire: write all, none, or some of offline,mangled,clock,power"):
        parse_faults("fire")


@given(st.integers(0, 2**32), st.lists(st.integers(0, 5), max_size=30))
def test_a_mangler_doubles_and_reorders_but_loses_nothing(seed: int, batches: list[int]) -> None:
    """Whatever went in comes out in the end, on both ways; retained messages as they are, in order."""
    mangler = Mangler(random.Random(seed))  # noqa: S311 (a test)
    sent, out = [], []
    for number, size in enumerate(batches):
        batch = [Outgoing(f"{number}/{index}", b"", retain=index == 0) for index in range(size)]
        sent += batch
        out += mangler.outward(batch)
    for _ in range(200):
        out += mangler.outward([])
    assert set(out) == set(sent)
    assert [message for message in out if message.retain] == [message for message in sent if message.retain]
    came = [Message(f"{index}", b"") for index in range(len(batches))]
    assert set(mangler.inward(came)) == set(came)
