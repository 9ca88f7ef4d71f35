"""Tests as people take them: by ordinary forms, by a script's JSON, by whatever somebody else sends."""

import datetime
import json
import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learning import upkeep
from learning.study.attempts import views as attempt_views
from learning.study.models import AnswerEvent, Attempt
from tests.factories import person
from tests.hostile.lists import json_bodies
from tests.learning.conftest import QueryCount, SignIn
from tests.learning.study.taking import SLUG, TEST, Learner, learner, right_fields, stored
from tests.pages import ORIGIN

START = f"/kurse/{SLUG}/{TEST}/test"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Hand:
    """A browser in somebody's hand: fills the form of the last page and presses its buttons."""

    def __init__(self, client: FlaskClient, learner: Learner) -> None:
        self.client = client
        self.learner = learner
        self.page = client.get(START)

    @property
    def text(self) -> str:
        return self.page.get_data(as_text=True)

    @property
    def hidden(self) -> dict[str, str]:
        form = re.search(
            r'<form[^>]*method="post"[^>]*action="(/versuche|/kurse)[^"]*".*?</form>', self.text, re.DOTALL
        )
        assert form, self.text
        return dict(HIDDEN.findall(form[0]))

    @property
    def token(self) -> str:
        return self.hidden["csrf_token"]

    def press(self, button: str, fields: dict[str, str] | None = None, *, follow: bool = True) -> TestResponse:
        address = re.search(r'action="((?:/versuche|/kurse)[^"]*)"', self.text)
        assert address
        data = {**self.hidden, **(fields or {}), "zu": button}
        self.page = self.client.post(address[1], data=data, headers=ORIGIN, follow_redirects=follow)
        return self.page

    @property
    def attempt_id(self) -> uuid.UUID:
        found = re.search(r"/versuche/([0-9a-f-]{36})", self.page.request.path + self.text)
        assert found
        return uuid.UUID(found[1])

    def send(self, body: object, *, token: bool = True) -> TestResponse:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {**ORIGIN, "Accept": "application/json", **({"X-CSRFToken": self.token} if token else {})}
        address = f"/versuche/{self.attempt_id}/antworten"
        return self.client.post(address, data=text, headers=headers, content_type="application/json")


@pytest.fixture
def hand(client: FlaskClient, session: Session, engine: Engine, sign_in: SignIn) -> Hand:
    mira = person(session, "Mira Sander")
    own = learner(session, engine, mira)
    sign_in(client, mira)
    return Hand(client, own)


def first_fields(hand: Hand, item: int = 0) -> dict[str, str]:
    fields = right_fields(hand.learner.taken(hand.attempt_id))[item]
    return {name: values[0] for name, values in fields.items()}


def test_a_test_is_taken_with_forms_alone(hand: Hand, session: Session) -> None:
    assert "Test beginnen" in hand.text
    hand.press("1")
    assert "Frage 1 von 4" in hand.text
    attempt_id = hand.attempt_id
    for item, fields in enumerate(right_fields(hand.learner.taken(attempt_id))):
        data = {name: list(values) for name, values in fields.items()}
        hand.press(str(item + 2) if item < 3 else "abgabe", data)  # type: ignore[arg-type]  # lists are several values
    assert "Alle Fragen sind beantwortet." in hand.text
    hand.press("ergebnis")
    assert "4 von 4 Fragen richtig" in hand.text
    assert stored(session, attempt_id).is_passed
    assert hand.page.request.path == f"/versuche/{attempt_id}/ergebnis"


def test_a_saved_answer_stands_in_the_page_again(hand: Hand) -> None:
    hand.press("1")
    fields = first_fields(hand)
    hand.press("2", fields)
    hand.press("1")
    assert re.search(r"gespeichert \d\d:\d\d", hand.text)
    assert any(f'value="{value}"' in hand.text for value in fields.values())
    assert "1 von 4 beantwortet." in hand.text


