"""All that check-in publishes in a day is what docs/asyncapi.yaml says of its topic."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from shared import codec, topics
from shared.facts import ScannerState, Sighting
from shared.sql import outbox
from shared.sql.engine import reading
from tests.support.checkin import EVENT, Site, at, make_site

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[3] / "docs" / "asyncapi.yaml").read_text())


def schema_of(topic: str) -> dict[str, Any]:
    """The schema of the one channel that a topic fits."""
    fitting = [
        channel
        for channel in DOCUMENT["channels"].values()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", channel["address"]), topic)
    ]
    (name,) = fitting[0]["messages"]
    return {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}


def everything(site: Site) -> list[tuple[str, bytes]]:
    """What a short day publishes: loading, doors, a silent scanner, a broker that forgot."""
    told: list[tuple[str, bytes]] = []
    scans = [
        site.scan("badge-1", "kerk-in", "10:01"),
        site.scan("badge-1", "kerk-named", "10:02"),
        site.scan("badge-2", "zaal-strict", "12:05"),
        site.scan("nobody's", "kerk-in", "10:03", seq=7, age_ms=90_000_000),
        site.scan("badge-3", "no-door", "10:04"),
        site.scan("badge-4", "huis-out", "13:01"),
    ]
    effects = [
        site.handle_scan(*scans, b"{}"),
        site.hear(topics.scanner_state(EVENT, "kerk-1"), ScannerState(online=False)),
        site.transport_saw(
            Sighting(
                id="transport-1",
                event=EVENT,
                person="p1",
                place="t1-b1",
                at_ms=at("11:40"),
                how="scanned",
                source="transport",
                sequence=3,
            )
        ),
    ]
    for effect in effects:
        told += [(reply.topic, reply.payload) for reply in effect.replies]
        told += [(topic, payload) for topic, payload, _ in effect.publish]
    site.ticker.connected(session_present=False)
    told += site.tick().items()
    with reading(site.checkin.engine) as connection:
        rows = outbox.waiting(connection, limit=1000)
    return told + [(topic, payload) for _, _, messages in rows for topic, payload, _ in messages]


def test_everything_published_fits_the_document(tmp_path: Path) -> None:
    """Each payload is valid by the schema of its topic, and every topic that is check-in's was used."""
    site = make_site(tmp_path, f"sqlite:///{tmp_path / 'checkin.db'}")
    told = everything(site)
    for topic, payload in told:
        jsonschema.validate(json.loads(payload), schema_of(topic))
    assert {topics.parse(topic).kind for topic, _ in told} == {
        "verdict", "sighting", "person", "scanner/config", "headcount", "alert", "sync",
    }  # fmt: skip
    site.checkin.engine.dispose()


def test_a_verdict_has_the_members_of_the_contract(tmp_path: Path) -> None:
    """Those of the example in section 4, with `person` only where the checkpoint shows it."""
    site = make_site(tmp_path, f"sqlite:///{tmp_path / 'checkin.db'}")
    effects = site.handle_scan(site.scan("badge-1", "kerk-in", "10:01"), site.scan("badge-1", "kerk-named", "10:02"))
    plain, named = (json.loads(reply.payload) for reply in effects.replies)
    assert set(plain) == {"scan", "outcome", "reason", "title", "line", "place", "present", "at"}
    assert set(named) == {*plain, "person"}
    assert set(named["person"]) == {"name", "organisation"}
    sighting = codec.decode_sighting(effects.publish[0][1])
    assert (sighting.id, sighting.scan, sighting.source) == (plain["scan"], plain["scan"], "checkin")
    site.checkin.engine.dispose()
