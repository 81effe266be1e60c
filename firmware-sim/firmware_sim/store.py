"""A scanner's own store: a file of lines that survives a kill, read back at start."""

import json
from pathlib import Path
from typing import Any

import structlog

_log = structlog.get_logger(__name__)
_COMPACT_AFTER = 500  # lines that say nothing any more


class FileStore:
    """What a scanner keeps: number of the last scan, configuration, and the scans without a verdict.

    One JSON line for each change; the file is written anew when most of it is history. A last line that a kill cut in
    half is left out: what follows from it (sending, showing) did not happen yet. While the disk is full the scanner
    goes on in memory, and the file is written anew at the first change after there is room.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seq = 0
        self._config: dict[str, Any] = {}
        self._records: dict[str, dict[str, Any]] = {}
        self._stale = 0
        self._behind = False  # the file lacks something that is in memory
        self._load()

    def saved(self) -> dict[str, object]:
        """What a scanner starts from."""
        return {"seq": self._seq, "config": self._config, "records": self.records()}

    def records(self) -> list[dict[str, Any]]:
        """The scans without a verdict, in order of reading: {"kind", "scan"} each."""
        return list(self._records.values())

    def do(self, what: str, body: dict[str, Any]) -> None:
        """Carry out one of the scanner's store answers: `append`, `drop` or `save`."""
        self._apply(what, body)
        try:
            if self._behind or self._stale > _COMPACT_AFTER:
                self._compact()
            else:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([what, body]) + "\n")
        except OSError as error:
            if not self._behind:
                _log.error("store cannot be written, kept in memory", scanner=self._path.stem, error=error.strerror)
            self._behind = True

    def _apply(self, what: str, body: dict[str, Any]) -> None:
        if what == "append":
            self._records[body["scan"]["id"]] = body
            self._seq = max(self._seq, body["scan"]["seq"])
        elif what == "drop":
            self._records.pop(body["id"], None)
            self._stale += 2
        else:
            self._seq = max(self._seq, body["seq"])
            self._config = body["config"]
            self._stale += 1

    def _load(self) -> None:
        if not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return
        for line in self._path.read_text(encoding="utf-8").splitlines():
            try:
                what, body = json.loads(line)
            except ValueError:
                continue
            self._apply(what, body)
        try:
            self._compact()
        except OSError as error:
            _log.error("store cannot be written, kept in memory", scanner=self._path.stem, error=error.strerror)
            self._behind = True

    def _compact(self) -> None:
        lines = [["save", {"seq": self._seq, "config": self._config}]]
        lines += [["append", record] for record in self._records.values()]
        fresh = self._path.with_suffix(".new")
        fresh.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        fresh.replace(self._path)
        self._stale = 0
        if self._behind:
            _log.warning("store is written again", scanner=self._path.stem)
        self._behind = False
