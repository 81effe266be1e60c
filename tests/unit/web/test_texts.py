"""The words: all there in both languages, chosen by who reads, with times as the town writes them."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import checkin.web
import shared.web
import transport.web
from shared.web import texts
from tests.support.pages import NOON_MS, Site

FOLDERS = [Path(next(iter(package.__path__))) for package in (shared.web, checkin.web, transport.web)]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "ngettext": (1, 2)}
HTML = {"Accept": "text/html"}


def said_in(folder: Path) -> set[str | tuple[str, ...]]:
    """Every text that pages and code of a folder show."""
    found = extract_from_dir(folder, method_map=METHODS, keywords=KEYWORDS)
    return {text for _, _, text, _, _ in found}


def dutch_of(folder: Path) -> Catalog:
    with (folder / "locale/nl/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def entries(catalogue: Catalog) -> Iterator[tuple[str | tuple[str, ...], tuple[str, ...]]]:
    """Each text (one and many together) with its translations."""
    for message in catalogue:
        if message.id:
            text, dutch = message.id, message.string or ""
            yield text if isinstance(text, str) else tuple(text), (dutch,) if isinstance(dutch, str) else tuple(dutch)


@pytest.mark.parametrize("folder", FOLDERS, ids=["shared", "checkin", "transport"])
def test_every_text_on_the_pages_has_its_dutch_and_none_is_left_over(folder: Path) -> None:
    """A text without a translation, or one that nobody shows any more, fails here."""
    translated = dict(entries(dutch_of(folder)))
    assert said_in(folder) == set(translated)
    assert not [text for text, dutch in translated.items() if not all(dutch)]


@pytest.mark.parametrize("folder", FOLDERS, ids=["shared", "checkin", "transport"])
def test_no_translation_is_a_guess_or_has_other_placeholders(folder: Path) -> None:
    """Fuzzy entries are not used; %(name)s and {name} stay what they are."""
    for message in dutch_of(folder):
        assert not (message.id and message.fuzzy)
        assert list(message.check()) == []
        if isinstance(message.id, str) and isinstance(message.string, str):
            assert ("{at}" in message.id) == ("{at}" in message.string)


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "", "nl"),
        ("", "en-GB,en;q=0.9", "en"),
        ("", "de,fr", "nl"),
        ("?lang=en", "nl", "en"),
        ("?lang=xx", "nl", "nl"),
    ],
)
def test_the_language_is_asked_for_or_the_browsers_or_dutch(site: Site, query: str, accept: str, language: str) -> None:
    """In that order."""
    answer = site.client().get(f"/{query}", headers={**HTML, "Accept-Language": accept})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["Content-Language"] == language


def test_a_chosen_language_is_remembered(site: Site) -> None:
    """In a cookie, and it goes before what the browser asks for."""
    client = site.client()
    client.get("/?lang=en", headers=HTML)
    assert '<html lang="en">' in client.get("/", headers={**HTML, "Accept-Language": "nl"}).text


def test_times_are_those_of_the_town(site: Site) -> None:
    """11.42 in Dutch, 11:42 in English, in the event's zone."""
    zone = ZoneInfo("Europe/Amsterdam")
    assert texts.clock_text(NOON_MS, zone=zone, language="nl") == "11.42"
    assert texts.clock_text(NOON_MS, zone=zone, language="en") == "11:42"
    assert "11.42</time>" in site.client().get("/", headers={"Accept-Language": "nl"}).text


def test_one_and_many_differ(site: Site) -> None:
    """Numbers of people are written as one says them."""
    assert "1 deelnemer is hier" in site.client().get("/places/grote-kerk", headers=HTML).text
    assert "1 person is here" in site.client().get("/places/grote-kerk?lang=en", headers=HTML).text
