"""Log lines as a process writes them."""

import json
import subprocess
import sys
from typing import Any

import pytest


def _lines(code: str) -> list[dict[str, Any]]:
    """What a process writes to standard error that configured its logs and ran `code`."""
    head = (
        "import logging, structlog\nfrom shared import logs\nlogs.configure('checkin')\nlog = structlog.get_logger()\n"
    )
    done = subprocess.run([sys.executable, "-c", head + code], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_a_line_is_json_with_the_service_and_the_ids() -> None:
    """One line, one JSON object, in UTC."""
    (line,) = _lines("log.info('set aside', event_id='e1', scanner='kerk-1', scan='scan-0001')")
    assert (line["event"], line["service"], line["level"]) == ("set aside", "checkin", "info")
    assert (line["event_id"], line["scanner"], line["scan"]) == ("e1", "kerk-1", "scan-0001")
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("member", ["name", "phone", "badge", "code", "token", "email", "needs"])
def test_what_is_personal_or_secret_does_not_get_out(member: str) -> None:
    """Whoever puts it in a line by mistake, the value is withheld."""
    (line,) = _lines(f"log.warning('oops', {member}='Zoë de Vries')")
    assert line[member] == "withheld"
    assert "Vries" not in json.dumps(line, ensure_ascii=False)


def test_what_a_library_says_comes_whole_and_in_the_same_form() -> None:
    """Message, logger and traceback of the standard library's logging are in one JSON line."""
    code = "try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger('gunicorn').exception('worker %s', 7)"
    (line,) = _lines(code)
    assert (line["event"], line["logger"], line["level"]) == ("worker 7", "gunicorn", "error")
    assert "ZeroDivisionError" in line["exception"]
    assert line["service"] == "checkin"
