"""The words of a coach's answers, Dutch and English."""

from collections.abc import Sequence

from shared.facts import Reason, Text
from shared.programme import Programme, Run
from transport.domain.boarding import Decision
from transport.domain.run import State

ASK = Text("Vraag de buscoördinator", "Ask the coach coordinator")
DESK = Text("Ga naar de balie", "Please go to the desk")
UNKNOWN_CHECKPOINT = Text("Dit controlepunt staat niet in het programma", "This checkpoint is not in the programme")
DOOR_CHECKPOINT = Text("Dit controlepunt is van een deur", "This checkpoint is a door's")
UNKNOWN_EVENT = Text("Deze netwerkdag is hier niet geladen", "This event is not loaded here")
NO_SUCH_RUN = Text("Deze rit staat niet in het programma", "This run is not in the programme")
NO_SUCH_PLACE = Text("Deze plek staat niet in het programma", "This place is not in the programme")
NO_SUCH_PERSON = Text("Deze deelnemer is hier niet bekend", "This person is not known here")
NOT_ON_IT = Text("Staat niet op deze rit", "Is not on this run")
OTHER_CONTENT = Text("Dit nummer is al gebruikt voor iets anders", "This id came before with something else")
NO_UNDO = Text("Een stap maak je niet ongedaan: heropen de rit", "A step is not undone: reopen the run")
SAME_TRANSFER = Text("Kies een andere rit van dezelfde verplaatsing", "Choose another run of the same transfer")
NOT_YOURS = Text("Deze rit is niet van jou: vraag de organisator", "This run is not yours: ask the organiser")
NO_EFFECT = Text("Bewaard; de rit was al verder", "Kept; the run was further already")
NO_RUN = Text("Deze touringcar heeft geen rit meer", "This coach has no run left")

_ADMIT = {
    "aboard": Text("Aan boord", "Aboard"),
    "again": Text("Al aan boord", "Already aboard"),
    "off": Text("Uitgestapt", "Got off"),
}
_WHY = {
    "not-listed": Text("niet-ingedeelde meerijder", "walk-on"),
    "other-run": Text("andere rit", "other run"),
    "full": Text("vol", "full"),
    "departed": Text("al vertrokken", "already departed"),
    "closed": Text("niet open", "not open"),
    "unknown": Text("onbekende badge", "unknown badge"),
    "forged": Text("geen echte badge", "not a genuine badge"),
    "revoked": Text("badge ingetrokken", "badge withdrawn"),
    "wrong-event": Text("badge van een andere dag", "badge of another event"),
}


def why(reason: str) -> Text:
    """Why a badge stands for nobody here."""
    return _WHY[reason]


def title(outcome: str, reason: Reason) -> Text:
    """The one word, and after `Let op` or `Nee` the why."""
    if outcome == "admit":
        return _ADMIT[reason]
    why = _WHY[reason]
    if outcome == "warn":
        return Text(f"Let op: {why.nl}", f"Note: {why.en}")
    return Text(f"Nee: {why.nl}", f"No: {why.en}")


def line(programme: Programme, decision: Decision, run: Run | None, seat: str | None, state: State) -> Text:
    """What stands under the title: where to, or which run; `seat` is the run that the person had a seat on."""
    if run is None:
        return NO_RUN
    other = programme.index.runs.get(seat or "")
    match decision.reason:
        case "aboard" | "again":
            return bound_for(programme, run)
        case "off":
            place = programme.index.places.get(decision.place or "")
            return now_at(place.name) if place else ASK
        case "other-run" if other is not None:
            return your_run(other) if decision.outcome == "refuse" else moved(programme, run, other)
        case "not-listed" if decision.outcome == "warn":
            return bound_for(programme, run)
        case "closed" if state is State.PLANNED:
            return opens_at(f"{programme.local(run.open_ms):%H:%M}")
        case "full" | "departed" if other is not None and other.id != run.id:
            return your_run(other)
        case "unknown" | "forged" | "revoked" | "wrong-event":
            return DESK
        case _:
            return ASK


CONSERVATION = Text(
    "De som klopt niet: iemand is op een plek die niet in het programma staat",
    "The sum is not right: somebody is at a place that is not in the programme",
)


def _people(number: int) -> Text:
    return Text("1 persoon", "1 person") if number == 1 else Text(f"{number} personen", f"{number} people")


def left_behind(run: str, people: int) -> Text:
    """Who had a seat and was seen today is not along."""
    who = _people(people)
    return Text(f"Rit {run} vertrok zonder {who.nl}", f"Run {run} left without {who.en}")


