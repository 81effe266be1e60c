"""Badge sheets: printed, read back with a reader that is not ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL.Image import Image
from reportlab.lib.units import mm

from inloop.badges import sheet
from shared.print.fonts import find_fonts
from shared.print.symbol import QUIET, matrix, runs

DPI = 200


@dataclass(frozen=True)
class Printed:
    """What a sheet needs of a person."""

    name: str
    organisation: str
    code: str


def people(number: int) -> Iterator[Printed]:
    """Made-up people with codes of the right form."""
    for one in range(number):
        yield Printed(
            f"Gülsüm Ağaoğlu-van den Berg {one}", "Gemeente Sittard-Geleen", f"IL1:{one:010}:4Q7Z2YB6KHT3WJ5N"
        )


def pages(path: Path) -> list[Image]:
    """The pages as a printer would have them."""
    document = pypdfium2.PdfDocument(path)
    return [page.render(scale=DPI / 72).to_pil() for page in document]


def text_of(path: Path) -> str:
    """All text of a PDF."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


def read(images: Sequence[Image]) -> list[zxingcpp.Barcode]:
    """Every symbol on the pages."""
    return [code for image in images for code in zxingcpp.read_barcodes(image)]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine badges: one sheet and one more."""
    path = tmp_path_factory.mktemp("badges") / "badges.pdf"
    assert sheet.write_sheets(path, people(9), title="badges") == 9
    return path


def test_every_printed_symbol_reads_back_as_its_code(printed: Path) -> None:
    """What a camera sees on paper is the badge's code, for every badge, eight a sheet."""
    images = pages(printed)
    assert [len(zxingcpp.read_barcodes(image)) for image in images] == [8, 1]
    assert {code.text for code in read(images)} == {one.code for one in people(9)}


def test_the_symbol_is_large_enough_for_a_cheap_camera(printed: Path) -> None:
    """A symbol is at least 20 mm wide on paper, with its quiet zone inside the badge."""
    for code in read(pages(printed)):
        width = (code.position.top_right.x - code.position.top_left.x) / DPI * 25.4
        assert width >= 20
    assert 8 * mm >= QUIET * sheet.SYMBOL / 25


def test_name_organisation_and_code_stand_in_the_text(printed: Path) -> None:
    """A host can read and type what is on the badge, letters with accents included."""
    text = text_of(printed)
    assert "IL1:0000000008:4Q7Z2YB6KHT3WJ5N" in text
    assert "Gemeente Sittard-Geleen" in " ".join(text.split())
    assert "Gülsüm" in text


@pytest.mark.parametrize("code", ["pretix-" + "x" * 40, "ä" * 100, "0123456789" * 25])
def test_a_code_from_elsewhere_gets_the_symbol_it_needs(code: str, tmp_path: Path) -> None:
    """An imported code of up to 256 characters is printed as it is, in a larger version of the symbol."""
    path = tmp_path / "one.pdf"
    sheet.write_sheets(path, [Printed("Jo", "", code)], title="one")
    assert [found.text for found in read(pages(path))] == [code]


@pytest.mark.parametrize(
    "name", ["X" * 120, "Wolfeschlegelsteinhausenbergerdorff " * 4, "", "Łukasz Øđ 李", "<b>&amp;"]
)
def test_a_name_of_any_kind_leaves_the_symbol_readable(name: str, tmp_path: Path) -> None:
    """A name that is too long, empty, or in letters that the font lacks does not cover the symbol."""
    path = tmp_path / "one.pdf"
    sheet.write_sheets(path, [Printed(name, name, "IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N")], title="one")
    assert [found.text for found in read(pages(path))] == ["IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N"]


def test_an_own_code_makes_a_small_symbol() -> None:
    """Our code fits version 2, 25 by 25 modules (CONTRACT section 5)."""
    rows = matrix("IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N")
    assert [len(row) for row in rows] == [25] * 25


def test_runs_are_the_dark_stretches_of_a_row() -> None:
    """Together the stretches are the row again, and no two of them touch."""
    for row in matrix("IL1:7KQ2M9XDAF:4Q7Z2YB6KHT3WJ5N"):
        again = [False] * len(row)
        for start, length in runs(row):
            again[start : start + length] = [True] * length
        assert again == row
        assert all(one + length < other for (one, length), (other, _) in pairwise(runs(row)))


def test_a_sheet_that_fails_leaves_no_half_file(tmp_path: Path) -> None:
    """A problem halfway leaves neither a PDF that looks whole nor a draft."""

    def broken() -> Iterator[Printed]:
        yield from people(3)
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        sheet.write_sheets(tmp_path / "badges.pdf", broken(), title="badges")
    assert list(tmp_path.iterdir()) == []


def test_letters_that_the_font_lacks_lose_their_accent_first() -> None:
    """What cannot be printed becomes its plain letter, and a question mark only when there is none."""
    fonts = find_fonts()
    assert fonts.writable("Zoë") == "Zoë"
    assert "\u0000" not in fonts.writable("a\u0000b")
