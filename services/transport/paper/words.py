"""The words on paper, Dutch and English; those of the contract."""

from shared.facts import Text
from transport.paper.transfer import Sum

PRINT = Text("Afdruk", "Print")
DRAFT = Text("Concept", "Draft")
DRAFT_WHY = Text("nummers nog niet bewaard", "numbers not kept yet")
AS_OF = Text("stand", "as of")
LIST_OF = Text("lijst van", "list of")
PAGE = Text("bladzijde", "page")
OF = Text("van", "of")
LIST = Text("Passagierslijst", "Passenger list")
OPENS = Text("instappen", "boarding")
DEPARTS = Text("vertrek", "departs")
ARRIVES = Text("aankomst", "arrives")
PLANNED = Text("gepland", "planned")
COACH = Text("touringcar", "coach")
RUN = Text("rit", "run")

SEATS = Text("stoelen", "seats")
LISTED = Text("op de lijst", "listed")
WHEELCHAIRS = Text("rolstoelplaatsen", "wheelchair places")
WHEELCHAIR_1 = Text("rolstoelplaats", "wheelchair place")
NEEDED = Text("nodig", "needed")
COUNTED = Text("geteld / counted", "counted / geteld")
LEFT_AT = Text("vertrokken om", "departed at")

SINCE = Text("Sinds afdruk", "Since print")
NOTHING = Text("niets veranderd", "nothing changed")
ADDED = Text("Nieuw", "New")
GONE = Text("Weg", "Gone")
MOVED = Text("Verplaatst", "Moved")
FROM = Text("van", "from")
TOLD = Text("stond op", "was told")
AND_MORE = Text("en {n} meer, zie de lijst", "and {n} more, see the list")
NAMELESS = Text("(naam niet meer bekend)", "(name no longer known)")
NO_ORGANISATION = Text("Zonder organisatie", "No organisation")
GOES_ON = Text("vervolg", "continued")
WALK_ONS = Text("Niet-ingedeelde meerijders", "Walk-ons")
WALK_ON_HINT = Text("naam en organisatie in blokletters", "name and organisation in capitals")
FOOT = Text(
    "Een nummer blijft van dezelfde persoon. Vinkje in het vakje: was al aan boord. Lever deze lijst na de rit in.",
    "A number stays with the same person. Ticked box: was aboard already. Hand this list in after the run.",
)
NOBODY = Text("Er staat niemand op deze lijst.", "Nobody is on this list.")

DRIVER = Text("Chauffeursblad", "Driver's sheet")
PASSENGERS = Text("passagiers", "passengers")
IN_WHEELCHAIR = Text("in een rolstoel", "in a wheelchair")
NEEDS = Text("Let op onderweg", "Please note")
WHEELCHAIR = Text("rolstoel", "wheelchair")
AND_MORE_NEEDS = Text("en {n} meer: vraag de coördinator", "and {n} more: ask the coordinator")
NO_NEEDS = Text("Geen bijzonderheden bekend.", "Nothing special known.")
NAMES = Text("Namen", "Names")
DESK = Text("Balie van de coördinator", "Coordinator's desk")
SCAN = Text("Deze rit op je telefoon", "This run on your phone")
SCAN_HINT = Text("stand, tijden en het vertreksein", "state, times and the go for departure")
DRIVE_OFF = Text(
    "Rijd pas weg als de coördinator het zegt. Loop na aankomst naar achteren: zie de controlekaart.",
    "Leave only when the coordinator says so. After arrival walk to the back: see the check card.",
)

CARD = Text("Loop naar achteren", "Walk to the back")
CARD_WHY = Text(
    "Na aankomst, voordat de deur dichtgaat. Eerst kijken, dan vinken.",
    "After arrival, before the door is closed. Look, then tick.",
)
STEPS = (
    Text("Alle stoelen, van voor naar achter", "Every seat, front to back"),
    Text("Bagagerekken boven de stoelen", "Racks above the seats"),
    Text("Toilet, deur open gehad", "Toilet, door opened"),
    Text("Onder de stoelen en de achterbank", "Under the seats and the back bench"),
    Text("Rolstoelplaats, gordels los", "Wheelchair place, belts undone"),
    Text("Bagageruim, beide kanten", "Luggage hold, both sides"),
)
RODE = Text("meegereden", "rode along")
GOT_OFF = Text("uitgestapt", "got off")
FOUND = Text("Gevonden (wie of wat, waar)", "Found (who or what, where)")
EMPTY = Text("De touringcar is leeg.", "The coach is empty.")
NAME = Text("naam", "name")
TIME = Text("tijd", "time")
SIGNED = Text("handtekening", "signature")

