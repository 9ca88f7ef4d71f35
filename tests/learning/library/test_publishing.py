"""Publishing: editions are immutable, the same bundle changes nothing, errors publish nothing, two at once are fine."""

import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from courses.bundle import open_bundle
from learning.database import work
from learning.library.drafts import Unpublishable, draft_of
from learning.library.media import ChangedMeanwhile, store_media
from learning.library.models import (
    Edition,
    EditionModule,
    HtmlBlock,
    MediaFile,
    ModuleText,
    QuestionRevision,
    SearchPlace,
    StoredCourse,
)
from learning.library.preparation import CourseOrder, prepare_at_once
from learning.library.publication import PublishOrder, publish_place
from learning.library.publishing import Change, Published, publish_course
from learning.library.stored_editions import course_edition, course_module, filled_in
from tests.factories import NOW, SAMPLE, TODAY, person, published_course
from tests.learning.library.written_courses import QUESTION, write_course

# The same positions are right; what stands there is not what it was.
SWAPPED = """
## Frage: Welche Frist gilt? {#frist}

- ( ) ein Monat
- (x) zwei Wochen
- ( ) drei Monate

> Ein Monat.
"""


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def order(place: Path, **changes: object) -> PublishOrder:
    values = {"change": Change.REVISION, "note": "", "by": None, "now": NOW, "today": TODAY} | changes
    return PublishOrder(place, **values)


def test_an_edition_keeps_number_kind_note_person_and_moment(session: Session, app: Flask) -> None:
    trainer = person(session, "Aylin Yıldız")
    published = published_course(session, change=Change.RENEWAL, note="Neues Recht", by=trainer)
    edition = session.get_one(Edition, published.edition_key)
    assert (edition.number, edition.change, edition.note) == (1, "renewal", "Neues Recht")
    assert (edition.published_by, edition.published_at) == (trainer.key, NOW)
    assert len(edition.digest) == 64


def test_the_same_bundle_again_changes_nothing(session: Session, app: Flask) -> None:
    first = published_course(session)
    before = [count(session, model) for model in (Edition, EditionModule, ModuleText, QuestionRevision, SearchPlace)]
    again = published_course(session, change=Change.RENEWAL, note="anders")
    after = [count(session, model) for model in (Edition, EditionModule, ModuleText, QuestionRevision, SearchPlace)]
    assert first.is_new
    assert not again.is_new
    assert (again.edition_key, again.number) == (first.edition_key, 1)
    assert before == after


def test_a_changed_module_makes_an_edition_that_shares_all_other_texts(
    session: Session, app: Flask, tmp_path: Path
) -> None:
    place = write_course(tmp_path, "fristen", eins=f"Erster Text.\n{QUESTION}", zwei="Zweiter Text.")
    published_course(session, place)
    write_course(tmp_path, "fristen", eins=f"Erster Text.\n{QUESTION}", zwei="Ganz anderer Text.")
    second = published_course(session, place)
    assert second.number == 2
    assert count(session, HtmlBlock) == 3
    assert count(session, QuestionRevision) == 1
    old = course_module(session, "fristen", "zwei", language="de", number=1)
    new = course_module(session, "fristen", "zwei", language="de")
    assert old is not None
    assert new is not None
    assert ("Zweiter" in str(old.rendered), "anderer" in str(new.rendered)) == (True, True)
    assert (old.stored.is_newest, new.stored.is_newest) == (False, True)


def test_questions_scored_otherwise_are_named(session: Session, app: Flask, tmp_path: Path) -> None:
    place = write_course(tmp_path, "fristen", eins=QUESTION)
    published_course(session, place)
    write_course(tmp_path, "fristen", eins=QUESTION.replace("zwei Wochen", "zwei Wochn"))
    assert published_course(session, place, change=Change.CORRECTION).changed_keys == ()
    write_course(tmp_path, "fristen", eins=QUESTION.replace("( ) drei", "(X) drei").replace("(x) ein", "( ) ein"))
    assert published_course(session, place).changed_keys == ("frist",)


def test_an_option_that_says_something_else_counts_as_another_key(session: Session, app: Flask, tmp_path: Path) -> None:
    place = write_course(tmp_path, "fristen", eins=QUESTION)
    published_course(session, place)
    write_course(tmp_path, "fristen", eins=SWAPPED)
    assert published_course(session, place).changed_keys == ("frist",)
    write_course(tmp_path, "fristen", eins=SWAPPED.replace("zwei Wochen", "sechzehn Tage"))
    assert published_course(session, place).changed_keys == ("frist",)


