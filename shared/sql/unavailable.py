"""Which errors of SQLAlchemy mean that the database cannot be used now, rather than that we made a mistake."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Unavailable
from shared.sql.damaged import is_damaged

FULL = ("database or disk is full", "no space left on device")  # SQLite's words, and the system's in PostgreSQL's
DISK_FULL = "53100"  # SQLSTATE


def unavailable(error: Exception) -> Unavailable | None:
    """What to tell whoever asks; None for an error of another kind. The driver's own words stay out of it."""
    if isinstance(error, PoolTimeout):
        return _unreachable()
    if not isinstance(error, DBAPIError):
        return None
    if _is_full(error):
        return Unavailable(
            "database-full", "The disk of the database is full", "make room on it, then try again", retry_s=30
        )
    gone = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return _unreachable() if gone or is_damaged(error.orig) else None


def _unreachable() -> Unavailable:
    return Unavailable("database-unreachable", "The database is not reachable", "try again in a few seconds")


def _is_full(error: DBAPIError) -> bool:
    words = str(error.orig).lower()
    return getattr(error.orig, "sqlstate", None) == DISK_FULL or any(full in words for full in FULL)
