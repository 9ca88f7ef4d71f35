"""Tables of people: the tree of units, persons, granted roles, credentials, sessions, one-time links and
their letters, the throttle.
"""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Code, Digest, Key, Model, Moment, Name, PublicId


class Unit(Model):
    """An organisational unit. `path` holds the keys from the root (`/1/4/9/`), so a subtree is one LIKE."""

    __tablename__ = "unit"

    key: Mapped[Key]
    id: Mapped[PublicId]
    hr_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[Name]
    name_key: Mapped[Name]
    parent_key: Mapped[int | None] = mapped_column(ForeignKey("unit.key"), index=True)
    path: Mapped[str] = mapped_column(String(400), unique=True)


class Person(Model):
    """A person of the authority, identified by the HR key. Who leaves is deactivated, never deleted by that."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("language IN ('', 'de', 'en')", name="language"),
        CheckConstraint("theme IN ('', 'light', 'dark')", name="theme"),
        Index("ix_person_unit_key_name_key", "unit_key", "name_key"),
        # How many people are in each unit is counted in this index alone.
        Index("ix_person_is_active_unit_key", "is_active", "unit_key"),
    )

    key: Mapped[Key]
    id: Mapped[PublicId]
    hr_key: Mapped[str] = mapped_column(String(64), unique=True)
    given_name: Mapped[Name]
    family_name: Mapped[Name]
    name_key: Mapped[Name]
    mail: Mapped[str] = mapped_column(String(254), index=True)
    unit_key: Mapped[int] = mapped_column(ForeignKey("unit.key"))
    joined_on: Mapped[datetime.date | None]
    left_on: Mapped[datetime.date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(2), default="")
    theme: Mapped[str] = mapped_column(String(5), default="")
    role_version: Mapped[int] = mapped_column(default=0)


class RoleGrant(Model):
    """A role that a person holds; on a unit for team leads and HR, with its sub-units only when granted."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_key", "role", "unit_key"),)

    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), index=True)
    role: Mapped[Code]
    unit_key: Mapped[int | None] = mapped_column(ForeignKey("unit.key"))
    includes_sub_units: Mapped[bool] = mapped_column(default=False)
    until: Mapped[datetime.date | None]
    granted_at: Mapped[Moment]


class Credential(Model):
    """The local password of a person, as an argon2id hash."""

    __tablename__ = "credential"

    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[Moment]


class Identity(Model):
    """A person's identity at an OpenID provider, at most one at each. Nothing else that a provider says moves it."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_key", "issuer"))

    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    issuer: Mapped[Name]
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[Moment]


class Session(Model):
    """A signed-in browser. Only the hash of its token is kept; how long it has been idle lives in its cookie."""

    __tablename__ = "session"

    key: Mapped[Key]
    id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), index=True)
    method: Mapped[Code]
    signed_in_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    ended_at: Mapped[datetime.datetime | None]
    provider_session: Mapped[str | None] = mapped_column(String(255), index=True)
    identity_token: Mapped[str | None] = mapped_column(String(8000))


class OneTimeLink(Model):
    """An invitation or a reset: used once, consumed by a POST, only the hash of its token is kept."""

    __tablename__ = "one_time_link"

    key: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Code]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), index=True)
    made_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    used_at: Mapped[datetime.datetime | None]


class OutgoingMail(Model):
    """A letter with a link that waits to be sent; the link itself is made at each try and stands nowhere here.

    Nobody as its person: the account was not found, which the page that asked for it must not know. A letter that was
    sent is deleted; `given_up_at` marks one that no further try will help.
    """

    __tablename__ = "outgoing_mail"

    key: Mapped[Key]
    id: Mapped[PublicId]
    person_key: Mapped[int | None] = mapped_column(ForeignKey("person.key"), index=True)
    purpose: Mapped[Code]
    made_at: Mapped[Moment]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[Moment] = mapped_column(index=True)
    given_up_at: Mapped[datetime.datetime | None]


class Throttle(Model):
    """Failed tries at a door. `subject` is a keyed hash of account or address block, kept for one hour."""

    __tablename__ = "throttle"

    subject: Mapped[Digest] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[Moment]
    next_at: Mapped[Moment]


class SignInFlow(Model):
    """A sign-in under way at an OpenID provider: what has to come back, used once.

    `state_hash` binds it to one browser. `held` is a form that waits for the sign-in, readable by that browser alone.
    """

    __tablename__ = "sign_in_flow"

    state_hash: Mapped[Digest] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    next_address: Mapped[str] = mapped_column(String(500), default="")
    held: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[Moment] = mapped_column(index=True)


class UsedLogout(Model):
    """A message of an OpenID provider that a session is over there, so that nobody sends it a second time."""

    __tablename__ = "used_logout"

    token_hash: Mapped[Digest] = mapped_column(primary_key=True)
    ends_at: Mapped[Moment]
