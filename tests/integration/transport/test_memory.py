"""What a process has in memory says what the database says, after whatever happened, and as time goes by."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared import codec, ids, topics
from shared.facts import Sighting
from shared.mqtt import BrokerAddress
from shared.sql.engine import reading
from tests.support.transport import EVENT, PROGRAMME, HandClock, World, at
from transport.adapters.store import SqlStore
from transport.domain.acts import Act
from transport.domain.day import Day
from transport.handlers import alerting, dispatch, sheet, states, views
from transport.handlers.steps import Asked
from transport.settings import Settings
from transport.wiring import Transport, build

PERSONS = ("p1", "p2", "p3", "p4", "s1", "free")
PLACES = ("church", "mill", "hall", "hall.attic", "underway", "away")
RUNS = ("t1-b1", "t1-b2", "t1-b3", "t2-b1", "t2-b2")
NAMED = ("missing", "unconfirmed", "left_behind", "to_come", "own_travel")

Op = tuple[Any, ...]
person, place, run = st.sampled_from(PERSONS), st.sampled_from(PLACES), st.sampled_from(RUNS)
shift = st.sampled_from((-1_800_000, -60_000, -1_000, 0, 0, 3_000, 3_000))
ops = st.one_of(
    st.tuples(st.just("card"), person, st.sampled_from(("north", "south", "")), st.integers(0, 3)),
    st.tuples(st.just("forget"), person),
    st.tuples(st.just("seen"), person, place, shift),
    st.tuples(st.just("seen"), person, place, shift),
    st.tuples(st.just("void"), st.integers(0, 5), person),
    st.tuples(st.just("scan"), person, st.sampled_from(("coach-b1", "coach-b1-out", "coach-b2", "coach-b3"))),
    st.tuples(st.just("scan"), person, st.sampled_from(("coach-b1", "coach-b2"))),
    st.tuples(
        st.just("step"), run, st.sampled_from(("open", "open", "last-call", "depart", "arrive", "halt", "cancel"))
    ),
    st.tuples(st.just("step"), st.sampled_from(("t1-b1", "t1-b3")), st.sampled_from(("open", "depart", "arrive"))),
    st.tuples(
        st.just("act"), run, st.sampled_from(("aboard", "off", "away", "count", "alight", "settle")), person, shift
    ),
    st.tuples(st.just("excuse"), run, st.sampled_from(("own-travel", "stays", "other-run")), person, run, shift),
    st.tuples(st.just("undo"), st.integers(0, 5), shift),
    st.tuples(st.just("late"), run, st.integers(0, 40)),
    st.tuples(st.just("ride"), person, st.sampled_from(("t1-b1", "t1-b2")), st.booleans()),
    st.tuples(st.just("fill")),
    st.tuples(st.just("wait"), st.sampled_from((3_000, 3_000, 59_000, 600_000, 600_000, 1_800_000))),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database of the small day, to be copied for each example."""
    folder: Path = tmp_path_factory.mktemp("template")
    transport = _service(folder, HandClock())
    transport.migrate()
    transport.load_programme(PROGRAMME)
    transport.engine.dispose()
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the copies go."""
    return iter(lambda: tmp_path_factory.mktemp("day"), None)


def _service(folder: Path, clock: HandClock) -> Transport:
    return build(
        Settings(
            data=folder,
            database=f"sqlite:///{folder / 'transport.db'}",
            mqtt=BrokerAddress("127.0.0.1"),
            event=None,
            clock=clock,
            auto_steps=False,
            log_level="info",
            instance="1",
            share=False,
        )
    )


class Doing:
    """Does what an example says, and compares."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.clock.now = at("11:25")
        self.transport = _service(folder, self.clock)
        self.world = World(self.transport, self.clock, self.transport.consumer())
        self.seen: list[Sighting] = []
        self.acts: list[Act] = []
        self.world.cards(*((p, "south" if p == "s1" else "" if p == "free" else "north", "Ede", "") for p in PERSONS))
        self.world.settle()

    def do(self, op: Op) -> None:
        """One thing that happens."""
        getattr(self, f"_{op[0]}")(*op[1:])

    def _card(self, one: str, group: str, rev: int) -> None:
        self.world.cards((one, group, "Oss", "rolstoel" if rev == 3 else ""), rev=rev)

    def _forget(self, one: str) -> None:
        self.world.give((topics.person(EVENT, one), b""))

    def _seen(self, one: str, where: str, ms: int) -> None:
        self._tell(one, where, self.clock.now + ms)

    def _void(self, nth: int, one: str) -> None:
        if self.seen:
            gone = self.seen[-1 - nth % len(self.seen)]
            self._tell(gone.person if nth % 2 else one, gone.place, self.clock.now, void=gone.id)

    def _tell(self, one: str, where: str, at_ms: int, void: str | None = None) -> None:
        sighting = Sighting(
            id=ids.new_id(), event=EVENT, person=one, place=where, at_ms=at_ms, how="scanned", source="checkin",
            void=void, sequence=len(self.seen) + 1,
        )  # fmt: skip
        self.seen.append(sighting)
        self.world.give((topics.sighting(EVENT, "checkin"), codec.encode_sighting(sighting)))

    def _scan(self, one: str, checkpoint: str) -> None:
        clock = f"{self.transport.programme().local(self.clock.now):%H:%M:%S}"
        self.world.scan(f"badge-{one}", checkpoint, clock)

    def _step(self, of: str, step: str) -> None:
        self.transport.step(Asked(of, step, "me", reason="because", empty=True))

    def _ride(self, one: str, of: str, excused: bool) -> None:
        """The whole way, as far as it is open to them; also of somebody who was not waited for."""
        if excused:
            self._excuse(of, "stays", one, of, -1_000)
        self._step(of, "open")
        self._scan(one, f"coach-{of.partition('-')[2]}")
        self._step(of, "depart")
        self._step(of, "arrive")

    def _act(self, of: str, kind: Any, one: str, ms: int) -> None:
        self._say(of, kind, ms, person=None if kind in {"count", "alight", "settle"} else one, counted=2, reason="so")

    def _excuse(self, of: str, why: Any, one: str, to: str, ms: int) -> None:
        self._say(of, "excuse", ms, person=one, why=why, to=to if why == "other-run" else None)

    def _undo(self, nth: int, ms: int) -> None:
        if self.acts:
            gone = self.acts[-1 - nth % len(self.acts)]
            self._say(gone.run, "undo", ms, undoes=gone.id, person=gone.person)

    def _late(self, of: str, minutes: int) -> None:
        depart_ms = self.transport.programme().run(of).depart_ms + minutes * 60_000 + 17_000
        self._say(of, "estimate", 0, depart_ms=depart_ms)

    def _say(self, of: str, kind: Any, ms: int, **more: Any) -> None:
        counted = more.pop("counted", None) if kind == "count" else more.pop("counted", None) and None
        act = Act(id=ids.new_id(), run=of, kind=kind, at_ms=self.clock.now + ms, counted=counted, **more)
        self.acts.append(act)
        self.transport.act([act])

    def _fill(self) -> None:
        self.world.settle()

    def _wait(self, ms: int) -> None:
        self.clock.now += ms

    # -- comparing -----------------------------------------------------------------------------------

    def compare(self) -> None:
        """From memory as from the database; and of each run, what was published last is how it stands."""
        self.world.tick()
        with reading(self.transport.engine) as connection:
            store = SqlStore(connection)
            day, now_ms = self.transport._day(store), self.clock.now
            said = {t: views.transfer(t, day=day, store=store, at_ms=None, now_ms=now_ms) for t in ("t1", "t2")}
            sheets = {of: sheet.sheet(of, day=day, store=store, now_ms=now_ms) for of in RUNS}
            cards = {of: sheet.last_call(of, day=day, store=store, now_ms=now_ms) for of in RUNS}
            stands = states.run_states(day=day, store=store, at_ms=now_ms)
            listed = states.passengers(day=day, store=store, at_ms=now_ms)
            desk = dispatch.dispatch(day=day, store=store, now_ms=now_ms)
            alerts = _alerts(day, store, now_ms)
        for transfer, view in said.items():
            assert self.transport.transfer(transfer) == view
            some = self.transport.transfer_now(transfer, sees=lambda of: of == "t1-b1", everybody=False)
            assert msgspec.json.decode(some or b"") == _only(msgspec.json.decode(msgspec.json.encode(view)), {"t1-b1"})
        for of in RUNS:
            found, card = self.transport.sheet(of), self.transport.last_call(of)
            assert found is not None
            assert msgspec.structs.replace(found, rev=0) == msgspec.structs.replace(sheets[of], rev=0)
            assert card == cards[of]
            assert self.transport.run(of) == stands[of]
        assert self.transport.dispatch() == desk
        with self.transport._remembered() as (day, store):
            assert states.run_states(day=day, store=store, at_ms=now_ms) == stands
            assert states.passengers(day=day, store=store, at_ms=now_ms) == listed
            assert _alerts(day, store, now_ms) == alerts
        with reading(self.transport.engine) as connection:
            store = SqlStore(connection)
            some_states = states.run_states(day=day, store=store, at_ms=now_ms, runs=("t1-b1", "t2-b2"))
        assert some_states == {of: stands[of] for of in ("t1-b1", "t2-b2")}
        assert {of: _timeless(self.world.run_state(of)) for of in RUNS} == {of: _timeless(stands[of]) for of in RUNS}
        assert {of: tuple(self.world.listed(of)) for of in RUNS} == {of: listed[of].persons for of in RUNS}