def test_sending_a_form_twice_saves_once(hand: Hand, session: Session) -> None:
    hand.press("1")
    fields, page = first_fields(hand), hand.page
    hand.press("2", fields)
    hand.page = page
    hand.press("2", fields)
    assert "Frage 2 von 4" in hand.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AnswerEvent).where(AnswerEvent.item == 0)) == 1


def test_a_form_that_another_window_has_overtaken_comes_back_with_what_was_typed(hand: Hand) -> None:
    hand.press("1")
    page, fields = hand.page, first_fields(hand)
    hand.press("2", fields)
    hand.page = page
    assert hand.press("2").status_code == 409
    assert "in einem anderen Fenster beantwortet" in hand.text
    assert hand.hidden["fassung"] == "1"


def test_a_script_saves_and_is_told_its_key(hand: Hand) -> None:
    hand.press("1")
    body = {"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": {k: [v] for k, v in first_fields(hand).items()}}
    first, again = hand.send(body), hand.send(body)
    assert first.status_code == 200
    assert first.json == again.json
    assert first.json is not None
    assert (first.json["key"], first.json["version"], first.json["counts"]) == (body["key"], 1, True)
    assert set(first.json) == {"key", "version", "counts", "server_time", "deadline"}


def test_a_page_that_closes_may_send_a_form(hand: Hand) -> None:
    hand.press("1")
    body = {"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": {k: [v] for k, v in first_fields(hand).items()}}
    data = {"csrf_token": hand.token, "antwort": json.dumps(body)}
    assert hand.client.post(f"/versuche/{hand.attempt_id}/antworten", data=data, headers=ORIGIN).status_code == 200


def test_refusals_are_problems_with_a_reason(hand: Hand) -> None:
    hand.press("1")
    key, fields = str(uuid.uuid4()), {k: [v] for k, v in first_fields(hand).items()}
    hand.send({"key": key, "item": 0, "base": 0, "fields": fields})
    reused = hand.send({"key": key, "item": 0, "base": 1, "fields": {}})
    stale = hand.send({"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": {}})
    assert (reused.status_code, reused.mimetype) == (409, "application/problem+json")
    assert reused.json is not None
    assert reused.json["reason"] == "key-reused"
    assert stale.json is not None
    assert (stale.json["reason"], stale.json["version"]) == ("changed-elsewhere", 1)
    assert stale.json["fields"] == fields


def test_scripts_need_the_token_and_a_session(hand: Hand, app: object) -> None:
    hand.press("1")
    body = {"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": {}}
    assert hand.send(body, token=False).status_code == 403
    token = hand.token
    with hand.client.session_transaction() as cookie:
        cookie.pop("token")
    headers = {**ORIGIN, "Accept": "application/json", "X-CSRFToken": token}
    refused = hand.client.post(f"/versuche/{hand.attempt_id}/antworten", json=body, headers=headers)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")


def test_a_foreign_attempt_is_absent_at_every_address(hand: Hand, session: Session, sign_in: SignIn) -> None:
    hand.press("1")
    attempt_id, token_page = hand.attempt_id, hand.page
    sign_in(hand.client, person(session))
    for rest in ("fragen/1", "fragen", "abgabe", "ergebnis"):
        assert hand.client.get(f"/versuche/{attempt_id}/{rest}").status_code == 404
    own_token = re.search(r'name="csrf_token" value="([^"]+)"', hand.client.get(START).get_data(as_text=True))
    assert own_token
    headers = {**ORIGIN, "Accept": "application/json", "X-CSRFToken": own_token[1]}
    body = {"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": {}}
    assert hand.client.post(f"/versuche/{attempt_id}/antworten", json=body, headers=headers).status_code == 404
    data = {"csrf_token": own_token[1], "zu": "ergebnis"}
    assert hand.client.post(f"/versuche/{attempt_id}", data=data, headers=ORIGIN).status_code == 404
    assert token_page.status_code == 200
    assert stored(session, attempt_id).state == "in_progress"


