"""What a door answers, from the bytes of a scan to the verdict, on real databases."""

import json

import pytest

from shared import badge as codes
from shared.facts import Passengers, Sighting
from shared.instants import to_text
from shared.topics import passengers
from tests.support.checkin import EVENT, OTHER_DAY, Site, at, row


def test_somebody_comes_in_goes_and_comes_back(site: Site) -> None:
    """welcome, again, goodbye, back; the number at the place is that after the scan."""
    walk = [("kerk-in", "10:01"), ("kerk-in", "10:02"), ("kerk-out", "10:03"), ("kerk-in", "10:04")]
    found = [site.pass_door("badge-1", checkpoint, clock) for checkpoint, clock in walk]
    assert [(v.outcome, v.reason, v.present) for v in found] == [
        ("admit", "welcome", 1),
        ("admit", "again", 1),
        ("admit", "goodbye", 0),
        ("admit", "back", 1),
    ]
    assert [v.title.nl for v in found] == ["Welkom", "Al binnen", "Tot ziens", "Welkom terug"]
    assert {v.place for v in found} == {"kerk"}


def test_one_batch_is_judged_scan_after_scan(site: Site) -> None:
    """The same walk in one batch gets the same answers."""
    walk = [("kerk-in", "10:01"), ("kerk-in", "10:02"), ("kerk-out", "10:03"), ("kerk-in", "10:04")]
    found = site.door(*(site.scan("badge-1", checkpoint, clock) for checkpoint, clock in walk))
    assert [(v.reason, v.present) for v in found] == [("welcome", 1), ("again", 1), ("goodbye", 0), ("back", 1)]


def test_the_line_says_where_to_go_next(site: Site) -> None:
    """At the church to the city hall, with the run once there is a seat on it; in the city hall to the room."""
    assert site.pass_door("badge-1", "kerk-in", "10:01").line.nl == "Naar Stadhuis"
    seats = Passengers(run="t1-b1", transfer="t1", persons=("p1",), rev=1, at=to_text(at("10:00")))
    site.hear(passengers(EVENT, "t1-b1"), seats)
    verdict = site.pass_door("badge-1", "kerk-out", "11:31")
    assert (verdict.line.nl, verdict.line.en) == ("Naar Stadhuis · rit B1", "To Stadhuis · run B1")
    assert site.pass_door("badge-2", "kerk-in", "10:01").line.nl == "Naar Stadhuis"
    assert site.pass_door("badge-1", "huis-in", "11:52").line.nl == "Ronde rood · Zaal"
    assert site.pass_door("badge-1", "zaal-in", "11:55").line.en == "Round red · Zaal"


def test_the_last_door_of_the_day_says_goodbye_for_good(site: Site) -> None:
    """Out of the city hall is underway before 13:00, and away from then on."""
    site.pass_door("badge-1", "huis-out", "12:59:59.999")
    verdict = site.pass_door("badge-2", "huis-out", "13:00")
    assert (site.places()["p1"], site.places()["p2"]) == ("underway", "away")
    assert (verdict.reason, verdict.line.nl) == ("goodbye", "Goede reis")


def test_out_of_a_room_is_in_its_location(site: Site) -> None:
    """Who leaves a room is in the building; a room's people are also counted in it."""
    site.pass_door("badge-1", "zaal-in", "12:00")
    inside = {p.place: p.present for p in site.checkin.headcount().places}
    site.pass_door("badge-1", "zaal-out", "12:30")
    outside = {p.place: p.present for p in site.checkin.headcount().places}
    assert (inside["huis"], inside["huis.zaal"]) == (1, 1)
    assert (outside["huis"], outside["huis.zaal"]) == (1, 0)
    assert site.places()["p1"] == "huis"


def test_goodbye_to_somebody_who_was_never_seen(site: Site) -> None:
    """The way out always counts, so that the numbers are true."""
    assert site.pass_door("badge-3", "kerk-out", "11:00").reason == "goodbye"
    assert site.places()["p3"] == "underway"


def test_somebody_in_the_wrong_place_is_told_where_to_go(site: Site) -> None:
    """advise lets in with a warning and the right place; strict refuses, which is no sighting; count asks nothing."""
    advised = site.pass_door("badge-2", "zaal-in", "12:05")
    assert (advised.outcome, advised.reason, advised.line.nl) == ("warn", "not-expected-here", "Ronde blauw · Hal")
    refused = site.pass_door("badge-4", "zaal-strict", "12:05")
    assert (refused.outcome, refused.reason) == ("refuse", "not-expected-here")
    counted = site.pass_door("badge-6", "zaal-count", "12:05")
    assert (counted.outcome, counted.reason) == ("admit", "welcome")
    places = site.places()
    assert (places["p2"], places["p4"], places["p6"]) == ("huis.zaal", "expected", "huis.zaal")


