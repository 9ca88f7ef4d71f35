"""Naughty strings as words of the command line: stored as typed, or refused with a sentence; never a trace."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from learning.cli import main
from learning.library.models import CourseContact, LocalText
from learning.people.models import Person, Unit
from learning.web.forms import typed_line
from tests.figures import examples
from tests.hostile.lists import naughty_texts
from tests.learning.access.world import COURSE, World

EVERY = examples(24, hardened=1)
# A shell hands over whatever bytes there are, except NUL; what is no UTF-8 arrives as half of a pair.
MORE = ("", " ", "\udc80", "x" * 300, "é" * 5_000, "a\x1b[31mb", "\u202e", "🏳️‍🌈" * 200)


@pytest.fixture(autouse=True)
def installation(app: Flask, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path))
    monkeypatch.setenv("IMPULS_DATABASE_URL", database_url)
    for name in ("IMPULS_PUBLIC_URL", "IMPULS_SECRET_KEY", "IMPULS_MAIL_HOST"):
        monkeypatch.delenv(name, raising=False)


def impuls(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def commands(world: World, text: str, number: int) -> Iterator[tuple[list[str], object]]:
    """Commands with the text in each place, and the query for what is stored of it."""
    unit = next(iter(world.units.values())).hr_key
    key = f"K{number}"
    yield ["people", "add-unit", "--", f"{key}-e", text], select(Unit.name).where(Unit.hr_key == f"{key}-e")
    yield ["people", "add-unit", "--", text, f"Einheit {key}"], select(Unit.hr_key).where(Unit.name == f"Einheit {key}")
    add = ["people", "add", f"--unit={unit}"]
    yield [*add, "--mail=a@b.example", "--", f"{key}-v", text, "Amsel"], named(Person.given_name, f"{key}-v")
    yield [*add, "--mail=a@b.example", "--", f"{key}-n", "Ada", text], named(Person.family_name, f"{key}-n")
    yield [*add, f"--mail={text}", "--", f"{key}-m", "Ada", "Amsel"], named(Person.mail, f"{key}-m")
    yield ["local", "set", "--", "datenschutzbeauftragte", text], select(LocalText.text)
    yield ["contact", "set", COURSE, f"--name={text}"], select(CourseContact.name)
    yield ["contact", "set", COURSE, "--name=Team", f"--mail={text}"], select(CourseContact.mail)
    yield ["contact", "set", COURSE, "--name=Team", f"--phone={text}"], select(CourseContact.phone)


def named(column: object, hr_key: str) -> object:
    return select(column).where(Person.hr_key == hr_key)


@pytest.mark.harden
def test_what_is_typed_is_stored_or_refused_with_a_sentence(world: World) -> None:
    wrong, tried, refused = [], 0, 0
    numbers = itertools.count()
    for text in (*naughty_texts()[::EVERY], *MORE):
        if "\0" in text:
            continue
        for words, query in commands(world, text, next(numbers)):
            told = impuls(*words)
            tried += 1
            if told.exit_code:
                refused += 1
                if not isinstance(told.exception, SystemExit) or not told.output.strip():
                    wrong.append(f"{words[:2]} {text[:40]!r}: {told.exception!r:.160}")
                continue
            world.session.rollback()
            stored = world.session.scalar(query)
            if (stored or "") != typed_line({"x": text}, "x", longest=10_000):
                wrong.append(f"{words[:2]} {text[:40]!r}: stored as {stored!r:.80}")
    print(f"{tried} commands, {refused} refused")
    assert not wrong, "\n".join(wrong)
