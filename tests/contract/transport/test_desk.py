"""What a desk decides with: allocations, the dispatcher's view, links for a party, settling, moments as known then."""

import base64
from pathlib import Path

import pytest

from shared.web.tokens import read_token
from tests.support.transport import EVENT, at
from tests.support.transport_api import KEY, Api, make_api
from transport.handlers import people


@pytest.fixture
def full(tmp_path: Path) -> Api:
    """Six people for the mill: Almelo with a wheelchair user, Zwolle, and one of Ede; seven seats on two coaches."""
    return make_api(
        tmp_path,
        ("p1", "north", "Almelo", ""),
        ("p2", "north", "Almelo", ""),
        ("p3", "north", "Almelo", "rolstoel"),
        ("p4", "north", "Zwolle", ""),
        ("p5", "north", "Zwolle", ""),
        ("p6", "north", "Ede", ""),
    )


def test_a_move_is_shown_before_it_is_made_and_can_be_undone(full: Api) -> None:
    """Ede to the other coach: proposed, nothing changed; applied, twice the same; undone, as it was."""
    before = full.world.listed("t1-b1"), full.world.listed("t1-b2")
    seat = "t1-b1" if "p6" in before[0] else "t1-b2"
    other = "t1-b2" if seat == "t1-b1" else "t1-b1"
    wish = {"move": {"organisation": "Ede", "to": other}}
    status, proposal = full.post("/api/v1/transfers/t1/allocations", wish, "organiser")
    assert (status, proposal["kind"], proposal["state"]) == (201, "move", "proposed")
    assert [(m["person"], m["from"], m["to"]) for m in proposal["moves"]] == [("p6", seat, other)]
    assert (full.world.listed("t1-b1"), full.world.listed("t1-b2")) == before
    path = f"/api/v1/allocations/{proposal['allocation']}"
    for _ in range(2):
        status, applied = full.post(f"{path}/apply", {}, "organiser")
        assert (status, applied["state"]) == (200, "applied")
    full.world.tick()
    assert "p6" in full.world.listed(other)
    assert full.get(path)[1]["state"] == "applied"
    status, undone = full.post(f"{path}/undo", {}, "organiser")
    assert (status, undone["state"]) == (200, "undone")
    full.world.tick()
    assert (full.world.listed("t1-b1"), full.world.listed("t1-b2")) == before
    assert [one["allocation"] for one in full.get("/api/v1/transfers/t1/allocations")[1]] == [proposal["allocation"]]


def test_what_if_a_coach_does_not_come(full: Api) -> None:
    """Who is affected, where three of them can go, and who has no seat then, in words; nothing is changed."""
    listed = full.world.listed("t1-b2")
    status, proposal = full.post("/api/v1/transfers/t1/allocations", {"without": ["b2"]}, "organiser")
    assert (status, proposal["kind"], proposal["affected"]) == (201, "what-if", len(listed))
    free = 4 - len(full.world.listed("t1-b1"))
    assert len(proposal["left_over"]) == len(listed) - free
    assert {move["from"] for move in proposal["moves"]} == {"t1-b2"}
    assert all(one["why"]["nl"] for one in proposal["left_over"])
    assert full.world.listed("t1-b2") == listed


def test_a_proposal_is_stale_once_somebody_it_moves_has_boarded_elsewhere(full: Api) -> None:
    """409 with the remedy; and nothing of it is made."""
    seat = "t1-b1" if "p6" in full.world.listed("t1-b1") else "t1-b2"
    other = "t1-b2" if seat == "t1-b1" else "t1-b1"
    wish = {"move": {"persons": ["p6"], "to": other}}
    _, proposal = full.post("/api/v1/transfers/t1/allocations", wish, "organiser")
    full.post("/api/v1/acts", [_act("act-moved-1", other, "aboard", "p6"), _act("act-moved-2", seat, "aboard", "p6")])
    full.post("/api/v1/acts", [_act("act-moved-3", other, "aboard", "p6")])
    status, problem = full.post(f"/api/v1/allocations/{proposal['allocation']}/apply", {}, "organiser")
    assert (status, problem["type"]) == (409, "urn:inloop:problem:stale")
    assert "propose it again" in problem["detail"]


