"""How far each person of a run is, by letter: the table of docs/runs.md, case by case."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from shared import missing
from tests.support.runs import log, small_day, stays
from tests.support.transport import at
from transport.domain.acts import Excuse, Marks, Why
from transport.domain.riders import STAGES, Coachload, Rider

DAY = small_day()
RUN = DAY.run("t1-b1")  # church to mill; t1 has ten minutes of grace
CHURCH = "church 10:30"
ABOARD = f"{CHURCH}, t1-b1 11:25"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One person `p` with a seat on t1-b1: what the run did, what was seen of them, what was said."""

    steps: str = "B 11:20"
    seen: str = CHURCH
    told: str | None = "t1-b1"
    has_seat: bool = True
    excuses: Mapping[str, Excuse] = field(default_factory=dict)
    counted: str = ""
    now: str = "11:30"

    def load(self) -> Coachload:
        """The run with them."""
        until = [stay for stay in stays(self.seen) if stay.at_ms <= at(self.now)]
        return Coachload(
            programme=DAY,
            run=RUN,
            log=log("t1-b1", self.steps),
            marks=Marks(excuses=self.excuses, counted_ms=at(self.counted) if self.counted else -1),
            seats=frozenset({"p"}) if self.has_seat else frozenset(),
            told={"p": self.told},
            stays={"p": until},
            rode=frozenset({"p"} if any(stay.implied and stay.place == "mill" for stay in until) else ()),
            beyond=missing.beyond(DAY, DAY.transfer("t1")),
            at_ms=at(self.now),
        )

    def rider(self) -> Rider:
        """How far they are."""
        return self.load().rider("p")


def excused(why: Why, clock: str = "11:35", to: str | None = None) -> dict[str, Excuse]:
    """Somebody said why `p` is not waited for."""
    return {"p": Excuse(run="t1-b1", why=why, to=to, by="M. Jansen", at_ms=at(clock), id="excuse-1")}


LEFT = "B 11:20, D 11:40"
BROKEN = f"{LEFT}, J 11:43"
RELIEVED = f"{BROKEN}, K 11:45"
AGAIN = f"{RELIEVED}, D 11:52"
ARRIVED = f"{LEFT}, E 11:50"
RODE = f"{ABOARD}, mill 11:50 implied"

