"""Which list is the answer list, what belongs to the stem, what is feedback."""

import pytest

from quizzes.parse import read_questions
from quizzes.questions import Cloze, Kind, Matching, MultipleChoice, Ordering, Question, SingleChoice
from quizzes.write import write_question


def read_one(body: str, *expected: str) -> Question:
    read = read_questions(f"## Frage: Was? {{#was}}\n\n{body}\n")
    assert [problem.code for problem in read.problems] == list(expected)
    (question,) = read.questions.questions
    return question


def test_other_lists_images_tables_and_letters_belong_to_the_stem() -> None:
    stem = (
        "Lesen Sie:\n\n> Sehr geehrte Frau Kaya\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "![Bild](media/a.svg)\n\n- eins\n- zwei\n\n1. erstens\n2. zweitens"
    )
    question = read_one(f"{stem}\n\n* (x) a\n* ( ) b")
    assert question.kind is Kind.SINGLE
    assert question.stem.source == stem


def test_the_marked_list_wins_over_pairs_and_orderings() -> None:
    assert read_one("- a -> b\n\n1. a\n2. b\n3. c\n\nText\n\n- (x) a\n- ( ) b").kind is Kind.SINGLE
    assert read_one("1. a\n2. b\n3. c\n\n- a -> b\n- c -> d").kind is Kind.MATCHING


def test_the_last_ordered_list_is_the_ordering() -> None:
    answer = read_one("1. x\n2. y\n\nText\n\n1. a\n2. b\n3. c").answer
    assert isinstance(answer, Ordering)
    assert [item.source for item in answer.items] == ["a", "b", "c"]


def test_an_ordered_list_beside_gaps_or_a_writing_line_is_stem() -> None:
    assert read_one("1. ein [[a]]\n2. b\n3. c").kind is Kind.CLOZE
    assert read_one("1. a\n2. b\n3. c\n\n___").kind is Kind.FREE_TEXT


def test_numbered_options_are_options() -> None:
    assert read_one("1. ( ) a\n2. (x) b").kind is Kind.SINGLE


def test_steps_of_an_ordering_may_mention_arrows() -> None:
    assert read_one("1. a -> b\n2. b\n3. c").kind is Kind.ORDERING


def test_an_arrow_counts_only_between_white_space_outside_code_links_and_emphasis() -> None:
    answer = read_one("- `a -> b` -> *c -> d*\n- [e -> f](x.md) -> g\n- h \\-> i -> j").answer
    assert isinstance(answer, Matching)
    sides = [(pair.left.source, pair.right.source) for pair in answer.pairs]
    assert sides == [("`a -> b`", "*c -> d*"), ("[e -> f](x.md)", "g"), ("h \\-> i", "j")]


def test_arrows_in_options_stay_text() -> None:
    answer = read_one("- (x) a -> b\n- ( ) c").answer
    assert isinstance(answer, SingleChoice)
    inline = answer.options[0].text.tokens[1]
    assert "".join(child.content for child in inline.children or ()) == "a -> b"
    assert {child.type for child in inline.children or ()} == {"text"}


def test_quotes_without_indent_do_not_split_a_list() -> None:
    answer = read_one("- ( ) a\n> zu a\n- (x) b\n> zu b\n> noch b\n\n> Erklärung", "W305", "W305").answer
    assert isinstance(answer, SingleChoice)
    assert [option.feedback.source for option in answer.options if option.feedback] == ["zu a", "zu b\nnoch b"]


def test_an_explanation_needs_a_blank_line_before_it() -> None:
    question = read_one("- ( ) a\n- (x) b\n\n> Erklärung\n\n> zweiter Teil")
    assert question.explanation is not None
    assert question.explanation.source == "Erklärung\n\nzweiter Teil"


def test_another_bullet_does_not_split_a_list() -> None:
    answer = read_one("- ( ) a\n* (x) b\n+ ( ) c").answer
    assert isinstance(answer, SingleChoice)
    assert len(answer.options) == 3


def test_a_hint_may_stand_directly_below_the_answers() -> None:
    question = read_one("- ( ) a\n- (x) b\n> [!TIP]\n> Hinweis\n\n> [!TIP]\n> noch einer\n\n> Erklärung")
    assert [hint.source for hint in question.hints] == ["Hinweis", "noch einer"]
    assert question.explanation is not None


def test_feedback_beside_gaps_is_never_the_answer_list() -> None:
    question = read_one("Ein [[a]].\n\n- ! b\n  > Nein.\n\n> Erklärung")
    assert isinstance(question.answer, Cloze)
    assert len(question.answer.mistakes) == 1
    assert question.stem.source == "Ein [[a]]."


def test_feedback_beside_an_ordering_needs_lines_about_order_only() -> None:
    assert read_one("1. a\n2. b\n3. c\n\n- = Wort\n- ! 3 vor 1").kind is Kind.TEXT
    assert read_one("1. a\n2. b\n3. c\n\n- = 3 vor 1\n- ! 3 vor 2").kind is Kind.ORDERING


def test_an_ordering_with_lines_about_order_may_have_arrows_in_its_stem() -> None:
    question = read_one("- a -> b\n- c -> d\n\n1. a\n2. b\n3. c\n\n- ! 3 vor 1")
    assert question.kind is Kind.ORDERING
    assert question.stem.source == "- a -> b\n- c -> d"


def test_lines_about_order_are_answers_where_there_is_no_ordering() -> None:
    read = read_questions("## Frage: Was? {#was}\n\n1. a\n2. b\n\n___\n\n- ! 2 vor 1\n")
    assert [problem.code for problem in read.problems] == ["E302"]
    assert read_one("1. a\n2. b\n\n___\n\n- = 2 vor 1").kind is Kind.TEXT


