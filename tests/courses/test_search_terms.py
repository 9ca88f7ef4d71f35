"""The search finds what people mean: other endings, umlauts as two letters, parts of compounds; the same everywhere."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.search_terms import compound_parts, folded, is_found, known_words, query_terms, search_terms

CORPUS = [
    "Die Vergabe von Terminen. Der Termin steht.",
    "Arbeit und Vermittlung, online oder am Telefon.",
    "Antrag, Gemeinschaft",
]
KNOWN = known_words(CORPUS)


def finds(query: str, text: str, language: str = "de") -> bool:
    return is_found(query_terms(query, language=language), search_terms(text, language=language, known=KNOWN))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Termin", "Terminvergabe"),
        ("Termine", "Terminvergabe"),
        ("Vergabe", "Terminvergabe"),
        ("vergaben", "Die Onlineterminvergabe"),
        ("Vermittlung", "Arbeitsvermittlung"),
        ("Arbeit", "Arbeitsvermittlung"),
        ("Anträge", "Der Antrag"),
        ("Antraege", "Anträge"),
        ("größe", "GROESSE"),
        ("Strasse", "Straße"),
        ("Haus", "Häuser"),
        ("der Termin", "Terminvergabe"),
        ("SGB II", "nach SGB II"),
        ("gemeinschaften", "Bedarfsgemeinschaft"),
        ("cafe", "Café"),
    ],
)
def test_what_people_mean_is_found(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [("Vergabe", "Termin"), ("Termin", "Determinante"), ("Rat", "Beratung"), ("Antrag Termin", "Antrag")],
)
def test_what_nobody_means_is_not_found(query: str, text: str) -> None:
    assert not finds(query, text)


def test_english_words_find_their_other_forms() -> None:
    assert finds("appointment", "appointments", "en")
    assert finds("deciding", "decided", "en")


def test_a_language_without_stems_is_searched_by_its_words() -> None:
    assert search_terms("Слово слово", language="xx") == ("слово",)
    assert query_terms("der", language="de") == ("der",)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("terminvergabe", ("termin", "vergabe")),
        ("arbeitsvermittlung", ("arbeit", "vermittlung")),
        ("onlineterminvergabe", ("online", "termin", "vergabe")),
        ("bedarfsgemeinschaft", ("gemeinschaft",)),
        ("termin", ()),
        ("haushaltsplan", ()),
    ],
)
def test_compounds_fall_into_the_words_of_the_corpus(word: str, parts: tuple[str, ...]) -> None:
    assert compound_parts(word, KNOWN) == parts


letters = st.text(alphabet=string.ascii_letters + "äöüÄÖÜß éñ-.,0123456789„“\n", max_size=60)


@given(letters)
def test_folding_is_final_and_blind_to_case_and_form(text: str) -> None:
    import unicodedata

    once = folded(text)
    assert folded(once) == once
    assert folded(text.swapcase()) == once or "ß" in text
    assert folded(unicodedata.normalize("NFD", text)) == once


@given(st.text(max_size=60))
def test_any_text_can_be_searched(text: str) -> None:
    terms = search_terms(text, language="de", known=KNOWN)
    assert len(set(terms)) == len(terms)
    assert all(term == folded(term) and not any(map(str.isspace, term)) for term in terms)


@given(letters, st.sampled_from(["de", "en", "de-simple", "fr", "xx"]))
def test_every_text_is_found_by_its_own_words(text: str, language: str) -> None:
    assert is_found(query_terms(text, language=language), search_terms(text, language=language))


@given(letters, st.lists(letters, max_size=5))
def test_knowing_more_words_never_loses_a_term(text: str, corpus: list[str]) -> None:
    fewer = search_terms(text, language="de")
    more = search_terms(text, language="de", known=known_words(corpus))
    assert set(fewer) <= set(more)


@given(st.lists(st.sampled_from(sorted(KNOWN)), min_size=2, max_size=4))
def test_parts_put_together_are_found_again(parts: list[str]) -> None:
    found = compound_parts("".join(parts), KNOWN)
    assert "".join(found) == "".join(parts)
