"""The page of a transfer `/transport/transfer/{transfer}`: headcounts per location, run by run, and the sum."""

from typing import Any

from flask import Blueprint, render_template, request

from shared.programme import Programme, Transfer
from shared.web.auth import grant, needs
from shared.web.problems import ProblemError
from transport.web import desk, transfer_words
from transport.web.deps import Deps

BEFORE_MS = 30 * 60_000  # the slider begins this long before the transfer
AFTER_MS = 60 * 60_000  # and ends this long after it
FILES = ("pdf", "csv", "xlsx")


def blueprint(deps: Deps) -> Blueprint:
    """The route."""
    routes = Blueprint("transfer_page", __name__)

    @routes.get("/transfer/<transfer>")
    @needs("viewer")
    def page(transfer: str) -> str:
        programme = deps.transport.programme()
        planned = programme.index.transfers.get(transfer)
        if planned is None:
            raise ProblemError(404, "unknown-transfer", f"There is no transfer {transfer!r} in the programme.")
        return render_template(
            "transfer.html",
            title=desk.said(planned.title),
            event=desk.said(programme.title),
            now_ms=deps.clock.now_ms(),
            transfers=[desk.transfer_of(one) for one in programme.transfers],
            here=transfer,
            files=[(name.upper(), f"{_below()}/transfer/{transfer}.{name}") for name in FILES],
            may_dispatch=grant().allows("coordinator"),
            config=_config(programme, planned, deps),
        )

    return routes


def _below() -> str:
    return request.script_root


def _config(programme: Programme, transfer: Transfer, deps: Deps) -> dict[str, Any]:
    """What the script needs: the plan of this transfer, and how everything is called."""
    runs = programme.runs_of_transfer(transfer.id)
    return {
        **desk.live(deps),
        "transfer": desk.transfer_of(transfer),
        "places": desk.places(programme),
        "runs": [desk.run_of(run) for run in runs],
        "run_names": {run.id: run.name for run in programme.runs},
        "slider": {"from_ms": transfer.start_ms - BEFORE_MS, "to_ms": transfer.end_ms + AFTER_MS},
        "may": {"run": grant().allows("coordinator")},
        "own": list(grant().scope),
        "words": transfer_words.words(),
    }
