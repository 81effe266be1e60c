"""Paper of a real run: printed, ticked, typed in again; and a transfer as files, with names for who may see them."""

import csv
import io
import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from shared.clock import RealClock
from shared.web import openapi
from shared.web.app import Site, new_app
from shared.web.tokens import Role, make_token
from tests.support import paper
from tests.support.transport import EVENT, HandClock, World, at
from transport.domain.acts import Act
from transport.handlers.allocation_shapes import Proposal
from transport.handlers.allocations import Wish
from transport.web import papers
from transport.wiring import Transport

KEY = "a session key for tests"
RUN = "/api/v1/runs/t1-b1"
ID = "0198c0de-0000-7000-8000-000000000001"


@dataclass
class Deps:
    """Of the routes."""

    transport: Transport
    clock: HandClock


class Desk:
    """The routes over the small day, asked with tokens; and the day itself."""

    def __init__(self, world: World) -> None:
        self.world, self.service = world, world.transport
        zone = world.transport.programme().zone
        site = Site(service="transport", event=EVENT, session_key=KEY, zone=lambda: zone, clock=world.clock)
        self.app: Flask = new_app(site, __name__, folder=Path(papers.__file__).parent)
        self.app.register_blueprint(papers.blueprint(Deps(self.service, world.clock)))

    def get(self, path: str, role: Role | None = "coordinator", *scope: str) -> TestResponse:
        """With a token of the role, in English."""
        return self.app.test_client().get(path, headers=self._headers(role, scope))

    def post(self, path: str, content: object | None = None, role: Role = "coordinator", *scope: str) -> TestResponse:
        """The same."""
        return self.app.test_client().post(path, json=content, headers=self._headers(role, scope))

    def printed(self) -> Any:
        """The answer of making a print of B1."""
        return self.post(f"{RUN}/prints").get_json()

    def enter(self, rows: str, *, nth: int = 1, identity: str = ID, **more: object) -> TestResponse:
        """Row numbers of a print of B1."""
        return self.post(f"{RUN}/prints/{nth}/rows", {"id": identity, "rows": rows, **more})

    def aboard(self) -> list[str]:
        """Who is in B1."""
        return sorted(person for person, place in self.world.places().items() if place == "t1-b1")

    def text(self, path: str) -> str:
        """All text of a PDF, spaces as one."""
        answer = self.get(path)
        assert answer.content_type == "application/pdf", answer.get_data(as_text=True)
        return " ".join(" ".join(paper.texts(answer.data)).split())

    def _headers(self, role: Role | None, scope: tuple[str, ...]) -> dict[str, str]:
        if role is None:
            return {"Accept-Language": "en"}
        now_s = RealClock().now_ms() / 1000
        made = make_token(KEY, event=EVENT, role=role, scope=scope, label="test", now_s=now_s, lifetime_s=600)
        return {"Accept-Language": "en", "Authorization": f"Bearer {made}"}


@pytest.fixture
def desk(world: World) -> Desk:
    """The small day at 11:25: p1 to p4 on B1 (four seats), p5 and p6 on B2 (three), all to the mill."""
    world.clock.now = at("11:25")
    for run, persons in (("t1-b1", ("p1", "p2", "p3", "p4")), ("t1-b2", ("p5", "p6"))):
        proposal = world.transport.propose(Wish(transfer="t1", persons=persons, to=run))
        assert isinstance(proposal, Proposal)
        world.transport.apply_allocation(proposal.allocation)
    return Desk(world)


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/run/t1-b1/list.pdf", "/run/t1-b1/driver.pdf", "/run/t1-b1/check-card.pdf"])
def test_the_papers_of_a_run_are_for_its_coordinators(desk: Desk, path: str) -> None:
    """Names and needs are on them: not for hosts and viewers, not for another run's coordinator."""
    assert desk.get(path, None).status_code == 401
    assert desk.get(path, "viewer").status_code == 403
    assert desk.get(path, "host").status_code == 403
    assert desk.get(path, "coordinator", "t1-b2").status_code == 403
    assert desk.get(path, "coordinator", "t1-b1").status_code == 200
    assert desk.get(path, "organiser").status_code == 200
    assert desk.get(path.replace("t1-b1", "t9-b9")).status_code == 404


