"""Which questions an edition would score otherwise than the one before it, found before anything is written.

An answer that says something else counts as another key, although the position of the right one is the same: otherwise
swapping two texts would pass as a typo.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.comparing.question_differences import is_scored_otherwise
from learning.library.drafts import Draft
from learning.library.models import Edition, EditionModule, ModuleQuestion, QuestionRevision, QuestionTranslation
from quizzes.canonical import from_json
from quizzes.problems import Problem

Stored = tuple[str, Mapping[str, Any]]


def scored_otherwise(session: Session, draft: Draft, *, before: Edition) -> tuple[str, ...]:
    """Ids of questions that are in both and whose answers would count differently, in any language; two queries."""
    old, new = _stored_questions(session, before), _draft_questions(draft)
    return tuple(
        sorted(
            {
                name
                for (language, name), (digest, data) in new.items()
                if (known := old.get((language, name))) is not None
                and known[0] != digest
                and is_scored_otherwise(from_json(known[1]), from_json(data))
            }
        )
    )


def corrected_keys(draft: Draft, changed: tuple[str, ...], *, number: int) -> tuple[Problem, ...]:
    """E155 for each of the questions: a correction, after which nobody has to do anything, must not rescore them."""
    problems = []
    for name in changed:
        path, line = draft.lines.get(name, ("course.md", 1))
        parameters = {"id": f"{draft.course_id}/{name}", "number": str(number)}
        problems.append(Problem("E155", line, parameters=parameters, path=path))
    return tuple(problems)


def _draft_questions(draft: Draft) -> Mapping[tuple[str, str], Stored]:
    return {
        (language, row["question_id"]): (row["data_digest"], row["data"])
        for module in draft.modules
        for language, rows in module.questions.items()
        for row in rows
    }


def _stored_questions(session: Session, edition: Edition) -> Mapping[tuple[str, str], Stored]:
    columns = (QuestionRevision.question_id, QuestionRevision.data_digest, QuestionRevision.data)
    own = (
        select(*columns)
        .join(ModuleQuestion, ModuleQuestion.revision_key == QuestionRevision.key)
        .join(EditionModule, EditionModule.key == ModuleQuestion.module_key)
        .where(EditionModule.edition_key == edition.key)
    )
    translated = (
        select(QuestionTranslation.language, *columns)
        .join(QuestionTranslation, QuestionTranslation.revision_key == QuestionRevision.key)
        .join(EditionModule, EditionModule.key == QuestionTranslation.module_key)
        .where(EditionModule.edition_key == edition.key)
    )
    found: dict[tuple[str, str], Stored] = {
        (edition.language, name): (digest, data) for name, digest, data in session.execute(own)
    }
    found |= {(language, name): (digest, data) for language, name, digest, data in session.execute(translated)}
    return found
