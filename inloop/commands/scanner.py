"""`inloop scanner`."""

from typing import Annotated

import typer

from inloop.commands.options import DATA, AsJson, Data, examples, home, print_json, print_lines
from inloop.errors import Stop

app = typer.Typer(no_args_is_help=True, help="Scanners: let a device in, and say where it stands.")


@app.command("add", epilog=examples("inloop scanner add kerk-3 --checkpoint grote-kerk-in"))
def add(
    scanner: Annotated[str, typer.Argument(help="The scanner's id, such as kerk-3.", metavar="ID")],
    checkpoint: Annotated[str, typer.Option(help="The checkpoint of the programme where it stands.", metavar="C")],
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Let a scanner in and print what to enter on it; for one that is known, move it and print the same again."""
    from inloop.services import loaded_checkin
    from inloop.up.broker import MQTT_PORT
    from shared import broker as brokers
    from shared import scanner_ids

    scanner_ids.check(scanner)  # before anything of it is stored
    folder = home(data)
    checkin = loaded_checkin(folder)
    known = checkin.programme().index.checkpoints
    if checkpoint not in known:
        from shared.files import one_of

        raise Stop(f"there is no checkpoint {checkpoint}: {one_of(checkpoint, known, otherwise='see the programme')}")
    checkin.add_scanner(scanner, checkpoint)
    password = folder.secrets.mqtt_password(scanner)
    state = folder.state()
    if (folder.mosquitto / "passwords").exists():
        brokers.add_scanner(folder.mosquitto.resolve(), scanner, password)
    facts = {
        "scanner": scanner,
        "checkpoint": checkpoint,
        "host": state.mqtt_host if state else "127.0.0.1",
        "port": state.mqtt_port if state else MQTT_PORT,
        "user": scanner,
        "password": password,
    }
    if as_json:
        print_json(facts)
        return
    print_lines(*(f"{word:<11}{value}" for word, value in facts.items()))
    if state is not None and state.broker == "external":
        print_lines("add this user to your broker, with the rights of a scanner in docs/contract.md")