def test_prints_and_their_rows_are_for_the_coordinators_of_the_run(desk: Desk) -> None:
    """The same for what is typed in."""
    body = {"id": ID, "rows": "1"}
    for path, content in ((f"{RUN}/prints", None), (f"{RUN}/prints/1/rows", body)):
        assert desk.post(path, content, "host").status_code == 403
        assert desk.post(path, content, "coordinator", "t1-b2").status_code == 403
    assert desk.service.prints("t1-b1") == []


# -- lists and prints ------------------------------------------------------------------------------


def test_before_the_first_print_a_list_is_a_draft(desk: Desk) -> None:
    """Asking for the PDF keeps nothing: a browser may ask twice."""
    text = desk.text("/run/t1-b1/list.pdf")
    assert "DRAFT" in text
    assert "Name of p" in text
    assert desk.service.prints("t1-b1") == []


def test_a_print_keeps_the_numbers_and_the_same_list_is_the_same_print(desk: Desk) -> None:
    """201 the first time, 200 while nothing changed; both say where the PDF is."""
    first = desk.post(f"{RUN}/prints")
    assert first.status_code == 201
    made = first.get_json()
    assert (made["nth"], [row["row"] for row in made["rows"]]) == (1, [1, 2, 3, 4])
    assert made["list"] == "/run/t1-b1/list.pdf"
    again = desk.post(f"{RUN}/prints")
    assert (again.status_code, again.get_json()) == (200, made)
    assert "PRINT 1" in desk.text(made["list"])


def test_two_prints_at_once_give_no_number_twice(desk: Desk) -> None:
    """Each desk worked out its numbers before it knew of the other's print: who is new on the second moves on."""
    desk.printed()
    four = desk.service.prints("t1-b1")[0].rows
    assert desk.service.add_print("t1-b1", (*four, (5, "free"))).rows[-1] == (5, "free")
    late = desk.service.add_print("t1-b1", (*four, (5, "s1")))
    assert (late.nth, late.rows[-1]) == (3, (6, "s1"))


def test_the_page_shows_the_numbers_that_the_paper_has(desk: Desk) -> None:
    """Also of somebody who was on an older print only, and is back."""
    rows = {row["person"]: row["row"] for row in desk.printed()["rows"]}
    person = min(rows)
    desk.world.transport.act([_excuse(person, "own-travel")])
    desk.printed()
    undo = Act(id="undo-1", run="t1-b1", kind="undo", at_ms=at("11:25"), undoes=f"excuse-{person}")
    desk.world.transport.act([undo])
    sheet = desk.service.sheet("t1-b1")
    assert sheet is not None
    assert {line.person: line.row for line in sheet.persons or ()} == rows


def test_after_somebody_left_the_next_print_marks_it_and_keeps_the_numbers(desk: Desk) -> None:
    """Who goes by car is crossed out with the reason, and everybody else has the number they had."""
    rows = {row["person"]: row["row"] for row in desk.printed()["rows"]}
    gone = min(rows)
    desk.world.transport.act([_excuse(gone, "own-travel")])
    assert "DRAFT" in desk.text("/run/t1-b1/list.pdf")
    made = desk.printed()
    assert (made["nth"], made["list"]) == (2, "/run/t1-b1/list.pdf?since=1")
    assert {row["person"]: row["row"] for row in made["rows"]} == {p: n for p, n in rows.items() if p != gone}
    text = desk.text(made["list"])
    assert f"Gone: 1 {rows[gone]} Name of {gone} (own travel)" in text
    assert "OWN TRAVEL" in text


