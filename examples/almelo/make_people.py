"""Makes people.csv: 312 people who do not exist, from the 41 cities of the G40, spread over the visits and sessions.

Run `python examples/almelo/make_people.py` after a change; the seed is fixed, so the same script gives the same file.
No name is taken from a list of real people: first and last names are drawn apart. Addresses end in `.example`
(RFC 2606) and no telephone number is in use.
"""

import csv
import random
import re
import unicodedata
from pathlib import Path

SEED = 20240111
CITIES = """Alkmaar|Almelo|Almere|Alphen aan den Rijn|Amersfoort|Amstelveen|Apeldoorn|Arnhem|Assen|Breda|Delft|Deventer
Dordrecht|Ede|Eindhoven|Emmen|Enschede|Gouda|Groningen|Haarlem|Haarlemmermeer|Heerlen|Helmond|Hengelo|'s-Hertogenbosch
Hilversum|Hoorn|Leeuwarden|Leiden|Lelystad|Maastricht|Nijmegen|Oss|Roosendaal|Schiedam|Sittard-Geleen|Tilburg|Venlo
Zaanstad|Zoetermeer|Zwolle""".replace("\n", "|").split("|")

# first names and last names that are heard together; the number is how many of a hundred people
NAMES: tuple[tuple[int, str, str], ...] = (
    (
        66,
        "Anne Annemarie Arjan Bart Bas Carlijn Daan Daniëlle Eline Erik Esther Femke Frank Geert Gijs Hanneke Hans Ilse"
        " Inge Jan Jasper Jeroen Joost Judith Karin Kees Lars Lieke Lotte Maaike Maarten Margriet Mark Marieke Marloes"
        " Martijn Mieke Nienke Noor Paul Peter Petra Renée Roos Ruben Sander Sanne Saskia Simone Sjoerd Suzanne Thijs"
        " Tim Tom Wilma Wouter Zoë André Chloé Loïs",
        "de Jong|Jansen|de Vries|van den Berg|van Dijk|Bakker|Janssen|Visser|Smit|Meijer|de Boer|Mulder|de Groot|Bos"
        "|Vos|Peters|Hendriks|van Leeuwen|Dekker|Brouwer|de Wit|Dijkstra|Smits|de Graaf|van der Meer|van der Linden|Kok"
        "|Jacobs|de Haan|Vermeulen|van den Heuvel|van der Veen|van den Broek|de Bruijn|Schouten|van Beek|Willems"
        "|van Vliet|Hoekstra|Maas|Verhoeven|Koster|van Dam|van der Wal|Prins|Blom|Huisman|Peeters|Kuipers|van Veen"
        "|Timmermans|Groen|Gerritsen|van 't Hof|in 't Veld|van 't Hoff|te Riele|ten Brinke|ter Horst|op den Kamp"
        "|uit de Weerd|Coenraad|Böhmer|Müller|Géraerts|van der Heijden-Bos|Oude Nijhuis|Groothuis|Wolterink|Nijkamp",
    ),
    (
        10,
        "Aukje Baukje Bouke Douwe Durk Fokke Froukje Hidde Hylke Jelle Jitske Marijke Nynke Oeds Rienk Sietske Sjoukje"
        " Tjitske Wiebe Ytsje",
        "Hoekstra|Hofstra|de Jager|Wiersma|Bosma|Terpstra|Zijlstra|Postma|Sikkema|Ypma|Bouma|Elzinga|Wâldstra|Tjalkens"
        "|Sjoerdsma|van der Ploeg|Haanstra|Nijdam|Feenstra|Rypkema",
    ),
    (
        8,
        "Ahmet Ayşe Burak Derya Elif Emre Esra Fatma Gülsüm Hüseyin İpek Mehmet Murat Özlem Selin Şeyma Tuğba Yusuf",
        "Yılmaz|Kaya|Demir|Çelik|Şahin|Öztürk|Aydın|Arslan|Doğan|Kılıç|Aslan|Koç|Kurt|Özdemir|Güneş",
    ),
    (
        8,
        "Abdel Amina Bilal Fatima Hafsa Hamza Ikram Karim Khadija Loubna Mohammed Nadia Naïma Rachid Samira Soufiane"
        " Yassin Zineb",
        "El Idrissi|Benali|Bouzidi|El Amrani|Ouali|Aït Hammou|Chakir|El Khattabi|Bensaïd|Haddou|Ziani|Tahiri|Amghar"
        "|Boukhris|El Hamdaoui",
    ),
    (
        8,
        "Cheryl Clyde Diego Earl Farida Gaitrie Ingrid Jaïr Marlon Naomi Priya Raoul Rishi Ruth Sharina Shanti Winston"
        " Xaviera",
        "Pinas|Kromosoeto|Ramdin|Sewnarain|Blijd|Wijngaarde|Jagroep|Soekhoe|Amatdjais|Landveld|Biharie|Martis"
        "|Tjin A Tsoi|Croes|Ramlal",
    ),
)

