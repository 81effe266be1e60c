"""The scanner's own logic: a pure state machine that is to become the firmware.

It is written in the subset of Python that MicroPython runs and imports nothing (tests/unit/firmware_sim holds it to
that). It does no I/O and has no clock: whoever holds it tells it what happened, and does what it answers, in order.

What happened: `read`, `message`, `tick`, `connection`, `health`. After a power cut: a new Scanner from what was saved.
Each answers a list of (verb, what, body):

    ("store", "append", record)   keep this scan: {"kind", "scan"}; before anything else that follows it
    ("store", "drop", {"id"})     its verdict came: forget it
    ("store", "save", {"seq", "config"})
    ("publish", "scan/door" | "scan/coach" | "state", payload)
    ("show", face, body)          admit, warn, refuse (a verdict), wait, stored, offline, full, unreadable, unassigned

Times are whole milliseconds. `now_ms` is monotonic and starts anywhere; `wall_ms` is since 1970, UTC, None when the
device does not know it. A scan is kept and sent again until its verdict came (docs/adr/0005: a PUBACK is no promise).
"""

TYPE_CHECKING = False  # MicroPython has no typing; a type checker takes this as true
if TYPE_CHECKING:
    Output = tuple[str, str, dict[str, object]]

FIRMWARE = "inloop-1"
AGAIN_MS = 3000  # the same badge is not read twice within this, counted from when it was last in view
FRESH_MS = 10000  # a verdict that comes later than this after the reading finds nobody at the display any more
LONGEST_BADGE = 256  # characters (CONTRACT section 5)
MOST_RECENT = 8  # badges remembered for AGAIN_MS


class Limits:
    """What depends on the device and on how fast its clock runs; all times in milliseconds."""

    def __init__(
        self,
        capacity: int = 2000,
        window: int = 20,
        first_wait_ms: int = 2000,
        longest_wait_ms: int = 30000,
        state_every_ms: int = 30000,
        state_soon_ms: int = 5000,
    ) -> None:
        self.capacity = capacity  # scans in the store
        self.window = window  # scans sent on this connection and not answered yet
        self.first_wait_ms = first_wait_ms  # before a scan is sent again; doubles up to the longest
        self.longest_wait_ms = longest_wait_ms
        self.state_every_ms = state_every_ms
        self.state_soon_ms = state_soon_ms  # a longer queue alone is said at most this often


class Pending:
    """A scan whose verdict did not come yet."""

    def __init__(self, kind: str, scan: "dict[str, object]", read_ms: "int | None") -> None:
        self.kind = kind  # "door" or "coach"
        self.scan = scan  # as on the wire, without age_ms
        self.id = scan["id"]
        self.read_ms = read_ms  # None: read before the device restarted, so its age is not known
        self.due_ms = -1  # when to send it again; -1: not sent on this connection
        self.wait_ms = 0

    def payload(self, now_ms: int) -> "dict[str, object]":
        """The scan as it is sent now, with its age; null when that is not known (CONTRACT sections 3 and 8)."""
        payload = dict(self.scan)
        payload["age_ms"] = None if self.read_ms is None else max(0, now_ms - self.read_ms)
        return payload


