"""What check-in hears from others and says again: sightings, sync, scanners, alerts, the retained headcount."""

import pytest

from shared import codec, topics
from shared.facts import Headcount, ScannerState, Sighting, Sync
from shared.instants import to_text
from shared.sql import outbox
from shared.sql.engine import reading
from tests.support.checkin import EVENT, Site, at, balance


def saw(number: int, place: str, clock: str, person: str = "p1", **more: object) -> Sighting:
    """A sighting of transport."""
    given = {"how": "scanned", "source": "transport", "sequence": number, **more}
    return Sighting(id=f"transport-{number}", event=EVENT, person=person, place=place, at_ms=at(clock), **given)  # type: ignore[arg-type]


def said_again(site: Site) -> list[tuple[str, bytes]]:
    """What waits in the outbox, in order."""
    with reading(site.checkin.engine) as connection:
        rows = outbox.waiting(connection, limit=1000)
    return [(topic, payload) for _, _, messages in rows for topic, payload, _ in messages]


def forget(site: Site) -> None:
    """Empty the outbox, as after the broker has it all."""
    with site.checkin.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM outbox")


def test_transports_sightings_move_people(site: Site) -> None:
    """Aboard a run, and back where they were when that is taken back; the same message again changes nothing."""
    site.pass_door("badge-1", "kerk-in", "10:01")
    for _ in range(2):
        site.transport_saw(saw(1, "t1-b1", "11:40"))
    assert site.places()["p1"] == "t1-b1"
    assert [(run.run, run.aboard) for run in site.checkin.headcount().runs] == [("t1-b1", 1)]
    site.transport_saw(saw(2, "t1-b1", "11:41", void="transport-1"))
    assert site.places()["p1"] == "kerk"


@pytest.mark.parametrize(
    ("sighting", "kind"),
    [
        (saw(1, "t1-b1", "11:40", person="stranger"), "unknown-person"),
        (saw(1, "nowhere", "11:40"), "unknown-place"),
        (saw(1, "t1-b1", "11:40", source="checkin"), "malformed"),
    ],
)
def test_a_sighting_that_cannot_be_used_is_set_aside(site: Site, sighting: Sighting, kind: str) -> None:
    """Of nobody registered, at no place of the programme, or from who it cannot be from."""
    site.transport_saw(sighting)
    assert site.aside() == [kind]
    assert set(site.places().values()) == {"expected"}


@pytest.mark.parametrize(
    "topic", ["run/t1-b1", "passengers/t1-b1", "scanner/kerk-1/state", "sync/checkin", "sighting/transport"]
)
def test_garbage_from_a_service_is_set_aside(site: Site, topic: str) -> None:
    """Whatever the topic, it never stops the queue; taking back what was retained is no garbage."""
    site.hear(f"inloop/1/{EVENT}/{topic}", b'{"half": ')
    assert site.aside() == ["malformed"]
    if not topic.startswith("sighting"):
        site.hear(f"inloop/1/{EVENT}/{topic}", b"")
        assert site.aside() == ["malformed"]


@pytest.mark.parametrize(
    "topic", ["elsewhere", "inloop/1/small-day/scan/door/a b", "inloop/2/small-day/scan/door/kerk-1"]
)
def test_a_topic_that_is_not_ours_is_set_aside(site: Site, topic: str) -> None:
    """A broker that lets it through does not break the consumer."""
    site.hear(topic, b"{}")
    assert site.aside() == ["malformed"]


def test_a_scan_for_an_event_that_is_not_loaded_is_answered(site: Site) -> None:
    """Set aside, and refused with the reason, or the scanner would ask for ever."""
    verdict = site.door(site.scan("badge-1", "kerk-in", "10:01"), event="no-day")[0]
    assert (verdict.outcome, verdict.reason) == ("refuse", "closed")
    with reading(site.checkin.engine) as connection:
        assert connection.exec_driver_sql("SELECT kind FROM quarantine").scalar() == "unknown-event"


def test_own_sightings_are_said_again_when_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """All after a sequence number, in order, page after page; not those of transport."""
    monkeypatch.setattr("checkin.adapters.hearing.PAGE", 1)
    for number in (1, 2, 3):
        site.pass_door(f"badge-{number}", "kerk-in", "10:01")
    site.transport_saw(saw(9, "t1-b1", "11:40"))
    forget(site)
    site.hear(topics.sync(EVENT, "checkin"), Sync(since=1, asking="transport"))
    again = [codec.decode_sighting(payload) for topic, payload in said_again(site)]
    assert [(one.person, one.sequence, one.source) for one in again] == [("p2", 2, "checkin"), ("p3", 3, "checkin")]