CASES = {
    "a: has a seat and was not seen today": ("a", Case(seen="")),
    "a: is still at the church": ("a", Case()),
    "a: walked out of the church": ("a", Case(seen=f"{CHURCH}, underway 11:28")),
    "b: a badge was read": ("b", Case(seen=ABOARD)),
    "b: by a hand, and a badge after it": ("b", Case(seen=f"{CHURCH}, t1-b1 11:24 manual, t1-b1 11:25")),
    "c: a coordinator said so": ("c", Case(seen=f"{CHURCH}, t1-b1 11:25 manual")),
    "d: no seat in this transfer, by badge": ("d", Case(seen=ABOARD, told=None)),
    "d: no seat in this transfer, by hand": ("d", Case(seen=f"{CHURCH}, t1-b1 11:25 manual", told=None)),
    "e: had a seat on another run": ("e", Case(seen=ABOARD, told="t1-b2")),
    "e: that goes elsewhere": ("e", Case(seen=ABOARD, told="t1-b3")),
    "f: got off at the kerb": ("f", Case(seen=f"{ABOARD}, church 11:28")),
    "f: got off beside the road": ("f", Case(steps=BROKEN, seen=f"{ABOARD}, underway 11:44", now="11:44")),
    "f: and a relief coach is boarded": ("f", Case(steps=RELIEVED, seen=f"{ABOARD}, underway 11:44", now="11:46")),
    "f: and the coach went on without them": (
        "f",
        Case(steps=f"{BROKEN}, L 11:50", seen=f"{ABOARD}, underway 11:44", now="11:51"),
    ),
    "g: stays here": ("g", Case(excuses=excused("stays"), now="11:36")),
    "g: goes by own means, also after D": ("g", Case(steps=LEFT, excuses=excused("own-travel"), now="11:45")),
    "g: has left for good": ("g", Case(seen=f"{CHURCH}, away 11:28 manual")),
    "g: got off and was excused": ("g", Case(seen=f"{ABOARD}, church 11:28", excuses=excused("stays"), now="11:36")),
    "b: was excused and came after all": (
        "b",
        Case(seen=f"{CHURCH}, t1-b1 11:38", excuses=excused("stays"), now="11:39"),
    ),
    "f: came after all, and got off again": (
        "f",
        Case(seen=f"{CHURCH}, t1-b1 11:37, church 11:38", excuses=excused("stays"), now="11:39"),
    ),
    "h: was still to come at D": ("h", Case(steps=LEFT, now="11:45")),
    "h: walked out of the church, and no further": (
        "h",
        Case(steps=LEFT, seen=f"{CHURCH}, underway 11:38", now="11:45"),
    ),
    "h: a breakdown on the road undoes no D": ("h", Case(steps=BROKEN, now="11:44")),
    "h: nor does a relief coach there": ("h", Case(steps=RELIEVED, now="11:46")),
    "h: the relief coach left them beside the road": (
        "h",
        Case(steps=AGAIN, seen=f"{ABOARD}, underway 11:44", now="11:55"),
    ),
    "h: got off just before D": ("h", Case(steps=LEFT, seen=f"{ABOARD}, church 11:39", now="11:45")),
    "a: it was opened again within two minutes": ("a", Case(steps=f"{LEFT}, H 11:41", now="11:42")),
    "a: a halt at the kerb leaves nobody behind": ("a", Case(steps="B 11:20, J 11:30", now="11:31")),
    "i: E says so, and the grace runs": ("i", Case(steps=ARRIVED, seen=RODE, now="11:59:59")),
    "i: their badge was read there in time": ("i", Case(steps=ARRIVED, seen=f"{RODE}, mill 11:59:59", now="12:30")),
    "i: all at once by hand": ("i", Case(steps=ARRIVED, seen=f"{RODE}, mill 11:51 manual", now="12:30")),
    "i: got out there before E": ("i", Case(steps=ARRIVED, seen=f"{ABOARD}, mill 11:48", now="12:30")),
    "i: rode on a relief coach": (
        "i",
        Case(steps=f"{AGAIN}, E 12:00", seen=f"{ABOARD}, mill 12:00 implied, mill 12:03", now="12:30"),
    ),
    "i: went on with the next run since": (
        "i",
        Case(steps=ARRIVED, seen=f"{RODE}, mill 11:52, t2-b1 13:25", now="13:30"),
    ),
    "j: nobody saw them by the grace": ("j", Case(steps=ARRIVED, seen=RODE, now="12:00")),
    "j: nor since": ("j", Case(steps=f"{ARRIVED}, F 12:20", seen=RODE, now="13:00")),
    "k: unconfirmed, and read there later": ("k", Case(steps=ARRIVED, seen=f"{RODE}, mill 12:01", now="12:30")),
    "k: read there as the grace ended": ("k", Case(steps=ARRIVED, seen=f"{RODE}, mill 12:00", now="12:30")),
    "k: read first somewhere else": ("k", Case(steps=ARRIVED, seen=f"{RODE}, hall 11:55, mill 11:57", now="12:30")),
    "k: left behind, and read at the church's door": (
        "k",
        Case(steps=LEFT, seen=f"{CHURCH}, church 11:45", now="11:46"),
    ),
    "k: left behind, and in the next run": ("k", Case(steps=LEFT, seen=f"{CHURCH}, t1-b2 11:42", now="11:46")),
    "k: is there before the run": ("k", Case(seen=f"{CHURCH}, mill 11:28")),
    "k: had left the coach on the road, and is at the church": (
        "k",
        Case(steps=BROKEN, seen=f"{ABOARD}, church 11:55", now="11:56"),
    ),
    "l: aboard when another coach took it over": ("l", Case(steps=RELIEVED, seen=ABOARD, now="11:46")),
    "l: a count of the old coach is none": ("l", Case(steps=RELIEVED, seen=ABOARD, counted="11:39", now="11:46")),
    "l: a walk-on is carried too": ("l", Case(steps=RELIEVED, seen=ABOARD, told=None, now="11:46")),
    "b: carried, and counted since": ("b", Case(steps=RELIEVED, seen=ABOARD, counted="11:46", now="11:47")),
    "b: read into the relief coach": ("b", Case(steps=RELIEVED, seen=f"{ABOARD}, t1-b1 11:46", now="11:47")),
    "a: replaced at the kerb before they came": ("a", Case(steps="B 11:20, K 11:25", now="11:30")),
}


