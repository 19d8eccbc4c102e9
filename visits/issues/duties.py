"""Readings of duties (议定事项): those of one problem, those a person's units still have to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, Unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.permissions import Role
from visits.core.together import Few
from visits.core.workdays import Calendar
from visits.enterprises.models import Enterprise
from visits.issues import rules
from visits.issues.confidence import named_to
from visits.issues.models import Duty, Issue
from visits.issues.queries import visible_to
from visits.issues.rules import Light
from visits.issues.states import OPEN, State

OPEN_DUTY = (Duty.done_at.is_(None), Duty.cancelled_at.is_(None))


@dataclass(frozen=True)
class ShownDuty:
    """A duty as the page shows it: with its unit, who ended it, its light while it is open."""

    duty: Duty
    unit: str
    who: str | None
    light: Light | None
    is_own: bool


def duties_of(actor: Actor, issue_id: int, calendar: Calendar) -> list[ShownDuty]:
    """The duties for one problem in the order of their days, and which are one's own to report."""
    rows = db.session.execute(
        sa.select(Duty, Unit.name, Person.name)
        .join(Unit, Unit.id == Duty.unit_id)
        .outerjoin(Person, Person.id == Duty.done_by_id)
        .where(Duty.issue_id == issue_id)
        .order_by(Duty.due_on, Duty.id)
    )
    is_office = Role.COORDINATOR in actor.roles
    return [
        ShownDuty(duty, unit, who, _light_of(duty, calendar), is_office or duty.unit_id in actor.unit_ids)
        for duty, unit, who in rows
    ]


def _light_of(duty: Duty, calendar: Calendar) -> Light | None:
    is_over = duty.done_at or duty.cancelled_at
    return None if is_over else rules.light_for(duty.due_on, today(), calendar)


def open_choices(actor: Actor, issue_id: int) -> list[tuple[int, str]]:
    """The duties for a problem that are open and that the actor may end, as (id, words)."""
    stmt = sa.select(Duty.id, Unit.name, Duty.due_on, Duty.text).join(Unit, Unit.id == Duty.unit_id)
    stmt = stmt.where(Duty.issue_id == issue_id, *OPEN_DUTY)
    if Role.COORDINATOR not in actor.roles:
        stmt = stmt.where(Duty.unit_id.in_(sorted(actor.unit_ids)))
    rows = db.session.execute(stmt.order_by(Duty.due_on, Duty.id))
    return [(key, f"{unit} {due_on} {text[:60]}") for key, unit, due_on, text in rows]


def waiting(actor: Actor) -> sa.ColumnElement[bool]:
    """What the actor's units still have to do, each duty with its problem."""
    return sa.and_(
        Issue.id == Duty.issue_id,
        Duty.unit_id.in_(actor.unit_ids),
        *OPEN_DUTY,
        Issue.state.in_(OPEN | {State.CLOSED}),
        visible_to(actor),
    )


def waiting_for(actor: Actor, most: int) -> Few:
    """What the actor's units still have to do, the most urgent first, each with how many there are."""
    stmt = (
        sa.select(
            Duty.id,
            Duty.text,
            Duty.due_on,
            Duty.issue_id,
            Issue.number,
            Issue.title,
            named_to(actor).label("enterprise"),
            sa.func.count().over().label("total"),
        )
        .join(Issue, Issue.id == Duty.issue_id)
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .where(waiting(actor))
    )
    return Few(stmt, (Duty.due_on, Duty.id), most)


def lit(rows: Sequence[Any], calendar: Calendar) -> list[tuple[Any, rules.Light]]:
    """Duties, each with its light."""
    return [(row, rules.light_for(row.due_on, today(), calendar)) for row in rows]
