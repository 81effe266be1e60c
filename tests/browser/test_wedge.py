"""A hand scanner types on a keyboard like a person, only faster: each is told from the other, wherever the focus is."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.support.reader import BADGE_A, BADGE_B, opened

pytestmark = pytest.mark.browser

FAST_MS = 12  # a hand scanner
PERSON_MS = 60  # the fastest typist
NAMED = {"Enter": ("\r", 13), "Tab": ("", 9), "Shift": ("", 16), " ": (" ", 32)}


class Keyboard:
    """Keys with times of our own, so that a busy machine does not make a scanner a person."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._at = time.time()

    def type(self, text: str, *, gap_ms: float = FAST_MS, end: str | None = "Enter") -> None:
        """Type a text and its end."""
        for key in [*text, *([end] if end else [])]:
            self.press(key, gap_ms=gap_ms)

    def rest(self) -> None:
        """A second goes by."""
        self._at += 1

    def press(self, key: str, *, gap_ms: float = FAST_MS, repeats: bool = False) -> None:
        """Press a key, some time after the one before it."""
        self._at += gap_ms / 1000
        text, code = NAMED.get(key, (key, 0))
        about = {"key": key, "timestamp": self._at, "windowsVirtualKeyCode": code}
        down = {"type": "keyDown", "text": text} if text else {"type": "rawKeyDown"}
        self._session.send("Input.dispatchKeyEvent", {**about, **down, "autoRepeat": repeats})
        self._session.send("Input.dispatchKeyEvent", {**about, "type": "keyUp"})


@pytest.fixture
def page(chromium: Browser, reader_site: str) -> Iterator[Page]:
    """The page with a reader that hears hand scanners only, and no complaints of the browser at the end."""
    with opened(chromium, reader_site, sources="wedge") as (shown, complaints):
        expect(shown.locator(".reader-hint")).to_be_visible()
        shown.evaluate("q.form.addEventListener('submit', () => (window.sent = true))")
        yield shown
        assert [one for one in complaints if "404" not in one] == []


@pytest.fixture
def keyboard(page: Page) -> Keyboard:
    return Keyboard(page.context.new_cdp_session(page))


