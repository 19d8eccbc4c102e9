"""How a problem enters a round after its first: on its unit's desk again, with a task of its own."""

from datetime import date

from visits.core.calendar import load_calendar
from visits.core.db import db
from visits.core.periods import local_date
from visits.issues import rules
from visits.issues.models import Dispatch, DispatchKind, Issue, IssueMove
from visits.issues.operations.handling import end_dispatches
from visits.issues.operations.moving import Step, _move


def take_round(issue: Issue) -> None:
    """Count one round more; what the last one came to is over, and from the third on a level higher."""
    issue.round += 1
    issue.outcome = issue.commitment_due = None
    issue.closed_at = issue.closed_on = None
    if issue.round >= rules.ESCALATING_ROUND:
        issue.escalation = min(rules.HIGHEST_LEVEL, issue.escalation + 1)


def next_task(step: Step, due: date) -> Dispatch:
    """The same lead unit's task of the round that begins; only first rounds enter the units' figures."""
    step.issue.due_on = due
    task = Dispatch(
        issue_id=step.issue.id,
        round=step.issue.round,
        unit_id=step.issue.lead_unit_id,
        kind=DispatchKind.LEAD,
        assigned_at=step.at,
        due_on=due,
        original_due_on=due,
    )
    db.session.add(task)
    return task


def begin_round(step: Step, note: str = "") -> IssueMove:
    """Begin the next round on the same lead unit's desk, with the limit of a rework."""
    issue = step.issue
    due = rules.rework_due(local_date(step.at), load_calendar())
    end_dispatches(step)
    take_round(issue)
    next_task(step, due)
    issue.worked_at = step.at
    return _move(step, note, due_on=due.isoformat())
