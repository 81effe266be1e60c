"""The coordinator's page as it is served: who may, what it is made of, and all its words in both languages."""

import re
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.support.run_page import RUN, RunSite
from transport.web import run_page, run_words

HERE = Path(run_words.__file__).parent
SCRIPTS = sorted((HERE / "static" / "run").glob("*.js"))
ASKED = re.compile(r"""(?<![\w.])(?:words\.)?(t|n)\(\s*"([a-z_-]+)\"""")
BY_CHOICE = re.compile(r"""(?<![\w.])(?:words\.)?t\([^"`()]*\? "([a-z_-]+)" : "([a-z_-]+)\"""")
KINDS = re.compile(r"""(?<![\w.])(?:words\.)?t\(`([a-z_]+_)\$""")
ON_THE_PAGE = re.compile(r"""data-t(?:-label|-hint)?="([a-z_]+)\"""")


@pytest.fixture
def said(run_site: RunSite) -> dict[str, dict[str, str]]:
    """What the page was given to say."""
    found = run_site.config()["words"]
    assert isinstance(found, dict)
    return found


def test_every_word_that_a_script_asks_for_is_there(said: dict[str, dict[str, str]]) -> None:
    """A key without a text would stand on the page as itself."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    single = {key for _, key in ASKED.findall(source)}
    counted = {f"{key}_one" for kind, key in ASKED.findall(source) if kind == "n"}
    chosen = {key for pair in BY_CHOICE.findall(source) for key in pair}
    assert len(single) > 100
    assert (single | counted | chosen) - said["nl"].keys() == set()
    assert [kind for kind in KINDS.findall(source) if not any(key.startswith(kind) for key in said["nl"])] == []


def test_every_word_on_the_page_is_there(said: dict[str, dict[str, str]]) -> None:
    """The same for what the page comes with."""
    page = (HERE / "templates" / "run.html").read_text(encoding="utf-8")
    asked = set(ON_THE_PAGE.findall(page))
    assert len(asked) > 10
    assert asked - said["nl"].keys() == set()


def test_both_languages_say_the_same_with_the_same_placeholders(said: dict[str, dict[str, str]]) -> None:
    """Nothing is left in the other language, and `{…}` is filled in both."""
    assert said["nl"].keys() == said["en"].keys()
    for key, dutch in said["nl"].items():
        english = said["en"][key]
        assert sorted(re.findall(r"\{\w+\}", dutch)) == sorted(re.findall(r"\{\w+\}", english)), key


def status(site: RunSite, path: str, token: str = "") -> int:
    """What a browser gets at a path below `/transport`."""
    headers = {"Accept": "text/html"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urlopen(Request(f"{site.url}/transport{path}", headers=headers), timeout=20) as answer:  # noqa: S310
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_the_page_is_for_coordinators_of_the_run(run_site: RunSite) -> None:
    """Not without a token, not for a host, not for a coordinator of another run; and only for runs that there are."""
    page = f"/run/{RUN}"
    assert status(run_site, page) == 401
    assert status(run_site, page, run_site.token("host")) == 403
    assert status(run_site, page, run_site.token("coordinator", "t1-b1")) == 403
    assert status(run_site, page, run_site.token("coordinator", RUN)) == 200
    assert status(run_site, page, run_site.token("organiser")) == 200
    assert status(run_site, "/run/nowhere", run_site.token("organiser")) == 404
    assert status(run_site, f"{page}/manifest.webmanifest", run_site.token("coordinator", "t1-b1")) == 403


def test_the_worker_keeps_every_file_that_the_scripts_import(run_site: RunSite) -> None:
    """One that is missing would be missing without network; and each that is named is there."""
    with urlopen(f"{run_site.url}/transport/sw.js", timeout=20) as answer:  # noqa: S310 # http, our own
        assert answer.headers["Service-Worker-Allowed"] == "/transport/"
        worker = answer.read().decode()
    found = re.search(r"const FILES = (\[.*\]);", worker)
    assert found
    files = set(re.findall(r'"([^"]+)"', found[1]))
    own = {f"/transport/static/transport/run/{path.name}" for path in SCRIPTS if path.name != "sw.js"}
    assert own <= files
    imported = {name for path in SCRIPTS for name in re.findall(r'from "\.\./\.\./(\S+)";', path.read_text("utf-8"))}
    assert {f"/transport/static/{name}" for name in imported} <= files
    assert "/transport/static/vendor/barcode-detector/zxing_reader.wasm" in files
    assert [file for file in files if status(run_site, file.removeprefix("/transport")) != 200] == []


def test_the_worker_is_another_one_when_a_file_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So that a phone takes the new files, all of them together."""
    before = run_page._version()
    changed = tmp_path / "tokens.css"
    changed.write_text("changed")
    files = [(name, changed if name == "tokens.css" else path) for name, path in run_page._shared()]
    monkeypatch.setattr(run_page, "_shared", lambda: iter(files))
    run_page._version.cache_clear()
    after = run_page._version()
    run_page._version.cache_clear()
    assert before != after
