"""What may stand in a list of people, and all that does not (CONTRACT.md §7)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shared.files import FileError, FileErrors, did_you_mean, one_of, read_bytes
from shared.people.tables import MAX_CELLS, Row, Unreadable, rows_of, trouble_with

HEADS = ("id", "name", "organisation", "email", "phone", "groups", "needs", "badge")
_DUTCH = {
    "naam": "name",
    "organisatie": "organisation",
    "e-mail": "email",
    "telefoon": "phone",
    "groepen": "groups",
    "bijzonderheden": "needs",
}
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_BETWEEN_GROUPS = re.compile(r"[|;,]")
_BADGE_MOST = 256
_TEXT_MOST = 500


class PeopleErrors(FileErrors):
    """No person was loaded, because of the mistakes in `errors`; correct them and load the list again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRow:
    """One person as listed; what was left empty is None, and `line` is where it stands in the file, from 1."""

    id: str | None
    name: str
    organisation: str | None
    email: str | None
    phone: str | None
    groups: frozenset[str]
    needs: str | None
    badge: str | None
    line: int


def read_people(
    source: Path | str | bytes, name: str | None = None, *, groups: frozenset[str] | None = None
) -> tuple[PersonRow, ...]:
    """Read all people of a CSV file or spreadsheet, from a path or its bytes; `name` is the file's name in the errors.

    `groups` are the programme's, and None takes any. Raises PeopleErrors with every mistake at once, its column the
    number of the cell in its row; OSError when there is no such file.
    """
    raw = read_bytes(source)
    file = name or (Path(source).name if not isinstance(source, bytes) else "people.csv")
    reader = _Reader(file, groups)
    try:
        people = reader.read(rows_of(raw))
    except Unreadable as stop:
        reader.note(stop.line, stop.column, "", stop.message, stop.remedy)
    if reader.errors:
        raise PeopleErrors(reader.errors)
    return people


