"""Coordinators' phones at the kerb, played against the HTTP API: own queues, no network for a while, and bad weather.

A phone keeps what it does until it is answered, in order. With network a step is asked for at once; without, it is
queued as an act, as the coordinator's page does it.
"""

import random
import urllib.error
import urllib.request
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import msgspec

from firmware_sim.people import chance
from firmware_sim.script import SECOND_MS, Deed, Script
from shared import instants
from shared.clock import Clock

MOST = 500  # of one request
RETRY_MS = 2 * SECOND_MS  # after a request that was not answered
FIRST_TROUBLE = 500  # of HTTP: 5xx and 429 are to be sent again, whatever else is an answer
TRANSPORT, CHECKIN = "/transport/api/v1", "/api/v1"

Road = Literal["acts", "asked", "scans", "doors"]
Weather = Literal["loss", "doubled", "delay", "shuffled"]
WEATHER: tuple[Weather, ...] = ("loss", "doubled", "delay", "shuffled")


class Answer(NamedTuple):
    """What came back: an HTTP status and its body."""

    status: int
    body: bytes


Send = Callable[[str, str, bytes, str], Answer]
"""Posts `body` to `path` for a phone, with an Idempotency-Key or "". Raises OSError when nobody answers."""


def parse_weather(text: str) -> frozenset[Weather]:
    """Read `all`, `none` or a list such as `loss,delay`. Raises ValueError with what may be written."""
    if text in {"all", "none"}:
        return frozenset(WEATHER if text == "all" else ())
    wanted = [part.strip() for part in text.split(",")]
    if unknown := [part for part in wanted if part not in WEATHER]:
        raise ValueError(f"{', '.join(unknown)}: write all, none, or some of {','.join(WEATHER)}")
    return frozenset(kind for kind in WEATHER if kind in wanted)


class Waiting(NamedTuple):
    """Something on a phone that has no answer yet; `road` is which way it goes."""

    deed: Deed
    road: Road


@dataclass
class Phone:
    """One phone or reader. `chance` decides about its weather; without any kind of it, nothing goes wrong."""

    name: str
    send: Send
    chance: random.Random
    weather: frozenset[Weather] = frozenset()
    answers: dict[str, Any] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    queue: deque[Waiting] = field(default_factory=deque)
    sent: int = 0
    wait_until_ms: int = 0

    def do(self, deed: Deed, *, online: bool) -> None:
        """Something is done on it."""
        roads: Mapping[str, Road] = {"act": "acts", "scan": "scans", "door": "doors"}
        asked: Road = "asked" if online else "acts"
        self.queue.append(Waiting(deed, roads.get(deed.what, asked)))

    def pump(self, now_ms: int) -> None:
        """Send what is due; the phone has network. Who presses a step and sees that it failed presses it again."""
        while self.queue and (now_ms >= self.wait_until_ms or self.queue[0].road == "asked"):
            batch = self._batch()
            pressed = batch[0].road == "asked"
            if self._happens("delay", 0.3) and not pressed:
                self.wait_until_ms = now_ms + self.chance.randint(1, 20) * SECOND_MS
                return
            came = not self._happens("loss", 0.2)
            answer = self._post(batch, now_ms) if came else None
            if answer is not None and not self._happens("loss", 0.2):
                self._answered(batch, answer)
            elif not pressed or (came and answer is None):
                self.wait_until_ms = now_ms + RETRY_MS  # nobody there, or lost on the way: all of it again
                return

    def _happens(self, kind: Weather, share: float) -> bool:
        return kind in self.weather and self.chance.random() < share

    # -- a request -----------------------------------------------------------------------------------

    def _batch(self) -> list[Waiting]:
        """What goes together: as many as there are on one road, a step alone; in bad weather some, in any order."""
        road = self.queue[0].road
        batch = [self.queue[0]]
        for waiting in list(self.queue)[1:MOST]:
            if road == "asked" or waiting.road != road:
                break
            batch.append(waiting)
        if "shuffled" in self.weather and road == "acts":
            self.chance.shuffle(batch)
            batch = batch[: self.chance.randint(1, len(batch))]
        return batch

    def _post(self, batch: Sequence[Waiting], now_ms: int) -> Answer | None:
        path, body, key = request_of(batch, now_ms)
        times = 2 if self._happens("doubled", 0.3) else 1
        answer = None
        for _ in range(times):
            self.sent += 1
            try:
                answer = self.send(self.name, path, body, key)
            except OSError:
                return None
        return None if answer is None or answer.status >= FIRST_TROUBLE or answer.status == 429 else answer

    def _answered(self, batch: Sequence[Waiting], answer: Answer) -> None:
        gone = {waiting.deed.id for waiting in batch}
        self.queue = deque(waiting for waiting in self.queue if waiting.deed.id not in gone)
        decoded = msgspec.json.decode(answer.body)
        if batch[0].road == "asked":
            self.answers[batch[0].deed.id] = {"status": answer.status, **decoded}
        elif answer.status == 200:
            self.answers |= {w.deed.id: one for w, one in zip(batch, decoded, strict=True)}
        else:
            self.troubles.append(f"{answer.status} for {len(batch)} of {batch[0].road}: {decoded.get('detail')}")


