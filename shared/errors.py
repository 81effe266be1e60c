"""Errors that adapters raise and pages explain, without either knowing the other."""

from typing import Literal

UnavailableKind = Literal["database-unreachable", "database-full", "nothing-loaded"]


class Unavailable(RuntimeError):
    """The service cannot answer now, through no fault of the request; its text says what is the matter and what to do.

    `retry_s` is after how many seconds asking again makes sense.
    """

    def __init__(self, kind: UnavailableKind, matter: str, remedy: str, *, retry_s: int = 5) -> None:
        super().__init__(f"{matter}: {remedy}")
        self.kind: UnavailableKind = kind
        self.matter = matter
        self.remedy = remedy
        self.retry_s = retry_s


class NothingLoaded(Unavailable):
    """There is no event yet: load a programme first (`inloop load programme FILE`)."""

    def __init__(self) -> None:
        super().__init__("nothing-loaded", "no programme is loaded yet", "inloop load programme FILE", retry_s=30)
