"""The list of people: what it can be narrowed to, and its columns."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts import rules
from visits.accounts.models import Person, PersonRole, Unit, UnitMembership
from visits.accounts.queries import is_current
from visits.core.clock import today
from visits.core.filters import ALL_VALUES, Picked
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing, joined, parts
from visits.core.permissions import ROLE_LABELS, Role

ACTIVE, DISABLED, INVITED = "active", "disabled", "invited"


@dataclass(frozen=True)
class PeopleFilters:
    """What the list of people is narrowed to; empty parts do not narrow."""

    q: str = ""
    unit: Picked = ALL_VALUES
    role: Picked = ALL_VALUES
    state: tuple[str, ...] = ()


STATES: dict[str, sa.ColumnElement[bool]] = {
    ACTIVE: Person.disabled_at.is_(None),
    DISABLED: Person.disabled_at.is_not(None),
    INVITED: sa.and_(Person.disabled_at.is_(None), Person.password_hash.is_(None)),
}


def _among(held: sa.Select[Any], column: Any, wanted: Picked) -> sa.ColumnElement[bool]:
    among = Person.id.in_(held.where(column.in_(wanted.values)))
    return sa.or_(among, Person.id.not_in(held) if wanted.nothing else sa.false())


def conditions(filters: PeopleFilters) -> list[sa.ColumnElement[bool]]:
    """The SQL of the filters."""
    wanted: list[sa.ColumnElement[bool]] = []
    if q := filters.q.strip():
        account = Person.username.contains(rules.fold_username(q), autoescape=True)
        wanted.append(sa.or_(Person.name.contains(q, autoescape=True), account))
    if filters.unit:
        belonging = sa.select(UnitMembership.person_id).where(is_current(today()))
        wanted.append(_among(belonging, UnitMembership.unit_id, filters.unit))
    if filters.role:
        wanted.append(_among(sa.select(PersonRole.person_id), PersonRole.role, filters.role))
    if states := [STATES[name] for name in filters.state if name in STATES]:
        wanted.append(sa.or_(*states))
    return wanted


def roles_of(row: Any) -> list[str]:
    """The labels of the roles in a row, in the order of the roles."""
    held = parts(row.roles)
    return [ROLE_LABELS[role] for role in Role if role.value in held]


def _state(row: Any) -> str:
    if row.disabled_at:
        return N_("Disabled")
    return N_("No password yet") if row.is_invited else N_("Can sign in")


COLUMNS = (
    Column("name", N_("Name"), fixed=True, look="main-cell"),
    Column("username", N_("Account"), fixed=True, width=16),
    Column("unit", N_("Unit"), lambda row: sorted(parts(row.units)), width=24),
    Column("post", N_("Post"), width=18),
    Column("roles", N_("Roles"), roles_of, Kind.LABEL, width=36),
    Column("phone", N_("Phone"), usual=False, width=16),
    Column("state", N_("Account state"), _state, Kind.LABEL, usual=False),
    Column("created", N_("Created"), lambda row: row.created_at, Kind.MOMENT, usual=False, width=17),
    Column("disabled", N_("Disabled at"), lambda row: row.disabled_at, Kind.MOMENT, usual=False, width=17),
)


def _units(day: date) -> Any:
    names = sa.select(joined(Unit.name)).join(UnitMembership, UnitMembership.unit_id == Unit.id)
    current = names.where(UnitMembership.person_id == Person.id, is_current(day))
    return current.correlate(Person).scalar_subquery()


def _roles() -> Any:
    held = joined(sa.cast(PersonRole.role, sa.String))
    return sa.select(held).where(PersonRole.person_id == Person.id).correlate(Person).scalar_subquery()


def of_people(filters: PeopleFilters) -> Listing:
    """The people, narrowed."""
    units = _units(today())
    stmt = sa.select(
        *(getattr(Person, name) for name in ("id", "username", "name", "post", "phone")),
        Person.disabled_at,
        Person.created_at,
        Person.password_hash.is_(None).label("is_invited"),
        units.label("units"),
        _roles().label("roles"),
    )
    sorts: dict[str, Any] = {
        "name": Person.name,
        "username": Person.username,
        "unit": sa.func.coalesce(units, ""),
        "created": Person.created_at,
        "id": Person.id,
    }
    return Listing("people", N_("People"), stmt, sorts, "username", COLUMNS, where=conditions(filters))
