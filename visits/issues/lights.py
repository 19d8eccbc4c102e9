"""What presses on a problem: its light, whether it is stalled, by when a co-unit owes its answer."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.periods import local_date
from visits.core.workdays import Calendar
from visits.issues import rules
from visits.issues.models import Dispatch, DispatchKind, Issue
from visits.issues.rules import Light
from visits.issues.states import OFFICE_LIMITS, ON_UNIT_DESK, State


def light_of(
    row: Any, calendar: Calendar, on: date | None = None, answer_due: date | None = None
) -> Light | None:
    """The light of a row with state, state_since and due_on, today or on a day; none if nothing presses.

    For a co-unit that owes an answer, the day of that answer presses and not that of the unit in charge.
    """
    day, due = on or today(), answer_due or row.due_on
    if row.state in ON_UNIT_DESK and due is not None:
        return rules.light_for(due, day, calendar)
    if row.state is State.SUSPENDED:
        return rules.suspended_light(row.review_on)
    if row.state is State.REGISTERED and row.accept_due is not None:
        return rules.accept_light(row.accept_due, day, calendar)
    if row.state in OFFICE_LIMITS:
        since = local_date(row.state_since)
        return rules.office_light(since, OFFICE_LIMITS[row.state], day, calendar)
    return None


def is_stalled(row: Any, calendar: Calendar) -> bool:
    """Say whether a row's problem lies on a desk on which nothing has happened for days."""
    last = max(filter(None, (row.worked_at, row.state_since)))
    return row.state is State.IN_PROGRESS and rules.is_stalled(local_date(last), today(), calendar)


def answer_due(actor: Actor) -> Any:
    """By when a unit of mine owes its answer as co-unit to a problem; empty where none owes one."""
    return (
        sa.select(sa.func.min(Dispatch.due_on))
        .where(Dispatch.issue_id == Issue.id, *owed_answer(actor))
        .correlate(Issue)
        .scalar_subquery()
        .label("answer_due")
    )


def contact_due(actor: Actor) -> Any:
    """By when a unit of mine in charge of a problem has to speak with its enterprise; empty once it has."""
    return (
        sa.select(sa.func.min(Dispatch.contact_due))
        .where(
            Issue.state.in_((State.ASSIGNED, State.IN_PROGRESS)),
            Dispatch.issue_id == Issue.id,
            Dispatch.unit_id.in_(actor.unit_ids),
            Dispatch.kind == DispatchKind.LEAD,
            Dispatch.ended_at.is_(None),
            Dispatch.contacted_at.is_(None),
        )
        .correlate(Issue)
        .scalar_subquery()
        .label("contact_due")
    )


def owed_answer(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    """The tasks of my units as co-units whose answer is missing."""
    return (
        Dispatch.unit_id.in_(actor.unit_ids),
        Dispatch.kind == DispatchKind.CO,
        Dispatch.ended_at.is_(None),
        Dispatch.answered_at.is_(None),
        Dispatch.waived_at.is_(None),
    )