def test_swapped_options_of_a_translation_count_too(session: Session, app: Flask, tmp_path: Path) -> None:
    place = write_course(tmp_path, "fristen", eins=QUESTION)
    english = place / "en" / "01-eins.md"
    english.parent.mkdir()
    front, options = "---\ntitle: One\n---\n", ("two weeks", "one month", "three months")
    text = QUESTION.replace("Frage: Welche Frist gilt?", "Question: Which period applies?")
    for german, own in zip(("zwei Wochen", "ein Monat", "drei Monate"), options, strict=True):
        text = text.replace(german, own)
    english.write_text(front + text, encoding="utf-8")
    published_course(session, place)
    swapped = text.replace("( ) two weeks\n- (x) one month", "( ) one month\n- (x) two weeks")
    assert swapped != text
    english.write_text(front + swapped, encoding="utf-8")
    assert published_course(session, place).changed_keys == ("frist",)


def test_a_correction_that_scores_otherwise_is_refused_and_nothing_of_the_folder_is_published(
    session: Session, app: Flask, engine: Engine, tmp_path: Path
) -> None:
    for slug in ("anderer", "fristen"):
        write_course(tmp_path, slug, eins=QUESTION)
    publish_place(engine, order(tmp_path))
    write_course(tmp_path, "anderer", eins=f"Ein Satz mehr.\n{QUESTION}")
    write_course(tmp_path, "fristen", eins=SWAPPED)
    refused = publish_place(engine, order(tmp_path, change=Change.CORRECTION))
    assert refused is not None
    assert [(problem.code, problem.path, problem.line) for problem in refused.problems] == [
        ("E155", "fristen/01-eins.md", 6)
    ]
    assert dict(refused.problems[0].parameters) == {"id": "fristen/frist", "number": "1"}
    assert refused.courses == ()
    assert set(session.scalars(select(Edition.number))) == {1}


def test_a_correction_may_change_the_keys_that_are_named_as_wrong(
    session: Session, app: Flask, engine: Engine, tmp_path: Path
) -> None:
    write_course(tmp_path, "fristen", eins=QUESTION)
    publish_place(engine, order(tmp_path))
    write_course(tmp_path, "fristen", eins=SWAPPED)
    named = order(tmp_path, change=Change.CORRECTION, wrong_keys=frozenset({"fristen/frist"}))
    corrected = publish_place(engine, named)
    assert corrected is not None
    assert [(one.number, one.changed_keys) for one in corrected.courses] == [(2, ("frist",))]


def test_a_correction_is_judged_by_the_edition_that_is_the_newest_when_it_is_written(
    session: Session, app: Flask, engine: Engine, tmp_path: Path
) -> None:
    place = write_course(tmp_path, "fristen", eins=QUESTION)
    published_course(session, place)
    write_course(tmp_path, "fristen", eins=QUESTION.replace("zwei Wochen", "zwei Wochn"))
    typo = draft_of(prepare_at_once(CourseOrder(place, TODAY, is_published=True)))
    write_course(tmp_path, "fristen", eins=SWAPPED)
    published_course(session, place)
    with pytest.raises(Unpublishable) as refused:
        work(engine, lambda one: publish_course(one, typo, change=Change.CORRECTION, note="", by=None, now=NOW))
    assert [problem.code for problem in refused.value.problems] == ["E155"]


def test_a_folder_with_a_foreign_id_publishes_none_of_its_courses(
    session: Session, app: Flask, engine: Engine, tmp_path: Path
) -> None:
    write_course(tmp_path, "fristen", eins="Text.")
    publish_place(engine, order(tmp_path))
    write_course(tmp_path, "anderer", eins="Text.")
    course = tmp_path / "fristen" / "course.md"
    course.write_text(course.read_text(encoding="utf-8").replace("id: fristen", "id: fremd"), encoding="utf-8")
    refused = publish_place(engine, order(tmp_path))
    assert refused is not None
    assert [problem.code for problem in refused.problems] == ["E103"]
    assert count(session, StoredCourse) == 1


def test_what_is_read_back_is_what_was_prepared(session: Session, app: Flask) -> None:
    prepared = prepare_at_once(CourseOrder(SAMPLE, TODAY, languages=("de", "en"), is_published=True))
    published_course(session)
    for language, edition in prepared.editions.items():
        stored = course_edition(session, "bausteine", language=language)
        assert stored is not None
        assert stored.edition.rendered.description.segments == edition.rendered.description.segments
        assert (stored.course.title, stored.course.summary) == (edition.course.title, edition.course.summary)
        for module in edition.course.modules:
            rendered = edition.rendered.modules[module.slug]
            found = course_module(session, "bausteine", module.slug, language=language)
            assert found is not None
            found = filled_in(session, found)
            assert found.rendered.segments == rendered.segments
            assert found.rendered.contents == rendered.contents
            assert found.rendered.reading == rendered.reading
            assert found.rendered.questions == rendered.questions
            assert [one.html for one in _headings(found.rendered)] == [one.html for one in _headings(rendered)]
            assert found.module.rules == module.rules
            assert found.module.document.questions.pools == module.document.questions.pools


