"""From cards and a coach's scan to a verdict, a sighting and the state of the run."""

from tests.support.transport import World


def test_a_badge_read_in_the_coach_puts_its_person_aboard(world: World) -> None:
    """Cards in, seats out; the run opens; a scan is answered, makes a sighting, and counts."""
    assert world.listed("t1-b1") == ["p1", "p2", "p3", "p6"]
    assert world.listed("t1-b2") == ["p4", "p5"]
    assert world.listed("t1-b3") == ["s1", "s2"]
    world.step("t1-b1", "open", "11:20")
    verdict = world.scan("badge-p1", "coach-b1", "11:25")
    assert (verdict.outcome, verdict.reason, verdict.place, verdict.present) == ("admit", "aboard", "t1-b1", 1)
    assert verdict.line.en == "To The Mill · run B1"
    assert verdict.person is not None
    assert verdict.person.name == "Name of p1"
    world.tick()
    (sighting,) = world.sightings()
    assert (sighting.person, sighting.place, sighting.id) == ("p1", "t1-b1", verdict.scan)
    state = world.run_state("t1-b1")
    assert (state.state, state.listed, state.aboard, state.missing) == ("boarding", 4, 1, 3)
