"""What a section of a lesson is for, read from its heading: the case, the goal, the exercise, the job aid and so on."""

from enum import StrEnum


class SectionRole(StrEnum):
    """The closed set of roles; every other section simply teaches."""

    CASE = "case"
    GOAL = "goal"
    EXAMPLE = "example"
    EXERCISE = "exercise"
    TRANSFER = "transfer"
    JOB_AID = "job_aid"
    SOURCES = "sources"
    QUESTIONS = "questions"
    CONTENT = "content"


# A role belongs to a heading that begins with one of its words; the longer word is tried first.
_OPENINGS: dict[str, SectionRole] = {
    "der fall": SectionRole.CASE,
    "fall": SectionRole.CASE,
    "the case": SectionRole.CASE,
    "ihr ziel": SectionRole.GOAL,
    "ziel": SectionRole.GOAL,
    "your goal": SectionRole.GOAL,
    "beispiel": SectionRole.EXAMPLE,
    "example": SectionRole.EXAMPLE,
    "jetzt sie": SectionRole.EXERCISE,
    "übung": SectionRole.EXERCISE,
    "your turn": SectionRole.EXERCISE,
    "transferaufgabe": SectionRole.TRANSFER,
    "transfer task": SectionRole.TRANSFER,
    "arbeitshilfe": SectionRole.JOB_AID,
    "job aid": SectionRole.JOB_AID,
    "quellen": SectionRole.SOURCES,
    "sources": SectionRole.SOURCES,
    "fragen zum modul": SectionRole.QUESTIONS,
    "fragen": SectionRole.QUESTIONS,
    "questions": SectionRole.QUESTIONS,
}

_ONLY_ALONE = frozenset({"fall", "ziel", "übung", "fragen", "questions", "sources", "example"})
_AFTER_A_NAME = frozenset(":(–-0123456789")


def role_of(title: str) -> SectionRole:
    """The role of the section under the heading `title`.

    A word counts only as a whole ("Fallzahlen" is no case), and before other words only when it cannot mean anything
    else: "Fragen, ohne zu bewerten" teaches how to ask.
    """
    folded = " ".join(title.casefold().split())
    for opening, role in _OPENINGS.items():
        if not folded.startswith(opening) or folded[len(opening) : len(opening) + 1].isalnum():
            continue
        rest = folded[len(opening) :].lstrip()
        if not rest or rest[0] in _AFTER_A_NAME or opening not in _ONLY_ALONE:
            return role
    return SectionRole.CONTENT
