"""Row numbers of a run's passenger lists: a person keeps theirs for good. Pure."""

from collections.abc import Iterable, Sequence

Rows = tuple[tuple[int, str], ...]


def number(previous: Iterable[Rows], persons_now: Sequence[str]) -> Rows:
    """The rows of the list as it is now, by number; `previous` are those of all its prints, in order.

    Everybody keeps the number they ever had, who is new gets the next. A number is never given to a second person, so
    that one called from an old print still means the same one.
    """
    given: dict[str, int] = {person: row for rows in previous for row, person in rows}
    following = max(given.values(), default=0) + 1
    everybody = dict.fromkeys(persons_now)
    for person in everybody:
        if person not in given:
            given[person] = following
            following += 1
    return tuple(sorted((given[person], person) for person in everybody))
