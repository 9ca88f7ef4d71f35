"""The words of the interface: one glossary, plain German, nobody left out, no special characters for gender."""

import re
import tomllib
from collections.abc import Iterator

import pytest
import texts

from tests.house.sources import ROOT, name_of, report

GENDER = re.compile(
    r"[A-Za-zÄÖÜäöüß][*:_·]in(?:nen)?\b|[a-zäöüß]In(?:nen)?\b|[a-zäöüß]\s?/\s?-?in(?:nen)?\b|\(in(?:nen)?\)"
)

# Word that must not appear -> word of the glossary (product.md) or reason. Matched as a whole word with its endings.
GERMAN_WORDS = {
    r"Benutzer(?:in|innen|n|s)?": "Konto, Nutzende",
    r"Nutzer(?:in|innen|n|s)?": "Nutzende, Konto",
    r"Mitarbeiter(?:in|innen|n|s)?": "Beschäftigte",
    r"Mitarbeitende[nr]?": "Beschäftigte",
    r"Schüler(?:in|innen|n|s)?": "Lernende",
    r"Teilnehmer(?:in|innen|n|s)?": "Teilnehmende",
    r"Zuweisung(?:en)?": "Pflichtregel; für Beschäftigte: Für Sie vorgesehen (Zuweisung heißt im Jobcenter anderes)",
    r"Ausgaben?": "Fassung (Ausgabe heißt im Jobcenter Geld)",
    r"Editionen?|Edition": "Fassung",
    r"Versionen?|Version": "Fassung",
    r"Lektion(?:en)?": "Modul",
    r"Lerneinheit(?:en)?": "Modul",
    r"Quiz(?:ze|zes)?": "Übungsfragen oder Test",
    r"Zertifikat(?:e|s|en)?": "Teilnahmebestätigung",
    r"Wiederholungsmodus": "Auffrischung",
    r"Spickzettel": "Arbeitshilfe",
    r"Skills?": "Kompetenz",
    r"Lösungsschlüssel|Antwortschlüssel": "richtige Lösung",
    r"Deadlines?": "Frist, fällig am",
    r"Dashboards?": "Startseite, Übersicht",
    r"Assessments?": "Test",
    r"durchgefallen": "noch nicht vollständig – und was hilft",
    r"nicht bestanden": "noch nicht vollständig – und was hilft",
    r"[Uu]ngültige[rsnm]? Eingabe": "was erwartet wird, als Satz",
    r"[Dd]u|[Dd]ir|[Dd]ich|[Dd]ein(?:e|er|en|em|es)?": "Sie, Ihnen, Ihr",
}
GERMAN = re.compile(r"\b(?:" + "|".join(f"(?:{word})" for word in GERMAN_WORDS) + r")\b")

# German word in the source -> words of which the English text holds one.
ENGLISH_WORDS = {
    r"\bFassung": ("edition",),
    r"\bArbeitshilfe": ("job aid",),
    r"\bAuffrischung": ("refresher",),
    r"\bPflichtschulung": ("mandatory training",),
    r"\bKompetenz": ("skill",),
    r"\bLernpfad": ("learning path", "path"),
    r"\bKurzinfo": ("notice",),
    r"\bKatalog": ("catalogue",),
    r"\bModul(?:e|en|s)?\b": ("module",),
    r"\bTeilnahmebestätigung": ("certificate of attendance",),
}


def interface_texts() -> Iterator[tuple[str, str]]:
    """Place and German text of everything that the interface and the checker say."""
    for message in texts.source_texts():
        place = ":".join(map(str, message.locations[0])) if message.locations else ""
        forms = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        yield from ((place, form) for form in forms if form)
    for path in sorted((ROOT / "courses" / "wording").glob("de*.toml")):
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            values = entry.values() if isinstance(entry, dict) else [entry]
            yield from ((f"{name_of(path)} [{code}]", value) for value in values if isinstance(value, str))


def words_to_replace(text: str) -> list[str]:
    """What has to go from a German text, each with what to say instead."""
    # What stands between quotation marks quotes an author's text or an example of bad writing.
    spoken = re.sub(r"„[^“]*“|‚[^‘]*‘|`[^`]*`|\{[^}]*\}|%\([^)]*\)s", "", text)
    found = [f"{hit[0]}: say in neutral or paired words, feminine first" for hit in GENDER.finditer(spoken)]
    for hit in GERMAN.finditer(spoken):
        instead = next(right for wrong, right in GERMAN_WORDS.items() if re.fullmatch(wrong, hit[0]))
        found.append(f"{hit[0]}: say {instead}")
    if '"' in spoken:
        found.append('"…": German quotation marks are „…“')
    if "..." in spoken:
        found.append("...: the ellipsis is one character, …")
    return found


def test_the_interface_speaks_the_words_of_the_glossary() -> None:
    found = [f"{place}: {finding}" for place, text in interface_texts() for finding in words_to_replace(text)]
    mend = "take the word of the glossary (docs/words.md) and run ./dev texts."
    assert not found, report(found, mend)


def test_english_texts_use_the_english_glossary() -> None:
    found = []
    for path in texts.catalogues():
        if path.parts[-3] != "en":
            continue
        for message in texts.read_catalogue(path):
            german = message.id if isinstance(message.id, str) else message.id[0]
            english = message.string if isinstance(message.string, str) else " ".join(message.string)
            for word, wanted in ENGLISH_WORDS.items():
                if german and re.search(word, german) and not any(term in english.lower() for term in wanted):
                    found.append(f"{german!r} is {english!r}, without {' or '.join(wanted)}")
    assert not found, report(found, "mend learning/translations/en/LC_MESSAGES/messages.po.")


@pytest.mark.parametrize(
    "text",
    [
        *("Kolleg*innen", "Kolleg:innen", "Kolleg_innen", "KollegInnen", "Kolleg/-innen", "Kollege/in", "Leser(innen)"),
        *("Benutzer anlegen", "Alle Mitarbeiter", "Neue Zuweisung", "Dritte Ausgabe", "Dein Kurs", "Das Quiz starten"),
        *("Sie sind durchgefallen.", 'Das Wort "Frist"', "Bitte warten ..."),
    ],
)
def test_a_text_that_breaks_the_rule_is_found(text: str) -> None:
    assert words_to_replace(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Kolleginnen und Kollegen", "Beschäftigte sehen ihre Fassung.", "Linien", "Sie beginnen morgen.", "Intern"),
        *("Meinten Sie „Benutzer“?", "Noch nicht vollständig.", "Mit {Version} geprüft", "Uhrzeit: innen und außen"),
    ],
)
def test_a_text_that_keeps_the_rule_passes(text: str) -> None:
    assert not words_to_replace(text)
