"""A wrong key was corrected: results rise when somebody says so, and never fall."""

import datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from learning.library.publishing import Change
from learning.obligations.models import Proof
from learning.people.models import Person
from learning.study.models import QuestionRescoring, Tally
from quizzes.responses import Choice, Typed
from tests import factories
from tests.learning.study.corrected_course import (
    CORRECTED,
    DAY,
    DEADLINE,
    FRIST,
    FRONT,
    HALF,
    MONTH,
    RIGHT,
    STUNDE,
    TAG,
    WEEKS,
    Author,
    begin,
    everything,
    hand_in,
    proof,
    rehearse,
    rescore,
    result_of,
    rows,
    taker,
)
from tests.learning.study.taking import NOW, Learner, stored


def test_who_knew_better_than_the_key_is_raised_and_passes(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    assert not result_of(mira, attempt_id).is_passed
    author.correct()
    outcome = rescore(engine, trainer)
    assert (outcome.rescored.raised, outcome.rescored.passed, outcome.rescored.proofs) == (1, 1, 1)
    after = result_of(mira, attempt_id)
    assert (after.score, after.points, after.is_passed) == (2, 3, True)


def test_who_answered_as_the_wrong_key_said_keeps_every_point(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, {"frist": WEEKS, **RIGHT})
    before, completed = result_of(mira, attempt_id), proof(session).hash
    author.correct()
    assert rescore(engine, trainer).rescored.raised == 0
    assert result_of(mira, attempt_id) == before
    assert proof(session).hash == completed
    assert rows(session, QuestionRescoring) == 0


def test_what_was_half_right_stays_half_right_where_the_new_key_gives_nothing(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    several = (
        "\n## Frage: Was gehört dazu? {#frist}\n\n- [x] Antrag\n- [x] Akte\n- [ ] Kantine\n- [ ] Wetter\n\n> So.\n"
    )
    author.publish(several)
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = hand_in(mira, {"frist": WEEKS, "stunde": Typed("60")})
    before = result_of(mira, attempt_id)
    assert before.score == Decimal("1.5")
    author.correct(several.replace("[x] Antrag", "[ ] Antrag").replace("[ ] Wetter", "[x] Wetter"))
    assert (rehearse(engine).rescored.raised, rescore(engine, trainer).rescored.raised) == (0, 0)
    assert result_of(mira, attempt_id) == before
    assert rows(session, QuestionRescoring) == 0


def test_the_facts_say_who_when_which_edition_and_how_many_points(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    corrected = author.correct()
    rescore(engine, trainer)
    session.rollback()
    fact = session.scalars(select(QuestionRescoring)).one()
    row = stored(session, attempt_id)
    assert (fact.attempt_key, fact.edition_key, fact.rescored_by) == (row.key, corrected.edition_key, trainer.key)
    assert (fact.points_before, fact.points_after, fact.rescored_at) == (0, 1, NOW + 2 * DAY)
    # What was stored when it was handed in stays as it was.
    assert (row.earned, row.possible, row.is_passed, row.closed_at) == (1, 3, False, NOW)


def test_a_second_run_changes_nothing(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    author.correct()
    rescore(engine, trainer)
    session.rollback()
    before = everything(engine)
    again = rescore(engine, trainer, now=NOW + 3 * DAY).rescored
    assert (again.raised, again.passed, again.proofs) == (0, 0, 0)
    assert everything(engine) == before


def test_a_second_correction_raises_further_and_takes_nothing_back(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    jonas = taker(session, engine, factories.person(session, "Jonas Weber"))
    third = Choice(frozenset({2}))
    first, second = hand_in(mira, HALF), hand_in(jonas, {**HALF, "frist": third})
    author.correct()
    rescore(engine, trainer)
    author.correct(FRIST.replace("(x) zwei", "( ) zwei").replace("( ) drei", "(x) drei"), day=2)
    outcome = rescore(engine, trainer, now=NOW + 4 * DAY)
    assert outcome.rescored.raised == 1
    assert [result_of(mira, first).score, result_of(jonas, second).score] == [2, 2]
    assert rows(session, QuestionRescoring) == 2


def test_a_must_question_that_was_keyed_wrongly_no_longer_keeps_anybody_from_passing(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(FRIST.replace("{#frist}", "{#frist must}"))
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = hand_in(mira, {"frist": MONTH, **RIGHT})
    assert result_of(mira, attempt_id).missed_must == ("frist",)
    author.correct(CORRECTED.replace("{#frist}", "{#frist must}"))
    assert rescore(engine, trainer).rescored.passed == 1
    assert result_of(mira, attempt_id).missed_must == ()


def test_a_must_question_that_is_still_wrong_keeps_the_test_open(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    must = TAG.replace("{#tag}", "{#tag must}")
    author.publish(FRIST, STUNDE, must)
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = hand_in(mira, HALF)
    author.correct(CORRECTED, STUNDE, must)
    outcome = rescore(engine, trainer).rescored
    assert (outcome.raised, outcome.passed, outcome.proofs) == (1, 0, 0)
    assert (result_of(mira, attempt_id).score, result_of(mira, attempt_id).is_passed) == (2, False)
    assert rows(session, Proof) == 0


def test_points_and_pass_mark_stay_those_that_the_test_began_with(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.correct(CORRECTED.replace("{#frist}", "{#frist points=5 must}"), front=FRONT.replace("60", "90"))
    rescore(engine, trainer)
    after = result_of(mira, attempt_id)
    assert (after.score, after.points, after.is_passed) == (2, 3, True)


def test_options_that_stand_in_another_order_now_are_found_by_what_they_say(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    lines = "- (x) ein Monat\n- ( ) drei Monate\n- ( ) zwei Wochen"
    author.correct(FRIST.replace("- (x) zwei Wochen\n- ( ) ein Monat\n- ( ) drei Monate", lines))
    assert rescore(engine, trainer).rescored.raised == 1
    assert result_of(mira, attempt_id).is_passed


def test_a_test_taken_in_a_translation_is_judged_by_the_translation(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(english=DEADLINE)
    mira = taker(session, engine, factories.person(session, "Mira Sander"), language="en")
    attempt_id = hand_in(mira, HALF)
    german, english = "- (x) ein Monat\n- ( ) drei Monate\n- ( ) zwei", "- (x) one month\n- ( ) three months\n- ( ) two"
    author.correct(
        FRIST.replace("- (x) zwei", german).replace(" Wochen\n- ( ) ein Monat\n- ( ) drei Monate", " Wochen"),
        english=DEADLINE.replace("- (x) two", english).replace(" weeks\n- ( ) one month\n- ( ) three months", " weeks"),
    )
    outcome = rescore(engine, trainer)
    assert (outcome.rescored.raised, outcome.rescored.incomparable) == (1, 0)
    frist = next(one for one in mira.taken(attempt_id).answers.attempt.asked if one.id == "frist")
    assert "Which deadline" in frist.heading.source


def test_what_cannot_be_compared_keeps_its_points_and_is_counted(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.correct(CORRECTED.replace("drei Monate", "vier Monate und ein Tag"))
    outcome = rescore(engine, trainer)
    assert (outcome.rescored.raised, outcome.rescored.incomparable) == (0, 1)
    assert result_of(mira, attempt_id).score == 1


def test_a_question_that_was_another_one_then_is_not_judged_by_the_correction(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.publish(FRIST.replace("(x) zwei", "( ) zwei").replace("( ) drei", "(x) drei"), day=1)
    author.correct(CORRECTED, day=2)
    assert rescore(engine, trainer, now=NOW + 3 * DAY).rescored.raised == 0
    assert result_of(mira, attempt_id).score == 1


def test_a_revision_that_names_the_wrong_key_counts_as_well(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.publish(CORRECTED, change=Change.REVISION, wrong=("fristen/frist",), day=1)
    rescore(engine, trainer)
    assert result_of(mira, attempt_id).is_passed


def test_only_the_named_question_is_scored_again(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, {"frist": MONTH, "stunde": Typed("100")})
    new_hour = STUNDE.replace("- = 60", "- = 100")
    author.publish(CORRECTED, new_hour, TAG, change=Change.CORRECTION, wrong=("fristen/frist", "fristen/stunde"), day=1)
    rescore(engine, trainer, question_id="stunde")
    assert result_of(mira, attempt_id).score == 1
    rescore(engine, trainer)
    assert result_of(mira, attempt_id).score == 2


def test_a_test_that_ran_out_of_time_is_raised_too(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(front=FRONT.replace("pass: 60", "pass: 60\ntime: 10"))
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = begin(mira, HALF)
    mira.submit(attempt_id, now=NOW + datetime.timedelta(minutes=30))
    assert stored(session, attempt_id).state == "expired"
    author.correct(front=FRONT.replace("pass: 60", "pass: 60\ntime: 10"))
    assert rescore(engine, trainer).rescored.passed == 1


def test_a_retry_counts_what_was_raised_as_right(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, {"frist": MONTH})
    author.correct()
    rescore(engine, trainer)
    second = mira.start(after=1, only_wrong=True, now=NOW + 3 * DAY)
    one = mira.taken(second)
    assert {question.id for question in one.answers.attempt.asked} == {"stunde", "tag"}
    assert [question.id for question in one.kept] == ["frist"]


def test_counters_of_the_question_stay_those_of_the_question_as_it_was_asked(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    before = everything(engine)["tally"]
    author.correct()
    rescore(engine, trainer)
    assert rows(session, Tally) > 0
    assert everything(engine)["tally"] == before
