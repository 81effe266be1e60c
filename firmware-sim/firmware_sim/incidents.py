"""What goes wrong at the kerb on the day in Almelo, as a script: the same for the same parts and seed. Pure.

| at | what happens |
| --- | --- |
| 11.15–12.10 | a coach park without network for the whole transfer: all from open to close is queued |
| 11.28–11.45, 11.28–12.20 | two coordinators on one queue, both offline, board the same people |
| 11.31 | somebody gets off again |
| 11.32, 11.36 | one person is boarded on two runs |
| 11.33 | a walk-on |
| 11.37, 11.39 | twelve people get into the wrong coach, six of them to another destination |
| 11.41–11.53 | a breakdown on the road: halt, a relief coach, everybody counted again, a wheelchair user among them |
| 11.44 | a coordinator's phone is dead; the second coordinator goes on; its queue comes in at 12.20 |
| 11.56–12.26 | somebody sleeps on in the coach: unconfirmed, found by the empty-coach check |
| 12.06 | a bus late: it comes after the item has begun |
| 13.25, 13.26 | a VIP leaves by car for good, somebody else drives to the next place |
| 13.34 | a bus early |
| 13.44 | a group leader counts one more than was read; settled at arrival |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from firmware_sim.people import chance
from firmware_sim.script import Pen, Script, entrance, reader_of, way_out
from shared.programme import Programme

Persons = tuple[str, ...]
Lists = Mapping[str, Persons]
DRIVER = "the driver has to go"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Who plays which part, by id; `lists` is who has a seat on each run when the day begins.

    Runs of the first transfer, each with the one that its people go on with: `first` breaks down, `second` has two
    coordinators, `park` leaves from where there is no network. `relief` is what `replace` takes as its coach.
    """

    programme: Programme
    lists: Lists
    first: str
    second: str
    park: str
    first_on: str
    second_on: str
    park_on: str
    relief: str | Mapping[str, Any]
    # of the first run
    gets_off: str
    boarded_twice: str
    hand_ticked: Persons
    astray: Persons  # into the second coach, to the same destination
    vip: str
    drives: str
    walk_on: str | None
    # of the second run
    seen_twice: Persons  # by both coordinators
    unheard: Persons  # by the dead phone alone; a door reads the first of them
    sleeper: str
    to_first: Persons  # with the other coach in the second transfer
    late: str  # misses the second transfer
    # of the park
    misdirected: Persons  # into the second coach, to another destination
    vouched: Persons

    def of(self, run: str, *others: str | Persons) -> Persons:
        """Who has a seat on a run, without some."""
        gone = {one for other in others for one in ((other,) if isinstance(other, str) else other)}
        return tuple(person for person in self.lists[run] if person not in gone)

    @property
    def ordinary(self) -> Persons:
        """The runs on which nothing happens."""
        own = {self.first, self.second, self.park, self.first_on, self.second_on, self.park_on}
        return tuple(run.id for run in self.programme.runs if run.id not in own)


def write(parts: Parts, badges: Mapping[str, str], seed: int) -> Script:
    """The script of the whole day; `badges` is the code of each person."""
    pen = Pen(parts.programme, badges, name=f"incident-{seed}")
    _morning(pen, parts, sorted(badges))
    _breakdown(pen, parts)
    _two_phones(pen, parts)
    _no_network(pen, parts)
    _by_car(pen, parts)
    _one_more_counted(pen, parts)
    _early(pen, parts)
    for run in parts.ordinary:
        _ordinary(pen, parts, run)
    return pen.script()


# -- the first transfer ------------------------------------------------------------------------------


def _morning(pen: Pen, parts: Parts, persons: Sequence[str]) -> None:
    door = entrance(parts.programme, parts.programme.run(parts.first).origin)
    pen.read("10:40", door, persons, every_s=2)


