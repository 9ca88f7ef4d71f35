"""The library's pages in the product: what they show, whom they refuse, how many queries they take."""

import datetime
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learning import clock
from learning.library import actions
from learning.library.models import Edition, EditionMedia
from learning.library.publishing import Change
from learning.library.stored_catalogue import valid_notices
from learning.library.stored_editions import course_edition
from learning.people.models import Person
from learning.study.models import Enrolment
from tests.factories import NOW, person, published_course, unit
from tests.learning.conftest import QueryCount, SignIn
from tests.learning.library.written_courses import QUESTION, write_course
from tests.pages import ORIGIN

BUDGET = 5
STARTER = Path(__file__).parents[3] / "content" / "so-lernen-sie-mit-impuls"
FILM = "lesen-antworten-rueckmeldung.webm"


def digest_of(session: Session, name: str) -> str:
    return session.scalars(select(EditionMedia.digest).where(EditionMedia.name == name)).one()


@pytest.fixture
def reader(client: FlaskClient, session: Session, sign_in: SignIn) -> Person:
    """Somebody who is signed in."""
    made = person(session, "Miriam Sander")
    sign_in(client, made)
    return made


def shown(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def test_strangers_are_asked_to_sign_in(client: FlaskClient, session: Session) -> None:
    published_course(session)
    for address in ("/katalog", "/suche?suche=a", "/arbeitshilfen", "/kurse/bausteine", "/kurse/bausteine/fassungen"):
        assert client.get(address).status_code == 302, address


def test_an_empty_library_says_what_will_be_here(client: FlaskClient, reader: Person) -> None:
    assert "Hier steht noch kein Kurs" in shown(client, "/katalog")
    assert "Hier steht noch keine Arbeitshilfe" in shown(client, "/arbeitshilfen")


def test_the_catalogue_filters_by_what_it_offers(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path
) -> None:
    published_course(session)
    published_course(session, write_course(tmp_path, "fristen", title="Fristen wahren", eins="Text."))
    assert "Fristen wahren" in shown(client, "/katalog")
    assert {"art", "dauer"} <= set(re.findall(r'name="(\w+)"\s+value=', shown(client, "/katalog")))
    page = shown(client, "/katalog?thema=prozess")
    assert "Fristen wahren" in page
    assert "Filter (1 aktiv)" in page
    assert "Fristen wahren" not in shown(client, "/katalog?thema=digital")


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("/suche?suche=xyzzy", "Versuchen Sie ein anderes oder ein kürzeres Wort."),
        ("/suche?suche=xyzzy&thema=digital", "ein kürzeres Wort, oder entfernen Sie einen Filter."),
        ("/katalog?thema=digital", "<p>Entfernen Sie einen Filter.</p>"),
    ],
)
def test_only_who_has_set_a_filter_is_told_to_remove_one(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path, address: str, advice: str
) -> None:
    published_course(session, write_course(tmp_path, "fristen", title="Fristen wahren", eins="Text."))
    page = shown(client, address)
    assert "Dazu haben wir nichts gefunden" in page
    assert advice in page
    assert ("ntfernen Sie einen Filter" in page) is ("thema=" in address)


def test_the_catalogue_has_pages_of_thirty(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path, query_count: QueryCount
) -> None:
    for number in range(32):
        published_course(session, write_course(tmp_path, f"kurs-{number:02}", title=f"Kurs {number:02}", eins="Text."))
    first = shown(client, "/katalog?sortierung=titel")
    assert "Seite 1 von 2" in first
    assert ("Kurs 29" in first, "Kurs 30" in first) == (True, False)
    assert "/katalog?sortierung=titel&amp;seite=2" in first
    second = shown(client, "/katalog?sortierung=titel&seite=2")
    assert ("Kurs 29" in second, "Kurs 30" in second, "Kurs 31" in second) == (False, True, True)
    assert "Kurs 31" in shown(client, "/katalog?sortierung=titel&seite=99")
    with query_count:
        shown(client, "/katalog")
    assert query_count == 3  # the reader; courses with their job aids; how far the reader is with them
    with query_count:
        shown(client, "/suche?suche=Kurs+Text")
    assert query_count == 5  # the reader; courses; places with the words; their passages; how far the reader is


def test_every_page_keeps_to_its_queries(
    client: FlaskClient, session: Session, reader: Person, query_count: QueryCount
) -> None:
    published_course(session)
    aid = re.search(r'href="(/kurse/bausteine/[^"]+/arbeitshilfe/[^"]+)"', shown(client, "/arbeitshilfen"))
    assert aid
    # The reader; what the page is about; then what they did, local texts, the contact person, editions, who learnt.
    budgets = {"/arbeitshilfen": 2, "/kurse/bausteine": 5, "/kurse/bausteine/fassungen": 4, aid.group(1): 4}
    for address, most in budgets.items():
        with query_count:
            shown(client, address)
        assert query_count <= min(most, BUDGET), address