class _Reader:
    """Reads one list; all its mistakes are in `errors`."""

    def __init__(self, file: str, groups: frozenset[str] | None) -> None:
        self.errors: list[FileError] = []
        self._file = file
        self._known = groups
        self._columns: dict[str, int] = {}
        self._width = 0
        self._nameless: set[int] = set()
        self._seen: dict[str, dict[str, int]] = {"id": {}, "badge": {}}
        self._group_sets: dict[str, frozenset[str]] = {}

    def note(self, line: int, column: int, where: str, message: str, remedy: str) -> None:
        """Note a mistake."""
        self.errors.append(
            FileError(file=self._file, line=line, column=column, where=where, message=message, remedy=remedy)
        )

    def read(self, rows: Iterable[Row]) -> tuple[PersonRow, ...]:
        """All people, without those that have a mistake."""
        iterator = iter(rows)
        line, head = next(iterator, (1, []))
        if not head:
            self.note(1, 1, "", "is empty", f"write a first line with {', '.join(HEADS)}")
            return ()
        self._refuse_other_files(line, head)
        self._read_head(line, head)
        people = [person for at, cells in iterator if (person := self._person(at, cells)) is not None]
        if not people and not self.errors:
            self.note(line + 1, 1, "", "has nobody in it", "write one person on each line below the heads")
        return tuple(people)

    def _refuse_other_files(self, line: int, head: list[str]) -> None:
        """A file of another kind is refused as a whole: what each of its lines lacks would help nobody."""
        words = [cell.lower() for cell in head if cell]
        if any(_DUTCH.get(word, word) in HEADS for word in words):
            return
        remedy = f"is this the right file? Its first line needs heads, some of {', '.join(HEADS)}"
        for word in words:
            if likely := did_you_mean(word, [*HEADS, *_DUTCH]):
                remedy = f'did you mean {likely} with "{word[:40]}"? Its first line needs heads, name at least'
                break
        raise Unreadable(line, "is not a list of people, CSV or spreadsheet", remedy)

    def _read_head(self, line: int, head: list[str]) -> None:
        for position, cell in enumerate(head):
            word = cell.lower()
            column = _DUTCH.get(word, word)
            if not word:
                continue
            if column not in HEADS:
                likely = did_you_mean(word, [*HEADS, *_DUTCH])
                remedy = f"did you mean {likely}?" if likely else f"take it out; there are {', '.join(HEADS)}"
                self.note(line, position + 1, cell, "is not the head of a column known here", remedy)
            elif column in self._columns:
                self.note(line, position + 1, cell, "is there twice", f"the first is cell {self._columns[column] + 1}")
            else:
                self._columns[column] = position
        if "name" not in self._columns:
            self.note(line, 1, "name", "is missing", "add a column with the head name (or naam)")
        self._width = len(head)
        self._nameless = {position for position, cell in enumerate(head) if not cell}

    def _person(self, line: int, cells: list[str]) -> PersonRow | None:
        before = len(self.errors)
        self._check_width(line, cells)
        size = len(cells)
        texts = {column: cells[at] for column, at in self._columns.items() if at < size and cells[at]}
        for column, text in texts.items():
            self._check_text(line, column, text)
        if "name" not in texts and "name" in self._columns:
            self._mistake(line, "name", "is missing", "write the person's name")
        groups = self._groups(line, texts.get("groups", ""))
        if len(self.errors) > before or "name" not in texts:
            return None
        return PersonRow(
            id=texts.get("id"),
            name=" ".join(texts["name"].split()),
            organisation=texts.get("organisation"),
            email=texts.get("email"),
            phone=texts.get("phone"),
            groups=groups,
            needs=texts.get("needs"),
            badge=texts.get("badge"),
            line=line,
        )

    def _mistake(self, line: int, column: str, message: str, remedy: str) -> None:
        self.note(line, self._columns[column] + 1, column, message, remedy)

    def _check_width(self, line: int, cells: list[str]) -> None:
        if len(cells) <= self._width and not self._nameless:
            return
        extra = [at for at, cell in enumerate(cells) if cell and (at >= self._width or at in self._nameless)]
        if extra or len(cells) > MAX_CELLS:
            at = extra[0] if extra else MAX_CELLS
            remedy = "put a cell with a comma in it between quotes, or give the column a head"
            self.note(
                line, at + 1, "", f"there are more cells than the {self._width - len(self._nameless)} heads", remedy
            )

    def _check_text(self, line: int, column: str, text: str) -> None:
        if trouble := trouble_with(text):
            self._mistake(line, column, *trouble)
        most = _BADGE_MOST if column == "badge" else _TEXT_MOST
        if len(text) > most:
            self._mistake(line, column, f"is {len(text)} characters long", f"write {most} or fewer")
        elif column == "id" and not _ID.fullmatch(text):
            remedy = "start with a letter or digit; then letters, digits, dots, - and _; 100 at most"
            self._mistake(line, column, f'"{text}" cannot be an id', remedy)
        elif column == "email" and not _EMAIL.fullmatch(text):
            self._mistake(line, column, f'"{text}" is not an e-mail address', "write for example name@example.org")
        if column in self._seen:
            first = self._seen[column].setdefault(text, line)
            if first != line:
                remedy = f"the first is on line {first}: give each person their own"
                self._mistake(line, column, f'"{text}" is used twice', remedy)

    def _groups(self, line: int, cell: str) -> frozenset[str]:
        """The groups of a cell; the same set for the same cell, as many people share a few."""
        kept = self._group_sets.get(cell)
        if kept is not None:
            return kept
        groups = frozenset(group for part in _BETWEEN_GROUPS.split(cell) if (group := part.strip()))
        unknown = sorted(groups - self._known) if self._known is not None else []
        for group in unknown:
            remedy = one_of(group, self._known or (), otherwise="write the id of a group of the programme")
            self._mistake(line, "groups", f'there is no group "{group}"', remedy)
        if not unknown:
            self._group_sets[cell] = groups
        return groups