def _breakdown(pen: Pen, parts: Parts) -> None:
    """The first coach goes on time without those who went astray, and stands beside the road at 11.41."""
    run, phone, desk = parts.first, "c1", "desk"
    reader = reader_of(parts.programme, parts.programme.run(run).coach)
    own = parts.of(run, parts.astray, parts.boarded_twice, parts.hand_ticked, parts.gets_off)
    pen.step("11:20", phone, run, "open")
    pen.read("11:22", reader, [parts.gets_off, *own[:-3]], every_s=10)
    pen.act("11:31", phone, run, "off", person=parts.gets_off)
    walk_ons = () if parts.walk_on is None else (parts.walk_on,)
    pen.by_hand("11:33", phone, run, walk_ons)
    pen.by_hand("11:34", phone, run, parts.hand_ticked)
    pen.read("11:36", reader, [parts.boarded_twice, *own[-3:]])
    pen.act("11:37", phone, run, "excuse", person=parts.gets_off, why="stays", by="T. de Vries")
    pen.step("11:37:20", phone, run, "last-call")
    riders = len(parts.of(run, parts.astray, parts.gets_off)) + len(walk_ons)
    pen.step("11:38", phone, run, "depart", counted=riders, reason=DRIVER, by="T. de Vries")
    pen.step("11:41", phone, run, "halt", reason="smoke under the bonnet")
    pen.step("11:44:30", desk, run, "replace", coach=parts.relief)
    pen.act("11:52", phone, run, "count", counted=riders, by="T. de Vries")
    pen.step("11:53", phone, run, "depart", by="T. de Vries")
    pen.step("12:06", phone, run, "arrive")
    pen.act("12:07", phone, run, "alight")
    pen.step("12:12", phone, run, "close", empty=True, by="T. de Vries")


def _two_phones(pen: Pen, parts: Parts) -> None:
    """Two coordinators at the second coach; one phone is dead from 11.44, and comes back at 12.20."""
    run, dead, alive = parts.second, "c2a", "c2b"
    pen.no_network(dead, "11:28", "12:20")
    pen.no_network(alive, "11:28", "11:45")
    pen.step("11:20", dead, run, "open")
    pen.by_hand("11:30", dead, run, parts.seen_twice)
    pen.by_hand("11:31:30", dead, run, parts.unheard)
    pen.step("11:43", dead, run, "last-call")
    mistake = pen.act("11:32", alive, run, "aboard", person=parts.boarded_twice)
    pen.by_badge("11:33", alive, run, parts.seen_twice)
    pen.by_badge("11:35:30", alive, run, parts.of(run, parts.seen_twice, parts.unheard), every_s=2)
    pen.by_badge("11:37:15", alive, run, parts.astray)
    pen.by_badge("11:39", alive, run, parts.misdirected)
    riders = len(parts.lists[run]) + len(parts.astray) + len(parts.misdirected)
    pen.act("11:47", alive, run, "count", counted=riders, by="S. Bakker")
    pen.step("11:48", alive, run, "depart", reason="those are on the other phone", by="S. Bakker")
    pen.act("11:50", alive, run, "undo", undoes=mistake, person=parts.boarded_twice)
    pen.step("11:56", alive, run, "arrive")
    _asleep(pen, parts)


def _asleep(pen: Pen, parts: Parts) -> None:
    run, phone, place = parts.second, "c2b", parts.programme.run(parts.second).destination
    read = (*parts.of(run, parts.sleeper, parts.unheard[1:]), *parts.astray, *parts.misdirected)
    pen.read("11:57", entrance(parts.programme, place), read, every_s=2)
    pen.step("12:12", phone, run, "close", empty=True, by="S. Bakker")
    pen.act("12:26", phone, run, "here", person=parts.sleeper, place=place)
    for person in parts.unheard[1:]:
        pen.act("12:27", phone, run, "here", person=person, place=place)
    pen.step("12:28", phone, run, "close", empty=True, by="S. Bakker")


