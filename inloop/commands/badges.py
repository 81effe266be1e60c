"""`inloop badges`."""

from pathlib import Path
from typing import Annotated

import typer

from inloop.commands.options import DATA, AsJson, Data, examples, home, print_json, print_lines
from inloop.errors import Stop

EXAMPLES = examples("inloop badges --out badges.pdf")


def badges(
    out: Annotated[Path, typer.Option(help="The PDF to write: A4, eight badges a sheet.", dir_okay=False)],
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Print the badges of everybody: a QR code, the code as text, the name large, the organisation."""
    from rich.console import Console
    from rich.progress import track

    from inloop.badges.sheet import write_sheets
    from inloop.services import loaded_checkin

    if not out.resolve().parent.is_dir():
        raise Stop(f"there is no folder {out.parent}: make it, or give another --out")
    checkin = loaded_checkin(home(data))
    total = checkin.headcount(None).registered
    if not total:
        raise Stop("nobody is loaded yet: inloop load people FILE")
    lines = track(checkin.badges(), "badges", total=total, console=Console(stderr=True), transient=True)
    number = write_sheets(out, lines, title=f"{checkin.event}: badges")
    if as_json:
        print_json({"file": str(out), "badges": number})
    else:
        print_lines(f"{number} badges in {out}: print at 100 %, cut at the lines")
