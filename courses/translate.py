"""A course in another language: the structure of the source, the texts of its overlay.

Modules, ids, points and keys always come from the source, so that answers mean the same in every language. What is not
translated, or asks other questions than the source, stays in the source language and says so by `Module.language`.
"""

from collections.abc import Mapping
from dataclasses import replace

from courses.course import Course, Document, Module
from courses.translation_fit import translation_faults
from quizzes.questions import (
    Answer,
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    Matching,
    MultipleChoice,
    NumberInput,
    Option,
    Ordering,
    Pool,
    Question,
    QuestionSet,
    ShortText,
    SingleChoice,
)


def translated(course: Course, language: str) -> Course:
    """The course for readers of `language`. Without such a translation the course itself."""
    translation = course.translations.get(language)
    if translation is None:
        return course
    description = translation.documents.get(course.description.path, course.description)
    return replace(
        course,
        language=language,
        title=_text(description, "title") or course.title,
        summary=_text(description, "summary") or course.summary,
        objectives=_texts(description, "objectives") or course.objectives,
        description=description,
        modules=tuple(_module(module, translation.documents, language=language) for module in course.modules),
        glossary=translation.glossary or course.glossary,
        shared_terms=(),
    )


def _text(document: Document, key: str) -> str:
    value = document.front_matter.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _texts(document: Document, key: str) -> tuple[str, ...]:
    value = document.front_matter.get(key)
    values = value if isinstance(value, list) else [value]
    return tuple(" ".join(item.split()) for item in values if isinstance(item, str))


def _module(module: Module, documents: Mapping[str, Document], *, language: str) -> Module:
    document = documents.get(module.path)
    if document is None or any(translation_faults(module.document, document)):
        return module
    return replace(
        module,
        title=_text(document, "title") or module.title,
        objectives=_texts(document, "objectives") or module.objectives,
        document=_overlaid(module.document, document),
        language=language,
    )


def _overlaid(source: Document, document: Document) -> Document:
    """The translated document with the questions of its source, in the source's order; both ask the same ones."""
    own = {question.id: question for question in document.questions.questions}
    questions = tuple(
        translated_question(question, own[question.id]) if question.id else question
        for question in source.questions.questions
    )
    positions = {question.id: position for position, question in enumerate(questions)}
    tokens = []
    for token in document.tokens:
        if token.type == "question":
            question_id = document.questions.questions[token.meta["position"]].id
            token = token.copy(meta={**token.meta, "position": positions[question_id]})  # noqa: PLW2901
        tokens.append(token)
    pools = tuple(_pool(pool, document.questions) for pool in source.questions.pools)
    return replace(document, tokens=tuple(tokens), questions=QuestionSet(questions, pools))


def _pool(pool: Pool, own: QuestionSet) -> Pool:
    title = next((other.title for other in own.pools if other.id == pool.id), "")
    return replace(pool, title=title or pool.title)


def translated_question(source: Question, own: Question) -> Question:
    """`source` with the texts of `own`. Raises ValueError unless both have the same kind and as many parts."""
    return replace(
        own,
        answer=_answer(source.answer, own.answer),
        attributes=replace(source.attributes, about=own.attributes.about or source.attributes.about),
    )


def _answer(source: Answer, own: Answer) -> Answer:
    match source, own:
        case SingleChoice(), SingleChoice():
            return SingleChoice(_options(source.options, own.options))
        case MultipleChoice(), MultipleChoice():
            return MultipleChoice(_options(source.options, own.options))
        case Ordering(), Ordering():
            return _ordering(source, own)
        case Cloze(), Cloze():
            gaps = tuple(_gap(one, other) for one, other in zip(source.gaps, own.gaps, strict=True))
            return replace(own, gaps=gaps)
        case (
            (ShortText() | NumberInput() | Matching() | FreeText()),
            (ShortText() | NumberInput() | Matching() | FreeText()),
        ) if type(source) is type(own):
            # Their keys are texts of the language, or their pairs belong together by their place.
            return own
    raise ValueError(f"{type(own).__name__} cannot translate {type(source).__name__}")


def _options(source: tuple[Option, ...], own: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(replace(other, is_right=one.is_right) for one, other in zip(source, own, strict=True))


def _ordering(source: Ordering, own: Ordering) -> Ordering:
    """The allowed orders and expected mistakes of the source, with the feedback of the translation where it has one."""
    allowed = {line.pattern: line for line in own.allowed}
    mistakes = {line.pattern: line for line in own.mistakes}
    return replace(
        own,
        allowed=tuple(allowed.get(line.pattern, line) for line in source.allowed),
        mistakes=tuple(mistakes.get(line.pattern, line) for line in source.mistakes),
    )


def _gap(source: Gap, own: Gap) -> Gap:
    if isinstance(source, ChoiceGap) and isinstance(own, ChoiceGap):
        return replace(own, right=source.right)
    return own
