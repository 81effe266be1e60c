"""Scans as they come and as they are answered, and those that are of no coach that is known here."""

from collections.abc import Sequence
from typing import NamedTuple

from shared import codec, instants
from shared.facts import Text, Verdict
from transport.domain import words
from transport.ports import Aside, Store


class Came(NamedTuple):
    """A message on a coach's scan topic; `received_ms` is in the service's clock."""

    scanner: str
    topic: str
    payload: bytes
    received_ms: int


class Answer(NamedTuple):
    """What a scanner is told; `verdict` is None where no scan id could be read, and `problem` says why."""

    came: Came
    verdict: bytes | None
    problem: str | None = None


def take_strays(came: Sequence[Came], *, event: str, store: Store) -> list[Answer]:
    """Set aside the scans of an event that is not loaded here, and answer them, or they would come for ever."""
    answers: list[Answer] = []
    aside: list[Aside] = []
    for one in came:
        try:
            scan, at_ms = codec.decode_scan(one.payload)
        except codec.Malformed as error:
            aside.append(Aside(event, one.topic, one.payload, "malformed", str(error), one.received_ms))
            answers.append(Answer(one, None, str(error)))
            continue
        reason = f"event {event} is not loaded here: load its programme"
        aside.append(Aside(event, one.topic, one.payload, "unknown-event", reason, one.received_ms))
        answers.append(Answer(one, codec.encode(closed(scan.id, words.UNKNOWN_EVENT, at_ms))))
    store.set_aside(aside)
    return answers


def closed(scan: str, line: Text, at_ms: int) -> Verdict:
    """The answer to a scan at no coach that is known here."""
    return Verdict(
        scan=scan,
        outcome="refuse",
        reason="closed",
        title=words.title("refuse", "closed"),
        line=line,
        place="",
        present=0,
        at=instants.to_text(at_ms),
    )
