"""Plain language (rules M7, M8, M10): long sentences, abbreviations, forms of address and gender, figures beside law.

Reads sentences of the one parse; what is code, an address or a quotation is left alone where it is not the author's own
voice. Human eyes judge the rest of M7: active voice and whether a term was explained well.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from courses.check.law import citations, without_citations
from courses.check.manuscript import Extract, Manuscript, Origin, beginning
from courses.markdown.sections import SectionRole
from courses.markdown.sentences import PLACEHOLDER, Block, Place, Sentence
from quizzes.problems import Problem

LONGEST_SENTENCE = 30
MEAN_SENTENCE = 16
ABBREVIATIONS_PER_SENTENCE = 1
# Below this a mean says nothing.
SENTENCES_FOR_A_MEAN = 5


def check_language(manuscript: Manuscript, *, explained: Sequence[str] = ()) -> Iterator[Problem]:
    """All findings of one document. `explained` are the names in the glossary."""
    prose = [extract for extract in manuscript.extracts if _is_prose(extract)]
    yield from _lengths(manuscript, prose)
    yield from _mean(manuscript, prose)
    yield from _abbreviations(manuscript, prose)
    yield from _figures_beside_law(manuscript, prose)
    if manuscript.language.split("-")[0] == "de":
        yield from _unexplained(manuscript, prose, explained=explained)
        for extract in manuscript.extracts:
            yield from _gender(manuscript, extract.block)
            yield from _words(manuscript, extract.block)


def _is_prose(extract: Extract) -> bool:
    return extract.role is not SectionRole.SOURCES and extract.block.place in (Place.PARAGRAPH, Place.ITEM)


# --- M7: sentences ---


def _lengths(manuscript: Manuscript, prose: Sequence[Extract]) -> Iterator[Problem]:
    for sentence in chain.from_iterable(extract.sentences for extract in prose):
        if sentence.words > LONGEST_SENTENCE:
            yield manuscript.problem(
                "W701",
                sentence.line,
                at=_first_words(sentence),
                words=sentence.words,
                limit=LONGEST_SENTENCE,
                start=beginning(sentence.text),
            )


def _first_words(sentence: Sentence) -> str:
    """Words enough to find the sentence in its line; quotation marks and placeholders differ from the source."""
    match = re.search(r"\w+(?: \w+)?", sentence.text)
    return match[0] if match else ""


def _mean(manuscript: Manuscript, prose: Sequence[Extract]) -> Iterator[Problem]:
    counted = [
        sentence
        for extract in prose
        if extract.is_running_text
        for sentence in extract.sentences
        if extract.block.place is Place.PARAGRAPH or sentence.text.endswith((".", "!", "?", "“", '"'))
    ]
    if len(counted) < SENTENCES_FOR_A_MEAN:
        return
    mean = sum(sentence.words for sentence in counted) / len(counted)
    if mean > MEAN_SENTENCE:
        longest = sorted(counted, key=lambda sentence: -sentence.words)[:3]
        lines = ", ".join(str(line) for line in sorted({sentence.line for sentence in longest}))
        yield manuscript.problem(
            "W702", manuscript.document.body_line, mean=f"{mean:.1f}", limit=MEAN_SENTENCE, lines=lines
        )


# --- M7: abbreviations ---

_DOTTED = re.compile(
    r"\b(?:z\.\s?B|d\.\s?h|u\.\s?a|i\.\s?d\.\s?R|u\.\s?U|o\.\s?ä|o\.\s?g|s\.\s?o|s\.\s?u|i\.\s?V\.\s?m|i\.\s?S\.\s?d|z\.\s?T|"
    r"v\.\s?a|m\.\s?E|e\.\s?g|i\.\s?e|bzw|ca|etc|usw|ggf|evtl|vgl|inkl|exkl|zzgl|bspw|sog|lt|gem|Nr|Abs|Art|Abb|Tab|Ziff|"
    r"Kap|Bd|max|mind|Std|Tel|Mio|Mrd|approx|cf)\."
)
_INITIALS = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{0,2}[A-ZÄÖÜ]")
_NO_ABBREVIATION = re.compile(r"[IVXLC]+|\d+|[A-ZÄÖÜ]\d+|\d\w*")
_LONGEST_INITIALS = 7
# What everybody in a job centre reads as a word.
_FAMILIAR = frozenset(
    {"SGB", "IT", "EU", "PDF", "ID", "USB", "SMS", "QR", "PC", "CD", "WLAN", "FAQ", "LKW", "PKW", "UN", "ISO", "DIN"}
)


def _abbreviations(manuscript: Manuscript, prose: Sequence[Extract]) -> Iterator[Problem]:
    for sentence in chain.from_iterable(extract.sentences for extract in prose):
        found = abbreviations(sentence.text)
        if len(found) > ABBREVIATIONS_PER_SENTENCE:
            yield manuscript.problem_in(
                "W703",
                sentence,
                at=found[1],
                count=len(found),
                limit=ABBREVIATIONS_PER_SENTENCE,
                found=", ".join(found),
            )


def abbreviations(text: str) -> list[str]:
    """The different abbreviations of a sentence in their order.

    A citation ("§ 84 Abs. 1 SGG") counts as none, nor does what stands alone in brackets.
    """
    if "." not in text[:-1] and _INITIALS.search(text) is None:
        return []
    plain = without_citations(text, filler=" ")
    found = [(match.start(), match[0]) for match in _DOTTED.finditer(plain)]
    for match in _INITIALS.finditer(plain):
        start, word = _word_around(plain, match.start(), match.end())
        # "Kommunales Jobcenter (KJC)" introduces the abbreviation, and "GDPR (DSGVO)" translates one.
        is_aside = plain[:start].endswith("(") and plain.startswith(")", start + len(word))
        if _is_abbreviation(word) and not is_aside:
            found.append((start, word))
    return list(dict.fromkeys(word for _, word in sorted(found)))


def _word_around(text: str, start: int, end: int) -> tuple[int, str]:
    """The whole word that covers `text[start:end]`, and where it begins."""
    while start and text[start - 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum():
        end += 1
    return start, text[start:end]


def _is_abbreviation(word: str) -> bool:
    if len(word) > _LONGEST_INITIALS or _NO_ABBREVIATION.fullmatch(word):
        return False
    return _GENDER_SIGN.search(word) is None


def _unexplained(manuscript: Manuscript, prose: Sequence[Extract], *, explained: Sequence[str]) -> Iterator[Problem]:
    """Initials that the module neither spells out nor finds in the glossary; each is named once."""
    known = {*_FAMILIAR, *re.findall(r"\w+", " ".join(explained))}
    everything = ""
    for sentence in chain.from_iterable(extract.sentences for extract in prose if extract.origin is Origin.TEXT):
        for word in abbreviations(sentence.text):
            if word.endswith(".") or word in known:
                continue
            known.add(word)
            everything = everything or " ".join(extract.block.text for extract in manuscript.extracts)
            if not _is_spelt_out(word, everything):
                yield manuscript.problem_in("W704", sentence, at=word, word=word)


def _is_spelt_out(word: str, text: str) -> bool:
    """So do "(KJC)", "KJC (…)", "kurz KJC", "KJC heißt", "KJC bedeutet", "KJC: Kommunales Jobcenter"."""
    spelt = re.escape(word)
    explanation = rf"\({spelt}\b|kurz:? „?{spelt}\b|\b{spelt}“?(?: \(\w|: | steht | heißt | bedeutet | ist )"
    return re.search(explanation, text) is not None


# --- M8: gender and words ---

# Each pattern begins with the rare sign itself, which is what makes the search fast; the letter before it comes second.
_GENDER_SIGN = re.compile(
    r"[*:_·](?<=[a-zäöüß].)(?:in|innen|r|n|e)\b|/(?<=[a-zäöüß].)-?(?:in|innen|r|n|e)\b|"
    r"I(?<=[a-zäöüß].)(?:n|nnen)\b|\((?<=[a-zäöüß].)(?:(?:in|innen)\)|inn\)en\b)"
)
_ALLOWED = frozenset({"LinkedIn", "CheckIn", "LogIn", "PlugIn", "OptIn", "AddIn", "DriveIn", "MoveIn"})
# Small words are joined with a slash ("vor/in") without naming anybody.
_SHORTEST_NOUN = 4
_PAIR = re.compile(r"(\w+) (?:und|oder|bzw\.) (\w{4,}in(?:nen)?)\b")
_JOINS_A_WOMAN = re.compile(r" (?:und|oder|bzw\.) \w{4,}in(?:nen)?\b")
_UMLAUTS = str.maketrans("äöü", "aou")


def _gender(manuscript: Manuscript, block: Block) -> Iterator[Problem]:
    for match in _GENDER_SIGN.finditer(block.text):
        start, _ = _word_around(block.text, match.start(), match.start())
        word = _word_around(block.text, start, match.end())[1]
        is_slashed = "/" in match[0] and (match.start() - start < _SHORTEST_NOUN or not word[0].isupper())
        if word not in _ALLOWED and not (is_slashed and match[0].endswith("in")):
            yield manuscript.problem("W705", block.line_at(start), at=word, word=word)
    if _JOINS_A_WOMAN.search(block.text) is None:
        return
    for match in _PAIR.finditer(block.text):
        if _is_masculine_of(match[1], match[2]):
            yield manuscript.problem("W709", block.line_at(match.start()), at=match[0], word=match[0])


def _is_masculine_of(first: str, second: str) -> bool:
    """So is "Kollegen" of "Kolleginnen", "Ärzte" of "Ärztinnen", "Anwälte" of "Anwältinnen"; "Beraterin" is of none."""
    if first.endswith(("in", "innen")):
        return False
    stem = second.casefold().removesuffix("nen").removesuffix("in").translate(_UMLAUTS)
    plain = first.casefold().translate(_UMLAUTS)
    return first[:1].isupper() and plain.startswith(stem) and len(plain) - len(stem) <= 3


_INSTEAD = {
    "Mitarbeiter": "Beschäftigte",
    "Benutzer": "Nutzende",
    "Nutzer": "Nutzende",
    "Schüler": "Lernende",
    "Teilnehmer": "Teilnehmende",
    "Vorgesetzter": "Führungskraft",
}
_MASCULINE = re.compile(r"[MBNSTV](?<!\w.)(?:itarbeiter|enutzer|utzer|chüler|eilnehmer|orgesetzter)(?:n|s)?\b")
_FAMILIAR_ADDRESS = re.compile(r"[Dd](?<!\w.)(?:u|ich|ir|ein(?:e[mnrs]?)?)\b|[Ee](?<!\w.)u(?:ch|re[mnrs]?)\b")
_QUOTATION = re.compile(r"„[^“]*“|»[^«]*«|\"[^\"]*\"|‚[^‘]*‘")
_AFTER_A_WOMAN = re.compile(r"in(?:nen)? (?:und|oder|bzw\.) $")


def _words(manuscript: Manuscript, block: Block) -> Iterator[Problem]:
    """Words in the author's own voice: quotations are left out, also those that run over several sentences."""
    if _FAMILIAR_ADDRESS.search(block.text) is None and _MASCULINE.search(block.text) is None:
        return
    text = _QUOTATION.sub(lambda match: PLACEHOLDER * len(match[0]), block.text)
    for match in _FAMILIAR_ADDRESS.finditer(text):
        yield manuscript.problem("W707", block.line_at(match.start()), at=match[0], word=match[0])
    for match in _MASCULINE.finditer(text):
        if _AFTER_A_WOMAN.search(text, 0, match.start()) is None:
            line = block.line_at(match.start())
            instead = next(other for word, other in _INSTEAD.items() if match[0].startswith(word))
            yield manuscript.problem("W708", line, at=match[0], word=match[0], instead=instead)


