"""An allocation in words, Dutch and English: what is not as one would wish, and why that is."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shared.facts import Text
from transport.domain.allocation.model import LeftOver, Move, Split

NO_RUN = Text("er is geen rit op dit traject", "there is no run on this leg")
NO_SEAT = Text("geen stoel meer vrij op dit traject", "no seat left on this leg")
NO_PLACE = Text("geen rolstoelplaats meer vrij", "no wheelchair place left")
NO_PLACE_COMPANION = Text(
    "reist samen met iemand voor wie geen rolstoelplaats vrij is",
    "travels with somebody for whom no wheelchair place is left",
)
TOO_FEW = Text("er zijn niet genoeg plaatsen", "there are not enough places")
OTHERWISE = Text("heel gehouden kostte het elders meer", "keeping them whole would cost more elsewhere")
FEWEST_MOVES = Text("zo gaan de minste mensen ergens anders heen", "this way the fewest people go elsewhere")


def no_room_together(count: int) -> Text:
    """Why people who must travel together have no seat."""
    if count == 2:
        return Text(
            "reist samen met een ander, en geen rit heeft er nog 2 bij elkaar",
            "travels with one other, and no run has 2 places left",
        )
    return Text(
        f"reist samen met {count - 1} anderen, en geen rit heeft er nog {count} bij elkaar",
        f"travels with {count - 1} others, and no run has {count} places left",
    )


def no_room_with(title: str) -> Text:
    """Why somebody whose company is aboard a run cannot join them."""
    return Text(
        f"geen plaats meer in {title}, waar het gezelschap zit", f"no room left on {title}, where their company is"
    )


def no_run_has(count: int) -> Text:
    """Why a party that is larger than any run is split."""
    return Text(f"geen rit heeft {count} plaatsen", f"no run has {count} seats")


def no_run_had_free(count: int) -> Text:
    """Why a party that would fit a run is split."""
    return Text(f"geen rit had er {count} vrij", f"no run had {count} free")


def no_run_had_wheelchairs(count: int) -> Text:
    """Why a party with several wheelchairs is split."""
    return Text(
        f"geen rit had {count} rolstoelplaatsen vrij"
        if count > 1
        else "geen rit met plaats had een rolstoelplaats vrij",
        f"no run had {count} wheelchair places free" if count > 1 else "no run with room had a wheelchair place free",
    )


def aboard_already(titles: Sequence[str]) -> Text:
    """Why a party of which some cannot be moved any more is split."""
    return Text(f"een deel zit al in {_and(titles, 'en')}", f"some are aboard {_and(titles, 'and')} already")


def in_short(*, seated: int, used: int, left_over: int, splits: int) -> Text:
    """The whole in one line."""
    if not seated and not left_over:
        return Text("niemand om in te delen", "nobody to seat")
    people = _people(seated)
    runs = Text("1 rit", "1 run") if used == 1 else Text(f"{used} ritten", f"{used} runs")
    without = Text(f"{left_over} zonder plaats", f"{left_over} without a seat")
    if not seated:
        return without
    if not left_over:
        without = Text("niemand zonder plaats", "nobody without a seat")
    whole = Text("elke organisatie bij elkaar", "every organisation whole")
    if splits:
        whole = Text(
            "1 organisatie verdeeld" if splits == 1 else f"{splits} organisaties verdeeld",
            "1 organisation split" if splits == 1 else f"{splits} organisations split",
        )
    return Text(
        f"{people.nl} in {runs.nl}, {without.nl}, {whole.nl}", f"{people.en} on {runs.en}, {without.en}, {whole.en}"
    )


def split(one: Split, titles: Mapping[str, str]) -> Text:
    """Who is split over what, and why."""
    seated = [titles.get(run, run) for run, _ in one.pieces if run]
    left = sum(count for run, count in one.pieces if not run)
    who_nl, who_en = f"{one.people} van {one.name}", f"{one.people} of {one.name}"
    if one.kind == "group":
        who_nl, who_en = f"{one.people} van groep {one.name}", f"{one.people} of group {one.name}"
    nl, en = _and(seated, "en"), _and(seated, "and")
    if len(seated) == 1:
        return Text(
            f"{who_nl}: {left} zonder plaats, de anderen in {nl}: {one.why.nl}",
            f"{who_en}: {left} without a seat, the others on {en}: {one.why.en}",
        )
    without = Text(f", {left} zonder plaats", f", {left} without a seat") if left else Text("", "")
    return Text(
        f"{who_nl} zijn verdeeld over {nl}{without.nl}: {one.why.nl}",
        f"{who_en} are split over {en}{without.en}: {one.why.en}",
    )


def left_over(people: Iterable[LeftOver], legs: int) -> list[Text]:
    """How many are without a seat, by reason; the leg where there are several."""
    counts = Counter((one.leg, one.why.nl, one.why.en) for one in people)
    found = []
    for (leg, nl, en), count in counts.items():
        where = f" ({leg})" if legs > 1 else ""
        found.append(Text(f"{count} zonder plaats{where}: {nl}", f"{count} without a seat{where}: {en}"))
    return found


def moves(people: Iterable[Move], titles: Mapping[str, str]) -> list[Text]:
    """How many go elsewhere than they were told, by run."""
    counts = Counter((titles.get(one.told, one.told), one.run and titles.get(one.run, one.run)) for one in people)
    found = []
    for (told, run), count in counts.items():
        who = _people(count)
        go = "gaat" if count == 1 else "gaan"
        goes = "goes" if count == 1 else "go"
        if run is None:
            found.append(Text(f"{who.nl} uit {told} zonder plaats", f"{who.en} of {told} without a seat"))
        else:
            found.append(Text(f"{who.nl} {go} van {told} naar {run}", f"{who.en} {goes} from {told} to {run}"))
    return found


def not_needed(titles: Sequence[str]) -> Text:
    """Runs that nobody is on."""
    return Text(
        f"{_and(titles, 'en')} {'is' if len(titles) == 1 else 'zijn'} niet nodig",
        f"{_and(titles, 'and')} {'is' if len(titles) == 1 else 'are'} not needed",
    )


def without(titles: Sequence[str], affected: int) -> Text:
    """Runs that do not come, and for how many that matters."""
    people = _people(affected)
    comes = Text("komt", "does") if len(titles) == 1 else Text("komen", "do")
    return Text(
        f"{_and(titles, 'en')} {comes.nl} niet: {people.nl} geraakt",
        f"{_and(titles, 'and')} {comes.en} not come: {people.en} affected",
    )


def other_way(*, more: int, splits: int, left: int) -> Text:
    """What is won by moving more people than the fewest."""
    people = _people(more)
    won = []
    if left:
        won.append(Text(f"{left} minder zonder plaats", f"{left} fewer without a seat"))
    if splits:
        won.append(
            Text("1 organisatie minder verdeeld", "1 fewer split of an organisation")
            if splits == 1
            else Text(f"{splits} organisaties minder verdeeld", f"{splits} fewer splits of organisations")
        )
    if not won:
        won.append(Text("een betere verdeling", "a better filling"))
    nl, en = _and([one.nl for one in won], "en"), _and([one.en for one in won], "and")
    return Text(f"wie {people.nl} meer verplaatst, heeft {nl}", f"moving {people.en} more gives {en}")


def _people(count: int) -> Text:
    return Text("1 persoon", "1 person") if count == 1 else Text(f"{count} personen", f"{count} people")


def _and(names: Sequence[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}" if names else "–"
