"""Nothing is readable without a token, and no more than the role allows."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from shared.web.auth import COOKIE
from shared.web.tokens import Role, make_token
from tests.support.pages import EVENT, KEY, SECRETS, Site, headcount, make_site

PUBLIC = {"/healthz", "/readyz", "/sign-in", "/sign-out"}
OWN = {"Sec-Fetch-Site": "same-origin"}


def routes(site: Site) -> list[tuple[str, str]]:
    """Every method and path that the app serves, with made-up arguments; no static files."""
    found = []
    for rule in site.app.url_map.iter_rules():
        if not rule.endpoint.endswith("static"):
            found += [(method, filled(rule)) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})]
    return found


def filled(rule: Rule) -> str:
    return rule.rule.replace("<place>", "grote-kerk").replace("<person>", "p1")


PROTECTED = [(method, path) for method, path in routes(make_site()) if path not in PUBLIC]


@pytest.mark.parametrize(("method", "path"), PROTECTED)
@pytest.mark.parametrize("token", [None, "made up", "another event", "expired"])
def test_every_route_refuses_who_has_no_good_token(site: Site, method: str, path: str, token: str | None) -> None:
    """401 with WWW-Authenticate and a problem that says what to do; `/metrics` too, from another machine."""
    headers = {}
    if token is not None:
        headers["Authorization"] = f"Bearer {bad_token(token)}"
    answer = site.app.test_client().open(path, method=method, headers=headers, environ_base={"REMOTE_ADDR": "10.1.1.1"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"
    assert not any(word in answer.text for word in SECRETS)


def bad_token(kind: str) -> str:
    event, lifetime_s = ("e2", 60) if kind == "another event" else (EVENT, -1)
    if kind == "made up":
        return "made.up"
    return make_token(KEY, event=event, role="organiser", label="t", now_s=time.time(), lifetime_s=lifetime_s)


def test_the_list_of_routes_is_not_empty() -> None:
    """The test above looked at something."""
    assert {path for _, path in PROTECTED} >= {"/", "/api/v1/headcount", "/api/v1/headcount/stream", "/metrics"}


def test_a_person_without_a_session_gets_the_sign_in_page(site: Site) -> None:
    """A page is refused with the page where a token makes a session."""
    answer = site.client(None).get("/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert 'action="/sign-in"' in answer.text


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("viewer", "/api/v1/headcount", 200),
        ("viewer", "/", 200),
        ("viewer", "/api/v1/places/grote-kerk/roll-call", 403),
        ("viewer", "/api/v1/places/grote-kerk/roll-call.csv", 403),
        ("viewer", "/places/grote-kerk", 403),
        ("viewer", "/api/v1/persons?q=zoe", 403),
        ("viewer", "/api/v1/persons/p1", 403),
        ("host", "/api/v1/persons/p1", 200),
        ("coordinator", "/api/v1/places/grote-kerk/roll-call", 200),
        ("host", "/api/v1/quarantine", 403),
        ("coordinator", "/api/v1/scanners", 403),
        ("organiser", "/api/v1/quarantine", 200),
        ("admin", "/api/v1/scanners", 200),
    ],
)
def test_each_role_sees_what_is_its_own(site: Site, role: Role, path: str, status: int) -> None:
    """Too small a role is 403; names are for hosts, coordinators and above."""
    assert site.client(role).get(path).status_code == status


def test_a_viewer_never_receives_a_name(site: Site) -> None:
    """Not on a page, not in the API, not in a refusal."""
    site.publish(("inloop/1/g40-almelo-2024/headcount", headcount()))
    client = site.client("viewer")
    for method, path in PROTECTED:
        if path.endswith("/stream"):
            continue
        answer = client.open(path, method=method, headers={"Accept": "text/html, application/json"})
        assert not any(word in answer.text for word in SECRETS), path


@pytest.mark.parametrize(("role", "status"), [("host", 422), ("coordinator", 422), ("organiser", 422), ("viewer", 403)])
def test_hosts_and_coordinators_and_organisers_hand_in_scans(site: Site, role: Role, status: int) -> None:
    """An empty list is read, and refused as such; a viewer's is not read."""
    assert site.client(role).post("/api/v1/scans", json=[]).status_code == status


