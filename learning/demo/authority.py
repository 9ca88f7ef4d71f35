"""Who works in the invented job centre: its tree of units, the people that the story names, and everybody else.

Everybody else gets a name by chance from two lists; the same seed gives the same people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from learning.people.accounts import NewGrant
from learning.people.roles import Role

AUTHORITY = "Jobcenter Musterkreis"
ROOT = "JC"
MAIL_HOST = "musterkreis.example"
FIRST_NUMBER = 4001
MOST_SINCE = 4000
JOINED_LATELY = (130, 47, 12)

# Key, name, key of the unit above, how many people work in the unit itself. A unit stands below those above it.
UNITS = (
    (ROOT, AUTHORITY, "", 0),
    ("LT", "Leitung", ROOT, 2),
    ("LG", "Leistung", ROOT, 1),
    ("LG-S1", "Leistung Süd, Team 1", "LG", 8),
    ("LG-S2", "Leistung Süd, Team 2", "LG", 6),
    ("LG-N", "Leistung Nord", "LG", 6),
    ("LG-W", "Widerspruch und Klage", "LG", 3),
    ("MI", "Markt und Integration", ROOT, 1),
    ("MI-V", "Arbeitsvermittlung", "MI", 6),
    ("MI-F", "Fallmanagement", "MI", 5),
    ("MI-A", "Arbeitgeberservice", "MI", 3),
    ("MI-J", "Jugendberufsagentur", "MI", 5),
    ("EZ", "Eingangszone", ROOT, 5),
    ("EZ-S", "Servicecenter", "EZ", 3),
    ("VW", "Verwaltung", ROOT, 1),
    ("VW-P", "Personal", "VW", 3),
    ("VW-O", "Organisation und Digitalisierung", "VW", 4),
    ("VW-F", "Finanzen und Controlling", "VW", 2),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody whom the story names. With `shown_as`, the part they play, they get a way to sign in."""

    given_name: str
    family_name: str
    unit: str
    shown_as: str = ""
    grants: tuple[NewGrant, ...] = ()


MIRIAM = "Miriam Sander"
NURAY = "Nuray Demirci"
JONAS = "Jonas Reichwein"
UWE = "Uwe Rautenberg"
INES = "Ines Kirchhain"
BIRGIT = "Birgit Hesselbach"
TOBIAS = "Tobias Engelhardt"
KLAUS = "Klaus Dörrbecker"
SABINE = "Sabine Oestreich"
GULAY = "Gülay Yıldırım"
MAREK = "Marek Nowak"

PARTS = (
    Part("Miriam", "Sander", "LG-S1", "Beschäftigte"),
    Part("Nuray", "Demirci", "LG-S1", "Beschäftigte mit vereinbarter Qualifizierung"),
    Part("Klaus", "Dörrbecker", "VW-O", "Trainer", (NewGrant(Role.TRAINER),)),
    Part("Jonas", "Reichwein", "LG-S1", "Führungskraft eines Teams", (NewGrant(Role.TEAM_LEAD, "LG-S1"),)),
    Part(
        "Uwe",
        "Rautenberg",
        "LG",
        "Führungskraft eines Bereichs",
        (NewGrant(Role.TEAM_LEAD, "LG", includes_sub_units=True),),
    ),
    Part("Birgit", "Hesselbach", "VW-P", "Personalentwicklung, ganzes Haus", (NewGrant(Role.HR, ROOT),)),
    Part("Tobias", "Engelhardt", "VW-P", "Personalentwicklung, ein Bereich", (NewGrant(Role.HR, "MI"),)),
    Part("Sabine", "Oestreich", "MI-V", "Personalrat", (NewGrant(Role.WORKS_COUNCIL),)),
    Part("Gülay", "Yıldırım", "VW", "Datenschutzbeauftragte", (NewGrant(Role.DATA_PROTECTION),)),
    Part("Marek", "Nowak", "VW-O", "Administration", (NewGrant(Role.ADMINISTRATOR),)),
    Part("Ines", "Kirchhain", "LG-S2", grants=(NewGrant(Role.TEAM_LEAD, "LG-S2"),)),
)

GIVEN_NAMES = (
    *("Agnieszka", "Ahmet", "Alexandra", "Andreas", "Anna-Lena", "Aylin", "Bernd", "Björn", "Carmen", "Christa"),
    *("Claudia", "Daniel", "Elif", "Emilia", "Esra", "Fatma", "Felix", "Florian", "Franziska", "Gabriele", "Gerhard"),
    *("Hannelore", "Heike", "Hüseyin", "Ilona", "Iryna", "Jan", "Jochen", "Julia", "Jürgen", "Karin", "Kirsten"),
    *("Larissa", "Lukas", "Manfred", "Markus", "Melanie", "Mónica", "Nadine", "Olga", "Patrick", "Petra", "Rainer"),
    *(
        "Renate",
        "Ruth",
        "Samira",
        "Silke",
        "Stefan",
        "Svenja",
        "Thomas",
        "Ulrike",
        "Viktor",
        "Wiebke",
        "Yasmin",
        "Yusuf",
        "Zoë",
    ),
)
FAMILY_NAMES = (
    *("Albrecht", "Aydın", "Bachmann", "Bäcker", "Berger", "Çelik", "D’Angelo", "Diehl", "Eckhardt", "Fröhlich"),
    *("Gärtner", "Großmann", "Hahn", "Hartmann-Kühn", "Heß", "Hofmann", "Ivanova", "Jäger", "Jung", "Kaminski", "Keil"),
    *("Koch", "Köhler", "Kowalczyk", "Krämer", "Lindner", "Löffler", "Marx", "Möller", "Nguyen", "Öztürk", "Petrović"),
    *("Pfeiffer", "Quandt", "Rößler", "Roth", "Schäfer", "Schneider", "Seibert", "Stein", "Strauß", "Tran", "Ulrich"),
    *("Vogel", "von der Heide", "Wagner", "Walter", "Weiß", "Wenzel", "Wolf", "Yılmaz", "Zimmermann", "Zschoche"),
)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works here; `since` is how many days ago they joined."""

    hr_key: str
    part: Part
    since: int

    @property
    def name(self) -> str:
        """The name as people say it."""
        return f"{self.part.given_name} {self.part.family_name}"


def members(rng: Random) -> tuple[Member, ...]:
    """Everybody, unit by unit; a few have joined lately."""
    found = []
    lately = iter(JOINED_LATELY)
    for number, part in enumerate(_parts(rng)):
        is_new = not part.shown_as and number % 17 == 16
        since = next(lately, MOST_SINCE) if is_new else rng.randint(500, MOST_SINCE)
        found.append(Member(str(FIRST_NUMBER + number), part, since))
    return tuple(found)


def _parts(rng: Random) -> Iterator[Part]:
    given, family = list(GIVEN_NAMES), list(FAMILY_NAMES)
    rng.shuffle(given)
    rng.shuffle(family)
    names = zip(given, family, strict=False)
    for key, _name, _above, count in UNITS:
        named = [part for part in PARTS if part.unit == key]
        yield from named
        for _place in range(count - len(named)):
            yield Part(*next(names), key)
