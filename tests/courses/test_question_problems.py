"""Problems of questions as trainers meet them: in a file of a course, at its line, sayable in both languages."""

import pytest

from courses.wording import word
from tests.courses.checking import check, place_of, test_module

SAMPLES = {
    "E203": ("## Frage: A {#Ä!}\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "E204": ("## Frage: A {#a wichtig}\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "E205": ("## Frage: A {#a points=viel}\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "E208": ("## Frage: A {#a\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "W201": ("## Frage: A\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "E301": ("## Frage: A {#a}\n\n- ( ) a\n- [x] b\n", "- [x] b"),
    "E302": ("## Frage: A {#a}\n\n- ( ) a\n- ( ) b\n", "## Frage"),
    "E303": ("## Frage: A {#a}\n\n- (x) a\n- (x) b\n", "- (x) b"),
    "E304": ("## Frage: A {#a}\n\nNur Text.\n", "## Frage"),
    "W305": ("## Frage: A {#a}\n\n- ( ) a\n> Nein.\n- (x) b\n", "> Nein"),
    "E306": ("## Frage: A {#a}\n\n- ( )\n- (x) b\n", "- ( )"),
    "E307": ("## Frage: A {#a}\n\n- ( ) a\n- (x) b\n- ( ) a\n", "- ( ) a\n\n"),
    "E308": ("## Frage: A {#a}\n\n- (x) a\n", "## Frage"),
    "E309": ("## Frage: A {#a}\n\nEs fehlt [[]] hier.\n", "Es fehlt"),
    "E310": ("## Frage: A {#a}\n\nEs fehlt [[Wort]].\n\n- ( ) a\n- (x) b\n", "- ( ) a"),
    "W311": ("## Frage: A {#a}\n\n- [x] a\n- [x] b\n- [ ] c\n", "## Frage"),
    "E312": ("## Frage: A {#a}\n\n- [x] a\n- [x] b\n", "## Frage"),
    "E313": ("## Frage: A {#a}\n\n- a -> b\n", "## Frage"),
    "E314": ("## Frage: A {#a}\n\n1. a\n2. b\n", "## Frage"),
    "E315": ("## Frage: A {#a}\n\n- = 31 bis 28\n", "- = 31"),
    "W316": ("## Frage: A {#a}\n\n- ( ) a\n- (x) b\n- ( ) alle genannten\n", "- ( ) alle"),
    "W317": (f"## Frage: A {{#a}}\n\n- ( ) a\n- (x) {'lang ' * 12}\n", "- (x) lang"),
    "W318": ("## Frage: A {#a}\n\n- = 0911\n", "- = 0911"),
    "W319": ("## Frage: A {#a}\n\n- = Straße\n- = strasse\n", "- = strasse"),
    "E320": ("## Frage: A {#a}\n\n- () a\n- (x) b\n", "- () a"),
    "W321": ("## Frage: A {#a}\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "E322": ("## Frage: A {#a}\n\n- ( ) a\n- (x) b\n\nText.\n\n- ( ) c\n- (x) d\n", "- ( ) c"),
    "W323": ("## Frage: A {#a}\n\n- ( ) a\n- (x) b\n\nNoch etwas.\n", "Noch etwas"),
    "E324": ("## Abschnitt\n\n- ( ) a\n- (x) b\n", "- ( ) a"),
    "W325": ("## Frage - A\n\nText.\n", "## Frage"),
    "E326": ("## Frage: A {#a}\n\n- ( ) a\n  - (x) b\n- (x) c\n", "  - (x) b"),
    "W327": ("Frage: A {#a}\n---\n\n- ( ) a\n- (x) b\n", "Frage: A"),
    "E328": ("## Frage: A {#a must before}\n\n- ( ) a\n- (x) b\n", "## Frage"),
    "E401": ("## Fragenpool: P {#p draw=3}\n\n### Frage: A {#a}\n\n- ( ) a\n- (x) b\n", "## Fragenpool"),
    "W405": (
        "## Fragenpool: P {#p draw=1}\n\n### Frage: A {#a points=2}\n\n- ( ) a\n- (x) b\n\n"
        "### Frage: B {#b}\n\n- ( ) a\n- (x) b\n",
        "## Fragenpool",
    ),
    "E406": ("## Fragenpool: P {#p}\n\n## Abschnitt\n", "## Fragenpool"),
    "W407": ("## Fragenpool: P {#p}\n\nVerirrter Text.\n\n### Frage: A {#a}\n\n- ( ) a\n- (x) b\n", "Verirrter"),
}


@pytest.mark.parametrize("code", SAMPLES)
def test_a_problem_of_a_question_is_found_at_its_line(code: str) -> None:
    body, words = SAMPLES[code]
    module = test_module(f"{body}\n")
    found = [problem for problem in check(files={"90-test.md": module}) if problem.code == code]
    assert [problem.line for problem in found] == [place_of(module, words)[0]]
    for language in ("de", "en"):
        wording = word(found[0], language)
        assert not wording.text.startswith("…"), wording
        assert len(wording.todo) > 10


@pytest.mark.parametrize(
    ("body", "nearer", "farther"),
    [
        ("## Frage: A {#a}\n\n- () a\n- (x) b\n", "E320", {"E301", "E304", "E302"}),
        ("## Frage: A {#a}\n\n- ()a\n- (x)b\n", "E320", {"E304", "E302"}),
        ("## Frage: A {#a}\n\n- ( ) a\n- [ ] b\n", "E301", {"E304"}),
        ("## Frage: A {#a}\n\nEs fehlt [[Wort]].\n\n- ( ) a\n- ( ) b\n", "E310", {"E302"}),
        ("## Frage: A {#a}\n\n- [x] a\n- [x] b\n", "E312", {"W311"}),
    ],
)
def test_of_two_codes_that_fit_the_nearer_one_is_reported(body: str, nearer: str, farther: set[str]) -> None:
    codes = {problem.code for problem in check(files={"90-test.md": test_module(body)})}
    assert nearer in codes
    assert not farther & codes
