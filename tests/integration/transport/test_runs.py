"""Runs depart and arrive: people with them, also those who are heard of late; and what a transfer looks like then."""

from shared import codec, topics
from shared.facts import Sync
from tests.support.transport import EVENT, Make, World, at
from transport.handlers.shapes import LegView, TransferView
from transport.handlers.steps import Stepped


def board(world: World, clock: str = "11:25") -> None:
    """t1-b1 and t1-b2 are open, and p1, p2 and p4 get in."""
    for run in ("t1-b1", "t1-b2"):
        world.step(run, "open", "11:20")
    world.scan("badge-p1", "coach-b1", clock)
    world.scan("badge-p2", "coach-b1", clock)
    world.scan("badge-p4", "coach-b2", clock)


def test_an_arrival_brings_its_people_to_the_destination(world: World) -> None:
    """Implied, at the moment of arrival, published once; the run is empty then."""
    board(world)
    world.step("t1-b1", "depart", "11:40")
    stepped = world.step("t1-b1", "arrive", "11:50")
    assert isinstance(stepped, Stepped)
    world.tick()
    implied = [s for s in world.sightings() if s.how == "implied"]
    assert {(s.person, s.place, s.at_ms, s.source) for s in implied} == {
        ("p1", "mill", at("11:50"), "transport"),
        ("p2", "mill", at("11:50"), "transport"),
    }
    assert world.places() == {"p1": "mill", "p2": "mill", "p4": "t1-b2"}
    state = world.run_state("t1-b1")
    assert (state.state, state.listed, state.aboard, state.missing) == ("arrived", 4, 0, 0)
    assert (state.depart_at, state.arrive_at) == ("2024-01-11T10:40:00.000Z", "2024-01-11T10:50:00.000Z")


def test_a_boarding_heard_of_after_the_arrival_arrives_too(world: World) -> None:
    """The scanner was offline in the car park: read at 11:39, heard at 12:10."""
    board(world)
    world.step("t1-b1", "depart", "11:40")
    world.step("t1-b1", "arrive", "11:50")
    world.clock.now = at("12:10")
    verdict = world.scan("badge-p3", "coach-b1", "11:39")
    assert verdict.reason == "aboard"
    assert world.places()["p3"] == "mill"


def test_after_the_arrival_nobody_is_aboard_or_still_to_come(world: World) -> None:
    """The verdict, the run and the headcount say the same: 0; who never came is left behind in the transfer."""
    world.seen("p3", "church", "10:30")
    board(world)
    world.step("t1-b1", "depart", "11:40")
    world.tick()
    assert (world.run_state("t1-b1").aboard, world.run_state("t1-b1").missing) == (2, 2)
    world.step("t1-b1", "arrive", "11:50")
    late, refused = world.scan("badge-p6", "coach-b1", "11:39"), world.scan("badge-p3", "coach-b1", "11:55")
    assert [(one.reason, one.present) for one in (late, refused)] == [("aboard", 0), ("departed", 0)]
    for step, clock in (("", ""), ("close", "12:00")):
        if step:
            world.step("t1-b1", step, clock)
        world.tick()
        state = world.run_state("t1-b1")
        assert (state.aboard, state.missing, state.carried) == (0, 0, 3)
    assert [one.person for one in _leg(_transfer(world, "11:55")).left_behind or ()] == ["p3"]


def test_a_sighting_elsewhere_before_the_arrival_takes_it_back(world: World) -> None:
    """Check-in heard late that p1 was at the church door at 11:38: not at the mill; and a void of that: at the mill."""
    board(world)
    world.step("t1-b1", "depart", "11:40")
    world.step("t1-b1", "arrive", "11:50")
    door = world.seen("p1", "church", "11:38")
    assert world.places()["p1"] == "church"
    world.seen("p1", "church", "11:38", void=door)
    assert world.places()["p1"] == "mill"
    steps = [(s.person, s.void is not None) for s in world.sightings() if s.how == "implied" and s.person == "p1"]
    world.tick()
    assert [voids for _, voids in steps] == [True, False]  # the first went out with the step itself
    assert len({s.id for s in world.sightings() if s.how == "implied" and s.person == "p1"}) == 3


def test_a_boarding_that_is_voided_gives_the_seat_back(world: World) -> None:
    """A host takes the scan back: the list is as it was told, and nobody is aboard."""
    for run in ("t1-b1", "t1-b2"):
        world.step(run, "open", "11:20")
    verdict = world.scan("badge-p6", "coach-b2", "11:25")
    world.seen("p6", "t1-b2", "11:25", void=verdict.scan)
    world.tick()
    assert "p6" in world.listed("t1-b1")
    assert world.listed("t1-b2") == ["p4", "p5"]
    assert world.places() == {}


def test_the_programme_drives_the_runs_of_a_simulated_day(make: Make) -> None:
    """After a pause from 11:00 to 11:51 all steps are taken at their planned times, and people arrive."""
    world = make(auto_steps=True)
    world.cards(("p1", "north", "Almelo", ""), ("p2", "north", "Almelo", ""))
    world.settle()
    world.clock.now = at("11:00")
    world.tick()
    world.clock.now = at("11:51")
    verdict = world.scan("badge-p1", "coach-b1", "11:30")  # came before the next tick, read while it was open
    assert verdict.reason == "aboard"
    world.tick()
    assert world.places() == {"p1": "mill"}
    states = {run: world.run_state(run) for run in ("t1-b1", "t1-b2", "t1-b3", "t2-b1")}
    assert {run: state.state for run, state in states.items()} == {
        "t1-b1": "arrived",
        "t1-b2": "departed",
        "t1-b3": "departed",
        "t2-b1": "planned",
    }
    assert states["t1-b1"].arrive_at == "2024-01-11T10:50:00.000Z"


