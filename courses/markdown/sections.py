"""What a section of a lesson is for, read from its heading: the case, the goal, the exercise, the job aid and so on."""

import re
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


# A role belongs to a heading that begins with one of its words, the longer word tried first. Behind a word with `+`
# anything may follow ("Beispiel für eine Terminvergabe"); behind the others only what visibly adds a title or a number
# ("Arbeitshilfe: …", "Fragen (5)"), so that "Fragen, mitgehen, zählen" or "Ziel und Zweck" are sections of their own.
_OPENINGS: dict[str, SectionRole] = {
    "der fall": SectionRole.CASE,
    "fall": SectionRole.CASE,
    "the case": SectionRole.CASE,
    "ihr ziel": SectionRole.GOAL,
    "ziel": SectionRole.GOAL,
    "your goal": SectionRole.GOAL,
    "beispiel+": SectionRole.EXAMPLE,
    "example+": SectionRole.EXAMPLE,
    "jetzt sie": SectionRole.EXERCISE,
    "übung+": SectionRole.EXERCISE,
    "your turn": SectionRole.EXERCISE,
    "transferaufgabe+": SectionRole.TRANSFER,
    "transfer task+": SectionRole.TRANSFER,
    "arbeitshilfe+": SectionRole.JOB_AID,
    "job aid+": SectionRole.JOB_AID,
    "quellen und stand": SectionRole.SOURCES,
    "quellen": SectionRole.SOURCES,
    "sources and date": SectionRole.SOURCES,
    "sources": SectionRole.SOURCES,
    "fragen zum modul": SectionRole.QUESTIONS,
    "fragen": SectionRole.QUESTIONS,
    "questions on this module": SectionRole.QUESTIONS,
    "questions": SectionRole.QUESTIONS,
}
_ADDITION = re.compile(r"\s*(?:[:(–—|\d].*|-\s.*)?", re.DOTALL)


def role_of(title: str) -> SectionRole:
    """The role of the section under the heading `title`. A word counts only as a whole: "Fallzahlen" is no case."""
    folded = " ".join(title.casefold().split())
    for opening, role in _OPENINGS.items():
        word = opening.removesuffix("+")
        if not folded.startswith(word):
            continue
        rest = folded[len(word) :]
        if _ADDITION.fullmatch(rest) or (opening.endswith("+") and not rest[:1].isalnum()):
            return role
    return SectionRole.CONTENT
