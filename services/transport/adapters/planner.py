"""Seats of a large event, allocated beside the consumer: verdicts do not wait for it (docs/adr/0010-picture.md).

Allocating tens of thousands of people takes seconds. A process of its own reads how things are and works it out, behind
everything else that the machine does; what still holds of it afterwards is written in one short transaction.
"""

import multiprocessing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from typing import NamedTuple

import structlog
from sqlalchemy import text

from transport.adapters import changes
from transport.adapters.changes import Standing
from transport.adapters.store import SqlStore
from transport.domain.day import Day
from transport.handlers import seats
from transport.handlers.seats import PLANNING, STALE, Planned

AT_ONCE = 2_000  # cards; so few are allocated in a moment, where they are
REST = 3  # times as long as it took, before the next
Plan = Callable[[str], Sequence[Planned]]
_log = structlog.get_logger(__name__)


class _Working(NamedTuple):
    """A plan that is being worked out: since when in real ms, how far the database was, and by whom."""

    since_ms: int
    stood: Standing
    process: BaseProcess
    answer: Pipe


@dataclass
class Planner:
    """`plan` is what another process does for an event (to be pickled); `real_ms` is real time in milliseconds."""

    plan: Plan
    real_ms: Callable[[], int]
    _working: dict[str, _Working] = field(default_factory=dict)
    _next_ms: int = 0

    def look(self, day: Day, store: SqlStore) -> None:
        """Begin a plan where seats are stale, write one that is ready; in the consumer's writing transaction."""
        working = self._working.get(day.event)
        if working is not None:
            if working.answer.poll() or not working.process.is_alive():
                del self._working[day.event]
                self._take(working, day, store)
        elif self._is_due(day, store):
            if _count(day, store) <= AT_ONCE:
                seats.fill_if_stale(day=day, store=store)
            else:
                self._begin(day, store)

    def stop(self) -> None:
        """Let go of what is being worked out; it is still stale."""
        for working in self._working.values():
            working.process.terminate()

    def _is_due(self, day: Day, store: SqlStore) -> bool:
        return self.real_ms() >= self._next_ms and bool(store.get_meta(seats.stale_key(day)))

    def _begin(self, day: Day, store: SqlStore) -> None:
        store.set_meta(seats.stale_key(day), PLANNING)  # who changes something from now on says so again
        spawn = multiprocessing.get_context("spawn")
        answer, say = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_work, args=(self.plan, day.event, say), daemon=True)
        process.start()
        say.close()
        stood = changes.stands(store.connection, day.event)
        self._working[day.event] = _Working(self.real_ms(), stood, process, answer)

    def _take(self, working: _Working, day: Day, store: SqlStore) -> None:
        """Write what still holds; what does not is worked out again."""
        took_ms = self.real_ms() - working.since_ms
        self._next_ms = self.real_ms() + REST * took_ms
        try:
            planned: Sequence[Planned] = working.answer.recv()
        except EOFError:  # it was killed; the seats are still stale
            _log.warning("seats could not be allocated, trying again", exit=working.process.exitcode)
            return
        finally:
            working.answer.close()
        touched = changes.since(store.connection, day.event, working.stood).persons
        holds = [seats.still(one, touched, day=day, store=store) for one in planned]
        seats.keep(holds, day=day, store=store)
        lacks = any(len(one.changed) < len(was.changed) for one, was in zip(holds, planned, strict=True))
        if store.get_meta(seats.stale_key(day)) == PLANNING:
            store.set_meta(seats.stale_key(day), STALE if lacks else "")
        _log.info("seats allocated", took_ms=took_ms, changed=sum(len(one.changed) for one in holds))


def _work(plan: Plan, event: str, say: Pipe) -> None:
    say.send(plan(event))


def _count(day: Day, store: SqlStore) -> int:
    query = text("SELECT count(*) FROM card WHERE event = :event")
    return int(store.connection.execute(query, {"event": day.event}).scalar_one())
