"""What happens to problems by itself: suspensions end on their review day, broken promises re-open."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.scheduling import Job, Piece
from visits.issues import operations
from visits.issues.filters import broken_promises, up_for_review
from visits.issues.models import Issue

BROKEN = N_("The day promised is over and nothing was reported as fulfilled.")


def _found(condition: sa.ColumnElement[bool]) -> Sequence[Piece]:
    rows = db.session.execute(sa.select(Issue.id, Issue.number).where(condition).order_by(Issue.id))
    return [(issue_id, number) for issue_id, number in rows]


def _still(issue_id: int, condition: sa.ColumnElement[bool]) -> Issue | None:
    """The problem, locked, if the condition still holds for it."""
    stmt = sa.select(Issue).where(Issue.id == issue_id, condition)
    return db.session.scalar(stmt.with_for_update())


def _resume(issue_id: int, on: date) -> bool:
    if issue := _still(issue_id, up_for_review(on)):
        operations.resume(SYSTEM, issue)
    return issue is not None


def _reopen(issue_id: int, on: date) -> bool:
    if issue := _still(issue_id, broken_promises(on)):
        operations.reopen(SYSTEM, issue, BROKEN)
    return issue is not None


JOBS = (
    Job(
        "issues.lapse",
        lambda on: _found(up_for_review(on)),
        _resume,
        N_("Puts suspended problems back on their units' desks on the day of review."),
        N_("Suspended problems taken up again: %(count)d"),
    ),
    Job(
        "issues.lapse",
        lambda on: _found(broken_promises(on)),
        _reopen,
        N_("Re-opens problems closed with outcome B when the day promised is over."),
        N_("Problems re-opened because the day promised is over: %(count)d"),
    ),
)
