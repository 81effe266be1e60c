"""One `inloop up` for each data folder: a lock that the kernel gives back whatever happens to its holder."""

import fcntl
import os
import time
from pathlib import Path

from inloop.errors import Stop

PATIENCE_S = 10.0  # children of an `up` that was killed need a moment to stop


class Lock:
    """The lock on a data folder; its file names who holds it.

    `handle` may be handed to a child, which then holds the lock too until it ends.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.handle = -1

    def take(self, *, patience_s: float = PATIENCE_S) -> None:
        """Take the lock; waits only for the children of an `up` that is gone.

        Raises Stop with the holder's process id.
        """
        self.handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience_s
        while not self._try():
            holders = self._holders()
            if (holders and _alive(holders[0])) or time.monotonic() > deadline:
                holder = next((pid for pid in holders if _alive(pid)), None)
                os.close(self.handle)
                by = f"process {holder}" if holder else "another process"
                raise Stop(
                    f"the data folder {self._path.parent} is in use by {by}: stop that `inloop up`, or use --data"
                )
            time.sleep(0.05)
        self.name(os.getpid())

    def name(self, *holders: int) -> None:
        """Write down which processes hold the lock, `up` itself first."""
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, (" ".join(str(pid) for pid in holders) + "\n").encode(), 0)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self.handle)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holders(self) -> list[int]:
        return [int(word) for word in os.pread(self.handle, 200, 0).split() if word.isdigit()]


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock now."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
