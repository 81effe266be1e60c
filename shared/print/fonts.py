"""The letters on paper: a font of the system that has the names of all Europe, else the one that ReportLab brings."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

FAMILIES = (  # (regular, bold) below the folders where systems keep fonts
    ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
    ("noto/NotoSans-Regular.ttf", "noto/NotoSans-Bold.ttf"),
    ("liberation/LiberationSans-Regular.ttf", "liberation/LiberationSans-Bold.ttf"),
    ("Arial Unicode.ttf", "Arial Unicode.ttf"),
    ("arial.ttf", "arialbd.ttf"),
)
NARROW = (  # the same, for a list in which a long name must stay large
    ("dejavu/DejaVuSansCondensed.ttf", "dejavu/DejaVuSansCondensed-Bold.ttf"),
    ("noto/NotoSans-Condensed.ttf", "noto/NotoSans-CondensedBold.ttf"),
    *FAMILIES[1:],
)
FOLDERS = ("/usr/share/fonts/truetype", "/usr/share/fonts", "/Library/Fonts", "/System/Library/Fonts/Supplemental")
SPARE = ("Vera.ttf", "VeraBd.ttf")
_SAME = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "’": "'"})


@dataclass(frozen=True)
class Fonts:
    """The names under which ReportLab knows the two weights."""

    regular: str = "inloop-regular"
    bold: str = "inloop-bold"

    def writable(self, text: str) -> str:
        """`text` in letters that the font has: without an accent that it lacks, and `?` for what is left."""
        font = pdfmetrics.getFont(self.bold)
        glyphs = font.face.charToGlyph if isinstance(font, TTFont) else {}
        return "".join(_letter(letter, glyphs) for letter in unicodedata.normalize("NFC", text))


def _letter(letter: str, glyphs: dict[int, int]) -> str:
    if ord(letter) in glyphs:
        return letter
    plain = unicodedata.normalize("NFKD", letter.translate(_SAME))
    kept = "".join(part for part in plain if ord(part) in glyphs and not unicodedata.combining(part))
    return kept or "?"


@cache  # a font file takes a tenth of a second to read
def find_fonts() -> Fonts:
    """Register the first family that is on this machine."""
    return _first(Fonts(), FAMILIES)


@cache
def find_narrow() -> Fonts:
    """Register the first family of narrow letters that is on this machine."""
    return _first(Fonts("inloop-narrow", "inloop-narrow-bold"), NARROW)


def _first(fonts: Fonts, families: tuple[tuple[str, str], ...]) -> Fonts:
    for folder in FOLDERS:
        for regular, bold in families:
            paths = (Path(folder) / regular, Path(folder) / bold)
            if all(path.is_file() for path in paths) and _register(fonts, str(paths[0]), str(paths[1])):
                return fonts
    _register(fonts, *SPARE)
    return fonts


def _register(fonts: Fonts, regular: str, bold: str) -> bool:
    try:
        pdfmetrics.registerFont(TTFont(fonts.regular, regular))
        pdfmetrics.registerFont(TTFont(fonts.bold, bold))
    except TTFError:
        return False
    return True
