"""A course in another language: structure of the source, texts of the overlay."""

from pathlib import Path

import pytest

from courses.bundle import open_bundle
from courses.check.translation import check_translations
from courses.reading.read import read_course
from courses.translate import translated, translated_question
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Precedence,
    ShortText,
    SingleChoice,
)
from tests.courses.folders import write_course
from tests.courses.translations import ENGLISH, question, read


def test_titles_objectives_and_texts_come_from_the_translation(tmp_path: Path) -> None:
    course = translated(read(tmp_path), "en")
    (module,) = course.modules
    assert (course.language, module.language) == ("en", "en")
    assert (module.title, module.objectives, module.id) == ("Deadlines", ("You compute deadlines",), "fristen")
    assert module.document.path == "en/01-fristen.md"
    assert module.path == "en/01-fristen.md"


def test_questions_stand_in_the_order_of_the_source_and_their_places_point_at_them(tmp_path: Path) -> None:
    source = read(tmp_path)
    course = translated(source, "en")
    document = course.modules[0].document
    ids = [found.id for found in document.questions.questions]
    assert ids == [found.id for found in source.modules[0].document.questions.questions]
    places = [token.meta["position"] for token in document.tokens if token.type == "question"]
    assert [ids[place] for place in places] == [
        "folge",
        "wann",
        "was",
        "wort",
        "zahl",
        "paare",
        "luecken",
        "frei",
        "stimmt",
        "das",
    ]
    assert [pool.draw for pool in document.questions.pools] == [1]
    assert [pool.title for pool in document.questions.pools] == ["Deadlines"]
    assert [ids[place] for place in document.questions.pools[0].members] == ["stimmt", "das"]


def test_reading_the_source_again_shows_that_it_was_left_alone(tmp_path: Path) -> None:
    source = read(tmp_path)
    translated(source, "en")
    places = [
        token.meta["position"]
        for token in source.translations["en"].documents["01-fristen.md"].tokens
        if token.type == "question"
    ]
    assert places == list(range(10))


def test_points_and_flags_come_from_the_source(tmp_path: Path) -> None:
    course = translated(read(tmp_path), "en")
    assert question(course, "wann").points == 2
    assert question(course, "wann").attributes.is_must
    assert question(course, "was").attributes.is_partial is False


def test_each_kind_takes_its_texts_from_the_translation(tmp_path: Path) -> None:
    course = translated(read(tmp_path), "en")
    match [question(course, name).answer for name in ("wann", "was", "paare", "wort", "zahl", "luecken")]:
        case [
            SingleChoice() as one,
            MultipleChoice() as many,
            Matching() as pairs,
            ShortText() as word,
            NumberInput(),
            Cloze() as gaps,
        ]:
            assert [option.text.source for option in one.options] == ["two weeks", "one month", "three months"]
            assert [option.is_right for option in one.options] == [False, True, False]
            assert one.options[0].feedback is not None
            assert one.options[0].feedback.source == "No, not here."
            assert [option.is_right for option in many.options] == [True, True, False, False]
            assert pairs.pairs[0].right.source == "needs unit"
            assert [accepted.pattern.text for accepted in word.accepted] == ["hearing", "consultation"]
            assert isinstance(gaps.gaps[1], ChoiceGap)
            assert gaps.gaps[1].choices == ("police", "authority")
        case other:
            pytest.fail(f"unexpected kinds: {other}")
    explanation = question(course, "frei").explanation
    assert explanation is not None
    assert explanation.source == "Good morning."


def test_an_ordering_keeps_the_allowed_orders_of_its_source(tmp_path: Path) -> None:
    answer = question(translated(read(tmp_path), "en"), "folge").answer
    assert isinstance(answer, Ordering)
    assert [item.source for item in answer.items] == ["application", "hearing", "notice", "objection"]
    assert [line.pattern for line in answer.allowed] == [Precedence(1, 0)]
    (mistake,) = answer.mistakes
    assert mistake.pattern == Precedence(3, 1)
    assert mistake.feedback is not None
    assert mistake.feedback.source == "The hearing first."


def test_a_question_of_another_kind_is_no_translation(tmp_path: Path) -> None:
    course = read(tmp_path)
    with pytest.raises(ValueError, match="Matching cannot translate ShortText"):
        translated_question(question(course, "wort"), question(course, "paare"))


def test_a_translated_file_that_cannot_be_read_is_told_and_falls_back(tmp_path: Path) -> None:
    opened = open_bundle(write_course(tmp_path, {"en/01-fristen.md": ENGLISH.encode("utf-16")}))
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert [(problem.path, problem.code) for problem in found.problems] == [("en/01-fristen.md", "E001")]
    assert found.course is not None
    assert translated(found.course, "en").modules[0].language == "de"


def test_a_language_that_the_course_does_not_have_gives_the_course_itself(tmp_path: Path) -> None:
    course = read(tmp_path)
    assert translated(course, "fr") is course


def test_what_is_not_translated_stays_and_says_so_by_its_language(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "02-form.md": "---\nid: form\ntitle: Form\n---\n\nSchriftlich.\n",
        "glossary.md": "Frist\n: Eine Zeitspanne.\n",
    }
    source = read(tmp_path, more=files)
    course = translated(source, "en")
    assert (course.title, course.description) == (source.title, source.description)
    assert [module.language for module in course.modules] == ["en", "de"]
    assert course.modules[1] is source.modules[1]
    assert course.glossary == source.glossary
    untranslated = [problem for problem in check_translations(source) if problem.code == "W505"]
    assert [(problem.path, problem.parameters) for problem in untranslated] == [
        ("en/course.md", {"language": "en", "source": "course.md"}),
        ("en/02-form.md", {"language": "en", "source": "02-form.md"}),
        ("en/glossary.md", {"language": "en", "source": "glossary.md"}),
    ]


def test_the_course_itself_is_translated_too(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "en/course.md": "---\ntitle: Objection\nsummary: Deadlines and form.\nobjectives: You object\n---\n\nText.\n",
        "glossary.md": "Frist\n: Eine Zeitspanne.\n",
        "en/glossary.md": "Deadline\n: A span of time.\n",
    }
    course = translated(read(tmp_path, more=files), "en")
    assert (course.title, course.summary, course.objectives) == ("Objection", "Deadlines and form.", ("You object",))
    assert course.description.path == "en/course.md"
    assert [term.name for term in course.glossary] == ["Deadline"]