AS_KNOWN = Text("zoals bekend om", "as known at")
TRANSFER = Text("Verplaatsing", "Transfer")
LEGEND = Text(
    "S gescand · M met de hand · C geteld, naamloos · I afgeleid uit de aankomst · "
    "zonder letter: registratie, indeling, eerdere waarnemingen",
    "S scanned · M by hand · C counted, nameless · I implied by the arrival · "
    "no letter: registration, allocation, earlier sightings",
)
PER_LOCATION = Text("Per locatie", "Per location")
PER_RUN = Text("Van → naar, per rit", "From → to, per run")
BY_NAME = Text("Met naam", "By name")
PARTS = (
    Text("op een locatie", "at a location"),
    Text("aan boord", "aboard"),
    Text("onderweg", "underway"),
    Text("vertrokken", "away"),
    Text("verwacht", "expected"),
)
REGISTERED = Text("geregistreerd", "registered")
HOLDS = Text("De som klopt", "The sum holds")
LOCATION = Text("locatie", "location")
HERE = Text("hier nu", "here now")
EXPECTED = Text("verwacht", "expected")
BEFORE = Text("vooraf", "before")
LEFT = Text("weg", "left")
ABOARD = Text("aan boord", "aboard")
ARRIVED = Text("aangekomen", "arrived")
UNCONFIRMED = Text("nog niet gezien", "unconfirmed")
LEFT_BEHIND = Text("achtergebleven", "left behind")
MISSING = Text("vermist", "missing")
OWN_TRAVEL = Text("eigen vervoer", "own travel")
ON_PAPER = Text("geteld", "counted")
COUNTED_SHORT = Text("geteld", "counted")
RUN_HEAD = Text("rit", "run")
STATE = Text("stand", "state")
LIST_HEAD = Text("lijst", "listed")
HAND_COUNT = Text("hand geteld", "hand count")
PLAN = Text("plan", "plan")
TOTAL = Text("Samen", "Together")
STATES = {
    "planned": Text("gepland", "planned"),
    "boarding": Text("instappen", "boarding"),
    "last_call": Text("laatste oproep", "last call"),
    "departed": Text("vertrokken", "departed"),
    "halted": Text("stilgevallen", "halted"),
    "arrived": Text("aangekomen", "arrived"),
    "closed": Text("gesloten", "closed"),
    "cancelled": Text("vervallen", "cancelled"),
}
NOBODY_LOST = Text(
    "Niemand is vermist, achtergebleven of nog niet gezien.", "Nobody is missing, left behind or unconfirmed."
)
WHO = Text("wie", "who")
TELEPHONE = Text("telefoon", "phone")
LAST_SEEN = Text("laatst gezien", "last seen")
BECAME = Text("gevonden: waar, hoe laat, door wie", "found: where, when, by whom")
KINDS_ORDER = ("missing", "left-behind", "unconfirmed")
KINDS = {
    "missing": Text("Vermist", "Missing"),
    "left-behind": Text("Achtergebleven", "Left behind"),
    "unconfirmed": Text("Nog niet gezien", "Unconfirmed"),
}

SHEET_LOCATIONS = Text("Locaties", "Locations")
SHEET_RUNS = Text("Ritten", "Runs")
SHEET_PERSONS = Text("Personen", "Persons")
SHEET_SUM = Text("Som", "Sum")
KERB = Text("opstapplaats", "kerb")
TO = Text("naar", "to")
EXPECTED_AT = Text("verwacht", "expected")
REAL = Text("werkelijk", "real")
DIFFERENCE = Text("verschil", "difference")
TOGETHER = Text("samen", "together")
WHAT = Text("wat", "what")
NUMBER = Text("aantal", "number")
ORGANISATION = Text("organisatie", "organisation")
LAST_PLACE = Text("laatste plek", "last place")


def verdict(total: Sum) -> Text:
    """Whether the sum holds; and if it does not, by how many, or that somebody is nowhere on the map."""
    if total.holds:
        return HOLDS
    if total.difference:
        return Text(f"De som klopt niet: {total.difference:+d}", f"The sum does not hold: {total.difference:+d}")
    return Text("De som klopt niet: onbekende plek", "The sum does not hold: unknown place")
