"""Files into both services: checked as a whole first, so that nothing is half loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import shared.programme
from shared.people import read_people

if TYPE_CHECKING:
    from checkin.wiring import CheckIn
    from transport.wiring import Transport


def load_programme(path: Path, checkin: CheckIn, transport: Transport) -> dict[str, Any]:
    """Load a programme into both services, and give what each reports.

    Raises ProgrammeErrors with all mistakes; OSError when there is no such file.
    """
    raw = path.read_bytes()
    shared.programme.load_programme(raw, name=path.name)  # its mistakes, with the file's name
    return {"checkin": checkin.load_programme(raw), "transport": transport.load_programme(raw)}


def load_people(path: Path, checkin: CheckIn) -> Any:
    """Load people into check-in, from where transport hears of them, and give what it reports.

    Raises PeopleErrors with all mistakes; OSError when there is no such file.
    """
    groups = frozenset(group.id for group in checkin.programme().groups)
    return checkin.load_people(read_people(path, groups=groups))