# how many are registered for each; every line adds up to 312, and no session to more than its room holds
VISIT = {"pijler-fysiek": 88, "pijler-economie": 64, "thema-leefomgeving": 32, "pijler-sociaal": 128}
ROUND_1 = {
    "sessie-1-coordinatoren": 41,
    "sessie-1-human-capital": 68,
    "sessie-1-woningbouw": 74,
    "sessie-1-zorg-jeugd": 52,
    "sessie-1-asiel": 36,
    "sessie-1-europa": 41,
}
ROUND_2 = {
    "sessie-2-brede-welvaart": 78,
    "sessie-2-wonen-zorg": 76,
    "sessie-2-circulair": 54,
    "sessie-2-sterke-keten": 58,
    "sessie-2-mkb": 46,
}
# what somebody of a pillar or theme would rather go to; all others are open to them too
LEANING = {
    "pijler-fysiek": {"sessie-1-woningbouw", "sessie-2-circulair", "sessie-2-wonen-zorg"},
    "pijler-economie": {"sessie-1-human-capital", "sessie-2-mkb", "sessie-2-brede-welvaart"},
    "thema-leefomgeving": {"sessie-1-woningbouw", "sessie-2-circulair"},
    "pijler-sociaal": {"sessie-1-zorg-jeugd", "sessie-1-asiel", "sessie-2-wonen-zorg", "sessie-2-sterke-keten"},
}
NEEDS = {  # at most one wheelchair a space: two in B4 and one in B1, three in H3
    "rolstoel": ("pijler-sociaal", "pijler-sociaal", "pijler-fysiek", "pijler-economie"),
    "slechthorend, graag vooraan": ("pijler-sociaal", "pijler-fysiek"),
    "blindengeleidehond": ("pijler-sociaal",),
    "slecht ter been": ("thema-leefomgeving", "pijler-sociaal"),
}
DIETS = ("vegetarisch", "vegetarisch", "vegetarisch", "veganistisch", "halal", "halal", "glutenvrij", "notenallergie")


def main() -> None:
    """Write people.csv beside this script."""
    people = make_people(random.Random(SEED))  # noqa: S311 - made-up people, not secrets
    with (Path(__file__).parent / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(people)


def make_people(chance: random.Random) -> list[dict[str, str]]:
    """All rows of the file, in order of organisation."""
    visits = _spread(chance, VISIT)
    rounds_1 = _choose(chance, visits, ROUND_1)
    rounds_2 = _choose(chance, visits, ROUND_2)
    needs = _needs(chance, visits)
    organisations = sorted((_organisation(chance, at) for at in range(len(visits))), key=_plain)
    names = _names(chance, len(visits))
    people = []
    for number, (name, organisation) in enumerate(zip(names, organisations, strict=True), start=1):
        at = number - 1
        people.append(
            {
                "id": f"p{number:03d}",
                "name": name,
                "organisation": f"Gemeente {organisation}",
                "email": f"{_plain(name)}@{_plain(organisation)}.example",
                "phone": f"+31 6 00 00 {number // 100 + 10:02d} {number % 100:02d}",
                "groups": "|".join((visits[at], rounds_1[at], rounds_2[at])),
                "needs": needs.get(at, ""),
                "badge": "",
            }
        )
    return people


def _spread(chance: random.Random, numbers: dict[str, int]) -> list[str]:
    """Every group as often as its number, shuffled."""
    groups = [group for group, number in numbers.items() for _ in range(number)]
    chance.shuffle(groups)
    return groups


def _choose(chance: random.Random, visits: list[str], numbers: dict[str, int]) -> list[str]:
    """A session for each person, of what they lean to while there is room, and no session over its number."""
    left = dict(numbers)
    chosen = [""] * len(visits)
    order = list(range(len(visits)))
    chance.shuffle(order)
    for at in order:
        open_to = [group for group, number in left.items() if number]
        weights = [left[group] * (6 if group in LEANING[visits[at]] else 1) for group in open_to]
        chosen[at] = chance.choices(open_to, weights)[0]
        left[chosen[at]] -= 1
    return chosen


def _needs(chance: random.Random, visits: list[str]) -> dict[int, str]:
    """What few people need, by position."""
    needs: dict[int, str] = {}
    for need, groups in NEEDS.items():
        for group in groups:
            needs[chance.choice([at for at, visit in enumerate(visits) if visit == group and at not in needs])] = need
    for at in range(len(visits)):
        if at not in needs and chance.random() < 0.14:
            needs[at] = chance.choice(DIETS)
    return needs


def _organisation(chance: random.Random, at: int) -> str:
    """Seven people from every city, and the rest most of all from where the day is."""
    return CITIES[at % len(CITIES)] if at < 7 * len(CITIES) else chance.choice([*CITIES, *["Almelo"] * 20])


def _names(chance: random.Random, number: int) -> list[str]:
    """Names that are all different."""
    names: dict[str, None] = {}
    while len(names) < number:
        _, first, last = chance.choices(NAMES, [weight for weight, _, _ in NAMES])[0]
        names[f"{chance.choice(first.split())} {chance.choice(last.split('|'))}"] = None
    return list(names)


def _plain(text: str) -> str:
    """A name for an address: no accents, no apostrophes, dots for spaces."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("ı", "i")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9-]+", ".", letters.replace("'", "")).strip(".")


if __name__ == "__main__":
    main()
