"""A raised result as people meet it: the command on the server, the person's own review, first page and proofs."""

import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning import clock
from learning.cli import main
from learning.people.models import Person
from learning.study.models import QuestionRescoring
from quizzes.responses import Typed
from tests import factories
from tests.learning.conftest import QueryCount
from tests.learning.study.corrected_course import (
    CORRECTED,
    DAY,
    FRONT,
    HALF,
    MONTH,
    WEEKS,
    Author,
    begin,
    everything,
    hand_in,
    rescore,
    rows,
    taker,
)
from tests.learning.study.taking import NOW

NOTE = "Bei einer Frage war eine falsche Lösung hinterlegt."
NOTHING_DONE = "Nichts wurde geändert. Anheben: --apply --by HR-KEY"


@pytest.fixture
def impuls(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The program on the tests' database."""
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path))
    monkeypatch.setenv("IMPULS_SECRET_KEY", "nur-für-Tests-" * 4)
    monkeypatch.setenv("IMPULS_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    return CliRunner()


def call(impuls: CliRunner, *words: str) -> Result:
    return impuls.invoke(main, ["rescore", *words], catch_exceptions=False)


# The command ----------------------------------------------------------------------------------------------------------


def test_without_apply_it_counts_and_changes_nothing(
    impuls: CliRunner, session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    for _ in range(10):
        hand_in(taker(session, engine, factories.person(session)), HALF)
    begin(taker(session, engine, factories.person(session)), HALF)
    author.correct()
    before = everything(engine)
    told = call(impuls, "fristen")
    assert (told.exit_code, told.output.splitlines()) == (
        0,
        [
            "Angehobene Versuche: 10",
            "Dadurch bestanden: 10",
            "Personen mit neuem Nachweis: 10",
            "Nicht vergleichbar, bleiben wie sie sind: 0",
            "Schon gelöscht (erste Versuche, mindestens): 0",
            "Noch in Arbeit, nach der Abgabe bitte wiederholen: weniger als 10",
            NOTHING_DONE,
        ],
    )
    assert everything(engine) == before
    applied = call(impuls, "fristen/frist", "--apply", "--by", "T-1")
    assert applied.output == told.output.replace(NOTHING_DONE, "Angehoben.")
    assert rows(session, QuestionRescoring) == 10
    assert call(impuls, "fristen", "--apply", "--by", "T-1").output.startswith("Angehobene Versuche: 0\n")


def test_numbers_that_could_be_one_person_are_not_said(
    impuls: CliRunner, session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    for _ in range(4):
        hand_in(taker(session, engine, factories.person(session, "Mira Sander")), HALF)
    author.correct()
    told = call(impuls, "fristen").output
    assert "Angehobene Versuche: weniger als 10\n" in told
    assert "Personen mit neuem Nachweis: weniger als 5\n" in told
    assert "4" not in told
    assert "Sander" not in told
    hand_in(taker(session, engine, factories.person(session)), HALF, now=NOW + 2 * DAY)  # In the corrected edition.
    assert call(impuls, "fristen").output == told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fehlt",), "Einen Kurs mit der Kennung fehlt gibt es nicht."),
        (("fristen/fehlt",), "Eine Frage mit der Kennung fehlt gibt es in diesem Kurs nicht."),
        (("fristen/stunde",), "Hier wurde noch keine falsche Lösung berichtigt."),
        (("fristen", "--apply", "--by", "P-0"), "Eine aktive Person mit der Personalnummer P-0 gibt es nicht."),
        (("fristen", "--apply"), "Wer veranlasst das? --by HR-KEY nennt die Person."),
    ],
)
def test_what_does_not_exist_and_who_may_not_get_a_clear_answer(
    impuls: CliRunner, session: Session, engine: Engine, author: Author, words: tuple[str, ...], said: str
) -> None:
    hand_in(taker(session, engine, factories.person(session)), HALF)
    author.correct()
    before = everything(engine)
    refused = call(impuls, *words)
    assert refused.exit_code != 0
    assert said in refused.output
    assert everything(engine) == before


def test_who_has_left_may_not(
    impuls: CliRunner, session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    author.correct()
    trainer.is_active = False
    session.commit()
    refused = call(impuls, "fristen", "--apply", "--by", "T-1")
    assert (refused.exit_code, "T-1 gibt es nicht" in refused.output) == (1, True)


def test_a_key_that_was_not_named_when_it_was_published_says_how_to(
    impuls: CliRunner, session: Session, author: Author
) -> None:
    author.publish(CORRECTED, day=1)  # As a revision, which may score otherwise without a word.
    refused = call(impuls, "fristen/frist")
    assert refused.exit_code == 1
    assert "--wrong-key KURS/FRAGE" in refused.output


# What the person sees -------------------------------------------------------------------------------------------------


@pytest.fixture
def mira(session: Session, client: FlaskClient, sign_in) -> Person:
    person = factories.person(session, "Mira Sander")
    sign_in(client, person)
    return person


def review(client: FlaskClient, attempt_id: uuid.UUID) -> str:
    answer = client.get(f"/versuche/{attempt_id}/ergebnis")
    assert answer.status_code == 200
    return answer.text


def test_the_review_says_that_the_result_was_raised_and_shows_the_right_solution(
    session: Session, engine: Engine, author: Author, client: FlaskClient, mira: Person, trainer: Person
) -> None:
    attempt_id = hand_in(taker(session, engine, mira), HALF)
    author.correct()
    before = review(client, attempt_id)
    assert "1 von 3 Fragen richtig" in before
    assert NOTE not in before
    rescore(engine, trainer)
    page = review(client, attempt_id)
    assert "2 von 3 Fragen richtig" in page
    assert "Bestanden</span>" in page
    day = f"{(NOW + 2 * DAY).astimezone(clock.LOCAL):%d.%m.%Y}"
    assert "Ihr Ergebnis wurde angehoben" in page
    assert f"{NOTE} Das ist berichtigt; seit dem {day} gilt dieses Ergebnis." in page
    assert "Ihr Nachweis liegt bereit." in page
    assert 'class="result__item result__item--right"' in page


def test_the_review_speaks_english_too(
    session: Session, engine: Engine, author: Author, client: FlaskClient, mira: Person, trainer: Person
) -> None:
    attempt_id = hand_in(taker(session, engine, mira), HALF)
    author.correct()
    rescore(engine, trainer)
    client.set_cookie("sprache", "en")
    assert "The answer key of one question was wrong." in review(client, attempt_id)


def test_first_page_course_and_proofs_show_the_new_state(
    session: Session, engine: Engine, author: Author, client: FlaskClient, mira: Person, trainer: Person
) -> None:
    hand_in(taker(session, engine, mira), HALF)
    author.correct()
    assert "Fristen" not in client.get("/nachweise").text
    assert "0 von 1 Modul abgeschlossen" in client.get("/kurse/fristen").text
    assert "Weiterlernen" in client.get("/").text
    rescore(engine, trainer)
    proofs = client.get("/nachweise").text
    assert "Fristen" in proofs
    assert f"{NOW:%d.%m.%Y}" in proofs
    course = client.get("/kurse/fristen").text
    assert f"Abgeschlossen am {NOW:%d.%m.%Y}" in course
    assert "Zu Ihren Nachweisen" in course
    assert "Weiterlernen" not in client.get("/").text


def test_who_was_not_raised_sees_no_difference(
    session: Session, engine: Engine, author: Author, client: FlaskClient, mira: Person, trainer: Person
) -> None:
    attempt_id = hand_in(taker(session, engine, mira), {"frist": WEEKS, "stunde": Typed("60"), "tag": Typed("24")})
    author.correct()
    before = review(client, attempt_id)
    rescore(engine, trainer)
    assert review(client, attempt_id) == before


def test_the_review_of_a_raised_result_asks_five_queries_as_every_review(
    session: Session,
    engine: Engine,
    author: Author,
    client: FlaskClient,
    mira: Person,
    trainer: Person,
    query_count: QueryCount,
) -> None:
    attempt_id = hand_in(taker(session, engine, mira), HALF)
    author.correct()
    rescore(engine, trainer)
    with query_count:
        review(client, attempt_id)
    # Viewer; the attempt; the module; its questions; answers with the corrected questions.
    assert query_count == 5


def test_solutions_that_appear_after_passing_appear_when_the_result_is_raised(
    session: Session, engine: Engine, tmp_path: Path, client: FlaskClient, mira: Person, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    hidden = FRONT.replace("pass: 60", "pass: 60\nshow: passed")
    author.publish(front=hidden)
    attempt_id = hand_in(taker(session, engine, mira), {"frist": MONTH, "stunde": Typed("60")})
    author.correct(front=hidden)
    assert "sobald Sie bestanden haben" in review(client, attempt_id)
    rescore(engine, trainer)
    assert "sobald Sie bestanden haben" not in review(client, attempt_id)
