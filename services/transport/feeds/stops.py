"""The stops of the day as GTFS knows them: a location is a station, its kerb places are its platforms."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from transport.feeds.model import Feed, RunFeed

PLAIN = "kerb"  # the platform of a location without a kerb place of its own, and where coaches arrive
Spot = tuple[str, str | None]  # location, kerb place


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """A place where a coach stands; `code` is the letter or number on its sign, "" when there is none."""

    id: str
    location: str
    name: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Stops:
    """The platforms by where they are; their ids have a colon, which no place of the programme has."""

    platforms: Mapping[Spot, Platform]

    def origin(self, run: RunFeed) -> str:
        """The stop where a run departs."""
        return self.platforms[run.origin, run.kerb].id

    def destination(self, run: RunFeed) -> str:
        """The stop where it arrives."""
        return self.platforms[run.destination, None].id


def stops_of(feed: Feed) -> Stops:
    """The stops that the runs of the day use, in the order of the locations, then of the kerb places' names."""
    spots = {(run.origin, run.kerb) for run in feed.runs} | {(run.destination, None) for run in feed.runs}
    found: dict[Spot, Platform] = {}
    for site in feed.sites:
        used: set[str] = set()
        for kerb in sorted((kerb for place, kerb in spots if place == site.id), key=lambda kerb: kerb or ""):
            slug = _unused(_slug(kerb) if kerb else PLAIN, used)
            name = f"{site.name}, {kerb}" if kerb else site.name
            platform = Platform(id=f"{site.id}:{slug}", location=site.id, name=name, code=_code(kerb or ""))
            found[site.id, kerb] = platform
    return Stops(platforms=found)


def _slug(kerb: str) -> str:
    plain = unicodedata.normalize("NFKD", kerb).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or PLAIN


def _unused(slug: str, used: set[str]) -> str:
    """The slug, with a number where two kerb places have the same one."""
    number, made = 1, slug
    while made in used:
        number += 1
        made = f"{slug}-{number}"
    used.add(made)
    return made


def _code(kerb: str) -> str:
    """`A` of "Halte A", `12` of "12"; GTFS wants the sign without the word for stop."""
    match = re.fullmatch(r"(?:.*\s)?([A-Z]|[0-9]{1,3}[A-Za-z]?)", kerb.strip())
    return match[1] if match else ""
