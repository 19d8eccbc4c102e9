"""What an enterprise sees of the visits recorded at it, and what it has said of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from visits.core.clock import today
from visits.core.db import db
from visits.core.listing import joined
from visits.honesty.models import VisitAnswer
from visits.honesty.queries import FACE_TO_FACE, Condition
from visits.outreach.models import Attendance, Visit, VisitPair

SEEN_BACK = timedelta(days=365)
MOST_SEEN = 100


def _seen_by(enterprise_id: int) -> Condition:
    """The visits of which an enterprise may say something: to itself, of twelve months, not void.

    Telephone and online contacts are none: nobody was to come.
    """
    met = sa.select(VisitPair.visit_id).where(
        VisitPair.enterprise_id == enterprise_id, VisitPair.is_current()
    )
    since = today() - SEEN_BACK
    in_person = Visit.mode.in_(FACE_TO_FACE)
    return sa.and_(Visit.id.in_(met), Visit.voided_at.is_(None), Visit.visited_on >= since, in_person)


def get_seen(enterprise_id: int, visit_id: int) -> Visit | None:
    """A visit of which an enterprise may say something."""
    return db.session.scalar(sa.select(Visit).where(Visit.id == visit_id, _seen_by(enterprise_id)))


def seen_by(enterprise_id: int) -> Sequence[Any]:
    """The visits to an enterprise as it may see them, the latest first: day, mode, units; no texts."""
    units = (
        sa.select(joined(Attendance.unit_name))
        .where(Attendance.visit_id == Visit.id, Attendance.is_current(), Attendance.unit_name != "")
        .correlate(Visit)
        .scalar_subquery()
    )
    return db.session.execute(
        sa.select(Visit.id, Visit.visited_on, Visit.mode, units.label("units"))
        .where(_seen_by(enterprise_id))
        .order_by(Visit.visited_on.desc(), Visit.id.desc())
        .limit(MOST_SEEN)
    ).all()


def said_by(enterprise_id: int) -> dict[int, list[VisitAnswer]]:
    """What an enterprise has said, by visit, the first first."""
    found: dict[int, list[VisitAnswer]] = {}
    stmt = sa.select(VisitAnswer).where(VisitAnswer.enterprise_id == enterprise_id)
    for answer in db.session.scalars(stmt.order_by(VisitAnswer.visit_id, VisitAnswer.turn)):
        found.setdefault(answer.visit_id, []).append(answer)
    return found
