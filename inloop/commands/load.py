"""`inloop load programme` and `inloop load people`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from inloop.commands.options import DATA, AsJson, Data, examples, home, print_json, print_lines
from inloop.home import Home

app = typer.Typer(no_args_is_help=True, help="Load a programme or a list of people; also while `inloop up` runs.")
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file.", metavar="FILE")]


@app.command("programme", epilog=examples("inloop load programme day.yaml"))
def programme(file: File, data: Data = DATA, as_json: AsJson = False) -> None:
    """Load programme.yaml: places, items, transfers, checkpoints. A file with mistakes changes nothing."""
    from inloop import loading, services

    folder = _made(home(data))
    environ = services.environment_of(folder)
    checkin, transport = services.open_checkin(environ), services.open_transport(environ)
    checkin.migrate()
    transport.migrate()
    _say(loading.load_programme(file, checkin, transport), as_json, f"{file.name} is loaded")


@app.command("people", epilog=examples("inloop load people people.csv", "inloop load people people.xlsx --json"))
def people(file: File, data: Data = DATA, as_json: AsJson = False) -> None:
    """Load people from CSV or a spreadsheet. A file with mistakes changes nothing; who is gone from it is kept."""
    from inloop import loading, services

    checkin = services.loaded_checkin(home(data))
    _say(loading.load_people(file, checkin), as_json, f"{file.name} is loaded")


def _made(folder: Home) -> Home:
    folder.make()
    return folder


def _say(report: Any, as_json: bool, headline: str) -> None:
    import msgspec

    facts = msgspec.to_builtins(report)
    if as_json:
        print_json(facts if isinstance(facts, dict) else {"report": facts})
        return
    numbers = ", ".join(f"{value} {word}" for word, value in facts.items() if isinstance(value, int))
    print_lines(f"{headline}: {numbers}" if numbers else headline)