def request_of(batch: Sequence[Waiting], now_ms: int) -> tuple[str, bytes, str]:
    """Path, body and Idempotency-Key of a request for things of one road."""
    road, first = batch[0].road, batch[0].deed
    if road == "asked":
        rest = {name: value for name, value in first.body.items() if name not in {"run", "step"}}
        path = f"{TRANSPORT}/runs/{first.body['run']}/{first.body['step']}"
        return path, msgspec.json.encode({**rest, "at": instants.to_text(first.at_ms)}), first.id
    bodies = [_with_moment(waiting.deed, now_ms) for waiting in batch]
    paths = {"acts": f"{TRANSPORT}/acts", "scans": f"{TRANSPORT}/scans", "doors": f"{CHECKIN}/scans"}
    return paths[road], msgspec.json.encode(bodies), ""


def _with_moment(deed: Deed, now_ms: int) -> dict[str, Any]:
    kind = {"kind": "step"} if deed.what == "step" else {}
    age_ms = max(0, now_ms - deed.at_ms)
    return {**kind, **deed.body, "id": deed.id, "at": instants.to_text(deed.at_ms), "age_ms": age_ms}


class Kerb:
    """All phones of a script, played by a clock; `between(now_ms)` is called after each round.

    The same seed gives the same weather. Everything happens at its own moment, however late a busy machine comes to it.
    """

    def __init__(
        self,
        script: Script,
        *,
        send: Send,
        clock: Clock,
        weather: frozenset[Weather] = frozenset(),
        seed: int = 1,
        is_over: Callable[[], bool] = lambda: False,
        between: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.phones = {
            name: Phone(name, send, chance(seed, name, "weather"), weather) for name in sorted(script.phones)
        }
        self._script = script
        self._clock = clock
        self._is_over = is_over
        self._between = between
        self._done = 0

    def play(self, until_ms: int) -> None:
        """Play all that happens up to and at `until_ms`, and send what has network then."""
        while not self._is_over():
            now_ms = min(self._clock.now_ms(), until_ms)
            self._happen(now_ms)
            self._pump_all(now_ms, now_ms)
            self._between(now_ms)
            if now_ms >= until_ms:
                return
            self._clock.sleep_until(min(self._next_ms(now_ms), until_ms))

    def drain(self, limit_ms: int) -> bool:
        """Play on until everything is answered (True), or the clock shows `limit_ms`."""
        while self.waiting and self._clock.now_ms() < limit_ms and not self._is_over():
            self.play(min(self._clock.now_ms() + SECOND_MS, limit_ms))
        return not self.waiting

    @property
    def waiting(self) -> int:
        """How much has no answer yet, on all phones, and what is still to happen."""
        return sum(len(phone.queue) for phone in self.phones.values()) + len(self._script.deeds) - self._done

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by the id of what was done."""
        return {deed: answer for phone in self.phones.values() for deed, answer in phone.answers.items()}

    @property
    def troubles(self) -> list[str]:
        """Whole requests that were refused: something is wrong with the tokens, or with us."""
        return [f"{phone.name}: {trouble}" for phone in self.phones.values() for trouble in phone.troubles]

    def summary(self) -> dict[str, Any]:
        """What was done and how it was answered."""
        answered = Counter(_word(answer) for answer in self.answers.values())
        return {
            "done": self._done,
            "waiting": self.waiting,
            "requests": sum(phone.sent for phone in self.phones.values()),
            "answers": dict(sorted(answered.items())),
            "troubles": self.troubles,
        }

    def _happen(self, now_ms: int) -> None:
        """Do all that is due, however late we come to it; before a step is asked for, what was done before is sent."""
        while self._done < len(self._script.deeds) and self._script.deeds[self._done].at_ms <= now_ms:
            deed = self._script.deeds[self._done]
            online = not self._script.is_offline(deed.phone, deed.at_ms)
            if deed.what == "step" and online:
                self._pump_all(deed.at_ms, now_ms)
            self.phones[deed.phone].do(deed, online=online)
            self._done += 1

    def _pump_all(self, at_ms: int, now_ms: int) -> None:
        for phone in self.phones.values():
            self._pump(phone, at_ms, now_ms)

    def _pump(self, phone: Phone, at_ms: int, now_ms: int) -> None:
        if phone.queue and not self._script.is_offline(phone.name, at_ms):
            phone.pump(now_ms)

    def _next_ms(self, now_ms: int) -> int:
        """When something is to happen next."""
        ahead = [self._script.deeds[self._done].at_ms] if self._done < len(self._script.deeds) else []
        ahead += [one.until_ms for one in self._script.outages if one.until_ms > now_ms]
        ahead += [
            max(phone.wait_until_ms, now_ms + SECOND_MS)
            for phone in self.phones.values()
            if phone.queue and not self._script.is_offline(phone.name, now_ms)
        ]
        return min(ahead, default=2**53)


def _word(answer: Mapping[str, Any]) -> str:
    if "outcome" in answer:
        return str(answer["outcome"])
    return f"{answer['status']} {answer.get('state', '')}".strip()


def send_to(origin: str, tokens: Mapping[str, str], *, timeout_s: float = 20) -> Send:
    """Sends over HTTP to `origin`; `tokens` is the token of each phone, `*` that of all others."""

    def send(phone: str, path: str, body: bytes, key: str) -> Answer:
        token = tokens.get(phone) or tokens.get("*", "")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 (the origin is an argument of the command)
            f"{origin.rstrip('/')}{path}", data=body, headers=headers | ({"Idempotency-Key": key} if key else {})
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310 (the same)
                return Answer(answer.status, answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read())

    return send