def test_who_was_moved_is_named_with_the_run_they_are_on_now(desk: Desk) -> None:
    """By the excuse that moved them; and on the other list as new, from B1."""
    desk.printed()
    desk.post("/api/v1/runs/t1-b2/prints")
    person = desk.service.prints("t1-b1")[0].rows[0][1]
    desk.world.transport.act([_excuse(person, "other-run", "t1-b2")])
    assert f"Moved: 1 1 Name of {person} (B2)" in desk.text("/run/t1-b1/list.pdf?since=1")
    assert f"Name of {person}" in desk.text("/run/t1-b2/list.pdf?since=1").partition("Gone")[0]


def test_who_is_on_no_sheet_of_this_run_is_found_on_that_of_another(desk: Desk) -> None:
    """Somebody who boarded B2 has left the list of B1 and is said to be there."""
    desk.printed()
    person = desk.service.prints("t1-b1")[0].rows[0][1]
    desk.world.step("t1-b2", "open", "11:26")
    desk.world.scan(f"badge-{person}", "coach-b2", "11:27")
    assert f"Moved: 1 1 Name of {person} (B2)" in desk.text("/run/t1-b1/list.pdf?since=1")


@pytest.mark.parametrize(
    ("query", "member"), [("since=1", "since"), ("size=a3", "size"), ("group=town", "group"), ("phones=yes", "phones")]
)
def test_a_wrong_wish_is_refused_by_name(desk: Desk, query: str, member: str) -> None:
    """422 with the parameter and what to send."""
    answer = desk.get(f"/run/t1-b1/list.pdf?{query}")
    assert (answer.status_code, answer.get_json()["errors"][0]["member"]) == (422, member)


def test_a_list_comes_as_wished(desk: Desk) -> None:
    """Small, grouped, with phones, in Dutch."""
    answer = desk.get("/run/t1-b1/list.pdf?size=a5&group=organisation&phones=1&lang=nl")
    text = " ".join(paper.texts(answer.data))
    assert paper.sizes(answer.data) == [(148, 210)]
    assert "CONCEPT" in text
    assert "+31 6 00" in text
    assert answer.headers["Content-Disposition"] == 'inline; filename="t1-b1-list-draft.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_drivers_sheet_leads_to_the_runs_page_and_names_nobody(desk: Desk) -> None:
    """The symbol has the address of the page and no token; the desk's phone is the one that was given."""
    answer = desk.get("/run/t1-b1/driver.pdf?desk=%2B31%206%2000%2099")
    text = " ".join(paper.texts(answer.data))
    assert paper.symbols(answer.data) == ["http://localhost/run/t1-b1"]
    assert "+31 6 00 99" in text
    assert "Name of" not in text
    assert "1 × rolstoel" in text
    assert desk.get("/run/t1-b1/driver.pdf?desk=call%20me").status_code == 422


# -- re-entry --------------------------------------------------------------------------------------


def test_numbers_off_the_paper_put_people_in_the_coach(desk: Desk) -> None:
    """By hand, with the name beside each number so that a slip is seen; sent again nothing changes."""
    rows = desk.printed()["rows"]
    desk.world.step("t1-b1", "open", "11:26")
    answer = desk.enter("1, 3-4")
    assert answer.status_code == 200
    entered = answer.get_json()["rows"]
    expected = [row for row in rows if row["row"] != 2]
    assert [(one["row"], one["person"]) for one in entered] == [(row["row"], row["person"]) for row in expected]
    assert [one["name"] for one in entered] == [f"Name of {row['person']}" for row in expected]
    assert {one["answer"]["outcome"] for one in entered} == {"done"}
    assert desk.aboard() == sorted(row["person"] for row in expected)
    assert desk.enter("1, 3-4").get_json() == answer.get_json()
    sheet = desk.service.sheet("t1-b1")
    assert sheet is not None
    assert len(sheet.acts) == 3


def test_each_number_becomes_an_act_whose_id_follows_from_the_entry(desk: Desk) -> None:
    """UUIDv5 of the id and the number: two phones that type in the same entry make the same acts."""
    desk.printed()
    desk.world.step("t1-b1", "open", "11:26")
    entered = desk.enter("2").get_json()["rows"]
    assert entered[0]["answer"]["id"] == str(uuid.uuid5(uuid.UUID(ID), "2"))


