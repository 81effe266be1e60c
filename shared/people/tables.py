"""The cells of a CSV file or a spreadsheet as texts; nothing here knows what the columns mean."""

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl
from openpyxl.cell.cell import ERROR_CODES

Row = tuple[int, list[str]]
MAX_BYTES = 64 * 1024 * 1024
MAX_UNZIPPED = 512 * 1024 * 1024
MAX_CELLS = 256
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Unreadable(Exception):
    """The file cannot be read on from `line`, where 1 is the first; `remedy` says what would be right."""

    def __init__(self, line: int, message: str, remedy: str, *, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column, self.message, self.remedy = line, column, message, remedy


def rows_of(raw: bytes) -> Iterator[Row]:
    """The rows that are not empty, with the line each starts on; Unreadable may come between any two.

    A spreadsheet is known by its first bytes, whatever the file is called; the first sheet is read.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(1, f"is larger than {MAX_BYTES // 1024**2} MiB", "is this the list of people?")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(1, "is an old or a locked spreadsheet", "save it as .xlsx without a password, or as CSV UTF-8")
    rows = _sheet(raw) if raw.startswith(b"PK\x03\x04") else _csv(raw)
    return ((line, cells) for line, cells in rows if any(cells))


def _csv(raw: bytes) -> Iterator[Row]:
    text = _decoded(raw)
    head = text.split("\n", 1)[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        remedy = 'put a cell with quotes in it between quotes and double them: "a ""b"" c"'
        raise Unreadable(line, f"is not CSV from here ({error})", remedy) from None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", errors="replace")
        last = before.rpartition("\n")[2]
        column = max(last.count(","), last.count(";")) + 1
        raise Unreadable(before.count("\n") + 1, "is not UTF-8", "save it as CSV UTF-8", column=column) from None


def _sheet(raw: bytes) -> Iterator[Row]:
    try:
        _refuse_bomb(raw)
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # the file's own word for its size, which need not be true
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield line, [_text(cell) for cell in cells]
    except (Unreadable, GeneratorExit):
        raise
    except Exception as error:  # a damaged spreadsheet makes openpyxl raise nearly anything
        raise Unreadable(1, f"is not a spreadsheet ({type(error).__name__})", "save it as .xlsx again") from None


def _refuse_bomb(raw: bytes) -> None:
    """A few kilobytes can unpack to gigabytes; zipfile never unpacks more than an entry says it is."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MAX_UNZIPPED or len(entries) > 10_000:
        raise Unreadable(
            1, f"unpacks to more than {MAX_UNZIPPED // 1024**2} MiB", "save only the sheet with the people"
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a spreadsheet has no whole numbers
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value)


def trouble_with(text: str) -> tuple[str, str] | None:
    """What is wrong with a text that no person typed, and what would be right; None for nearly all."""
    if text.startswith("#") and text in ERROR_CODES:
        return f"is a formula with the error {text}", "write the value itself"
    if not text.isprintable() and _CONTROL.search(text):
        return "has a control character", "type the text again"
    return None
