"""The truth by the contract's rule, on days small enough to be worked out by hand."""

from datetime import datetime, time

from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_sim.day import plan_day
from firmware_sim.people import Guest
from firmware_sim.truth import Reading, Truth
from shared import instants
from shared.timetable import allowed_places
from tests.support.almelo import almelo, guests, seats_for

PROGRAMME = almelo()
ANNA = Guest(person="anna", badge="A", groups=frozenset({"pijler-sociaal"}), revoked=("A-lost",))
BERT = Guest(person="bert", badge="B", groups=frozenset({"pijler-fysiek"}))


def ms(text: str) -> int:
    """A local time of the day, such as 11:30 or 11:30:05."""
    return instants.of(datetime.combine(PROGRAMME.date, time.fromisoformat(text), tzinfo=PROGRAMME.zone))


def truth(*readings: tuple[str, str, str]) -> Truth:
    """What is true after readings of (local time, checkpoint, badge)."""
    made = [
        Reading(id=f"scan-{number:04d}", badge=badge, checkpoint=checkpoint, at_ms=ms(at))
        for number, (at, checkpoint, badge) in enumerate(readings)
    ]
    return Truth(PROGRAMME, (ANNA, BERT), made)


def place(told: Truth, person: str, at: str) -> str:
    """Where somebody is at a local time."""
    seen = told.whereabouts(ms(at)).get(person)
    return seen.place if seen else "expected"


def test_the_latest_reading_says_where_somebody_is_whatever_the_order_it_came_in() -> None:
    """By the device's time; a reading of the past does not move anybody back."""
    told = truth(("12:10", "hagedoorn-in", "A"), ("09:40", "grote-kerk-in", "A"))
    assert [place(told, "anna", at) for at in ("09:39", "09:40", "12:09", "12:10")] == [
        *("expected", "grote-kerk", "grote-kerk", "hagedoorn")
    ]


def test_out_is_underway_and_away_at_the_end_of_the_day() -> None:
    """The last door's `away_from` decides; out of a room is the location."""
    told = truth(
        ("14:05", "raadzaal-in", "A"), ("15:00", "raadzaal-out", "A"), ("15:59:59", "stadhuis-out", "A"),
        ("14:00", "stadhuis-in", "B"), ("16:00", "stadhuis-out", "B"),
    )  # fmt: skip
    assert [place(told, "anna", at) for at in ("14:30", "15:30", "17:00")] == [
        *("stadhuis.raadzaal", "stadhuis", "underway")
    ]
    assert place(told, "bert", "17:00") == "away"
    assert told.headcount(ms("14:30")).places["stadhuis"] == 2
    assert told.headcount(ms("14:30")).places["stadhuis.raadzaal"] == 1


def test_whoever_is_aboard_when_the_run_arrives_is_at_the_destination() -> None:
    """Implied at the programme's time, unconfirmed ten minutes later, confirmed by a reading at the door."""
    told = truth(("11:35", "coach-h1", "A"), ("11:36", "coach-b1", "B"), ("11:52", "indie-in", "B"))
    assert [place(told, "anna", at) for at in ("11:36", "11:46:59", "11:47")] == ["t1-h1", "t1-h1", "hagedoorn"]
    assert told.unconfirmed(ms("11:56:59")) == frozenset()
    assert told.unconfirmed(ms("11:57")) == {"anna"}
    assert told.headcount(ms("11:40")).places["t1-b1"] == 1


def test_whoever_got_off_before_it_left_is_not_taken_along() -> None:
    """A later reading at a door takes somebody off the run."""
    told = truth(("11:30", "coach-h1", "A"), ("11:39", "grote-kerk-in", "A"))
    assert place(told, "anna", "12:30") == "grote-kerk"


def test_a_coach_belongs_to_the_run_that_opened_last() -> None:
    """The afternoon's boarding is the second run; before anything opened it is the first; after leaving, refused."""
    told = truth(("13:30", "coach-h1", "A"), ("11:05", "coach-b1", "B"))
    assert place(told, "anna", "13:31") == "t2-h1"
    assert place(told, "bert", "11:06") == "t1-b1"
    late = truth(("11:40", "coach-h1", "A"))
    assert late.refused == {"scan-0000": "departed"}
    assert place(late, "anna", "12:00") == "expected"


def test_refused_readings_place_nobody() -> None:
    """A revoked badge, a made-up one and somebody else's code."""
    told = truth(
        ("09:40", "grote-kerk-in", "A-lost"), ("09:41", "grote-kerk-in", "IL1:X"), ("09:42", "grote-kerk-in", "?")
    )
    assert list(told.refused.values()) == ["revoked", "forged", "unknown"]
    assert told.headcount(ms("12:00")).expected == 2


