"""OpenAPI 3.1 made from the routes: what is not described here cannot be served under /api/."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import msgspec
from apispec import APISpec
from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.routing import Rule

from shared.web.auth import needs, roles_of
from shared.web.problems import MEDIA_TYPE, Problem

_OPERATION = "inloop_operation"
_SCHEMAS = "#/components/schemas/{name}"
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Param:
    """A parameter; `kind` is a type that msgspec makes a schema of."""

    name: str
    about: str
    kind: Any = str
    where: Literal["query", "path", "header"] = "query"
    required: bool = False


@dataclass(frozen=True)
class ListOf:
    """An answer that is a list of several types (msgspec knows no such union of structs)."""

    kinds: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What a route does, takes and gives; `gives` maps media types to types (str: text)."""

    summary: str
    params: tuple[Param, ...]
    takes: Any
    gives: Mapping[str, Any]
    refuses: tuple[int, ...]
    status: int
    database: bool


def operation(
    summary: str,
    *,
    gives: Any = None,
    takes: Any = None,
    params: tuple[Param, ...] = (),
    media: Mapping[str, Any] | None = None,
    refuses: tuple[int, ...] = (),
    status: int = 200,
    database: bool = True,
) -> Callable[[View], View]:
    """Describe a route: the type of its JSON answer and body, its parameters, statuses it refuses with besides 401.

    `media` names other answers, such as {"text/csv": str}. A call that uses the `database` may also answer 503.
    """
    content = dict(media or {})
    if gives is not None:
        content = {"application/json": gives, **content}
    described = Operation(
        summary=summary,
        params=params,
        takes=takes,
        gives=content,
        refuses=refuses,
        status=status,
        database=database,
    )

    def mark(view: View) -> View:
        setattr(view, _OPERATION, described)
        return view

    return mark


def blueprint(*, title: str, version: str) -> Blueprint:
    """The route `/api/v1/openapi.json`."""
    routes = Blueprint("openapi", __name__)
    made: dict[str, bytes] = {}  # by where the app is mounted; the routes do not change while it runs

    @routes.get("/api/v1/openapi.json")
    @needs("viewer")
    @operation("This document: OpenAPI 3.1.", gives=dict[str, Any], database=False)
    def openapi_document() -> Response:
        root = request.script_root
        if root not in made:
            made[root] = msgspec.json.encode(document(current_app, title=title, version=version, root=root))
        return Response(made[root], content_type="application/json")

    return routes


def document(app: Flask, *, title: str, version: str, root: str = "") -> dict[str, Any]:
    """The document of all described routes of `app`.

    Raises LookupError naming a route under /api/ that is not described.
    """
    spec = APISpec(
        title=title,
        version=version,
        openapi_version="3.1.0",
        servers=[{"url": root or "/"}],
        security=[{"token": []}, {"session": []}],
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "inloop_session"})
    described = list(_described(app))
    schemas = _Schemas([operation for _, _, operation in described])
    for name, component in schemas.components.items():
        spec.components.schema(name, component)
    for rule, view, found in described:
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        content = _operation_object(rule, view, found, schemas)
        spec.path(path=_path(rule.rule), operations={method.lower(): content for method in methods})
    made: dict[str, Any] = spec.to_dict()
    return made


def _described(app: Flask) -> Iterator[tuple[Rule, Callable[..., Any], Operation]]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        found = getattr(view, _OPERATION, None)
        if found is not None:
            yield rule, view, found
        elif rule.rule.startswith("/api/"):
            raise LookupError(f"the route {rule.rule} ({rule.endpoint}) has no @operation: describe it")


class _Schemas:
    """The JSON schemas of all types that the routes take and give, shared ones as components."""

    def __init__(self, operations: list[Operation]) -> None:
        self._kinds: list[Any] = [Problem]
        for found in operations:
            for kind in (found.takes, *found.gives.values()):
                if kind is not None:
                    self._kinds += kind.kinds if isinstance(kind, ListOf) else [kind]
            self._kinds += [param.kind for param in found.params]
        self._made, self.components = msgspec.json.schema_components(self._kinds, ref_template=_SCHEMAS)

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of one of the types."""
        if isinstance(kind, ListOf):
            return {"type": "array", "items": {"anyOf": [self.of(one) for one in kind.kinds]}}
        return self._made[self._kinds.index(kind)]


def _operation_object(rule: Rule, view: Callable[..., Any], found: Operation, schemas: _Schemas) -> dict[str, Any]:
    roles = roles_of(view) or ()
    content: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": found.summary,
        "tags": [rule.endpoint.partition(".")[0]],
        "parameters": [_parameter(param, schemas) for param in found.params],
        "responses": _responses(found, roles=bool(roles), schemas=schemas),
    }
    if roles:
        content["description"] = f"For: {', '.join(roles)} and above."
        content["x-roles"] = list(roles)
    else:
        content["security"] = []
    if found.takes is not None:
        body = {"required": True, "content": {"application/json": {"schema": schemas.of(found.takes)}}}
        content["requestBody"] = body
    return content


def _parameter(param: Param, schemas: _Schemas) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": param.where,
        "description": param.about,
        "required": param.required or param.where == "path",
        "schema": schemas.of(param.kind),
    }


def _responses(found: Operation, *, roles: bool, schemas: _Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if found.gives:
        good["content"] = {media: {"schema": schemas.of(kind)} for media, kind in found.gives.items()}
    responses = {str(found.status): good}
    refuses = sorted({*found.refuses, *((401, 403) if roles else ()), *((503,) if found.database else ())})
    for status in refuses:
        responses[str(status)] = {
            "description": "Not now: see the detail and Retry-After." if status == 503 else "Refused: see the detail.",
            "content": {MEDIA_TYPE: {"schema": schemas.of(Problem)}},
        }
        if status == 503:
            responses["503"]["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return responses


def _path(rule: str) -> str:
    """`/places/<string:place>` as `/places/{place}`."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule)