def test_a_move_over_the_seats_is_said_and_not_forbidden(full: Api) -> None:
    """All seven to three seats: how many too few, in both languages."""
    everybody = [f"p{n}" for n in range(1, 7)]
    wish = {"move": {"persons": everybody, "to": "t1-b2"}}
    _, proposal = full.post("/api/v1/transfers/t1/allocations", wish, "organiser")
    assert [why["en"] for why in proposal["why"]] == ["B2 is 3 seats short", "B2 is 1 wheelchair places short"]


@pytest.mark.parametrize(
    ("wish", "status", "kind"),
    [
        ({"move": {"persons": ["p1"], "to": "t9"}}, 409, "run-left"),
        ({"move": {"persons": ["nobody"], "to": "t1-b2"}}, 422, "nobody"),
        ({"without": ["b9"]}, 422, "unknown-run"),
        ({"prefer": "luck"}, 422, ""),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_why(full: Api, wish: dict[str, object], status: int, kind: str) -> None:
    """And an unknown transfer, and an unknown allocation."""
    found, problem = full.post("/api/v1/transfers/t1/allocations", wish, "organiser")
    assert found == status
    assert problem["type"].endswith(kind)
    assert full.post("/api/v1/transfers/t9/allocations", {}, "organiser")[0] == 404
    assert full.post("/api/v1/allocations/none/apply", {}, "organiser")[0] == 404


def test_the_dispatcher_sees_runs_coaches_free_seats_and_conflicts(full: Api) -> None:
    """Two coaches for the mill within half an hour, as their sheets say; somebody boarded on two."""
    full.world.step("t1-b2", "open", "11:20")
    full.post("/api/v1/acts", [_act("act-here-1", "t1-b1", "aboard", "p1")])
    full.post("/api/v1/acts", [_act("act-here-2", "t1-b2", "aboard", "p1", "11:24:30")])
    _, view = full.get("/api/v1/dispatch")
    legs = {leg["leg"]: (leg["runs"], leg["free"], leg["wheelchairs_free"]) for leg in view["legs"]}
    sheets = [full.get(f"/api/v1/runs/{run}/sheet")[1]["numbers"] for run in ("t1-b1", "t1-b2")]
    assert legs["t1-mill"] == (["t1-b1", "t1-b2"], sum(one["free"] for one in sheets), 0)
    assert {one["listed"] + one["free"] for one in sheets} <= {3, 4}  # three seats and four
    coaches = {coach["coach"]: (coach["next"], coach["spare"]) for coach in view["coaches"]}
    assert coaches["b1"] == ("t1-b1", False)
    assert [(one["person"], one["stands"]) for one in view["conflicts"]] == [("p1", "t1-b2")]
    assert full.get("/api/v1/dispatch", "viewer")[1]["conflicts"] is None


def test_a_relief_coach_with_fewer_seats_gives_its_people_other_seats(full: Api) -> None:
    """Two seats instead of four: who does not fit goes to the other run as far as that has room; the rest is named."""
    listed = full.world.listed("t1-b1")
    status, _ = full.post("/api/v1/runs/t1-b1/replace", {"coach": {"name": "Small", "seats": 2, "wheelchairs": 1}})
    assert status == 200
    full.world.settle()
    now = full.world.listed("t1-b1"), full.world.listed("t1-b2")
    assert len(now[0]) == 2
    assert len(now[1]) == 3
    assert set(now[0]) < set(listed)
    assert full.get("/api/v1/transfers/t1")[1]["without_seat_count"] == 1


def test_a_link_for_a_party_opens_its_own_list_and_nothing_else(full: Api) -> None:
    """Signed for a day; the contact sees their own people, vouches for them, and no other list."""
    party = people.party("Almelo")
    run = "t1-b1" if "p1" in full.world.listed("t1-b1") else "t1-b2"
    status, link = full.post(f"/api/v1/runs/{run}/links", {"kind": "party", "party": party})
    assert status == 200
    assert link["qr"].startswith("<?xml") or "<svg" in link["qr"]
    token = link["link"].partition("token=")[2].partition("&")[0]
    granted = read_token(KEY, token, event=EVENT, now_s=0)
    assert granted is not None
    assert (granted.role, granted.scope) == ("viewer", (f"{run}/{party}",))
    headers = {"Authorization": f"Bearer {token}"}
    own = full.client.get(f"/api/v1/runs/{run}/parties/{party}", headers=headers)
    assert (own.status_code, [one["person"] for one in own.get_json()["persons"]]) == (200, ["p1", "p2", "p3"])
    other = full.client.get(f"/api/v1/runs/{run}/parties/{people.party('Zwolle')}", headers=headers)
    assert other.status_code == 403
    assert full.client.get(f"/api/v1/runs/{run}/sheet", headers=headers).get_json()["persons"] is None
    body = {"id": "vouch-0001", "leader": "M. Jansen", "persons": ["p1", "p2", "p4"]}
    for _ in range(2):
        vouched = full.client.post(f"/api/v1/runs/{run}/parties/{party}/vouch", json=body, headers=headers).get_json()
    assert (vouched["aboard"], vouched["listed"]) == (2, 3)  # p4 is not theirs


def test_what_was_known_then_and_what_is_known_now(full: Api) -> None:
    """A boarding of 11.30 that came at 11.58: at 11.35 it counts by what is known now, and not by what was then."""
    full.world.clock.now = at("11:58")
    full.post("/api/v1/acts", [_act("act-late-1", "t1-b1", "aboard", "p1", "11:30:00")])
    moment, then = "2024-01-11T11:35:00%2B01:00", "2024-01-11T11:36:00%2B01:00"
    now = full.get(f"/api/v1/transfers/t1?at={moment}")[1]
    known = full.get(f"/api/v1/transfers/t1?at={moment}&known={then}")[1]
    assert (now["aboard"], known["aboard"]) == (1, 0)
    assert (now["totals"]["holds"], known["totals"]["holds"]) == (True, True)
    assert known["known"] == "2024-01-11T10:36:00.000Z"


def test_a_coach_cannot_be_closed_before_it_was_checked_and_everybody_is_settled(full: Api) -> None:
    """F: not checked, then somebody unconfirmed and a difference; found and settled, it closes."""
    full.world.step("t1-b1", "depart", "11:40", counted=1)
    full.world.step("t1-b1", "arrive", "11:50")
    full.world.clock.now = at("12:05")
    status, problem = full.post("/api/v1/runs/t1-b1/close", {"empty": False})
    assert (status, problem["type"]) == (409, "urn:inloop:problem:close-gate")
    assert "front to back" in problem["detail"]
    left = [p["person"] for p in full.get("/api/v1/runs/t1-b1/sheet")[1]["persons"] if p["state"] == "left-behind"]
    status, problem = full.post("/api/v1/runs/t1-b1/close", {"empty": True})
    assert status == 409
    assert f"{len(left)} left behind" in problem["detail"]
    assert "difference of +1" in problem["detail"]
    persons = {person: {"why": "stays"} for person in left}
    full.post("/api/v1/runs/t1-b1/settle", {"persons": persons, "difference": "counted the driver", "by": "M. Jansen"})
    status, state = full.post("/api/v1/runs/t1-b1/close", {"empty": True})
    assert (status, state["state"]) == (200, "closed")


def test_feeds_and_prints_are_of_the_real_day(full: Api) -> None:
    """A coach's occupancy in GTFS-Realtime, a print with row numbers that is entered again, and where a coach is."""
    full.post("/api/v1/acts", [_act("act-feed-1", "t1-b1", "aboard", "p1")])
    feed = full.client.get("/gtfs-rt?format=json", headers=full.headers("viewer")).get_json()
    assert any("vehicle" in entity for entity in feed["entity"])
    status, made = full.post("/api/v1/runs/t1-b1/prints", {})
    assert (status, made["nth"]) == (201, 1)
    body = {"id": "0198a0b0-0000-7000-8000-000000000001", "rows": "1-2"}
    status, entered = full.post("/api/v1/runs/t1-b1/prints/1/rows", body)
    assert status == 200
    assert len(entered["rows"]) == 2
    where = {"_type": "location", "lat": 52.35, "lon": 6.66, "tst": at("11:24") // 1000}
    assert full.post("/api/v1/coaches/b1/position", where)[0] == 200
    coach = next(one for one in full.get("/api/v1/coaches")[1] if one["coach"] == "b1")
    assert coach["position"]["lat_e7"] == 523_500_000
    assert base64.b64encode(full.client.get("/gtfs-rt", headers=full.headers("viewer")).data)


def test_undoing_an_older_allocation_keeps_who_has_no_seat(full: Api) -> None:
    """A move, then a coach less; the move undone: the others without a seat are still named."""
    seat = "t1-b1" if "p6" in full.world.listed("t1-b1") else "t1-b2"
    other = "t1-b2" if seat == "t1-b1" else "t1-b1"
    wishes = ({"move": {"persons": ["p6"], "to": other}}, {"without": ["b2"]})
    made = [full.post("/api/v1/transfers/t1/allocations", wishes[0], "organiser")[1]["allocation"]]
    full.post(f"/api/v1/allocations/{made[0]}/apply", {}, "organiser")
    full.post(f"/api/v1/allocations/{made[0]}/undo", {}, "organiser")
    made.append(full.post("/api/v1/transfers/t1/allocations", wishes[1], "organiser")[1]["allocation"])
    full.post(f"/api/v1/allocations/{made[1]}/apply", {}, "organiser")
    left = full.get("/api/v1/transfers/t1")[1]["without_seat_count"]
    assert left == 2
    full.post(f"/api/v1/allocations/{made[0]}/apply", {}, "organiser")
    assert full.get("/api/v1/transfers/t1")[1]["without_seat_count"] == left


def test_nobody_who_is_aboard_is_moved_by_a_desk(full: Api) -> None:
    """Not by a new move, nor by undoing one."""
    seat = "t1-b1" if "p6" in full.world.listed("t1-b1") else "t1-b2"
    other = "t1-b2" if seat == "t1-b1" else "t1-b1"
    wish = {"move": {"persons": ["p6"], "to": other}}
    made = full.post("/api/v1/transfers/t1/allocations", wish, "organiser")[1]["allocation"]
    assert full.post(f"/api/v1/allocations/{made}/apply", {}, "organiser")[0] == 200
    full.post("/api/v1/acts", [_act("act-stay-1", other, "aboard", "p6")])
    status, problem = full.post(f"/api/v1/allocations/{made}/undo", {}, "organiser")
    assert (status, problem["type"]) == (409, "urn:inloop:problem:stale")
    back = full.post("/api/v1/transfers/t1/allocations", {"move": {"persons": ["p6"], "to": seat}}, "organiser")
    assert (back[0], back[1]["type"]) == (422, "urn:inloop:problem:nobody")


def test_a_run_closed_on_a_phone_with_people_left_behind_says_so(full: Api) -> None:
    """The facts of a phone are kept; the answers are flagged, and who is left behind stays named."""
    for person in ("p1", "p2", "p3", "p4", "p5", "p6"):
        full.world.seen(person, "church", "10:30")
    steps = [("depart", "11:21"), ("arrive", "11:22"), ("close", "11:23")]
    acts = [_step(f"step-{word}", "t1-b1", word, f"{clock}:00") for word, clock in steps]
    answers = full.post("/api/v1/acts", acts)[1]
    assert [(one["outcome"], one["flags"]) for one in answers] == [
        ("done", ["unsettled"]),
        ("done", []),
        ("done", ["unsettled"]),
    ]
    sheet = full.get("/api/v1/runs/t1-b1/sheet")[1]
    assert (sheet["state"], sheet["numbers"]["left_behind"]) == ("closed", len(full.world.listed("t1-b1")))


def test_a_coordinator_of_one_run_says_nothing_of_the_people_of_another(full: Api) -> None:
    """Neither gone, nor excused, nor taken back; their own they may."""
    run, other = "t1-b2", full.world.listed("t1-b1")[0]
    own = full.world.listed(run)[0]
    full.post("/api/v1/acts", [_act("act-other-1", "t1-b1", "aboard", other)])
    acts = [
        _act("act-scope-1", run, "away", other),
        {**_act("act-scope-2", run, "excuse", other), "why": "away"},
        {**_act("act-scope-3", run, "undo", other), "undoes": "act-other-1"},
        {**_act("act-scope-4", run, "excuse", own), "why": "stays"},
        {**_act("act-scope-5", run, "undo", own), "undoes": "act-scope-4"},
    ]
    answers = full.post("/api/v1/acts", acts, "coordinator", run)[1]
    assert [one["outcome"] for one in answers] == ["refused", "refused", "refused", "done", "done"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "aboard", "counted": 0},
        {"kind": "settle", "counted": 0},
        {"kind": "excuse", "person": "p1", "why": "other-run", "to": "t1-b1"},
        {"kind": "excuse", "person": "p1", "why": "other-run", "to": "t2-b1"},
        {"kind": "estimate", "arrive_at": "9999-12-31T23:59:59.999Z"},
        {"kind": "step", "step": "fly"},
    ],
)
def test_an_act_that_means_nothing_is_refused_with_why(full: Api, wrong: dict[str, object]) -> None:
    """In both languages, and nothing is changed."""
    act = {"id": "act-wrong-1", "run": "t1-b1", "at": "2024-01-11T11:24:00+01:00", **wrong}
    answer = full.post("/api/v1/acts", [act])[1][0]
    assert answer["outcome"] == "refused"
    assert answer["why"]["nl"]
    assert answer["why"]["en"]


def test_an_id_that_came_with_something_else_is_refused(full: Api) -> None:
    """The first stands, and its answer is not given for another."""
    person = full.world.listed("t1-b1")[0]
    full.post("/api/v1/acts", [_act("act-same-1", "t1-b1", "aboard", person)])
    answer = full.post("/api/v1/acts", [_act("act-same-1", "t1-b2", "away", person)])[1][0]
    assert answer["outcome"] == "refused"


def test_a_coach_takes_over_one_run_at_a_time_and_not_its_own(full: Api) -> None:
    """409 with what to do; a key that came with another coach is refused."""
    full.world.step("t1-b2", "open", "11:20")
    for coach, why in (("b1", "is the one that has it"), ("b2", "is on run t1-b2 now")):
        status, problem = full.post("/api/v1/runs/t1-b1/replace", {"coach": coach})
        assert (status, why in problem["detail"]) == (409, True), coach
    assert full.post("/api/v1/runs/t1-b1/replace", {"coach": {"name": "R9", "seats": 9}}, key="k-1")[0] == 200
    assert full.post("/api/v1/runs/t1-b1/replace", {"coach": {"name": "R8", "seats": 9}}, key="k-1")[0] == 422


def test_what_cannot_be_settled_is_named(full: Api) -> None:
    """Somebody unknown, and another run that is not said: 422 with the member."""
    nobody = {"persons": {"nobody": {"why": "stays"}}}
    status, problem = full.post("/api/v1/runs/t1-b1/settle", nobody)
    assert (status, problem["errors"][0]["member"]) == (422, "persons.nobody")
    unsaid = {"persons": {"p1": {"why": "other-run"}}}
    status, problem = full.post("/api/v1/runs/t1-b1/settle", unsaid)
    assert (status, problem["errors"][0]["member"]) == (422, "persons.p1.to")


def test_a_party_vouches_for_its_own_and_for_no_others(full: Api) -> None:
    """Only foreign ids are nobody; on a run that is over nobody gets in; links are for parties that are there."""
    party = people.party("Almelo")
    run = "t1-b1" if "p1" in full.world.listed("t1-b1") else "t1-b2"
    path = f"/api/v1/runs/{run}/parties/{party}"
    assert full.post(f"{path}/vouch", {"persons": ["p4"]})[1]["aboard"] == 0
    assert full.post(f"/api/v1/runs/{run}/links", {"kind": "party", "party": "org-none"})[0] == 404
    assert full.post(f"/api/v1/runs/{run}/links", {}, "coordinator", run)[0] == 403
    full.world.step(run, "cancel", "11:26")
    assert full.post(f"{path}/vouch", {})[0] in {404, 409}


def test_drivers_numbers_are_for_who_has_to_call(full: Api) -> None:
    """Not for viewers."""
    for path in ("/api/v1/coaches", "/api/v1/dispatch"):
        assert '"phone":"+' not in full.client.get(path, headers=full.headers("viewer")).text


def _step(identity: str, run: str, step: str, clock: str) -> dict[str, object]:
    return {"id": identity, "run": run, "kind": "step", "step": step, "at": f"2024-01-11T{clock}+01:00"}


def _act(identity: str, run: str, kind: str, person: str, clock: str = "11:24:00") -> dict[str, object]:
    return {"id": identity, "run": run, "kind": kind, "person": person, "at": f"2024-01-11T{clock}+01:00"}
