"""A page with the badge reader, badges as pictures, and a video of them for a browser that believes it has a camera."""

import base64
import io
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

import pytest
import qrcode
from flask import Flask, Response, request
from markupsafe import escape
from PIL import Image, ImageEnhance, ImageFilter
from werkzeug.serving import make_server

from shared.web import headers
from shared.web.app import STATIC
from tests.support.pages import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BADGE_A = "IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N"
BADGE_B = "IL1:9C4T1HR8EV:K2W6N0PZ5Y3QXB7M"
SIZE = (320, 240)
FRAMES_A_SECOND = 10
PAGE = """<!doctype html>
<html lang="{language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Lezer</title>
  <link rel="icon" href="/static/icon.svg">
  <link rel="stylesheet" href="/static/tokens.css">
  <link rel="stylesheet" href="/static/base.css">
  <link rel="stylesheet" href="/static/reader/reader.css">
  <script type="module" src="/static/reader/element.js"></script>
  <script type="module" src="/page.js"></script>
</head>
<body>
  <main>
    <h1>Lezer</h1>
    <badge-reader {attributes}></badge-reader>
    <form action="/sent"><label for="q">Zoek</label><input id="q" type="search" name="q"></form>
    <textarea id="text" aria-label="Tekst"></textarea>
    <select id="choice" aria-label="Keuze"><option>B1</option><option>I2</option><option>7</option></select>
    <button id="button" type="button">Knop</button>
  </main>
</body>
</html>"""
SCRIPT = """
window.reads = [];
window.states = [];
window.pressed = 0;
addEventListener("badge-read", ({ detail }) => window.reads.push(detail));
addEventListener("reader-state", ({ detail }) => window.states.push(`${detail.source} ${detail.state}`));
document.getElementById("button").addEventListener("click", () => (window.pressed += 1));
"""


def page_app() -> Flask:
    """A site of one page under the policy of the real ones: `/?<attributes of the reader>`."""
    app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
    headers.install(app)

    @app.get("/")
    def page() -> str:
        attributes = " ".join(f'{name}="{escape(value)}"' for name, value in request.args.items())
        return PAGE.format(attributes=attributes, language=request.args.get("language", "nl"))

    @app.get("/page.js")
    def script() -> Response:
        return Response(SCRIPT, mimetype="text/javascript")

    return app


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined] # werkzeug's threaded server
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def badge(code: str, *, side: int = 150) -> Image.Image:
    """The badge's symbol as it is printed, with its quiet zone."""
    symbol = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    symbol.add_data(code)
    symbol.make()
    made: Image.Image = symbol.make_image().get_image()
    return made.convert("L").resize((side, side), Image.Resampling.LANCZOS)


def scene(code: str | None, *, tilt: float = 0, blur: float = 0, light: float = 1) -> Image.Image:
    """What a camera sees: a table, and on it a badge, or none."""
    seen = Image.new("L", SIZE, 120)
    if code is not None:
        card = badge(code).rotate(tilt, expand=True, fillcolor=120, resample=Image.Resampling.BICUBIC)
        seen.paste(card, ((SIZE[0] - card.width) // 2, (SIZE[1] - card.height) // 2))
    return ImageEnhance.Brightness(seen.filter(ImageFilter.GaussianBlur(blur))).enhance(light)


def write_video(path: Path, frames: Iterable[Image.Image]) -> Path:
    """A video that Chromium takes for a camera, as YUV4MPEG2: grey pictures, no other program needed."""
    colourless = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            file.write(b"FRAME\n" + frame.convert("L").tobytes() + colourless)
    return path


@pytest.fixture(scope="session")
def reader_site() -> Iterator[str]:
    """The address of the page with the reader."""
    with serving(page_app()) as url:
        yield url


@pytest.fixture(scope="session")
def with_camera(chromium: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator["Browser"]:
    """A browser whose camera sees badge A sharp, then none, then badge B tilted, blurred and dim, over and over."""
    sharp, none, poor = scene(BADGE_A), scene(None), scene(BADGE_B, tilt=15, blur=0.8, light=0.45)
    video = write_video(tmp_path_factory.mktemp("camera") / "badges.y4m", [sharp] * 8 + [none] * 4 + [poor] * 8)
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",  # nobody is there to say yes
            f"--use-file-for-fake-video-capture={video}",
        ],
    )
    yield browser
    browser.close()


@contextmanager
def opened(
    browser: "Browser",
    url: str,
    *,
    before: str = "",
    width: int = 390,
    theme: Literal["light", "dark"] = "light",
    **attributes: str,
) -> Iterator[tuple["Page", list[str]]]:
    """The page in a browser of its own, with the reader's attributes, and what the browser complained of.

    `before` is a script that plays a part that this machine does not have, such as a torch.
    """
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="nl-NL", color_scheme=theme)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(before)
    try:
        page.goto(f"{url}/?{urlencode(attributes)}")
        yield page, complaints
    finally:
        context.close()


def data_url(picture: Image.Image) -> str:
    """A picture as an address that a page can fetch."""
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
