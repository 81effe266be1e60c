"""What supervisord is told."""

from configparser import RawConfigParser
from pathlib import Path

from inloop.up.supervise import Program, configuration


def parsed(*programs: Program) -> RawConfigParser:
    """The configuration as supervisord reads it."""
    parser = RawConfigParser()
    parser.read_string(configuration(programs, socket=Path("/run/x.sock")))
    return parser


def test_a_command_is_quoted_and_a_percent_sign_is_doubled() -> None:
    """A path with a space stays one word, and supervisord does not take `%` for a variable."""
    command = parsed(Program(name="web", command=["/a b/python", "100%"], rank=1))["program:web"]["command"]
    assert command.endswith("'/a b/python' 100%%")


def test_every_child_is_started_again_for_ever_and_its_log_is_bounded() -> None:
    """A child that ends comes back, however often, and its log is set aside by size."""
    section = parsed(Program(name="web", command=["true"], rank=3, autostart=False))["program:web"]
    assert section["autorestart"] == "true"
    assert int(section["startretries"]) > 100_000
    assert section["stdout_logfile_maxbytes"] == "10MB"
    assert (section["priority"], section["autostart"]) == ("3", "false")
