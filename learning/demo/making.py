"""Puts the demonstration together: people and courses on their days, then what was learnt, in one transaction."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning.database import work
from learning.demo.authority import GULAY, JONAS, KLAUS, MAIL_HOST, PARTS, UNITS, Member, members
from learning.demo.beginning import OthersAreHere, is_empty
from learning.demo.diary import Act, Diary
from learning.demo.duties import YEARLY_FROM, write_duties
from learning.demo.shelf import (
    DATA_COURSE,
    FIRE_COURSE,
    IMPULS_COURSE,
    PROCESS_COURSE,
    SECURITY_COURSE,
    Shelf,
    fill_shelf,
)
from learning.demo.sign_ins import SignIn, keep_sign_ins, new_password
from learning.demo.stage import Stage
from learning.demo.story import send_away, write_story
from learning.language import LANGUAGES, SOURCE_LANGUAGE
from learning.library.actions import name_contact, write_local_text
from learning.library.drafts import Draft
from learning.library.publishing import Change, publish_course
from learning.library.search_words import spread_words
from learning.people import accounts
from learning.people.accounts import NewGrant, NewPerson, name_key
from learning.people.models import Person
from learning.people.passwords import hash_password
from learning.people.roles import Role

# So many days ago: units and people, starter library, new edition, last review of the library, notices.
FOUNDED, LIBRARY_OPENED, NEW_EDITION, REVIEWED, NOTICES = YEARLY_FROM + 30, 210, 45, 18, 13
FIRST_EDITIONS = {FIRE_COURSE: FOUNDED, SECURITY_COURSE: 60}
NEW_EDITION_NOTE = "Pannen werden jetzt am selben Tag gemeldet; neu ist auch der Grund dafür."
REVIEWED_NOTE = "Neu geprüft, am Inhalt hat sich nichts geändert."

LOCAL_TEXTS = (
    ("datenschutzbeauftragte", "Gülay Yıldırım, Telefon 06000 123-310", "Gülay Yıldırım, telephone 06000 123-310"),
    ("personalrat", "Sabine Oestreich, Telefon 06000 123-220", "Sabine Oestreich, telephone 06000 123-220"),
    ("organisation", "Klaus Dörrbecker, Telefon 06000 123-415", "Klaus Dörrbecker, telephone 06000 123-415"),
    ("informationssicherheit", "Meldestelle, Telefon 06000 123-999", "Reporting point, telephone 06000 123-999"),
    ("lernbegleitung", "Birgit Hesselbach, Telefon 06000 123-150", "Birgit Hesselbach, telephone 06000 123-150"),
)

CONTACT_PEOPLE = ((PROCESS_COURSE, KLAUS, "06000 123-415"), (DATA_COURSE, GULAY, "06000 123-310"))
CONTACT_TEAMS = (
    (IMPULS_COURSE, "Team Lernen", "lernen", "06000 123-150"),
    (FIRE_COURSE, "Team Arbeitsschutz", "arbeitsschutz", "06000 123-112"),
    (SECURITY_COURSE, "Meldestelle Informationssicherheit", "meldestelle", "06000 123-999"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """How many people and courses there are now, and who can sign in."""

    people: int
    courses: int
    sign_ins: tuple[SignIn, ...]


def make_demonstration(engine: Engine, place: Path, *, seed: int, today: datetime.date) -> Made:
    """Fill an empty database and write the sign-ins to the file `place`.

    Raises OthersAreHere; then, and after any failure, nobody was added.
    """
    with Session(engine) as session:
        if not is_empty(session):
            raise OthersAreHere
    shelf = fill_shelf(engine, today=today)
    rng = Random(seed)  # noqa: S311 - chance that can be repeated is what is wanted here.
    stage = Stage(Diary(today), rng, members(rng))
    sign_ins = fresh_sign_ins(stage)
    write_everything(stage, shelf, sign_ins)

    def happen(session: Session) -> None:
        if not is_empty(session):
            raise OthersAreHere
        stage.diary.happen(session)
        # Before the commit: a demonstration that nobody can sign in to would be of no use.
        keep_sign_ins(place, sign_ins)

    work(engine, happen)
    spread_words(engine)
    return Made(len(stage.people), len(shelf.drafts), sign_ins)


def fresh_sign_ins(stage: Stage) -> tuple[SignIn, ...]:
    """A new password for everybody who is shown, in the order of their parts."""
    order = [f"{part.given_name} {part.family_name}" for part in PARTS]
    shown = [member for member in stage.members if member.part.shown_as]
    return tuple(
        SignIn(member.part.shown_as, member.name, member.hr_key, new_password())
        for member in sorted(shown, key=lambda member: order.index(member.name))
    )


def write_everything(stage: Stage, shelf: Shelf, sign_ins: tuple[SignIn, ...]) -> None:
    """Enter the whole past into the diary. Passwords are hashed here, before any transaction."""
    hashes = {sign_in.account: hash_password(sign_in.password) for sign_in in sign_ins}
    send_away(stage)
    write_founding(stage, hashes)
    write_library(stage, shelf)
    write_duties(stage)
    write_story(stage)


def write_founding(stage: Stage, hashes: dict[str, str]) -> None:
    """Units at the beginning; people when they join, with their roles and passwords."""

    def found(session: Session, now: datetime.datetime) -> None:
        for key, name, above, _count in UNITS:
            accounts.add_unit(session, key, name, parent=above or None)

    def joins(member: Member) -> Act:
        def join(session: Session, now: datetime.datetime) -> None:
            stage.people[member.hr_key] = add_member(session, stage, member, hashes.get(member.hr_key), now=now)

        return join

    stage.diary.write(found, days_ago=FOUNDED, hour=6)
    for member in stage.members:
        stage.diary.write(joins(member), days_ago=min(member.since, FOUNDED), hour=7)

    def deputise(session: Session, now: datetime.datetime) -> None:
        deputy = NewGrant(Role.TEAM_LEAD, "LG-S2", until=stage.diary.today + datetime.timedelta(days=30))
        accounts.grant_role(session, stage.person(JONAS), deputy, now=now)

    stage.diary.write(deputise, days_ago=10, hour=7)


def add_member(
    session: Session, stage: Stage, member: Member, password_hash: str | None, *, now: datetime.datetime
) -> Person:
    """A person with the roles of their part."""
    part = member.part
    mail = f"{name_key(part.given_name, part.family_name).replace(' ', '.')}@{MAIL_HOST}"
    joined_on = stage.diary.day(member.since)
    new = NewPerson(member.hr_key, part.given_name, part.family_name, mail, part.unit, joined_on)
    person = accounts.add_person(session, new)
    for grant in part.grants:
        accounts.grant_role(session, person, grant, now=now)
    if password_hash:
        accounts.set_password(session, person.key, password_hash, now=now)
    return person


def write_library(stage: Stage, shelf: Shelf) -> None:
    """Editions on their days, local texts, and who answers questions on the content."""
    for slug, former in shelf.former.items():
        publish(stage, former, days_ago=FOUNDED if slug == DATA_COURSE else LIBRARY_OPENED)
    for slug, draft in shelf.drafts.items():
        if slug == DATA_COURSE:
            publish(stage, draft, days_ago=NEW_EDITION, note=NEW_EDITION_NOTE)
        elif slug in shelf.former:
            publish(stage, draft, days_ago=REVIEWED, note=REVIEWED_NOTE, change=Change.CORRECTION)
        else:
            publish(stage, draft, days_ago=FIRST_EDITIONS.get(slug, NOTICES))

    def fill_in(session: Session, now: datetime.datetime) -> None:
        for entry, german, english in LOCAL_TEXTS:
            for language in LANGUAGES:
                text = german if language == SOURCE_LANGUAGE else english
                write_local_text(session, entry, text, language=language)
        for course, name, phone in CONTACT_PEOPLE:
            hr_key = stage.person(name).hr_key
            name_contact(session, course, hr_key=hr_key, name="", mail="", phone=phone)
        for course, name, account, phone in CONTACT_TEAMS:
            name_contact(session, course, hr_key="", name=name, mail=f"{account}@{MAIL_HOST}", phone=phone)

    stage.diary.write(fill_in, days_ago=NOTICES, hour=12)


def publish(stage: Stage, draft: Draft, *, days_ago: int, note: str = "", change: Change = Change.REVISION) -> None:
    """The trainer publishes a course."""

    def act(session: Session, now: datetime.datetime) -> None:
        by = stage.person(KLAUS).key
        publish_course(session, draft, change=change, note=note, by=by, now=now)

    stage.diary.write(act, days_ago=days_ago, hour=8)
