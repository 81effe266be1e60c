"""Transport's API: who may, what it says, and the document that says so (CONTRACT section 6)."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from shared.web.tokens import Role
from tests.support.transport import at
from tests.support.transport_api import Api


def test_the_document_is_openapi_3_1_and_has_every_call_of_the_contract(api: Api) -> None:
    """It validates, and names the six calls."""
    status, document = api.get("/api/v1/openapi.json", "viewer")
    assert status == 200
    validate(document, cls=OpenAPIV31SpecValidator)
    assert {
        "/api/v1/transfers/{transfer}",
        "/api/v1/runs/{run}",
        "/api/v1/runs/{run}/passengers",
        "/api/v1/runs/{run}/{step}",
        "/api/v1/scans",
        "/healthz",
        "/readyz",
        "/metrics",
    } <= document["paths"].keys()


@pytest.mark.parametrize(
    ("method", "path", "role", "expected"),
    [
        ("GET", "/api/v1/transfers/t1", None, 401),
        ("GET", "/api/v1/runs/t1-b1", None, 401),
        ("GET", "/api/v1/runs/t1-b1/passengers", None, 401),
        ("POST", "/api/v1/runs/t1-b1/depart", None, 401),
        ("POST", "/api/v1/scans", None, 401),
        ("POST", "/api/v1/runs/t1-b1/depart", "viewer", 403),
        ("POST", "/api/v1/runs/t1-b1/depart", "host", 403),
        ("POST", "/api/v1/scans", "viewer", 403),
        ("GET", "/api/v1/transfers/t1", "viewer", 200),
        ("POST", "/api/v1/runs/t1-b1/depart", "coordinator", 200),
        ("POST", "/api/v1/runs/t1-b1/depart", "organiser", 200),
    ],
)
def test_who_may(api: Api, method: str, path: str, role: Role | None, expected: int) -> None:
    """Nothing without a token; steps for coordinators and organisers; numbers for every viewer."""
    content: object = [] if path.endswith("scans") else {"reason": "all in"}
    found, _ = api.get(path, role) if method == "GET" else api.post(path, content, role)
    assert found == expected


def test_a_viewer_gets_numbers_and_no_name(api: Api) -> None:
    """Counts are there, lists are null, and no name or number is anywhere in the text."""
    api.world.clock.now = at("13:00")
    for path in ("/api/v1/transfers/t1?at=2024-01-11T12:05:00%2B01:00", "/api/v1/runs/t1-b1/passengers"):
        answer = api.client.get(path, headers=api.headers("viewer"))
        assert answer.status_code == 200
        assert "Name of" not in answer.text
        assert "+31" not in answer.text
    _, view = api.get("/api/v1/transfers/t1?at=2024-01-11T12:05:00%2B01:00", "viewer")
    assert (view["missing_count"], view["missing"]) == (2, None)


def test_a_coordinator_gets_the_missing_by_name_with_place_and_time(api: Api) -> None:
    """Who, from where, which number, where and when last seen."""
    api.world.clock.now = at("13:00")
    _, view = api.get("/api/v1/transfers/t1?at=2024-01-11T12:05:00%2B01:00", "coordinator")
    first = view["missing"][0]
    assert (first["person"], first["name"], first["organisation"]) == ("p1", "Name of p1", "Almelo")
    assert (first["phone"], first["last_place"], first["last_at"]) == ("+31 6 00", "church", "2024-01-11T09:00:00.000Z")


def test_a_coordinator_of_one_run_sees_names_and_takes_steps_of_that_run_only(api: Api) -> None:
    """The scope of a token limits both."""
    assert api.get("/api/v1/runs/t1-b1/passengers", "coordinator", "t1-b1")[1]["persons"]
    assert api.get("/api/v1/runs/t1-b1/passengers", "coordinator", "t1-b2")[1]["persons"] is None
    assert api.get("/api/v1/transfers/t1", "coordinator", "t1-b2")[1]["missing"] is None
    assert api.post("/api/v1/runs/t1-b1/depart", {"reason": "all in"}, "coordinator", "t1-b2")[0] == 403
    assert api.post("/api/v1/runs/t1-b1/depart", {"reason": "all in"}, "coordinator", "t1-b1")[0] == 200


def test_a_step_that_is_not_allowed_is_a_409_with_letter_state_and_what_is(api: Api) -> None:
    """Problem details that say what to do instead."""
    answer = api.client.post("/api/v1/runs/t1-b1/arrive", headers=api.headers("coordinator"))
    problem = answer.get_json()
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert (problem["letter"], problem["state"]) == ("E", "boarding")
    assert problem["allowed"] == ["last-call", "depart", "cancel", "halt", "replace"]
    assert "boarding cannot take it" in problem["detail"]


def test_another_coach_takes_a_run_over(api: Api) -> None:
    """Letter K: one of the programme by its id, or one that nobody planned; without a coach it is refused."""
    status, problem = api.post("/api/v1/runs/t1-b1/replace", {"reason": "breakdown"}, key="k-9")
    assert (status, problem["letter"], problem["state"]) == (409, "K", "boarding")
    assert "it needs a coach" in problem["detail"]
    assert api.post("/api/v1/runs/t1-b1/replace", {"coach": "b99"})[0] == 422
    assert api.post("/api/v1/runs/t1-b1/replace", {"coach": "b3"}, "host")[0] == 403
    status, state = api.post("/api/v1/runs/t1-b1/replace", {"coach": {"name": "Relief 1", "seats": 40}})
    assert (status, state["state"], state["seats"], state["coach"]) == (200, "boarding", 40, "relief-relief-1")
    _, sheet = api.get("/api/v1/runs/t1-b1/sheet", "coordinator")
    assert (sheet["coach"]["name"], sheet["coach"]["replaced"]) == ("Relief 1", True)


def test_the_gate_stays_closed_until_everybody_is_counted_and_settled(api: Api) -> None:
    """Not counted, then a difference, then somebody to come; excused and counted it opens; the letters say so."""
    status, problem = api.post("/api/v1/runs/t1-b1/depart", {})
    assert (status, problem["type"], problem["letter"]) == (409, "urn:inloop:problem:depart-gate", "D")
    assert problem["difference"] is None
    assert "nobody counted" in problem["detail"]
    waiting = problem["to_settle"]
    assert waiting
    status, problem = api.post("/api/v1/runs/t1-b1/depart", {"counted": problem["aboard"] + 1})
    assert (status, problem["difference"]) == (409, 1)
    persons = {person: {"why": "stays"} for person in waiting}
    status, sheet = api.post("/api/v1/runs/t1-b1/settle", {"persons": persons, "by": "M. Jansen"})
    assert (status, sheet["gate"]["to_settle"], sheet["numbers"]["excused"]) == (200, [], len(waiting))
    status, state = api.post("/api/v1/runs/t1-b1/depart", {"counted": sheet["gate"]["aboard"]})
    assert (status, state["state"]) == (200, "departed")


@pytest.mark.parametrize(
    ("method", "path", "lists"),
    [
        ("GET", "/api/v1/runs/nowhere", "/transport/api/v1/transfers lists them"),
        ("GET", "/api/v1/transfers/nowhere", "/transport/api/v1/transfers lists them"),
        ("POST", "/api/v1/runs/t1-b1/arrive", ""),
        ("GET", "/api/v1/nothing", "/transport/api/v1/openapi.json"),
    ],
)
def test_a_problem_names_addresses_as_they_are_from_outside(api: Api, method: str, path: str, lists: str) -> None:
    """Mounted under /transport, the instance and the remedy say so."""
    answer = api.client.open(
        path, method=method, headers=api.headers("coordinator"), environ_overrides={"SCRIPT_NAME": "/transport"}
    )
    problem = answer.get_json()
    assert problem["instance"] == f"/transport{path}"
    assert lists in problem["detail"]


def test_the_same_idempotency_key_gives_the_same_answer_once(api: Api) -> None:
    """Departed once; the key with another body is refused; without a key the second is a 409."""
    first = api.post("/api/v1/runs/t1-b1/depart", {"counted": 2, "reason": "the rest walks"}, key="k-1")
    assert (first[0], first[1]["state"], first[1]["counted"]) == (200, "departed", 2)
    api.world.clock.now = at("11:50")
    assert api.post("/api/v1/runs/t1-b1/depart", {"counted": 2, "reason": "the rest walks"}, key="k-1") == first
    assert api.post("/api/v1/runs/t1-b1/depart", {"counted": 3, "reason": "the rest walks"}, key="k-1")[0] == 422
    assert api.post("/api/v1/runs/t1-b1/depart", {"counted": 2, "reason": "the rest walks"})[0] == 409


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/api/v1/runs/nowhere/open", {}, 404),
        ("/api/v1/runs/nowhere/replace", {}, 404),
        ("/api/v1/runs/t1-b1/swap", {}, 404),
        ("/api/v1/runs/t1-b1/depart", {"counted": -1}, 422),
        ("/api/v1/runs/t1-b1/depart", {"at": "2024-02-30T00:00:00Z"}, 422),
        ("/api/v1/scans", [], 422),
        ("/api/v1/scans", [{}] * 501, 422),
    ],
)
def test_what_is_wrong_is_said(api: Api, path: str, content: object, status: int) -> None:
    """Problem details, with the remedy."""
    found, problem = api.post(path, content)
    assert (found, problem["status"]) == (status, status)
    assert problem["detail"]


def test_scans_by_http_get_their_verdicts_in_order(api: Api) -> None:
    """One good, one that cannot be read, one forged; the same again is the same answer."""
    scans = [
        {"id": "http-0001", "badge": "badge-p1", "checkpoint": "coach-b1", "at": "2024-01-11T11:24:00+01:00"},
        {"id": "http-0002", "badge": 3},
        {
            "id": "http-0003",
            "badge": "IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N",
            "checkpoint": "coach-b1",
            "at": "2024-01-11T11:24:01+01:00",
        },
    ]
    status, answers = api.post("/api/v1/scans", scans)
    assert status == 200
    assert [answer.get("reason", answer.get("status")) for answer in answers] == ["aboard", 422, "forged"]
    assert api.post("/api/v1/scans", scans)[1] == answers
    assert api.get("/api/v1/runs/t1-b1")[1]["aboard"] == 1


def test_ready_needs_a_consumer_that_was_seen(api: Api) -> None:
    """Alive at once, ready while the consumer gives signs of life."""
    assert api.get("/healthz", None) == (200, {"status": "alive"})
    assert api.get("/readyz", None)[0] == 200
    api.world.consumer.real_ms = lambda: 1_000_000  # a sign of life of long ago
    api.world.consumer._last_beat_ms = 0
    api.world.tick()
    status, parts = api.get("/readyz", None)
    assert (status, parts["ingest"], parts["database"]) == (503, False, True)


def test_unknown_ids_are_404_and_moments_are_checked(api: Api) -> None:
    """With the remedy in the detail."""
    assert api.get("/api/v1/transfers/nowhere")[0] == 404
    assert api.get("/api/v1/runs/nowhere")[0] == 404
    assert api.get("/api/v1/runs/nowhere/passengers")[0] == 404
    assert api.get("/api/v1/transfers/t1?at=yesterday")[0] == 422


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00%2B12:00", "2999-01-01T00:00:00Z"])
def test_a_moment_that_is_no_past_is_refused(api: Api, moment: str) -> None:
    """Outside the calendar, or still to come: with the remedy."""
    status, problem = api.get(f"/api/v1/transfers/t1?at={moment}")
    assert status == 422
    assert [error["member"] for error in problem["errors"]] == ["at"]


@pytest.mark.parametrize(
    ("role", "scope", "named"),
    [
        ("host", (), False),
        ("host", ("grote-kerk",), False),
        ("host", ("t1-b1",), False),
        ("coordinator", (), True),
        ("coordinator", ("t1-b1",), True),
        ("coordinator", ("t1-b2",), False),
        ("organiser", (), True),
    ],
)
def test_passengers_are_named_to_coordinators_of_the_run(
    api: Api, role: Role, scope: tuple[str, ...], named: bool
) -> None:
    """And to the organiser; a host gets the numbers, and no name or phone number is in the text."""
    answer = api.client.get("/api/v1/runs/t1-b1/passengers", headers=api.headers(role, *scope))
    assert answer.get_json()["listed"] == 2
    assert ("Name of p1" in answer.text, "+31" in answer.text) == (named, named)


def test_what_a_coachs_scanner_sent_and_could_not_be_read_is_shown_to_the_organiser(api: Api) -> None:
    """With topic, kind and reason; to nobody else."""
    api.world.transport.take_scans([b"not a scan"], "coach-scanner-1")
    status, found = api.get("/api/v1/quarantine", "organiser")
    assert status == 200
    assert [(one["kind"], one["payload"]) for one in found["messages"]] == [("malformed", "not a scan")]
    assert api.get("/api/v1/quarantine", "coordinator")[0] == 403
    assert api.get("/api/v1/quarantine?limit=0", "organiser")[0] == 422
