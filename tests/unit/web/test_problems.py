"""Every error is a problem that says what to do, and for a person a page."""

import pytest

from checkin.web.health import INGEST_SEEN_MS
from shared.web.problems import LARGEST_BODY
from tests.support.pages import MadeHealth, Site

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("GET", "/api/v1/nothing", None, "", 404),
        ("GET", "/api/v1/places/nowhere/roll-call", None, "", 404),
        ("GET", "/api/v1/persons/nobody", None, "", 404),
        ("DELETE", "/api/v1/headcount", None, "", 405),
        ("POST", "/api/v1/scans", b"x" * (LARGEST_BODY + 1), "application/json", 413),
        ("POST", "/api/v1/scans", b"[]", "text/plain", 415),
        ("POST", "/api/v1/scans", b"[", "application/json", 400),
        ("POST", "/api/v1/scans", b"\xff", "application/json", 400),
        ("POST", "/api/v1/scans", b"[]", "application/json", 422),
        ("POST", "/api/v1/scans", b'{"id": 1}', "application/json", 422),
        ("GET", "/api/v1/headcount?at=yesterday", None, "", 422),
        ("GET", "/api/v1/persons?limit=0", None, "", 422),
        ("GET", "/api/v1/persons?cursor=%25", None, "", 422),
    ],
)
def test_an_error_is_a_problem_with_a_remedy(
    site: Site, method: str, path: str, body: bytes | None, kind: str, status: int
) -> None:
    """RFC 9457: type, title, status, detail, instance."""
    answer = site.client("organiser").open(path, method=method, data=body, content_type=kind or None)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    problem = answer.get_json(force=True)
    assert problem["type"].startswith("urn:inloop:problem:")
    assert problem["status"] == status
    assert problem["title"]
    assert ":" in problem["detail"]  # what happened: what to do
    assert problem["instance"] == path.partition("?")[0]


def test_a_wrong_method_says_which_are_right(site: Site) -> None:
    """The Allow header stays."""
    assert "GET" in site.client().delete("/api/v1/headcount").headers["Allow"]


def test_a_wrong_parameter_is_named(site: Site) -> None:
    """`errors` has the member and what is wrong with it."""
    problem = site.client().get("/api/v1/headcount?at=2024-01-11").get_json(force=True)
    assert [error["member"] for error in problem["errors"]] == ["at"]
    assert "RFC 3339" in problem["detail"]


def test_a_surprise_tells_nothing_of_the_inside(site: Site) -> None:
    """500 without the exception's text, which may have a name in it."""
    site.checkin.fails = RuntimeError("Zoë Ångström")
    answer = site.client().get("/api/v1/headcount")
    assert answer.status_code == 500
    assert "Zoë" not in answer.text


@pytest.mark.parametrize(("path", "status"), [("/places/nowhere", 404), ("/nothing", 404)])
def test_a_person_gets_a_page_in_their_language(site: Site, path: str, status: int) -> None:
    """An error of a page is a page, Dutch unless asked otherwise."""
    dutch = site.client().get(path, headers=HTML)
    english = site.client().get(f"{path}?lang=en", headers=HTML)
    assert (dutch.status_code, dutch.mimetype) == (status, "text/html")
    assert "Deze pagina bestaat niet" in dutch.text
    assert "There is no such page" in english.text


@pytest.mark.parametrize("path", ["/", "/healthz", "/static/base.css", "/nothing"])
def test_every_answer_is_closed_to_code_from_elsewhere(site: Site, path: str) -> None:
    """Strict content security policy, no sniffing, no framing, no referrer."""
    answer = site.client().get(path)
    answer.close()  # a file of ours is open until then
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "'unsafe-" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_pages_have_no_code_and_no_style_inside(site: Site) -> None:
    """What the policy forbids is not in the pages."""
    for path in ("/", "/sign-in", "/places/grote-kerk"):
        text = site.client().get(path, headers=HTML).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick=" not in text
        assert "javascript:" not in text
        assert all('src="' in tag or "application/json" in tag for tag in text.split("<script")[1:])


def test_personal_answers_are_kept_nowhere(site: Site) -> None:
    """Lists of people are not cached."""
    assert site.client().get("/api/v1/places/grote-kerk/roll-call").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("health", "connected", "status"),
    [
        (MadeHealth(), True, 200),
        (MadeHealth(database=False), True, 503),
        (MadeHealth(ingest_age_ms=INGEST_SEEN_MS + 1), True, 503),
        (MadeHealth(ingest_age_ms=None), True, 503),
        (MadeHealth(), False, 503),
    ],
)
def test_ready_means_database_broker_and_consumer(site: Site, health: MadeHealth, connected: bool, status: int) -> None:
    """Not ready says which part is not; alive is alive all the same."""
    site.checkin.state, site.link.connected = health, connected
    answer = site.client(None).get("/readyz")
    assert answer.status_code == status
    parts = answer.get_json()
    assert parts["broker"] is connected
    assert (parts["status"] == "ready") is (status == 200)
    assert site.client(None).get("/healthz").status_code == 200
