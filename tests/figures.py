"""How many examples a test tries: a short figure in every run, the long one under `./dev harden`.

A test with a long form carries the mark `harden` and takes its number from here:

    from tests.figures import examples

    @pytest.mark.harden
    @settings(max_examples=examples(500, hardened=10_000))
    @given(question_sets())
    def test_reading_writing_reading_changes_nothing(questions): ...
"""

import os


def examples(short: int, *, hardened: int) -> int:
    """`short` in an ordinary run, `hardened` under ./dev harden."""
    return hardened if os.environ.get("IMPULS_HARDEN") else short
