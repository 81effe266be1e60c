"""The badge reader in a real browser: from a badge before the camera to its code, and what it says when it cannot."""

from typing import Any, Literal

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from flask import g
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from shared.web.reader_assets import reader_assets
from shared.web.reader_words import reader_words
from shared.web.texts import Texts
from tests.support.pages import eventually, make_site
from tests.support.reader import BADGE_A, BADGE_B, SIZE, data_url, opened, scene

pytestmark = pytest.mark.browser
WAIT_MS = 20_000
PLAYED = "document.querySelector('video').currentTime"

TORCH_AND_ZOOM = """
  const is = { torch: false, zoom: 1 };
  const settings = MediaStreamTrack.prototype.getSettings;
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 2.5, step: 0.1 } });
  MediaStreamTrack.prototype.getSettings = function () { return { ...settings.call(this), ...is }; };
  MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void Object.assign(is, ...advanced);
"""
TWO_CAMERAS = """
  window.asked = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = ({ video }) => {
    window.asked.push(video.deviceId?.exact ?? video.facingMode?.ideal);
    if (video.deviceId?.exact === "gone") return Promise.reject(new DOMException("", "OverconstrainedError"));
    return ask({ video: true });
  };
  navigator.mediaDevices.enumerateDevices = async () =>
    ["back", "front"].map((deviceId) => ({ kind: "videoinput", deviceId, label: deviceId }));
  MediaStreamTrack.prototype.getSettings = () => ({ deviceId: asked.at(-1) === "front" ? "front" : "back" });
"""
NO_CAMERA = 'navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException("", "{}"); }};'
WAITING = "navigator.mediaDevices.getUserMedia = () => new Promise(() => {});"
OPENED = """
  window.opened = [];
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await ask(wish);
    window.opened.push(...stream.getTracks());
    return stream;
  };
"""
LOOKED_AT = """(how) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => how });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def state(page: Page, name: str) -> None:
    expect(page.locator("badge-reader")).to_have_attribute("data-state", name, timeout=WAIT_MS)


def many(page: Page, most: int) -> None:
    eventually(lambda: len(codes(page)) >= most, f"{most} badges are read", within_s=WAIT_MS / 1000)


def codes(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.reads.map(({ code }) => code)")
    return found


def test_badges_before_the_camera_are_read_once_each(with_camera: Browser, reader_site: str) -> None:
    """Sharp, and tilted, blurred and dim; while the video goes round, within three seconds, neither is read again."""
    with opened(with_camera, reader_site) as (page, complaints):
        page.get_by_role("button", name="Camera on").click()
        many(page, 2)
        state(page, "reading")
        played = page.evaluate(PLAYED)
        eventually(lambda: page.evaluate(PLAYED) > played + 4.5, "twice round")
        assert sorted(codes(page)) == sorted([BADGE_A, BADGE_B])
        read = page.evaluate("window.reads[0]")
        assert read["source"] == "camera"
        assert abs(read["at"] - page.evaluate("Date.now()")) < 60_000
        assert complaints == []


def test_a_reader_that_forgets_reads_a_badge_again(with_camera: Browser, reader_site: str) -> None:
    """Another run or checkpoint: the badge that is still held counts there."""
    with opened(with_camera, reader_site, autostart="") as (page, _):
        many(page, 2)
        page.evaluate("document.querySelector('badge-reader').reader.forget()")
        many(page, 4)
        assert set(codes(page)) == {BADGE_A, BADGE_B}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (zxingcpp.BarcodeFormat.QRCode, BADGE_A),
        (zxingcpp.BarcodeFormat.Code128, "A93-pretix-7731"),
        (zxingcpp.BarcodeFormat.EAN13, "8712345678906"),
        (zxingcpp.BarcodeFormat.EAN8, "96385074"),
        (zxingcpp.BarcodeFormat.DataMatrix, "STAFF 00412"),
    ],
)
def test_the_worker_reads_foreign_tickets_too(
    with_camera: Browser, reader_site: str, kind: zxingcpp.BarcodeFormat, text: str
) -> None:
    """Each kind, as another library drew it."""
    drawn = Image.fromarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=4))
    with opened(with_camera, reader_site) as (page, complaints):
        assert found_by_worker(page, drawn) == [text]
        assert complaints == []


def test_a_picture_without_a_badge_has_none(with_camera: Browser, reader_site: str) -> None:
    """An empty table is no code."""
    with opened(with_camera, reader_site) as (page, _):
        assert found_by_worker(page, scene(None)) == []


def found_by_worker(page: Page, picture: Image.Image) -> list[str]:
    padded = Image.new("L", (max(SIZE[0], picture.width + 80), max(SIZE[1], picture.height + 80)), 255)
    padded.paste(picture.convert("L"), (40, 40))
    found: list[str] = page.evaluate(
        """async (address) => {
          const worker = new Worker("/static/reader/worker.js", { type: "module" });
          const image = Object.assign(new Image(), { src: address });
          await image.decode();
          const picture = await createImageBitmap(image);
          return new Promise((resolve, reject) => {
            worker.onmessage = ({ data }) => (data.failed ? reject(data.failed) : data.codes && resolve(data.codes));
            worker.postMessage({ picture }, [picture]);
          }).then((codes) => codes.map(({ code }) => code)).finally(() => worker.terminate());
        }""",
        data_url(padded),
    )
    return found


@pytest.mark.parametrize(
    ("why", "name"),
    [
        ("NotAllowedError", "denied"),
        ("NotFoundError", "missing"),
        ("NotReadableError", "busy"),
        ("TypeError", "failed"),
    ],
)
def test_a_camera_that_cannot_be_used_says_why_and_can_be_tried_again(
    with_camera: Browser, reader_site: str, why: str, name: str
) -> None:
    """What happened and what to do stand there; when it can be used after all, a tap is enough."""
    with opened(with_camera, reader_site, before=NO_CAMERA.format(why)) as (page, _):
        page.get_by_role("button", name="Camera on").click()
        state(page, name)
        said = page.evaluate("import('/static/reader/words.js').then(({ ENGLISH }) => ENGLISH)")
        expect(page.get_by_role("status")).to_contain_text(said[name])
        expect(page.get_by_role("status")).to_contain_text(said[f"{name}_line"])
        page.evaluate("delete navigator.mediaDevices.getUserMedia")
        page.get_by_role("button", name="Try again").click()
        state(page, "reading")


def test_a_worker_that_does_not_load_is_said_and_can_be_tried_again(with_camera: Browser, reader_site: str) -> None:
    """The network went before the reader of codes was here: not a picture that reads nothing."""
    with opened(with_camera, reader_site) as (page, _):
        page.route("**/zxing_reader.wasm", lambda route: route.abort())
        page.get_by_role("button", name="Camera on").click()
        state(page, "failed")
        page.unroute_all()
        page.get_by_role("button", name="Try again").click()
        many(page, 1)


def test_a_browser_without_cameras_says_so(with_camera: Browser, reader_site: str) -> None:
    """Such as a page that did not come over https."""
    before = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    with opened(with_camera, reader_site, before=before) as (page, _):
        page.get_by_role("button", name="Camera on").click()
        state(page, "unsupported")
        expect(page.get_by_role("button", name="Try again")).to_be_hidden()


def test_the_camera_is_given_back_on_stop_and_while_nobody_looks(with_camera: Browser, reader_site: str) -> None:
    """A hidden page has no camera; it goes on by itself. After stop, coming back does not start it."""
    tracks = "window.opened.map((track) => track.readyState)"
    with opened(with_camera, reader_site, before=OPENED, autostart="") as (page, complaints):
        state(page, "reading")
        page.evaluate(LOOKED_AT, "hidden")
        state(page, "hidden")
        assert page.evaluate(tracks) == ["ended"]
        page.evaluate(LOOKED_AT, "visible")
        state(page, "reading")
        page.get_by_role("button", name="Camera off").click()
        state(page, "off")
        page.evaluate(LOOKED_AT, "visible")
        assert page.evaluate(tracks) == ["ended", "ended"]
        expect(page.get_by_role("button", name="Camera on")).to_be_focused()
        assert complaints == []


@pytest.mark.parametrize(("permission", "name"), [("granted", "reading"), ("prompt", "off"), ("denied", "off")])
def test_a_reader_starts_by_itself_only_where_nobody_is_asked(
    with_camera: Browser, reader_site: str, permission: str, name: str
) -> None:
    """After a reload in the middle of a queue it reads on; a first visit is not met with a question."""
    before = f"navigator.permissions.query = async () => ({{ state: (window.told = '{permission}') }});"
    with opened(with_camera, reader_site, before=before, autostart="granted") as (page, _):
        eventually(lambda: page.evaluate("window.told") == permission, "the reader knows whether it may")
        state(page, name)
        assert bool(page.evaluate("window.states.length")) == (name == "reading")


def test_all_that_a_reader_loads_is_listed_for_the_time_without_network(with_camera: Browser, reader_site: str) -> None:
    """A service worker that has these has a reader that reads."""
    assets = {f"{reader_site}/static/{one}" for one in reader_assets()}
    context = with_camera.new_context()
    page, asked = context.new_page(), set[str]()
    context.on("request", lambda request: asked.add(request.url))
    page.goto(f"{reader_site}/?autostart=")
    state(page, "reading")
    assert {url for url in asked if "/reader/" in url or "barcode" in url} == assets
    context.close()


def test_a_reader_that_leaves_the_page_lets_go_of_everything(with_camera: Browser, reader_site: str) -> None:
    """No camera goes on unseen."""
    with opened(with_camera, reader_site, before=OPENED, autostart="") as (page, _):
        state(page, "reading")
        page.evaluate("document.querySelector('badge-reader').remove()")
        assert page.evaluate("window.opened.map((track) => track.readyState)") == ["ended"]


def test_light_and_zoom_are_there_where_the_camera_has_them(with_camera: Browser, reader_site: str) -> None:
    """A tap switches the light, taps go through the zooms and round, and each button says how it stands."""
    with opened(with_camera, reader_site, before=TORCH_AND_ZOOM, autostart="") as (page, _):
        light, zoom = page.get_by_role("button", name="Light"), page.locator(".reader-zoom")
        expect(light).to_have_attribute("aria-pressed", "false", timeout=WAIT_MS)
        light.click()
        expect(light).to_have_attribute("aria-pressed", "true")
        for factor in ("2×", "1×"):
            zoom.click()
            expect(zoom).to_have_accessible_name(f"Zoom {factor}")


def test_a_plain_camera_has_no_buttons_that_do_nothing(with_camera: Browser, reader_site: str) -> None:
    """No light, no zoom, no other camera."""
    with opened(with_camera, reader_site, autostart="") as (page, _):
        state(page, "reading")
        expect(page.locator(".reader-tool:visible")).to_have_count(1)
        expect(page.get_by_role("button", name="Camera off")).to_be_visible()


def test_another_camera_is_chosen_and_remembered(with_camera: Browser, reader_site: str) -> None:
    """After a reload it is that one; when it is gone, any other."""
    with opened(with_camera, reader_site, before=TWO_CAMERAS, autostart="") as (page, _):
        page.get_by_role("button", name="Other camera").click(timeout=WAIT_MS)
        eventually(lambda: page.evaluate("window.asked") == ["environment", "front"], "the other camera is asked for")
        state(page, "reading")
        page.reload()
        state(page, "reading")
        assert page.evaluate("window.asked") == ["front"]
        page.evaluate("localStorage.setItem('inloop-camera', 'gone')")
        page.reload()
        state(page, "reading")
        assert page.evaluate("window.asked") == ["gone", "environment"]


def test_a_tag_held_against_the_phone_is_read(with_camera: Browser, reader_site: str) -> None:
    """Its text in the page's language, or its serial number; the browser is asked on a tap."""
    nfc = """
      window.NDEFReader = class extends EventTarget {
        constructor() { super(); window.tags = this; }
        async scan() {}
      };
      window.hold = (serialNumber, ...texts) => window.tags.dispatchEvent(Object.assign(new Event("reading"), {
        serialNumber,
        message: { records: texts.map(([lang, text]) => ({
          recordType: "text", lang, encoding: "utf-8", data: new DataView(new TextEncoder().encode(text).buffer),
        })) },
      }));
    """
    with opened(with_camera, reader_site, before=nfc, language="nl") as (page, _):
        page.get_by_role("button", name="NFC on").click()
        expect(page.locator(".reader-hint")).to_contain_text("NFC is on")
        page.evaluate("hold('04:a2:9f:1b', ['en', 'EN-1'], ['nl-NL', 'NL-1'])")
        page.evaluate("hold('04:a2:9f:1b')")
        page.evaluate("hold('04:a2:9f:1b', ['de', 'DE-1'])")
        assert codes(page) == ["NL-1", "04A29F1B", "DE-1"]
        page.evaluate("document.querySelector('badge-reader').stop('nfc')")
        page.evaluate("hold('', ['nl', 'too late'])")
        assert len(codes(page)) == 3