def _no_network(pen: Pen, parts: Parts) -> None:
    """The third coach leaves from where there is no network; somebody nameless comes along."""
    run, phone = parts.park, "c3"
    pen.no_network(phone, "11:15", "12:10")
    own = parts.of(run, parts.misdirected)
    badged = [person for person in own[:-1] if person not in parts.vouched]
    pen.step("11:21", phone, run, "open")
    pen.act("11:28", phone, run, "vouch", persons=list(parts.vouched), leader="R. Smit")
    pen.by_badge("11:30", phone, run, badged)
    pen.by_hand("11:35:20", phone, run, own[-1:])
    pen.act("11:36", phone, run, "nameless", change=1)
    pen.act("11:39", phone, run, "count", counted=len(own) + 1)
    pen.step("11:41", phone, run, "depart", counted=len(own) + 1, reason=DRIVER, by="K. Yilmaz")
    pen.step("11:49", phone, run, "arrive")
    pen.act("11:50", phone, run, "alight")
    pen.step("11:57", phone, run, "close", empty=True, by="K. Yilmaz")


# -- the second transfer -----------------------------------------------------------------------------


def _by_car(pen: Pen, parts: Parts) -> None:
    """The relief coach goes on with the first run's people; who is not coming is settled, so the gate is open."""
    run, phone = parts.first_on, "c1"
    coach = parts.relief if isinstance(parts.relief, str) else parts.programme.run(run).coach
    own = parts.of(run, parts.vip, parts.drives, parts.gets_off)
    pen.step("12:40", "desk", run, "replace", coach=parts.relief)
    pen.step("13:20", phone, run, "open")
    pen.read("13:22", reader_of(parts.programme, coach), own)
    pen.act("13:25", phone, run, "excuse", person=parts.vip, why="away", by="T. de Vries")
    pen.act("13:26", phone, run, "excuse", person=parts.drives, why="own-travel", by="T. de Vries")
    pen.act("13:27", phone, run, "excuse", person=parts.gets_off, why="stays", by="T. de Vries")
    pen.by_hand("13:30", phone, run, parts.to_first)
    riders = (*own, *parts.to_first)
    pen.act("13:36", phone, run, "count", counted=len(riders))
    pen.step("13:38", phone, run, "depart")
    pen.step("13:47", phone, run, "arrive")
    pen.read("13:48", _door_of(parts, run), riders, every_s=2)
    pen.step("13:56", phone, run, "close", empty=True, by="T. de Vries")


def _one_more_counted(pen: Pen, parts: Parts) -> None:
    """The group leader counts one more than was read: the sleeper walked out and got in unread."""
    run, phone = parts.second_on, "c2b"
    planned = parts.programme.run(run)
    walk_ons = () if parts.walk_on is None else (parts.walk_on,)
    own = parts.of(run, parts.to_first, parts.late, parts.sleeper)
    riders = (*own, *parts.misdirected, *walk_ons)
    pen.step("13:20", phone, run, "open")
    pen.by_badge("13:21", phone, run, own, every_s=3)
    pen.by_badge("13:25", phone, run, parts.misdirected)
    pen.by_badge("13:27", phone, run, walk_ons)
    for person in parts.to_first:
        pen.act("13:28", phone, run, "excuse", person=person, why="other-run", to=parts.first_on, by="S. Bakker")
    pen.read("13:40", way_out(parts.programme, planned.origin), [parts.sleeper])
    pen.act("13:44", phone, run, "count", counted=len(riders) + 1, by="L. Visser, group leader")
    pen.step("13:46", phone, run, "depart", reason="one more than was read", by="S. Bakker")
    pen.step("13:55", phone, run, "arrive")
    pen.read("13:57", _door_of(parts, run), [*riders, parts.sleeper], every_s=2)
    pen.act("13:59:30", phone, run, "settle", reason="the badge of one was not read", by="S. Bakker")
    pen.step("14:01", phone, run, "close", empty=True, by="S. Bakker")


def _early(pen: Pen, parts: Parts) -> None:
    """Everybody is there, so it goes."""
    run, phone = parts.park_on, "c3"
    own = parts.of(run, parts.misdirected)
    pen.step("13:18", phone, run, "open")
    pen.read("13:20", reader_of(parts.programme, parts.programme.run(run).coach), own)
    pen.act("13:33", phone, run, "count", counted=len(own))
    pen.step("13:34", phone, run, "depart")
    pen.step("13:42", phone, run, "arrive")
    pen.read("13:43", _door_of(parts, run), own, every_s=2)
    pen.step("13:50", phone, run, "close", empty=True, by="K. Yilmaz")


