"""Every change to people, units and sign-ins."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from visits.accounts import queries, rules
from visits.accounts.models import Person, PersonRole, SignIn, SignInAttempt, Unit, UnitMembership
from visits.core import audit, passwords, submissions
from visits.core.authz import SYSTEM, Actor, require
from visits.core.clock import now, today
from visits.core.db import db, lock_name, transaction
from visits.core.errors import NotFound, Refused
from visits.core.i18n import LANGUAGES, N_
from visits.core.permissions import Permission, Role
from visits.core.settings import get_setting

WRONG = N_("The account or the password is not right. Check both, and the Caps Lock key.")
THROTTLED = N_("There were too many attempts. Wait 15 minutes, or ask the administrator.")


@dataclass
class PersonEntry:
    """What is entered about a person; without `unit_id` they belong to no unit, from the day `since` on."""

    username: str
    name: str
    roles: Iterable[Role] = ()
    unit_id: int | None = None
    post: str = ""
    phone: str = ""
    since: date = field(default_factory=today)


def create_person(actor: Actor, entry: PersonEntry, password: str | None = None) -> Person:
    """Create an account; without a password nobody can sign in to it."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    username = rules.fold_username(entry.username)
    if not rules.is_valid_username(username):
        raise Refused(
            N_("An account name has 2 to 60 letters, digits, Chinese characters, dots or dashes."),
            field="username",
        )
    if queries.get_person_by_username(username):
        raise Refused(
            N_("There is an account of this name already. Choose another name."), field="username"
        )
    if password is not None:
        passwords.require_strong(password, username, entry.name)
    person = Person(username=username, name=entry.name, post=entry.post, phone=entry.phone)
    person.password_hash = passwords.hash_password(password) if password is not None else None
    db.session.add(person)
    db.session.flush()  # roles and membership need the id
    _set_roles(person, entry.roles)
    _set_unit(person, entry.unit_id, entry.since)
    audit.record(
        actor, "person.created", person, username=username, roles=sorted(entry.roles), unit=entry.unit_id
    )
    return person


def update_person(actor: Actor, person: Person, entry: PersonEntry, revision: int | None) -> None:
    """Change a person's particulars, roles and, from `entry.since` on, unit; the account name stays."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    person.require_revision(revision)
    before = {"name": person.name, "post": person.post, "roles": queries.roles_of(person.id)}
    if Role.ADMIN not in entry.roles and Role.ADMIN in before["roles"]:
        _require_another_admin(person)
    person.name, person.post, person.phone = entry.name, entry.post, entry.phone
    flag_modified(person, "name")  # roles and units alone must make older forms stale too
    _set_roles(person, entry.roles)
    _set_unit(person, entry.unit_id, entry.since)
    after = {"name": person.name, "post": person.post, "roles": sorted(entry.roles)}
    audit.record(actor, "person.updated", person, unit=entry.unit_id, **audit.difference(before, after))


def _set_roles(person: Person, roles: Iterable[Role]) -> None:
    wanted, held = set(roles), set(queries.roles_of(person.id))
    db.session.execute(
        sa.delete(PersonRole).where(PersonRole.person_id == person.id, PersonRole.role.in_(held - wanted))
    )
    db.session.add_all(PersonRole(person_id=person.id, role=role) for role in sorted(wanted - held))


def _set_unit(person: Person, unit_id: int | None, since: date) -> None:
    """End the memberships that hold on `since` and begin the new one, unless it is the same."""
    current = db.session.scalars(
        sa.select(UnitMembership).where(UnitMembership.person_id == person.id, queries.is_current(since))
    ).all()
    if {m.unit_id for m in current} == ({unit_id} if unit_id else set()):
        return
    for membership in current:
        membership.until_on = since
    if unit_id:
        db.session.add(UnitMembership(person_id=person.id, unit_id=unit_id, from_on=since))


def _require_another_admin(person: Person) -> None:
    if not queries.other_active_admins(person.id):
        raise Refused(
            N_("This is the only administrator. Make somebody else administrator first."), field="roles"
        )


def disable_person(actor: Actor, person: Person, reason: str) -> None:
    """Shut an account: its sessions end now, its past stays."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    if person.id == actor.person_id:
        raise Refused(N_("You cannot disable your own account. Ask another administrator."))
    if Role.ADMIN in queries.roles_of(person.id):
        _require_another_admin(person)
    person.disabled_at = now()
    end_sign_ins(person.id)
    audit.record(actor, "person.disabled", person, reason=reason)


def enable_person(actor: Actor, person: Person) -> None:
    """Open a disabled account again."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    person.disabled_at = None
    audit.record(actor, "person.enabled", person)


def set_password(actor: Actor, person: Person, password: str) -> None:
    """Give an account a new password (administrator); its sessions end."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    passwords.require_strong(password, person.username, person.name)
    person.password_hash = passwords.hash_password(password)
    end_sign_ins(person.id)
    audit.record(actor, "person.password_set", person)


def change_password(actor: Actor, present: str, password: str, token: str) -> None:
    """Change one's own password; all one's other sessions end."""
    person = queries.get_person(actor.person_id or 0)
    if person is None or not passwords.matches(person.password_hash, present):
        raise Refused(N_("This is not your present password."), field="present")
    passwords.require_strong(password, person.username, person.name)
    person.password_hash = passwords.hash_password(password)
    end_sign_ins(person.id, but=token)
    audit.record(actor, "person.password_changed", person)


def choose_language(actor: Actor, language: str) -> None:
    """Remember in which language a person reads."""
    person = queries.get_person(actor.person_id or 0)
    if person is not None and language in LANGUAGES:
        person.language = language


def end_sign_ins(person_id: int, but: str | None = None) -> None:
    """End a person's sessions, all or all but the one with this token."""
    stmt = sa.update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if but:
        stmt = stmt.where(SignIn.token_hash != rules.token_hash(but))
    db.session.execute(stmt.values(ended_at=now()))


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
    submissions.forget_old()
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


def create_unit(actor: Actor, name: str, head_confirms: bool = False) -> Unit:
    """Create a unit."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    _require_free_name(name)
    unit = Unit(name=name, head_confirms=head_confirms)
    db.session.add(unit)
    audit.record(actor, "unit.created", unit, name=name)
    return unit


def update_unit(actor: Actor, unit: Unit, name: str, head_confirms: bool, revision: int | None) -> None:
    """Rename a unit or change who speaks for it."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    unit.require_revision(revision)
    if name != unit.name:
        _require_free_name(name)
    before = {"name": unit.name, "head_confirms": unit.head_confirms}
    unit.name, unit.head_confirms = name, head_confirms
    after = {"name": name, "head_confirms": head_confirms}
    audit.record(actor, "unit.updated", unit, **audit.difference(before, after))


def _require_free_name(name: str) -> None:
    if queries.get_unit_by_name(name):
        raise Refused(N_("There is a unit of this name already."), field="name")
