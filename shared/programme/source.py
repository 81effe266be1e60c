"""The YAML text as plain data with the line and column of every value, or with its mistakes.

Every scalar stays the text that was written, and the schema says what it must be: so an unquoted 11:30 is not the
number 690, and `no` is not false (both are so in YAML 1.1). Read from events, not composed: composing recurses in C.
"""

from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from shared.files import FileError

Path = tuple[str | int, ...]
Mark = tuple[int, int]
MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = ("", "~", "null", "Null", "NULL")


@dataclass(kw_only=True)
class Source:
    """What the file says: dicts, lists, texts and None; `values` and `keys` have (line, column) from 1 by path."""

    file: str
    data: Any = None
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    errors: list[FileError] = field(default_factory=list)

    def report(self, path: Path, message: str, remedy: str, *, at_key: bool = False) -> None:
        """Note a mistake at a value, or at its key; where it is absent, at the nearest value around it."""
        spot = self.keys.get(path) if at_key else None
        known = next((path[:size] for size in range(len(path), 0, -1) if path[:size] in self.values), ())
        self.report_at(spot or self.values.get(known, (1, 1)), message, remedy, where=where(path))

    def report_at(self, mark: Mark, message: str, remedy: str, *, where: str = "") -> None:
        """Note a mistake at a line and column."""
        line, column = mark
        self.errors.append(
            FileError(file=self.file, line=line, column=column, where=where, message=message, remedy=remedy)
        )


def where(path: Path) -> str:
    """A path as people write it: `locations[1].rooms[0].capacity`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


class _Unreadable(Exception):
    """The rest of the file cannot be understood; the mistake is noted already."""


@dataclass(kw_only=True)
class _Frame:
    """A list or mapping that is being read, and the key that waits for its value."""

    path: Path
    container: dict[str, Any] | list[Any]
    key: str | None = None


class _Builder:
    """Puts the events of one YAML document together."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: list[_Frame] = []

    def take(self, event: yaml.Event) -> None:
        """Take the next event; _Unreadable when nothing after it can be understood."""
        mark = (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
        if isinstance(event, yaml.DocumentStartEvent) and self._source.values:
            self._stop(mark, "a second document starts here", "keep one programme in a file: take the --- out")
        elif isinstance(event, yaml.AliasEvent):
            self._stop(mark, f"*{event.anchor} refers to another value", "write the value itself here")
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, mark)
        elif isinstance(event, yaml.MappingStartEvent):
            self._begin({}, mark)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._begin([], mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()

    def _stop(self, mark: Mark, message: str, remedy: str) -> NoReturn:
        self._source.report_at(mark, message, remedy)
        raise _Unreadable

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        frame = self._open[-1] if self._open else None
        if frame and isinstance(frame.container, dict) and frame.key is None:
            self._key(frame, frame.container, event.value, mark)
        else:
            self._place(None if not event.style and event.value in _NULLS else event.value, mark)

    def _key(self, frame: _Frame, mapping: dict[str, Any], key: str, mark: Mark) -> None:
        path = (*frame.path, key)
        if key in mapping:
            remedy = f"the first is on line {self._source.keys[path][0]}: keep one of the two"
            self._source.report_at(mark, "is written twice", remedy, where=where(path))
        else:
            self._source.keys[path] = mark
        frame.key = key

    def _begin(self, container: dict[str, Any] | list[Any], mark: Mark) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._stop(mark, "is nested too deep", "look for brackets or spaces too many")
        path = self._place(container, mark)
        self._open.append(_Frame(path=path, container=container))

    def _place(self, value: Any, mark: Mark) -> Path:
        path: Path = ()
        if not self._open:
            self._source.data = value
        else:
            path = self._put(self._open[-1], value, mark)
        self._source.values[path] = mark
        return path

    def _put(self, frame: _Frame, value: Any, mark: Mark) -> Path:
        if isinstance(frame.container, list):
            frame.container.append(value)
            return (*frame.path, len(frame.container) - 1)
        if frame.key is None:
            self._stop(mark, "a list or mapping cannot be a name", "write name: value")
        key, frame.key = frame.key, None
        frame.container[key] = value
        return (*frame.path, key)


def read_source(raw: bytes, *, file: str) -> Source:
    """Read the bytes of a YAML file; the mistakes that YAML itself can have are in `errors`."""
    source = Source(file=file)
    if len(raw) > MAX_BYTES:
        source.report_at((1, 1), f"is larger than {MAX_BYTES // 1024} KiB", "is this the programme?")
        return source
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        source.report_at(_end_of(before), "is not UTF-8", "save the file as UTF-8")
        return source
    builder = _Builder(source)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _Unreadable:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        source.report_at(spot, f"is not YAML ({error.problem})", "look at the spaces, colons and quotes here and above")
    except yaml.reader.ReaderError as error:
        source.report_at(_end_of(text[: error.position]), "has a character that YAML does not allow", "take it out")
    return source


def _end_of(text: str) -> Mark:
    lines = text.split("\n")
    return len(lines), len(lines[-1]) + 1
