"""The made day of mishaps on a transport service with a real database and its HTTP API, without a broker."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from flask.testing import FlaskClient

from firmware_sim.coordinators import Answer
from firmware_sim.script import local_ms
from shared import badge, codec, instants, seal, topics
from shared.clock import RealClock
from shared.facts import AWAY, UNDERWAY, Personal, PersonCard, Sighting
from shared.mqtt import BrokerAddress, Message
from shared.programme import Programme
from shared.sql.engine import writing
from shared.web.tokens import make_token
from tests.support import incident_day
from tests.support.transport import HandClock
from transport.settings import Settings
from transport.web.app import create_app
from transport.web.deps import Deps
from transport.wiring import Transport, build

KEY = "a session key for tests"


class Kerbside:
    """The service with everybody seated, its API, and a door that tells it whom it read."""

    def __init__(self, folder: Path, database: str) -> None:
        self.programme: Programme = incident_day.programme()
        self.clock = HandClock()
        self.clock.now = self.at("09:00")
        self.transport: Transport = build(
            Settings(
                data=folder,
                database=database,
                mqtt=BrokerAddress("127.0.0.1"),
                event=None,
                clock=self.clock,
                auto_steps=False,
                log_level="info",
                instance="1",
                share=False,
            )
        )
        self.transport.migrate()
        self.transport.load_programme(incident_day.SOURCE)
        self.consumer = self.transport.consumer()
        deps = Deps(transport=self.transport, connected=lambda: True, clock=self.clock, session_key=KEY)
        self.client: FlaskClient = create_app(deps).test_client()
        self._tokens = {role: self._token(role) for role in ("organiser", "host")}
        self._give([self._card(*card) for card in incident_day.cards()])
        self.tick()

    def at(self, clock: str) -> int:
        """A local time of the day, in ms."""
        return local_ms(self.programme, clock)

    def tick(self) -> None:
        """Let the consumer do what is due, as if no card had come for a while."""
        self.consumer._last_card_ms = 0
        with writing(self.transport.engine) as connection:
            self.consumer.tick(connection)

    def send(self, phone: str, path: str, body: bytes, key: str) -> Answer:
        """What a phone or a reader posts (firmware_sim.coordinators.Send)."""
        if not path.startswith("/transport"):
            return self._door(body)
        headers = self._headers("host" if phone.startswith("reader.") else "organiser")
        headers |= {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        answer = self.client.post(path.removeprefix("/transport"), data=body, headers=headers)
        return Answer(answer.status_code, answer.data)

    def get(self, path: str) -> Any:
        """A JSON answer for the organiser."""
        answer = self.client.get(path, headers=self._headers("organiser"))
        assert answer.status_code == 200, answer.data
        return answer.get_json()

    def sheet(self, run: str) -> dict[str, Any]:
        """All of a run, now."""
        found: dict[str, Any] = self.get(f"/api/v1/runs/{run}/sheet")
        return found

    def transfer(self, transfer: str, at: str = "", known: str = "") -> dict[str, Any]:
        """A transfer now, or at a local time, perhaps by what was known then."""
        asked = {name: instants.to_text(self.at(clock)) for name, clock in (("at", at), ("known", known)) if clock}
        query = "&".join(f"{name}={moment}" for name, moment in asked.items())
        found: dict[str, Any] = self.get(f"/api/v1/transfers/{transfer}?{query}")
        return found

    # -- parts -------------------------------------------------------------------------------------

    def _door(self, body: bytes) -> Answer:
        """What check-in says of badges that were read at doors: a sighting each."""
        said: list[Mapping[str, Any]] = msgspec.json.decode(body)
        self._give([self._sighting(one) for one in said])
        return Answer(200, msgspec.json.encode([{"scan": one["id"], "outcome": "admit"} for one in said]))

    def _sighting(self, scan: Mapping[str, Any]) -> tuple[str, bytes]:
        point, at_ms = self.programme.checkpoint(scan["checkpoint"]), instants.to_ms(scan["at"])
        gone = AWAY if point.away_from_ms is not None and at_ms >= point.away_from_ms else UNDERWAY
        fact = Sighting(
            id=scan["id"],
            event=incident_day.EVENT,
            person=scan["badge"].removeprefix("badge-"),
            place=str(point.place) if point.direction == "in" else gone,
            at_ms=at_ms,
            how="scanned",
            source="checkin",
        )
        return topics.sighting(incident_day.EVENT, "checkin"), codec.encode_sighting(fact)

    def _card(self, person: str, group: str, organisation: str, needs: str) -> tuple[str, bytes]:
        keys = self.transport.settings.secrets.event_keys(incident_day.EVENT)
        personal = Personal(name=f"Name of {person}", organisation=organisation, phone="+31 6 00", needs=needs)
        card = PersonCard(
            person=person,
            rev=1,
            groups=(group,) if group else (),
            badges=(badge.digest(incident_day.BADGES[person]),),
            sealed=seal.seal(personal, person=person, key=keys.seal),
        )
        return topics.person(incident_day.EVENT, person), codec.encode(card)

    def _give(self, messages: list[tuple[str, bytes]]) -> None:
        batch = [Message(topic, payload, False, self.clock.now, n) for n, (topic, payload) in enumerate(messages, 1)]
        with writing(self.transport.engine) as connection:
            self.consumer.handle(connection, batch)

    def _headers(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._tokens[role]}"}

    def _token(self, role: Any) -> str:
        now_s = RealClock().now_ms() / 1000
        return make_token(KEY, event=incident_day.EVENT, role=role, label="test", now_s=now_s, lifetime_s=3600)
