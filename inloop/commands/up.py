"""`inloop up`."""

from pathlib import Path
from typing import Annotated

import typer

from inloop.commands.options import DATA, Data, examples, home
from inloop.errors import MISUSED, Stop

EXAMPLES = examples(
    "inloop up --simulate 60",
    "inloop up --programme day.yaml --people people.xlsx --host 0.0.0.0",
    "inloop up --database postgresql+psycopg://inloop@localhost/inloop",
)


def up(
    data: Data = DATA,
    host: Annotated[str, typer.Option(help="Address to listen on, for pages and scanners.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the pages.", min=1, max=65535)] = 8000,
    mqtt_port: Annotated[
        int | None,
        typer.Option(help="Port of the MQTT broker.  [default: 1883, or the next free one]", min=1, max=65535),
    ] = None,
    programme: Annotated[
        Path | None, typer.Option(help="Load this programme.yaml first.", exists=True, dir_okay=False)
    ] = None,
    people: Annotated[
        Path | None, typer.Option(help="Load these people first (.csv or .xlsx).", exists=True, dir_okay=False)
    ] = None,
    simulate: Annotated[
        float | None,
        typer.Option(help="Play the programme's day with simulated scanners, SPEED times as fast.", metavar="SPEED"),
    ] = None,
    no_simulate: Annotated[
        bool, typer.Option("--no-simulate", help="Real time and real scanners (the default).")
    ] = False,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="INLOOP_DATABASE",
            help="PostgreSQL, such as postgresql+psycopg://user:password@host/name.  [default: SQLite in the folder]",
            metavar="URL",
        ),
    ] = None,
    broker: Annotated[
        str,
        typer.Option(help="auto, mosquitto, embedded, or the address of yours (mqtt://user:password@host:port)."),
    ] = "auto",
) -> None:
    """Run everything on this machine: broker, check-in, transport, pages.

    Says `ready` with a sign-in link for each role when it is. Ctrl-C stops all of it; starting again carries on with
    the same data.
    """
    if simulate is not None and no_simulate:
        raise Stop("--simulate and --no-simulate do not go together: leave one out", code=MISUSED)
    if simulate is not None and not 0 < simulate <= 3600:
        raise Stop(f"--simulate {simulate:g}: use a speed above 0 and up to 3600, such as 60", code=MISUSED)
    from inloop.up.options import Options
    from inloop.up.run import up as run
    from inloop.up.screen import Screen

    options = Options(
        host=host,
        port=port,
        mqtt_port=mqtt_port,
        programme=programme,
        people=people,
        simulate=simulate,
        database=database,
        broker=broker,
    )
    run(home(data), options, Screen())
