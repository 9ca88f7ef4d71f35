"""A course with a test whose key is wrong at first, people who took it, and the runs that raise their results."""

import datetime
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from learning import clock
from learning.database import Model, work
from learning.library.publishing import Change, Published
from learning.library.stored_editions import course_module, filled_in
from learning.obligations.models import Proof
from learning.people.models import Person
from learning.people.viewer import viewer_of_person
from learning.study.courses.enrolment import enrol
from learning.study.rescoring.runs import Outcome, run_rescoring
from learning.tables import METADATA
from quizzes.attempts import TestResult
from quizzes.responses import Choice, Response, Typed
from tests import factories
from tests.learning.study.taking import NOW, Learner

DAY = datetime.timedelta(days=1)
SLUG, QUESTION_KEY = "fristen", "fristen/frist"
MONTH, WEEKS = Choice(frozenset({1})), Choice(frozenset({0}))
COURSE = """---
id: fristen
title: Fristen
lang: de
summary: Fristen kennen.
area: prozess
level: grundlagen
---
Worum es geht.
"""
FRONT = "---\nid: pruefung\ntitle: Prüfung\ntype: test\npass: 60\n---\n"
FRIST = """
## Frage: Welche Frist gilt für den Widerspruch? {#frist}

- (x) zwei Wochen
- ( ) ein Monat
- ( ) drei Monate

> Das steht im Gesetz.
"""
STUNDE = """
## Frage: Wie viele Minuten hat eine Stunde? {#stunde}

- = 60

> Eine Stunde hat 60 Minuten.
"""
TAG = """
## Frage: Wie viele Stunden hat ein Tag? {#tag}

- = 24

> Ein Tag hat 24 Stunden.
"""
DEADLINE = """
## Question: Which deadline is there for an objection? {#frist}

- (x) two weeks
- ( ) one month
- ( ) three months

> The law says so.
"""
CORRECTED = FRIST.replace("(x) zwei", "( ) zwei").replace("( ) ein Monat", "(x) ein Monat")
LESSON = "---\nid: lesen\ntitle: Lesen\n---\nEin Text.\n"
# Without the question that is keyed wrongly.
RIGHT: Mapping[str, Response] = {"stunde": Typed("60"), "tag": Typed("24")}
# Right in two of three where the month is chosen: by the wrong key one is left, and 60 percent are asked for.
HALF: Mapping[str, Response] = {"frist": MONTH, "stunde": Typed("60"), "tag": Typed("12")}


@dataclass(frozen=True)
class Author:
    """Publishes editions of the course from a folder."""

    session: Session
    place: Path

    def publish(
        self,
        frist: str = FRIST,
        *others: str,
        front: str = FRONT,
        change: Change = Change.REVISION,
        wrong: tuple[str, ...] = (),
        day: int = 0,
        has_lesson: bool = False,
        english: str = "",
    ) -> Published:
        """An edition with these questions; `english` is the first one in an English translation of the test."""
        folder = self.place / SLUG
        folder.mkdir(exist_ok=True)
        (folder / "course.md").write_text(COURSE, "utf-8")
        (folder / "01-pruefung.md").write_text(front + "\n".join((frist, *(others or (STUNDE, TAG)))), "utf-8")
        if has_lesson:
            (folder / "02-lesen.md").write_text(LESSON, "utf-8")
        else:
            (folder / "02-lesen.md").unlink(missing_ok=True)
        if english:
            (folder / "en").mkdir(exist_ok=True)
            (folder / "en" / "course.md").write_text(
                "---\ntitle: Deadlines\nsummary: Know them.\n---\nText.\n", "utf-8"
            )
            text = "---\ntitle: Exam\n---\n" + "\n".join((english, *(others or (STUNDE, TAG))))
            (folder / "en" / "01-pruefung.md").write_text(text, "utf-8")
        return factories.published_course(
            self.session, folder, change=change, wrong_keys=wrong, now=NOW + day * DAY - datetime.timedelta(hours=1)
        )

    def correct(self, frist: str = CORRECTED, *others: str, day: int = 1, **facts: object) -> Published:
        """The next edition, which says that the key was wrong."""
        return self.publish(
            frist,
            *others,
            change=Change.CORRECTION,
            wrong=(QUESTION_KEY,),
            day=day,
            **facts,  # type: ignore[arg-type]  # as above
        )


def taker(session: Session, engine: Engine, person: Person, *, language: str = "de") -> Learner:
    """A person enrolled in the newest edition."""
    taken = work(engine, lambda one: enrol(one, SLUG, person.key, now=NOW))
    viewer = viewer_of_person(session, person.key, today=clock.today())
    found = course_module(session, SLUG, "pruefung", language=language, edition_key=taken.edition_key)
    assert viewer is not None
    assert found is not None
    module = filled_in(session, found)
    session.rollback()
    return Learner(engine, viewer, taken.key, module)


def hand_in(
    learner: Learner, answers: Mapping[str, Response], *, after: int = 0, now: datetime.datetime = NOW, **facts: bool
) -> uuid.UUID:
    """A test taken with these answers, by the id of the question; the others are left open."""
    attempt_id = begin(learner, answers, after=after, now=now, **facts)
    learner.submit(attempt_id, now=now)
    return attempt_id


def begin(
    learner: Learner, answers: Mapping[str, Response], *, after: int = 0, now: datetime.datetime = NOW, **facts: bool
) -> uuid.UUID:
    """The same, not handed in."""
    attempt_id = learner.start(after=after, now=now, **facts)
    own = learner.taken(attempt_id).answers.attempt
    for item, question in enumerate(own.asked):
        if question.id in answers:
            learner.save(attempt_id, item, own.display(question).fields(answers[question.id]), now=now)
    return attempt_id


def result_of(learner: Learner, attempt_id: uuid.UUID) -> TestResult:
    """What an attempt comes to now."""
    one = learner.taken(attempt_id)
    return one.outcome(one.feedback())


def rehearse(engine: Engine, *, question_id: str = "", now: datetime.datetime = NOW + 2 * DAY) -> Outcome:
    return run_rescoring(engine, SLUG, question_id=question_id, by=None, now=now)


def rescore(engine: Engine, by: Person, *, question_id: str = "", now: datetime.datetime = NOW + 2 * DAY) -> Outcome:
    return run_rescoring(engine, SLUG, question_id=question_id, by=by.key, now=now)


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with engine.connect() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in METADATA.tables.items()
        }


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_after(engine: Engine, commits: int) -> Iterator[None]:
    """Inside, the process ends just before it commits for the time after `commits`."""
    done = 0

    def count(_connection: object) -> None:
        nonlocal done
        if done == commits:
            raise Killed
        done += 1

    event.listen(engine, "commit", count)
    try:
        yield
    finally:
        event.remove(engine, "commit", count)


def rows(session: Session, model: type[Model]) -> int:
    """How many there are now."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def proof(session: Session) -> Proof:
    """The only one."""
    session.rollback()
    session.expire_all()
    return session.scalars(select(Proof)).one()
