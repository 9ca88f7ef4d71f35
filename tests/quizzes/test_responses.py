"""Stored answers: plain values there and back, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.responses import (
    Choice,
    Filled,
    Matched,
    Ordered,
    Response,
    Typed,
    UnreadableResponse,
    Written,
    from_json,
    to_json,
)

positions = st.integers(0, 9)
optional = st.lists(st.one_of(st.none(), positions)).map(tuple)
responses = st.one_of(
    st.frozensets(positions).map(Choice),
    st.text().map(Typed),
    st.text().map(Written),
    optional.map(Matched),
    optional.map(Ordered),
    st.lists(st.one_of(st.none(), positions, st.text())).map(tuple).map(Filled),
)


@given(responses)
def test_a_response_survives_being_stored(response: Response) -> None:
    assert from_json(to_json(response)) == response


@pytest.mark.parametrize(
    "data",
    [
        *(
            None,
            [],
            {},
            {"a": 1, "b": 2},
            {"choice": "0"},
            {"choice": [-1]},
            {"choice": [True]},
            {"typed": 1},
            {"x": []},
        ),
        *({"matched": [1.5]}, {"ordered": ["1"]}, {"filled": {"0": "a"}}, {"written": None}, "typed"),
    ],
)
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(UnreadableResponse):
        from_json(data)
