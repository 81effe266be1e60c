"""The end-to-end promise of a scanner, on a network that loses, doubles and reorders, and with power cuts."""

import copy
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from firmware_sim.scanner import Limits, Scanner

CONFIG = {"checkpoint": "grote-kerk-in", "kind": "door", "version": 1, "offline": "admit"}
BADGES = st.sampled_from(["A", "B", "C", "D", "E", "F"])


class LossyWorld(RuleBasedStateMachine):
    """A scanner with a store, a network that keeps no promise, and a service that answers what reaches it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.boots = 0
        self.records: list[dict[str, Any]] = []
        self.seq = 0
        self.read_scans: dict[str, dict[str, Any]] = {}
        self.first_sent: list[str] = []
        self.to_service: list[dict[str, Any]] = []
        self.to_scanner: list[dict[str, Any]] = []
        self.delivered: dict[str, dict[str, Any]] = {}
        self.answered: set[str] = set()
        self.boot()

    def boot(self) -> None:
        """Start with nothing but what the store holds."""
        self.boots += 1
        self.now += 10_000
        saved = {"seq": self.seq, "config": CONFIG, "records": copy.deepcopy(self.records)}
        self.scanner = Scanner(saved, f"salt-{self.boots:04d}", self.now, Limits(capacity=12, window=3))

    def do(self, out: list[tuple[str, str, dict[str, Any]]]) -> None:
        """Do what the scanner answers, as a shell does."""
        for verb, what, body in out:
            if (verb, what) == ("store", "append"):
                self.records.append(copy.deepcopy(body))
                self.seq = body["scan"]["seq"]
                self.read_scans[body["scan"]["id"]] = copy.deepcopy(body["scan"])
            elif (verb, what) == ("store", "drop"):
                self.records = [record for record in self.records if record["scan"]["id"] != body["id"]]
            elif (verb, what) == ("publish", "scan/door"):
                self.to_service.append(body)
                if body["id"] not in self.first_sent:
                    self.first_sent.append(body["id"])

    @rule(badge=BADGES, later=st.integers(0, 4000))
    def read(self, badge: str, later: int) -> None:
        """A badge comes into view; with room in the store and not the same badge again, it is kept."""
        self.now += later
        before = len(self.read_scans)
        out = self.scanner.read(badge, self.now, 1_700_000_000_000 + self.now, True, self.now)
        self.do(out)
        if out and out[0][1] != "full":
            assert len(self.read_scans) == before + 1

    @rule(later=st.integers(1, 40_000))
    def time_passes(self, later: int) -> None:
        """The scanner's tick."""
        self.now += later
        self.do(self.scanner.tick(self.now, None, True))

    @rule(up=st.booleans())
    def connection(self, up: bool) -> None:
        """The network comes or goes."""
        self.do(self.scanner.connection(up, self.now))

    @rule(data=st.data(), keep=st.booleans())
    def a_scan_arrives(self, data: st.DataObject, keep: bool) -> None:
        """Any of those on the way, in any order; where it stays on the way it comes twice."""
        if self.to_service:
            scan = self.to_service[data.draw(st.integers(0, len(self.to_service) - 1))]
            if not keep:
                self.to_service.remove(scan)
            self.serve(scan)

    def serve(self, scan: dict[str, Any]) -> None:
        """The service: the first of an id stands, every one is answered."""
        content = {name: value for name, value in scan.items() if name != "age_ms"}
        assert self.delivered.setdefault(scan["id"], content) == content
        self.to_scanner.append({"scan": scan["id"], "outcome": "admit"})

    @rule(data=st.data(), keep=st.booleans())
    def a_verdict_arrives(self, data: st.DataObject, keep: bool) -> None:
        """Any of those on the way, in any order, perhaps twice."""
        if self.to_scanner and self.scanner.connected:
            verdict = self.to_scanner[data.draw(st.integers(0, len(self.to_scanner) - 1))]
            if not keep:
                self.to_scanner.remove(verdict)
            self.answered.add(verdict["scan"])
            self.do(self.scanner.message("verdict", verdict, self.now))

    @rule()
    def the_network_loses_everything(self) -> None:
        """All that is on the way is gone."""
        self.to_service.clear()
        self.to_scanner.clear()

    @rule()
    def power_cut(self) -> None:
        """The scanner starts again from its store."""
        self.boot()

    @invariant()
    def nothing_is_invented(self) -> None:
        """What was delivered was read, with that content."""
        for scan_id, scan in self.delivered.items():
            assert self.read_scans[scan_id] == scan

    @invariant()
    def the_store_holds_what_has_no_verdict_yet(self) -> None:
        """Exactly that, and the scanner knows the same."""
        kept = [record["scan"]["id"] for record in self.records]
        assert kept == [scan_id for scan_id in self.read_scans if scan_id not in self.answered]
        assert kept == [pending.id for pending in self.scanner.pending]

    @invariant()
    def first_sendings_are_in_order_of_reading(self) -> None:
        """A scan is never sent for the first time before one that was read earlier."""
        order = [scan_id for scan_id in self.read_scans if scan_id in self.first_sent]
        assert self.first_sent == order

    def teardown(self) -> None:
        """Once the network holds, every badge that was read is delivered, and the store becomes empty."""
        self.do(self.scanner.connection(True, self.now))
        for _ in range(200):
            while self.to_service:
                self.serve(self.to_service.pop(0))
            while self.to_scanner:
                verdict = self.to_scanner.pop(0)
                self.answered.add(verdict["scan"])
                self.do(self.scanner.message("verdict", verdict, self.now))
            self.now += 1000
            self.do(self.scanner.tick(self.now, None, True))
        assert set(self.delivered) == set(self.read_scans)
        assert self.records == []
        assert self.scanner.pending == []


LossyWorld.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLossyWorld = LossyWorld.TestCase
