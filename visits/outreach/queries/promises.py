"""What was promised on visits."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.outreach.models import Promise, PromiseVersion, Visit, VisitCheck


def is_open() -> sa.ColumnElement[bool]:
    """Promises that nobody has kept or withdrawn yet."""
    return sa.and_(Promise.kept_on.is_(None), Promise.withdrawn_on.is_(None))


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
        sa.select(
            *columns,
            Promise.kept_on,
            Promise.withdrawn_on,
            Promise.withdraw_reason,
            Enterprise.name.label("enterprise"),
            Visit.visited_on,
        )
        .join(Visit, Visit.id == Promise.visit_id)
        .join(Enterprise, Enterprise.id == Promise.enterprise_id)
        .where(*where)
        .order_by(Promise.due_on.is_(None), Promise.due_on, Promise.id)
    ).all()


def promises_of(visit_id: int) -> Sequence[Any]:
    """What was promised on a visit, kept or not."""
    return _promises(Promise.visit_id == visit_id)


def open_promises_of(visit_id: int) -> dict[int, Promise]:
    """The promises of a visit that nobody has kept or withdrawn yet, by id."""
    wanted = (Promise.visit_id == visit_id, is_open())
    rows = db.session.scalars(sa.select(Promise).where(*wanted).order_by(Promise.id))
    return {promise.id: promise for promise in rows}


def promises_open(*enterprise_ids: int) -> Sequence[Any]:
    """Promises to these enterprises that nobody has kept or withdrawn yet, the most urgent first."""
    return _promises(Promise.enterprise_id.in_(enterprise_ids), is_open(), Visit.voided_at.is_(None))


def promises_to_ask_about(enterprise_ids: Sequence[int], visit_id: int | None = None) -> Sequence[Any]:
    """Open promises made on other visits; of a visit that is corrected also those it has an answer to."""
    answered = sa.select(VisitCheck.promise_id).where(
        VisitCheck.visit_id == visit_id,
        VisitCheck.superseded_at.is_(None),
        VisitCheck.promise_id.is_not(None),
    )
    wanted = sa.and_(is_open(), Visit.voided_at.is_(None))
    if visit_id is not None:
        wanted = sa.or_(sa.and_(wanted, Promise.visit_id != visit_id), Promise.id.in_(answered))
    return _promises(Promise.enterprise_id.in_(enterprise_ids), wanted)


def get_promise(visit_id: int, promise_id: int) -> Promise | None:
    """One promise of one visit."""
    return db.session.scalar(
        sa.select(Promise).where(Promise.id == promise_id, Promise.visit_id == visit_id)
    )


def has_past(promise_id: int) -> bool:
    """Say whether a promise was ever asked about at a visit, or its day or owner changed."""
    asked = sa.select(VisitCheck.id).where(VisitCheck.promise_id == promise_id).exists()
    changed = sa.select(PromiseVersion.id).where(PromiseVersion.promise_id == promise_id).exists()
    return bool(db.session.scalar(sa.select(sa.or_(asked, changed))))
