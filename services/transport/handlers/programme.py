"""Load the programme of an event."""

import msgspec

from shared.programme import Programme
from transport.ports import Store


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What a load did; `rev` counts the programmes of this event."""

    event: str
    rev: int
    changed: bool
    transfers: int
    runs: int


def load(programme: Programme, *, store: Store, now_ms: int) -> Loaded:
    """Keep a programme; the same one again changes nothing."""
    raw = programme.source
    rev = store.programme_revs().get(programme.event, 0)
    if rev and store.programme(programme.event) == raw:
        return _loaded(programme, rev, changed=False)
    store.put_programme(programme.event, raw, rev + 1, now_ms)
    store.set_meta(f"seats.stale.{programme.event}", "1")
    return _loaded(programme, rev + 1, changed=True)


def _loaded(programme: Programme, rev: int, *, changed: bool) -> Loaded:
    return Loaded(
        event=programme.event,
        rev=rev,
        changed=changed,
        transfers=len(programme.transfers),
        runs=len(programme.runs),
    )
