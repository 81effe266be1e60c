"""Write docs/asyncapi.yaml (AsyncAPI 3.0) out of the code's topics and facts; `--check` says if it is current.

python tools/asyncapi.py [--check]
"""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from shared import codec, facts, topics

TARGET = Path(__file__).parent.parent / "docs" / "asyncapi.yaml"


class Channel(NamedTuple):
    """One topic of the contract."""

    name: str
    address: str
    message: type[Any]
    retained: bool
    qos: int
    said: str


CHANNELS = (
    Channel("doorScan", topics.door_scan("{event}", "{scanner}"), facts.Scan, False, 1, "scanner → check-in"),
    Channel("coachScan", topics.coach_scan("{event}", "{scanner}"), facts.Scan, False, 1, "scanner → transport"),
    Channel("verdict", topics.verdict("{event}", "{scanner}"), facts.Verdict, False, 0, "service → scanner"),
    Channel(
        "scannerState", topics.scanner_state("{event}", "{scanner}"), facts.ScannerState, True, 1, "scanner → all; will"
    ),
    Channel(
        "scannerConfig",
        topics.scanner_config("{event}", "{scanner}"),
        facts.ScannerConfig,
        True,
        1,
        "check-in → scanner",
    ),
    Channel("sighting", topics.sighting("{event}", "{service}"), codec.Envelope, False, 1, "services → services"),
    Channel("person", topics.person("{event}", "{person}"), facts.PersonCard, True, 1, "check-in → services"),
    Channel("run", topics.run("{event}", "{run}"), facts.RunState, True, 1, "transport → all"),
    Channel("passengers", topics.passengers("{event}", "{run}"), facts.Passengers, True, 1, "transport → all"),
    Channel("headcount", topics.headcount("{event}"), facts.Headcount, True, 1, "check-in → all"),
    Channel("alert", topics.alert("{event}", "{alert}"), facts.Alert, True, 1, "services → all; empty = over"),
    Channel("sync", topics.sync("{event}", "{service}"), facts.Sync, False, 1, "services → services"),
)


def document() -> dict[str, Any]:
    """The whole AsyncAPI document, as plain values."""
    kinds = [channel.message for channel in CHANNELS]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Inloop on MQTT",
            "version": "1.1.0",
            "description": "Made by tools/asyncapi.py out of the code. What the words mean: docs/contract.md.",
        },
        "defaultContentType": "application/json",
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {
            f"{way}{channel.name[0].upper()}{channel.name[1:]}": {
                "action": way,
                "channel": {"$ref": f"#/channels/{channel.name}"},
                "summary": channel.said,
                "bindings": {"mqtt": {"qos": channel.qos, "retain": channel.retained}},
            }
            for channel in CHANNELS
            for way in ("send", "receive")
        },
        "components": {
            "messages": {
                kind.__name__.lstrip("_"): {
                    "payload": {"$ref": f"#/components/schemas/{kind.__name__}"},
                    "summary": (kind.__doc__ or "").split("\n")[0],
                }
                for kind in kinds
            },
            "schemas": schemas,
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    name = channel.message.__name__.lstrip("_")
    parameters = [part[1:-1] for part in channel.address.split("/") if part.startswith("{")]
    return {
        "address": channel.address,
        "description": channel.said,
        "parameters": {parameter: {} for parameter in parameters},
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
    }


def text() -> str:
    """The document as YAML."""
    plain = msgspec.json.decode(msgspec.json.encode(document()))
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)


def main() -> int:
    """Write the document, or say that it is out of date."""
    if "--check" not in sys.argv:
        TARGET.write_text(text())
        return 0
    if TARGET.read_text() == text():
        return 0
    sys.stderr.write("docs/asyncapi.yaml is not what the code says: run `python tools/asyncapi.py`\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