def _alerts(day: Day, store: SqlStore, now_ms: int) -> list[Any]:
    """What needs a human; since when is said by the one that is on already."""
    found = (msgspec.structs.replace(one, since="") for one in alerting._all(day, store, now_ms))
    return sorted(found, key=lambda one: one.alert)


def _timeless(state: Any) -> Any:
    return msgspec.structs.replace(state, at="")


def _only(view: Any, runs: set[str]) -> Any:
    """The view as who may see names of these runs only gets it."""
    for part in (view, *view["legs"], *view["locations"]):
        part.update({name: None for name in NAMED if name in part})
    for leg in view["legs"]:
        for one in leg["runs"]:
            if one["run"] not in runs:
                one.update({name: None for name in NAMED if name in one})
    return view | {"without_seat": None}


@settings(max_examples=15, deadline=None, report_multiple_bugs=False)
@given(happening=st.lists(ops, min_size=1, max_size=12))
def test_memory_says_what_the_database_says(template: Path, folders: Iterator[Path], happening: list[Op]) -> None:
    """After each of many things that happen, in any order: the same numbers, names, sheets, alerts and topics."""
    folder = next(folders)
    shutil.copytree(template, folder, dirs_exist_ok=True)
    doing = Doing(folder)
    try:
        doing.compare()
        for op in happening:
            doing.do(op)
            doing.compare()
    finally:
        doing.transport.engine.dispose()
        shutil.rmtree(folder)
