"""The OpenAPI document is made from the routes and is valid."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from shared.web import openapi
from shared.web.auth import needs
from tests.support.pages import Site

PAGES = {"/", "/sign-in", "/sign-out", "/places/<place>"}


def document(site: Site) -> dict[str, Any]:
    answer = site.client("viewer").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_document_is_valid_openapi_3_1(site: Site) -> None:
    """As judged by the specification's own schema."""
    made = document(site)
    assert made["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(made).validate()


def test_every_route_is_in_the_document_with_its_methods(site: Site) -> None:
    """Pages for people are left out, nothing else."""
    paths = document(site)["paths"]
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in site.app.url_map.iter_rules()
        if rule.rule not in PAGES and not rule.endpoint.endswith("static")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, methods in paths.items() for method in methods} == served
    assert ("/api/v1/places/{place}/roll-call.csv", "get") in served


def test_every_protected_route_says_its_roles_and_its_refusals(site: Site) -> None:
    """401 and 403 are problem details; only what the contract opens is open."""
    for path, methods in document(site)["paths"].items():
        for operation in methods.values():
            if path in {"/healthz", "/readyz", "/metrics"}:
                assert operation["security"] == []
            else:
                assert operation["x-roles"]
                assert {"401", "403"} <= operation["responses"].keys()


def test_path_parameters_are_described(site: Site) -> None:
    """Each {parameter} of a path is among its parameters, required."""
    for path, methods in document(site)["paths"].items():
        for operation in methods.values():
            described = {param["name"] for param in operation["parameters"] if param["in"] == "path"}
            assert described == {piece[1:-1] for piece in path.replace(".csv", "").split("/") if piece[:1] == "{"}


def test_an_api_route_without_a_description_is_a_mistake_that_is_named(site: Site) -> None:
    """So that no call is left out of the document."""
    site.app.add_url_rule("/api/v1/secret", "secret", needs("viewer")(lambda: ""))
    with pytest.raises(LookupError, match="/api/v1/secret"):
        openapi.document(site.app, title="t", version="1")
