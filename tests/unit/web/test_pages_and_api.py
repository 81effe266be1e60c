"""The pages and calls of check-in, with a made-up service behind them."""

import csv
import io
from typing import Any

import pytest

from checkin.web import timeline
from shared import instants, topics
from shared.web.tokens import Role
from tests.support.pages import EVENT, NOON_MS, MadePerson, Site, headcount, programme, run_state

AT = "2024-01-11T11:30:00+01:00"


def scan(number: int, **members: Any) -> dict[str, Any]:
    return {"id": f"scan-{number:04}", "badge": "IL1:X", "checkpoint": "stadhuis-in", "at": AT, **members}


def test_the_day_is_laid_out_in_its_own_order() -> None:
    """Church, first transfer, the two visits, second transfer, city hall; each location once."""
    shape = [
        column.move.transfer.id if column.move else [card.location.id for card in column.cards]
        for column in timeline.columns(programme())
    ]
    assert shape == [["grote-kerk"], "t1", ["indie-almelo", "hagedoorn"], "t2", ["stadhuis"]]


def test_the_board_shows_the_numbers_without_a_script(site: Site) -> None:
    """What was retained is on the page at once, and the sum is proven."""
    site.publish(
        (topics.headcount(EVENT), headcount(present={"grote-kerk": 217, "t1-b1": 40}, expected=20)),
        (topics.run(EVENT, "t1-b1"), run_state("t1-b1", "boarding", aboard=40, listed=47)),
    )
    text = site.client("viewer").get("/", headers={"Accept-Language": "nl"}).text
    assert '<span data-n="present:grote-kerk">217</span>' in text
    assert '<span data-n="aboard:t1-b1">40</span>' in text
    assert 'data-proof="yes"' in text
    assert "instappen" in text


def test_the_board_asks_the_service_while_nothing_was_retained_yet(site: Site) -> None:
    """The first page after a start has numbers too."""
    assert '<span data-n="present:grote-kerk">91</span>' in site.client("viewer").get("/").text


def test_only_who_may_see_names_gets_links_to_them(site: Site) -> None:
    """A viewer has no dead ends."""
    assert 'href="/places/' not in site.client("viewer").get("/").text
    assert 'href="/places/grote-kerk"' in site.client("host").get("/").text


def test_a_headcount_of_the_past_is_asked_for_by_its_moment(site: Site) -> None:
    """`?at=` with an offset; a + that was not escaped counts as one."""
    client = site.client("viewer")
    for text in (AT.replace("+", "%2B"), AT):
        assert client.get(f"/api/v1/headcount?at={text}").status_code == 200
    assert site.checkin.asked == [("headcount", instants.to_ms(AT))] * 2


def test_a_roll_call_says_who_where_since_when_and_how_sure(site: Site) -> None:
    """And who should be there and is not."""
    call = site.client("host").get("/api/v1/places/grote-kerk/roll-call").get_json()
    assert call["persons"] == [
        {
            "person": "p1",
            "name": "Zoë Ångström",
            "organisation": "Gemeente Almelo",
            "place": "grote-kerk",
            "since": instants.to_text(NOON_MS),
            "how": "scanned",
            "unconfirmed": False,
        }
    ]
    assert [one["person"] for one in call["absent"]] == ["p2"]
    assert (call["present"], call["cursor"]) == (1, None)


def test_a_roll_call_comes_in_pages(site: Site) -> None:
    """`limit` and `cursor` walk over everybody once."""
    site.checkin.people = [MadePerson(person=f"p{number}", name=f"N{number}", organisation="") for number in range(6)]
    seen: list[str] = []
    more: str | None = ""
    while more is not None:
        call = site.client("host").get(f"/api/v1/places/grote-kerk/roll-call?limit=2{more}").get_json()
        assert len(call["persons"]) + len(call["absent"]) <= 2
        assert call["present"] == 5
        seen += [one["person"] for one in (*call["persons"], *call["absent"])]
        more = f"&cursor={call['cursor']}" if call["cursor"] else None
    assert seen == ["p0", "p1", "p2", "p3", "p4", "p5"]


def test_a_roll_call_as_a_table_opens_in_a_spreadsheet_and_runs_nothing(site: Site) -> None:
    """UTF-8 with a mark; a name that begins with = is not a formula."""
    site.checkin.people[0] = MadePerson(person="p1", name='=HYPERLINK("x")', organisation="Zwolle, Almelo")
    answer = site.client("host").get("/api/v1/places/grote-kerk/roll-call.csv")
    assert answer.mimetype == "text/csv"
    assert answer.text.startswith("\ufeffperson,")
    rows = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(row["name"], row["organisation"], row["here"]) for row in rows] == [
        ('\'=HYPERLINK("x")', "Zwolle, Almelo", "yes"),
        ("José de Vries", "Gemeente Zwolle", "no"),
    ]


def test_a_roll_call_as_a_table_has_the_town_s_times_and_the_order_of_the_json(site: Site) -> None:
    """Local time with its offset; by id, those who are there first, as the pages of the JSON have them."""
    site.checkin.people = [MadePerson(person=one, name=f"N{one}", organisation="") for one in ("p3", "p1", "p4", "p2")]
    site.checkin.absent = 2
    client = site.client("host")
    call = client.get("/api/v1/places/grote-kerk/roll-call").get_json()
    text = client.get("/api/v1/places/grote-kerk/roll-call.csv").text
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [row["person"] for row in rows] == [one["person"] for one in (*call["persons"], *call["absent"])]
    assert {row["since"] for row in rows} == {"2024-01-11T11:42:00.000+01:00"}