def test_a_full_room(site: Site) -> None:
    """Two fit: the third is let in with a warning, refused at a strict door, counted at a counting one."""
    for badge in ("badge-1", "badge-3"):
        assert site.pass_door(badge, "zaal-in", "12:00").reason == "welcome"
    strict = site.pass_door("badge-5", "zaal-strict", "12:01")
    assert (strict.outcome, strict.reason, strict.line.en) == ("refuse", "full", "2 of 2 places taken")
    advised = site.pass_door("badge-5", "zaal-in", "12:02")
    assert (advised.outcome, advised.reason, advised.present) == ("warn", "full", 3)
    assert site.pass_door("badge-7", "zaal-count", "12:03").reason == "welcome"
    assert site.pass_door("badge-1", "zaal-in", "12:04").reason == "again"  # who is in does not need a place


def test_a_strict_door_is_closed_at_night(site: Site) -> None:
    """Up to 2 h before the first item, and from 4 h after the last; other doors count whoever comes."""
    site.now_ms = at("20:00")
    assert site.pass_door("badge-1", "zaal-strict", "07:59").reason == "closed"
    assert site.pass_door("badge-1", "zaal-strict", "17:00").reason == "closed"
    assert site.pass_door("badge-1", "kerk-in", "07:59").outcome != "refuse"


def test_badges_that_stand_for_nobody_here(site: Site) -> None:
    """unknown, forged, revoked and another event's badge are told apart, and none of them is a sighting."""
    secrets = site.checkin.settings.secrets
    site.checkin.load_programme(OTHER_DAY)
    own = codes.code("7KQ2M9XDAF", event=EVENT, key=secrets.event_keys(EVENT).badge)
    others = codes.code("7KQ2M9XDAF", event="other-day", key=secrets.event_keys("other-day").badge)
    site.checkin.load_people([row("Persoon 1", id="p1", badge="badge-new")])
    found = {
        badge: site.pass_door(badge, "kerk-in", "10:01")
        for badge in ("nobody's", own, own[:-1] + ("0" if own[-1] != "0" else "1"), "badge-1", others, "badge-new")
    }
    assert [v.reason for v in found.values()] == ["unknown", "unknown", "forged", "revoked", "wrong-event", "welcome"]
    assert [v.outcome for v in found.values()] == ["refuse"] * 5 + ["admit"]
    assert [person for person, place in site.places().items() if place != "expected"] == ["p1"]


def test_a_badge_that_was_imported_for_another_event(site: Site, tmp_path: object) -> None:
    """A staff card known on another day here is wrong-event, and fits where it stands for somebody."""
    site.checkin.load_programme(OTHER_DAY)
    registry_of_other = site.checkin.settings
    object.__setattr__(registry_of_other, "event", "other-day")
    site.checkin.load_people([row("Elders", id="e1", badge="staff-77"), row("Beide", id="e2", badge="badge-1")])
    object.__setattr__(registry_of_other, "event", EVENT)
    assert site.pass_door("staff-77", "kerk-in", "10:01").reason == "wrong-event"
    assert site.pass_door("badge-1", "kerk-in", "10:01").reason == "welcome"


def test_a_name_only_where_the_checkpoint_shows_it(site: Site) -> None:
    """`person` is in the verdict where `show_name` is on, when the same scan comes again too, and not in the store."""
    assert site.pass_door("badge-1", "kerk-in", "10:01").person is None
    scan = site.scan("badge-1", "kerk-named", "10:02")
    for _ in range(2):
        shown = site.door(scan)[0].person
        assert shown is not None
        assert (shown.name, shown.organisation) == ("Persoon 1", "Almelo")
    with site.checkin.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT verdict FROM scan").scalars().all()
    assert not any("Persoon" in verdict for verdict in stored)


def test_the_first_scan_after_an_arrival_is_a_welcome(site: Site) -> None:
    """An implied arrival is not yet being there: the badge read at the door welcomes, and confirms."""
    site.transport_saw(
        Sighting(
            id="implied-0001",
            event=EVENT,
            person="p1",
            place="huis",
            at_ms=at("11:50"),
            how="implied",
            source="transport",
            sequence=1,
        )
    )
    site.now_ms = at("12:10")
    assert site.checkin.roll_call("huis").present[0].how == "implied"
    assert site.pass_door("badge-1", "huis-in", "11:52").reason == "welcome"
    assert site.checkin.roll_call("huis").present[0].how == "scanned"


def test_a_late_scan_is_judged_by_what_was_before_it(site: Site) -> None:
    """Twenty minutes offline: what came in meanwhile from another door does not change the answer."""
    site.pass_door("badge-1", "kerk-in", "10:00")
    site.pass_door("badge-1", "huis-in", "11:55")
    late = site.scan("badge-1", "kerk-in", "10:05", age_ms=6_900_000)
    gone = site.scan("badge-1", "kerk-out", "11:30", age_ms=1_800_000)
    found = site.door(late, gone, received="12:00")
    assert [(v.reason, v.at) for v in found] == [("again", to_text(at("10:05"))), ("goodbye", to_text(at("11:30")))]
    assert site.places()["p1"] == "huis"


