"""Log lines: JSON, one a line on standard error, with ids of event, scanner and scan; never a name or a code."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# members that could carry personal data or a secret: such a line is a mistake, and the value does not get out
NEVER = frozenset({"name", "phone", "email", "badge", "code", "token", "password", "needs", "organisation", "payload"})


def withhold(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what must not stand in a log by a mark, whoever put it there."""
    for member in NEVER & line.keys():
        line[member] = "withheld"
    return line


def configure(service: str, *, level: str = "info") -> None:
    """Set up structlog, and the standard library's loggers with it, for this process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            withhold,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.root.handlers = [_foreign(service)]
    logging.root.setLevel(logging.WARNING)


def _foreign(service: str) -> logging.Handler:
    """What libraries say through the standard library, in the same lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.processors.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda _, __, line: {**line, "service": service},
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    return handler
