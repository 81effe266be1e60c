"""`inloop`, also as `python -m inloop`."""

import os
import sys

from inloop.errors import explain


def main() -> None:
    """Run the command line; an expected problem is said in a line and exits with 1 or 2, a surprise has a traceback."""
    os.umask(0o077)  # what we write holds names, badges and passwords
    from inloop.cli import app  # here, so that even its own problems are explained

    try:
        app()
    except Exception as error:
        problem = explain(error)
        if problem is None:
            raise
        sys.stderr.write("".join(f"inloop: {line}\n" for line in str(problem).splitlines()))
        sys.exit(problem.code)


if __name__ == "__main__":
    main()
