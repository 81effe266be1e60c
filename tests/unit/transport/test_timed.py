"""Steps that the programme takes by itself, and seats that follow from boardings."""

from shared.programme import load_programme
from tests.support.transport import PROGRAMME, at
from transport.domain.run import Log, Taken
from transport.domain.stays import Seat, Stay, reseat
from transport.domain.timed import Due, next_due

DAY = load_programme(PROGRAMME)


def test_steps_come_due_in_order_of_time_then_run() -> None:
    """Taken one after another up to 11:45, as after a pause."""
    logs = {run.id: Log(run=run.id) for run in DAY.runs}
    taken: list[Due] = []
    while (due := next_due(DAY, logs, at("11:45"))) is not None:
        taken.append(due)
        letter = {"open": "B", "depart": "D", "arrive": "E"}[due.step]
        logs[due.run] = Log(run=due.run, steps=(*logs[due.run].steps, Taken(letter=letter, at_ms=due.at_ms, by="p")))
    assert taken == [
        Due(at("11:20"), "t1-b1", "open"),
        Due(at("11:20"), "t1-b2", "open"),
        Due(at("11:20"), "t1-b3", "open"),
        Due(at("11:40"), "t1-b1", "depart"),
        Due(at("11:42"), "t1-b3", "depart"),
        Due(at("11:44"), "t1-b2", "depart"),
    ]


def test_a_step_taken_by_hand_later_than_planned_moves_the_next() -> None:
    """Departed at 11:55 by hand: it does not arrive at 11:50; and a cancelled run does nothing any more."""
    logs = {run.id: Log(run=run.id, steps=(Taken(letter="G", at_ms=at("11:00"), by="c"),)) for run in DAY.runs}
    steps = (Taken(letter="B", at_ms=at("11:20"), by="c"), Taken(letter="D", at_ms=at("11:55"), by="c"))
    logs["t1-b1"] = Log(run="t1-b1", steps=steps)
    assert next_due(DAY, logs, at("11:54")) is None
    assert next_due(DAY, logs, at("16:00")) == Due(at("11:55"), "t1-b1", "arrive")


def test_the_run_boarded_last_holds_the_seat() -> None:
    """Else what people were told; a cancelled run holds nobody; each transfer by itself."""
    stays = [Stay(at("11:30"), b"a", "t1-b1"), Stay(at("11:35"), b"b", "t1-b2"), Stay(at("11:36"), b"c", "church")]
    told = {"t1": Seat(told="t1-b1", run="t1-b1"), "t2": Seat(told="t2-b1", run="t2-b1")}
    assert reseat(DAY, stays, told) == {
        "t1": Seat(told="t1-b1", run="t1-b2", at_ms=at("11:35"), id="b"),
        "t2": Seat(told="t2-b1", run="t2-b1"),
    }
    assert reseat(DAY, stays, told, cancelled={"t1-b2"})["t1"].run == "t1-b1"
    assert reseat(DAY, stays, {})["t1"] == Seat(told=None, run="t1-b2", at_ms=at("11:35"), id="b")
