"""What the routes of paper share: what they need of the service, and the run that they may print."""

from collections.abc import Sequence
from typing import Protocol

from shared.clock import Clock
from shared.programme import Programme
from shared.web.auth import grant
from shared.web.problems import ProblemError
from transport.domain.acts import Act
from transport.domain.row_numbers import Rows
from transport.handlers.shapes import TransferView
from transport.handlers.sheet_shapes import ActAnswer, Sheet
from transport.paper.model import Print
from transport.web.parts import no_run


class PaperService(Protocol):
    """What these routes use of the service; None where there is no run or transfer with that id."""

    def programme(self) -> Programme: ...
    def sheet(self, run: str) -> Sheet | None: ...
    def prints(self, run: str) -> Sequence[Print]: ...
    def add_print(self, run: str, rows: Rows) -> Print: ...
    def act(self, acts: Sequence[Act]) -> Sequence[ActAnswer]: ...
    def transfer(self, transfer: str, at_ms: int | None = None, known_ms: int | None = None) -> TransferView | None: ...


class PaperDeps(Protocol):
    """What these routes need of `Deps`."""

    @property
    def transport(self) -> PaperService: ...
    @property
    def clock(self) -> Clock: ...


def run_sheet(deps: PaperDeps, run: str) -> Sheet:
    """The run's sheet. Raises ProblemError: 403 outside the scope of the token, 404 unknown."""
    given = grant()
    if not given.covers(run):
        raise ProblemError(403, "scope", f"The token is for {', '.join(given.scope)}: ask for one for {run}.")
    sheet = deps.transport.sheet(run)
    if sheet is None:
        raise no_run(run)
    return sheet
