"""The depart gate: the hand count is what is known, and every one who is still to come is settled (docs/runs.md).

`counted - (scanned + by hand + nameless) = 0`. Where it is not, `likely` ranks who that may be.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.facts import UNDERWAY, Text
from transport.domain.acts import Marks
from transport.domain.riders import WAITED_FOR, Rider
from transport.domain.stays import Stay

MOST = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Likely:
    """Somebody who may explain the difference, and why."""

    person: str
    why: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Gate:
    """Whether a run may depart; `difference` None is not counted yet."""

    counted: int | None
    aboard: int
    nameless: int
    difference: int | None
    to_settle: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Counted, no difference, nobody to settle."""
        return self.difference == 0 and not self.to_settle


def gate(riders: Sequence[Rider], marks: Marks, counted: int | None = None) -> Gate:
    """The gate for these riders; `counted` is a hand count that comes with the step itself."""
    aboard = sum(rider.stage == "aboard" for rider in riders)
    count = marks.counted if counted is None else counted
    return Gate(
        counted=count,
        aboard=aboard,
        nameless=marks.nameless,
        difference=None if count is None else count - aboard - marks.nameless,
        to_settle=tuple(rider.person for rider in riders if rider.letter in WAITED_FOR),
    )


def unsettled(riders: Sequence[Rider], marks: Marks, difference: int | None) -> tuple[str, ...]:
    """Why a run cannot be closed yet, as words of remedy; empty when everybody is settled."""
    names = {"left-behind": "left behind", "unconfirmed": "unconfirmed", "listed": "to come", "off": "to come"}
    counts = Counter(names[rider.stage] for rider in riders if rider.stage in names)
    found = [f"{n} {what}: say where they are, or excuse them" for what, n in sorted(counts.items())]
    if difference not in (None, 0) and marks.settled is None:
        found.append(f"a difference of {difference:+d} between the hand count and the list: settle it")
    return tuple(found)


def likely(
    gate: Gate,
    riders: Sequence[Rider],
    *,
    origin: str,
    stays: Mapping[str, Sequence[Stay]],
    parties: Mapping[str, str],
) -> tuple[Likely, ...]:
    """Who may explain the difference, the likeliest first; nobody when there is none. `parties` is by person.

    More counted than known: somebody is in the coach whom nobody read, most likely one who was last seen at this kerb
    and whose party is aboard. Fewer: somebody got out unseen, most likely one whom only a hand put there.
    """
    if not gate.difference:
        return ()
    mates = Counter(parties.get(rider.person, "") for rider in riders if rider.stage == "aboard")
    if gate.difference > 0:
        waiting = [rider for rider in riders if rider.letter in WAITED_FOR]
        scored = [_unread(rider, origin, stays.get(rider.person, ()), mates, parties) for rider in waiting]
    else:
        scored = [_unseen(rider) for rider in riders if rider.stage == "aboard"]
    ranked = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].person))
    return tuple(one for _, one in ranked[:MOST])


def _unread(
    rider: Rider, origin: str, stays: Sequence[Stay], mates: Mapping[str, int], parties: Mapping[str, str]
) -> tuple[int, Likely]:
    last = stays[-1] if stays else None
    score, why = 1, Text("staat op de lijst", "is on the list")
    together = mates.get(parties.get(rider.person, ""), 0) if parties.get(rider.person) else 0
    if rider.letter == "f":
        score, why = 5, Text("was aan boord en is uitgestapt", "was aboard and got off")
    elif last is not None and last.place == UNDERWAY:
        score, why = 4, Text("liep hier naar buiten, nergens gezien sindsdien", "walked out here, seen nowhere since")
    elif last is not None and last.place.partition(".")[0] == origin:
        score, why = 3, Text("laatst gezien op deze plek", "last seen at this place")
    elif last is None:
        score, why = 0, Text("vandaag niet gezien", "not seen today")
    if together and score:
        score += 3
        nl, en = f"{why.nl}; {together} van de groep zijn aan boord", f"{why.en}; {together} of the party are aboard"
        why = Text(nl, en)
    return score, Likely(person=rider.person, why=why)


def _unseen(rider: Rider) -> tuple[int, Likely]:
    scores = {
        "l": (4, Text("meegenomen bij de wissel, niet opnieuw geteld", "carried over, not counted again")),
        "e": (3, Text("had een stoel op een andere rit", "had a seat on another run")),
        "c": (2, Text("met de hand aangetikt, badge niet gelezen", "ticked by hand, badge not read")),
        "d": (2, Text("niet-ingedeelde meerijder", "walk-on")),
    }
    score, why = scores.get(rider.letter, (1, Text("badge gelezen", "badge was read")))
    return score, Likely(person=rider.person, why=why)
