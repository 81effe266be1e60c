"""What was asked of `inloop up`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options as typed; None is what was left out, `simulate` the speed of a simulated day."""

    host: str = "127.0.0.1"
    port: int = 8000
    mqtt_port: int | None = None
    programme: Path | None = None
    people: Path | None = None
    simulate: float | None = None
    database: str | None = None
    broker: str = "auto"
