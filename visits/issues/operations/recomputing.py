"""Due dates and review days that move with the calendar, besides the moves that set them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from visits.core.authz import SYSTEM
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.periods import local_date
from visits.core.workdays import Calendar, next_workday
from visits.issues.models import Dispatch, DispatchKind, Issue
from visits.issues.operations.moving import Step, _move
from visits.issues.rules import recounted
from visits.issues.states import LIFE, ON_UNIT_DESK, State


@dataclass(frozen=True)
class MovedDue:
    """A unit's task whose dates another calendar gives differently; `dates` are column and new date."""

    issue: Issue
    task: Dispatch
    dates: dict[str, date]

    @property
    def is_lead(self) -> bool:
        """Say whether the problem itself is due with this task."""
        return self.task.kind is DispatchKind.LEAD


def due_dates_by(before: Calendar, after: Calendar) -> list[MovedDue]:
    """The tasks waiting on units' desks whose dates would move, the lead's before the co-units'.

    What is signed, contacted or answered already keeps its date, so that nobody becomes late afterwards.
    """
    rows = db.session.execute(
        sa.select(Issue, Dispatch)
        .join(Dispatch, Dispatch.issue_id == Issue.id)
        .where(
            Issue.state.in_(ON_UNIT_DESK),
            Dispatch.ended_at.is_(None),
            Dispatch.answered_at.is_(None),
            Dispatch.waived_at.is_(None),
        )
        .order_by(Issue.id, Dispatch.kind.desc(), Dispatch.id)
    ).all()
    moved = [MovedDue(issue, task, _dates(task, before, after)) for issue, task in rows]
    return [found for found in moved if found.dates]


def _dates(task: Dispatch, before: Calendar, after: Calendar) -> dict[str, date]:
    start = local_date(task.assigned_at)
    waiting = {
        "sign_due": None if task.signed_at else task.sign_due,
        "contact_due": None if task.contacted_at else task.contact_due,
        "stage_due": None if task.staged_at else task.stage_due,
        "due_on": task.due_on,
        "original_due_on": task.original_due_on,
    }
    found = {
        column: recounted(start, due, before, after, today()) for column, due in waiting.items() if due
    }
    return {column: due for column, due in found.items() if due != waiting[column]}


def recompute_accept_dates(before: Calendar, after: Calendar) -> None:
    """Let the office's own limit follow the calendar, for the problems that wait to be accepted."""
    waiting = sa.select(Issue).where(Issue.state == State.REGISTERED, Issue.accept_due.is_not(None))
    for issue in db.session.scalars(waiting):
        start, due = local_date(issue.state_since), issue.accept_due or today()
        issue.accept_due = recounted(start, due, before, after, today())


@dataclass(frozen=True)
class MovedReview:
    """A suspended problem whose review day another calendar makes a rest day, and the day it moves to."""

    issue: Issue
    review_on: date


def review_days_by(after: Calendar) -> list[MovedReview]:
    """The suspended problems whose review day, still to come, would be a rest day."""
    stmt = sa.select(Issue).where(Issue.state == State.SUSPENDED, Issue.review_on >= today())
    moved = [
        MovedReview(issue, next_workday(issue.review_on, after))
        for issue in db.session.scalars(stmt.order_by(Issue.id))
        if issue.review_on
    ]
    return [found for found in moved if found.review_on != found.issue.review_on]


def recompute_review_days(moved: Sequence[MovedReview], why: str) -> list[list[Any]]:
    """Write these review days as `recompute_due_dates` writes due dates, and return the same rows."""
    listed = []
    for found in moved:
        issue, former = found.issue, str(found.issue.review_on)
        issue.review_on = found.review_on
        move = LIFE.check_state("recompute_review", issue.state, None)
        review = found.review_on.isoformat()
        _move(Step(SYSTEM, issue, move, now()), why, former_review_on=former, review_on=review)
        listed.append([issue.id, issue.number, former, review])
    return listed


def recompute_due_dates(moved: Sequence[MovedDue], why: str) -> list[list[Any]]:
    """Write these dates, with a row in each problem's log; the caller has checked the right to it.

    Returns [problem id, number, former due date, due date] of each problem whose own due date moved.
    """
    listed = []
    for _, found in groupby(moved, key=lambda row: row.issue.id):
        tasks = list(found)
        for row in tasks:
            for column, due in row.dates.items():
                setattr(row.task, column, due)
        if change := _carry_over(tasks[0], why):
            listed.append(change)
    return listed


def _carry_over(moved: MovedDue, why: str) -> list[Any] | None:
    """Let the problem follow its lead's task, by the writer of all moves."""
    issue, former = moved.issue, moved.issue.due_on
    if moved.is_lead and issue.round == 1:
        issue.original_due_on = moved.task.original_due_on
    if not moved.is_lead or "due_on" not in moved.dates:
        return None
    issue.due_on = moved.task.due_on
    move = LIFE.check_state("recompute_due", issue.state, None)
    due = moved.task.due_on.isoformat()
    was = former.isoformat() if former else ""
    _move(Step(SYSTEM, issue, move, now()), why, former_due_on=was, due_on=due)
    return [issue.id, issue.number, was, due]
