"""The words that authors write in their own language: heading words, `bis`, `vor`, `richtig`, `sonst`.

Heading words of every language are understood in every text, because a translator who forgets to translate `Frage:`
must not lose the question. Words inside answers are those of the text's language and of English.
"""

import re
from collections.abc import Mapping
from typing import Final

QUESTION_WORDS: Final = (
    "Frage",
    "Question",
    "Pregunta",
    "Domanda",
    "Pergunta",
    "Vraag",
    "Pytanie",
    "Otázka",
    "Întrebare",
    "Intrebare",
    "Въпрос",
    "Вопрос",
    "Питання",
    "Pitanje",
    "Pyetje",
    "Ερώτηση",
    "Soru",
    "Pirs",
    "سؤال",
    "سوال",
    "پرسش",
    "ጥያቄ",
    "Su'aal",
    "Spørgsmål",
    "Fråga",
    "Kérdés",
)
POOL_WORDS: Final = (
    "Fragenpool",
    "Question pool",
    "Grupo de preguntas",
    "Groupe de questions",
    "Gruppo di domande",
    "Grupo de perguntas",
    "Vragengroep",
    "Zestaw pytań",
    "Skupina otázek",
    "Grup de întrebări",
    "Група въпроси",
    "Набор вопросов",
    "Набір питань",
    "Grupa pitanja",
    "Ομάδα ερωτήσεων",
    "Soru havuzu",
    "مجموعة أسئلة",
)

RANGE_WORDS: Final = ("bis", "to", "à", "tot", "do", "до", "إلى", "–")
BEFORE_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "de": ("vor",),
    "en": ("before",),
    "fr": ("avant",),
    "es": ("antes de",),
    "it": ("prima di",),
    "nl": ("voor",),
    "pl": ("przed",),
    "ru": ("перед",),
    "uk": ("перед",),
    "tr": ("önce",),
}
RIGHT_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "de": ("richtig",),
    "en": ("right", "correct"),
    "fr": ("juste",),
    "es": ("correcto",),
    "it": ("giusto",),
    "nl": ("juist",),
    "pl": ("dobrze",),
    "ru": ("верно",),
    "uk": ("вірно",),
    "tr": ("doğru",),
}
OTHERWISE_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "de": ("sonst",),
    "en": ("otherwise", "else"),
    "fr": ("sinon",),
    "es": ("si no",),
    "it": ("altrimenti",),
    "nl": ("anders",),
    "pl": ("inaczej",),
    "ru": ("иначе",),
    "uk": ("інакше",),
    "tr": ("diğer",),
}


def spoken(table: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    """The words of `language` (a BCP 47 tag) and those of English."""
    own = table.get(language.partition("-")[0].lower(), ())
    return own if own == table["en"] else own + table["en"]


def _heading_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"((?:{'|'.join(map(re.escape, longest_first))})(?:\s+\d+)?)\s?[:：]\s*", re.IGNORECASE)


QUESTION_HEADING: Final = _heading_pattern(QUESTION_WORDS)
POOL_HEADING: Final = _heading_pattern(POOL_WORDS)

_NEARLY: Final = "|".join(re.escape(word) for word in QUESTION_WORDS + POOL_WORDS)
NEARLY_A_QUESTION_HEADING: Final = re.compile(
    rf"(?:[*_`]+\s*(?:{_NEARLY})(?:\s{{1,3}}\d{{1,4}})?\s*[*_`]*\s*[:：]"
    rf"|(?:{_NEARLY})(?:\s{{1,3}}\d{{1,4}})?\s{{0,3}}(?:[-‐‑‒–—−;；.·|]\s|[*_`]+\s*[:：]|\s{{2,9}}[:：]))",
    re.IGNORECASE,
)
NEARLY_A_QUESTION_PARAGRAPH: Final = re.compile(
    rf"(?:\#{{1,6}}\s*(?:{_NEARLY})(?:\s{{1,3}}\d{{1,4}})?\s*[:：]"
    rf"|(?:\*\*|__)\s*(?:{_NEARLY})(?:\s{{1,3}}\d{{1,4}})?\s*(?:[:：]\s*(?:\*\*|__)|(?:\*\*|__)\s*[:：]))",
    re.IGNORECASE,
)
