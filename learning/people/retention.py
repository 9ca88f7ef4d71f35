"""When data of accounts end: sign-ins, links and letters, failed tries, and the accounts of people who have left.

Every function deletes what is due at the moment it is given, answers how many rows, and finds nothing the second time.
"""

import datetime
from typing import Any

from sqlalchemy import Column, Delete, Update, delete, exists, or_, select, update
from sqlalchemy.orm import Session as Work

from learning.database import Model
from learning.people.membership import deactivate_leavers
from learning.people.models import (
    Credential,
    Identity,
    OneTimeLink,
    OutgoingMail,
    Person,
    RoleGrant,
    Session,
    SignInFlow,
    UsedLogout,
)
from learning.people.sessions import forget_old_sessions
from learning.people.throttle import forget_old_tries

DAY = datetime.timedelta(days=1)
FLOW_LASTS = datetime.timedelta(hours=1)
GIVEN_UP_KEPT = 30 * DAY
LEAVING = 30 * DAY
# What an account is made of; name and HR key stay while a proof or a record of what was done names the person.
OF_ACCOUNTS = (Credential, Identity, Session, OneTimeLink, OutgoingMail, RoleGrant)


def forget_sign_ins(work: Work, *, now: datetime.datetime) -> dict[str, int]:
    """Sessions and links that are over for a day, tries and sign-ins under way older than an hour, lost letters."""
    return {
        "sessions": forget_old_sessions(work, now=now),
        "tries": forget_old_tries(work, now=now),
        "sign_ins_under_way": _rows(work, delete(SignInFlow).where(SignInFlow.made_at <= now - FLOW_LASTS)),
        "messages": _rows(work, delete(UsedLogout).where(UsedLogout.ends_at < now)),
        "links": _rows(
            work, delete(OneTimeLink).where(or_(OneTimeLink.ends_at < now - DAY, OneTimeLink.used_at < now - DAY))
        ),
        "letters": _rows(work, delete(OutgoingMail).where(OutgoingMail.given_up_at < now - GIVEN_UP_KEPT)),
    }


def forget_accounts(work: Work, *, today: datetime.date, now: datetime.datetime) -> dict[str, int]:
    """The day after the last one an account is closed. 30 days after leaving ends all that signing in
    needs and the mail address, the person when nothing names them any more.
    """
    closed = deactivate_leavers(work, today=today, now=now)
    has_left = Person.left_on < today - LEAVING
    leavers = select(Person.key).where(has_left)
    forgotten = _rows(
        work, update(Person).where(has_left, Person.mail != "").values(mail="", is_active=False, language="", theme="")
    )
    for model in OF_ACCOUNTS:
        work.execute(delete(model).where(model.person_key.in_(leavers)))
    unnamed = select(Person.key).where(has_left, *(~exists().where(column == Person.key) for column in _references()))
    people = list(work.scalars(unnamed))
    work.execute(delete(Person).where(Person.key.in_(people)))
    return {"closed_accounts": closed, "accounts": forgotten, "people": len(people)}


def _references() -> list[Column[Any]]:
    """Columns of all features that name a person."""
    return [
        column
        for table in Model.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]


def _rows(work: Work, statement: Delete | Update) -> int:
    result = work.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))
