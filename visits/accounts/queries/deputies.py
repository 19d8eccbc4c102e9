"""Who stands in for whom while somebody is away, and who could."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Delegation, Person, UnitMembership
from visits.accounts.queries.people import (
    GroupsOf,
    active_people,
    actor_columns,
    actor_in,
    actor_of,
    holding,
    is_current,
)
from visits.accounts.rules import roles_to_stand_in
from visits.core.authz import Actor, may
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.i18n import N_
from visits.core.permissions import Permission


@dataclass(frozen=True)
class StandIn:
    """Somebody absent for whom another stands in, and the first day of being there again."""

    absent: Actor
    until_on: date


LASTS = Delegation.until_on > Delegation.from_on


def _sharing(from_on: date, until_on: date) -> sa.ColumnElement[bool]:
    """Absences that share a day with these, the last not counted; one ended before it began shares none."""
    return sa.and_(Delegation.from_on < until_on, Delegation.until_on > from_on, LASTS)


def is_away(day: date) -> sa.ColumnElement[bool]:
    """Absences that hold on a day."""
    return sa.and_(Delegation.from_on <= day, Delegation.until_on > day)


def deputies_on(day: date, person_ids: Collection[int]) -> list[tuple[int, int]]:
    """The deputies not disabled of those of these people who are away on a day, as (absent, deputy)."""
    if not person_ids:
        return []
    stmt = (
        sa.select(Delegation.person_id, Delegation.deputy_id)
        .join(Person, Person.id == Delegation.deputy_id)
        .where(Delegation.person_id.in_(person_ids), is_away(day), Person.disabled_at.is_(None))
        .order_by(Delegation.person_id, Delegation.deputy_id)
    )
    return [(absent, deputy) for absent, deputy in db.session.execute(stmt)]


def stands_in(deputy_id: int | None) -> sa.ColumnElement[bool]:
    """Absences of today in which a person stands in."""
    return sa.and_(Delegation.deputy_id == deputy_id, is_away(today()))


def stand_ins_of(deputy_id: int | None, groups_of: GroupsOf) -> list[StandIn]:
    """For whom a person stands in today, each with the rights and memberships of today; one statement."""
    columns = (Person.id, Person.name, Delegation.until_on, *actor_columns(groups_of))
    rows = db.session.execute(
        sa.select(*columns)
        .join(Delegation, Delegation.person_id == Person.id)
        .where(stands_in(deputy_id))
        .order_by(Delegation.until_on, Person.id)
    )
    return [StandIn(actor_in(row), row.until_on) for row in rows]


def absences_of(person_id: int | None) -> Sequence[Any]:
    """The absences, present and to come, of a person and of those the person stands in for."""
    concerns = sa.or_(Delegation.person_id == person_id, Delegation.deputy_id == person_id)
    return _shown(concerns)


def absences_of_everybody() -> Sequence[Any]:
    """All absences, present and to come."""
    return _shown(sa.true())


def _shown(which: sa.ColumnElement[bool]) -> Sequence[Any]:
    person, deputy = aliased(Person), aliased(Person)
    columns = (Delegation.id, Delegation.person_id, Delegation.deputy_id, Delegation.from_on)
    return db.session.execute(
        sa.select(*columns, Delegation.until_on, Delegation.reason)
        .add_columns(person.name.label("person"), deputy.name.label("deputy"))
        .join(person, person.id == Delegation.person_id)
        .join(deputy, deputy.id == Delegation.deputy_id)
        .where(which, Delegation.until_on > today(), LASTS)
        .order_by(Delegation.from_on, Delegation.id)
    ).all()


def absent_between(person_id: int, from_on: date, until_on: date) -> Delegation | None:
    """An absence of a person that shares a day with these, the last not counted."""
    stmt = sa.select(Delegation).where(Delegation.person_id == person_id, _sharing(from_on, until_on))
    return db.session.scalars(stmt.order_by(Delegation.from_on).limit(1)).first()


def why_not_stand_in(absence: Delegation, deputy_id: int, from_on: date) -> str | None:
    """Why a person cannot stand in for somebody absent from a day on; None when nothing is against it."""
    start = max(from_on, absence.from_on)
    if deputy_id == absence.person_id:
        return N_("Whoever takes over is the absent person. Somebody else has to stand in.")
    if absent_between(deputy_id, start, absence.until_on):
        return N_("Whoever takes over is away on some of these days too. Somebody else has to stand in.")
    if deputy_id not in dict(possible_deputies(actor_of(absence.person_id, ""))):
        return N_(
            "Whoever takes over does other work than the absent person. Somebody else has to stand in."
        )
    return None


def absences_not_over(person_id: int) -> Sequence[Delegation]:
    """The absences of a person, present and to come."""
    stmt = sa.select(Delegation).where(Delegation.person_id == person_id, Delegation.until_on > today())
    return db.session.scalars(stmt.order_by(Delegation.id)).all()


def stood_in_for(deputy_id: int, from_on: date, until_on: date) -> list[str]:
    """The names of those for whom a person stands in on some of these days."""
    rows = db.session.scalars(
        sa.select(Person.name)
        .join(Delegation, Delegation.person_id == Person.id)
        .where(Delegation.deputy_id == deputy_id, _sharing(from_on, until_on))
        .order_by(Delegation.from_on, Delegation.id)
    )
    return list(rows)


def get_absence(actor: Actor, absence_id: int) -> Delegation:
    """One of the actor's own absences, of anybody for who looks after people; raise NotFound for others."""
    found = db.session.get(Delegation, absence_id, with_for_update=True)
    if found is None or (found.person_id != actor.person_id and not may(actor, Permission.ACCOUNTS_ADMIN)):
        raise NotFound()
    return found


def possible_deputies(absent: Actor) -> list[tuple[int, str]]:
    """Who could do the work of somebody absent, as (id, name and unit), by name."""
    anywhere, in_unit = roles_to_stand_in(absent.roles)
    members = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id.in_(sorted(absent.unit_ids)), is_current(today())
    )
    able = sa.or_(
        Person.id.in_(holding(*anywhere)),
        sa.and_(Person.id.in_(holding(*in_unit)), Person.id.in_(members)),
    )
    stmt = sa.select(Person.id).where(able, Person.id != absent.person_id)
    ids = set(db.session.scalars(stmt))
    return [(person_id, label) for person_id, label in active_people() if person_id in ids]
