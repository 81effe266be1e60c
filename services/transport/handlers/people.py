"""What is personal of people, opened from their cards; kept in memory only, and by each process for itself."""

from hashlib import sha256

from shared import seal
from shared.facts import Personal
from shared.programme import Programme
from transport.domain.day import Day
from transport.ports import Card

NOBODY = Personal(name="")


def opened(day: Day, card: Card) -> Personal:
    """What is personal; nobody when the card cannot be opened: better nameless on a list than not on it."""
    held = day.names.get(card.person)
    if held is not None and held[0] == card.sealed:
        return held[1]
    try:
        personal = seal.unseal(card.sealed, person=card.person, key=day.seal_key)
    except seal.Unsealable:
        return NOBODY
    day.names[card.person] = (card.sealed, personal)
    return personal


def party(organisation: str) -> str:
    """The id of an organisation as a party on a run, for addresses; empty for nobody's."""
    return f"org-{sha256(organisation.encode()).hexdigest()[:10]}" if organisation else ""


def together(programme: Programme, groups: frozenset[str]) -> str:
    """The group of people who must travel on one run, empty when there is none."""
    index = programme.index.groups
    return min((g for g in groups if g in index and index[g].kind == "together"), default="")
