"""What the ladder of reminders has to do on a morning, and who is told of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts import queries as accounts
from visits.accounts.models import PersonRole, UnitMembership
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.periods import local_date
from visits.core.permissions import Permission, Reach, Role, reach_of
from visits.core.workdays import add_workdays, is_workday
from visits.digest.facts import AT_WORK
from visits.digest.models import LadderStep
from visits.digest.rules import SOON, Rung, is_told, rung_on
from visits.issues.models import Issue, IssueMove

Due = dict[tuple[Rung, bool], list[Any]]
FIRST_MOVE = sa.and_(IssueMove.issue_id == Issue.id, IssueMove.seq == 1)  # by which it came into the house


def steps_due(on: date) -> Due:
    """The problems for which a step is to be taken on a morning, by step and whether it is told.

    There are none on a rest day. Suspended problems are not among them, nor what waits for the office.
    """
    calendar = load_calendar()
    found: Due = defaultdict(list)
    if not is_workday(on, calendar):
        return found
    rows = db.session.execute(
        sa.select(Issue.id, Issue.number, Issue.due_on, IssueMove.recorded_at)
        .join(IssueMove, FIRST_MOVE)
        .where(Issue.state.in_(AT_WORK), Issue.due_on <= add_workdays(on, SOON, calendar))
        .order_by(Issue.due_on, Issue.id)
    ).all()
    known, began = _steps_taken(), _began(on)
    for row in rows:
        rung = rung_on(row.due_on, on, calendar)
        if rung is not None and (row.id, row.due_on, rung) not in known:
            since = max(began, local_date(row.recorded_at))
            found[rung, is_told(row.due_on, rung, since, calendar)].append(row)
    return found


def _began(on: date) -> date:
    """The first morning on which steps were taken: this one, where none ever was."""
    return db.session.scalar(sa.select(sa.func.min(LadderStep.day))) or on


def _steps_taken() -> set[tuple[int, date, Rung]]:
    """The steps taken for problems at work by their present due days."""
    stmt = sa.select(LadderStep.issue_id, LadderStep.due_on, LadderStep.rung)
    stmt = stmt.join(Issue, sa.and_(Issue.id == LadderStep.issue_id, Issue.due_on == LadderStep.due_on))
    rows = db.session.execute(stmt.where(Issue.state.in_(AT_WORK)))
    return {(row.issue_id, row.due_on, row.rung) for row in rows}


def still_at(issue_id: int, rung: Rung, on: date) -> Issue | None:
    """The problem, locked, if it still stands at this step and nobody has taken it."""
    stmt = sa.select(Issue).where(Issue.id == issue_id, Issue.state.in_(AT_WORK)).with_for_update()
    issue = db.session.scalar(stmt)
    if issue is None or issue.due_on is None or rung_on(issue.due_on, on, load_calendar()) is not rung:
        return None
    taken = sa.select(LadderStep.id).where(
        LadderStep.issue_id == issue_id, LadderStep.due_on == issue.due_on, LadderStep.rung == rung
    )
    return None if db.session.scalar(taken) else issue


def people_of_desk(unit_id: int | None) -> set[int]:
    """Who handles problems in a unit, its head among them."""
    stmt = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id == unit_id,
        accounts.is_current(today()),
        UnitMembership.person_id.in_(accounts.holding(Role.HANDLER, Role.UNIT_HEAD)),
    )
    return set(db.session.scalars(stmt))


def people_with(permission: Permission) -> set[int]:
    """Who holds a permission for some row."""
    roles = [role for role in Role if reach_of(role, permission) is not Reach.NONE]
    return set(db.session.scalars(sa.select(PersonRole.person_id).where(PersonRole.role.in_(roles))))


def ordered_with(step_id: int) -> Sequence[int] | None:
    """The problems still without an order for which one was proposed on the same morning as by this step.

    None where there is no such step.
    """
    proposed = (LadderStep.id == step_id, LadderStep.rung == Rung.ORDERED)
    day = db.session.scalar(sa.select(LadderStep.day).where(*proposed))
    if day is None:
        return None
    stmt = (
        sa.select(Issue.id, IssueMove.recorded_at, LadderStep.due_on)
        .join(LadderStep, LadderStep.issue_id == Issue.id)
        .join(IssueMove, FIRST_MOVE)
        .where(LadderStep.rung == Rung.ORDERED, LadderStep.day == day, Issue.supervised.is_(False))
    )
    calendar, began = load_calendar(), _began(day)
    return [
        row.id
        for row in db.session.execute(stmt.order_by(Issue.due_on, Issue.id))
        if is_told(row.due_on, Rung.ORDERED, max(began, local_date(row.recorded_at)), calendar)
    ]
