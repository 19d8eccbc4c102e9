"""What a digest must say of problems, read slowly: every problem and every task, in plain sentences."""

import sqlalchemy as sa

from visits.core.authz import may
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.periods import local_date
from visits.core.permissions import Permission, Role
from visits.core.workdays import add_workdays, workdays_between
from visits.coverage.filters import Asked, DueFilters, Standing
from visits.coverage.listing import of_scope
from visits.issues.models import Dispatch, DispatchKind, Issue
from visits.issues.states import State
from visits.programmes.scope import scopes

OF_ALL = {Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR}
ON_DESK = {State.ASSIGNED, State.IN_PROGRESS, State.RETURNED}
AT_WORK = {State.ASSIGNED, State.IN_PROGRESS}


def plain_sections(actor):
    """The numbers of the problems in the sections about units, the office and callbacks: {key: numbers}."""
    roles, calendar, day = actor.roles, load_calendar(), today()
    issues = db.session.scalars(sa.select(Issue)).all()
    tasks = db.session.scalars(sa.select(Dispatch).where(Dispatch.ended_at.is_(None))).all()
    leading = {task.issue_id for task in tasks if _is_ours(task, actor) and task.kind is DispatchKind.LEAD}
    found = {}

    def tell(key, is_told, which):
        numbers = {issue.number for issue in issues if which(issue)} if is_told else set()
        if numbers:
            found[key] = numbers

    def ours(issue):
        return issue.lead_unit_id in actor.unit_ids and issue.state in AT_WORK

    def waits(issue):
        return workdays_between(local_date(issue.state_since), day, calendar)

    handles = bool(roles & {Role.HANDLER, Role.UNIT_HEAD})
    tell("unit_overdue", handles, lambda i: ours(i) and i.due_on < day)
    tell("unit_due", handles, lambda i: ours(i) and i.due_on == day)
    tell(
        "unit_soon",
        Role.HANDLER in roles,
        lambda i: ours(i) and i.due_on > day and workdays_between(day, i.due_on, calendar) <= 2,
    )
    tell("unit_sign", handles, lambda i: i.id in leading and i.state is State.ASSIGNED)
    tell("accept", Role.COORDINATOR in roles, lambda i: i.state is State.REGISTERED)
    tell("review", roles & {Role.COORDINATOR, Role.LEADER}, lambda i: i.state is State.REPORTED)
    calls = Role.CALLBACK in roles
    tell("unrated", calls, lambda i: i.state is State.EVALUATING and waits(i) > 3)
    tell("call", calls, lambda i: i.state is State.EVALUATING and waits(i) <= 3)
    oversees = bool(roles & {Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER})
    tell(
        "board_overdue",
        oversees,
        lambda i: i.state in ON_DESK and i.due_on is not None and i.due_on < day,
    )
    return found


def count_visits_due(actor):
    """How many enterprises the list of those due for a visit shows with a period that ends soon."""
    if actor.roles & OF_ALL or not may(actor, Permission.COVERAGE_READ):
        return 0
    requiring = [scope for scope in scopes() if any(version.tiers for version in scope.versions)]
    asked = Asked((requiring[0].known_at(now()),), None, today())
    listing = of_scope(actor, asked, DueFilters(standing=(Standing.DUE,)))
    rows = db.session.execute(listing.stmt.where(*listing.where)).all()
    last = add_workdays(today(), 5, load_calendar())
    return len({row.id for row in rows if today() <= row.until_on <= last})


def _is_ours(task, actor):
    return task.unit_id in actor.unit_ids


PLAIN = {
    "unit_overdue",
    "unit_due",
    "unit_soon",
    "unit_sign",
    "accept",
    "review",
    "unrated",
    "call",
    "board_overdue",
}
