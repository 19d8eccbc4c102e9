"""Readings of sessions, attempts to sign in and one-time links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from visits.accounts import rules
from visits.accounts.models import LinkPurpose, PasswordLink, Person, SignIn, SignInAttempt
from visits.accounts.queries.people import GroupsOf, actor_columns, actor_in
from visits.core.authz import Actor
from visits.core.clock import now
from visits.core.db import db

UnreadOf = Callable[[Any], Any]


@dataclass(frozen=True)
class SignedInPerson:
    """Who a session belongs to: what Flask-Login and the page frame need, read once per request.

    The actor is what the person may do today, `unread` how many notices wait to be read.
    """

    person_id: int
    name: str
    username: str
    language: str | None
    keys_off_at: datetime | None
    token: str
    actor: Actor
    unread: int = 0
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """The session's token, which the cookie carries."""
        return self.token


def get_signed_in(
    token: str, lifetime: timedelta, groups_of: GroupsOf | None = None, unread_of: UnreadOf | None = None
) -> SignedInPerson | None:
    """The person of a live session; ended, too old and disabled ones are nobody.

    `groups_of` selects the ids of the groups of the person with an id, `unread_of` the number of notices
    this person has not read.
    """
    unread = unread_of(Person.id) if unread_of else sa.literal(0)
    row = db.session.execute(
        sa.select(
            Person.id,
            Person.name,
            Person.username,
            Person.language,
            Person.keys_off_at,
            unread.label("unread"),
            *actor_columns(groups_of),
        )
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_hash == rules.token_hash(token),
            SignIn.ended_at.is_(None),
            SignIn.created_at > now() - lifetime,
            Person.disabled_at.is_(None),
        )
    ).first()
    if row is None:
        return None
    known = (row.id, row.name, row.username, row.language, row.keys_off_at)
    return SignedInPerson(*known, token, actor_in(row), row.unread)


def person_of_ended_session(token: str) -> int | None:
    """Whose session a token was, live or not: only they get back what they had typed in it."""
    return db.session.scalar(
        sa.select(SignIn.person_id).where(SignIn.token_hash == rules.token_hash(token))
    )


def attempts_in_window(username: str, address: str) -> tuple[int, int]:
    """Password checks begun in the throttle window: from this address, and on the account in all."""
    since = now() - rules.THROTTLE_WINDOW
    row = db.session.execute(
        sa.select(
            sa.func.count(SignInAttempt.id).filter(SignInAttempt.address == address),
            sa.func.count(SignInAttempt.id),
        ).where(SignInAttempt.username == username, SignInAttempt.at > since)
    ).one()
    return row[0], row[1]


def live_sign_ins(person_id: int) -> Sequence[tuple[int, datetime, str]]:
    """A person's sessions not ended, newest first."""
    return [
        (sign_in_id, created_at, address)
        for sign_in_id, created_at, address in db.session.execute(
            sa.select(SignIn.id, SignIn.created_at, SignIn.address)
            .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
            .order_by(SignIn.id.desc())
        )
    ]


def open_link(purpose: LinkPurpose, typed: str) -> PasswordLink | None:
    """The link of a code, if it is for this purpose and can still be used."""
    return db.session.scalar(
        sa.select(PasswordLink).where(
            PasswordLink.code_hash == rules.link_hash(purpose, rules.code_of(typed)),
            PasswordLink.purpose == purpose,
            PasswordLink.ended_at.is_(None),
            PasswordLink.expires_at > now(),
        )
    )


def open_link_of(person_id: int) -> PasswordLink | None:
    """The link a person can still use."""
    return db.session.scalar(
        sa.select(PasswordLink)
        .where(
            PasswordLink.person_id == person_id,
            PasswordLink.ended_at.is_(None),
            PasswordLink.expires_at > now(),
        )
        .order_by(PasswordLink.id.desc())
        .limit(1)
    )