@pytest.mark.parametrize("rows", ["1, 9", "x", "", "4-1"])
def test_one_number_that_is_wrong_and_nobody_is_entered(desk: Desk, rows: str) -> None:
    """422 with what to write; the coach is as it was."""
    desk.printed()
    desk.world.step("t1-b1", "open", "11:26")
    answer = desk.enter(rows)
    assert (answer.status_code, answer.get_json()["errors"][0]["member"]) == (422, "rows")
    assert desk.aboard() == []


def test_numbers_mean_those_of_the_print_that_the_paper_names(desk: Desk) -> None:
    """A number of the second print is not on the first; a print that was never made is unknown."""
    first = desk.printed()
    desk.world.transport.act([Act(id="walk-on-free", run="t1-b1", kind="aboard", at_ms=at("11:25"), person="free")])
    second = desk.printed()
    assert [row["row"] for row in second["rows"]] == [1, 2, 3, 4, 5]
    assert second["rows"][:4] == first["rows"]
    assert desk.enter("5", nth=1).status_code == 422
    assert desk.enter("5", nth=2).status_code == 200
    assert desk.enter("1", nth=3).status_code == 404


def test_what_is_typed_in_after_departure_counts_from_before_it(desk: Desk) -> None:
    """Paper is typed in late: a moment of now would put people back into a coach that has arrived."""
    desk.printed()
    desk.world.step("t1-b1", "open", "11:26")
    desk.world.step("t1-b1", "depart", "11:40", counted=0, reason="paper", name="Jo")
    desk.world.step("t1-b1", "arrive", "11:50", counted=0)
    desk.world.clock.now = at("11:58")
    answer = desk.enter("1-4")
    assert answer.status_code == 200
    assert {tuple(one["answer"]["flags"]) for one in answer.get_json()["rows"]} == {()}
    assert desk.aboard() == []
    people = [one["person"] for one in answer.get_json()["rows"]]
    assert {desk.world.places()[person] for person in people} == {"mill"}


def test_a_moment_can_be_given_and_must_have_been(desk: Desk) -> None:
    """What is in the future cannot have been ticked."""
    desk.printed()
    desk.world.step("t1-b1", "open", "11:26")
    desk.world.clock.now = at("11:28")
    assert desk.enter("1", at="2024-01-11T12:00:00+01:00").status_code == 422
    assert desk.enter("1", at="yesterday").status_code == 422
    assert desk.enter("1", at="2024-01-11T11:26:30+01:00").status_code == 200
    sheet = desk.world.transport.sheet("t1-b1")
    assert sheet is not None
    assert [line.at for line in sheet.persons or () if line.state == "aboard"] == ["2024-01-11T10:26:30.000Z"]


# -- transfers -------------------------------------------------------------------------------------


def departed(desk: Desk) -> None:
    """B1 left at 11:40 with p1 of its four, who were all seen in the church; it is 12:05 and nobody else was seen."""
    for person in ("p1", "p2", "p3", "p4", "p5", "p6"):
        desk.world.seen(person, "church", "10:00")
    aboard = desk.service.sheet("t1-b1")
    assert aboard is not None
    first = (aboard.persons or ())[0].person
    desk.world.step("t1-b1", "open", "11:26")
    desk.world.scan(f"badge-{first}", "coach-b1", "11:30")
    desk.world.step("t1-b1", "depart", "11:40", counted=1, reason="late", name="Jo")
    desk.world.clock.now = at("12:05")


@pytest.mark.parametrize("kind", ["pdf", "csv", "xlsx"])
def test_a_transfer_comes_as_paper_and_as_tables_for_everybody_who_may_see_numbers(desk: Desk, kind: str) -> None:
    """The names on them only for who may see those; an unknown transfer is 404, the future 422."""
    departed(desk)
    assert desk.get(f"/transfer/t1.{kind}", None).status_code == 401
    assert desk.get(f"/transfer/t1.{kind}", "viewer").status_code == 200
    assert desk.get(f"/transfer/t9.{kind}", "viewer").status_code == 404
    assert desk.get(f"/transfer/t1.{kind}?at=2024-01-11T13:00:00%2B01:00", "viewer").status_code == 422
    assert desk.get(f"/transfer/t1.{kind}?at=2024-01-11T11:35:00%2B01:00", "viewer").status_code == 200


