"""What must hold among meetings, their conclusions and the duties these set."""

from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.core.health import Finding, fine, wrong
from visits.core.i18n import N_
from visits.issues.models import Conclusion, Duty
from visits.meetings.models import AgendaItem, Meeting
from visits.meetings.states import State

SHOWN = 5


def find_broken_records() -> list[Finding]:
    """Compare conclusions with the duties they set, and agendas with their meetings."""
    return [_duties(), _conclusions()]


def _numbers(stmt: Any) -> list[str]:
    return list(db.session.scalars(stmt.distinct().order_by(Meeting.number)))


def _duties() -> Finding:
    lost = db.session.scalar(
        sa.select(sa.func.count(Duty.id)).where(
            Duty.meeting_id.is_not(None), Duty.meeting_id.not_in(sa.select(Meeting.id))
        )
    )
    differs = sa.or_(
        Duty.id.is_(None),
        Duty.issue_id != AgendaItem.issue_id,
        Duty.meeting_id != AgendaItem.meeting_id,
        Duty.unit_id != AgendaItem.lead_unit_id,
        Duty.due_on != AgendaItem.due_on,
    )
    numbers = _numbers(
        sa.select(Meeting.number)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .outerjoin(Duty, Duty.id == AgendaItem.duty_id)
        .where(AgendaItem.verdict == Conclusion.SETTLED, differs)
    )
    if lost or numbers:
        return wrong(
            "meeting_duties",
            N_("Duties and what meetings settled differ: %(lost)d of no meeting; meetings %(numbers)s."),
            lost=lost or 0,
            numbers=", ".join(numbers[:SHOWN]) or "–",
        )
    return fine("meeting_duties", N_("Everything settled at a meeting is some unit's duty."))


def _conclusions() -> Finding:
    numbers = _numbers(
        sa.select(Meeting.number)
        .join(AgendaItem, AgendaItem.meeting_id == Meeting.id)
        .where(AgendaItem.verdict.is_not(None), Meeting.state != State.HELD)
    )
    if numbers:
        return wrong(
            "meeting_conclusions",
            N_("Conclusions stand at meetings that were not held: %(numbers)s."),
            numbers=", ".join(numbers[:SHOWN]),
        )
    return fine("meeting_conclusions", N_("Conclusions stand at meetings that were held only."))
