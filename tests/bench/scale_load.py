"""Forty coordinators, as one cheap process: what each asks, when, and how long the answers take.

Each request has its moment, and is timed from that moment: what waits behind a slow answer counts as slow.
"""

import asyncio
import json
import threading
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from shared import instants, topics
from shared.mqtt import BrokerAddress, Link, Outgoing
from tests.bench import big_day
from tests.bench.pipeline import scan_at

COORDINATORS = 38
ORGANISERS = 2  # who see everybody's names
SHEET_EACH = 5  # a sheet for so many transfers
BARE_EACH = 5  # a bare answer of the same size for so many
REGISTERED_S = 10.0  # between two newcomers
Took = dict[str, list[float]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the load is made of; `boarding` are (badge, run, person) still to come, `tokens` one for each of the forty.

    `newcomers` are topics and cards of people who are registered while it lasts; `start_ms` is the day's clock at
    `started_s`.
    """

    host: str
    port: int
    broker: BrokerAddress
    tokens: tuple[str, ...]
    runs: tuple[tuple[str, ...], ...]
    boarding: tuple[tuple[str, str, str], ...]
    departing: tuple[str, ...]
    newcomers: tuple[tuple[str, bytes], ...]
    desk: BrokerAddress
    start_ms: int
    started_s: float
    seconds: float

    def now_ms(self) -> int:
        """The clock of the day."""
        return self.start_ms + int((time.time() - self.started_s) * 1000)


@dataclass
class Client:
    """One connection that is kept; `ask` gives status, size and body (of small answers)."""

    plan: Plan
    token: str
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, path: str, body: bytes | None = None) -> tuple[int, int, bytes]:
        """One request; connects again when the server hung up."""
        async with self._lock:
            try:
                return await self._ask(path, body)
            except (ConnectionError, asyncio.IncompleteReadError):
                self._writer = None
                return await self._ask(path, body)

    async def _ask(self, path: str, body: bytes | None) -> tuple[int, int, bytes]:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self.plan.host, self.plan.port, limit=2**20)
        assert self._reader is not None
        head = (
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {self.plan.host}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body or b'')}\r\n\r\n"
        )
        self._writer.write(head.encode() + (body or b""))
        answer = await self._reader.readuntil(b"\r\n\r\n")
        size = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return int(answer[9:12]), size, await self._read(size)

    async def _read(self, size: int) -> bytes:
        assert self._reader is not None
        kept, left = b"", size
        while left:
            piece = await self._reader.read(left)
            if not piece:
                raise ConnectionResetError
            left -= len(piece)
            kept = piece if len(piece) == size else kept
        return kept


class Load:
    """The forty, for a while."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.took: Took = defaultdict(list)
        self.failed: list[str] = []
        self._boarding: Iterator[tuple[str, str, str]] = iter(plan.boarding)
        self._sizes: dict[str, int] = {}

    async def run(self) -> None:
        """All of it at once, and until it ends."""
        plan = self._plan
        clients = [Client(plan, token) for token in plan.tokens]
        reading = [self._coordinator(n, client) for n, client in enumerate(clients)]
        boarding, hands = [Client(plan, plan.tokens[-1]) for _ in range(8)], Client(plan, plan.tokens[-1])
        await asyncio.gather(
            *reading,
            self._each(0.2, lambda nth, due: self._scan(boarding[nth % len(boarding)], due)),
            self._each(1.0, lambda _, due: self._by_hand(hands, due)),
            self._each(1.5, lambda nth, due: self._step(hands, nth, due)),
        )

    async def _coordinator(self, number: int, client: Client) -> None:
        organiser = number >= COORDINATORS
        name = "transfer, all names" if organiser else "transfer, own runs"
        runs = self._plan.runs[number]

        async def once(nth: int, due: float) -> None:
            await self._ask(name, due, client, "/transport/api/v1/transfers/t1")
            if (nth + number) % BARE_EACH == 0 and name in self._sizes:
                await self._ask(f"bare: {name}", time.perf_counter(), client, f"/bare/{self._sizes[name]}")
            elif (nth + number) % SHEET_EACH == 1:
                path = f"/transport/api/v1/runs/{runs[nth % len(runs)]}/sheet"
                await self._ask("sheet", time.perf_counter(), client, path)

        await self._each(1.0, once, offset=number / len(self._plan.tokens))

    async def _each(self, every: float, do: Callable[[int, float], Awaitable[None]], offset: float = 0.0) -> None:
        """Do it at fixed moments; a moment that was missed is made up for, and counts from when it was due."""
        begin = time.perf_counter() + offset
        for nth in range(int(self._plan.seconds / every)):
            due = begin + nth * every
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await do(nth, due)

    async def _ask(self, name: str, due: float, client: Client, path: str, body: bytes | None = None) -> bytes:
        status, size, answer = await client.ask(path, body)
        self.took[name].append((time.perf_counter() - due) * 1000)
        self._sizes[name] = size
        if status != 200:
            self.failed.append(f"{name}: {status} {answer[:200]!r}")
        return answer

    # -- what they do ----------------------------------------------------------------------------------

    async def _scan(self, client: Client, due: float) -> None:
        badge, run, _ = next(self._boarding)
        body = b"[" + scan_at(badge, f"coach-{run.partition('-')[2]}", self._plan.now_ms()) + b"]"
        answer = await self._ask("verdict over HTTP", due, client, "/transport/api/v1/scans", body)
        self._judge(answer)

    def _judge(self, answer: bytes) -> None:
        if b'"outcome":"admit"' not in answer:
            self.failed.append(f"verdict: {answer[:300]!r}")

    async def _by_hand(self, client: Client, due: float) -> None:
        _, run, person = next(self._boarding)
        act = {
            "id": f"act-{time.time_ns()}",
            "run": run,
            "kind": "aboard",
            "person": person,
            "at": instants.to_text(self._plan.now_ms()),
            "age_ms": 0,
            "by": "Bench",
        }
        await self._ask("by hand", due, client, "/transport/api/v1/acts", json.dumps([act]).encode())

    async def _step(self, client: Client, nth: int, due: float) -> None:
        run = self._plan.departing[nth // 2 % len(self._plan.departing)]
        step = "depart" if nth % 2 == 0 else "arrive"
        body = json.dumps({"reason": "the bench says so", "by": "Bench"}).encode()
        await self._ask("step", due, client, f"/transport/api/v1/runs/{run}/{step}", body)


def over_mqtt(plan: Plan, boarding: Iterator[tuple[str, str, str]], took: Took, failed: list[str]) -> None:
    """Five scans a second from a scanner, each timed from its publication to its verdict."""
    link = Link(
        plan.broker, client_id="scanner-5", clean=True, subscriptions=[(topics.verdict(big_day.EVENT, "scanner-5"), 0)]
    )
    link.start()
    link.wait_connected(10)
    begin = time.perf_counter()
    for nth in range(int(plan.seconds * 5)):
        time.sleep(max(0.0, begin + nth * 0.2 - time.perf_counter()))
        badge, run, _ = next(boarding)
        payload = scan_at(badge, f"coach-{run.partition('-')[2]}", plan.now_ms())
        sent = time.perf_counter()
        link.send([Outgoing(topics.coach_scan(big_day.EVENT, "scanner-5"), payload)])
        verdicts = link.take(1, 10)
        took["verdict over MQTT"].append((time.perf_counter() - sent) * 1000)
        if not verdicts or b'"outcome":"admit"' not in verdicts[0].payload:
            failed.append(f"verdict over MQTT: {[one.payload[:300] for one in verdicts]}")
    link.stop()


def registering(plan: Plan) -> None:
    """Somebody new every few seconds, as check-in says it: they have no seat yet."""
    link = Link(plan.desk, client_id="bench-desk", clean=True)
    link.start()
    link.wait_connected(10)
    begin = time.perf_counter()
    for nth, (topic, card) in enumerate(plan.newcomers):
        time.sleep(max(0.0, begin + nth * REGISTERED_S - time.perf_counter()))
        link.send([Outgoing(topic, card, 1)])
    link.stop()


def drive(plan: Plan, commit: Callable[[], None]) -> tuple[Took, list[str]]:
    """The whole load; `commit` is a bare committed insert, timed five times a second beside it."""
    load = Load(plan)
    half = len(plan.boarding) // 2
    beside = [
        threading.Thread(target=over_mqtt, args=(plan, iter(plan.boarding[half:]), load.took, load.failed)),
        threading.Thread(target=_committing, args=(plan, commit, load.took)),
        threading.Thread(target=registering, args=(plan,)),
    ]
    for thread in beside:
        thread.start()
    asyncio.run(load.run())
    for thread in beside:
        thread.join()
    return dict(load.took), load.failed


def _committing(plan: Plan, commit: Callable[[], None], took: Took) -> None:
    begin = time.perf_counter()
    for nth in range(int(plan.seconds * 5)):
        time.sleep(max(0.0, begin + 0.1 + nth * 0.2 - time.perf_counter()))
        started = time.perf_counter()
        commit()
        took["bare: commit"].append((time.perf_counter() - started) * 1000)
