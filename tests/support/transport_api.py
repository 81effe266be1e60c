"""The API of transport over a real service with the small day, without a broker."""

from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from shared.clock import RealClock
from shared.mqtt import BrokerAddress
from shared.web.tokens import Role, make_token
from tests.support.transport import EVENT, PROGRAMME, HandClock, World, at
from transport.settings import Settings
from transport.web.app import create_app
from transport.web.deps import Deps
from transport.wiring import build

KEY = "a session key for tests"


class Api:
    """The API over a real service with the small day, people in it and a run open."""

    def __init__(self, world: World) -> None:
        self.world = world
        deps = Deps(transport=world.transport, connected=lambda: True, clock=world.clock, session_key=KEY)
        self.client: FlaskClient = create_app(deps).test_client()

    def headers(self, role: Role | None, *scope: str) -> dict[str, str]:
        """A bearer token."""
        if role is None:
            return {}
        made = make_token(KEY, event=EVENT, role=role, scope=scope, label="test", now_s=_now_s(), lifetime_s=600)
        return {"Authorization": f"Bearer {made}"}

    def get(self, path: str, role: Role | None = "organiser", *scope: str) -> tuple[int, Any]:
        """Status and JSON."""
        answer = self.client.get(path, headers=self.headers(role, *scope))
        return answer.status_code, answer.get_json()

    def post(
        self, path: str, content: object = None, role: Role | None = "coordinator", *scope: str, key: str = ""
    ) -> tuple[int, Any]:
        """Status and JSON."""
        headers = self.headers(role, *scope) | ({"Idempotency-Key": key} if key else {})
        answer = self.client.post(path, json=content, headers=headers)
        return answer.status_code, answer.get_json()


def _now_s() -> float:
    return RealClock().now_ms() / 1000


def make_api(folder: Path, *people: tuple[str, str, str, str], programme: bytes = PROGRAMME) -> Api:
    """Seen at the church, seated, and t1-b1 open since 11:20; it is 11:25. `people` as for `World.cards`."""
    settings = Settings(
        data=folder,
        database=f"sqlite:///{folder / 'transport.db'}",
        mqtt=BrokerAddress("127.0.0.1"),
        event=None,
        clock=HandClock(),
        auto_steps=False,
        log_level="info",
        instance="1",
        share=False,
    )
    transport = build(settings)
    transport.migrate()
    transport.load_programme(programme)
    clock = settings.clock
    assert isinstance(clock, HandClock)
    world = World(transport, clock, transport.consumer())
    world.cards(*(people or (("p1", "north", "Almelo", ""), ("p2", "north", "Almelo", ""))))
    world.settle()
    world.seen("p1", "church", "10:00")
    world.seen("p2", "church", "10:05")
    world.step("t1-b1", "open", "11:20")
    world.clock.now = at("11:25")
    return Api(world)
