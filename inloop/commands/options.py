"""Options that several commands have, and how they print."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from inloop.home import Home

Data = Annotated[
    Path, typer.Option("--data", envvar="INLOOP_DATA", help="Folder with the data, logs and secrets.", metavar="DIR")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for another program.")]
DATA = Path("data")


def home(data: Path) -> Home:
    """The data folder of a command."""
    return Home(data.expanduser())


def print_json(facts: Mapping[str, Any]) -> None:
    """One JSON object on standard output."""
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


def print_lines(*lines: str) -> None:
    """Text on standard output, as it is."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def examples(*lines: str) -> str:
    """Examples below a command's help (Markdown, one a line)."""
    return "Examples:\n\n" + "\n\n".join(f"`{line}`" for line in lines)
