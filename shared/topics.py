"""The topics of CONTRACT section 4: the one place where their texts are put together and taken apart."""

from typing import NamedTuple

ROOT = "inloop/1"

# what each service asks the broker for
DOOR_SCANS = f"{ROOT}/+/scan/door/+"
COACH_SCANS = f"{ROOT}/+/scan/coach/+"
SCANNER_STATES = f"{ROOT}/+/scanner/+/state"
PERSONS = f"{ROOT}/+/person/+"
RUNS = f"{ROOT}/+/run/+"
PASSENGERS = f"{ROOT}/+/passengers/+"
HEADCOUNTS = f"{ROOT}/+/headcount"
ALERTS = f"{ROOT}/+/alert/+"


class Topic(NamedTuple):
    """A topic taken apart: `inloop/1/{event}/{kind…}/{name}`; `kind` is such as `scan/door` or `run`."""

    event: str
    kind: str
    name: str


def parse(topic: str) -> Topic:
    """Take a topic below the root apart.

    Raises ValueError when it is not one of ours.
    """
    parts = topic.split("/")
    if len(parts) < 4 or parts[0] != "inloop" or parts[1] != "1":
        raise ValueError("is not below inloop/1/{event}/")
    event, rest = parts[2], parts[3:]
    match rest:
        case ["scan", ("door" | "coach") as way, name]:
            return Topic(event, f"scan/{way}", name)
        case ["scanner", name, ("state" | "config") as what]:
            return Topic(event, f"scanner/{what}", name)
        case ["headcount"]:
            return Topic(event, "headcount", "")
        case [("verdict" | "sighting" | "person" | "run" | "passengers" | "alert" | "sync") as kind, name]:
            return Topic(event, kind, name)
        case _:
            raise ValueError("is not a topic of the contract (section 4)")


def _below(event: str, *parts: str) -> str:
    return "/".join((ROOT, event, *parts))


def door_scan(event: str, scanner: str) -> str:
    """Where a door scanner publishes its scans."""
    return _below(event, "scan", "door", scanner)


def coach_scan(event: str, scanner: str) -> str:
    """Where a coach's scanner publishes its scans."""
    return _below(event, "scan", "coach", scanner)


def verdict(event: str, scanner: str) -> str:
    """Where a scanner hears the verdicts for its scans."""
    return _below(event, "verdict", scanner)


def scanner_state(event: str, scanner: str) -> str:
    """Where a scanner says how it is (retained; also its last will)."""
    return _below(event, "scanner", scanner, "state")


def scanner_config(event: str, scanner: str) -> str:
    """Where a scanner hears where it stands (retained)."""
    return _below(event, "scanner", scanner, "config")


def sighting(event: str, service: str) -> str:
    """Where a service says who was seen where."""
    return _below(event, "sighting", service)


def sightings_of(service: str) -> str:
    """The filter for the sightings of one service, of all events."""
    return f"{ROOT}/+/sighting/{service}"


def person(event: str, person_id: str) -> str:
    """The card of a person (retained; empty = forgotten)."""
    return _below(event, "person", person_id)


def run(event: str, run_id: str) -> str:
    """The state of a run (retained)."""
    return _below(event, "run", run_id)


def passengers(event: str, run_id: str) -> str:
    """Who has a seat on a run: ids only (retained; docs/contract.md)."""
    return _below(event, "passengers", run_id)


def headcount(event: str) -> str:
    """The telling (retained)."""
    return _below(event, "headcount")


def alert(event: str, alert_id: str) -> str:
    """Something that needs a human (retained; empty = over)."""
    return _below(event, "alert", alert_id)


def sync(event: str, service: str) -> str:
    """Where `service` is asked to publish its sightings again (docs/contract.md)."""
    return _below(event, "sync", service)


def syncs_of(service: str) -> str:
    """The filter for requests to one service, of all events."""
    return f"{ROOT}/+/sync/{service}"