@pytest.mark.parametrize(
    ("role", "scope", "sees"),
    [
        ("host", (), False),
        ("host", ("grote-kerk",), False),
        ("coordinator", ("t1-b1",), False),
        ("coordinator", (), True),
        ("organiser", (), True),
    ],
)
def test_phone_and_needs_are_for_the_organiser_and_coordinators_of_all_runs(
    site: Site, role: Role, scope: tuple[str, ...], sees: bool
) -> None:
    """A host at the door finds anybody by name, and gets name, organisation and place."""
    site.checkin.people[0] = MadePerson(
        person="p1", name="Zoë", organisation="Almelo", phone="+31 6 12", needs="rolstoel"
    )
    client = site.client(role, scope=scope)
    found = client.get("/api/v1/persons?q=zoe")
    one = client.get("/api/v1/persons/p1")
    assert (one.get_json()["phone"], one.get_json()["needs"]) == (("+31 6 12", "rolstoel") if sees else (None, None))
    assert (one.get_json()["name"], one.get_json()["place"]) == ("Zoë", "grote-kerk")
    assert ("+31" in one.text, "rolstoel" in one.text) == (sees, sees)
    assert "+31" not in found.text


@pytest.mark.parametrize("path", ["/api/v1/headcount", "/api/v1/places/grote-kerk/roll-call", "/places/grote-kerk"])
@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("9999-12-31T23:59:59-12:00", "1 to 9999"),
        ("0001-01-01T00:00:00%2B12:00", "1 to 9999"),
        ("2024-01-11T12:00:00%2B01:00", "in the future"),
    ],
)
def test_only_moments_of_the_past_are_answered(site: Site, path: str, moment: str, why: str) -> None:
    """Outside the calendar, or after the service's clock: refused with the remedy."""
    answer = site.client("host").get(f"{path}?at={moment}")
    assert answer.status_code == 422
    assert why in answer.get_json(force=True)["detail"]
    assert site.checkin.asked == []


def test_names_on_pages_are_text_and_never_code(site: Site) -> None:
    """A name with a tag in it is shown as it is written."""
    site.checkin.people[0] = MadePerson(person="p1", name="<script>alert(1)</script>", organisation="")
    text = site.client("host").get("/places/grote-kerk", headers={"Accept": "text/html"}).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_persons_are_found_in_pages(site: Site) -> None:
    """The service gets words, limit and cursor; the cursor of the answer leads on."""
    client = site.client("host")
    first = client.get("/api/v1/persons?q=zoe+angstrom&limit=1").get_json()
    assert [one["person"] for one in first["persons"]] == ["p1"]
    client.get(f"/api/v1/persons?q=zoe+angstrom&limit=1&cursor={first['cursor']}")
    assert site.checkin.asked == [("persons", "zoe angstrom", 1, None), ("persons", "zoe angstrom", 1, "p1")]


def test_scans_are_answered_in_order_each_on_its_own(site: Site) -> None:
    """One that cannot be read gets a problem in its place, the others their verdicts."""
    answer = site.client("host").post("/api/v1/scans", json=[scan(1), {"id": 7}, scan(2)])
    assert answer.status_code == 200
    told = answer.get_json()
    assert [one.get("scan") for one in told] == ["scan-0001", None, "scan-0002"]
    assert (told[0]["outcome"], told[0]["reason"]) == ("admit", "welcome")
    assert told[1]["status"] == 422
    assert "id" in told[1]["detail"]


def test_at_most_500_scans_are_taken_at_once(site: Site) -> None:
    """501 are refused as a whole, with the remedy; 500 are fine."""
    client = site.client("host")
    assert client.post("/api/v1/scans", json=[scan(number) for number in range(500)]).status_code == 200
    refused = client.post("/api/v1/scans", json=[scan(number) for number in range(501)])
    assert refused.status_code == 422
    assert "500" in refused.get_json(force=True)["detail"]


def test_a_host_with_a_scope_hands_in_scans_of_their_checkpoints_only(site: Site) -> None:
    """The others get a problem, and the service does not see them."""
    client = site.client("host", scope=("stadhuis",))
    told = client.post("/api/v1/scans", json=[scan(1, checkpoint="grote-kerk-in"), scan(2)]).get_json()
    assert [one.get("status", one.get("outcome")) for one in told] == [403, "admit"]
    [(_, taken, scanner)] = site.checkin.asked
    assert len(taken) == 1
    assert scanner.startswith("web.test-")


def test_metrics_count_requests_by_route_and_never_by_person(site: Site) -> None:
    """Ids and queries do not become labels."""
    site.client("host").get("/api/v1/persons/p1?q=zoe")
    text = site.client("viewer").get("/metrics").text
    assert 'inloop_http_requests_total{method="GET",route="persons.person",status="200"} 1.0' in text
    assert "p1" not in text
    assert "zoe" not in text