def test_missing_is_who_was_seen_and_did_not_get_through_the_transfer() -> None:
    """Left at the church or lost on the way: missing when the window ends; never seen: not missing but expected."""
    told = truth(("09:40", "grote-kerk-in", "A"), ("11:31", "grote-kerk-out", "A"))
    assert told.missing("t1", ms("11:59:59")) == frozenset()
    assert told.missing("t1", ms("12:00")) == {"anna"}
    assert told.missing_now(ms("12:00")) == {"anna"}


def test_who_reached_it_later_or_went_out_there_is_not_missing() -> None:
    """Underway from the destination is not lost in this transfer; a place of a later transfer is through it too."""
    out = truth(("11:50", "hagedoorn-in", "A"), ("11:55", "hagedoorn-out", "A"))
    assert out.missing("t1", ms("12:00")) == frozenset()
    assert out.missing("t2", ms("14:00")) == {"anna"}
    later = truth(("09:40", "grote-kerk-in", "A"), ("14:20", "raadzaal-in", "A"))
    assert later.missing("t1", ms("14:10")) == {"anna"}
    assert later.missing("t1", ms("14:20")) == frozenset()
    assert later.missing("t2", ms("14:20")) == frozenset()


def test_who_is_away_is_not_missing() -> None:
    """Gone for good is accounted for."""
    told = truth(("09:40", "grote-kerk-in", "A"), ("16:05", "stadhuis-out", "A"))
    assert told.missing("t2", ms("15:00")) == {"anna"}
    assert told.missing("t2", ms("16:05")) == frozenset()


def test_a_strict_door_refuses_who_is_not_expected_there() -> None:
    """From 20 minutes before an item, during it, and in a gap the place before and after."""
    rounds = {"sessie-1-europa", "sessie-2-brede-welvaart"}
    carl = Guest(person="carl", badge="C", groups=frozenset(rounds))
    strict = almelo(
        checkpoints=[
            {"id": "raadzaal-in", "place": "stadhuis.raadzaal", "direction": "in", "policy": "strict"},
            {"id": "indie-in", "place": "indie-almelo", "direction": "in", "policy": "strict"},
            {"id": "hagedoorn-in", "place": "hagedoorn", "direction": "in", "policy": "strict"},
        ],
        scanners=[],
    )
    told = Truth(
        strict,
        (ANNA, BERT, carl),
        [
            Reading(id="scan-0005", badge="C", checkpoint="raadzaal-in", at_ms=ms("14:39:59")),
            Reading(id="scan-0006", badge="C", checkpoint="raadzaal-in", at_ms=ms("14:40")),
            Reading(id="scan-0001", badge="A", checkpoint="indie-in", at_ms=ms("12:05")),
            Reading(id="scan-0002", badge="A", checkpoint="hagedoorn-in", at_ms=ms("12:06")),
            Reading(id="scan-0003", badge="B", checkpoint="indie-in", at_ms=ms("11:09:59")),
            Reading(id="scan-0004", badge="B", checkpoint="indie-in", at_ms=ms("11:45")),
        ],
    )
    assert told.refused.keys() == {"scan-0001", "scan-0003", "scan-0005"}
    assert set(told.refused.values()) == {"not-expected-here"}


PEOPLE = guests(60)
STEPS = plan_day(PROGRAMME, PEOPLE, seats_for(PROGRAMME, PEOPLE), 3)
CHECKPOINTS = {scanner.id: scanner.checkpoint for scanner in PROGRAMME.scanners}
DAY = [
    Reading(id=f"scan-{number:05d}", badge=step.badge, checkpoint=CHECKPOINTS[step.scanner], at_ms=step.at_ms)
    for number, step in enumerate(STEPS)
]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 9 * 60))
def test_everybody_is_in_exactly_one_place_in_whatever_order_things_came(chance: object, minute: int) -> None:
    """`registered = expected + Σ locations + Σ runs + underway + away`, and order and doubling change nothing."""
    at_ms = ms("09:00") + minute * 60_000
    shuffled = DAY + DAY[::7]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    count = Truth(PROGRAMME, PEOPLE, shuffled).headcount(at_ms)
    whole = [*PROGRAMME.index.locations, *PROGRAMME.index.runs]
    assert count.registered == count.expected + count.underway + count.away + sum(count.places[p] for p in whole)
    assert count == Truth(PROGRAMME, PEOPLE, DAY).headcount(at_ms)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(PEOPLE), st.integers(0, 9 * 3600), st.sampled_from(sorted(PROGRAMME.index.places)))
def test_both_opinions_of_who_is_expected_where_are_the_same(guest: Guest, second: int, where: str) -> None:
    """The truth's own reading of the rule agrees with the timetable that the services use."""
    at_ms = ms("09:00") + second * 1000
    allowed = allowed_places(PROGRAMME, guest.groups, at_ms)
    mine = Truth(PROGRAMME, PEOPLE, [])._expected_at(where, guest, at_ms)
    assert where in PROGRAMME.index.runs or mine == (allowed is None or where in allowed)
