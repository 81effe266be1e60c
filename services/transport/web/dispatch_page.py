"""The dispatcher's page `/transport`: all runs on a time line, and who sits where can be changed from there."""

from typing import Any

from flask import Blueprint, render_template

from shared.programme import Coach, Group, Programme
from shared.web.auth import grant, needs
from transport.web import desk, dispatch_words
from transport.web.deps import Deps


def blueprint(deps: Deps) -> Blueprint:
    """The route `/` (below `/transport`)."""
    routes = Blueprint("dispatch_page", __name__)

    @routes.get("/")
    @needs("coordinator")
    def dispatch() -> str:
        programme = deps.transport.programme()
        return render_template(
            "dispatch.html",
            title=desk.said(programme.title),
            now_ms=deps.clock.now_ms(),
            config=_config(programme, deps),
        )

    return routes


def _config(programme: Programme, deps: Deps) -> dict[str, Any]:
    """What the script needs: the plan of the runs that this session may see, and what it may do."""
    runs = desk.own_runs(programme)
    everything = grant().allows("organiser") and not grant().scope
    shown = {run.coach for run in runs}
    coaches = [coach for coach in programme.coaches if everything or coach.id in shown or _is_spare(coach, programme)]
    return {
        **desk.live(deps),
        **desk.plan(programme, runs),
        "coaches": [_coach(coach, spare=_is_spare(coach, programme)) for coach in coaches],
        "groups": [_group(group) for group in programme.groups if group.kind != "session"],
        "may": {"seats": everything, "replace": True},
        "words": dispatch_words.words(),
    }


def _is_spare(coach: Coach, programme: Programme) -> bool:
    """A coach that drives nothing stands ready for one that breaks down."""
    return not programme.runs_of_coach(coach.id)


def _coach(coach: Coach, *, spare: bool) -> dict[str, Any]:
    return {
        "id": coach.id,
        "name": coach.name,
        "plate": coach.plate or "",
        "seats": coach.seats,
        "wheelchairs": coach.wheelchairs,
        "operator": coach.operator or "",
        "phone": coach.phone or "",
        "turn_round_ms": coach.turn_round_ms,
        "spare": spare,
    }


def _group(group: Group) -> dict[str, str]:
    return {"id": group.id, "name": desk.said(group.name), "kind": group.kind}