def test_a_course_names_edition_review_and_contact(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path
) -> None:
    published_course(session, write_course(tmp_path, "fristen", eins="Text."))
    page = shown(client, "/kurse/fristen")
    assert "1, veröffentlicht am 20.11.2026" in page
    assert "Ansprechperson" not in page
    trainer = person(session, "Aylin Yıldız", unit=unit(session, "Organisation"))
    actions.name_contact(session, "fristen", hr_key=trainer.hr_key, name="", mail="", phone="0123 456-789")
    session.commit()
    page = shown(client, "/kurse/fristen")
    assert "Aylin Yıldız" in page
    assert "Organisation" in page
    assert f"mailto:{trainer.mail}" in page
    assert "0123 456-789" in page
    session.execute(update(Person).where(Person.key == trainer.key).values(is_active=False))
    session.commit()
    assert "Aylin" not in shown(client, "/kurse/fristen")


def test_a_team_can_be_the_contact_and_can_be_taken_back(
    session: Session, client: FlaskClient, reader: Person, tmp_path: Path
) -> None:
    published_course(session, write_course(tmp_path, "fristen", eins="Text."))
    actions.name_contact(session, "fristen", hr_key="", name="Team Lernen", mail="lernen@impuls.example", phone="")
    session.commit()
    assert "Team Lernen" in shown(client, "/kurse/fristen")
    actions.name_contact(session, "fristen", hr_key="", name="", mail="", phone="")
    session.commit()
    assert "Team Lernen" not in shown(client, "/kurse/fristen")
    with pytest.raises(actions.UnknownCourse):
        actions.name_contact(session, "fehlt", hr_key="", name="Team", mail="", phone="")
    with pytest.raises(actions.UnknownContact):
        actions.name_contact(session, "fristen", hr_key="fehlt", name="", mail="", phone="")


def test_local_texts_are_filled_in_and_open_ones_are_visible(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path
) -> None:
    text = "## Arbeitshilfe: Wen fragen {#wen}\n\nFragen Sie [[local:datenschutz]].\n"
    published_course(session, write_course(tmp_path, "fristen", eins=text))
    address = "/kurse/fristen/eins/arbeitshilfe/wen"
    assert "bitte ergänzen: datenschutz" in shown(client, address)
    actions.write_local_text(session, "datenschutz", " Frau <Kaya>,\nZimmer 3 ", language="de")
    session.commit()
    assert "Frau &lt;Kaya&gt;, Zimmer 3" in shown(client, address)
    actions.write_local_text(session, "datenschutz", "", language="de")
    session.commit()
    assert "bitte ergänzen: datenschutz" in shown(client, address)


def test_an_older_edition_is_there_for_who_learnt_from_it(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path, sign_in: SignIn, app: Flask
) -> None:
    first = published_course(session, write_course(tmp_path, "fristen", eins=f"Alter Stand.\n{QUESTION}"))
    place = write_course(tmp_path, "fristen", eins=f"Neuer Stand.\n{QUESTION}")
    published_course(session, place, change=Change.RENEWAL, note="Die Frist ist länger.")
    session.add(
        Enrolment(
            person_key=reader.key, course_key=first.course_key, run=1, edition_key=first.edition_key, opened_at=NOW
        )
    )
    session.commit()
    history = shown(client, "/kurse/fristen/fassungen")
    assert "Die Frist ist länger." in history
    assert "Aktualisierung mit Pflicht zur Erneuerung" in history
    assert 'href="/kurse/fristen/fassungen/1"' in history
    old = shown(client, "/kurse/fristen/fassungen/1")
    assert 'Inzwischen gilt Fassung 2. <a href="/kurse/fristen">Zum Kurs</a>' in old
    module = shown(client, "/kurse/fristen/fassungen/1/eins")
    assert ("Alter Stand" in module, "Neuer Stand" in module) == (True, False)
    assert client.get("/kurse/fristen/fassungen/2").headers["Location"] == "/kurse/fristen"
    assert client.get("/kurse/fristen/fassungen/3").status_code == 404
    other = app.test_client()
    sign_in(other, person(session))
    assert other.get("/kurse/fristen/fassungen/1").status_code == 404
    assert other.get("/kurse/fristen/fassungen/1/eins").status_code == 404
    assert 'href="/kurse/fristen/fassungen/1"' not in shown(other, "/kurse/fristen/fassungen")