def test_no_key_of_a_solution_is_in_the_pages_of_an_open_attempt(hand: Hand) -> None:
    hand.press("1")
    pages = hand.client.get(f"/versuche/{hand.attempt_id}/fragen").get_data(as_text=True)
    for secret in ("Zählen zeigt Mengen.", "Im Gespräch erfahren Sie Gründe.", "Eine Stunde hat 60 Minuten."):
        assert secret not in pages
    assert pages.count('name="schluessel"') == 4


def test_the_machine_clock_decides_nothing(hand: Hand, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    hand.press("1")
    attempt = stored(session, hand.attempt_id)
    assert abs((attempt.started_at - datetime.datetime.now(datetime.UTC)).total_seconds()) < 5
    attempt.ends_at = attempt.started_at + datetime.timedelta(minutes=10)
    session.commit()
    a_day_on = attempt.started_at + datetime.timedelta(days=1)
    monkeypatch.setattr(attempt_views, "database_now", lambda _session: a_day_on)
    late = hand.client.get(f"/versuche/{attempt.id}/fragen/1")
    assert late.headers["Location"] == f"/versuche/{attempt.id}/ergebnis"
    assert stored(session, attempt.id).state == "expired"


def test_the_clock_of_a_worker_closes_no_attempt(hand: Hand, session: Session) -> None:
    hand.press("1")
    attempt = stored(session, hand.attempt_id)
    attempt.ends_at = attempt.started_at + datetime.timedelta(minutes=10)
    session.commit()
    app = hand.client.application
    with app.app_context():
        assert upkeep.close_attempts(app, attempt.started_at + datetime.timedelta(days=1)) == {"closed": 0}
    assert stored(session, attempt.id).state == "in_progress"


@pytest.mark.parametrize(("after", "counts"), [(29, True), (31, False)])
def test_a_late_answer_is_acknowledged_and_told_whether_it_counts(
    hand: Hand, session: Session, monkeypatch: pytest.MonkeyPatch, after: int, counts: bool
) -> None:
    hand.press("1")
    attempt = stored(session, hand.attempt_id)
    attempt.ends_at = attempt.started_at + datetime.timedelta(minutes=10)
    session.commit()
    late = attempt.ends_at + datetime.timedelta(seconds=after)
    monkeypatch.setattr(attempt_views, "database_now", lambda _session: late)
    fields = {name: list(values) for name, values in right_fields(hand.learner.taken(attempt.id))[0].items()}
    answer = {"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": fields}
    token = {"X-CSRFToken": hand.token, **ORIGIN}
    reply = hand.client.post(f"/versuche/{attempt.id}/antworten", data=json.dumps(answer), headers=token)
    assert (reply.status_code, reply.get_json()["counts"]) == (200, counts)
    assert session.scalars(select(AnswerEvent.is_late)).all() == [True]
    hand.client.get(f"/versuche/{attempt.id}/ergebnis")  # The next look closes what is over.
    assert stored(session, attempt.id).state == ("in_progress" if counts else "expired")


def test_a_retry_is_asked_from_the_result_and_merged(hand: Hand) -> None:
    hand.press("1")
    attempt_id = hand.attempt_id
    hand.learner.answer_right(attempt_id, but=[1])
    hand.page = hand.client.get(f"/versuche/{attempt_id}/abgabe")
    hand.press("ergebnis")
    assert "3 von 4 Fragen richtig" in hand.text
    hand.press("wiederholen")
    assert "Frage 1 von 1" in hand.text
    hand.learner.answer_right(hand.attempt_id)
    hand.page = hand.client.get(f"/versuche/{hand.attempt_id}/abgabe")
    hand.press("ergebnis")
    assert "4 von 4 Fragen richtig" in hand.text


def test_another_language_on_the_result_begins_no_attempt(hand: Hand, session: Session) -> None:
    hand.press("1")
    hand.press("ergebnis")
    (button,) = re.findall(r'<button type="submit" form="([^"]+)" name="sprache"', hand.text)
    owner = re.search(rf'<form[^>]* id="{button}"[^>]*>.*?</form>', hand.text, re.DOTALL)
    assert owner
    address = re.search(r'action="([^"]+)"', owner[0])
    assert address
    data = {**dict(HIDDEN.findall(owner[0])), "sprache": "en"}
    page = hand.client.post(address[1], data=data, headers=ORIGIN, follow_redirects=True)
    assert page.request.path.endswith("/ergebnis")
    assert '<html lang="en"' in page.text
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_the_start_page_knows_the_attempt_in_progress_and_the_last_result(hand: Hand) -> None:
    hand.press("1")
    assert "Test fortsetzen" in hand.client.get(START).get_data(as_text=True)
    hand.press("abgabe")
    hand.press("ergebnis")
    again = hand.client.get(START).get_data(as_text=True)
    assert "Ergebnis von Versuch 1 ansehen" in again
    assert "Noch einmal machen" in again


def test_saving_an_answer_takes_few_queries(hand: Hand, query_count: QueryCount) -> None:
    hand.press("1")
    body = {"key": str(uuid.uuid4()), "item": 0, "base": 0, "fields": {k: [v] for k, v in first_fields(hand).items()}}
    with query_count:
        hand.send(body)
    assert query_count <= 8, query_count


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"key":"x","item":0,"base":0,"fields":{}}',
        b"[" * 100_000,
        b'{"a":' * 30_000,
        b'{"key":"00000000-0000-4000-8000-000000000000","item":0,"base":0,"fields":{},"score":9}',
        b'{"key":"00000000-0000-4000-8000-000000000000","item":1e9999,"base":0,"fields":{}}',
        b'{"key":"00000000-0000-4000-8000-000000000000","item":' + b"9" * 5_000 + b',"base":0,"fields":{}}',
        b'{"key":"00000000-0000-4000-8000-000000000000","item":true,"base":0,"fields":{}}',
        b'{"key":"00000000-0000-4000-8000-000000000000","item":-1,"base":0,"fields":{}}',
        b'{"key":"00000000-0000-4000-8000-000000000000","item":0,"base":0,"fields":{"f":[1]}}',
        b'{"key":"00000000-0000-4000-8000-000000000000","item":0,"base":0,"item":0,"fields":{}}',
    ],
)
def test_bodies_that_are_no_answer_are_refused(hand: Hand, session: Session, body: bytes) -> None:
    hand.press("1")
    assert hand.send(body).status_code in (400, 413)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AnswerEvent)) == 0


