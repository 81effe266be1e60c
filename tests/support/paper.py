"""Made-up runs and transfers for paper, and readers of what was printed that are not ours."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pypdfium2
import zxingcpp
from PIL.Image import Image

from shared import instants
from shared.facts import Text
from transport.paper.model import Language, Look, Print, Printed, Rider, Run, Size, Stop, Times
from transport.paper.rows import rows
from transport.paper.transfer import Figure, Kind, LegLine, Location, Person, RunLine, Sum, TransferSheet

ZONE = ZoneInfo("Europe/Amsterdam")
NAMES = (
    "Anne-Fleur van der Sluijs-Oude Nijhuis",
    "Gülsüm Çelik",
    "Şükrü Yıldız",
    "Wacław Łukaszewicz",
    "Zsófia Erdős",
    "Žiga Žnidaršič",
    "Jan de Vries",
    "Saskia Huisman",
)
ORGANISATIONS = ("Gemeente Alkmaar", "Gemeente ’s-Hertogenbosch", "Ministerie van Binnenlandse Zaken")


def at(clock: str) -> int:
    """A moment of the day, local time `HH:MM`."""
    return instants.to_ms(f"2024-01-11T{clock}:00+01:00")


def rider(number: int, **more: object) -> Rider:
    """Somebody with a name of their own; after the first eight a number goes with it."""
    name = NAMES[number % len(NAMES)] + (f" {number}" if number >= len(NAMES) else "")
    made = Rider(
        person=f"p{number:03}",
        name=name,
        organisation=ORGANISATIONS[number % len(ORGANISATIONS)],
        phone=f"+31 6 00 00 {number:04}",
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of Rider


def riders(number: int) -> tuple[Rider, ...]:
    """The first so many."""
    return tuple(rider(one) for one in range(number))


def run(people: Sequence[Rider], **more: object) -> Run:
    """Run B2 with these people, at 11:32."""
    made = Run(
        event="small-2024",
        run="t1-b2",
        name="B2",
        kerb="Halte B",
        coach="Coach 7",
        plate="00-ZZ-02",
        operator="Voorbeeld Reizen",
        origin=Stop(name="Grote Kerk", address="Kerkstraat 1, Almelo"),
        destination=Stop(name="Indië Almelo", address="Indiëterrein, Almelo"),
        open=Times(planned_ms=at("11:20")),
        depart=Times(planned_ms=at("11:42"), estimated_ms=at("11:46")),
        arrive=Times(planned_ms=at("11:50"), estimated_ms=at("11:54")),
        seats=50,
        wheelchairs=2,
        riders=tuple(people),
        at_ms=at("11:32"),
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of Run


def look(language: Language = "nl", size: Size = "a4") -> Look:
    """A look with the clock of Amsterdam."""
    return Look(language=language, zone=ZONE, size=size)


def printed(people: Sequence[Rider], nth: int | None = 1) -> Printed:
    """A first print of these people, or a draft."""
    now = rows([], [one.person for one in people])
    return Printed(rows=now, nth=nth, at_ms=None if nth is None else at("11:31"))


def a_print(nth: int, clock: str, *numbered: tuple[int, str]) -> Print:
    """A print that was made."""
    return Print(nth, at(clock), numbered)


# -- transfers -------------------------------------------------------------------------------------


def figure(number: int, scanned: int = 0, manual: int = 0, counted: int = 0, implied: int = 0) -> Figure:
    """A number with its grades."""
    return Figure(number=number, scanned=scanned, manual=manual, counted=counted, implied=implied)


def run_line(name: str, **more: object) -> RunLine:
    """A run that departed with 42: 35 scanned, 4 by hand, 3 nameless."""
    made = RunLine(
        run=f"t1-{name.lower()}",
        name=name,
        kerb=f"Halte {name}",
        state="departed",
        depart=Times(planned_ms=at("11:38"), estimated_ms=at("11:41"), real_ms=at("11:41")),
        arrive=Times(planned_ms=at("11:46"), estimated_ms=at("11:49")),
        seats=50,
        listed=47,
        aboard=figure(42, 35, 4, 3),
        arrived=figure(0),
        unconfirmed=figure(0),
        left_behind=figure(1),
        missing=figure(2),
        counted=43,
        difference=1,
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of RunLine


def somebody(number: int, kind: Kind, **more: object) -> Person:
    """Somebody who must be looked for."""
    made = Person(
        person=f"p{number:03}",
        kind=kind,
        name=NAMES[number % len(NAMES)],
        organisation=ORGANISATIONS[0],
        phone=f"+31 6 00 00 {number:04}",
        last_place="Grote Kerk",
        last_ms=at("11:29"),
        run="B3",
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of Person


def transfer(**more: object) -> TransferSheet:
    """A transfer with two legs and three runs at 11:47, whose sum holds."""
    made = TransferSheet(
        event="small-2024",
        transfer="t1",
        title=Text("Naar de werkbezoeken", "To the visits"),
        start_ms=at("11:30"),
        end_ms=at("12:00"),
        at_ms=at("11:47"),
        locations=(place("grote-kerk", "Grote Kerk"), place("indie", "Indië Almelo"), place("hagedoorn", "Hagedoorn")),
        legs=(
            LegLine(
                leg="t1-indie",
                origin="Grote Kerk",
                destination="Indië Almelo",
                expected=171,
                own_travel=5,
                runs=(run_line("B1"), run_line("B2")),
            ),
            LegLine(
                leg="t1-hagedoorn",
                origin="Grote Kerk",
                destination="Hagedoorn",
                expected=118,
                own_travel=0,
                runs=(run_line("H1"),),
            ),
        ),
        persons=(somebody(0, "missing"), somebody(2, "left-behind"), somebody(5, "unconfirmed")),
        sum=Sum(places=178, aboard=97, underway=14, away=3, expected=20, registered=312),
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of TransferSheet


def place(identity: str, name: str, **more: object) -> Location:
    """A location with 91 people, 89 scanned and 2 by hand."""
    made = Location(
        place=identity,
        name=name,
        before=figure(289),
        left=figure(198),
        arrived=figure(0),
        here=figure(91, 89, 2),
        aboard=figure(126, 105, 12, 9),
        unconfirmed=figure(6, implied=6),
        left_behind=figure(3),
        missing=figure(7),
        own_travel=figure(5),
    )
    return replace(made, **more)  # type: ignore[arg-type] # the test names fields of Location


# -- reading ---------------------------------------------------------------------------------------


def texts(pdf: bytes) -> list[str]:
    """The text of each page, a line a line."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def lines(pdf: bytes) -> list[str]:
    """All lines of a file."""
    return [line.strip() for page in texts(pdf) for line in page.split("\n")]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in whole millimetres."""
    points = [page.get_size() for page in pypdfium2.PdfDocument(pdf)]
    return [(round(width / 72 * 25.4), round(height / 72 * 25.4)) for width, height in points]


def pictures(pdf: bytes, dpi: int = 200) -> list[Image]:
    """The pages as a printer would have them."""
    return [page.render(scale=dpi / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def symbols(pdf: bytes) -> list[str]:
    """What every QR symbol says."""
    return [code.text for picture in pictures(pdf) for code in zxingcpp.read_barcodes(picture)]


def outside(pdf: bytes) -> list[str]:
    """Letters that stand beyond the edge of their page, or nearer to it than 4 mm (a printer does not reach there)."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        (width, height), text = page.get_size(), page.get_textpage()
        for number in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(number)
            if right > left and not (left >= 11 and right <= width - 11 and bottom >= 11 and top <= height - 11):
                found.append(text.get_text_range(number, 1))
    return found


def boxes(pdf: bytes, size: float) -> int:
    """How many square boxes of about this size (in points) are drawn: those to tick."""
    number = 0
    for page in pypdfium2.PdfDocument(pdf):
        for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
            left, bottom, right, top = thing.get_bounds()
            number += 0 <= right - left - size < 3 and 0 <= top - bottom - size < 3  # bounds have room for the line
    return number
