"""Signing in and out."""

import secrets

import sqlalchemy as sa

from visits.accounts import queries, rules
from visits.accounts.models import Person, SignIn, SignInAttempt
from visits.core import audit, passwords
from visits.core.authz import SYSTEM, Actor
from visits.core.clock import now
from visits.core.db import db, lock_name, transaction
from visits.core.errors import NotFound, Refused
from visits.core.i18n import N_
from visits.core.settings import get_setting

WRONG = N_("The account or the password is not right. Check both, and the Caps Lock key.")
THROTTLED = N_("There were too many attempts. Wait 15 minutes, or ask the administrator.")

LINKS = "/r/"  # under this name tries to open links are counted; no account can be called so


def sign_in(username: str, password: str, address: str) -> tuple[Person, str]:
    """Check a password and begin a session; return the person and the session's token.

    The check is counted and committed before the password is looked at, and no transaction is open while it
    is hashed, so several processes share one count and nobody waits for a hash.
    """
    folded = rules.fold_username(username)[:60]
    with transaction():
        lock_name(f"sign-in {folded}")
        if rules.is_throttled(*queries.attempts_in_window(folded, address)):
            raise Refused(THROTTLED)
        db.session.add(SignInAttempt(username=folded, address=address))
    person = queries.get_person_by_username(folded)
    db.session.rollback()
    if not passwords.matches(person.password_hash if person else None, password) or person is None:
        _audit_failure(folded, address)
        raise Refused(WRONG)
    if person.disabled_at is not None:
        _audit_failure(folded, address)
        raise Refused(N_("This account is disabled. Ask the administrator."))
    with transaction():
        token = begin_sign_in(person, address)
    return person, token


def note_unknown_link(address: str) -> bool:
    """Count that a code nobody was given was tried; False when this address has tried too many."""
    if queries.attempts_in_window(LINKS, address)[0] >= rules.UNKNOWN_LINKS:
        return False
    with transaction():
        old = SignInAttempt.at < now() - rules.THROTTLE_WINDOW
        db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == LINKS, old))
        db.session.add(SignInAttempt(username=LINKS, address=address))
    return True


def sign_in_demo(person_id: str, address: str) -> tuple[Person, str]:
    """Begin a session without a password, in a database marked as a demo only."""
    person = queries.get_person(int(person_id)) if person_id.isdigit() else None
    if not get_setting("demo") or person is None or person.disabled_at is not None:
        raise NotFound()
    with transaction():
        token = begin_sign_in(person, address)
    return person, token


def _audit_failure(username: str, address: str) -> None:
    with transaction():
        audit.record(SYSTEM, "sign_in.failed", username=username, address=address)


def begin_sign_in(person: Person, address: str) -> str:
    """Begin a session for a person who has proved who they are; return its token."""
    token = secrets.token_urlsafe(32)
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.username == person.username))
    db.session.add(SignIn(token_hash=rules.token_hash(token), person_id=person.id, address=address))
    audit.record(Actor(person.id, person.name), "sign_in.begun", person, address=address)
    return token


def sign_out(actor: Actor, token: str) -> None:
    """End one session."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.token_hash == rules.token_hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=now())
    )
    audit.record(actor, "sign_in.ended")
