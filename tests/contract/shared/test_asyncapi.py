"""docs/asyncapi.yaml, docs/contract.md and the code say the same."""

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from shared import facts, topics

ROOT = Path(__file__).parents[3]
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text())
CONTRACT = (ROOT / "docs" / "contract.md").read_text()


def test_the_document_is_what_the_code_says() -> None:
    """`tools/asyncapi.py` would write the file that is there."""
    spec = importlib.util.spec_from_file_location("asyncapi_tool", ROOT / "tools" / "asyncapi.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.text() == (ROOT / "docs" / "asyncapi.yaml").read_text()


@pytest.mark.parametrize("channel", DOCUMENT["channels"].values(), ids=lambda channel: channel["address"])
def test_every_address_is_a_topic_we_can_take_apart(channel: dict[str, Any]) -> None:
    """What the document names, `topics.parse` knows."""
    parsed = topics.parse(re.sub(r"\{\w+\}", "x1", channel["address"]))
    assert parsed.event == "x1"


def _examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """The example payloads of the contract, by the fact's name."""
    for name, body in re.findall(r"^(Scan|Verdict)\n```json\n(.*?)```", CONTRACT, re.DOTALL | re.MULTILINE):
        yield name, _whole(body)
    for name, body in re.findall(
        r"(?:^|· )(Headcount|ScannerState|PersonCard|Passengers|Sync) `(\{.*?\})`", CONTRACT, re.MULTILINE
    ):
        yield name, _whole(body)


def _whole(body: str) -> dict[str, Any]:
    """An example with its ellipses filled in."""
    body = (
        body.replace("p…", "p1")
        .replace('"at": "…"', '"at": "2024-01-11T09:41:07Z"')
        .replace("{…}", '{"nl": "a", "en": "b"}')
    )
    example: dict[str, Any] = json.loads(body)
    return example


@pytest.mark.parametrize(
    ("name", "example"), list(_examples()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_examples_of_the_contract_fit_schema_and_types(name: str, example: dict[str, Any]) -> None:
    """Each example is valid by the published schema and is read by the code."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    jsonschema.validate(example, schema)
    msgspec.convert(example, getattr(facts, name))


def test_the_examples_were_found() -> None:
    """The test above must not pass by finding nothing."""
    assert {name for name, _ in _examples()} == {
        "Scan",
        "Verdict",
        "Headcount",
        "ScannerState",
        "PersonCard",
        "Passengers",
        "Sync",
    }