def test_a_refusal_for_the_role_names_every_role_that_may(site: Site) -> None:
    """Not only the smallest."""
    scans = site.client("viewer").post("/api/v1/scans", json=[]).get_json(force=True)["detail"]
    assert "needs host, coordinator, organiser or admin" in scans
    quarantine = site.client("host").get("/api/v1/quarantine").get_json(force=True)["detail"]
    assert "needs organiser or admin" in quarantine


def test_a_route_that_says_no_role_is_refused_to_everybody(site: Site) -> None:
    """Forgetting the decorator closes a route, it does not open it."""
    site.app.add_url_rule("/forgotten", view_func=lambda: "open")
    assert site.client("admin").get("/forgotten").status_code == 403


def test_a_scope_keeps_a_host_to_their_places(site: Site) -> None:
    """A roll call of another place is refused."""
    client = site.client("host", scope=("stadhuis",))
    assert client.get("/api/v1/places/stadhuis.raadzaal/roll-call").status_code == 200
    assert client.get("/api/v1/places/grote-kerk/roll-call").status_code == 403


def signed_in(site: Site, role: Role = "organiser") -> FlaskClient:
    client = site.client(None)
    assert client.get(f"/sign-in?token={site.token(role)}").status_code == 303
    return client


def test_a_sign_in_link_makes_a_session_that_scripts_and_other_sites_cannot_use(site: Site) -> None:
    """The cookie is HttpOnly and SameSite=Lax, and Secure where the page came over TLS."""
    plain = site.client(None).get(f"/sign-in?token={site.token()}")
    secure = site.client(None).get(f"/sign-in?token={site.token()}", base_url="https://localhost")
    assert (plain.status_code, plain.location) == (303, "/")
    assert "HttpOnly" in plain.headers["Set-Cookie"]
    assert "SameSite=Lax" in plain.headers["Set-Cookie"]
    assert "Secure" not in plain.headers["Set-Cookie"]
    assert "Secure" in secure.headers["Set-Cookie"]


def test_a_session_reads_pages_and_ends_with_sign_out(site: Site) -> None:
    """After signing out the page asks to sign in again."""
    client = signed_in(site)
    assert client.get("/").status_code == 200
    assert client.post("/sign-out", headers=OWN).status_code == 303
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 401


def test_a_pasted_code_signs_in_too_and_a_bad_one_says_why(site: Site) -> None:
    """The form takes the token of the link."""
    client = site.client(None)
    assert client.post("/sign-in", data={"token": f" {site.token()} "}, headers=OWN).status_code == 303
    refused = client.post("/sign-in", data={"token": "nonsense"}, headers=OWN)
    assert refused.status_code == 401
    assert 'role="alert"' in refused.text


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Origin": "https://elsewhere.example"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_write_with_a_session_must_come_from_our_own_pages(
    site: Site, headers: dict[str, str], allowed: bool
) -> None:
    """Another site cannot write with somebody's session; a bearer token needs no origin."""
    client = signed_in(site)
    assert (client.post("/api/v1/scans", json=[scan()], headers=headers).status_code == 200) is allowed
    assert site.client("host").post("/api/v1/scans", json=[scan()]).status_code == 200


def test_a_bad_bearer_token_is_not_saved_by_a_good_session(site: Site) -> None:
    """Who sends a token is judged by it."""
    client = signed_in(site)
    assert client.get_cookie(COOKIE) is not None
    assert client.get("/api/v1/headcount", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_metrics_are_for_this_machine_or_a_token(site: Site) -> None:
    """A proxy on this machine does not open them to the world."""
    client = site.client(None)
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 401
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 401
    assert site.client("viewer").get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200


def scan() -> dict[str, Any]:
    return {
        "id": "scan-0001",
        "badge": "IL1:X",
        "checkpoint": "grote-kerk-in",
        "at": "2024-01-11T09:41:07.120+01:00",
    }


def test_a_device_that_only_knows_basic_sends_its_token_as_the_password(site: Site) -> None:
    """Whatever user it sends; a password that is no token is refused."""
    token = make_token(KEY, event=EVENT, role="viewer", label="t", now_s=time.time(), lifetime_s=60)
    client = site.app.test_client()
    assert client.get("/api/v1/headcount", auth=("tracker", token)).status_code == 200
    assert client.get("/api/v1/headcount", auth=("tracker", "guess")).status_code == 401
    assert client.get("/api/v1/headcount", headers={"Authorization": "Basic !"}).status_code == 401