def test_a_typed_code_is_a_reading(with_camera: Browser, reader_site: str) -> None:
    """Without the spaces round it; nothing is no code."""
    with opened(with_camera, reader_site) as (page, _):
        page.evaluate("document.querySelector('badge-reader').reader.typed('  7KQ2  ')")
        page.evaluate("document.querySelector('badge-reader').reader.typed('   ')")
        assert page.evaluate("window.reads.map(({ code, source }) => [code, source])") == [["7KQ2", "typed"]]


def test_the_words_are_those_of_the_catalogue(with_camera: Browser, reader_site: str) -> None:
    """The page gives every text that the reader has, in English the same ones."""
    site = make_site()
    with site.app.test_request_context("/"):
        g.language = "en"
        given = reader_words()
    with opened(with_camera, reader_site) as (page, _):
        assert page.evaluate("import('/static/reader/words.js').then(({ ENGLISH }) => ENGLISH)") == given
    texts: Texts = site.app.extensions["inloop.texts"]
    assert all(texts.say("nl", text) != text for text in given.values())


def test_words_that_a_page_gives_are_said(with_camera: Browser, reader_site: str) -> None:
    """In its own language; what it leaves out, in English."""
    with opened(with_camera, reader_site, words='{"start": "Camera aan", "hint_wedge": ""}', sources="camera") as (
        page,
        _,
    ):
        expect(page.get_by_role("button", name="Camera aan")).to_be_visible()
        expect(page.locator(".reader-hint")).to_be_hidden()
        page.evaluate("document.querySelector('badge-reader').words = { start: 'Aan' }")
        expect(page.get_by_role("button", name="Aan", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 844])
def test_targets_are_large_enough_for_a_thumb_in_a_glove(with_camera: Browser, reader_site: str, width: int) -> None:
    """At least 48 px each way, within the screen, while it reads with everything there is."""
    with opened(with_camera, reader_site, before=TORCH_AND_ZOOM, width=width, autostart="") as (page, _):
        state(page, "reading")
        for button in page.locator("badge-reader button:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 48
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "before"),
    [("off", ""), ("reading", TORCH_AND_ZOOM), ("denied", NO_CAMERA.format("NotAllowedError")), ("starting", WAITING)],
)
def test_everybody_can_use_it(
    with_camera: Browser, reader_site: str, name: str, before: str, theme: Literal["light", "dark"]
) -> None:
    """axe-core finds nothing, whatever it says."""
    start: dict[str, Any] = {} if name == "off" else {"autostart": ""}
    with opened(with_camera, reader_site, before=before, theme=theme, **start) as (page, _):
        state(page, name)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
