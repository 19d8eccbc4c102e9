"""What a ledger of visits is compared with: people, links, and the visits there are already."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit, UnitMembership
from visits.core.db import Model, db
from visits.outreach.models import Attendance, Promise, Visit, VisitPair, VisitText
from visits.programmes.models import Group

CHUNK = 500


def everybody() -> list[tuple[int, str]]:
    """Everybody with an account, also a disabled one, as (id, name)."""
    rows = db.session.execute(sa.select(Person.id, Person.name).order_by(Person.id))
    return [(person_id, name) for person_id, name in rows]


def times_in_units() -> Sequence[Any]:
    """Who was in which unit from when until when; the earliest joined first."""
    columns = (UnitMembership.person_id, UnitMembership.from_on, UnitMembership.until_on)
    return db.session.execute(
        sa.select(*columns, Unit.id.label("unit_id"), Unit.name)
        .join(Unit, Unit.id == UnitMembership.unit_id)
        .order_by(UnitMembership.from_on, UnitMembership.id)
    ).all()


def units_and_groups() -> tuple[list[str], dict[str, int]]:
    """The names of all units, and the ids of all groups by their names, in one statement."""
    units = sa.select(sa.literal("unit").label("kind"), Unit.id, Unit.name)
    rows = db.session.execute(units.union_all(sa.select(sa.literal("group"), Group.id, Group.name))).all()
    groups = {name: group_id for kind, group_id, name in rows if kind == "group"}
    return [name for kind, _, name in rows if kind == "unit"], groups


def visits_between(first: date, last: date, enterprise_ids: Iterable[int] | None = None) -> Sequence[Any]:
    """Who met which enterprise how on which of these days: a row per participant of valid visits."""
    wanted = [VisitPair.visited_on.between(first, last), VisitPair.is_current(), Attendance.is_current()]
    if enterprise_ids is not None:
        wanted.append(VisitPair.enterprise_id.in_(list(enterprise_ids)))
    columns = (VisitPair.enterprise_id, VisitPair.visited_on, VisitPair.mode, VisitPair.visit_id)
    return db.session.execute(
        sa.select(*columns, Visit.import_run_id, Attendance.name)
        .join(Visit, Visit.id == VisitPair.visit_id)
        .join(Attendance, Attendance.visit_id == VisitPair.visit_id)
        .where(*wanted, Visit.voided_at.is_(None))
    ).all()


def client_ids_among(client_ids: Sequence[str]) -> set[str]:
    """Those of these ids under which a visit is stored, void or not."""
    found: set[str] = set()
    for start in range(0, len(client_ids), CHUNK):
        wanted = Visit.client_id.in_(client_ids[start : start + CHUNK])
        found |= set(db.session.scalars(sa.select(Visit.client_id).where(wanted)))
    return found


def visits_of_run(run_id: int) -> Sequence[Any]:
    """The visits an import brought: id, visited_on, revision, voided_at; by day."""
    columns = (Visit.id, Visit.visited_on, Visit.revision, Visit.voided_at)
    wanted = Visit.import_run_id == run_id
    return db.session.execute(sa.select(*columns).where(wanted).order_by(Visit.visited_on, Visit.id)).all()


def used_since(run_id: int) -> set[int]:
    """The visits of an import on which something hangs now: a problem, a file, a check, a kept promise."""
    mine = sa.select(Visit.id).where(Visit.import_run_id == run_id)
    brought = {model.__table__.c.visit_id for model in (VisitText, VisitPair, Attendance, Promise)}
    key: Any = Visit.__table__.c.id
    columns = [
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.references(key) and column not in brought
    ]
    carried = sa.select(Promise.visit_id).where(Promise.revision > 1, Promise.visit_id.in_(mine))
    found = set(db.session.scalars(carried))
    for column in columns:
        found |= set(db.session.scalars(sa.select(column).where(column.in_(mine))))
    return found
