"""Changes to people: who they are, their roles and unit, whether they may sign in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from visits.accounts import queries, rules
from visits.accounts.models import Person, PersonRole
from visits.accounts.operations.belonging import set_unit
from visits.accounts.operations.delegating import end_absences_of
from visits.accounts.operations.ending import end_links, end_sign_ins
from visits.core import audit, passwords
from visits.core.authz import Actor, require
from visits.core.clock import now
from visits.core.db import db, lock_name
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import LANGUAGES, N_
from visits.core.permissions import Permission, Role


@dataclass
class PersonEntry:
    """What is entered about a person; without `unit_id` they belong to no unit, from the day `since` on.

    Without `since` a first unit holds from always, a change of unit from today on.
    """

    username: str
    name: str
    roles: Iterable[Role] = ()
    unit_id: int | None = None
    post: str = ""
    phone: str = ""
    since: date | None = None


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
    joined = set_unit(person, entry.unit_id, entry.since)
    said = {"unit": queries.unit_name(entry.unit_id), "roles": sorted(entry.roles)}
    if "from_on" in joined:
        said["from_on"] = joined["from_on"]
    audit.record(actor, "person.created", person, username=username, name=entry.name, **said)
    return person


def update_person(actor: Actor, person: Person, entry: PersonEntry, revision: int | None) -> None:
    """Change a person's particulars, roles and, from `entry.since` on, unit; the account name stays.

    With the unit that the person is in, `entry.since` corrects since when.
    """
    require(actor, Permission.ACCOUNTS_ADMIN)
    person.require_revision(revision)
    lock_name("administrators")
    before = _reading(person)
    if Role.ADMIN not in entry.roles and Role.ADMIN in before["roles"]:
        _require_another_admin(actor, person)
    person.name, person.post, person.phone = entry.name, entry.post, entry.phone
    flag_modified(person, "name")  # roles and units alone must make older forms stale too
    _set_roles(person, entry.roles)
    moved = set_unit(person, entry.unit_id, entry.since)
    db.session.flush()
    changes: dict[str, Any] = audit.difference(before, _reading(person)) | moved
    audit.record(actor, "person.updated", person, **changes)


def _reading(person: Person) -> dict[str, Any]:
    """What the log says of a person, before and after a change."""
    return {
        "name": person.name,
        "post": person.post,
        "phone": person.phone,
        "roles": queries.roles_of(person.id),
    }


def _set_roles(person: Person, roles: Iterable[Role]) -> None:
    wanted, held = set(roles), set(queries.roles_of(person.id))
    db.session.execute(
        sa.delete(PersonRole).where(PersonRole.person_id == person.id, PersonRole.role.in_(held - wanted))
    )
    db.session.add_all(PersonRole(person_id=person.id, role=role) for role in sorted(wanted - held))


def _require_another_admin(actor: Actor, person: Person) -> None:
    """Refuse to lose the last administrator; one who was just disabled takes nobody else along.

    The caller holds the lock of the name "administrators".
    """
    if actor.person_id and queries.is_disabled(actor.person_id):
        raise NotAllowed()
    if not queries.other_active_admins(person.id):
        raise Refused(
            N_("This is the only administrator. Make somebody else administrator first."), field="roles"
        )


def disable_person(actor: Actor, person: Person, reason: str) -> None:
    """Shut an account: its sessions end now, its past stays."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    if person.id == actor.person_id:
        raise Refused(N_("You cannot disable your own account. Ask another administrator."))
    lock_name("administrators")
    if Role.ADMIN in queries.roles_of(person.id):
        _require_another_admin(actor, person)
    person.disabled_at = now()
    end_sign_ins(person.id)
    end_links(person.id)
    end_absences_of(person.id)
    audit.record(actor, "person.disabled", person, reason=reason)


def enable_person(actor: Actor, person: Person) -> None:
    """Open a disabled account again."""
    require(actor, Permission.ACCOUNTS_ADMIN)
    person.disabled_at = None
    audit.record(actor, "person.enabled", person)


def choose_language(actor: Actor, language: str) -> None:
    """Remember in which language a person reads."""
    person = queries.get_person(actor.person_id or 0)
    if person is not None and language in LANGUAGES:
        person.language = language


def choose_keys(actor: Actor, *, are_off: bool) -> None:
    """Remember whether single letters are commands for a person."""
    person = queries.get_person(actor.person_id or 0)
    if person is not None and bool(person.keys_off_at) is not are_off:
        person.keys_off_at = now() if are_off else None
