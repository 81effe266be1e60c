"""The list of people, CSV or spreadsheet: read and checked as a whole (CONTRACT.md §7)."""

from shared.people.rows import HEADS, PeopleErrors, PersonRow, read_people

__all__ = ["HEADS", "PeopleErrors", "PersonRow", "read_people"]