@pytest.mark.parametrize("session_present", [False, True])
def test_on_every_connection_all_is_said_again(site: Site, session_present: bool) -> None:
    """Cards, configurations and alerts; and transport is asked for what came after its last sighting.

    Also by a broker that knows our session: it may have lost the seconds before it was killed.
    """
    site.transport_saw(saw(7, "t1-b1", "11:40"))
    site.hear(topics.scanner_state(EVENT, "kerk-1"), ScannerState(online=False))
    site.tick()
    forget(site)
    site.tick()
    assert said_again(site) == []
    site.ticker.connected(session_present)
    published = site.tick()
    again = dict(said_again(site))
    assert codec.decode(again[topics.sync(EVENT, "transport")], Sync) == Sync(since=7, asking="checkin")
    assert {topics.person(EVENT, f"p{n}") for n in range(1, 9)} <= again.keys()
    assert topics.scanner_config(EVENT, "kerk-1") in again
    assert topics.alert(EVENT, "scanner-offline-kerk-1") in again
    assert published.keys() == {topics.headcount(EVENT)}


def test_the_headcount_is_published_when_it_changed_and_when_it_grows_old(site: Site) -> None:
    """At once after a scan; unchanged only at every other tick, with its new moment: within half a second."""
    real = [0]
    site.ticker.real_ms = lambda: real[0]
    topic = topics.headcount(EVENT)
    assert topic in site.tick()
    real[0] += 200
    assert topic not in site.tick()
    site.pass_door("badge-1", "kerk-in", "10:01")
    count = codec.decode(site.tick()[topic], Headcount)
    assert (count.registered, count.expected) == (8, 7)
    real[0] += 200
    assert topic not in site.tick()
    real[0] += 200
    assert topic in site.tick()


def test_many_persons_apart_are_looked_at_less_often(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers of places are always of now; what costs by persons who are away may rest, and then follows."""
    monkeypatch.setattr("checkin.adapters.ticker.REST_MS", 1000)
    real = [0]
    site.ticker.real_ms = lambda: real[0]
    site.now_ms = at("12:30")

    def expected_in_the_hall_and_away() -> tuple[int, int]:
        count = codec.decode(site.tick()[topics.headcount(EVENT)], Headcount)
        assert balance(count) == 0
        return next(place.expected for place in count.places if place.place == "huis.hal"), count.away

    site.pass_door("badge-2", "huis-out", "13:00")
    assert expected_in_the_hall_and_away() == (3, 1)
    real[0] += 500
    site.pass_door("badge-4", "huis-out", "13:00")
    assert expected_in_the_hall_and_away() == (3, 2)
    real[0] += 500
    assert expected_in_the_hall_and_away() == (2, 2)


def test_a_scanner_that_goes_silent_and_comes_back(site: Site) -> None:
    """One alert when its last will says so, over when it is there again."""
    topic, published = topics.scanner_state(EVENT, "kerk-1"), list[outbox.Published]()
    for online in (True, False, False, True):
        published += site.hear(topic, ScannerState(online=online, at=to_text(at("10:00")))).publish
    assert [(topic, bool(payload), retain) for topic, payload, retain in published] == [
        (topics.alert(EVENT, "scanner-offline-kerk-1"), True, True),
        (topics.alert(EVENT, "scanner-offline-kerk-1"), False, True),
    ]
    assert [(one.id, one.online) for one in site.checkin.scanners()] == [("bus-1", False), ("kerk-1", True)]


def test_a_clock_that_is_off_gets_an_alert_until_it_is_right(site: Site) -> None:
    """90 s behind: the time stays the device's, one alert; over with the next good scan."""
    off = [site.scan("badge-1", "kerk-in", "10:00:00.000"), site.scan("badge-2", "kerk-in", "10:00:01.000")]
    published = [*site.handle_scan(*off, received="10:01:31.000").publish]
    published += site.handle_scan(site.scan("badge-3", "kerk-in", "10:02:00.000"), received="10:02:00.100").publish
    told = [bool(payload) for topic, payload, _ in published if topic == topics.alert(EVENT, "clock-kerk-1")]
    assert told == [True, False]


def test_too_many_in_a_room_is_an_alert(site: Site) -> None:
    """Three where two may be, and over when one leaves."""
    topic = topics.alert(EVENT, "over-capacity-huis.zaal")
    for badge in ("badge-1", "badge-3"):
        site.pass_door(badge, "zaal-in", "12:00")
    assert topic not in site.tick(kept=True)
    site.pass_door("badge-5", "zaal-in", "12:01")
    assert site.tick(kept=True)[topic]
    site.pass_door("badge-5", "zaal-out", "12:02")
    assert site.tick(kept=True)[topic] == b""


def test_the_consumer_gives_signs_of_life(site: Site) -> None:
    """None before the first tick, then how long ago the last was."""
    assert site.checkin.health().ingest_age_ms is None
    site.tick()
    health = site.checkin.health()
    assert health.database
    assert health.ingest_age_ms is not None


def test_a_scan_with_the_id_of_a_sighting_elsewhere_is_set_aside(site: Site) -> None:
    """A device used an id twice, at a door and in a coach: the first stands, the second is not lost silently."""
    site.pass_door("badge-1", "kerk-in", "10:00")
    scan = site.scan("badge-2", "kerk-in", "10:01:00.000")
    site.transport_saw(
        Sighting(
            id=scan["id"],
            event=EVENT,
            person="p3",
            place="t1-b1",
            at_ms=at("10:00:30"),
            how="scanned",
            source="transport",
        )
    )
    site.handle_scan(scan)
    assert [(one.kind, scan["id"] in one.reason) for one in site.checkin.quarantined(10)] == [("conflict", True)]
