"""`inloop token`."""

import time
from typing import Annotated, get_args

import typer

from inloop.commands.options import DATA, AsJson, Data, examples, home, print_json, print_lines
from inloop.errors import MISUSED, Stop

EXAMPLES = examples(
    "inloop token organiser",
    "inloop token host --scope grote-kerk --days 1",
    'curl -H "Authorization: Bearer $(inloop token viewer)" http://127.0.0.1:8000/api/v1/headcount',
)


def token(
    role: Annotated[str, typer.Argument(help="viewer, host, coordinator, organiser or admin.", metavar="ROLE")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Only for this location, room or run; may be given more than once.", metavar="PLACE"),
    ] = None,
    days: Annotated[float, typer.Option(help="How long it is good.", min=0.001, max=400)] = 7,
    label: Annotated[str, typer.Option(help="What it is for, for the log (no name of a person).")] = "cli",
    data: Data = DATA,
    as_json: AsJson = False,
) -> None:
    """Make a token for a person or a program, and print it alone on standard output."""
    from inloop.services import loaded_checkin
    from shared.web.tokens import Role, make_token

    known: tuple[Role, ...] = get_args(Role)
    wanted = next((one for one in known if one == role), None)
    if wanted is None:
        raise Stop(f"{role} is not a role: use {', '.join(known)}", code=MISUSED)
    folder = home(data)
    checkin = loaded_checkin(folder)
    known_places = checkin.programme().index.places
    for place in scope or ():
        if place not in known_places:
            from shared.files import one_of

            remedy = one_of(place, known_places, otherwise="use the id of a location, room or run of the programme")
            raise Stop(f"--scope {place}: there is no such place: {remedy}", code=MISUSED)
    made = make_token(
        folder.secrets.session_key(),
        event=checkin.event,
        role=wanted,
        scope=scope or (),
        label=label,
        now_s=time.time(),
        lifetime_s=days * 24 * 3600,
    )
    if not as_json:
        print_lines(made)
        return
    state = folder.state()
    link = f"{state.http}/sign-in?token={made}" if state else None
    print_json({"event": checkin.event, "role": wanted, "token": made, "sign_in": link})
