"""Settings from the environment: read in one pass, every problem reported at once, nothing defaulted that is secret."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class SettingsErrors(ValueError):
    """One or more settings are missing or wrong; the message lists each with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Reader:
    """Reads settings one after another and remembers what was wrong with each, for `done`."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._problems: list[str] = []

    def get(self, name: str, parse: Callable[[str], T], *, default: T | None = None, hint: str) -> T:
        """The setting `name` through `parse` (which raises ValueError), or its default.

        Where it is missing without a default, or wrong, the problem is kept for `done` and the value must not be used.
        """
        raw = self._environ.get(name)
        if raw is None or raw == "":
            if default is None:
                self._problems.append(f"{name} is not set: {hint}")
            return default  # type: ignore[return-value] # `done` raises before anybody uses it
        try:
            return parse(raw)
        except (ValueError, OSError) as error:
            self._problems.append(f"{name} {error}: {hint}")
            return default  # type: ignore[return-value] # the same

    def done(self) -> None:
        """Raise SettingsErrors when anything was wrong."""
        if self._problems:
            raise SettingsErrors(self._problems)


def whole(text: str) -> int:
    """A whole number of at least 0."""
    number = int(text)
    if number < 0:
        raise ValueError("is below 0")
    return number


def switch(text: str) -> bool:
    """`1` or `0`."""
    if text not in {"0", "1"}:
        raise ValueError("is neither 0 nor 1")
    return text == "1"


def existing_folder(text: str) -> Path:
    """A folder that is there."""
    path = Path(text)
    if not path.is_dir():
        raise ValueError("is not a folder that exists")
    return path
