"""Readings of units and of who belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, PersonRole, Unit, UnitMembership
from visits.accounts.queries.people import holding, is_current
from visits.accounts.rules import ALWAYS
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role

HANDLERS = (Role.HANDLER, Role.UNIT_HEAD)
BEGUN = sa.func.nullif(UnitMembership.from_on, ALWAYS, type_=sa.Date).label("from_on")


def get_unit(unit_id: int) -> Unit | None:
    """One unit."""
    return db.session.get(Unit, unit_id)


def get_unit_by_name(name: str) -> Unit | None:
    """The unit of that exact name."""
    return db.session.scalar(sa.select(Unit).where(Unit.name == name.strip()))


def unit_name(unit_id: int | None) -> str:
    """What a unit is called; no unit has no name."""
    unit = get_unit(unit_id) if unit_id else None
    return unit.name if unit else ""


def unit_of(person_id: int, day: date) -> Unit | None:
    """The unit a person belonged to on a day (the earliest joined, if several)."""
    return db.session.scalar(
        sa.select(Unit)
        .join(UnitMembership)
        .where(UnitMembership.person_id == person_id, is_current(day))
        .order_by(UnitMembership.from_on, UnitMembership.id)
        .limit(1)
    )


def units_of_people(person_ids: Sequence[int], day: date) -> dict[int, int]:
    """The unit of each of these people on a day, as {person: unit}."""
    rows = db.session.execute(
        sa.select(UnitMembership.person_id, UnitMembership.unit_id)
        .where(UnitMembership.person_id.in_(person_ids), is_current(day))
        .order_by(UnitMembership.from_on.desc(), UnitMembership.id.desc())
    ).all()
    return {row.person_id: row.unit_id for row in rows}


def open_units() -> list[tuple[int, str]]:
    """Units that are not closed, as (id, name), by name."""
    return [
        (unit_id, name)
        for unit_id, name in db.session.execute(
            sa.select(Unit.id, Unit.name).where(Unit.closed_on.is_(None)).order_by(Unit.name)
        )
    ]


def with_handler(day: date) -> sa.Select[Any]:
    """The ids of units where somebody not disabled may sign and report problems."""
    return (
        sa.select(UnitMembership.unit_id)
        .join(Person, Person.id == UnitMembership.person_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(is_current(day), Person.disabled_at.is_(None), PersonRole.role.in_(HANDLERS))
    )


def units_with_handler(day: date) -> set[int]:
    """Units where somebody not disabled may sign and report problems."""
    return set(db.session.scalars(with_handler(day)))


def open_units_by_ability(day: date) -> list[tuple[int, str, bool]]:
    """Units that are not closed, as (id, name, whether somebody there can sign), by name."""
    able = Unit.id.in_(with_handler(day))
    stmt = sa.select(Unit.id, Unit.name, able).where(Unit.closed_on.is_(None)).order_by(Unit.name)
    return [(unit_id, name, bool(is_able)) for unit_id, name, is_able in db.session.execute(stmt)]


def speaking_for(unit_ids: Any) -> sa.Select[Any]:
    """The ids of who signs and reports for these units today, given as ids or as a select of them."""
    return sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id.in_(unit_ids),
        is_current(today()),
        UnitMembership.person_id.in_(holding(*HANDLERS)),
    )


def has_head(unit_id: int, day: date) -> bool:
    """Say whether a unit has a head who is not disabled."""
    return db.session.scalar(heads_of(unit_id, day).limit(1)) is not None


def heads_of(unit_id: int, day: date) -> sa.Select[Any]:
    """The ids of the heads of a unit who are not disabled."""
    return (
        sa.select(Person.id)
        .join(UnitMembership, UnitMembership.person_id == Person.id)
        .where(
            UnitMembership.unit_id == unit_id,
            is_current(day),
            Person.disabled_at.is_(None),
            Person.id.in_(holding(Role.UNIT_HEAD)),
        )
    )


def members_of_unit(unit_id: int, day: date) -> Sequence[Any]:
    """Who belongs to a unit on a day, not disabled, as (id, name)."""
    return db.session.execute(
        sa.select(Person.id, Person.name)
        .join(UnitMembership, UnitMembership.person_id == Person.id)
        .where(UnitMembership.unit_id == unit_id, is_current(day), Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    ).all()


def memberships_of_unit(unit_id: int) -> Sequence[Any]:
    """Everybody who belongs or belonged to a unit, with days, those of today first."""
    return db.session.execute(
        sa.select(BEGUN, UnitMembership.until_on, Person)
        .join(Person, Person.id == UnitMembership.person_id)
        .where(UnitMembership.unit_id == unit_id, _is_real())
        .order_by(UnitMembership.until_on.is_not(None), Person.name, UnitMembership.from_on.desc())
    ).all()


def memberships_of(person_id: int) -> Sequence[Any]:
    """A person's units, the latest first; one that holds from always has no first day."""
    return db.session.execute(
        sa.select(BEGUN, UnitMembership.until_on, Unit.name)
        .join(Unit, Unit.id == UnitMembership.unit_id)
        .where(UnitMembership.person_id == person_id, _is_real())
        .order_by(UnitMembership.from_on.desc(), UnitMembership.id.desc())
    ).all()


def _is_real() -> sa.ColumnElement[bool]:
    """Leave out memberships that were replaced on the day they began."""
    return sa.or_(UnitMembership.until_on.is_(None), UnitMembership.until_on > UnitMembership.from_on)


def real_memberships(person_id: int) -> Sequence[UnitMembership]:
    """A person's times in units, the earliest first."""
    stmt = sa.select(UnitMembership).where(UnitMembership.person_id == person_id, _is_real())
    return db.session.scalars(stmt.order_by(UnitMembership.from_on, UnitMembership.id)).all()


@dataclass(frozen=True)
class UnitRow:
    """A unit with how many people belong to it today, and who of them may sign and speak for it."""

    unit: Unit
    people: int
    handlers: int
    heads: list[str]


def list_units() -> list[UnitRow]:
    """All units, those in use first."""
    return _unit_rows(sa.true())


def unit_row(unit_id: int) -> UnitRow:
    """One unit as the list has it."""
    return _unit_rows(Unit.id == unit_id)[0]


def _unit_rows(condition: sa.ColumnElement[bool]) -> list[UnitRow]:
    rows = db.session.execute(
        sa.select(Unit, Person.id, Person.name, PersonRole.role)
        .outerjoin(UnitMembership, sa.and_(UnitMembership.unit_id == Unit.id, is_current(today())))
        .outerjoin(Person, sa.and_(Person.id == UnitMembership.person_id, Person.disabled_at.is_(None)))
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .where(condition)
        .order_by(Unit.closed_on.is_not(None), Unit.name, Unit.id, Person.name)
    ).all()
    return [_unit_row(unit, [row[1:] for row in found]) for unit, found in _by_first(rows)]


def _by_first(rows: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    return [(key, list(found)) for key, found in groupby(rows, key=lambda row: row[0])]


def _unit_row(unit: Unit, people: Sequence[tuple[int | None, str, Role | None]]) -> UnitRow:
    return UnitRow(
        unit,
        people=len({person_id for person_id, _, _ in people if person_id}),
        handlers=len({person_id for person_id, _, role in people if role in HANDLERS}),
        heads=[name for _, name, role in people if role is Role.UNIT_HEAD],
    )