def test_notices_are_shown_while_they_are_valid(session: Session, app: Flask) -> None:
    published_course(session, Path(__file__).parents[2] / "samples" / "courses" / "kurzinfo-vordruck")
    session.execute(
        update(Edition).values(valid_from=datetime.date(2026, 12, 1), valid_until=datetime.date(2026, 12, 31))
    )
    session.commit()
    days = {datetime.date(2026, 11, 30): 0, datetime.date(2026, 12, 1): 1, datetime.date(2026, 12, 31): 1}
    days[datetime.date(2027, 1, 1)] = 0
    for day, count in days.items():
        assert len(valid_notices(session, language="de", today=day)) == count, day


def test_a_translated_course_is_shown_in_the_language_of_the_reader(session: Session, app: Flask) -> None:
    published_course(session, STARTER)
    german = course_edition(session, STARTER.name, language="de")
    english = course_edition(session, STARTER.name, language="en")
    turkish = course_edition(session, STARTER.name, language="tr")
    assert german is not None
    assert english is not None
    assert turkish is not None
    assert german.course.title != english.course.title
    assert turkish.course.title == german.course.title


@pytest.mark.parametrize("odd", ["%00", "%F0%9F%98%80", "a%25b", "..%2f", "x" * 300, "%ED%A0%80"])
def test_odd_addresses_do_not_exist(client: FlaskClient, reader: Person, odd: str) -> None:
    for address in (
        f"/kurse/{odd}",
        f"/kurse/{odd}/fassungen",
        f"/medien/{odd}/a.png",
        f"/kurse/a/{odd}/arbeitshilfe/b",
    ):
        assert client.get(address, follow_redirects=True).status_code == 404, address
    for name in ("suche", "thema", "kompetenz", "seite", "kurssprache", "sortierung"):
        assert client.get(f"/katalog?{name}={odd}").status_code == 200, name


