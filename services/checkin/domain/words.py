"""The words of a door's answers, Dutch and English."""

from shared.facts import Reason, Text

NOTHING = Text("", "")
DESK = Text("Ga naar de balie", "Please go to the desk")
SAFE_JOURNEY = Text("Goede reis", "Safe journey")
UNKNOWN_CHECKPOINT = Text("Dit controlepunt staat niet in het programma", "This checkpoint is not in the programme")
COACH_CHECKPOINT = Text("Dit controlepunt is van een touringcar", "This checkpoint is in a coach")
UNKNOWN_EVENT = Text("Deze netwerkdag is hier niet geladen", "This event is not loaded here")

_ADMIT = {
    "welcome": Text("Welkom", "Welcome"),
    "back": Text("Welkom terug", "Welcome back"),
    "again": Text("Al binnen", "Already in"),
    "goodbye": Text("Tot ziens", "Goodbye"),
}
_WHY = {
    "not-expected-here": Text("niet hier verwacht", "not expected here"),
    "full": Text("vol", "full"),
    "unknown": Text("onbekende badge", "unknown badge"),
    "forged": Text("geen echte badge", "not a genuine badge"),
    "revoked": Text("badge ingetrokken", "badge withdrawn"),
    "wrong-event": Text("badge van een andere dag", "badge of another event"),
    "closed": Text("gesloten", "closed"),
}
_NOTE = {reason: Text(f"Let op: {why.nl}", f"Note: {why.en}") for reason, why in _WHY.items()}
_NO = {reason: Text(f"Nee: {why.nl}", f"No: {why.en}") for reason, why in _WHY.items()}


def title(outcome: str, reason: Reason) -> Text:
    """The one word, and after `Let op` or `Nee` the why."""
    if outcome == "admit":
        return _ADMIT[reason]
    return (_NOTE if outcome == "warn" else _NO)[reason]


def occupied(present: int, capacity: int) -> Text:
    """How full a full place is."""
    return Text(f"{present} van {capacity} plaatsen bezet", f"{present} of {capacity} places taken")
