"""What arrivals imply: whoever was aboard at that instant, whatever the order in which it becomes known."""

from hypothesis import given
from hypothesis import strategies as st

from shared.facts import Sighting
from shared.programme import load_programme
from tests.support.transport import PROGRAMME, at
from transport.domain.arrival import Arrival, arrived, settle
from transport.domain.run import Log, Taken
from transport.domain.stays import Stay

DAY = load_programme(PROGRAMME)
LANDED = [(at("11:50"), DAY.run("t1-b1")), (at("11:54"), DAY.run("t1-b2"))]
Made = dict[str, list[Arrival]]


def stay(clock: str, place: str, identity: str = "scan-0001") -> Stay:
    """A scanned stay."""
    return Stay(at(clock), identity.encode(), place)


def test_who_is_aboard_at_the_instant_is_at_the_destination() -> None:
    """Boarded and still there: implied, once; got off, or never boarded: not."""
    histories = {
        "rode": [stay("11:30", "t1-b1")],
        "left": [stay("11:30", "t1-b1"), stay("11:35", "church")],
        "at-the-instant": [stay("11:50", "t1-b1")],
        "too-late": [stay("11:51", "t1-b1")],
    }
    settled = settle(DAY, LANDED[:1], histories=histories, made={})
    assert {(s.person, s.place, s.at_ms, s.how, s.void) for s in settled.sightings} == {
        ("rode", "mill", at("11:50"), "implied", None),
        ("at-the-instant", "mill", at("11:50"), "implied", None),
    }
    again = settle(DAY, LANDED[:1], histories=histories, made={"t1-b1": list(settled.arrivals["t1-b1"])})
    assert again.sightings == ()


def test_a_late_boarding_elsewhere_takes_the_implied_sighting_back() -> None:
    """Voided here, implied there; and when that in turn proves wrong, implied here again under a new id."""
    made: Made = {}
    first = _apply(made, {"p": [stay("11:30", "t1-b1")]})
    moved = _apply(made, {"p": [stay("11:30", "t1-b1"), _implied(first[0]), stay("11:35", "t1-b2", "scan-0002")]})
    assert [(s.place, s.void) for s in moved] == [("mill", first[0].id), ("mill", None)]
    assert moved[1].at_ms == at("11:54")
    back = _apply(made, {"p": [stay("11:30", "t1-b1"), _implied(moved[1])]})  # the boarding of b2 was voided
    assert sorted((s.void or "", s.at_ms) for s in back) == [("", at("11:50")), (moved[1].id, at("11:54"))]
    assert len({s.id for s in (*first, *moved, *back)}) == 5


@given(st.permutations(["11:30 t1-b1", "11:33 church", "11:35 t1-b2", "11:36 t1-b1", "11:52 mill"]))
def test_any_order_of_the_same_facts_implies_the_same(order: list[str]) -> None:
    """After each fact arrivals are settled again; what stands in the end does not depend on the order."""
    made: Made = {}
    stays: list[Stay] = []
    for fact in order:
        clock, place = fact.split()
        stays.append(stay(clock, place, f"scan-{clock}"))
        for sighting in _apply(made, {"p": stays}):
            if sighting.void is None:
                stays.append(_implied(sighting))
            else:
                gone = sighting.void.encode()
                stays[:] = [one for one in stays if one.id != gone]
    assert [(s.place, s.at_ms) for s in sorted(stays) if s.implied] == [("mill", at("11:50"))]


def test_runs_settle_in_the_order_of_their_arrival() -> None:
    """Not in that of the file."""
    logs = {run.id: Log(run=run.id) for run in DAY.runs}
    for run, clock in (("t1-b2", "11:48"), ("t1-b1", "11:50")):
        letters = (("B", "11:20"), ("D", "11:40"), ("E", clock))
        logs[run] = Log(run=run, steps=tuple(Taken(letter=x, at_ms=at(c), by="c") for x, c in letters))
    assert [run.id for _, run in arrived(DAY, logs)] == ["t1-b2", "t1-b1"]


def _apply(made: Made, histories: dict[str, list[Stay]]) -> list[Sighting]:
    settled = settle(DAY, LANDED, histories=histories, made=made)
    for run, arrivals in settled.arrivals.items():
        kept = {(one.person, one.nth): one for one in [*made.get(run, []), *arrivals]}
        made[run] = list(kept.values())
    return list(settled.sightings)


def _implied(sighting: Sighting) -> Stay:
    return Stay(sighting.at_ms, sighting.id.encode(), sighting.place, implied=True)
