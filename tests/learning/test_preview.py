"""The preview serves a folder of courses: reading, practising, tests, findings. Nothing is stored."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from learning.library.addresses import CATALOGUE, CourseAddresses
from learning.preview.application import create_preview_app
from learning.settings import PreviewSettings
from learning.workshop import Workshop
from tests.pages import ORIGIN, SAMPLES

QUESTIONS = "/kurse/bausteine/fragen/fragen"
ATTEMPT = "/kurse/bausteine/test/versuch"
PART = {**ORIGIN, "Impuls-Teil": "frage"}


def hidden_fields(html: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html):
        fields.setdefault(name, []).append(value)
    return fields


def value_of(html: str, text: str) -> str:
    """The value of the option with this text."""
    match = re.search(r'value="(\d+)"[^>]*>\s*<label[^>]*>' + re.escape(text), html)
    assert match, text
    return match.group(1)


def test_addresses_made_without_routes_are_those_of_the_routes(preview_app: Flask) -> None:
    own = CourseAddresses("kurs-a")
    with preview_app.test_request_context():
        assert own.course() == url_for("preview.course", slug="kurs-a")
        assert own.module("teil") == url_for("preview.module", slug="kurs-a", module_slug="teil")
        aid = url_for("preview.job_aid", slug="kurs-a", module_slug="teil", anchor="blatt")
        assert own.job_aid("teil", "blatt") == aid
        assert url_for("preview.catalogue") == CATALOGUE
        assert own.media("media/ä b.svg") == url_for("preview.media", slug="kurs-a", path="media/ä b.svg")


def test_the_catalogue_lists_courses_notices_and_job_aids(preview_client: FlaskClient) -> None:
    page = preview_client.get("/katalog").text
    for title in ("Alle Bausteine eines Kurses", "Neuer Vordruck ab Montag", "Aufnahme auf einer Seite"):
        assert title in page


def test_a_course_that_cannot_be_read_is_named_with_its_problems(preview_client: FlaskClient) -> None:
    assert "/befunde/unlesbar" in preview_client.get("/katalog").text
    response = preview_client.get("/kurse/unlesbar", follow_redirects=True)
    assert "Dieser Kurs lässt sich noch nicht zeigen" in response.text
    assert "01-text.md" in response.text


def test_the_search_finds_words_in_texts_and_marks_them(preview_client: FlaskClient) -> None:
    page = preview_client.get("/katalog?suche=Notizzettel").text
    assert "1 Treffer" in page
    assert "<mark>Notizzettel</mark>" in page


@pytest.mark.parametrize("words", ["notizzettel", "Notizzettels", "umweg notiz"])
def test_the_search_knows_forms_and_parts_of_words(preview_client: FlaskClient, words: str) -> None:
    assert "1 Treffer" in preview_client.get("/katalog", query_string={"suche": words}).text


def test_a_search_without_result_says_what_to_do(preview_client: FlaskClient) -> None:
    assert "Dazu haben wir nichts gefunden" in preview_client.get("/katalog?suche=xyzzy").text


def test_facets_narrow_the_catalogue_and_can_be_removed(preview_client: FlaskClient) -> None:
    page = preview_client.get("/katalog?art=kurzinfo").text
    assert "1 Treffer" in page
    assert "Alle Bausteine" not in page
    assert "Filter entfernen" in page


@pytest.mark.parametrize("sorting", ["titel", "dauer", "stand", "passend", "unsinn"])
def test_every_order_shows_all_entries(preview_client: FlaskClient, sorting: str) -> None:
    assert preview_client.get(f"/katalog?sortierung={sorting}").text.count('class="row"') == 4


def test_what_is_searched_for_is_shown_as_text(preview_client: FlaskClient) -> None:
    page = preview_client.get("/katalog", query_string={"suche": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_the_solution_is_not_in_the_page_before_it_is_asked_for(preview_client: FlaskClient) -> None:
    page = preview_client.get("/kurse/bausteine/fragen").text
    for secret in ("Startereignis", "Teilen Sie durch 60", "Wer Mengen wissen will", "Musterantwort", "Anlass"):
        assert secret not in page
    assert "Die Wege. Dann zeigt sich" not in preview_client.get("/kurse/bausteine/text").text


def test_a_hint_is_in_the_page_and_folded(preview_client: FlaskClient) -> None:
    page = preview_client.get("/kurse/bausteine/fragen").text
    assert re.search(r'<details class="reveal hint">\s*<summary>Hinweis anzeigen</summary>', page)


def test_a_wrong_choice_is_told_why_and_what_is_right(preview_client: FlaskClient) -> None:
    value = value_of(preview_client.get("/kurse/bausteine/fragen").text, "Gespräch")
    page = preview_client.post(f"{QUESTIONS}/f-einfach", data={"f-f-einfach": value}, headers=ORIGIN).text
    assert "Nicht richtig · Ihre Auswahl" in page
    assert "Das ist richtig" in page
    assert "Im Gespräch erfahren Sie Gründe" in page
    assert "Nachlesen: Worum es geht" in page


def test_without_scripts_the_answer_is_the_whole_page_and_with_them_only_the_card(preview_client: FlaskClient) -> None:
    form = {"f-f-text": "Auslöser"}
    whole = preview_client.post(f"{QUESTIONS}/f-text", data=form, headers=ORIGIN).text
    card = preview_client.post(f"{QUESTIONS}/f-text", data=form, headers=PART).text
    assert "<h1>" in whole
    assert "<html" not in card
    assert 'id="frage-f-text"' in card


def test_an_expected_mistake_gets_its_own_feedback_and_not_yet_the_solution(preview_client: FlaskClient) -> None:
    card = preview_client.post(f"{QUESTIONS}/f-zahl", data={"f-f-zahl": "576"}, headers=PART).text
    assert "Das sind die Minuten" in card
    assert "sind 9,6 Stunden" not in card
    assert "Lösung zeigen" in card


def test_the_solution_appears_when_it_is_asked_for(preview_client: FlaskClient) -> None:
    first = preview_client.post(f"{QUESTIONS}/f-zahl", data={"f-f-zahl": "576"}, headers=PART).text
    card = preview_client.post(f"{QUESTIONS}/f-zahl", data={**hidden_fields(first), "loesung": "ja"}, headers=PART).text
    assert "9,6\N{NO-BREAK SPACE}Stunden" in card
    assert "576 Minuten durch 60" in card


def test_an_empty_answer_is_asked_for_again(preview_client: FlaskClient) -> None:
    page = preview_client.post(f"{QUESTIONS}/f-einfach", headers=ORIGIN).text
    assert "<title>Fehler:" in page
    assert 'aria-invalid="true"' in page
    assert "Bitte beantworten Sie die Frage" in page


def test_an_order_with_a_place_given_twice_is_asked_for_again(preview_client: FlaskClient) -> None:
    form = {f"f-f-folge-{row}": "0" for row in range(4)}
    card = preview_client.post(f"{QUESTIONS}/f-folge", data=form, headers=PART).text
    assert "Bitte geben Sie jedem Eintrag einen eigenen Platz" in card


@pytest.mark.parametrize("form", [{"f-f-einfach": "7"}, {"f-f-einfach": "x"}, {"f-f-einfach": "-1"}])
def test_an_answer_that_no_page_offers_is_refused(preview_client: FlaskClient, form: dict[str, str]) -> None:
    assert preview_client.post(f"{QUESTIONS}/f-einfach", data=form, headers=ORIGIN).status_code == 400


def test_an_opening_question_is_resolved_only_at_the_end_and_only_when_asked(preview_client: FlaskClient) -> None:
    address = "/kurse/bausteine/text/fragen/text-vorab"
    card = preview_client.post(address, data={"f-text-vorab": "0"}, headers=PART).text
    assert "Am Ende des Moduls vergleichen Sie" in card
    assert "Zuerst kommen die Wege" not in card
    resolved = preview_client.post(address, data={"aufloesung": "ja"}, headers=PART).text
    assert "Zuerst kommen die Wege" in resolved


def test_a_question_by_itself_leads_to_its_module(preview_client: FlaskClient) -> None:
    response = preview_client.get(f"{QUESTIONS}/f-einfach")
    assert response.headers["Location"] == "/kurse/bausteine/fragen#frage-f-einfach"


def test_a_test_begins_with_its_rules_and_shows_no_hint_or_solution(preview_client: FlaskClient) -> None:
    page = preview_client.get("/kurse/bausteine/test").text
    assert "4 von 6 Fragen" in page
    assert "60 Prozent" in page
    assert "Gründe erfahren Sie" not in page


def test_what_was_answered_travels_through_all_pages_of_a_test_to_its_review(preview_client: FlaskClient) -> None:
    page = preview_client.post(ATTEMPT, data={"zu": "1"}, headers=ORIGIN).text
    ids = hidden_fields(page)["fragen"][0].split(",")
    assert len(ids) == 4
    assert "t-grenzen" in ids
    at = ids.index("t-grenzen") + 1
    page = preview_client.post(ATTEMPT, data={**hidden_fields(page), "zu": str(at)}, headers=ORIGIN).text
    ticks = [value_of(page, "Auslöser"), value_of(page, "Ergebnis")]
    form = {**hidden_fields(page), "f-t-grenzen": ticks}
    page = preview_client.post(ATTEMPT, data={**form, "zu": "abgabe"}, headers=ORIGIN).text
    assert "3 Fragen sind noch offen" in page
    page = preview_client.post(ATTEMPT, data={**hidden_fields(page), "zu": "ergebnis"}, headers=ORIGIN).text
    assert "1 von 4 Fragen richtig" in page
    assert "Noch nicht vollständig" in page
    assert "Nachlesen: Tabellen" in page


def test_a_repetition_asks_only_what_was_wrong(preview_client: FlaskClient) -> None:
    page = preview_client.post(ATTEMPT, data={"zu": "1"}, headers=ORIGIN).text
    page = preview_client.post(ATTEMPT, data={**hidden_fields(page), "zu": "ergebnis"}, headers=ORIGIN).text
    again = preview_client.post(ATTEMPT, data={**hidden_fields(page), "zu": "wiederholen"}, headers=ORIGIN).text
    assert "Versuch 2 von 3" in again
    assert len(hidden_fields(again)["fragen"][0].split(",")) == 4
    whole = preview_client.post(ATTEMPT, data={**hidden_fields(page), "zu": "neu"}, headers=ORIGIN).text
    assert "Versuch 2 von 3" in whole


def test_the_language_can_change_in_the_middle_of_a_test(preview_client: FlaskClient) -> None:
    page = preview_client.post(ATTEMPT, data={"zu": "2"}, headers=ORIGIN).text
    response = preview_client.post(ATTEMPT, data={**hidden_fields(page), "sprache": "en"}, headers=ORIGIN)
    assert "Question 2 of 4" in response.text
    assert "sprache=en" in response.headers["Set-Cookie"]


@pytest.mark.parametrize("place", ["0", "5", "x", "00031", "9999999999", "<b>"])
def test_a_place_that_is_not_in_the_test_is_refused(preview_client: FlaskClient, place: str) -> None:
    assert preview_client.post(ATTEMPT, data={"zu": place}, headers=ORIGIN).status_code == 400


@pytest.mark.parametrize(
    "state",
    [
        {"saat": "zz"},
        {"saat": "0" * 16, "versuch": "0", "fragen": "t-stunde"},
        {"saat": "0" * 16, "versuch": "1", "fragen": "gibt-es-nicht"},
        {"saat": "0" * 16, "versuch": "1", "fragen": "t-stunde,t-stunde"},
    ],
)
def test_an_attempt_that_does_not_fit_the_test_begins_anew(preview_client: FlaskClient, state: dict[str, str]) -> None:
    response = preview_client.post(ATTEMPT, data={**state, "zu": "1"}, headers=ORIGIN)
    assert (response.status_code, response.headers["Location"]) == (303, "/kurse/bausteine/test")


def test_a_job_aid_is_a_page_of_its_own(preview_client: FlaskClient) -> None:
    page = preview_client.get("/kurse/bausteine/text/arbeitshilfe/arbeitshilfe-aufnahme-auf-einer-seite").text
    assert "<h1>Aufnahme auf einer Seite</h1>" in page
    assert "Beteiligte gefragt" in page
    assert preview_client.get("/kurse/bausteine/text/arbeitshilfe/andere").status_code == 404


def test_a_notice_goes_straight_to_its_text_and_from_there_to_the_catalogue(preview_client: FlaskClient) -> None:
    page = preview_client.get("/kurse/kurzinfo-vordruck", follow_redirects=True).text
    assert "Ab Montag gilt der neue Vordruck" in page
    assert "Modul 1 von 1" not in page
    assert 'class="link-more link-more--back" href="/katalog"' in page


def test_files_of_a_course_are_served_sandboxed(preview_client: FlaskClient) -> None:
    with preview_client.get("/kurse/bausteine/medien/media/weg.svg") as picture:
        assert picture.mimetype == "image/svg+xml"
        assert "sandbox" in picture.headers["Content-Security-Policy"]
    with preview_client.get("/kurse/bausteine/medien/media/vordruck.txt") as download:
        assert download.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    ["course.md", "01-text.md", "media/../course.md", "../skills.yaml", "..%2Fskills.yaml", "media"],
)
def test_nothing_but_media_files_is_served(preview_client: FlaskClient, path: str) -> None:
    assert preview_client.get(f"/kurse/bausteine/medien/{path}").status_code == 404


def test_findings_stand_beside_the_text_and_at_the_top(preview_client: FlaskClient) -> None:
    page = preview_client.get("/kurse/kaputt/fehler").text
    assert "Die Prüfung hat etwas gefunden" in page
    assert 'class="finding-note"' in page
    assert "E302" in page


def test_all_findings_of_a_course_are_listed_by_file(preview_client: FlaskClient) -> None:
    page = preview_client.get("/befunde/kaputt").text
    for text in ("01-fehler.md", "02-unlesbar.md", "E002", "E110", "E302"):
        assert text in page


def copied(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLES, tmp_path / "kurse")
    return tmp_path / "kurse"


def test_a_changed_file_changes_the_state_and_the_page(workshop: Workshop, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    preview_client = create_preview_app(PreviewSettings(folder, language="de"), workshop).test_client()
    assert "Kästen" in preview_client.get("/kurse/bausteine/text").text
    tag = preview_client.get("/vorschau/stand/bausteine").headers["ETag"]
    assert preview_client.get("/vorschau/stand/bausteine", headers={"If-None-Match": tag}).status_code == 304
    path = folder / "bausteine" / "01-text.md"
    path.write_text(path.read_text(encoding="utf-8").replace("## Kästen", "## Schachteln"), encoding="utf-8")
    assert preview_client.get("/vorschau/stand/bausteine", headers={"If-None-Match": tag}).status_code == 200
    assert "Schachteln" in preview_client.get("/kurse/bausteine/text").text


def test_a_file_that_is_too_much_is_left_out_and_the_rest_is_shown(tmp_path: Path) -> None:
    from learning.workshop import Limits

    folder = copied(tmp_path)
    (folder / "bausteine" / "03-viel.md").write_text(
        "---\nid: viel\ntitle: Viel\n---\n" + "> " * 60_000, encoding="utf-8"
    )
    with Workshop(processes=1, limits=Limits(processor_seconds=1.0, seconds=2.0)) as workshop:
        preview_client = create_preview_app(
            PreviewSettings(folder / "bausteine", language="de"), workshop
        ).test_client()
        page = preview_client.get("/kurse/bausteine").text
        assert "Der Text und seine Kästen" in page
        assert "03-viel.md" in preview_client.get("/befunde/bausteine").text


def test_an_empty_folder_says_how_to_begin(workshop: Workshop, tmp_path: Path) -> None:
    preview_client = create_preview_app(PreviewSettings(tmp_path, language="de"), workshop).test_client()
    assert "Hier steht noch kein Kurs" in preview_client.get("/katalog").text


def test_looking_around_writes_nothing(workshop: Workshop, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*"))
    preview_client = create_preview_app(PreviewSettings(folder, language="de"), workshop).test_client()
    preview_client.get("/katalog")
    preview_client.post(f"{QUESTIONS}/f-text", data={"f-f-text": "Auslöser"}, headers=ORIGIN)
    assert sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) == before
