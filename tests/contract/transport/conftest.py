"""The API of transport with the small day."""

from pathlib import Path

import pytest

from tests.support.transport_api import Api, make_api


@pytest.fixture
def api(tmp_path: Path) -> Api:
    """Two people seen at the church, seated, and t1-b1 open since 11:20; it is 11:25."""
    return make_api(tmp_path)
