"""Files become an event: persons, badges, cards, scanners; loaded again they change only what is new."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkin.handlers.loading import LoadReport
from shared import codec, topics
from shared.facts import PersonCard, ScannerConfig, Sighting
from shared.people import PeopleErrors
from shared.programme import ProgrammeErrors
from shared.scanner_ids import ScannerIdError
from shared.seal import unseal
from shared.sql import outbox
from shared.sql.engine import reading
from tests.support.checkin import DAY, EVENT, Site, at, new_site, row


@pytest.fixture
def bare(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """Tables with nothing in them, and the small day."""
    made = new_site(tmp_path, database_url)
    made.checkin.load_programme(DAY)
    yield made
    made.checkin.engine.dispose()


def waiting(site: Site) -> dict[str, bytes]:
    """What is to be published by now, by topic: the last counts, as the broker retains it."""
    with reading(site.checkin.engine) as connection:
        rows = outbox.waiting(connection, limit=1000)
    return {topic: payload for _, _, messages in rows for topic, payload, _ in messages}


def test_a_list_of_people_loaded_twice_changes_nothing(bare: Site) -> None:
    """With and without ids, badges and organisations; namesakes stay two persons."""
    rows = [
        row("Anna Jansen"),
        row("Anna Jansen"),
        row("Bert", badge="staff-1"),
        row("Chris", id="c-1", organisation=None, email="c@example.org"),
    ]
    first = bare.checkin.load_people(rows)
    before = bare.places()
    assert first == LoadReport(event=EVENT, new=4)
    assert bare.checkin.load_people(rows) == LoadReport(event=EVENT, unchanged=4)
    assert bare.places() == before
    assert len(before) == 4


def test_who_is_gone_from_the_list_is_kept(bare: Site) -> None:
    """New, changed, unchanged and gone are counted; a changed person is the same person."""
    bare.checkin.load_people([row("Anna"), row("Bert", badge="staff-1"), row("Chris")])
    report = bare.checkin.load_people([row("Anna"), row("Bertus", badge="staff-1"), row("Dirk")])
    assert report == LoadReport(event=EVENT, new=1, changed=1, unchanged=1, gone=1)
    assert sorted(one.name for one in bare.checkin.persons("", 10, None).persons) == ["Anna", "Bertus", "Chris", "Dirk"]


def test_everybody_gets_a_badge_and_a_new_one_takes_the_old_out_of_use(bare: Site) -> None:
    """An own code for who has none; a code in the list becomes the badge, and the one before is revoked."""
    bare.checkin.load_people([row("Anna", id="a")])
    (own,) = bare.checkin.badges()
    assert own.code.startswith("IL1:")
    assert bare.pass_door(own.code, "kerk-in", "10:01").reason == "welcome"
    bare.checkin.load_people([row("Anna", id="a", badge="staff-1")])
    assert [line.code for line in bare.checkin.badges()] == ["staff-1"]
    assert bare.pass_door(own.code, "kerk-in", "10:02").reason == "revoked"
    bare.checkin.load_people([row("Anna", id="a", badge=own.code)])  # an old list again
    assert bare.pass_door(own.code, "kerk-in", "10:03").reason == "revoked"


def test_a_badge_of_somebody_else_stops_the_whole_list(bare: Site) -> None:
    """Nothing is half loaded, and the line is named."""
    bare.checkin.load_people([row("Anna", id="a", badge="staff-1")])
    with pytest.raises(PeopleErrors) as stopped:
        bare.checkin.load_people([row("Zoë", id="z"), row("Bert", id="b", badge="staff-1", line=7)])
    assert [(error.line, error.where) for error in stopped.value.errors] == [(7, "badge")]
    assert list(bare.places()) == ["a"]


def test_a_card_holds_nothing_personal_in_the_clear(bare: Site) -> None:
    """Groups and digests are readable, the rest opens with the event's key only; its revision goes up."""
    bare.checkin.load_people([row("Anna Bijzonder", id="a", phone="+31 6 00 00 00 99", needs="rolstoel")])
    payload = waiting(bare)[topics.person(EVENT, "a")]
    card = codec.decode(payload, PersonCard)
    assert (card.rev, card.groups, len(card.badges)) == (1, ("rood",), 1)
    assert not any(word in payload for word in (b"Bijzonder", b"rolstoel", b"0099", b"00 99"))
    key = bare.checkin.settings.secrets.event_keys(EVENT).seal
    assert unseal(card.sealed, person="a", key=key).needs == "rolstoel"
    bare.checkin.load_people([row("Anna Bijzonder", id="a", groups=("blauw",))])
    assert codec.decode(waiting(bare)[topics.person(EVENT, "a")], PersonCard).rev == 2


def test_a_programme_with_mistakes_changes_nothing(bare: Site) -> None:
    """The day that was loaded stays."""
    with pytest.raises(ProgrammeErrors):
        bare.checkin.load_programme(DAY.replace(b"place: kerk, direction: in", b"place: kerkje, direction: in"))
    assert bare.checkin.programme().source == DAY


def test_scanners_hear_where_they_stand(bare: Site) -> None:
    """A configuration for each scanner, retained, and again with a higher version only when it became another."""
    topic = topics.scanner_config(EVENT, "kerk-1")
    first = codec.decode(waiting(bare)[topic], ScannerConfig)
    assert (first.checkpoint, first.kind, first.direction, first.offline) == ("kerk-in", "door", "in", "admit")
    bare.checkin.load_programme(DAY)
    assert codec.decode(waiting(bare)[topic], ScannerConfig).version == first.version
    bare.checkin.add_scanner("kerk-1", "kerk-out")
    moved = codec.decode(waiting(bare)[topic], ScannerConfig)
    assert (moved.checkpoint, moved.direction, moved.version) == ("kerk-out", "out", first.version + 1)
    with pytest.raises(KeyError):
        bare.checkin.add_scanner("kerk-1", "nowhere")
    assert [(one.id, one.checkpoint) for one in bare.checkin.scanners()] == [
        ("bus-1", "coach-b1"),
        ("kerk-1", "kerk-out"),
    ]


