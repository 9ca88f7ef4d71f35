"""Makes what tests need, with sensible values for all they do not care about. Each function commits what it makes."""

import datetime
import itertools
from functools import cache
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from courses.bundle import open_bundle
from learning.database import work
from learning.library.drafts import draft_of
from learning.library.media import store_media
from learning.library.preparation import CourseOrder, PreparedCourse, prepare_at_once
from learning.library.publishing import Change, Published, publish_course
from learning.library.search_words import library_words, spread_words
from learning.people import accounts
from learning.people.accounts import NewGrant, NewPerson
from learning.people.models import Person, RoleGrant, Unit
from learning.people.passwords import hash_password
from learning.people.roles import Role

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 20)
_numbers = itertools.count(1)
SAMPLES = Path(__file__).resolve().parent / "samples"
SAMPLE = SAMPLES / "courses" / "bausteine"


def unit(session: Session, name: str = "", *, parent: Unit | None = None) -> Unit:
    """A unit, below `parent` or at the top."""
    number = next(_numbers)
    made = accounts.add_unit(
        session, f"OE-{number}", name or f"Einheit {number}", parent=parent.hr_key if parent else None
    )
    session.commit()
    return made


def person(
    session: Session,
    name: str = "",
    *,
    unit: Unit | None = None,
    hr_key: str = "",
    joined_on: datetime.date | None = None,
) -> Person:
    """A person named "Vorname Nachname" in a unit of their own unless one is given."""
    number = next(_numbers)
    given, _, family = (name or f"Person Nummer{number}").partition(" ")
    place = unit or globals()["unit"](session)
    new = NewPerson(hr_key or f"P-{number}", given, family, f"p{number}@impuls.example", place.hr_key, joined_on)
    made = accounts.add_person(session, new)
    session.commit()
    return made


def grant(
    session: Session,
    person: Person,
    role: Role,
    *,
    unit: Unit | None = None,
    includes_sub_units: bool = False,
    until: datetime.date | None = None,
) -> RoleGrant:
    """A role of a person, on a unit where the role needs one."""
    new = NewGrant(role, unit.hr_key if unit else None, includes_sub_units, until)
    made = accounts.grant_role(session, person, new, now=NOW)
    session.commit()
    return made


def password(session: Session, person: Person, text: str) -> None:
    """Let a person sign in with this password."""
    accounts.set_password(session, person.key, hash_password(text), now=NOW)
    session.commit()


def published_course(
    session: Session,
    folder: Path = SAMPLE,
    *,
    change: Change = Change.REVISION,
    note: str = "",
    by: Person | None = None,
    wrong_keys: tuple[str, ...] = (),
    now: datetime.datetime = NOW,
) -> Published:
    """The course in `folder` as its next edition; without child processes, so it takes a twentieth of a second."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    bundle = open_bundle(folder).bundle
    assert bundle is not None
    order = CourseOrder(folder, TODAY, languages=("de", "en"), is_published=True)
    prepared = prepared_sample(order) if SAMPLES in folder.parents else prepare_at_once(order)
    draft = draft_of(prepared, known=library_words(session))
    session.commit()
    store_media(engine, bundle, prepared.media)
    by_key = by.key if by else None
    published = work(
        engine,
        lambda one: publish_course(one, draft, change=change, note=note, by=by_key, wrong_keys=wrong_keys, now=now),
    )
    spread_words(engine)
    return published


@cache
def prepared_sample(order: CourseOrder) -> PreparedCourse:
    """A course of the samples, which nobody changes while tests run: read and rendered once for hundreds of tests."""
    return prepare_at_once(order)
