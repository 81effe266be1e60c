"""How long `inloop up` takes to `ready`, with the people and programme of the example and an empty data folder.

    python -m tests.bench.startup [--rounds 3] [--broker auto] [--json FILE]

Real processes, as a person at a terminal starts them; the number is the median of the rounds.
"""

import argparse
import json
import signal
import statistics
import tempfile
import time
from pathlib import Path

from tests.support.up import Up

ALMELO = Path(__file__).parents[2] / "examples" / "almelo"
LOAD = ("--no-simulate", "--programme", str(ALMELO / "programme.yaml"), "--people", str(ALMELO / "people.csv"))
TITLE = "Start-up to ready, 312 people"
LIMIT_S = 5.0


def start_up(broker: str) -> float:
    """Seconds from the command to `ready` and its links."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        up = Up(Path(folder) / "data", *LOAD, "--broker", broker)
        try:
            up.wait_ready()
            return time.perf_counter() - begin
        finally:
            up.stop(signal.SIGTERM)


def main() -> None:
    """Measure, print beside the limit, and add to the figures of a file."""
    parser = argparse.ArgumentParser(description="How long `inloop up` takes to `ready`.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--broker", default="auto")
    parser.add_argument("--json", type=Path, default=None, help="add the figure to those in this file")
    given = parser.parse_args()
    took = [start_up(given.broker) for _ in range(given.rounds)]
    median = statistics.median(took)
    print(f"{TITLE}: {median:.2f} s (at most {LIMIT_S:.0f} s; {', '.join(f'{one:.2f}' for one in took)})")
    if given.json:
        figures = json.loads(given.json.read_text()) if given.json.exists() else {}
        figures[TITLE] = {"seconds": round(median, 2)}
        given.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
