"""Front matter: cut off, read with lines, and refused where YAML would do more than name values."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.reading.frontmatter import DEPTH_LIMIT, SIZE_LIMIT, Mapping, Scalar, Sequence, cut_front_matter, read_yaml
from tests.figures import examples

BOMBS = Path(__file__).parents[3] / "shared" / "fixtures" / "adversarial" / "yaml"


def refusal(text: str, *, first_line: int = 2) -> tuple[str, int, int]:
    mapping, problems = read_yaml(text, first_line=first_line)
    assert mapping is None
    problem = problems[-1]
    return problem.code, problem.line, problem.column


def read(text: str) -> Mapping:
    mapping, problems = read_yaml(text)
    assert problems == []
    assert mapping is not None
    return mapping


def test_front_matter_is_cut_off_with_the_lines_at_which_the_parts_begin() -> None:
    cut = cut_front_matter("---\nid: a\ntitle: b\n---\n\nText\n")
    assert (cut.yaml, cut.yaml_line) == ("id: a\ntitle: b", 2)
    assert (cut.body, cut.body_line) == ("\nText\n", 5)


def test_three_dots_close_front_matter_too() -> None:
    assert cut_front_matter("---\nid: a\n...\nText").body == "Text"


@pytest.mark.parametrize("text", ["Text\n---\nid: a\n---\n", " ---\nid: a\n---\n", "----\nid: a\n---\n", ""])
def test_a_text_that_does_not_begin_with_the_line_has_no_front_matter(text: str) -> None:
    cut = cut_front_matter(text)
    assert (cut.yaml, cut.body, cut.body_line, cut.problems) == (None, text, 1, ())


def test_front_matter_without_its_closing_line_is_reported_and_the_text_kept() -> None:
    cut = cut_front_matter("---\nid: a\n\nText")
    assert cut.yaml is None
    assert cut.body_line == 1
    assert [(problem.code, problem.line) for problem in cut.problems] == [("E008", 1)]


def test_values_know_their_lines_and_columns() -> None:
    mapping = read("id: a\nauthors:\n  - Anna\n  - 'Bo: Ba'\nskills: {lesen: 2}\n")
    assert mapping.keys["authors"].line == 2
    assert mapping.entries["authors"] == Sequence((Scalar("Anna", True, 3, 5), Scalar("Bo: Ba", False, 4, 5)), 3, 3)
    skills = mapping.entries["skills"]
    assert isinstance(skills, Mapping)
    assert (skills.keys["lesen"].line, skills.keys["lesen"].column) == (5, 10)


@pytest.mark.parametrize("text", ["", "\n\n", "# nur ein Kommentar\n", "~"])
def test_empty_front_matter_is_an_empty_mapping(text: str) -> None:
    assert read(text).entries == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id: a\ntitle: Widerspruch: Fristen", 3),
        ("id: a\n\ttitle: b", 3),
        ("id: [a, b\ntitle: c", 3),
        ('id: "a\ntitle: b', 3),
        ("id: a\n  title: b", 3),
        ("id: a\n- b", 3),
        ("id: a\ntitle: \x07", 3),
        ("id: a\ntitle: \ud800", 3),
        ("id: a\n--- \ntitle: b", 3),
        ("- id\n- title", 2),
        ("nur Text", 2),
        ("%YAML 1.1\n---\nid: a", 3),
        ("@id: a", 2),
        ("id: a\n? [b, c]\n: d\ne: [", 5),
    ],
)
def test_what_is_no_yaml_of_keys_and_values_is_refused_at_yamls_own_line(text: str, line: int) -> None:
    code, found, _ = refusal(text)
    assert (code, found) == ("E002", line)


def test_a_list_as_key_is_reported_and_the_rest_read() -> None:
    mapping, problems = read_yaml("? [a, b]\n: c\nd: e")
    assert mapping is not None
    assert list(mapping.entries) == ["d"]
    assert [(problem.code, problem.line) for problem in problems] == [("E002", 1)]


def test_a_key_written_twice_names_both_lines_and_the_first_counts() -> None:
    mapping, problems = read_yaml("id: a\ntitle: b\nid: c", first_line=2)
    assert mapping is not None
    assert mapping.entries["id"] == Scalar("a", True, 2, 5)
    assert [(p.code, p.line, p.parameters) for p in problems] == [("E009", 4, {"field": "id", "first_line": 2})]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("id: &a x", "&a"),
        ("id: a\ntitle: *a", "*a"),
        ("authors: &a [x]", "&a"),
        ("id: !!python/object/apply:os.system [ls]", "tag:yaml.org,2002:python/object/apply:os.system"),
        ("id: !mein x", "!mein"),
        ("&a id: x", "&a"),
    ],
)
def test_anchors_aliases_and_tags_are_refused_with_their_sign(text: str, sign: str) -> None:
    mapping, problems = read_yaml(text)
    assert mapping is None
    assert [(problem.code, problem.parameters) for problem in problems] == [("E007", {"sign": sign})]


@pytest.mark.skipif(not BOMBS.is_dir(), reason="the folder of hostile samples lies outside this repository")
@pytest.mark.parametrize("name", ["billion_laughs.yaml", "recursive.yaml"])
def test_published_alias_bombs_are_refused_at_once(name: str) -> None:
    started = time.process_time()
    code, _, _ = refusal((BOMBS / name).read_text(encoding="utf-8"))
    assert code == "E007"
    assert time.process_time() - started < 1


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert "<<" in read("<<: {a: b}").entries


def test_front_matter_above_64_kilobytes_is_refused_before_it_is_parsed() -> None:
    mapping, (problem,) = read_yaml("# ü" * (SIZE_LIMIT // 4 + 1), first_line=2)
    assert mapping is None
    assert (problem.code, problem.line, problem.parameters) == ("E006", 2, {"kilobytes": 64, "limit": 64})


@pytest.mark.parametrize("sign", ["[", "{", "- ", "? ", "a:\n  " * 3 + "[", "{a: "])
def test_deep_nesting_is_refused_at_once(sign: str) -> None:
    started = time.process_time()
    code, _, _ = refusal(sign * (SIZE_LIMIT // len(sign) - 10))
    assert code in ("E011", "E002")
    assert time.process_time() - started < 2


def test_the_deepest_allowed_nesting_is_read() -> None:
    assert read("a: " + "[" * (DEPTH_LIMIT - 1) + "]" * (DEPTH_LIMIT - 1)).entries


@pytest.mark.harden
@settings(max_examples=examples(200, hardened=20_000))
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="ab:-?[]{},&*!|>'\"%@`#~ \n\t", max_size=60),
    )
)
def test_any_text_is_read_or_refused_with_lines_that_exist(text: str) -> None:
    mapping, problems = read_yaml(text, first_line=2)
    assert mapping is not None or problems
    assert all(
        2 <= problem.line <= text.count("\n") + text.count("\r") + text.count("\x85") + 3 for problem in problems
    )
