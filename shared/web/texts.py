"""The words on the pages, in Dutch and English, and times as the event's town reads them.

Sources are written in English; `locale/nl/LC_MESSAGES/messages.po` has the Dutch. The `.po` files are read into memory
at start, so that nothing compiled is kept and nothing is built.
"""

from collections.abc import Callable, Iterable
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, Response, current_app, g, request

from shared import facts, instants

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
COOKIE = "inloop_language"
_YEAR_S = 365 * 24 * 3600


class Texts:
    """The catalogues of all languages; English is what the sources say."""

    def __init__(self, catalogues: dict[Language, NullTranslations]) -> None:
        self._catalogues = catalogues

    @classmethod
    def read(cls, folders: Iterable[Path]) -> "Texts":
        """Read `{folder}/{language}/LC_MESSAGES/messages.po` of every folder that has one; later ones go first."""
        catalogues: dict[Language, NullTranslations] = {}
        for folder in folders:
            for language in LANGUAGES:
                path = folder / language / "LC_MESSAGES" / "messages.po"
                if not path.is_file():
                    continue
                read = _in_memory(_catalogue(path))
                if language in catalogues:
                    read.add_fallback(catalogues[language])
                catalogues[language] = read
        return cls(catalogues)

    def say(self, language: Language, text: str) -> str:
        """The text in a language; itself where there is no translation."""
        catalogue = self._catalogues.get(language)
        return catalogue.gettext(text) if catalogue else text

    def say_number(self, language: Language, one: str, many: str, number: int) -> str:
        """The text for one or for many."""
        catalogue = self._catalogues.get(language) or NullTranslations()
        return catalogue.ngettext(one, many, number)


def install(app: Flask, *, texts: Texts, zone: Callable[[], ZoneInfo]) -> None:
    """Give the templates `_()`, `ngettext()`, `clock` (a moment in the event's zone) and `words` (of a facts.Text)."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    installer: Any = app.jinja_env
    installer.install_gettext_callables(
        lambda text: texts.say(language(), text),
        lambda one, many, number: texts.say_number(language(), one, many, number),
        newstyle=True,
    )
    app.extensions["inloop.texts"] = texts
    app.jinja_env.filters["clock"] = lambda at_ms: clock_text(at_ms, zone=zone(), language=language())
    app.jinja_env.filters["words"] = words
    app.before_request(_choose)
    app.after_request(_keep)
    app.context_processor(lambda: {"language": language(), "languages": LANGUAGES})


def language() -> Language:
    """The language of this request: `?lang=`, else the cookie, else what the browser asks for, else Dutch."""
    chosen: Language = g.get("language", "nl")
    return chosen


def translate(text: str) -> str:
    """The text in the language of this request; import it as `_`, so that the texts are found."""
    texts: Texts = current_app.extensions["inloop.texts"]
    return texts.say(language(), text)


def clock_text(at_ms: int, *, zone: ZoneInfo, language: Language) -> str:
    """The time of day: 11.42 in Dutch, 11:42 in English."""
    return instants.local(at_ms, zone).strftime("%H.%M" if language == "nl" else "%H:%M")


def words(text: Any) -> str:
    """The words of a `facts.Text`, or of a text of the programme, in the language of this request."""
    if isinstance(text, str):
        return text
    spoken: str = getattr(text, language()) if isinstance(text, facts.Text) or hasattr(text, "nl") else str(text)
    return spoken


def _known(name: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)


def _choose() -> None:
    asked = _known(request.args.get("lang"))
    browser = _known(request.accept_languages.best_match(LANGUAGES))
    g.language = asked or _known(request.cookies.get(COOKIE)) or browser or "nl"
    g.keep_language = asked is not None


def _keep(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.headers["Content-Language"] = language()
        response.vary.update(("Accept-Language", "Cookie"))
        if g.get("keep_language"):
            response.set_cookie(COOKIE, language(), max_age=_YEAR_S, samesite="Lax", secure=request.is_secure)
    return response


def _catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def _in_memory(catalogue: Catalog) -> Translations:
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return Translations(buffer)
