"""Tables of people, units and sign-ins."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.clock import now
from visits.core.db import Model, Revised, Stamped
from visits.core.permissions import Role


class Unit(Revised, Stamped, Model):
    """A unit (department, office, company of the zone) that people belong to and problems are assigned to.

    With `head_confirms`, only the unit's head returns and reports its problems.
    """

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80), unique=True)
    head_confirms: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]


class Person(Revised, Stamped, Model):
    """Somebody who works with the system; never deleted, only disabled.

    `keys_off_at` is set for whom single letters are no commands.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    post: Mapped[str] = mapped_column(sa.String(60), default="")
    phone: Mapped[str] = mapped_column(sa.String(30), default="")
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    language: Mapped[str | None] = mapped_column(sa.String(5))
    keys_off_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class PersonRole(Model):
    """One role one person holds."""

    __tablename__ = "person_roles"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class UnitMembership(Model):
    """A person's time in a unit, from `from_on` up to, not including, `until_on`."""

    __tablename__ = "unit_memberships"
    __table_args__ = (
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_start"),
        sa.Index("ix_unit_memberships_unit", "unit_id", "from_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("units.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Delegation(Model):
    """Who stands in for an absent person, from `from_on` up to, not including, `until_on`."""

    __tablename__ = "delegations"
    __table_args__ = (
        sa.CheckConstraint("until_on >= from_on", name="ends_after_start"),
        sa.CheckConstraint("person_id <> deputy_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    reason: Mapped[str] = mapped_column(sa.String(200), default="")
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)


class SignIn(Model):
    """A session: the browser holds the token, the database its hash; ended rows no longer count."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(sa.String(60), default="")


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"


class PasswordLink(Model):
    """A link by which a person sets a password, once; the database keeps the hash of its code only."""

    __tablename__ = "password_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    purpose: Mapped[LinkPurpose]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInAttempt(Model):
    """A password check that was begun, counted against guessing."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (sa.Index("ix_sign_in_attempts_username", "username", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(sa.String(60))
    address: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[datetime] = mapped_column(default=now)
