"""Who may what, of every address of transport: one table, and a route that is not in it fails."""

from typing import get_args

import pytest
from werkzeug.routing import Rule

from shared.web.tokens import Role
from tests.support.transport_api import Api

V, C, O, P = "viewer", "coordinator", "organiser", "public"  # noqa: E741 # a letter a role reads as a table
# method and path: the least role that may; hosts stand beside coordinators, and hand in scans
TABLE = {
    "GET /": C,
    "POST /api/v1/acts": C,
    "GET /api/v1/allocations/<allocation>": O,
    "POST /api/v1/allocations/<allocation>/apply": O,
    "POST /api/v1/allocations/<allocation>/undo": O,
    "GET /api/v1/coaches": V,
    "POST /api/v1/coaches/<coach>/position": C,
    "GET /api/v1/dispatch": V,
    "GET /api/v1/openapi.json": V,
    "GET /api/v1/quarantine": O,
    "GET /api/v1/runs/<run>": V,
    "POST /api/v1/runs/<run>/<step>": C,
    "GET /api/v1/runs/<run>/last-call": V,
    "POST /api/v1/runs/<run>/links": C,
    "GET /api/v1/runs/<run>/parties/<party>": V,
    "POST /api/v1/runs/<run>/parties/<party>/vouch": V,
    "GET /api/v1/runs/<run>/passengers": V,
    "POST /api/v1/runs/<run>/prints": C,
    "POST /api/v1/runs/<run>/prints/<int:nth>/rows": C,
    "POST /api/v1/runs/<run>/settle": C,
    "GET /api/v1/runs/<run>/sheet": V,
    "POST /api/v1/scans": "host",
    "GET /api/v1/transfers": V,
    "GET /api/v1/transfers/<transfer>": V,
    "POST /api/v1/transfers/<transfer>/allocations": O,
    "GET /api/v1/transfers/<transfer>/allocations": O,
    "GET /group/<run>/<party>": V,
    "GET /group/sw.js": P,
    "GET /gtfs-rt": V,
    "GET /gtfs.zip": V,
    "GET /healthz": P,
    "GET /metrics": P,
    "GET /readyz": P,
    "GET /run/<run>": C,
    "GET /run/<run>/check-card.pdf": C,
    "GET /run/<run>/driver.pdf": C,
    "GET /run/<run>/list.pdf": C,
    "GET /run/<run>/manifest.webmanifest": C,
    "GET /sw.js": P,
    "GET /tides.zip": O,
    "GET /transfer/<transfer>": V,
    "GET /transfer/<transfer>.csv": V,
    "GET /transfer/<transfer>.pdf": V,
    "GET /transfer/<transfer>.xlsx": V,
}
MAY = {
    P: {"viewer", "host", "coordinator", "organiser", "admin"},
    V: {"viewer", "host", "coordinator", "organiser", "admin"},
    "host": {"host", "coordinator", "organiser", "admin"},
    C: {"coordinator", "organiser", "admin"},
    O: {"organiser", "admin"},
}


def every_route(api: Api) -> list[tuple[str, Rule]]:
    """Each method of each route, but files that anybody may have."""
    rules = api.client.application.url_map.iter_rules()
    own = [rule for rule in rules if rule.endpoint.rpartition(".")[2] != "static"]
    return [(method, rule) for rule in own for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]


def test_every_route_is_in_the_table(api: Api) -> None:
    """And the table has none that is not there."""
    assert {f"{method} {rule.rule}" for method, rule in every_route(api)} == TABLE.keys()


@pytest.mark.parametrize("role", [None, *get_args(Role)])
def test_every_route_and_every_role(api: Api, role: Role | None) -> None:
    """Without a token 401, with too small a role 403, and with enough neither."""
    for method, rule in every_route(api):
        least = TABLE[f"{method} {rule.rule}"]
        path = rule.rule
        for name, value in {"run": "t1-b1", "int:nth": "1", "step": "open", "transfer": "t1", "coach": "b1"}.items():
            path = path.replace(f"<{name}>", value)
        path = path.replace("<party>", "org-0").replace("<allocation>", "none")
        body: dict[str, str] | None = {} if method == "POST" else None
        answer = api.client.open(
            path, method=method, json=body, headers=api.headers(role), environ_base={"REMOTE_ADDR": "127.0.0.1"}
        )
        code = answer.get_json(silent=True) or {}
        refused = answer.status_code == 401 or (answer.status_code == 403 and code.get("type", "").endswith("role"))
        may = least == P or (role is not None and role in MAY[least])
        assert refused is not may, (method, path, role, answer.status_code)


def test_names_and_numbers_are_only_for_who_may_see_them(api: Api) -> None:
    """A viewer, a host, and a coordinator of another run get numbers of every run, party and transfer, and no name."""
    for role, scope in (("viewer", ()), ("host", ()), ("coordinator", ("t1-b2",))):
        for method, rule in every_route(api):
            if method != "GET" or "/run/" in rule.rule:
                continue
            path = rule.rule.replace("<run>", "t1-b1").replace("<transfer>", "t1").replace("<party>", "org-0")
            answer = api.client.get(path, headers=api.headers(role, *scope))  # type: ignore[arg-type]
            assert b"Name of" not in answer.data, (role, path)
            assert b"+31" not in answer.data, (role, path)
