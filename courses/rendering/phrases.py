"""The few words that rendering itself adds to a text, in the language of that text (not of the interface)."""

from dataclasses import dataclass
from enum import StrEnum


class Callout(StrEnum):
    """The five kinds of GitHub alerts."""

    NOTE = "NOTE"
    TIP = "TIP"
    IMPORTANT = "IMPORTANT"
    WARNING = "WARNING"
    CAUTION = "CAUTION"


@dataclass(frozen=True, slots=True)
class Phrases:
    """All added words of one language; `decimal` is the decimal sign of file sizes."""

    callouts: dict[Callout, str]
    compare_answer: str
    external: str
    footnote: str
    footnotes: str
    back_to_text: str
    checklist: str
    done: str
    table: str
    explain_term: str
    transcript: str
    missing_image: str
    please_complete: str
    decimal: str


_GERMAN = Phrases(
    callouts={
        Callout.NOTE: "Hinweis",
        Callout.TIP: "Tipp",
        Callout.IMPORTANT: "Wichtig",
        Callout.WARNING: "Achtung",
        Callout.CAUTION: "Vorsicht",
    },
    compare_answer="Antwort vergleichen",
    external="(externe Seite)",
    footnote="Fußnote",
    footnotes="Fußnoten",
    back_to_text="Zurück zum Text",
    checklist="Checkliste",
    done="erledigt:",
    table="Tabelle",
    explain_term="(Begriff erklären)",
    transcript="Textfassung",
    missing_image="Bild fehlt:",
    please_complete="bitte ergänzen",
    decimal=",",
)

_ENGLISH = Phrases(
    callouts={
        Callout.NOTE: "Note",
        Callout.TIP: "Tip",
        Callout.IMPORTANT: "Important",
        Callout.WARNING: "Warning",
        Callout.CAUTION: "Caution",
    },
    compare_answer="Compare your answer",
    external="(external site)",
    footnote="Footnote",
    footnotes="Footnotes",
    back_to_text="Back to the text",
    checklist="Checklist",
    done="done:",
    table="Table",
    explain_term="(explain this term)",
    transcript="Transcript",
    missing_image="Image missing:",
    please_complete="please complete",
    decimal=".",
)


def phrases_of(language: str) -> Phrases:
    """The words for a text in `language` (BCP 47); every language without words of its own gets the English ones."""
    return _GERMAN if language.partition("-")[0].lower() == "de" else _ENGLISH
