"""Mistakes in an organiser's file: where each one is, what is wrong, and what would be right (CONTRACT.md §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from rapidfuzz import fuzz, process


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class FileError:
    """One mistake in a file; `line` and `column` count from 1, `where` is the path to the value or empty."""

    file: str
    line: int
    column: int
    where: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f" {self.where}:" if self.where else ""
        return f"{self.file}:{self.line}:{self.column}{where} {self.message}: {self.remedy}"


class FileErrors(Exception):
    """A file was not loaded, because of the mistakes in `errors`; correct them and load it again."""

    kind: ClassVar[str] = "file"

    def __init__(self, errors: Iterable[FileError]) -> None:
        self.errors: tuple[FileError, ...] = tuple(sorted(set(errors)))
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None when none is like it."""
    best = process.extractOne(word, sorted(known), scorer=fuzz.ratio, score_cutoff=60)
    return best[0] if best else None


def one_of(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """A remedy for an unknown word: the likely one, else all there are while they fit a line, else `otherwise`."""
    choices = sorted(known)
    if likely := did_you_mean(word, choices):
        return f"did you mean {likely}?"
    if choices and len(choices) <= 8:
        return f"write one of {', '.join(choices)}"
    return otherwise


def read_bytes(source: Path | str | bytes) -> bytes:
    """The bytes of a path, or the bytes themselves; OSError when there is no such file."""
    return source if isinstance(source, bytes) else Path(source).read_bytes()