def reads(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.reads.map(({ code, source }) => `${source} ${code}`)")
    return found


@pytest.mark.parametrize("end", ["Enter", "Tab"])
@pytest.mark.parametrize("focus", ["body", "#q", "#text", "#choice", "#button"])
def test_a_badge_is_read_whatever_has_the_focus(page: Page, keyboard: Keyboard, focus: str, end: str) -> None:
    """Nothing of it stays in a field, nothing is sent, pressed, chosen, and the focus stays where it was."""
    if focus != "body":
        page.focus(focus)
    before = page.evaluate("[q.value, text.value, choice.value]")
    keyboard.type(BADGE_A, end=end)
    assert reads(page) == [f"wedge {BADGE_A}"]
    assert page.evaluate("[q.value, text.value, choice.value]") == before
    assert page.evaluate("[window.pressed, window.sent]") == [0, None]
    expect(page.locator(focus)).to_be_focused()


def test_what_stood_in_a_field_stands_there_again(page: Page, keyboard: Keyboard) -> None:
    """A badge in the middle of typing a name: the caret too is where it was, and the search hears of it."""
    page.evaluate("q.addEventListener('input', () => (window.heard = q.value))")
    page.fill("#q", "de Vries")
    page.evaluate("q.setSelectionRange(2, 2)")
    keyboard.type(BADGE_A)
    assert reads(page) == [f"wedge {BADGE_A}"]
    assert page.evaluate("[q.value, q.selectionStart, q.selectionEnd, window.heard]") == ["de Vries", 2, 2, "de Vries"]


def test_typing_is_left_alone(page: Page, keyboard: Keyboard) -> None:
    """A person's name arrives letter for letter, and their Enter searches."""
    page.focus("#q")
    keyboard.type("van der Berg", gap_ms=PERSON_MS, end=None)
    assert page.input_value("#q") == "van der Berg"
    keyboard.press("Enter", gap_ms=PERSON_MS)
    page.wait_for_url("**/sent?q=van+der+Berg")


def test_tab_of_a_person_goes_to_the_next_field(page: Page, keyboard: Keyboard) -> None:
    """And nothing is read."""
    page.focus("#q")
    keyboard.type("Jansen", gap_ms=PERSON_MS, end="Tab")
    expect(page.locator("#text")).to_be_focused()
    assert reads(page) == []
    assert page.input_value("#q") == "Jansen"


def test_a_few_fast_keys_are_a_person(page: Page, keyboard: Keyboard) -> None:
    """Five rolled over: too short for a badge."""
    page.focus("#text")
    keyboard.type("elsje")
    assert reads(page) == []
    assert page.input_value("#text") == "elsje\n"


def test_a_badge_right_after_typing_is_the_badge_only(page: Page, keyboard: Keyboard) -> None:
    """What a person typed before it stays."""
    page.focus("#q")
    keyboard.type("Jan", gap_ms=PERSON_MS, end=None)
    keyboard.press(BADGE_A[0], gap_ms=PERSON_MS)
    keyboard.type(BADGE_A[1:])
    assert reads(page) == [f"wedge {BADGE_A}"]
    assert page.input_value("#q") == "Jan"


def test_a_scanner_that_holds_shift_for_capitals_is_heard(page: Page, keyboard: Keyboard) -> None:
    """Keys that give no letter are no part of a code, and no end of it."""
    for letter in BADGE_A:
        keyboard.press("Shift", gap_ms=5)
        keyboard.press(letter, gap_ms=5)
    keyboard.press("Enter")
    assert reads(page) == [f"wedge {BADGE_A}"]


def test_a_scanner_that_stutters_is_not_a_badge(page: Page, keyboard: Keyboard) -> None:
    """Half a code would be another person's: a pause inside it means that it is not read."""
    keyboard.type(BADGE_A[:20], end=None)
    keyboard.press(BADGE_A[20], gap_ms=PERSON_MS)
    keyboard.type(BADGE_A[21:24])
    assert reads(page) == []


def test_a_key_that_is_held_is_no_badge(page: Page, keyboard: Keyboard) -> None:
    """It comes thirty times a second, as fast as a slow scanner."""
    page.focus("#text")
    for _ in range(12):
        keyboard.press("a", gap_ms=30, repeats=True)
    keyboard.press("Enter", gap_ms=30)
    assert reads(page) == []
    assert page.input_value("#text") == "a" * 12 + "\n"


def test_a_scanner_that_ends_twice_sends_nothing(page: Page, keyboard: Keyboard) -> None:
    """Carriage return and line feed: the second Enter does not search."""
    page.focus("#q")
    keyboard.type(BADGE_A)
    keyboard.press("Enter")
    assert reads(page) == [f"wedge {BADGE_A}"]
    assert page.evaluate("window.sent") is None


def test_a_space_in_a_code_presses_no_button(page: Page, keyboard: Keyboard) -> None:
    """A staff card may have one, and the last button that was touched still has the focus."""
    page.focus("#button")
    keyboard.type("STAFF 00412")
    assert reads(page) == ["wedge STAFF 00412"]
    assert page.evaluate("window.pressed") == 0
    keyboard.press(" ", gap_ms=PERSON_MS)
    assert page.evaluate("window.pressed") == 1


def test_two_badges_are_two_and_the_same_one_is_not(page: Page, keyboard: Keyboard) -> None:
    """The trigger pulled twice at one badge counts once."""
    for code in (BADGE_A, BADGE_A, BADGE_B):
        keyboard.type(code)
        keyboard.rest()
    assert reads(page) == [f"wedge {BADGE_A}", f"wedge {BADGE_B}"]


def test_a_reader_that_was_stopped_hears_nothing(page: Page, keyboard: Keyboard) -> None:
    """What the scanner types is then typed."""
    page.evaluate("document.querySelector('badge-reader').stop('wedge')")
    page.focus("#text")
    keyboard.type(BADGE_A)
    assert reads(page) == []
    assert page.input_value("#text") == f"{BADGE_A}\n"
