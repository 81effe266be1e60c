"""One event's day as transport needs it: programme, keys, and how its runs are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.facts import Personal
from shared.programme import Programme
from shared.scans import Keys, Unknown, state_of_unknown
from transport.domain.run import Log, Taken, fold


@dataclass(frozen=True, kw_only=True, eq=False)
class Day:
    """`others` are the badge keys of the other events of this installation.

    `names` and `folded` are to open each card and to fold each run's steps once: by person, the sealed text and what
    was in it (`handlers.people`); by run, its steps and the log of them.
    """

    programme: Programme
    rev: int
    badge_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)
    others: Keys = field(default=(), repr=False)
    names: dict[str, tuple[str, Personal]] = field(default_factory=dict, repr=False)
    folded: dict[str, tuple[Sequence[Taken], Log]] = field(default_factory=dict, repr=False)

    @property
    def event(self) -> str:
        """The event's id."""
        return self.programme.event

    def state_of_unknown(self, code: str) -> Unknown:
        """What a code is that stands for nobody of this event."""
        return state_of_unknown(code, event=self.event, key=self.badge_key, others=self.others)

    def logs(self, steps: Mapping[str, Sequence[Taken]]) -> dict[str, Log]:
        """The log of every run of the programme, also of those that took no step yet; `steps` is all that was asked."""
        return {run.id: self._log(run.id, steps.get(run.id, ())) for run in self.programme.runs}

    def _log(self, run: str, asked: Sequence[Taken]) -> Log:
        """Folded again only when other steps were asked of it."""
        held = self.folded.get(run)
        if held is None or held[0] != tuple(asked):
            held = self.folded[run] = (tuple(asked), fold(run, asked))
        return held[1]
