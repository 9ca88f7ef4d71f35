"""One answer graded by the corrected question, without a database: what it is worth then, and how it is shown."""

from dataclasses import dataclass, replace

from courses.comparing.carried_answers import carried
from quizzes.grade import Grade, grade
from quizzes.questions import Question
from quizzes.responses import Response


@dataclass(frozen=True, slots=True)
class Regraded:
    """The answer as one to the corrected question. `question` has points and weight of the one that was asked."""

    question: Question
    response: Response
    grade: Grade


def regraded(asked: Question, response: Response, corrected: Question, *, language: str) -> Regraded | None:
    """What `response` to `asked` is worth by the key of `corrected`; None where the two cannot be compared.

    A correction decides what is right. How much it counts, and whether a test can be passed without it, is what the
    person was told before the test and stays.
    """
    answer = carried(response, asked, corrected)
    if answer is None:
        return None
    question = _in_place_of(asked, corrected)
    return Regraded(question, answer, grade(question, answer, language=language))


def _in_place_of(asked: Question, corrected: Question) -> Question:
    kept = asked.attributes
    attributes = replace(
        corrected.attributes,
        id=kept.id,
        points=kept.points,
        is_must=kept.is_must,
        is_before=kept.is_before,
        objective=kept.objective,
        about=kept.about,
    )
    return replace(corrected, attributes=attributes)


def raised(asked: Question, response: Response | None, corrected: Question, *, language: str) -> Regraded | None:
    """The same where it is worth more than before, else None: nothing is ever lowered."""
    if response is None:
        return None
    found = regraded(asked, response, corrected, language=language)
    before = grade(asked, response, language=language)
    return found if found is not None and found.grade.fraction > before.fraction else None
