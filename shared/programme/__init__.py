"""programme.yaml, the day of one event: read, checked, and as frozen values (CONTRACT.md §7)."""

from shared.programme.load import ProgrammeErrors, load_programme
from shared.programme.model import Index, Programme
from shared.programme.values import (
    Checkpoint,
    CheckpointKind,
    Coach,
    Direction,
    Group,
    GroupKind,
    Item,
    Leg,
    Location,
    Place,
    Policy,
    Room,
    Run,
    ScannerSpec,
    Text,
    Transfer,
)

__all__ = [
    "Checkpoint",
    "CheckpointKind",
    "Coach",
    "Direction",
    "Group",
    "GroupKind",
    "Index",
    "Item",
    "Leg",
    "Location",
    "Place",
    "Policy",
    "Programme",
    "ProgrammeErrors",
    "Room",
    "Run",
    "ScannerSpec",
    "Text",
    "Transfer",
    "load_programme",
]
