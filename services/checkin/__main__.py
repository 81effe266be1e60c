"""`python -m checkin migrate|ingest`: the processes of check-in; settings come from the environment (`INLOOP_…`)."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence

from checkin.settings import Settings
from checkin.wiring import build
from shared import logs
from shared.env import SettingsErrors
from shared.ingest import settle


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a process of the service; returns its exit code."""
    os.umask(0o077)  # database and secrets are for their owner only
    parser = argparse.ArgumentParser(prog="python -m checkin", description="The check-in service of Inloop.")
    parser.add_argument("process", choices=("migrate", "ingest"), help="bring the tables up to date, or consume scans")
    process = parser.parse_args(arguments).process
    try:
        settings = Settings.from_env(os.environ)
    except SettingsErrors as errors:
        print(f"These settings are not right:\n{errors}", file=sys.stderr)
        return 2
    logs.configure("checkin", level=settings.log_level)
    service = build(settings)
    if process == "migrate":
        service.migrate()
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settle()
    service.ingest(stop)
    return 0


if __name__ == "__main__":
    sys.exit(main())