def test_pairs_keep_a_list_of_remarks_beside_them() -> None:
    answer = read_one("- a -> b\n- c -> d\n\n* = richtig\n  > Gut.\n* ! sonst\n  > Hm.").answer
    assert isinstance(answer, Matching)
    assert answer.remarks.right is not None
    assert answer.remarks.otherwise is not None


def test_the_text_of_a_cloze_goes_on_after_its_last_gap() -> None:
    question = read_one("Ein [[a]].\n\nNoch Text.\n\n> Erklärung")
    assert question.stem.source == "Ein [[a]].\n\nNoch Text."


def test_text_after_the_explanation_joins_it_and_never_shows_early() -> None:
    question = read_one("Ein [[a]].\n\n> Erklärung\n\nNoch Text.", "W323")
    assert question.stem.source == "Ein [[a]]."
    assert question.explanation is not None
    assert question.explanation.source == "Erklärung\n\nNoch Text."


def test_options_may_hold_blocks_of_their_own() -> None:
    answer = read_one("- [x] a\n\n  | a |\n  |---|\n  > zu a\n\n- [ ] ![Bild](a.svg)\n- [ ] # b").answer
    assert isinstance(answer, MultipleChoice)
    assert [option.text.source for option in answer.options] == ["a\n\n| a |\n|---|", "![Bild](a.svg)", "# b"]


def test_what_a_sign_keeps_a_paragraph_stays_one_alone() -> None:
    answer = read_one("- ( ) # a\n- (x) 1. b\n- ( ) ---\n- ( ) ```\n- ( ) [x]: y").answer
    assert isinstance(answer, SingleChoice)
    sources = [option.text.source for option in answer.options]
    assert sources == ["\\# a", "1\\. b", "\\---", "\\`\\`\\`", "[x]\\: y"]


@pytest.mark.parametrize(
    "text",
    [
        "```\n## Frage: Was?\n\n- (x) a\n```\n",
        "> ## Frage: Was?\n>\n> - (x) a\n",
        "- ## Frage: Was?\n",
        "    ## Frage: Was?\n\n    - (x) a\n",
    ],
)
def test_code_and_quotes_are_never_taken_for_questions(text: str) -> None:
    read = read_questions(text)
    assert read.questions.questions == ()
    assert read.problems == ()


def test_code_inside_a_question_holds_neither_signs_nor_gaps() -> None:
    question = read_one("```\n- ( ) x\n[[a]]\n```\n\nUnd `[[b]]`, \\[[c]].\n\n- (x) a\n- ( ) b")
    assert question.kind is Kind.SINGLE


def test_local_entries_and_facts_are_no_gaps() -> None:
    question = read_one("Fragen Sie [[local:personalrat]], heute [[fact:regelbedarf-1]].\n\n- (x) a\n- ( ) b")
    types = [child.type for child in question.stem.tokens[1].children or ()]
    assert types == ["text", "local", "text", "fact", "text"]


def test_keys_are_read_from_the_source_and_not_from_typeset_text() -> None:
    answer = read_one('- = "Anhörung" und so\n- = *a* \\*b\\* &auml;\n- = „Zitat“\n- = "x"').answer
    texts = [line.pattern.text for line in answer.accepted]  # type: ignore[union-attr]
    assert texts == ['"Anhörung" und so', "*a* *b* ä", "Zitat", "x"]


def test_a_right_side_may_hold_blocks_of_its_own() -> None:
    answer = read_one("- a ->\n\n  | x |\n  |---|\n- b -> c\n\n  noch c").answer
    assert isinstance(answer, Matching)
    assert [pair.right.source for pair in answer.pairs] == ["| x |\n|---|", "c\n\nnoch c"]


def test_a_pair_may_run_over_several_lines() -> None:
    answer = read_one("- links\n  noch links\n  -> rechts\n  noch rechts\n- b -> c").answer
    assert isinstance(answer, Matching)
    assert answer.pairs[0].left.source == "links noch links"
    assert answer.pairs[0].right.source == "rechts\nnoch rechts"
    softbreaks = [child.type for child in answer.pairs[0].left.tokens[1].children or ()]
    assert softbreaks == ["text", "softbreak", "text"]


def test_a_paragraph_with_indent_keeps_it_below_its_sign() -> None:
    question = read_one("- [x]\n\n    weiter rechts\n- [ ] b")
    assert read_questions(write_question(question)).questions.questions == (question,)


def test_a_fence_that_was_never_closed_swallows_nothing_when_written() -> None:
    question = read_one("- ! b\n\nEin [[a]].\n\n```\nCode")
    assert question.stem.source == "Ein [[a]].\n\n```\nCode\n```"
    again = read_questions(write_question(question)).questions.questions
    assert again == (question,)
    joined = read_one("- (x) a\n- ( ) b\n\n> ~~~\n> Code\n\n> mehr").explanation
    assert joined is not None
    assert joined.source == "~~~\nCode\n~~~\n\nmehr"


def test_windows_line_ends_and_tabs_make_no_difference() -> None:
    text = "## Frage: Was? {#was}\n\n-\t( ) a\n\t> zu a\n-\t(x) b\n\n>\tErklärung\n"
    plain = "## Frage: Was? {#was}\n\n- ( ) a\n  > zu a\n- (x) b\n\n> Erklärung\n"
    assert read_questions(text.replace("\n", "\r\n")).questions.questions[0].answer == (
        read_questions(plain).questions.questions[0].answer
    )
