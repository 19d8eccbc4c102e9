"""Readings of people: who they are, what they may do, how they are found."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts import rules
from visits.accounts.models import Person, PersonRole, Unit, UnitMembership
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Permission, Reach, Role, reach_of

GroupsOf = Callable[[Any], sa.Select[Any]]


def is_current(day: date) -> sa.ColumnElement[bool]:
    """Memberships that hold on a day."""
    return sa.and_(
        UnitMembership.from_on <= day,
        sa.or_(UnitMembership.until_on.is_(None), UnitMembership.until_on > day),
    )


def holding(*roles: Role) -> sa.Select[Any]:
    """The ids of people with one of these roles."""
    return sa.select(PersonRole.person_id).where(PersonRole.role.in_(roles))


def actor_of(person_id: int, name: str, groups: sa.Select[Any] | None = None) -> Actor:
    """The actor a person is today, in one statement; `groups` selects the ids of their groups."""
    columns = actor_columns(None if groups is None else lambda _: groups)
    row = db.session.execute(
        sa.select(Person.id, sa.literal(name).label("name"), *columns).where(Person.id == person_id)
    ).one()
    return actor_in(row)


def actor_columns(groups_of: GroupsOf | None = None) -> list[Any]:
    """What actor_in needs of a person: roles, units and groups of today, each as one text."""
    roles = sa.select(sa.cast(PersonRole.role, sa.String)).where(PersonRole.person_id == Person.id)
    units = sa.select(UnitMembership.unit_id).where(
        UnitMembership.person_id == Person.id, is_current(today())
    )
    groups = groups_of(Person.id) if groups_of else sa.select(sa.null())
    named = {"roles": roles, "units": units, "groups": groups}
    return [_joined(selected).label(name) for name, selected in named.items()]


def _joined(selected: sa.Select[Any]) -> Any:
    (column,) = selected.selected_columns
    whole = sa.func.aggregate_strings(sa.cast(column, sa.String), " ")
    return selected.with_only_columns(whole, maintain_column_froms=True).scalar_subquery()


def actor_in(row: Any) -> Actor:
    """The actor of a row with a person's id and name that was read with actor_columns."""
    return Actor(
        row.id,
        row.name,
        roles=frozenset(Role(role) for role in (row.roles or "").split()),
        unit_ids=frozenset(int(unit) for unit in (row.units or "").split()),
        group_ids=frozenset(int(group) for group in (row.groups or "").split()),
    )


def count_people() -> int:
    """How many people there are, disabled ones included."""
    return db.session.scalar(sa.select(sa.func.count(Person.id))) or 0


def get_person(person_id: int) -> Person | None:
    """One person."""
    return db.session.get(Person, person_id)


def get_person_by_username(username: str) -> Person | None:
    """The person of an account, however the name was typed."""
    return db.session.scalar(sa.select(Person).where(Person.username == rules.fold_username(username)))


def roles_of(person_id: int) -> list[Role]:
    """The roles a person holds."""
    return sorted(db.session.scalars(sa.select(PersonRole.role).where(PersonRole.person_id == person_id)))


def is_disabled(person_id: int) -> bool:
    """Say, from the database itself, whether an account is disabled."""
    return db.session.scalar(sa.select(Person.disabled_at).where(Person.id == person_id)) is not None


def other_active_admins(person_id: int) -> int:
    """How many administrators not disabled there are besides this person."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(Person.id))
            .join(PersonRole, PersonRole.person_id == Person.id)
            .where(PersonRole.role == Role.ADMIN, Person.disabled_at.is_(None), Person.id != person_id)
        )
        or 0
    )


def count_by_role() -> dict[Role, int]:
    """How many people not disabled hold each role."""
    rows = db.session.execute(
        sa.select(PersonRole.role, sa.func.count(Person.id))
        .join(Person, Person.id == PersonRole.person_id)
        .where(Person.disabled_at.is_(None))
        .group_by(PersonRole.role)
    )
    return {row.role: row[1] for row in rows}


def active_people(*roles: Role) -> list[tuple[int, str]]:
    """People not disabled, as (id, name and unit), by name; only those with one of the roles, if given."""
    stmt = (
        sa.select(Person.id, Person.name, Unit.name)
        .outerjoin(UnitMembership, sa.and_(UnitMembership.person_id == Person.id, is_current(today())))
        .outerjoin(Unit, Unit.id == UnitMembership.unit_id)
        .where(Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    if roles:
        stmt = stmt.where(Person.id.in_(holding(*roles)))
    labels: dict[int, str] = {}
    for person_id, name, unit in db.session.execute(stmt):
        labels.setdefault(person_id, f"{name}（{unit}）" if unit else name)
    return list(labels.items())


def people_who_may(permission: Permission) -> list[int]:
    """The ids of the people not disabled to whom a role gives this permission for some row."""
    roles = [role for role in Role if reach_of(role, permission) is not Reach.NONE]
    stmt = sa.select(Person.id).where(Person.disabled_at.is_(None), Person.id.in_(holding(*roles)))
    return list(db.session.scalars(stmt.order_by(Person.id)))


def active_people_by_role() -> dict[Role, list[tuple[int, str]]]:
    """People not disabled under each role they hold, as (id, name and unit); roles in their order."""
    labels = dict(active_people())
    held: dict[Role, list[tuple[int, str]]] = {role: [] for role in Role}
    rows = db.session.execute(sa.select(PersonRole.role, PersonRole.person_id)).all()
    for role, person_id in sorted(rows, key=lambda row: labels.get(row.person_id, "")):
        if person_id in labels:
            held[Role(role)].append((person_id, labels[person_id]))
    return {role: people for role, people in held.items() if people}


def roles_by_person(person_ids: Sequence[int]) -> dict[int, list[Role]]:
    """The roles of each of these people."""
    found: dict[int, list[Role]] = {person_id: [] for person_id in person_ids}
    for person_id, role in db.session.execute(
        sa.select(PersonRole.person_id, PersonRole.role).where(PersonRole.person_id.in_(person_ids))
    ):
        found[person_id].append(role)
    return found