def test_a_transfer_says_who_is_where_and_who_is_missing(world: World) -> None:
    """The day as a coordinator asks for it: at 11:30, at 11:45, at 12:05, and in the past from the evening."""
    for person in ("p1", "p2", "p3", "p4", "p5", "s1", "free"):
        world.seen(person, "church", "10:30")
    board(world, "11:25")
    world.step("t1-b1", "depart", "11:40")
    world.seen("p5", "underway", "11:42")
    world.step("t1-b2", "depart", "11:44")
    world.step("t1-b1", "arrive", "11:50")
    world.step("t1-b2", "arrive", "11:54")
    world.seen("p1", "mill", "11:52")
    world.clock.now = at("18:00")

    early = _leg(_transfer(world, "11:30"))
    assert (early.listed, early.aboard, early.arrived, early.missing_count) == (6, 3, 0, 0)
    assert [one.person for one in early.runs[0].to_come or ()] == ["p3", "p6"]

    leaving = _leg(_transfer(world, "11:45"))
    assert [one.person for one in leaving.left_behind or ()] == ["p3", "p5"]  # p6 was never seen today

    done = _transfer(world, "12:05")
    leg = _leg(done)
    assert (leg.expected, leg.aboard, leg.arrived, leg.missing_count, leg.unconfirmed_count) == (6, 0, 3, 2, 2)
    missing = {one.person: (one.name, one.place, one.last_place, one.last_at) for one in done.missing or ()}
    assert missing == {
        "p3": ("Name of p3", "church", "church", "2024-01-11T09:30:00.000Z"),
        "p5": ("Name of p5", "underway", "church", "2024-01-11T10:42:00.000Z"),
        "s1": ("Name of s1", "church", "church", "2024-01-11T09:30:00.000Z"),
    }
    assert [one.person for one in leg.unconfirmed or ()] == ["p2", "p4"]
    crowds = {crowd.place: (crowd.before, crowd.left, crowd.arrived) for crowd in done.locations}
    assert crowds == {"church": (7, 4, 0), "mill": (0, 0, 3), "hall": (0, 0, 0)}
    totals = done.totals
    assert (totals.registered, totals.expected, totals.locations, totals.aboard, totals.underway, totals.away) == (
        9,
        2,
        6,
        0,
        1,
        0,
    )


def test_who_got_no_seat_is_named_with_the_reason(world: World) -> None:
    """Seven seats to the mill, eight people: the last one is told to the organiser."""
    world.cards(("p7", "north", "Ede", ""), ("p8", "north", "Oss", ""))
    world.settle()
    view = _transfer(world, "09:30")
    assert view.without_seat_count == 1
    assert [one.why.en for one in view.without_seat or ()] == ["no seat left on this leg"]


def test_newcomers_get_free_seats_once_a_run_is_open_and_nobody_moves(world: World) -> None:
    """Before that everything is filled from scratch."""
    world.step("t1-b1", "open", "11:20")
    before = [world.listed(run) for run in ("t1-b1", "t1-b2")]
    world.cards(("p7", "north", "Zwolle", ""))
    world.settle()
    assert world.listed("t1-b1") == before[0]
    assert world.listed("t1-b2") == [*before[1], "p7"]


def test_the_people_of_a_cancelled_run_are_given_other_seats(world: World) -> None:
    """As far as there are any; nobody else moves."""
    world.step("t1-b1", "open", "11:20")
    world.step("t1-b1", "cancel", "11:22", reason="flat tyre")
    world.settle()
    assert world.listed("t1-b1") == []
    assert len(world.listed("t1-b2")) == 3
    assert _transfer(world, "11:23").without_seat_count == 3


def test_sync_says_our_sightings_again_and_no_others(world: World) -> None:
    """From the sequence asked for."""
    board(world)
    world.seen("p1", "church", "10:30")
    first = world.sightings()[0].sequence
    before = len(world.published)
    world.give((topics.sync(EVENT, "transport"), codec.encode(Sync(since=first, asking="checkin"))))
    again = [codec.decode_sighting(payload) for _, payload, _ in world.published[before:]]
    assert [(s.person, s.source) for s in again] == [("p2", "transport"), ("p4", "transport")]


def test_on_every_connection_we_ask_from_where_we_had_come(world: World) -> None:
    """And say the retained topics again; without a reason they are not said twice."""
    world.seen("p1", "church", "10:30", sequence=41)
    world.tick()
    count = len(world.published)
    world.tick()
    assert len(world.published) == count
    asked = world.consumer.connected()
    assert [(m.topic, codec.decode(m.payload, Sync).since) for m in asked] == [(f"inloop/1/{EVENT}/sync/checkin", 41)]
    world.tick()
    assert len(world.published) == count + 10  # five runs, five lists


def test_a_publication_whose_transaction_failed_is_made_again(world: World) -> None:
    """The database went away at the commit: what was to be published is not taken as said."""
    world.step("t1-b1", "open", "11:20")
    with world.transport.engine.connect() as connection:
        transaction = connection.begin()
        lost = world.consumer.tick(connection)
        transaction.rollback()
    assert lost
    before = len(world.published)
    world.tick()
    assert {topic for topic, _, _ in lost} <= {topic for topic, _, _ in world.published[before:]}


def _transfer(world: World, clock: str) -> TransferView:
    view = world.transport.transfer("t1", at(clock))
    assert view is not None
    return view


def _leg(view: TransferView) -> LegView:
    return next(leg for leg in view.legs if leg.leg == "t1-mill")