def _headings(rendered: object) -> list:
    return [question.heading for question in rendered.questions]


def test_a_bundle_with_errors_publishes_nothing_and_lists_all_of_them(
    session: Session, app: Flask, engine: Engine, tmp_path: Path
) -> None:
    write_course(tmp_path, "gut", eins="Text.")
    write_course(
        tmp_path, "schlecht", eins="![](media/fehlt.png)\n", zwei="## Frage: Ohne richtige? {#a}\n\n- ( ) a\n- ( ) b\n"
    )
    publication = publish_place(engine, order(tmp_path))
    assert publication is not None
    assert publication.is_refused
    assert {problem.path for problem in publication.problems} == {"schlecht/01-eins.md", "schlecht/02-zwei.md"}
    assert count(session, StoredCourse) == 0


def test_questions_without_an_id_forbid_publishing(app: Flask, tmp_path: Path) -> None:
    place = write_course(tmp_path, "fristen", eins=QUESTION.replace(" {#frist}", ""))
    prepared = prepare_at_once(CourseOrder(place, TODAY, is_published=True))
    with pytest.raises(Unpublishable) as refused:
        draft_of(prepared)
    assert [problem.code for problem in refused.value.problems] == ["W201"]


def test_a_folder_of_courses_is_published_once_and_then_not_even_prepared(
    session: Session, app: Flask, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_course(tmp_path, "eins", eins="Text.")
    write_course(tmp_path, "zwei", eins="Text.")
    first = publish_place(engine, order(tmp_path))
    monkeypatch.setattr("learning.library.publication.prepare_course", None)
    again = publish_place(engine, order(tmp_path))
    assert first is not None
    assert again is not None
    assert [(one.slug, one.is_new) for one in first.courses] == [("eins", True), ("zwei", True)]
    assert [(one.slug, one.is_new) for one in again.courses] == [("eins", False), ("zwei", False)]


def test_a_published_folder_keeps_its_id(session: Session, app: Flask, tmp_path: Path) -> None:
    place = write_course(tmp_path, "fristen", eins="Text.")
    published_course(session, place)
    text = (place / "course.md").read_text(encoding="utf-8")
    (place / "course.md").write_text(text.replace("id: fristen", "id: anders"), encoding="utf-8")
    with pytest.raises(Unpublishable) as refused:
        published_course(session, place)
    assert [problem.code for problem in refused.value.problems] == ["E103"]
    assert count(session, StoredCourse) == 1


@pytest.mark.parametrize("texts", [("Gleich.", "Gleich."), ("Erster Stand.", "Zweiter Stand.")])
def test_two_who_publish_at_once_both_get_a_true_answer(
    session: Session, app: Flask, engine: Engine, tmp_path: Path, texts: tuple[str, str]
) -> None:
    drafts = []
    for folder, text in zip("ab", texts, strict=True):
        place = write_course(tmp_path / folder, "fristen", eins=text)
        drafts.append(draft_of(prepare_at_once(CourseOrder(place, TODAY, is_published=True))))
    answers: list[Published] = []
    start = threading.Barrier(2)

    def publish(draft: object) -> None:
        start.wait()
        answers.append(
            work(engine, lambda one: publish_course(one, draft, change=Change.REVISION, note="", by=None, now=NOW))
        )

    threads = [threading.Thread(target=publish, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = session.scalars(select(Edition.number).order_by(Edition.number)).all()
    if texts[0] == texts[1]:
        assert numbers == [1]
        assert sorted(answer.is_new for answer in answers) == [False, True]
    else:
        assert numbers == [1, 2]
        assert sorted(answer.number for answer in answers) == [1, 2]
        newest = session.scalars(select(StoredCourse.edition_key)).one()
        assert newest == max(answer.edition_key for answer in answers if answer.number == 2)
    assert {place.edition_key for place in session.scalars(select(SearchPlace))} == {
        session.scalars(select(StoredCourse.edition_key)).one()
    }


def test_media_are_stored_once_and_only_with_the_bytes_they_are_known_by(
    session: Session, app: Flask, engine: Engine
) -> None:
    bundle = open_bundle(SAMPLE).bundle
    assert bundle is not None
    published_course(session)
    files = count(session, MediaFile)
    assert files
    published_course(session)
    assert count(session, MediaFile) == files
    path = next(path for path in bundle.paths if path.startswith("media/"))
    with pytest.raises(ChangedMeanwhile):
        store_media(engine, bundle, {path: "0" * 64})
    assert count(session, MediaFile) == files