@pytest.mark.parametrize("scanner", ["bad id/+#", "../../x", "", "checkin", "web"])
def test_a_scanner_that_no_broker_takes_is_refused_before_anything_is_kept(bare: Site, scanner: str) -> None:
    """Its configuration would be published on a topic with wildcards, or its user have a service's rights."""
    before = waiting(bare)
    with pytest.raises(ScannerIdError):
        bare.checkin.add_scanner(scanner, "kerk-in")
    assert waiting(bare) == before
    assert scanner not in [line.id for line in bare.checkin.scanners()]


def test_a_running_consumer_notices_a_load(bare: Site) -> None:
    """People and programme loaded by another process count from the next batch."""
    assert bare.pass_door("staff-1", "kerk-in", "10:01").reason == "unknown"
    bare.checkin.load_people([row("Anna", id="a", badge="staff-1")])
    assert bare.pass_door("staff-1", "kerk-in", "10:02").reason == "welcome"
    bare.checkin.load_programme(DAY.replace(b"- {id: kerk-in, place: kerk,", b"- {id: kerk-in, place: huis,"))
    assert bare.pass_door("staff-1", "kerk-in", "10:03").place == "huis"


def test_a_sighting_of_somebody_unknown_waits_for_the_list(bare: Site) -> None:
    """Transport saw a person that is registered later: set aside, and counted from then."""
    seen = Sighting(
        id="transport-1", event=EVENT, person="a", place="t1-b1", at_ms=at("11:40"), how="scanned", source="transport"
    )
    bare.transport_saw(seen)
    assert bare.aside() == ["unknown-person"]
    bare.checkin.load_people([row("Anna", id="a")])
    assert bare.aside() == []
    assert bare.places() == {"a": "t1-b1"}


def test_persons_are_found_in_spite_of_typing_errors(bare: Site) -> None:
    """Without diacritics, in any order of words, with a letter wrong; page after page."""
    names = ["Gülsüm Çelik", "Petra van den Berg", "Jan Jansen", "Jan Janssen", "Piet Vries"]
    bare.checkin.load_people([row(name, id=f"p{n}") for n, name in enumerate(names)])

    def found(q: str) -> list[str]:
        return [one.name for one in bare.checkin.persons(q, 10, None).persons]

    assert found("celik")[0] == "Gülsüm Çelik"
    assert found("berg petra")[0] == "Petra van den Berg"
    assert found("petra bregh")[0] == "Petra van den Berg"
    assert set(found("jansen jan")[:2]) == {"Jan Jansen", "Jan Janssen"}
    assert found("xxxxxxxx") == []
    first = bare.checkin.persons("", 3, None)
    second = bare.checkin.persons("", 3, first.cursor)
    assert [one.name for one in (*first.persons, *second.persons)] == names
    assert second.cursor is None


def test_one_person_with_the_day(bare: Site) -> None:
    """All sightings in order of time, with those that were taken back marked."""
    bare.checkin.load_people([row("Anna", id="a", badge="staff-1", phone="06")])
    bare.pass_door("staff-1", "kerk-in", "10:01")
    for number, void in ((1, None), (2, "transport-1")):
        bare.transport_saw(
            Sighting(
                id=f"transport-{number}",
                event=EVENT,
                person="a",
                place="t1-b1",
                at_ms=at("11:40"),
                how="scanned",
                source="transport",
                void=void,
            )
        )
    whole = bare.checkin.person("a")
    assert whole is not None
    assert [(seen.place, seen.voided) for seen in whole.sightings] == [("kerk", False), ("t1-b1", True)]
    assert (whole.place, whole.phone) == ("kerk", "06")
    assert bare.checkin.person("nobody") is None


def test_a_roll_call_names_who_is_there_and_who_should_be(bare: Site) -> None:
    """At 12:05: who is in the room, and who of its group is elsewhere; now, and as it was at 10:30."""
    bare.checkin.load_people([row(name, id=name, badge=f"b-{name}") for name in ("Anna", "Bert", "Chris")])
    bare.pass_door("b-Anna", "kerk-in", "10:01")
    bare.pass_door("b-Anna", "zaal-in", "12:01")
    bare.pass_door("b-Bert", "kerk-in", "10:02")
    then = bare.checkin.roll_call("huis.zaal", at("12:05"))
    assert [one.name for one in then.present] == ["Anna"]
    assert [(one.name, one.place) for one in then.absent] == [("Bert", "kerk"), ("Chris", "expected")]
    morning = bare.checkin.roll_call("kerk", at("10:30"))
    assert [one.name for one in morning.present] == ["Anna", "Bert"]
    assert [one.name for one in bare.checkin.roll_call("kerk").present] == ["Bert"]
    assert [one.name for one in bare.checkin.roll_call("huis").present] == ["Anna"]


def test_no_name_and_no_code_on_the_wire(bare: Site) -> None:
    """Nothing that is published, sightings and cards and configurations, has a name or a badge code in it."""
    bare.checkin.load_people([row("Anna Bijzonder", id="a", badge="secret-code-1")])
    effects = bare.handle_scan(bare.scan("secret-code-1", "kerk-in", "10:01"))
    everything = b"".join(waiting(bare).values()) + b"".join(payload for _, payload, _ in effects.publish)
    everything += b"".join(reply.payload for reply in effects.replies) + json.dumps(list(waiting(bare))).encode()
    assert b"Bijzonder" not in everything
    assert b"secret-code-1" not in everything
