"""The routes of the feeds: who may, what they answer, how they refuse, and what of a position goes on."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from google.transit import gtfs_realtime_pb2 as pb
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from shared.clock import RealClock
from shared.programme import Programme, load_programme
from shared.web import openapi
from shared.web.app import Site, new_app
from shared.web.tokens import Role, make_token
from tests.support.feeds import at, whole_day
from tests.support.transport import PROGRAMME, HandClock
from transport.domain.tracker import Position
from transport.feeds.model import Feed
from transport.web import feeds

KEY = "a session key for tests"
POSITION = "/api/v1/coaches/b2/position"
HERE = {"_type": "location", "lat": 52.3563, "lon": 6.6625, "tst": at("11:44") // 1000, "tid": "JJ"}


@dataclass
class Made:
    """A transport with a made-up day; it keeps the positions that it is given."""

    day: Feed = field(default_factory=whole_day)
    taken: list[Position] = field(default_factory=list)

    def programme(self) -> Programme:
        """Coaches b1, b2 and b3."""
        return load_programme(PROGRAMME)

    def feed(self) -> Feed:
        """The day."""
        return self.day

    def take_position(self, position: Position) -> None:
        """Keep it."""
        self.taken.append(position)


@dataclass
class Deps:
    """Of the routes."""

    transport: Made
    clock: HandClock


class Api:
    """The routes in an app of the house."""

    def __init__(self) -> None:
        self.made, clock = Made(), HandClock()
        clock.now = at("11:45")
        site = Site(service="transport", event="small-2024", session_key=KEY, zone=lambda: self.made.day.zone)
        self.app: Flask = new_app(site, __name__, folder=Path(feeds.__file__).parent)
        self.app.register_blueprint(feeds.blueprint(Deps(self.made, clock)))

    def call(self, path: str, role: Role | None, *scope: str, method: str = "GET", **more: Any) -> TestResponse:
        """With a token of the role."""
        client = self.app.test_client()
        return client.open(path, method=method, headers=self._headers(role, scope), **more)

    def post(self, content: object, *scope: str, path: str = POSITION) -> TestResponse:
        """A coordinator's position."""
        return self.call(path, "coordinator", *scope, method="POST", json=content)

    def _headers(self, role: Role | None, scope: tuple[str, ...]) -> Mapping[str, str]:
        if role is None:
            return {}
        now_s = RealClock().now_ms() / 1000
        made = make_token(KEY, event="small-2024", role=role, scope=scope, label="test", now_s=now_s, lifetime_s=600)
        return {"Authorization": f"Bearer {made}"}


@pytest.fixture
def api() -> Api:
    """The routes."""
    return Api()


@pytest.mark.parametrize(
    ("path", "role", "expected"),
    [
        ("/gtfs-rt", None, 401),
        ("/gtfs.zip", None, 401),
        ("/tides.zip", None, 401),
        ("/gtfs-rt", "viewer", 200),
        ("/gtfs.zip", "viewer", 200),
        ("/tides.zip", "coordinator", 403),
        ("/tides.zip", "organiser", 200),
    ],
)
def test_who_may(api: Api, path: str, role: Role | None, expected: int) -> None:
    """The plan and the numbers for every viewer, the export for the organiser."""
    assert api.call(path, role).status_code == expected


def test_the_realtime_feed_is_protobuf_and_for_people_json(api: Api) -> None:
    """Both say the same vehicles."""
    answer = api.call("/gtfs-rt", "viewer")
    message = pb.FeedMessage()
    message.ParseFromString(answer.data)
    assert answer.content_type == "application/x-protobuf"
    said = api.call("/gtfs-rt?format=json", "viewer")
    assert said.content_type == "application/json"
    assert [entity["id"] for entity in said.get_json()["entity"]] == [entity.id for entity in message.entity]
    refused = api.call("/gtfs-rt?format=xml", "viewer")
    assert (refused.status_code, refused.get_json()["errors"][0]["member"]) == (422, "format")


@pytest.mark.parametrize(
    ("path", "role", "name", "member"),
    [
        ("/gtfs.zip", "viewer", "small-2024-gtfs.zip", "stop_times.txt"),
        ("/tides.zip", "organiser", "small-2024-tides.zip", "passenger_events.csv"),
    ],
)
def test_the_zips_are_files_to_keep(api: Api, path: str, role: Role, name: str, member: str) -> None:
    """With a name of the event, and nothing for the browser to show."""
    answer = api.call(path, role)
    assert answer.content_type == "application/zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert member in archive.namelist()


def test_gtfs_without_coordinates_is_refused_with_the_locations_and_the_remedy(api: Api) -> None:
    """The organiser sees what to add to the programme, and where."""
    bare = tuple(replace(site, lat_e7=None) for site in api.made.day.sites[:2])
    api.made.day = replace(api.made.day, sites=(*bare, *api.made.day.sites[2:]))
    answer = api.call("/gtfs.zip", "viewer")
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (409, "urn:inloop:problem:no-coordinates")
    assert "Grote Kerk (church), De Molen (mill)" in problem["detail"]
    assert "lat and lon in programme.yaml" in problem["detail"]
    assert [error["member"] for error in problem["errors"]] == ["locations.church", "locations.mill"]


def test_a_position_goes_to_the_service_and_the_app_gets_its_empty_list(api: Api) -> None:
    """As the app of OwnTracks expects it."""
    answer = api.post(HERE)
    assert (answer.status_code, answer.get_json()) == (200, [])
    assert api.made.taken == [Position(coach="b2", at_ms=at("11:44"), lat_e7=523563000, lon_e7=66625000)]


def test_other_messages_of_the_app_are_taken_and_left_alone(api: Api) -> None:
    """An empty one too."""
    assert api.post({"_type": "lwt", "tst": 1}).get_json() == []
    assert api.call(POSITION, "coordinator", method="POST", data=b"").get_json() == []
    assert api.made.taken == []


def test_a_malformed_position_is_refused_with_its_member(api: Api) -> None:
    """Nothing goes on, and the answer does not repeat the place."""
    answer = api.post(HERE | {"lat": 123.456})
    problem = answer.get_json()
    assert (answer.status_code, problem["errors"][0]["member"]) == (422, "lat")
    assert problem["detail"] == "lat is not a latitude: send degrees from -90 to 90."
    assert api.made.taken == []


def test_a_token_for_another_run_may_not_place_this_coach(api: Api) -> None:
    """A coach is in scope by any of its runs; a coach that is not in the programme is nowhere."""
    assert api.post(HERE, "t1-b1").status_code == 403
    assert api.post(HERE, "t2-b2").status_code == 200
    assert api.post(HERE, path="/api/v1/coaches/b7/position").status_code == 404
    assert api.call(POSITION, "host", method="POST", json=HERE).status_code == 403


def test_the_routes_are_in_the_document(api: Api) -> None:
    """OpenAPI 3.1, valid, with the role of each."""
    document = openapi.document(api.app, title="t", version="1")
    OpenAPIV31SpecValidator(json.loads(json.dumps(document))).validate()
    roles = {path: one.get("get", one.get("post"))["x-roles"] for path, one in document["paths"].items()}
    assert roles == {
        "/gtfs-rt": ["viewer"],
        "/gtfs.zip": ["viewer"],
        "/tides.zip": ["organiser"],
        "/api/v1/coaches/{coach}/position": ["coordinator"],
    }
