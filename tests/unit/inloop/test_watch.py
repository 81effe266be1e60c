"""A child that keeps dying is told, once; what is unlucky now and then is not."""

from inloop.up.supervise import Status
from inloop.up.watch import STEADY_S, Watch, lives


def running(started_s: int, age_s: int = 2) -> dict[str, Status]:
    """One child that looks well."""
    return {"ingest": Status(state="RUNNING", pid=started_s, started_s=started_s, age_s=age_s)}


def down(started_s: int) -> dict[str, Status]:
    """One child that waits for its next start."""
    return {"ingest": Status(state="BACKOFF", pid=0, started_s=started_s, age_s=1)}


def test_a_child_that_is_alive_at_every_look_and_always_another_keeps_dying() -> None:
    """The third start without a steady life between is told, and no later one."""
    watch = Watch()
    told = [watch.look(running(start))[0] for start in (10, 11, 11, 12, 13, 14)]
    assert told == [[], [], [], ["ingest"], [], []]


def test_a_child_that_is_never_seen_alive_keeps_dying() -> None:
    """One that ends at once is told just so."""
    watch = Watch()
    assert [watch.look(down(start))[0] for start in (10, 11, 13)] == [[], [], ["ingest"]]


def test_a_child_that_ran_for_a_while_has_a_clean_record() -> None:
    """Three ends in a long day are three accidents."""
    watch = Watch()
    for start in (1000, 2000, 3000, 4000):
        assert watch.look(running(start)) == ([], [])
        assert watch.look(running(start, STEADY_S)) == ([], [])


def test_a_child_that_recovers_is_told_and_may_be_told_again() -> None:
    """Well again after a steady while; what happens then begins anew."""
    watch = Watch()
    for start in (10, 11, 12):
        watch.look(running(start))
    assert watch.look(running(12, STEADY_S)) == ([], ["ingest"])
    assert watch.look(running(12, STEADY_S + 1)) == ([], [])
    assert [watch.look(running(start))[0] for start in (100, 101)] == [[], ["ingest"]]


def test_a_child_that_was_not_started_is_not_looked_at() -> None:
    """The fleet waits until everything else is ready."""
    waiting = {"fleet": Status(state="STOPPED", pid=0)}
    watch = Watch()
    assert [watch.look(waiting) for _ in range(5)] == [([], [])] * 5
    assert lives(waiting) is None
    assert lives(running(10) | waiting) == {"ingest": 10}


def test_one_child_that_is_down_makes_no_calm() -> None:
    """Readiness counts only while all that were started run."""
    assert lives(running(10) | {"web": Status(state="BACKOFF", pid=0, started_s=9)}) is None
    assert lives({}) is None
