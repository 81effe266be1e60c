"""What the API needs of transport, as it uses it; `transport.wiring` gives it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.clock import Clock
from shared.errors import Unavailable
from shared.facts import RunState
from shared.figures import Figures
from shared.programme import Programme
from shared.web.metrics import Metrics
from transport.domain.acts import Act
from transport.handlers.shapes import AsideList, PassengerList, TransferLine, TransferView
from transport.handlers.sheet_shapes import ActAnswer, LastCall, Party, Sheet
from transport.handlers.steps import Asked, Refused, Stepped
from transport.handlers.strays import Answer


class Health(Protocol):
    """`ingest_age_ms` is real time since the consumer was last seen, None when it never was."""

    @property
    def database(self) -> bool: ...
    @property
    def ingest_age_ms(self) -> int | None: ...


class Transport(Protocol):
    """The service, as far as the web uses it; None where there is none with that id."""

    @property
    def event(self) -> str: ...
    def programme(self) -> Programme: ...
    def transfers(self) -> list[TransferLine]: ...
    def transfer(self, transfer: str, at_ms: int | None = None, known_ms: int | None = None) -> TransferView | None: ...
    def run(self, run: str) -> RunState | None: ...
    def passengers(self, run: str) -> PassengerList | None: ...
    def sheet(self, run: str) -> Sheet | None: ...
    def last_call(self, run: str) -> LastCall | None: ...
    def party(self, run: str, party: str) -> Party | None: ...
    def step(self, asked: Asked) -> Stepped | Refused: ...
    def act(self, acts: Sequence[Act]) -> list[ActAnswer]: ...
    def take_scans(self, items: Sequence[bytes], scanner: str) -> list[Answer]: ...
    def quarantined(self, limit: int) -> AsideList: ...
    def health(self) -> Health: ...
    def figures(self) -> Figures: ...
    def run_states(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, kw_only=True)
class Deps:
    """All that `create_app` puts together; `connected` says whether this process reaches the broker.

    `explain` tells which exceptions mean that the database cannot be used now.
    """

    transport: Transport
    connected: Callable[[], bool]
    clock: Clock
    session_key: str = field(repr=False)
    metrics: Metrics = field(default_factory=Metrics)
    explain: Callable[[Exception], Unavailable | None] = lambda _: None
