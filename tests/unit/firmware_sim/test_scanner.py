"""What one scanner does with each thing that happens to it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from firmware_sim.scanner import Limits, Scanner, rfc3339

WALL = 1_704_962_467_120
CONFIG: dict[str, object] = {
    "checkpoint": "grote-kerk-in",
    "kind": "door",
    "direction": "in",
    "offline": "admit",
    "version": 3,
}


def scanner(*, limits: Limits | None = None, **saved: object) -> Scanner:
    """A configured scanner, started at 0."""
    return Scanner({"seq": 0, "config": CONFIG, "records": [], **saved}, "saltsalt", 0, limits)


def published(out: list[tuple[str, str, dict[str, object]]], what: str = "scan/door") -> list[dict[str, object]]:
    """The payloads of one kind in an answer."""
    return [body for verb, kind, body in out if (verb, kind) == ("publish", what)]


def faces(out: list[tuple[str, str, dict[str, object]]]) -> list[str]:
    """What the display showed."""
    return [what for verb, what, _ in out if verb == "show"]


def test_a_reading_is_stored_before_it_is_sent() -> None:
    """The store comes first, so that a power cut right after sending loses nothing."""
    device = scanner()
    device.connection(True, 0)
    out = device.read("IL1:A", 100, WALL, True, 100)
    assert [(verb, what) for verb, what, _ in out[:3]] == [
        ("store", "append"),
        ("show", "wait"),
        ("publish", "scan/door"),
    ]
    assert published(out) == [
        {
            "id": "saltsalt-1",
            "badge": "IL1:A",
            "checkpoint": "grote-kerk-in",
            "at": "2024-01-11T08:41:07.120Z",
            "synced": True,
            "seq": 1,
            "age_ms": 0,
        }
    ]


def test_offline_it_answers_by_its_own_configuration() -> None:
    """With `offline: admit` the person goes on and the display says the scan is kept; else a host is needed."""
    assert faces(scanner().read("A", 0, WALL, True, 0)) == ["stored"]
    strict = scanner(config={**CONFIG, "offline": "refuse"})
    assert faces(strict.read("A", 0, WALL, True, 0)) == ["offline"]


def test_it_is_sent_again_with_doubling_waits_until_its_verdict() -> None:
    """After 2, 4, 8, 16, 30 and 30 seconds; the verdict ends it and is shown."""
    device = scanner()
    device.connection(True, 0)
    device.read("A", 0, WALL, True, 0)
    sent = [ms for ms in range(100, 100_000, 100) if published(device.tick(ms, None, True))]
    assert sent == [2000, 6000, 14000, 30000, 60000, 90000]
    out = device.message("verdict", {"scan": "saltsalt-1", "outcome": "admit"}, 100_000)
    assert out[0] == ("store", "drop", {"id": "saltsalt-1"})
    assert not published(device.tick(200_000, None, True))


def test_the_age_is_measured_by_the_monotonic_clock() -> None:
    """A scan that is sent again says how long ago it was read, whatever the wall clock did meanwhile."""
    device = scanner()
    device.read("A", 1000, WALL, True, 1000)
    device.tick(2000, WALL - 3_600_000, True)
    assert published(device.connection(True, 61_000))[0]["age_ms"] == 60_000


def test_after_a_restart_the_age_is_left_out_and_nothing_is_lost() -> None:
    """What was read before the power cut is sent with the same id and without an age (CONTRACT section 3)."""
    first = scanner()
    record = first.read("A", 0, WALL, True, 0)[0][2]
    second = Scanner({"seq": 1, "config": CONFIG, "records": [record]}, "other-salt", 0)
    sent = published(second.connection(True, 10))
    assert [scan["id"] for scan in sent] == ["saltsalt-1"]
    assert sent[0]["age_ms"] is None
    assert published(second.read("B", 20, WALL, True, 20))[0]["id"] == "other-salt-2"


def test_a_new_connection_sends_all_that_is_kept_in_order() -> None:
    """Everything goes at once in order of reading, at most a window of it before verdicts come."""
    device = scanner(limits=Limits(window=3))
    for number in range(5):
        device.read(f"badge-{number}", number, WALL, True, number)
    assert [scan["seq"] for scan in published(device.connection(True, 100))] == [1, 2, 3]
    assert [scan["seq"] for scan in published(device.message("verdict", {"scan": "saltsalt-2"}, 110))] == [4]
    device.connection(False, 120)
    assert [scan["seq"] for scan in published(device.connection(True, 130))] == [1, 3, 4]


def test_the_same_badge_is_not_read_twice_in_three_seconds() -> None:
    """A badge held before the camera is one reading; another badge in between does not change that."""
    device = scanner()
    times = [(0, "A"), (500, "B"), (1000, "A"), (3900, "A"), (6900, "A")]
    read = [(ms, badge) for ms, badge in times if device.read(badge, ms, WALL + ms, True, ms)]
    assert read == [(0, "A"), (500, "B"), (6900, "A")]


def test_an_older_configuration_is_ignored() -> None:
    """Retained messages can be repeated or overtaken: only a higher version counts, and only a sound one."""
    device = scanner()
    unsound: list[dict[str, object]] = [{"version": 9}, {**CONFIG, "version": 9, "kind": "x"}, {}]
    for body in [{**CONFIG, "version": 3}, {**CONFIG, "version": 2, "offline": "refuse"}, *unsound]:
        assert device.message("config", body, 0) == []
    newer = {**CONFIG, "version": 4, "checkpoint": "stadhuis-in"}
    assert device.message("config", newer, 0) == [("store", "save", {"seq": 0, "config": newer})]


def test_a_new_checkpoint_is_for_later_scans_only() -> None:
    """A scan says where the scanner stood when it read (CONTRACT section 4)."""
    device = scanner()
    device.read("A", 0, WALL, True, 0)
    device.message("config", {**CONFIG, "version": 4, "checkpoint": "coach-b1", "kind": "coach"}, 10)
    device.read("B", 20, WALL, True, 20)
    out = device.connection(True, 30)
    assert [scan["checkpoint"] for scan in published(out)] == ["grote-kerk-in"]
    assert [scan["checkpoint"] for scan in published(out, "scan/coach")] == ["coach-b1"]


def test_a_full_store_is_said_and_nothing_is_overwritten() -> None:
    """The display says full, and what was kept is still there."""
    device = scanner(limits=Limits(capacity=2))
    for number in range(2):
        device.read(f"badge-{number}", number, WALL, True, number)
    assert device.read("badge-3", 10, WALL, True, 10) == [("show", "full", {"queued": 2})]
    assert [scan["badge"] for scan in published(device.connection(True, 20))] == ["badge-0", "badge-1"]


def test_without_a_configuration_nothing_is_read() -> None:
    """A scanner that does not know where it stands says so."""
    device = Scanner({}, "saltsalt", 0)
    assert device.read("A", 0, WALL, True, 0) == [("show", "unassigned", {})]


def test_a_code_that_no_badge_can_have_is_not_sent() -> None:
    """More than 256 characters would only end in quarantine; the person hears at once."""
    assert scanner().read("x" * 257, 0, WALL, True, 0) == [("show", "unreadable", {})]
    assert scanner().read("", 0, WALL, True, 0) == [("show", "unreadable", {})]


def test_a_late_verdict_is_not_shown_to_whoever_stands_there_now() -> None:
    """A verdict is shown within ten seconds of the reading, and only counted after that."""
    device = scanner()
    device.connection(True, 0)
    device.read("A", 0, WALL, True, 0)
    device.read("B", 9000, WALL, True, 9000)
    late = device.message("verdict", {"scan": "saltsalt-1", "outcome": "refuse"}, 10_000)
    assert faces(late) == []
    assert faces(device.message("verdict", {"scan": "saltsalt-2", "outcome": "warn"}, 10_100)) == ["warn"]


def test_when_nobody_answers_the_display_says_that_the_scan_is_kept() -> None:
    """Connected without a verdict in two seconds is, for the person, the same as offline."""
    device = scanner()
    device.connection(True, 0)
    device.read("A", 0, WALL, True, 0)
    assert faces(device.tick(2000, None, True)) == ["stored"]
    assert faces(device.tick(6000, None, True)) == []


def test_the_state_is_said_at_a_change_and_every_thirty_seconds() -> None:
    """At once at a new connection, checkpoint or clock state; within five seconds for the queue; else every 30."""
    device = scanner()
    device.health(81, -61)
    device.tick(0, WALL, True)
    first = published(device.connection(True, 1000), "state")
    assert first == [
        {
            "online": True,
            "firmware": "inloop-1",
            "checkpoint": "grote-kerk-in",
            "queued": 0,
            "battery": 81,
            "rssi": -61,
            "synced": True,
            "uptime_s": 1,
            "at": "2024-01-11T08:41:08.120Z",
        }
    ]
    said = [ms for ms in range(1100, 62_000, 100) if published(device.tick(ms, WALL + ms, True), "state")]
    assert said == [31_000, 61_000]
    assert not published(device.read("A", 62_000, WALL, True, 62_000), "state")
    said = [ms for ms in range(62_100, 70_000, 100) if published(device.tick(ms, WALL + ms, True), "state")]
    assert said == [66_000]
    assert published(device.tick(70_100, WALL, False), "state")[0]["synced"] is False


def test_without_a_clock_the_time_is_plainly_not_believable() -> None:
    """A device that never knew the time sends its uptime as 1970 and says it is not synced."""
    device = Scanner({"config": CONFIG}, "saltsalt", 5000)
    device.connection(True, 5000)
    scan = published(device.read("A", 6000, None, False, 6000))[0]
    assert (scan["at"], scan["synced"]) == ("1970-01-01T00:00:01.000Z", False)


@given(st.integers(min_value=0, max_value=253_402_300_799_999))
def test_times_are_written_as_rfc_3339(ms: int) -> None:
    """Its own calendar agrees with Python's for every moment up to the year 9999."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    assert rfc3339(ms) == moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"
