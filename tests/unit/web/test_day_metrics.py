"""What `/metrics` says of the day."""

from sqlalchemy.exc import OperationalError

from checkin.web.app import create_app
from checkin.web.deps import Deps
from shared import topics
from shared.clock import RealClock
from shared.errors import NothingLoaded
from shared.figures import Figures
from shared.sql.unavailable import unavailable
from shared.web.board import Board
from shared.web.day_metrics import Day, DayMetrics, by_place
from shared.web.metrics import Metrics
from tests.support.pages import EVENT, KEY, NOON_MS, FakeLink, MadeCheckIn, programme, run_state
from tests.support.pages import message as told


def said(checkin: MadeCheckIn) -> str:
    """The text of `/metrics`, asked for on this machine."""
    board = Board(FakeLink(), event=EVENT, now_ms=lambda: NOON_MS)
    board.apply([told(topics.run(EVENT, "t1-b1"), run_state("t1-b1", "boarding", aboard=3, listed=47))])
    deps = Deps(checkin=checkin, board=board, clock=RealClock(), session_key=KEY, explain=unavailable)
    answer = create_app(deps).test_client().get("/metrics")
    assert answer.status_code == 200
    return answer.text


def test_the_day_is_in_the_metrics_and_nobody_by_name() -> None:
    """Scans by verdict, what was set aside, people by place, runs by state, the consumer's age."""
    text = said(MadeCheckIn())
    for line in (
        'inloop_database_up{service="checkin"} 1.0',
        'inloop_scans_total{outcome="admit",reason="welcome",service="checkin"} 7.0',
        'inloop_scans_total{outcome="refuse",reason="unknown",service="checkin"} 2.0',
        'inloop_quarantined_total{kind="malformed",service="checkin"} 3.0',
        'inloop_ingest_age_seconds{service="checkin"} 0.1',
        'inloop_people{kind="location",place="grote-kerk",service="checkin"} 5.0',
        'inloop_runs{service="checkin",state="boarding"} 1.0',
    ):
        assert line in text
    assert "p1" not in text.replace("cpu", "")
    assert "Zoë" not in text


def test_a_room_s_people_are_in_their_location_too_as_in_the_headcount() -> None:
    """Every place of the programme has a number; who is nowhere of it stands apart."""
    present = {"stadhuis": 1, "stadhuis.raadzaal": 2, "t1-b1": 4, "underway": 6}
    found = by_place(programme(), present)
    assert (found["location", "stadhuis"], found["room", "stadhuis.raadzaal"]) == (3, 2)
    assert (found["run", "t1-b1"], found["other", "underway"], found["location", "grote-kerk"]) == (4, 6, 0)
    assert sum(count for (kind, _), count in found.items() if kind != "room") == sum(present.values())


def test_what_waits_is_said_with_its_age() -> None:
    """In real seconds; nothing waits: 0."""

    def text(oldest_ms: int | None) -> str:
        figures = Figures(scans={}, quarantined={}, outbox_rows=2, outbox_oldest_ms=oldest_ms, present={})
        day = Day(programme=programme(), figures=figures, ingest_age_ms=None, scanners={"offline": 1}, runs={})
        metrics = Metrics()
        metrics.add(DayMetrics("transport", lambda: day, explain=lambda _: None, real_ms=lambda: 10_000))
        return metrics.text().decode()

    assert 'inloop_outbox_rows{service="transport"} 2.0' in text(4_000)
    assert 'inloop_outbox_oldest_seconds{service="transport"} 6.0' in text(4_000)
    assert 'inloop_outbox_oldest_seconds{service="transport"} 0.0' in text(None)
    assert 'inloop_scanners{service="transport",state="offline"} 1.0' in text(None)
    assert "inloop_ingest_age_seconds{" not in text(None)  # it never gave a sign of life


def test_metrics_are_answered_without_a_database_and_say_so() -> None:
    """Or nobody could see that it is gone; without a programme it is there all the same."""
    gone = said(MadeCheckIn(fails=OperationalError("SELECT", {}, Exception("connection refused"))))
    assert 'inloop_database_up{service="checkin"} 0.0' in gone
    assert "inloop_scans_total{" not in gone
    assert 'inloop_database_up{service="checkin"} 1.0' in said(MadeCheckIn(fails=NothingLoaded()))
