"""An answer to one state of a question, said again for a corrected state of it, so that it can be graded there.

Options, sides and items have no names of their own: what reads the same is the same, wherever it stands. Nothing is
guessed; what cannot be told is not carried.
"""

from collections.abc import Sequence

from courses.comparing.likeness import says_the_same
from quizzes.grade import expected, right_sides
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    Matching,
    MultipleChoice,
    NumberInput,
    Option,
    Ordering,
    Passage,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response

Places = tuple[int, ...]


def carried(response: Response, before: Question, after: Question) -> Response | None:
    """`response` to `before` in the source positions of `after`; None where the two cannot be compared.

    They can when the kind is the same, the question asks the same, and there is the same to choose from, in whatever
    order. Raises UnreadableResponse when the response is of another kind than `before`.
    """
    if not says_the_same(_asked_text(before), _asked_text(after)):
        return None
    match before.answer, after.answer:
        case (SingleChoice(old), SingleChoice(new)) | (MultipleChoice(old), MultipleChoice(new)):
            return _choice(response, old, new)
        case Matching() as matching, Matching() as corrected:
            return _matched(response, matching, corrected)
        case Ordering(items), Ordering(corrected_items):
            return _ordered(response, items, corrected_items)
        case Cloze(gaps), Cloze(corrected_gaps):
            return _filled(response, gaps, corrected_gaps)
        case (ShortText(), ShortText()) | (NumberInput(), NumberInput()) | (FreeText(), FreeText()):
            return response
        case _:
            return None


def _asked_text(question: Question) -> str:
    """What is asked. The source of a stem with gaps names what they accept, so there its finished pieces count."""
    stem = question.stem
    is_with_gaps = isinstance(question.answer, Cloze) and stem.pieces
    return "\n".join((question.heading.source, *(stem.pieces if is_with_gaps else (stem.source,))))


def _choice(response: Response, old: Sequence[Option], new: Sequence[Option]) -> Response | None:
    places = _places([option.text.source for option in old], [option.text.source for option in new])
    chosen = expected(response, Choice).options
    return None if places is None else Choice(frozenset(places[at] for at in chosen))


def _matched(response: Response, old: Matching, new: Matching) -> Response | None:
    lefts = _places([pair.left.source for pair in old.pairs], [pair.left.source for pair in new.pairs])
    rights = _places(right_sides(old), right_sides(new))
    if lefts is None or rights is None:
        return None
    choices: list[int | None] = [None] * len(lefts)
    for at, chosen in enumerate(expected(response, Matched).choices):
        choices[lefts[at]] = None if chosen is None else rights[chosen]
    return Matched(tuple(choices))


def _ordered(response: Response, old: Sequence[Passage], new: Sequence[Passage]) -> Response | None:
    items = _places([item.source for item in old], [item.source for item in new])
    if items is None:
        return None
    places: list[int | None] = [None] * len(items)
    for at, place in enumerate(expected(response, Ordered).places):
        places[items[at]] = place
    return Ordered(tuple(places))


def _filled(response: Response, old: Sequence[Gap], new: Sequence[Gap]) -> Response | None:
    if len(old) != len(new):
        return None
    values: list[str | int | None] = []
    for value, gap, corrected in zip(expected(response, Filled).gaps, old, new, strict=True):
        match gap, corrected:
            case TextGap(), TextGap():
                values.append(value)
            case ChoiceGap(choices), ChoiceGap(corrected_choices):
                places = _places(choices, corrected_choices)
                if places is None:
                    return None
                values.append(places[value] if isinstance(value, int) else None)
            case _:
                return None
    return Filled(tuple(values))


def _places(before: Sequence[str], after: Sequence[str]) -> Places | None:
    """For each old text the position of the same one now; None unless both have the same texts.

    Equal texts find each other first, so that exchanged ones are seen. What is left was reworded and kept its order.
    """
    if len(before) != len(after):
        return None
    free = list(range(len(after)))
    found: dict[int, int] = {}
    for at, text in enumerate(before):
        equal = next((other for other in free if _folded(after[other]) == _folded(text)), None)
        if equal is not None:
            found[at] = equal
            free.remove(equal)
    reworded = [at for at in range(len(before)) if at not in found]
    for at, other in zip(reworded, free, strict=True):
        if not says_the_same(before[at], after[other]):
            return None
        found[at] = other
    return tuple(found[at] for at in range(len(before)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
