"""Expected problems become one line; surprises stay surprises."""

import errno

import pytest
from sqlalchemy.exc import OperationalError

from inloop.errors import FAILED, MISUSED, Stop, explain
from shared.broker import BrokerError
from shared.env import SettingsErrors
from shared.files import FileError
from shared.programme import ProgrammeErrors


def mistake(line: int) -> FileError:
    """One mistake in a file."""
    return FileError(file="day.yaml", line=line, column=3, where="", message="is wrong", remedy="make it right")


def test_a_file_with_mistakes_is_one_line_for_each() -> None:
    """All mistakes are listed with line and column, and that nothing was loaded."""
    problem = explain(ProgrammeErrors([mistake(4), mistake(2)]))
    assert problem is not None
    assert str(problem).splitlines() == [
        "day.yaml:2:3 is wrong: make it right",
        "day.yaml:4:3 is wrong: make it right",
        "nothing was loaded: correct the file and load it again",
    ]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SettingsErrors(["INLOOP_DATA is not set: give it"]), "INLOOP_DATA is not set: give it"),
        (BrokerError("no broker: install one"), "no broker: install one"),
        (OSError(errno.ENOSPC, "No space left on device", "data/up.json"), "No space left on device (data/up.json)"),
    ],
)
def test_a_problem_that_says_its_remedy_is_passed_on(error: Exception, text: str) -> None:
    """Settings, brokers and the machine speak for themselves."""
    problem = explain(error)
    assert problem is not None
    assert str(problem) == text
    assert problem.code == FAILED


def test_a_database_that_is_gone_is_said_without_the_statement() -> None:
    """The driver's own first line stands there; SQL and parameters do not."""
    problem = explain(OperationalError("SELECT name FROM person", {}, Exception("connection refused\nhint")))
    assert problem is not None
    assert "connection refused" in str(problem)
    assert "SELECT" not in str(problem)
    assert "hint" not in str(problem)


def test_misuse_keeps_its_exit_code() -> None:
    """What was asked wrongly exits with 2."""
    problem = explain(Stop("use another port", code=MISUSED))
    assert problem is not None
    assert problem.code == MISUSED


def test_a_surprise_is_not_explained_away() -> None:
    """A fault of ours keeps its traceback."""
    assert explain(KeyError("person")) is None
    assert explain(ValueError("what")) is None