def _ordinary(pen: Pen, parts: Parts, run: str) -> None:
    """On time, everybody read, counted and got off."""
    programme = parts.programme
    planned, phone, own = programme.run(run), f"c.{run}", parts.lists[run]
    pen.step(_after(programme, planned.open_ms), phone, run, "open")
    pen.read(_after(programme, planned.open_ms, 2), reader_of(programme, planned.coach), own)
    pen.step(_after(programme, planned.depart_ms), phone, run, "depart", counted=len(own))
    pen.step(_after(programme, planned.arrive_ms), phone, run, "arrive")
    pen.act(_after(programme, planned.arrive_ms, 1), phone, run, "alight")
    pen.step(_after(programme, planned.arrive_ms, 3), phone, run, "close", empty=True)


def _after(programme: Programme, at_ms: int, minutes: int = 0) -> str:
    return f"{programme.local(at_ms) + timedelta(minutes=minutes):%H:%M:%S}"


def _door_of(parts: Parts, run: str) -> str:
    return entrance(parts.programme, parts.programme.run(run).destination)


# -- who plays which part ----------------------------------------------------------------------------


FIRST, SECOND, PARK = "t1-b1", "t1-b2", "t1-h1"


def cast(programme: Programme, lists: Lists, seed: int, *, walk_on: str | None = None) -> Parts:
    """Give the parts to people of the passenger lists, by a seed; the runs are those of the day in Almelo.

    Raises ValueError where a run has too few people for its parts, or the programme other runs.
    """
    onwards = _onwards(programme, lists)
    first, second, park = (_both(lists, run, onwards[run], seed) for run in (FIRST, SECOND, PARK))
    (gets_off, twice, *hand), first = _deal(first, 4)
    astray, first = _deal(first, 6)
    (vip, drives), _ = _deal(first, 2)
    seen_twice, second = _deal(second, 6)
    unheard, second = _deal(second, 3)
    (sleeper, late, *moved), _ = _deal(second, 4)
    misdirected, park = _deal(park, 6)
    vouched, _ = _deal(park, 6)
    return Parts(
        programme=programme,
        lists=lists,
        first=FIRST,
        second=SECOND,
        park=PARK,
        first_on=onwards[FIRST],
        second_on=onwards[SECOND],
        park_on=onwards[PARK],
        relief={"name": "R1", "plate": "00-ZZ-99", "seats": 53, "wheelchairs": 2},
        gets_off=gets_off,
        boarded_twice=twice,
        hand_ticked=tuple(hand),
        astray=astray,
        vip=vip,
        drives=drives,
        walk_on=walk_on,
        seen_twice=seen_twice,
        unheard=unheard,
        sleeper=sleeper,
        to_first=tuple(moved),
        late=late,
        misdirected=misdirected,
        vouched=vouched,
    )


def _onwards(programme: Programme, lists: Lists) -> dict[str, str]:
    """The run that most people of each go on with, another one for each."""
    found: dict[str, str] = {}
    for run in (FIRST, SECOND, PARK):
        planned = programme.index.runs.get(run)
        if planned is None:
            raise ValueError(f"the programme has no run {run}: this script is for the day in Almelo")
        ahead = [r.id for r in programme.runs if r.origin == planned.destination and r.id not in found.values()]
        if not ahead:
            raise ValueError(f"no run goes on from {planned.destination}: this script is for the day in Almelo")
        found[run] = max(ahead, key=lambda one: (len({*lists[run]} & {*lists[one]}), one))
    return found


def _both(lists: Lists, run: str, onwards: str, seed: int) -> Persons:
    """Who sits on a run and on the one it goes on with, shuffled."""
    then = frozenset(lists[onwards])
    persons = [person for person in lists[run] if person in then]
    chance(seed, "incidents", run).shuffle(persons)
    return tuple(persons)


def _deal(persons: Persons, count: int) -> tuple[Persons, Persons]:
    if len(persons) < count:
        raise ValueError(f"{len(persons)} people are too few for the parts of a run: it takes {count} more")
    return persons[:count], persons[count:]
