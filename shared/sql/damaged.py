"""Whether SQLite says that its file is damaged: no fault of what was asked, and nothing that asking again mends."""

import sqlite3

_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_damaged(error: BaseException | None) -> bool:
    """Whether a driver's error (the `orig` of SQLAlchemy's) is "malformed" or "file is not a database"."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and code is not None and code & 0xFF in _CODES
