"""Phones at the kerb: what they hold is sent, in order, again until it is answered, and with its own moment."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from firmware_sim.coordinators import WEATHER, Answer, Kerb, Weather, parse_weather
from firmware_sim.script import Pen, Script
from shared import instants
from tests.support import incident_day
from tests.support.transport import HandClock, at

PROGRAMME = incident_day.programme()


class Service:
    """Takes what is posted; `fails` may answer in its place."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, Any, str]] = []
        self.fails: Callable[[], Answer | None] = lambda: None

    def send(self, phone: str, path: str, body: bytes, key: str) -> Answer:
        """Everything is done."""
        said = msgspec.json.decode(body)
        self.came.append((phone, path, said, key))
        failed = self.fails()
        if failed is not None:
            return failed
        if isinstance(said, list):
            return Answer(200, msgspec.json.encode([{"id": one["id"], "outcome": "done"} for one in said]))
        return Answer(200, msgspec.json.encode({"state": "boarding"}))

    def ids(self) -> list[str]:
        """What came, by id, as often as it came."""
        return [one["id"] for _, _, said, _ in self.came if isinstance(said, list) for one in said]


def play(script: Script, service: Service, *, until: str = "12:30", weather: str = "none", seed: int = 1) -> Kerb:
    """Play it to a moment."""
    clock = HandClock()
    clock.now = at("11:00")
    kerb = Kerb(script, send=service.send, clock=clock, weather=parse_weather(weather), seed=seed)
    kerb.play(at(until))
    return kerb


def pen() -> Pen:
    """An empty script."""
    return Pen(PROGRAMME, incident_day.BADGES, name="test")


def test_with_network_a_step_is_asked_for_and_acts_are_handed_in() -> None:
    """Each on its own way, with its own moment and its own id as the key."""
    story = pen()
    story.step("11:20", "c1", "t1-b1", "open", by="M. Jansen")
    count = story.act("11:30", "c1", "t1-b1", "count", counted=4)
    story.read("11:31", "coach-b1", ["n01"])
    story.read("11:32", "church-in", ["n02"])
    service = Service()
    kerb = play(story.script(), service)
    ways = [(phone, path) for phone, path, _, _ in service.came]
    assert ways == [
        ("c1", "/transport/api/v1/runs/t1-b1/open"),
        ("c1", "/transport/api/v1/acts"),
        ("reader.coach-b1", "/transport/api/v1/scans"),
        ("reader.church-in", "/api/v1/scans"),
    ]
    assert service.came[0][2:] == ({"by": "M. Jansen", "at": "2024-01-11T10:20:00.000Z"}, "test.00001")
    assert service.came[1][2] == [
        {
            "id": count,
            "run": "t1-b1",
            "kind": "count",
            "counted": 4,
            "at": "2024-01-11T10:30:00.000Z",
            "age_ms": 0,
        }
    ]
    assert service.came[2][2][0]["badge"] == "badge-n01"
    assert (kerb.waiting, kerb.troubles, kerb.summary()["answers"]) == (0, [], {"200 boarding": 1, "done": 3})


def test_without_network_everything_waits_and_comes_in_together_with_its_age() -> None:
    """A step is an act then."""
    story = pen()
    story.no_network("c1", "11:15", "12:00")
    story.step("11:20", "c1", "t1-b1", "open")
    story.act("11:30", "c1", "t1-b1", "count", counted=4)
    service = Service()
    kerb = play(story.script(), service, until="11:59:59")
    assert (service.came, kerb.waiting) == ([], 2)
    kerb.play(at("12:00"))
    ((_, path, said, _),) = service.came
    assert path.endswith("/acts")
    assert [(one["kind"], one.get("step"), one["age_ms"]) for one in said] == [
        ("step", "open", 40 * 60_000),
        ("count", None, 30 * 60_000),
    ]


