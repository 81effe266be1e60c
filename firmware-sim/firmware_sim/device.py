"""The shell around one scanner: a broker, a store and clocks, with the faults that real devices have."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import msgspec

from firmware_sim.faults import Mangler
from firmware_sim.scanner import Limits, Scanner
from firmware_sim.store import FileStore
from shared import topics
from shared.mqtt import Message, Outgoing

SaltMaker = Callable[[], str]


class Pipe(Protocol):
    """What a device needs of `shared.mqtt.Link`."""

    @property
    def connected(self) -> bool:
        """Whether it is connected and subscribed."""

    def start(self) -> None:
        """Connect, and connect again."""

    def stop(self) -> None:
        """Disconnect for good."""

    def take(self, limit: int = ..., timeout: float = ...) -> list[Message]:
        """What came."""

    def send(self, outgoing: Iterable[Outgoing] = ..., *, acks: Iterable[Message] = ...) -> list[int]:
        """Publish, and acknowledge what came."""


Connect = Callable[[str, Sequence[tuple[str, int]], Outgoing], Pipe]
"""Makes an unstarted pipe for a scanner: its id, its subscriptions, its last will."""


class Device:
    """One simulated scanner; called from one thread only.

    `lag_ms` is how far its wall clock is behind the true time. `provisioned` is the configuration it left the workbench
    with. `on_scan(scanner, kind, scan)` is told of every reading that was kept, after it is in the store and before it
    is sent.
    """

    def __init__(
        self,
        name: str,
        *,
        event: str,
        store: Callable[[], FileStore],
        connect: Connect,
        salt: SaltMaker,
        provisioned: dict[str, object],
        on_scan: Callable[[str, str, dict[str, Any]], None],
        limits: Limits | None = None,
        lag_ms: int = 0,
        mangler: Mangler | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self.name = name
        self.face = ""
        self.sent = 0
        self.resent = 0
        self.verdicts: Counter[tuple[str, str]] = Counter()
        self._event = event
        self._open_store = store
        self._connect = connect
        self._salt = salt
        self._provisioned = provisioned
        self._on_scan = on_scan
        self._limits = limits
        self._lag_ms = lag_ms
        self._mangler = mangler
        self._chance = chance
        self.last_verdict: dict[str, Any] = {}
        self._ids_sent: set[str] = set()
        self._scanner: Scanner | None = None
        self._store: FileStore | None = None
        self._pipe: Pipe | None = None
        self._waiting: list[Outgoing] = []
        self._last_ms = 0  # the clock as it was when anything last happened

    @property
    def queued(self) -> int:
        """How many scans have no verdict yet; while the power is off those in the store do not count."""
        return len(self._scanner.pending) if self._scanner else 0

    @property
    def assigned(self) -> bool:
        """Whether it is on, connected, and knows where it stands."""
        return self.connected and self._scanner is not None and bool(self._scanner.config)

    @property
    def connected(self) -> bool:
        """Whether the broker is reached."""
        return self._pipe is not None and self._pipe.connected

    # -- what is done to it ------------------------------------------------------------------------

    def power_on(self, now_ms: int) -> None:
        """Start from what the store holds, and connect."""
        if self._scanner is None:
            self._store = self._open_store()
            saved = self._store.saved()
            saved["config"] = saved["config"] or self._provisioned
            self._scanner = Scanner(saved, self._salt(), now_ms, self._limits)
            self._scanner.tick(now_ms, now_ms - self._lag_ms, True)  # its clock runs on a battery of its own
        self.go_online()

    def power_off(self) -> None:
        """All that is not in the store is gone; the broker publishes the last will."""
        self.go_offline()
        self._scanner = None
        self._store = None

    def go_online(self) -> None:
        """The network is there."""
        if self._pipe is None and self._scanner is not None:
            subscriptions = [
                (topics.verdict(self._event, self.name), 1),
                (topics.scanner_config(self._event, self.name), 1),
            ]
            self._pipe = self._connect(self.name, subscriptions, self._will())
            self._pipe.start()

    def go_offline(self) -> None:
        """The network is gone; what was on the way is lost."""
        if self._pipe is not None:
            self._pipe.send([self._will()])  # what a broker does for a client that vanished
            self._pipe.stop()
            self._pipe = None
            self._waiting = []
            if self._mangler:
                self._mangler.forget()
        if self._scanner is not None and self._scanner.connected:
            self._scanner.connection(False, self._last_ms)

    def read(self, badge: str, at_ms: int, now_ms: int) -> None:
        """A badge came before the reader at `at_ms`, true time; without power nothing happens."""
        if self._scanner is not None:
            self._last_ms = now_ms
            self._do(self._scanner.read(badge, at_ms, at_ms - self._lag_ms, True, now_ms))

    def pump(self, now_ms: int) -> None:
        """Take what came, let time pass, send what is due."""
        if self._scanner is None:
            return
        self._last_ms = now_ms
        if self._scanner.connected != self.connected:
            self._do(self._scanner.connection(self.connected, now_ms))
        came = self._pipe.take(1000, 0) if self._pipe else []
        for message in self._mangler.inward(came) if self._mangler else came:
            self._came(message, now_ms)
        if self._chance and self._chance.random() < 0.01:
            self._scanner.health(self._chance.randint(20, 100), self._chance.randint(-85, -45))
        self._do(self._scanner.tick(now_ms, now_ms - self._lag_ms, True))
        self._send(came)

    # -- what it answers ---------------------------------------------------------------------------

    def _came(self, message: Message, now_ms: int) -> None:
        assert self._scanner is not None  # noqa: S101 (the caller looked)
        try:
            kind = topics.parse(message.topic).kind
            body = msgspec.json.decode(message.payload, type=dict[str, Any])
        except ValueError:
            return  # a scanner lets go what makes no sense
        self._do(self._scanner.message(kind.removeprefix("scanner/"), body, now_ms), body)

    def _do(self, answer: list[tuple[str, str, dict[str, Any]]], verdict: dict[str, Any] | None = None) -> None:
        for verb, what, body in answer:
            if verb == "store":
                self._keep(what, body, verdict or {})
            elif verb == "publish":
                self._publish(what, body)
            else:
                self.face = what

    def _keep(self, what: str, body: dict[str, Any], verdict: dict[str, Any]) -> None:
        assert self._store is not None  # noqa: S101 (a scanner that runs has one)
        self._store.do(what, body)
        if what == "append":
            self._on_scan(self.name, body["kind"], body["scan"])
        elif what == "drop":
            self.last_verdict = verdict
            self.verdicts[(str(verdict.get("outcome")), str(verdict.get("reason")))] += 1

    def _publish(self, what: str, body: dict[str, Any]) -> None:
        payload = msgspec.json.encode(body)
        if what == "state":
            self._waiting.append(Outgoing(topics.scanner_state(self._event, self.name), payload, 1, True))
            return
        self.sent += 1
        self.resent += body["id"] in self._ids_sent
        self._ids_sent.add(body["id"])
        topic = topics.coach_scan if what == "scan/coach" else topics.door_scan
        self._waiting.append(Outgoing(topic(self._event, self.name), payload))

    def _send(self, acks: list[Message]) -> None:
        if self._pipe is None:
            return
        outgoing, self._waiting = self._waiting, []
        if self._mangler:
            outgoing = self._mangler.outward(outgoing)
        if outgoing or acks:
            self._pipe.send(outgoing, acks=acks)

    def _will(self) -> Outgoing:
        state = {"online": False, "checkpoint": self._provisioned.get("checkpoint", "")}
        return Outgoing(topics.scanner_state(self._event, self.name), msgspec.json.encode(state), 1, True)


def provisioned(checkpoint: str, kind: str, direction: str) -> dict[str, object]:
    """The configuration a scanner leaves the workbench with; any that check-in publishes is newer."""
    return {"checkpoint": checkpoint, "kind": kind, "direction": direction, "offline": "admit", "version": 0}


def limits_for(speed: float) -> Limits:
    """A scanner's waits on a clock that runs `speed` times as fast.

    Broker and services do not run faster with the clock: a wait is never shorter than what is polite in real time.
    """
    return Limits(
        first_wait_ms=max(2_000, int(500 * speed)),
        longest_wait_ms=max(30_000, int(5_000 * speed)),
        state_every_ms=max(30_000, int(500 * speed)),
        state_soon_ms=max(5_000, int(250 * speed)),
    )
