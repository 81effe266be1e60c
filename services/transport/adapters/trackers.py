"""Positions of coaches as OwnTracks publishes them (feeds/owntracks.py): outside our root, for whoever has trackers."""

from collections.abc import Mapping, Sequence

import msgspec

from shared.mqtt import Message
from transport.domain.day import Day
from transport.domain.tracker import Position
from transport.feeds import owntracks
from transport.ports import Aside, Store

PATTERN = f"{owntracks.ROOT}/+/+"


def is_tracker(message: Message) -> bool:
    """Whether a message is of a tracker."""
    return message.topic.startswith(f"{owntracks.ROOT}/")


def take_positions(messages: Sequence[Message], *, days: Mapping[str, Day], store: Store) -> None:
    """Keep the positions of coaches that drive at an event; what cannot be read is set aside, whole."""
    for message in messages:
        coach = owntracks.coach_of(message.topic)
        events = [event for event, day in days.items() if coach in day.programme.index.coaches]
        if coach is None or not events:
            continue  # somebody's phone, and no coach of ours: not to be kept
        said = owntracks.parse(message.payload, coach=coach, received_ms=message.received_ms)
        for event in events:
            _keep(said, message, event, store)


def _keep(said: owntracks.Parsed, message: Message, event: str, store: Store) -> None:
    if isinstance(said, Position):
        store.add_position(event, said.coach, said.at_ms, msgspec.json.encode(said).decode())
    elif isinstance(said, owntracks.Malformed):
        reason = f"{said.member} {said.detail}".strip()
        store.set_aside([Aside(event, message.topic, message.payload, "malformed", reason, message.received_ms)])
