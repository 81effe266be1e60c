"""The command line: one small module a command, and imports of weight only inside the commands."""

import typer

from inloop.commands import badges, headcount, load, scanner, token, up

app = typer.Typer(
    name="inloop",
    help="Knows, all day long, where every guest of an event with several sites is.",
    epilog="Begin with: inloop up --simulate 60",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,  # a traceback of ours would print local variables: names and badge codes
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("up", epilog=up.EXAMPLES)(up.up)
app.add_typer(load.app, name="load")
app.command("token", epilog=token.EXAMPLES)(token.token)
app.add_typer(scanner.app, name="scanner")
app.command("badges", epilog=badges.EXAMPLES)(badges.badges)
app.command("headcount", epilog=headcount.EXAMPLES)(headcount.headcount)