def persons(desk: Desk, role: Role, *scope: str) -> set[str]:
    """Who is named in the CSV."""
    text = desk.get("/transfer/t1.csv", role, *scope).get_data(as_text=True)
    rows = csv.DictReader(io.StringIO(text[1:], newline=""))
    return {row["name"] for row in rows if row["kind"] == "person"}


def test_names_are_for_coordinators_and_within_their_scope(desk: Desk) -> None:
    """Numbers for all, the names of all for an organiser, those of B2 for the coordinator of B2."""
    departed(desk)
    everybody = persons(desk, "organiser")
    assert len(everybody) >= 4
    assert persons(desk, "viewer") == set()
    assert persons(desk, "host") == set()
    own = persons(desk, "coordinator", "t1-b2")
    assert own < everybody


def test_the_table_the_workbook_and_the_paper_have_the_same_numbers(desk: Desk) -> None:
    """Of B1: one aboard, scanned, and three left behind."""
    departed(desk)
    text = desk.get("/transfer/t1.csv?separator=comma").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
    b1 = {row["what"]: row for row in rows if row["kind"] == "run" and row["id"] == "t1-b1"}
    assert (b1["aboard"]["number"], b1["aboard"]["scanned"], b1["left_behind"]["number"]) == ("1", "1", "3")
    church = {row["what"]: row["number"] for row in rows if row["kind"] == "location" and row["id"] == "church"}
    assert (church["before"], church["here"], church["left_behind"]) == ("6", "5", "3")
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/transfer/t1.xlsx").data))
    heads = [cell.value for cell in book["Runs"][4]]
    (row,) = [row for row in book["Runs"].iter_rows(min_row=5, values_only=True) if row[0] == "B1"]
    assert (row[heads.index("aboard S")], row[heads.index("left behind")]) == (1, 3)
    assert "The sum holds" in desk.text("/transfer/t1.pdf")


def test_a_csv_is_split_as_excel_in_the_readers_country_expects(desk: Desk) -> None:
    """Semicolons in Dutch, commas in English, and either when asked for."""
    heads = {
        wish: desk.get(f"/transfer/t1.csv?{wish}").get_data(as_text=True).split("\r\n")[0][1:]
        for wish in ("lang=nl", "lang=en", "lang=nl&separator=comma", "separator=semicolon")
    }
    assert [head[:11] for head in heads.values()] == ["transfer;at", "transfer,at", "transfer,at", "transfer;at"]
    assert desk.get("/transfer/t1.csv?separator=tab").status_code == 422
    answer = desk.get("/transfer/t1.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="t1.csv"'


def test_the_routes_are_in_the_document(desk: Desk) -> None:
    """OpenAPI 3.1, valid, with the role of each."""
    document = openapi.document(desk.app, title="t", version="1")
    OpenAPIV31SpecValidator(json.loads(json.dumps(document))).validate()
    roles = {path: one.get("get", one.get("post"))["x-roles"] for path, one in document["paths"].items()}
    assert roles == {
        "/run/{run}/list.pdf": ["coordinator"],
        "/run/{run}/driver.pdf": ["coordinator"],
        "/run/{run}/check-card.pdf": ["coordinator"],
        "/transfer/{transfer}.pdf": ["viewer"],
        "/transfer/{transfer}.csv": ["viewer"],
        "/transfer/{transfer}.xlsx": ["viewer"],
        "/api/v1/runs/{run}/prints": ["coordinator"],
        "/api/v1/runs/{run}/prints/{nth}/rows": ["coordinator"],
    }


def _excuse(person: str, why: Any, to: str | None = None) -> Act:
    return Act(id=f"excuse-{person}", run="t1-b1", kind="excuse", at_ms=at("11:25"), person=person, why=why, to=to)
