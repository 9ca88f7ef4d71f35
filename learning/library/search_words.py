"""The words of the whole library that may be parts of compounds, and making older texts know newer words.

A publishing adds words; the texts of other courses learn them afterwards in `spread_words`, which does whatever is due,
so that an interrupted or doubled run heals itself.
"""

from collections.abc import Collection, Iterator

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from courses.search_terms import SHORTEST_PART
from learning.database import work
from learning.library.models import SearchPlace, SearchTerm, SearchWord
from learning.library.publishing import insert_missing
from learning.library.search_places import PlaceKind, Terms, split_words

MOST_PARAMETERS = 500


def library_words(session: Session) -> frozenset[str]:
    """All words that may be parts of compounds."""
    return frozenset(session.scalars(select(SearchWord.word)))


def spread_words(engine: Engine) -> int:
    """Let all texts be found by the parts that words published meanwhile are; answers how many terms that added."""
    with Session(engine) as session:
        fresh = set(session.scalars(select(SearchWord.word).where(SearchWord.is_spread.is_(False))))
        if not fresh:
            return 0
        known = library_words(session)
        added = list(_further_terms(session, fresh, known))
    return work(engine, lambda session: _store(session, sorted(added), sorted(fresh)))


def _further_terms(session: Session, fresh: Collection[str], known: Collection[str]) -> Iterator[tuple[str, int, int]]:
    """Term, place and weight for each place that has a compound with one of the words in `fresh`."""
    terms: dict[str, Terms] = {}
    compounds: dict[str, bool] = {}

    def compounds_in(text: str) -> str:
        """Only the words of a text that have one of the fresh words as a part: all others are found as before."""
        words = split_words(text)
        for word in words:
            if word not in compounds:
                compounds[word] = _has_part(word, fresh)
        return " ".join(word for word in words if compounds[word])

    places = select(
        SearchPlace.key, SearchPlace.language, SearchPlace.kind, SearchPlace.title, SearchPlace.text
    ).execution_options(yield_per=MOST_PARAMETERS)
    for key, language, kind, title, text in session.execute(places):
        own = terms.setdefault(language, Terms(language, known))
        for term, weight in own.of(PlaceKind(kind), compounds_in(title), compounds_in(text)).items():
            yield term, key, weight


def _has_part(word: str, fresh: Collection[str]) -> bool:
    size = len(word)
    return size >= 2 * SHORTEST_PART and any(
        word[start:end] in fresh
        for start in range(size - SHORTEST_PART + 1)
        for end in range(start + SHORTEST_PART, size + 1)
        if end - start < size
    )


def _store(session: Session, added: list[tuple[str, int, int]], spread: list[str]) -> int:
    """Only places that are still there take new terms: a newer edition may have replaced them meanwhile."""
    there = set(session.scalars(select(SearchPlace.key).with_for_update(read=True)))
    rows = [{"term": term, "place_key": key, "weight": weight} for term, key, weight in added if key in there]
    insert_missing(session, SearchTerm, rows)
    for start in range(0, len(spread), MOST_PARAMETERS):
        words = spread[start : start + MOST_PARAMETERS]
        session.execute(
            update(SearchWord).where(SearchWord.word.in_(words)).values(is_spread=True),
            execution_options={"synchronize_session": False},
        )
    return len(rows)
