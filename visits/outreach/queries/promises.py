"""What was promised on visits."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.outreach.models import (
    Promise,
    Visit,
)


def _promises(*where: sa.ColumnElement[bool]) -> Sequence[Any]:
    columns = (
        Promise.id,
        Promise.visit_id,
        Promise.enterprise_id,
        Promise.text,
        Promise.owner,
        Promise.due_on,
    )
    return db.session.execute(
        sa.select(*columns, Promise.kept_on, Enterprise.name.label("enterprise"), Visit.visited_on)
        .join(Visit, Visit.id == Promise.visit_id)
        .join(Enterprise, Enterprise.id == Promise.enterprise_id)
        .where(*where)
        .order_by(Promise.due_on.is_(None), Promise.due_on, Promise.id)
    ).all()


def promises_of(visit_id: int) -> Sequence[Any]:
    """What was promised on a visit, kept or not."""
    return _promises(Promise.visit_id == visit_id)


def open_promises_of(visit_id: int) -> dict[int, Promise]:
    """The promises of a visit that nobody has kept yet, by id."""
    wanted = (Promise.visit_id == visit_id, Promise.kept_on.is_(None))
    rows = db.session.scalars(sa.select(Promise).where(*wanted).order_by(Promise.id))
    return {promise.id: promise for promise in rows}


def promises_open(*enterprise_ids: int) -> Sequence[Any]:
    """Promises to these enterprises that nobody has kept yet, the most urgent first."""
    return _promises(
        Promise.enterprise_id.in_(enterprise_ids), Promise.kept_on.is_(None), Visit.voided_at.is_(None)
    )


def get_promise(visit_id: int, promise_id: int) -> Promise | None:
    """One promise of one visit."""
    return db.session.scalar(
        sa.select(Promise).where(Promise.id == promise_id, Promise.visit_id == visit_id)
    )
