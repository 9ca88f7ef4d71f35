"""How texts of a published module stand in the database, and back: segments, contents, length, rules, pools.

Segments name the pieces of one block of HTML, so a module is read in one row and stored once however often it appears.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, assert_never

from courses.course import ExpertRelease, Reading
from courses.segments import (
    FactEntry,
    Heading,
    Html,
    JobAid,
    LocalEntry,
    QuestionSlot,
    RenderedModule,
    Resolution,
    SectionEnd,
    Segment,
)
from quizzes.attempts import Show, TestRules
from quizzes.questions import Pool

# Values that a JSON column takes and gives back.
Json = Any


@dataclass(slots=True)
class Pieces:
    """Collects pieces of HTML; an equal piece is kept once."""

    texts: list[str] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def place(self, html: str) -> int:
        """The position of a piece."""
        if html not in self.places:
            self.places[html] = len(self.texts)
            self.texts.append(html)
        return self.places[html]


def segments_json(segments: Iterable[Segment], pieces: Pieces) -> list[Json]:
    """Segments as plain lists; their HTML goes into `pieces`."""
    return [_segment_json(segment, pieces) for segment in segments]


def _segment_json(segment: Segment, pieces: Pieces) -> list[Json]:
    match segment:
        case Html(html, first, last):
            return ["html", pieces.place(html), first, last]
        case QuestionSlot(position, first, last):
            return ["question", position, first, last]
        case Resolution(position, first, last):
            return ["resolution", position, first, last]
        case LocalEntry(key, line):
            return ["local", key, line]
        case FactEntry(key, line):
            return ["fact", key, line]
        case SectionEnd(anchor, line):
            return ["end", anchor, line]
        case _:
            assert_never(segment)


def read_segments(values: Iterable[Sequence[Json]], pieces: Sequence[str]) -> tuple[Segment, ...]:
    """The segments that `segments_json` made these values of."""
    return tuple(_read_segment(value, pieces) for value in values)


def _read_segment(value: Sequence[Json], pieces: Sequence[str]) -> Segment:
    match list(value):
        case ["html", place, first, last]:
            return Html(pieces[place], first, last)
        case ["question", position, first, last]:
            return QuestionSlot(position, first, last)
        case ["resolution", position, first, last]:
            return Resolution(position, first, last)
        case ["local", key, line]:
            return LocalEntry(key, line)
        case ["fact", key, line]:
            return FactEntry(key, line)
        case ["end", anchor, line]:
            return SectionEnd(anchor, line)
        case _:
            raise ValueError(f"no segment: {value!r}")


def alone_json(segments: Iterable[Segment]) -> list[Json]:
    """Segments with their HTML in them, for a short text that stands by itself."""
    pieces = Pieces()
    listed = segments_json(segments, pieces)
    return [pieces.texts, listed]


def read_alone(value: Sequence[Json]) -> tuple[Segment, ...]:
    """The segments of a text that stands by itself."""
    pieces, listed = value
    return read_segments(listed, pieces)


def reading_json(reading: Reading) -> list[Json]:
    """Words, questions, minutes, points."""
    return [reading.words, reading.questions, reading.minutes, str(reading.points)]


def read_reading(value: Sequence[Json]) -> Reading:
    """The length that `reading_json` wrote."""
    words, questions, minutes, points = value
    return Reading(words, questions, minutes, Decimal(points))


def contents_json(contents: Iterable[Heading]) -> list[Json]:
    """The table of contents."""
    return [[heading.anchor, heading.title, heading.level, heading.line] for heading in contents]


def rules_json(rules: TestRules | None) -> dict[str, Json] | None:
    """The rules of a test; None for a lesson."""
    if rules is None:
        return None
    return {
        "pass_percent": rules.pass_percent,
        "attempts": rules.attempts,
        "minutes": rules.minutes,
        "draw": rules.draw,
        "show": rules.show.value,
    }


def read_rules(value: Mapping[str, Json] | None) -> TestRules | None:
    """The rules that `rules_json` wrote."""
    if value is None:
        return None
    return TestRules(value["pass_percent"], value["attempts"], value["minutes"], value["draw"], Show(value["show"]))


def pools_json(pools: Iterable[Pool]) -> list[Json]:
    """The pools of a module; members are positions of its questions."""
    return [[pool.id, pool.title, pool.draw, list(pool.members)] for pool in pools]


def read_pools(values: Iterable[Sequence[Json]]) -> tuple[Pool, ...]:
    """The pools that `pools_json` wrote."""
    return tuple(Pool(id_, title, draw, tuple(members)) for id_, title, draw, members in values)


def release_json(release: ExpertRelease | None) -> list[Json] | None:
    """Who released the statements of a module."""
    return None if release is None else [release.by, date_json(release.on), release.scope]


def read_release(value: Sequence[Json] | None) -> ExpertRelease | None:
    """The release that `release_json` wrote."""
    return None if value is None else ExpertRelease(value[0], read_date(value[1]), value[2])


def date_json(day: datetime.date | None) -> str | None:
    """A date as text."""
    return day.isoformat() if day else None


def read_date(value: str | None) -> datetime.date | None:
    """The date that `date_json` wrote."""
    return datetime.date.fromisoformat(value) if value else None


def read_rendered(values: Sequence[Json], facts: Mapping[str, Json], *, pieces: Sequence[str]) -> RenderedModule:
    """A module's text without its questions; `facts` are those of its row."""
    return RenderedModule(
        segments=read_segments(values, pieces),
        contents=tuple(Heading(*heading) for heading in facts["contents"]),
        questions=(),
        job_aids=read_job_aids(facts["job_aids"]),
        reading=read_reading(facts["reading"]),
        search_text="",
        language=facts["language"],
    )


def read_job_aids(values: Iterable[Sequence[Json]]) -> tuple[JobAid, ...]:
    """Job aids by anchor and title; their texts are cards of their own."""
    return tuple(JobAid(anchor, title, ()) for anchor, title in values)
