"""A check-in of one's own for each test, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkin import Site, make_site


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Iterator[Site]:
    """The small day, with eight people."""
    made = make_site(tmp_path, database_url)
    yield made
    made.checkin.engine.dispose()
