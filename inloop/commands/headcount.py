"""`inloop headcount`."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from inloop.commands.options import DATA, AsJson, Data, examples, home, print_json
from inloop.errors import MISUSED, Stop

if TYPE_CHECKING:
    from rich.table import Table

    from shared.facts import Headcount
    from shared.programme import Programme

EXAMPLES = examples(
    "inloop headcount",
    "inloop headcount --at 12:05",
    "inloop headcount --at 2024-01-11T12:05:00+01:00 --json",
)


def headcount(
    at: Annotated[
        str | None, typer.Option(help="At this moment of the past: HH:MM of the day, or RFC 3339.", metavar="T")
    ] = None,
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """How many people are where, now or at any moment of the past."""
    from inloop.services import loaded_checkin

    checkin = loaded_checkin(home(data))
    programme = checkin.programme()
    count = checkin.headcount(None if at is None else _past(at, programme, checkin.settings.clock.now_ms()))
    if as_json:
        import msgspec

        print_json(msgspec.to_builtins(count))
        return
    from rich.console import Console

    Console().print(_table(count, programme))


def _past(text: str, programme: Programme, now_ms: int) -> int:
    """The moment in milliseconds. Raises Stop for one that is still to come."""
    at_ms = _moment(text, programme)
    if at_ms > now_ms:
        now = programme.local(now_ms)
        raise Stop(
            f"--at {text} is still to come (it is {now:%Y-%m-%d %H:%M} now): "
            "use a moment of the past, or leave --at out for now",
            code=MISUSED,
        )
    return at_ms


def _moment(text: str, programme: Programme) -> int:
    """Milliseconds of `HH:MM` on the programme's day, or of an RFC 3339 text."""
    from shared import instants

    try:
        local = datetime.combine(programme.date, time.fromisoformat(text), tzinfo=programme.zone)
        return instants.of(local)
    except ValueError:
        pass
    try:
        return instants.to_ms(text)
    except ValueError as error:
        raise Stop(
            f"--at {text}: use HH:MM of the day, or RFC 3339 such as 2024-01-11T12:05:00+01:00", code=MISUSED
        ) from error


def _table(count: Headcount, programme: Programme) -> Table:
    from rich.table import Table

    from shared import instants

    local = programme.local(instants.to_ms(count.at))
    table = Table(title=f"{programme.title.en} · {local:%Y-%m-%d %H:%M}", title_justify="left")
    table.add_column("place")
    for head in ("present", "expected", "capacity"):
        table.add_column(head, justify="right")
    for place in count.places:
        name = f"  {place.name}" if place.kind == "room" else place.name
        table.add_row(
            name, str(place.present), str(place.expected), "" if place.capacity is None else str(place.capacity)
        )
    for run in count.runs:
        if run.aboard:
            table.add_row(f"run {programme.index.runs[run.run].name}", str(run.aboard), "", "")
    table.add_section()
    for word in ("underway", "away", "expected", "registered"):
        table.add_row(word if word != "expected" else "not seen yet", str(getattr(count, word)), "", "")
    if count.missing or count.unconfirmed:
        table.add_section()
        table.add_row("missing", str(count.missing), "", "")
        table.add_row("unconfirmed", str(count.unconfirmed), "", "")
    return table