def test_the_same_scan_again_gets_the_same_verdict(site: Site) -> None:
    """Within a batch, in the next, and after a restart; nothing is counted or told twice."""
    scan = site.scan("badge-1", "kerk-in", "10:01")
    first = site.door(scan, scan)
    site.pass_door("badge-1", "kerk-out", "10:05")
    site.restart()
    again = site.door({**scan, "age_ms": 240_000, "seq": 9}, received="10:06")
    assert first[0] == first[1] == again[0]
    assert site.places()["p1"] == "underway"
    assert site.aside() == []


def test_the_same_id_with_other_content_is_a_conflict(site: Site) -> None:
    """The first stands and answers; the second is set aside, in the same batch or later."""
    scan = site.scan("badge-1", "kerk-in", "10:01")
    other = {**scan, "badge": "badge-2"}
    found = site.door(scan, other) + site.door({**scan, "checkpoint": "kerk-out"})
    assert [v.reason for v in found] == ["welcome"] * 3
    assert site.places()["p2"] == "expected"
    assert site.aside() == ["conflict", "conflict"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [({"checkpoint": "no-such-door"}, "unknown-checkpoint"), ({"checkpoint": "coach-b1"}, "wrong-topic")],
)
def test_a_checkpoint_that_is_no_door_is_set_aside_and_answered(site: Site, changed: dict[str, str], kind: str) -> None:
    """The scanner stops asking and the host sees why; the same scan again changes nothing."""
    scan = {**site.scan("badge-1", "kerk-in", "10:01"), **changed}
    first, again = site.door(scan)[0], site.door(scan)[0]
    assert (first.outcome, first.reason) == ("refuse", "closed")
    assert first == again
    assert site.aside() == [kind]
    assert site.places()["p1"] == "expected"


STRANGE = {
    "not JSON": b"{",
    "empty": b"",
    "not UTF-8": b'{"id": "\xff\xfe"}',
    "a list": b"[]",
    "no badge": json.dumps({"id": "scan-strange", "checkpoint": "kerk-in", "at": "2024-01-11T10:00:00Z"}).encode(),
    "a number for a badge": json.dumps(
        {"id": "scan-strange", "badge": 7, "checkpoint": "kerk-in", "at": "2024-01-11T10:00:00Z"}
    ).encode(),
    "a strange id": json.dumps(
        {"id": "scan strange\n'; DROP", "badge": "b", "checkpoint": "kerk-in", "at": "2024-01-11T10:00:00Z"}
    ).encode(),
    "no such day": json.dumps(
        {"id": "scan-strange", "badge": "b", "checkpoint": "kerk-in", "at": "2024-02-30T10:00:00Z"}
    ).encode(),
    "a megabyte": b'{"id": "' + b"x" * 1_000_000 + b'"}',
    "deep": b"[" * 10_000,
}


@pytest.mark.parametrize("payload", STRANGE.values(), ids=STRANGE.keys())
def test_what_cannot_be_read_never_stops_the_queue(site: Site, payload: bytes) -> None:
    """It is kept whole with its reason, once however often it comes, and the scans around it are answered."""
    for _ in range(2):
        found = site.door(site.scan("badge-1", "kerk-in", "10:01"), payload, site.scan("badge-2", "kerk-in", "10:01"))
        assert len(found) == 2
    aside = site.checkin.quarantined()
    assert [(one.kind, one.payload) for one in aside] == [("malformed", payload)]
    assert aside[0].reason


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_time_that_cannot_be_gives_way_to_when_it_came(site: Site, moment: str) -> None:
    """The scan counts from received - age and is marked, and the scanner's clock gets an alert until it is right."""
    scan = {**site.scan("badge-1", "kerk-in", "10:00"), "at": moment, "age_ms": 2_000}
    verdict = site.door(scan, received="10:30")[0]
    assert (verdict.reason, verdict.at) == ("welcome", to_text(at("10:29:58")))
    with site.checkin.engine.connect() as connection:
        assert [bool(one) for one in connection.exec_driver_sql("SELECT clock FROM scan").scalars()] == [True]


def test_scans_by_http_are_judged_like_the_others(site: Site) -> None:
    """The same handler: a verdict each, in order, and what is wrong where one cannot be read."""
    scan = site.scan("badge-1", "kerk-in", 0) | {"synced": False}
    answers = site.checkin.take_scans([json.dumps(scan).encode(), b"{}", json.dumps(scan).encode()], "web.1")
    assert answers[0].verdict == answers[2].verdict
    assert json.loads(answers[0].verdict or b"")["reason"] == "welcome"
    assert answers[1].verdict is None
    assert "id" in (answers[1].problem or "")
