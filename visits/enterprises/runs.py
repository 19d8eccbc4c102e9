"""Readings of the imports there were."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.db import db
from visits.core.listing import Page, paginate
from visits.enterprises.models import Cargo, Enterprise, ImportChange, ImportRun

CHUNK = 500


def list_runs(args: Mapping[str, str], cargo: Cargo) -> Page:
    """A page of the imports of such a cargo, the latest first."""
    stmt = sa.select(
        ImportRun.id,
        ImportRun.at,
        ImportRun.filename,
        ImportRun.counts,
        ImportRun.undone_at,
        Person.name.label("person"),
    ).outerjoin(Person, Person.id == ImportRun.person_id)
    stmt = stmt.where(ImportRun.cargo == cargo)
    sorts: dict[str, Any] = {"at": ImportRun.at, "id": ImportRun.id}
    return paginate(stmt, args, sorts, "-at")


def get_run(run_id: int, cargo: Cargo = Cargo.ENTERPRISES) -> ImportRun | None:
    """One import of such a cargo."""
    return db.session.scalar(sa.select(ImportRun).where(ImportRun.id == run_id, ImportRun.cargo == cargo))


def changes_of(run_id: int) -> Sequence[ImportChange]:
    """What an import did to the records that are still there."""
    stmt = sa.select(ImportChange).where(
        ImportChange.run_id == run_id, ImportChange.enterprise_id.is_not(None)
    )
    return db.session.scalars(stmt.order_by(ImportChange.id)).all()


def enterprises_of(changes: Iterable[ImportChange]) -> dict[int, Enterprise]:
    """The records that imports changed, by id."""
    ids = [change.enterprise_id for change in changes if change.enterprise_id]
    found: dict[int, Enterprise] = {}
    for start in range(0, len(ids), CHUNK):
        stmt = sa.select(Enterprise).where(Enterprise.id.in_(ids[start : start + CHUNK]))
        found |= {enterprise.id: enterprise for enterprise in db.session.scalars(stmt)}
    return found
