"""What `up` loads: the files given, else at the first start of a simulated day the example."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import inloop
from inloop.errors import MISUSED, Stop
from inloop.loading import load_people, load_programme
from inloop.up.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkin.wiring import CheckIn
    from transport.wiring import Transport

EXAMPLE = "examples/almelo"


def load(options: Options, checkin: CheckIn, transport: Transport, say: Callable[[str], None]) -> None:
    """Load what is to be loaded. Raises Stop when there is no programme then, FileErrors for files with mistakes."""
    programme, people = options.programme, options.people
    if not checkin.event and options.simulate is not None and programme is None:
        programme, people = example() / "programme.yaml", people or example() / "people.csv"
    if not checkin.event and programme is None:
        raise Stop(
            "no programme is loaded yet: give --programme FILE, or --simulate 60 for the example day", code=MISUSED
        )
    if programme is not None:
        say(f"loading {programme.name}")
        load_programme(programme, checkin, transport)
    if people is not None:
        say(f"loading {people.name}")
        load_people(people, checkin)


def example() -> Path:
    """The folder of the example day: beside the sources, or where a wheel puts what is shared.

    Raises Stop when it is not there.
    """
    for root in (Path(inloop.__file__).parents[1], Path(sys.prefix) / "share" / "inloop"):
        folder = root / EXAMPLE
        if (folder / "programme.yaml").is_file():
            return folder
    raise Stop("the example day is not on this machine: give --programme FILE and --people FILE", code=MISUSED)
