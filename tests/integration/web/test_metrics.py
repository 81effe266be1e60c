"""`/metrics` of both services over real databases."""

from pathlib import Path

from flask import Flask

from checkin.web.app import create_app as checkin_app
from checkin.web.deps import Deps as CheckInDeps
from shared import facts, topics
from shared.clock import RealClock
from shared.mqtt import BrokerAddress
from shared.web.board import Board
from tests.support.checkin import EVENT, make_site
from tests.support.pages import KEY, FakeLink
from tests.support.transport import PROGRAMME, HandClock, World, at
from transport.settings import Settings
from transport.web.app import create_app as transport_app
from transport.web.deps import Deps as TransportDeps
from transport.wiring import build


def lines(app: Flask) -> set[str]:
    """The lines of the day, without those of requests."""
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    return {line for line in answer.text.splitlines() if line.startswith("inloop_")}


def test_check_in_counts_scans_messages_set_aside_people_and_scanners(tmp_path: Path, database_url: str) -> None:
    """Each scan once, also when it came twice."""
    site = make_site(tmp_path, database_url)
    first = site.scan("badge-1", "kerk-in", "10:01")
    site.door(first, first, site.scan("badge-2", "kerk-in", "10:02"), site.scan("badge-2", "kerk-out", "10:03"))
    site.handle_scan(b"no scan at all")
    site.hear(topics.scanner_state(EVENT, "kerk-1"), facts.ScannerState(online=True, checkpoint="kerk-in"))
    site.tick()
    board = Board(FakeLink(), event=EVENT, now_ms=lambda: site.now_ms)
    said = lines(checkin_app(CheckInDeps(checkin=site.checkin, board=board, clock=RealClock(), session_key=KEY)))
    assert {
        'inloop_scans_total{outcome="admit",reason="welcome",service="checkin"} 2.0',
        'inloop_scans_total{outcome="admit",reason="goodbye",service="checkin"} 1.0',
        'inloop_quarantined_total{kind="malformed",service="checkin"} 1.0',
        'inloop_people{kind="location",place="kerk",service="checkin"} 1.0',
        'inloop_people{kind="other",place="underway",service="checkin"} 1.0',
        'inloop_scanners{service="checkin",state="online"} 1.0',
    } <= said
    assert any(line.startswith('inloop_ingest_age_seconds{service="checkin"}') for line in said)
    rows = next(line for line in said if line.startswith('inloop_outbox_rows{service="checkin"}'))
    assert float(rows.split()[1]) > 0  # the cards of the people wait for a broker
    age = next(line for line in said if line.startswith('inloop_outbox_oldest_seconds{service="checkin"}'))
    assert 0 <= float(age.split()[1]) < 600
    site.checkin.engine.dispose()


def test_transport_counts_scans_people_and_runs_by_state(tmp_path: Path, database_url: str) -> None:
    """The same names with the other service's label."""
    clock = HandClock()
    settings = Settings(
        data=tmp_path,
        database=database_url,
        mqtt=BrokerAddress("127.0.0.1"),
        event=None,
        clock=clock,
        auto_steps=False,
        log_level="info",
        instance="1",
        share=False,
    )
    service = build(settings)
    service.migrate()
    service.load_programme(PROGRAMME)
    world = World(service, clock, service.consumer())
    world.cards(("p1", "north", "Almelo", ""))
    world.settle()
    world.clock.now = at("11:20")
    world.step("t1-b1", "open", "11:20")
    world.scan("badge-p1", "coach-b1", "11:25")
    world.scan("badge-p1", "church-in", "11:26")
    said = lines(transport_app(TransportDeps(transport=service, connected=lambda: True, clock=clock, session_key=KEY)))
    assert {
        'inloop_scans_total{outcome="admit",reason="aboard",service="transport"} 1.0',
        'inloop_quarantined_total{kind="wrong-topic",service="transport"} 1.0',
        'inloop_people{kind="run",place="t1-b1",service="transport"} 1.0',
        'inloop_runs{service="transport",state="boarding"} 1.0',
        'inloop_runs{service="transport",state="planned"} 4.0',
        'inloop_database_up{service="transport"} 1.0',
    } <= said
    service.engine.dispose()