class Scanner:
    """One scanner. `saved` is {"seq", "config", "records"} from its store, `salt` is new at every start.

    A scan's id is salt and number, so it is unique without a clock; `salt` has 8 to 50 of [A-Za-z0-9._-].
    """

    def __init__(self, saved: "dict[str, object]", salt: str, now_ms: int, limits: "Limits | None" = None) -> None:
        self.limits = limits or Limits()
        self.config = {}  # type: dict[str, object]
        self.pending = []  # type: list[Pending]
        self.seq = 0
        self.connected = False
        self._salt = salt
        self._started_ms = now_ms
        self._flying = 0
        self._recent = []  # type: list[tuple[str, int]]
        self._battery = 100
        self._rssi = -50
        self._synced = False
        self._wall_lead_ms = None  # type: int | None
        self._state_due_ms = now_ms
        self._state_said_ms = now_ms
        self._restore(saved)

    # -- what happened -----------------------------------------------------------------------------

    def read(self, badge: str, read_ms: int, wall_ms: "int | None", synced: bool, now_ms: int) -> "list[Output]":
        """A badge came into view at `read_ms`; `wall_ms` is what the device's clock showed then."""
        self._learn_time(read_ms, wall_ms, synced)
        if not badge or len(badge) > LONGEST_BADGE:
            return [("show", "unreadable", {})]
        if not self.config:
            return [("show", "unassigned", {})]
        if self._in_view(badge, read_ms):
            return []
        if len(self.pending) >= self.limits.capacity:
            return [("show", "full", {"queued": len(self.pending)})]
        self._remember(badge, read_ms)
        out = self._keep(badge, read_ms, self._wall(read_ms), synced)
        out.append(("show", "wait" if self.connected else self._offline_face(), {}))
        if len(self.pending) == self.limits.capacity:
            self._state_due_ms = now_ms
        return out + self._flush(now_ms)

    def tick(self, now_ms: int, wall_ms: "int | None", synced: bool) -> "list[Output]":
        """Time went by."""
        if synced != self._synced:
            self._state_due_ms = now_ms
        self._learn_time(now_ms, wall_ms, synced)
        return self._flush(now_ms)

    def message(self, what: str, body: "dict[str, object]", now_ms: int) -> "list[Output]":
        """A `verdict` or a `config` came; one that makes no sense is let go."""
        if what == "verdict":
            out = self._answered(body, now_ms)
        elif what == "config":
            out = self._configured(body, now_ms)
        else:
            out = []
        return out + self._flush(now_ms)

    def connection(self, up: bool, now_ms: int) -> "list[Output]":
        """The connection came or went; on a new one all that is kept is sent, in order of reading."""
        self.connected = up
        self._flying = 0
        for pending in self.pending:
            pending.due_ms = -1
            pending.wait_ms = 0
        self._state_due_ms = now_ms
        return self._flush(now_ms)

    def health(self, battery: int, rssi: int) -> None:
        """What the next state message says of battery (percent) and radio (dBm)."""
        self._battery = battery
        self._rssi = rssi

    # -- reading -----------------------------------------------------------------------------------

    def _keep(self, badge: str, read_ms: int, wall_ms: int, synced: bool) -> "list[Output]":
        self.seq += 1
        scan = {
            "id": self._salt + "-" + str(self.seq),
            "badge": badge,
            "checkpoint": self.config["checkpoint"],
            "at": rfc3339(wall_ms),
            "synced": synced,
            "seq": self.seq,
        }  # type: dict[str, object]
        kind = str(self.config["kind"])
        self.pending.append(Pending(kind, scan, read_ms))
        self._state_soon(read_ms)
        return [("store", "append", {"kind": kind, "scan": scan})]

    def _in_view(self, badge: str, read_ms: int) -> bool:
        for i in range(len(self._recent)):
            if self._recent[i][0] == badge and read_ms - self._recent[i][1] < AGAIN_MS:
                self._recent[i] = (badge, read_ms)
                return True
        return False

    def _remember(self, badge: str, read_ms: int) -> None:
        kept = [entry for entry in self._recent if entry[0] != badge and read_ms - entry[1] < AGAIN_MS]
        self._recent = kept[-(MOST_RECENT - 1) :]
        self._recent.append((badge, read_ms))

    def _offline_face(self) -> str:
        return "stored" if self.config.get("offline") == "admit" else "offline"

    # -- messages ----------------------------------------------------------------------------------

    def _answered(self, verdict: "dict[str, object]", now_ms: int) -> "list[Output]":
        for i in range(len(self.pending)):
            pending = self.pending[i]
            if pending.id == verdict.get("scan"):
                del self.pending[i]
                if pending.due_ms >= 0:
                    self._flying -= 1
                self._state_soon(now_ms)
                out = [("store", "drop", {"id": pending.id})]  # type: list[Output]
                if pending.read_ms is not None and now_ms - pending.read_ms < FRESH_MS:
                    out.append(("show", str(verdict.get("outcome")), verdict))
                return out
        return []

    def _configured(self, config: "dict[str, object]", now_ms: int) -> "list[Output]":
        version = config.get("version")
        known = self.config.get("version")
        if not isinstance(version, int) or not isinstance(config.get("checkpoint"), str):
            return []
        if config.get("kind") not in ("door", "coach"):
            return []
        if isinstance(known, int) and version <= known:
            return []
        self.config = config
        self._state_due_ms = now_ms
        return [("store", "save", {"seq": self.seq, "config": config})]

    # -- sending -----------------------------------------------------------------------------------

    def _flush(self, now_ms: int) -> "list[Output]":
        if not self.connected:
            return []
        out = self._send(now_ms)
        if now_ms >= self._state_due_ms:
            self._state_due_ms = now_ms + self.limits.state_every_ms
            self._state_said_ms = now_ms
            out.append(("publish", "state", self._state(now_ms)))
        return out

    def _send(self, now_ms: int) -> "list[Output]":
        out = []  # type: list[Output]
        last = len(self.pending) - 1
        for i in range(len(self.pending)):
            pending = self.pending[i]
            if pending.due_ms < 0:
                if self._flying >= self.limits.window:
                    break  # the rest are later readings, and wait their turn
                self._flying += 1
                pending.wait_ms = self.limits.first_wait_ms
            elif now_ms < pending.due_ms:
                continue
            else:
                if i == last and pending.wait_ms == self.limits.first_wait_ms and pending.read_ms is not None:
                    out.append(("show", self._offline_face(), {}))  # connected, but nobody answers
                pending.wait_ms = min(pending.wait_ms * 2, self.limits.longest_wait_ms)
            pending.due_ms = now_ms + pending.wait_ms
            out.append(("publish", "scan/" + pending.kind, pending.payload(now_ms)))
        return out

    def _state_soon(self, now_ms: int) -> None:
        self._state_due_ms = min(self._state_due_ms, max(now_ms, self._state_said_ms + self.limits.state_soon_ms))

    def _state(self, now_ms: int) -> "dict[str, object]":
        return {
            "online": True,
            "firmware": FIRMWARE,
            "checkpoint": self.config.get("checkpoint", ""),
            "queued": len(self.pending),
            "battery": self._battery,
            "rssi": self._rssi,
            "synced": self._synced,
            "uptime_s": (now_ms - self._started_ms) // 1000,
            "at": rfc3339(self._wall(now_ms)),
        }

    # -- time and store ----------------------------------------------------------------------------

    def _learn_time(self, now_ms: int, wall_ms: "int | None", synced: bool) -> None:
        self._synced = synced
        if wall_ms is not None:
            self._wall_lead_ms = wall_ms - now_ms

    def _wall(self, now_ms: int) -> int:
        """The device's idea of the time; without a clock the uptime, which the service does not believe."""
        if self._wall_lead_ms is None:
            return max(0, now_ms - self._started_ms)
        return max(0, now_ms + self._wall_lead_ms)

    def _restore(self, saved: "dict[str, object]") -> None:
        seq = saved.get("seq")
        config = saved.get("config")
        records = saved.get("records")
        if isinstance(seq, int):
            self.seq = seq
        if isinstance(config, dict):
            self.config = config
        for record in records if isinstance(records, list) else []:
            self.pending.append(Pending(record["kind"], record["scan"], None))


def rfc3339(ms: int) -> str:
    """A moment since 1970 as RFC 3339 in UTC with milliseconds (years 1970 to 9999).

    The calendar part is Howard Hinnant's civil_from_days: MicroPython has no datetime.
    """
    seconds, milli = divmod(ms, 1000)
    days, second = divmod(seconds, 86400)
    shifted = days + 719468  # days since 1 March of the year 0
    era, day_of_era = divmod(shifted, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    year = year_of_era + era * 400 + (1 if month <= 2 else 0)
    hour, rest = divmod(second, 3600)
    minute, second = divmod(rest, 60)
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}.{milli:03d}Z"