def test_published_json_bodies_are_refused_and_never_break_anything(hand: Hand, session: Session) -> None:
    """Each as the whole body and as the value of a field: n_ is refused, y_ and i_ may be, nothing answers 5xx."""
    hand.press("1")
    name = next(iter(first_fields(hand))).encode()
    wrong, failed = [], []
    cases = (*json_bodies(), ("n_invalid_utf_8", b'"\xff"'), ("n_utf_16_without_mark", "[1]".encode("utf-16-le")))
    assert len(cases) > 300
    for case, value in cases:
        key = str(uuid.uuid4()).encode()
        inside = b'{"key":"' + key + b'","item":0,"base":0,"fields":{"' + name + b'":' + value + b"}}"
        for body in (value, inside):
            status = hand.send(body).status_code
            if status >= 500:
                failed.append(case)
            if case.startswith("n_") and status < 400:
                wrong.append(case)
    assert (failed, wrong) == ([], [])
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "a\u2028b", "\u202e", "x" * 9_999])
def test_strange_texts_break_nothing(hand: Hand, text: str) -> None:
    hand.press("1")
    for item, fields in enumerate(right_fields(hand.learner.taken(hand.attempt_id))):
        body = {"key": str(uuid.uuid4()), "item": item, "base": 0, "fields": {name: [text] for name in fields}}
        assert hand.send(body).status_code in (200, 400)
    assert hand.client.get(f"/versuche/{hand.attempt_id}/fragen").status_code == 200