def stranded(run: str, people: int) -> Text:
    """In a coach whose run was cancelled."""
    who = _people(people)
    return Text(f"Rit {run} is vervallen met {who.nl} aan boord", f"Run {run} was cancelled with {who.en} aboard")


def last_call(run: str, kerb: str, people: int) -> Text:
    """For the doors where they were last seen."""
    who, at = _people(people), f" · {kerb}" if kerb else ""
    return Text(f"Laatste oproep rit {run}{at}: wacht op {who.nl}", f"Last call run {run}{at}: waiting for {who.en}")


def unconfirmed(run: str, people: int) -> Text:
    """Who rode along and was seen nowhere since."""
    who = _people(people)
    return Text(f"Rit {run}: {who.nl} na aankomst nog niet gezien", f"Run {run}: {who.en} not seen since the arrival")


def difference(run: str, number: int) -> Text:
    """Counted and known are not the same."""
    nl, en = f"verschil van {number:+d} bij de telling", f"a difference of {number:+d} at the count"
    return Text(f"Rit {run}: {nl}", f"Run {run}: {en}")


def late(run: str, minutes: int, items: Sequence[Text]) -> Text:
    """Later than planned, and what that touches."""
    nl, en = ", ".join(item.nl for item in items), ", ".join(item.en for item in items)
    return Text(
        f"Rit {run} komt {minutes} min later" + (f": raakt {nl}" if items else ""),
        f"Run {run} arrives {minutes} min late" + (f": touches {en}" if items else ""),
    )


def broken_down(run: str) -> Text:
    """Halted."""
    return Text(f"Rit {run} staat stil: pech", f"Run {run} has broken down")


def no_seat(transfer: Text, people: int) -> Text:
    """Who has no seat in a transfer."""
    who = _people(people)
    return Text(f"{transfer.nl}: {who.nl} zonder stoel", f"{transfer.en}: {who.en} without a seat")


def two_runs(people: int) -> Text:
    """Boarded twice."""
    who = _people(people)
    return Text(f"{who.nl} op twee ritten ingestapt: kies welke", f"{who.en} boarded on two runs: say which")


SEAT_TAKEN = Text("de indeling is teruggedraaid", "the allocation was undone")


def stay_aboard(people: int) -> Text:
    """Who is in a coach already is not moved at a desk."""
    who = _people(people)
    return Text(f"{who.nl} al aan boord: blijft zitten", f"{who.en} aboard already: not moved")


def goes_elsewhere(run: str, destination: str, people: int) -> Text:
    """People who are to be somewhere else."""
    who = _people(people)
    nl, en = f"{who.nl} moet ergens anders heen", f"{who.en} must be elsewhere"
    return Text(f"{run} gaat naar {destination}; {nl}", f"{run} goes to {destination}; {en}")


def too_many(run: str, people: int) -> Text:
    """More people than seats."""
    return Text(f"{run} heeft {people} stoelen te weinig", f"{run} is {people} seats short")


def too_many_wheelchairs(run: str, people: int) -> Text:
    """More wheelchairs than places."""
    return Text(f"{run} heeft {people} rolstoelplaatsen te weinig", f"{run} is {people} wheelchair places short")


def bound_for(programme: Programme, run: Run) -> Text:
    """`Naar De Hagedoorn · rit B2`."""
    place = programme.place(run.destination).name
    return Text(f"Naar {place} · rit {run.name}", f"To {place} · run {run.name}")


def now_at(name: str) -> Text:
    """Where somebody is who got off."""
    return Text(f"Nu: {name}", f"Now: {name}")


def moved(programme: Programme, here: Run, there: Run) -> Text:
    """A seat was freed on another run; where that goes elsewhere, so does this person now."""
    text = Text(f"Stond op rit {there.name}, stoel daar vrij", f"Was on run {there.name}, seat freed there")
    if here.destination == there.destination:
        return text
    place = programme.place(here.destination).name
    return Text(f"Deze rit gaat naar {place}! {text.nl}", f"This run goes to {place}! {text.en}")


def your_run(run: Run) -> Text:
    """Which run somebody has a seat on, and where it stands."""
    kerb = f" · {run.kerb}" if run.kerb else ""
    return Text(f"Je rit is {run.name}{kerb}", f"Your run is {run.name}{kerb}")


def opens_at(clock: str) -> Text:
    """When a run opens by the programme."""
    return Text(f"Instappen vanaf {clock.replace(':', '.')}", f"Boarding from {clock}")
