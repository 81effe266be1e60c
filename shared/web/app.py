"""A Flask app with the habits of the house: refuse by default, problems, headers, two languages, the look."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

from shared.clock import Clock, RealClock
from shared.errors import Unavailable
from shared.web import auth, headers, problems, texts
from shared.web.metrics import Metrics

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every web app needs to know.

    `clock` is the event's (perhaps simulated) clock, for what the pages show; `now_s` is real time in epoch seconds,
    for tokens: they must not expire sixty times as fast because a day is played again. `explain` says which exceptions
    only mean that the service cannot answer now (`shared.sql.unavailable`).
    """

    service: str
    event: str
    session_key: str = field(repr=False)
    zone: Callable[[], ZoneInfo]
    clock: Clock = field(default_factory=RealClock)
    now_s: Callable[[], float] = time.time
    metrics: Metrics = field(default_factory=Metrics)
    explain: Callable[[Exception], Unavailable | None] = lambda _: None


def new_app(site: Site, import_name: str, *, folder: Path) -> Flask:
    """An app whose own `templates/`, `locale/` are in `folder`; add blueprints to it.

    Every view needs `@needs(role…)` or `@public`, or it is refused.
    """
    app = Flask(import_name, static_folder=str(STATIC), static_url_path="/static", template_folder=None)
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder / "templates"), FileSystemLoader(HERE / "templates")])
    app.extensions["inloop"] = site
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    site.metrics.install(app)  # first, so that it also sees what is refused
    texts.install(app, texts=texts.Texts.read(locale_folders(folder)), zone=site.zone)
    problems.install(app, explain=site.explain)
    auth.install(app, session_key=site.session_key, event=site.event, now_s=site.now_s)
    headers.install(app)
    app.context_processor(lambda: {"signed_in": auth.signed_in()})
    return app


def locale_folders(folder: Path) -> Sequence[Path]:
    """Where the texts of an app are: the shared ones, then its own."""
    return (HERE / "locale", folder / "locale")