# --- M10: figures that change with the law ---

_NUMBER_WORD = (
    r"(?:ein(?:e[mnrs]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|vierzehn|dreißig|"
    r"one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty)"
)
_PERIOD = r"(?:(?:Kalender|Werk|Arbeits)?[Tt]age?n?|Wochen?|Monat(?:e[ns]?|s)?|Jahre?[ns]?|days?|weeks?|months?|years?)"
_FIGURE = re.compile(
    r"\d[\d.,]*\s?(?:€|Euro\b|EUR\b|%|Prozent\b|percent\b|euros?\b)|€\s?\d[\d.,]*|"
    rf"(?:\b\d+|\b{_NUMBER_WORD})\s{_PERIOD}\b",
    re.IGNORECASE,
)


def _figures_beside_law(manuscript: Manuscript, prose: Sequence[Extract]) -> Iterator[Problem]:
    """Amounts, rates and periods in a sentence with a citation or next to one. Kept in the register they stay true."""
    for extract in prose:
        cites = [any(citations(sentence.text)) for sentence in extract.sentences]
        if not any(cites):
            continue
        for index, sentence in enumerate(extract.sentences):
            if any(cites[max(index - 1, 0) : index + 2]):
                for match in _FIGURE.finditer(without_citations(sentence.text, filler=" ")):
                    figure = match[0].strip()
                    yield manuscript.problem_in("W706", sentence, at=figure, figure=figure)
