"""Expected problems: one line that says what is the matter and what to do, never a traceback."""

FAILED = 1
MISUSED = 2


class Stop(Exception):
    """The command cannot go on; the text says why and what to do, `code` is what the process exits with."""

    def __init__(self, message: str, *, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def explain(error: BaseException) -> Stop | None:
    """The one line (or, for a file, one line for each mistake) that an expected error is; None for a surprise."""
    if isinstance(error, Stop):
        return error
    # by name, so that nothing is imported only to compare with it
    names = {f"{kind.__module__}.{kind.__name__}" for kind in type(error).__mro__}
    if "shared.files.FileErrors" in names:
        return Stop(f"{error}\nnothing was loaded: correct the file and load it again")
    if names & {
        "shared.env.SettingsErrors",
        "shared.broker.BrokerError",
        "shared.scanner_ids.ScannerIdError",
        "checkin.wiring.NothingLoaded",
    }:
        return Stop(str(error))
    if "sqlalchemy.exc.DBAPIError" in names and _damaged(error):
        return Stop(
            f"the database is damaged ({_words(error)}): put a backup of checkin.db and transport.db in the data "
            "folder, or move both away with their -wal and -shm and load programme and people again"
        )
    if "sqlalchemy.exc.OperationalError" in names or "sqlalchemy.exc.ArgumentError" in names:
        return Stop(f"the database does not answer as it should: {_database(error)}")
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return Stop(f"{error.strerror or error}{where}")
    return None


def _database(error: BaseException) -> str:
    return f"{_words(error)} (is it running, and is --database right?)"


def _damaged(error: BaseException) -> bool:
    from shared.sql.damaged import is_damaged

    return is_damaged(getattr(error, "orig", None))


def _words(error: BaseException) -> str:
    """The driver's own words; SQLAlchemy's add the statement, which helps nobody at a terminal."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