@pytest.mark.parametrize(("letter", "case"), CASES.values(), ids=CASES.keys())
def test_the_letter(letter: str, case: Case) -> None:
    """What the table says of each case."""
    assert case.rider().letter == letter


def test_every_letter_has_a_case() -> None:
    """All twelve of them."""
    assert {letter for letter, _ in CASES.values()} == set(STAGES) == set("abcdefghijkl")


@pytest.mark.parametrize(
    ("case", "how", "clock"),
    [
        (Case(), None, "10:30"),
        (Case(seen=""), None, None),
        (Case(seen=ABOARD), "scanned", "11:25"),
        (Case(seen=f"{CHURCH}, t1-b1 11:25 manual"), "manual", "11:25"),
        (Case(steps=ARRIVED, seen=RODE, now="11:55"), "implied", "11:50"),
        (Case(steps=LEFT, now="11:45"), None, "10:30"),
    ],
)
def test_how_sure_it_is_and_since_when(case: Case, how: str | None, clock: str | None) -> None:
    """Of who is to come or left behind only when they were seen last: that says nothing of the run."""
    rider = case.rider()
    assert (rider.how, rider.at_ms) == (how, at(clock) if clock else None)


def test_elsewhere_is_said_only_of_who_is_aboard() -> None:
    """Their own run goes to another destination; one to the same destination is not elsewhere."""
    assert CASES["e: that goes elsewhere"][1].rider().elsewhere
    assert not CASES["e: had a seat on another run"][1].rider().elsewhere
    assert not Case(told="t1-b3").rider().elsewhere


def test_an_excuse_is_shown_until_they_come() -> None:
    """With who said so."""
    rider = Case(excuses=excused("other-run", to="t1-b2"), now="11:36").rider()
    assert rider.excuse is not None
    assert (rider.excuse.why, rider.excuse.to, rider.excuse.by) == ("other-run", "t1-b2", "M. Jansen")
    assert Case(seen=f"{CHURCH}, t1-b1 11:38", excuses=excused("stays"), now="11:39").rider().excuse is None


@pytest.mark.parametrize(
    ("case", "is_shown"),
    [
        (Case(), True),
        (Case(seen=ABOARD, has_seat=False, told=None), True),
        (Case(seen=RODE, steps=ARRIVED, has_seat=False, told=None, now="12:00"), True),
        (Case(has_seat=False, excuses=excused("other-run", to="t1-b2"), now="11:36"), True),
        (Case(seen=f"{ABOARD}, church 11:28", has_seat=False, told=None), False),
        (Case(seen=f"{ABOARD}, t1-b2 11:28", has_seat=False), False),
    ],
    ids=["has a seat", "walk-on", "rode along", "excused from here", "walk-on who got off", "went over to another run"],
)
def test_whom_the_list_shows(case: Case, *, is_shown: bool) -> None:
    """Who only got in and out again, without a seat, is on no list of this run."""
    assert [rider.person for rider in case.load().riders()] == (["p"] if is_shown else [])
