"""What asking for something and moving a due date have in common."""

from datetime import date
from typing import Any

from visits.core.calendar import load_calendar
from visits.core.db import db
from visits.core.periods import local_date
from visits.issues import rules
from visits.issues.models import IssueRequest, RequestKind
from visits.issues.operations.moving import Step, _unit_of


def ask_for(
    step: Step, kind: RequestKind, text: str, *, unit_id: int | None = None, **said: Any
) -> IssueRequest:
    """Write down what is asked for; it waits until somebody else decides, or until it lapses.

    It is asked for by the unit the person acts for, unless another is named.
    """
    request = IssueRequest(
        issue_id=step.issue.id,
        kind=kind,
        round=step.issue.round,
        unit_id=unit_id or _unit_of(step),
        asked_by_id=step.actor.person_id,
        asked_at=step.at,
        text=text,
        **said,
    )
    db.session.add(request)
    setattr(step.issue, f"{kind}_asked", True)
    return request


def redate(step: Step, due_on: date) -> None:
    """Move the due date of a problem and its lead unit, and of the co-units that have not answered."""
    calendar = load_calendar()
    step.issue.due_on = step.lead.due_on = due_on
    for task in step.waiting:
        task.due_on = rules.co_unit_due(local_date(task.assigned_at), due_on, calendar)
