"""Many devices in one process: one thread plays the day's steps and faults, and pumps them all."""

import json
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from firmware_sim.device import Device
from firmware_sim.faults import Switch
from firmware_sim.truth import Reading
from firmware_sim.walk import Step
from shared import instants
from shared.clock import Clock

PAUSE_S = 0.02  # between two rounds over all devices, real seconds: little work when nothing happens
FAST_PAUSE_S = 0.004  # the same where the clock runs so fast that 20 ms are many steps
FAST = 200


class Journal:
    """Every reading that was kept by a device, in the order of keeping; survives a kill.

    What cannot be written (the disk is full) is written with the first reading after there is room.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines: list[dict[str, Any]] = []
        self._unwritten = ""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._load()
        self._ids = {line["scan"]["id"] for line in self._lines}

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, scanner: str, kind: str, scan: dict[str, Any]) -> None:
        """Note a reading; one that is there already changes nothing."""
        if scan["id"] in self._ids:
            return
        line = {"scanner": scanner, "kind": kind, "scan": scan}
        self._lines.append(line)
        self._ids.add(scan["id"])
        text = self._unwritten + json.dumps(line) + "\n"
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError:
            # perhaps a part of it was written: a reading that is there twice is known by its id
            self._unwritten = text if text.startswith("\n") else f"\n{text}"
        else:
            self._unwritten = ""

    def _load(self) -> None:
        if not self._path.exists():
            return
        text = self._path.read_text(encoding="utf-8")
        lines: dict[str, dict[str, Any]] = {}
        for raw in text.splitlines():
            try:
                line = json.loads(raw)
            except ValueError:
                continue  # a kill cut it in half; the scanner's store still has the scan
            lines.setdefault(line["scan"]["id"], line)
        self._lines += lines.values()
        if not text.endswith("\n"):
            with self._path.open("a", encoding="utf-8") as file:
                file.write("\n")

    def readings(self) -> list[Reading]:
        """What the devices believe that they read, and when."""
        return [
            Reading(
                id=line["scan"]["id"],
                badge=line["scan"]["badge"],
                checkpoint=line["scan"]["checkpoint"],
                at_ms=instants.to_ms(line["scan"]["at"]),
            )
            for line in self._lines
        ]


class Cursor:
    """Up to which moment the day was played, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self.played_ms = json.loads(path.read_text())["played_ms"] if path.exists() else 0

    def move(self, played_ms: int) -> None:
        """Everything up to and at this moment happened; where that cannot be written it is tried at the next move."""
        self.played_ms = played_ms
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps({"played_ms": played_ms}))
            fresh.replace(self._path)
        except OSError:
            return  # the devices' stores say it


class Fleet:
    """Plays a timeline on devices. `after_round(now_ms)` is called after each round, for progress and truth."""

    def __init__(
        self,
        devices: Mapping[str, Device],
        *,
        clock: Clock,
        cursor: Cursor,
        stop: threading.Event,
        after_round: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.devices = devices
        self.played = 0
        self._clock = clock
        self._cursor = cursor
        self._stop = stop
        self._after_round = after_round
        self._pause_s = FAST_PAUSE_S if clock.speed >= FAST else PAUSE_S

    def play(self, timeline: Sequence[Step | Switch], until_ms: int) -> None:
        """Play everything from now up to `until_ms`; returns then, or soon after `stop` is set.

        What was due before now, while nobody played, happened without being read: it is passed over. What falls due
        together is played together, in order.
        """
        due = [event.at_ms for event in timeline]
        position = bisect_right(due, max(self._cursor.played_ms, self._clock.now_ms()))
        self._switch_on(timeline[:position])
        while not self._stop.is_set():
            now_ms = min(self._clock.now_ms(), until_ms)
            ready = bisect_right(due, now_ms)
            for event in timeline[position:ready]:
                self._happen(event, now_ms)
            if ready > position:
                self.played += ready - position
                position = ready
                self._cursor.move(now_ms)
            self._round()
            if now_ms >= until_ms or position == len(timeline):
                return

    def drain(self, done: Callable[[], bool]) -> bool:
        """Switch everything on and pump until all stores are empty (True), or `done()` says that it is enough."""
        for device in self.devices.values():
            device.power_on(self._clock.now_ms())
        while not self._stop.is_set() and self.queued() and not done():
            self._round()
        return not self.queued()

    def stay(self) -> None:
        """Go on without steps: the devices say how they are, until `stop` is set."""
        while not self._stop.is_set():
            self._round()

    def close(self) -> None:
        """Switch everything off."""
        for device in self.devices.values():
            device.power_off()

    def queued(self) -> int:
        """Scans without a verdict on the devices that are on."""
        return sum(device.queued for device in self.devices.values())

    def summary(self) -> dict[str, Any]:
        """What was sent and answered since this process started."""
        verdicts: Counter[tuple[str, str]] = Counter()
        for device in self.devices.values():
            verdicts.update(device.verdicts)
        return {
            "sent": sum(device.sent - device.resent for device in self.devices.values()),
            "resent": sum(device.resent for device in self.devices.values()),
            "verdicts": {f"{outcome} {reason}": count for (outcome, reason), count in sorted(verdicts.items())},
            "waiting": self.queued(),
        }

    # -- one round ---------------------------------------------------------------------------------

    def _round(self) -> None:
        now_ms = self._clock.now_ms()
        for device in self.devices.values():
            device.pump(now_ms)
        self._after_round(now_ms)
        self._stop.wait(self._pause_s)

    def _switch_on(self, before: Sequence[Step | Switch]) -> None:
        """Bring every device into the state that the day so far leaves it in."""
        state = {event.scanner: event.to for event in before if isinstance(event, Switch)}
        now_ms = self._clock.now_ms()
        for name, device in self.devices.items():
            if state.get(name) != "off":
                device.power_on(now_ms)
            if state.get(name) == "offline":
                device.go_offline()

    def _happen(self, event: Step | Switch, now_ms: int) -> None:
        device = self.devices[event.scanner]
        if isinstance(event, Step):
            device.read(event.badge, event.at_ms, now_ms)
        elif event.to == "offline":
            device.go_offline()
        elif event.to == "online":
            device.go_online()
        elif event.to == "off":
            device.power_off()
        else:
            device.power_on(now_ms)


def timeline_of(steps: Sequence[Step], switches: Sequence[Switch]) -> list[Step | Switch]:
    """Steps and switches in order of time; a switch goes before a step of the same moment."""
    return sorted([*switches, *steps], key=lambda event: (event.at_ms, isinstance(event, Step)))
