"""Where links lead, and which lead nowhere."""

import pytest

from courses.rendering.links import Links
from courses.rendering.media import companions
from tests.courses.samples import Folder, Places, html_of, is_valid, rendered

FILES = {"media/a b.pdf": b"1", "en/media/plan.svg": b"<svg/>", "media/plan.svg": b"<svg/>", "media/nur.svg": b"<svg/>"}


def html(text: str, **course: object) -> str:
    made = html_of(rendered(text, files=FILES, **course))
    assert is_valid(made)
    return made


def test_a_link_to_a_module_leads_to_its_page_and_section() -> None:
    assert '<a href="/kurse/fristen/fristen#abschnitt-form">x</a>' in html("Siehe [x](02-fristen.md#form).")
    assert '<a href="/kurse/fristen/fristen">x</a>' in html("Siehe [x](./02-fristen.md).")
    assert '<a href="/kurse/fristen">x</a>' in html("Siehe [x](course.md).")


def test_a_link_inside_the_module_leads_to_the_section() -> None:
    assert '<a href="#abschnitt-ziel">x</a>' in html("Siehe [x](#ziel).")


def test_a_link_outside_is_marked_for_the_ear_and_tells_nothing_about_us() -> None:
    assert html("[Gesetz](https://www.gesetze-im-internet.de/sgb_2/)") == (
        '<p><a class="external" href="https://www.gesetze-im-internet.de/sgb_2/" rel="noopener noreferrer">Gesetz'
        '<span class="for-ear"> (externe Seite)</span></a></p>\n'
    )


def test_mail_and_telephone_are_no_external_pages() -> None:
    assert html("<a@example.org>") == '<p><a href="mailto:a@example.org">a@example.org</a></p>\n'
    assert '<a href="tel:+4961">ruf</a>' in html("[ruf](tel:+4961)")


@pytest.mark.parametrize(
    "target",
    ["http://example.org", "//example.org/x", "/kurse/x", "ftp://x", "data:text/html,x", "javascript:x", "vbscript:x",
     "99-fehlt.md", "media/fehlt.pdf", "../../etc/passwd", "https://[kaputt", "#", "", "\\\\server\\datei"],
)  # fmt: skip
def test_a_link_that_leads_nowhere_leaves_its_words(target: str) -> None:
    made = html(f"Ein [Wort](<{target}>) bleibt.")
    assert "Wort" in made
    assert "href" not in made


def test_files_are_found_in_the_language_folder_first_and_then_in_the_course() -> None:
    module = {"path": "en/01-grundlagen.md", "language": "en"}
    assert 'src="/kurse/fristen/medien/en/media/plan.svg"' in html("![Plan](media/plan.svg)", **module)
    assert 'src="/kurse/fristen/medien/media/nur.svg"' in html("![Plan](media/nur.svg)", **module)
    assert 'src="/kurse/fristen/medien/media/plan.svg"' in html("![Plan](media/plan.svg)")


def test_a_file_name_may_be_written_as_in_an_address() -> None:
    assert "PDF, 1&nbsp;kB" in html("[Plan](<media/a b.pdf>)")


def test_a_link_to_a_question_of_the_page_leads_to_it() -> None:
    links = Links("a.md", {}, Places(), Folder({}), frozenset({"telefon"}))
    assert links.target("#telefon").address == "#frage-telefon"
    elsewhere = "## Frage: a {#hier}\n\n- (x) ja\n- ( ) nein\n\n---\n\nSiehe [oben](02-fristen.md#hier).\n"
    assert '<a href="/kurse/fristen/fristen#frage-hier">' in html(elsewhere)
    assert links.target("#anderes").address == "#abschnitt-anderes"


@pytest.mark.parametrize("reference", ["https://[kaputt", "//[", "http://[::1", "\x00"])
def test_what_is_no_address_leads_nowhere(reference: str) -> None:
    links = Links("a.md", {}, Places(), Folder({"a.png": b""}))
    assert links.target(reference).address == ""
    assert links.file(reference) is None


def test_companions_share_folder_and_name() -> None:
    paths = frozenset(
        {"media/a.de.vtt", "media/a.en.vtt", "media/a.vtt", "media/a.b.de.vtt", "a.de.vtt", "media/ab.de.vtt"}
    )
    assert [one.language for one in companions("media/a.mp4", paths, suffix=".vtt")] == ["de", "en"]