def test_pages_are_not_sent_again_while_nothing_changed(client: FlaskClient, session: Session, reader: Person) -> None:
    published_course(session)
    for address in ("/katalog", "/kurse/bausteine"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304, address


class TestFiles:
    @pytest.fixture
    def film(self, client: FlaskClient, session: Session, reader: Person, monkeypatch: pytest.MonkeyPatch) -> str:
        """The address of a film of many pieces."""
        monkeypatch.setattr("learning.library.media.PIECE_BYTES", 1000)
        published_course(session, STARTER)
        return f"/medien/{digest_of(session, FILM)}/{FILM}"

    def test_a_file_is_sent_whole_for_good_and_in_a_sandbox(self, client: FlaskClient, film: str) -> None:
        answer = client.get(film)
        original = (
            Path(__file__).parents[3] / "content/so-lernen-sie-mit-impuls/media/lesen-antworten-rueckmeldung.webm"
        )
        assert answer.data == original.read_bytes()
        assert answer.mimetype == "video/webm"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Disposition" not in answer.headers

    @pytest.mark.parametrize("asked", ["bytes=0-9", "bytes=5-5", "bytes=990-3010", "bytes=-7", "bytes=100-"])
    def test_a_range_of_a_film_is_exactly_that(self, client: FlaskClient, film: str, asked: str) -> None:
        whole = client.get(film).data
        answer = client.get(film, headers={"Range": asked})
        start, _, end = asked.removeprefix("bytes=").partition("-")
        expected = whole[-int(end) :] if not start else whole[int(start) : int(end) + 1 if end else None]
        assert answer.status_code == 206
        assert answer.data == expected
        assert answer.headers["Content-Range"].endswith(f"/{len(whole)}")

    def test_a_range_beyond_the_end_is_refused(self, client: FlaskClient, film: str) -> None:
        assert client.get(film, headers={"Range": "bytes=999999999-"}).status_code == 416

    def test_who_has_a_file_is_told_so(self, client: FlaskClient, film: str) -> None:
        etag = client.get(film).headers["ETag"]
        assert client.get(film, headers={"If-None-Match": etag}).status_code == 304

    def test_downloads_are_downloads(self, client: FlaskClient, session: Session, film: str) -> None:
        answer = client.get(f"/medien/{digest_of(session, 'mein-lernplan.odt')}/mein-lernplan.odt")
        assert answer.headers["Content-Disposition"].startswith("attachment")

    def test_a_file_is_known_by_its_own_name_only(self, client: FlaskClient, film: str) -> None:
        digest = film.split("/")[2]
        assert client.get(f"/medien/{digest}/seite.html").status_code == 404
        assert client.get(f"/medien/{'0' * 64}/lesen-antworten-rueckmeldung.webm").status_code == 404


DIFFERENT = {
    "Alpha": {"minutes": 90, "reviewed": datetime.date(2026, 1, 1), "area": "digital", "level": "vertiefung"},
    "Beta": {"minutes": 5, "reviewed": datetime.date(2026, 5, 1), "area": "prozess"},
    "Gamma": {"minutes": 30, "reviewed": datetime.date(2026, 10, 1), "area": "projekt", "kind": "notice"},
}


@pytest.fixture
def three_courses(session: Session, reader: Person, tmp_path: Path) -> None:
    """Courses that differ in everything that the catalogue filters and sorts by; Gamma is a notice in English."""
    skills = {"Alpha": "daten-lesen", "Beta": "projekte-planen"}
    for title, values in DIFFERENT.items():
        place = write_course(tmp_path, title.lower(), title=title, eins="Text.")
        course = place / "course.md"
        language = "en" if title == "Gamma" else "de"
        course.write_text(course.read_text(encoding="utf-8").replace("lang: de", f"lang: {language}"), encoding="utf-8")
        edition = published_course(session, place).edition_key
        own = {skills[title]: {"level": 2, "names": {"de": "Name", "en": "Name"}}} if title in skills else {}
        session.execute(update(Edition).where(Edition.key == edition).values(**values, skills=own))
    session.commit()


def listed(page: str) -> list[str]:
    return re.findall(r">(Alpha|Beta|Gamma)<", page)


@pytest.mark.parametrize(
    ("facet", "found"),
    [
        ("thema=projekt", "Gamma"),
        ("kompetenz=daten-lesen", "Alpha"),
        ("art=kurzinfo", "Gamma"),
        ("niveau=vertiefung", "Alpha"),
        ("dauer=kurz", "Beta"),
        ("kurssprache=en", "Gamma"),
    ],
)
@pytest.mark.usefixtures("three_courses")
def test_every_facet_is_offered_and_narrows_the_catalogue(client: FlaskClient, facet: str, found: str) -> None:
    name, value = facet.split("=")
    assert re.search(rf'name="{name}"\s+value="{value}"', shown(client, "/katalog"))
    page = shown(client, f"/katalog?{facet}")
    assert listed(page) == [found]
    assert "Filter (1 aktiv)" in page


@pytest.mark.parametrize(
    ("sorting", "order"),
    [
        ("titel", ["Alpha", "Beta", "Gamma"]),
        ("dauer", ["Beta", "Gamma", "Alpha"]),
        ("stand", ["Gamma", "Beta", "Alpha"]),
        ("passend", ["Beta", "Gamma", "Alpha"]),
    ],
)
@pytest.mark.usefixtures("three_courses")
def test_the_catalogue_is_sorted_as_asked(client: FlaskClient, sorting: str, order: list[str]) -> None:
    assert listed(shown(client, f"/katalog?sortierung={sorting}")) == order


def test_a_valid_notice_stands_on_the_first_page_and_an_old_one_does_not(
    client: FlaskClient, session: Session, reader: Person
) -> None:
    published_course(session, Path(__file__).parents[2] / "samples" / "courses" / "kurzinfo-vordruck")
    title = session.scalars(select(Edition.title)).one()
    for until, is_shown in ((clock.today(), True), (clock.today() - datetime.timedelta(days=1), False)):
        session.execute(update(Edition).values(valid_from=datetime.date(2026, 1, 1), valid_until=until))
        session.commit()
        assert (title in shown(client, "/")) is is_shown


def test_the_course_page_says_minutes_objectives_and_when_it_was_reviewed(
    client: FlaskClient, session: Session, reader: Person
) -> None:
    published_course(session)
    minutes = session.scalars(select(Edition.minutes)).one()
    page = shown(client, "/kurse/bausteine")
    assert f"{minutes} Minuten" in page
    assert "Sie erkennen jeden Baustein wieder" in page
    assert "1. November 2026" in page or "01.11.2026" in page


def test_an_answer_to_a_practice_question_is_told_at_once_why(
    client: FlaskClient, session: Session, reader: Person, tmp_path: Path
) -> None:
    text = QUESTION.replace("- ( ) zwei Wochen\n", "- ( ) zwei Wochen\n  > Zwei Wochen gelten hier nicht.\n")
    published_course(session, write_course(tmp_path, "fristen", eins=text))
    assert "Zwei Wochen gelten hier nicht." not in shown(client, "/kurse/fristen/eins")
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown(client, "/kurse/fristen/eins"))
    assert token
    answer = client.post(
        "/kurse/fristen/eins/fragen/frist", data={"csrf_token": token[1], "f-frist": "0"}, headers=ORIGIN
    )
    assert "Zwei Wochen gelten hier nicht." in answer.text
    assert "Ein Monat." in answer.text
