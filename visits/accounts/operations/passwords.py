"""How a password is set: by oneself, by a one-time link, by an administrator at the command line."""

import secrets
from datetime import timedelta

import sqlalchemy as sa

from visits.accounts import queries, rules
from visits.accounts.models import LinkPurpose, PasswordLink, Person, SignInAttempt
from visits.accounts.operations.ending import end_links, end_sign_ins
from visits.core import audit, passwords
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.permissions import Permission

DEAD_LINK = N_(
    "This link is used, expired or not whole. Copy all of it, or ask the administrator for a new one."
)


def set_password(actor: Actor, person: Person, password: str) -> None:
    """Give an account a new password (administrator, at the command line); its sessions end."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    _store_password(person, password)
    audit.record(actor, "person.password_set", person)


def _store_password(person: Person, password: str, but: str | None = None) -> None:
    """Take a strong password; sessions (but one), links and counted attempts of the account end."""
    passwords.require_strong(password, person.username, person.name)
    person.password_hash = passwords.hash_password(password)
    end_sign_ins(person.id, but)
    end_links(person.id)
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == person.username))


def make_password_link(actor: Actor, person: Person, purpose: LinkPurpose) -> str:
    """Make the code of a link by which the person sets a password, once; earlier links end.

    The code is in the answer and nowhere else: the database keeps its hash, the log that it was made.
    """
    require(actor, Permission.ACCOUNTS_ADMIN)
    if person.disabled_at is not None:
        raise Refused(N_("This account is disabled. Open it again first."))
    end_links(person.id)
    code = secrets.token_urlsafe(32)
    expires_at = now() + timedelta(hours=rules.LINK_HOURS[purpose])
    db.session.add(
        PasswordLink(
            code_hash=rules.link_hash(purpose, code),
            person_id=person.id,
            purpose=purpose,
            made_by_id=actor.person_id,
            expires_at=expires_at,
        )
    )
    audit.record(
        actor, "person.link_made", person, purpose=purpose.value, expires_at=expires_at.isoformat()
    )
    return code


def use_password_link(purpose: LinkPurpose, typed: str, password: str) -> Person:
    """Set a password by a one-time link, whoever holds it; the account's sessions and other links end.

    A code that is wrong, used, expired, replaced or of another purpose gets one and the same sentence.
    """
    link = queries.open_link(purpose, typed)
    person = queries.get_person(link.person_id) if link else None
    if link is None or person is None or person.disabled_at is not None:
        raise Refused(DEAD_LINK, field="link_code")
    if not end_links(person.id, link.id):
        raise Refused(DEAD_LINK, field="link_code")
    _store_password(person, password)
    audit.record(Actor(person.id, person.name), "person.password_reset", person, purpose=purpose.value)
    return person


def change_password(actor: Actor, present: str, password: str, token: str) -> None:
    """Change one's own password; all one's other sessions end."""
    person = queries.get_person(actor.person_id or 0)
    if person is None or not passwords.matches(person.password_hash, present):
        raise Refused(N_("This is not your present password."), field="present")
    _store_password(person, password, but=token)
    audit.record(actor, "person.password_changed", person)
