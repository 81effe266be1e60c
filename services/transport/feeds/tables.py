"""Tables as CSV files, and files in a ZIP: the same content is the same bytes."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

Cell = str | int | None
NEVER = (1980, 1, 1, 0, 0, 0)  # the oldest time that a ZIP knows: a file of a feed has none of its own


def csv_bytes(fields: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> bytes:
    """UTF-8 with one line of heads and CRLF (RFC 4180); None is empty, and no value has a tab or a line end in it."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, fields, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({field: _cell(value) for field, value in row.items()})
    return made.getvalue().encode()


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """The files at the root of a ZIP, in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, NEVER)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def _cell(value: Cell) -> str:
    return "" if value is None else " ".join(str(value).split())