def test_what_was_done_before_a_step_is_sent_before_it_is_asked_for() -> None:
    """Also where a busy machine comes to all of it at once."""
    story = pen()
    story.step("11:20", "c1", "t1-b1", "open")
    story.read("11:25", "coach-b1", ["n01", "n02"])
    story.step("11:40", "c1", "t1-b1", "depart")
    service, clock = Service(), HandClock()
    clock.now = at("12:00")
    Kerb(story.script(), send=service.send, clock=clock).play(at("12:00"))
    assert [path.rpartition("/")[2] for _, path, _, _ in service.came] == ["open", "scans", "depart"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_what_was_not_answered_is_sent_again(status: int) -> None:
    """The same again, two seconds later at the earliest."""
    story = pen()
    story.act("11:30", "c1", "t1-b1", "count", counted=4)
    service = Service()
    failures = iter([Answer(status, b"{}"), Answer(status, b"{}")])
    service.fails = lambda: next(failures, None)
    kerb = play(story.script(), service)
    assert (service.ids(), kerb.waiting, kerb.troubles) == (["test.00001"] * 3, 0, [])
    ages = [said[0]["age_ms"] for _, _, said, _ in service.came]
    assert ages == [0, 2000, 4000]


def test_each_step_is_asked_for_on_its_own() -> None:
    """The second is not forgotten with the answer to the first, when both had to wait."""
    story = pen()
    story.step("11:20", "c1", "t1-b1", "open")
    story.step("11:20", "c1", "t2-b1", "open")
    service = Service()
    failures = iter([Answer(503, b"{}")] * 2)
    service.fails = lambda: next(failures, None)
    kerb = play(story.script(), service)
    assert [path.split("/")[-2] for _, path, _, _ in service.came][-2:] == ["t1-b1", "t2-b1"]
    assert len(kerb.answers) == 2


def test_shuffled_acts_come_in_another_order() -> None:
    """A few at a time, each once."""
    story = pen()
    story.no_network("c1", "11:15", "11:45")
    story.by_hand("11:20", "c1", "t1-b1", incident_day.ALMELO)
    service = Service()
    play(story.script(), service, weather="shuffled")
    assert sorted(service.ids()) == [f"test.{n:05}" for n in range(1, 21)] != service.ids()


def test_nobody_there_is_not_an_answer() -> None:
    """The network says it is there, and nobody takes it."""
    story = pen()
    story.step("11:20", "c1", "t1-b1", "open")

    def send(phone: str, path: str, body: bytes, key: str) -> Answer:
        raise ConnectionRefusedError

    clock = HandClock()
    clock.now = at("11:00")
    kerb = Kerb(story.script(), send=send, clock=clock)
    kerb.play(at("11:21"))
    assert kerb.waiting == 1
    assert not kerb.drain(at("11:22"))


def test_a_refused_step_is_an_answer_and_a_refused_request_is_trouble() -> None:
    """409 is what the coordinator sees; 403 says that the token is wrong."""
    story = pen()
    story.step("11:20", "c1", "t1-b1", "depart")
    story.act("11:30", "c1", "t1-b1", "count", counted=4)
    service = Service()
    answers = iter([Answer(409, b'{"letter": "D"}'), Answer(403, b'{"detail": "no"}')])
    service.fails = lambda: next(answers, None)
    kerb = play(story.script(), service)
    assert kerb.answers["test.00001"] == {"status": 409, "letter": "D"}
    assert (kerb.troubles, kerb.waiting) == (["c1: 403 for 1 of acts: no"], 0)


@pytest.mark.parametrize("seed", range(5))
def test_in_bad_weather_everything_comes_in_though_not_once_and_not_in_order(seed: int) -> None:
    """Nothing is lost for good, and a phone's steps keep their place."""
    story = pen()
    story.no_network("c1", "11:15", "11:45")
    for n in range(30):
        story.act(f"11:{20 + n // 2}:{n % 2 * 30:02}", "c1", "t1-b1", "nameless", change=1)
    story.step("11:50", "c1", "t1-b1", "depart")
    service = Service()
    kerb = play(story.script(), service, weather="all", seed=seed)
    assert kerb.drain(at("14:00"))
    assert set(service.ids()) == {f"test.{n:05}" for n in range(1, 31)}
    assert service.ids() != sorted(set(service.ids()))
    asked = [n for n, (_, path, _, _) in enumerate(service.came) if path.endswith("/depart")]
    acts = [n for n, (_, path, _, _) in enumerate(service.came) if path.endswith("/acts")]
    assert min(asked) > max(acts)


def test_the_same_seed_gives_the_same_weather() -> None:
    """Message for message."""
    script = incident_script()
    first, again, other = Service(), Service(), Service()
    for service, seed in ((first, 1), (again, 1), (other, 2)):
        play(script, service, weather="all", seed=seed)
    assert first.came == again.came
    assert first.came != other.came


def incident_script() -> Script:
    """Two phones with something to say."""
    story = pen()
    for phone in ("c1", "c2b"):
        story.by_hand("11:20", phone, "t1-b1", incident_day.ALMELO)
    return story.script()


@pytest.mark.parametrize(
    ("text", "expected"), [("all", set(WEATHER)), ("none", set()), ("loss, delay", {"loss", "delay"})]
)
def test_weather_is_all_none_or_a_list(text: str, expected: set[Weather]) -> None:
    """As faults are."""
    assert parse_weather(text) == expected


def test_other_weather_is_refused_with_what_there_is() -> None:
    """So that the command says it."""
    with pytest.raises(ValueError, match="loss,doubled,delay,shuffled"):
        parse_weather("hail")


def test_moments_are_read_back_as_they_were_written() -> None:
    """To the millisecond."""
    story = pen()
    story.act("11:30:01", "c1", "t1-b1", "count", counted=4)
    service = Service()
    play(story.script(), service)
    assert instants.to_ms(service.came[0][2][0]["at"]) == at("11:30:01")
