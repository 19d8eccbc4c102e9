"""Which problems are so stuck that a meeting on them is due (吹哨), and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.accounts.models import Unit
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.listing import Column, Kind, Listing
from visits.core.permissions import Permission
from visits.core.workdays import Calendar, workdays_between
from visits.enterprises.models import Enterprise
from visits.issues.confidence import firm_column, named_to
from visits.issues.models import Category, Dispatch, Duty, Issue
from visits.issues.queries import visible_to as problems_visible_to
from visits.issues.states import ON_UNIT_DESK, OPEN
from visits.meetings import rules
from visits.meetings.models import AgendaItem, Meeting
from visits.meetings.rules import REASON_TEXTS, Reason, Stuck
from visits.meetings.states import State

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class SharedCategory:
    """A category of which several enterprises have had problems lately, with those still open."""

    name: str
    firms: int
    issue_ids: tuple[int, ...]


def _is_open() -> Condition:
    return Issue.state.in_(OPEN)


def _within_reach(actor: Actor) -> list[Condition]:
    return [problems_visible_to(actor), predicate_for(actor, Permission.MEETINGS_WRITE, Issue)]


def _cared_for() -> Condition:
    """Problems on a planned meeting's agenda, and those with a duty of a meeting that is not overdue."""
    planned = (
        sa.select(AgendaItem.issue_id)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(Meeting.state == State.PLANNED)
    )
    running = sa.select(Duty.issue_id).where(
        Duty.meeting_id.is_not(None),
        Duty.done_at.is_(None),
        Duty.cancelled_at.is_(None),
        Duty.due_on >= today(),
    )
    return sa.or_(Issue.id.in_(planned), Issue.id.in_(running))


def _units() -> Any:
    return (
        sa.select(sa.func.count(sa.distinct(Dispatch.unit_id)))
        .where(Dispatch.issue_id == Issue.id, Dispatch.ended_at.is_(None))
        .correlate(Issue)
        .scalar_subquery()
    )


def _is_stuck(calendar: Calendar) -> Condition:
    many = (
        sa.select(Dispatch.issue_id)
        .where(Dispatch.ended_at.is_(None))
        .group_by(Dispatch.issue_id)
        .having(sa.func.count(sa.distinct(Dispatch.unit_id)) >= rules.MANY_UNITS)
    )
    late = rules.long_overdue_before(today(), calendar)
    return sa.or_(
        Issue.red_flag.is_not(None),
        Issue.return_count >= rules.MANY_RETURNS,
        sa.and_(Issue.state.in_(ON_UNIT_DESK), Issue.due_on < late),
        Issue.id.in_(many),
    )


def _reasons(calendar: Calendar) -> Any:
    def words(row: Any) -> list[str]:
        late = 0
        if row.state in ON_UNIT_DESK and row.due_on is not None and row.due_on < today():
            late = workdays_between(row.due_on, today(), calendar)
        stuck = Stuck(row.units, row.return_count, late, row.red_flag is not None)
        return [_said(reason, count) for reason, count in rules.reasons_for(stuck)]

    return words


def _said(reason: Reason, count: int) -> str:
    text = REASON_TEXTS[reason]
    return gettext(text) if reason is Reason.FLAG else gettext(text, count=count)


def columns(calendar: Calendar) -> tuple[Column, ...]:
    """The columns of the suggestions; the reasons lean on the calendar."""
    return (
        Column("tick", N_("To a meeting"), lambda _row: None, fixed=True, look="tick-cell"),
        Column("number", N_("Number"), fixed=True, look="code", width=17),
        Column("title", N_("Problem in short"), fixed=True, look="main-cell", width=36),
        Column("reasons", N_("Why a meeting is due"), _reasons(calendar), fixed=True, width=36),
        firm_column("enterprise"),
        Column("unit", N_("Unit in charge"), lambda row: row.lead_unit, width=20),
        Column("due", N_("Due on"), lambda row: row.due_on, Kind.DAY, look="nowrap"),
    )


def of_stuck(actor: Actor, calendar: Calendar) -> Listing:
    """The open problems on which a meeting is due and none is planned, the longest waiting first."""
    names = ("id", "number", "title", "state", "due_on", "return_count", "red_flag")
    stmt = (
        sa.select(
            *(getattr(Issue, name) for name in names),
            named_to(actor).label("enterprise"),
            Issue.confidential,
            Unit.name.label("lead_unit"),
            _units().label("units"),
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    )
    sorts: dict[str, Any] = {"number": Issue.number, "registered": Issue.registered_on, "id": Issue.id}
    where = [_is_open(), _is_stuck(calendar), sa.not_(_cared_for()), *_within_reach(actor)]
    title = N_("Problems on which a meeting is due")
    return Listing("meeting_suggestions", title, stmt, sorts, "registered", columns(calendar), where=where)


def shared_categories(actor: Actor) -> list[SharedCategory]:
    """Categories of which three enterprises or more had open problems in the last 30 days."""
    since = today() - timedelta(days=rules.SAME_DAYS)
    rows: Sequence[Any] = db.session.execute(
        sa.select(Issue.id, Issue.enterprise_id, Category.name)
        .join(Category, Category.id == Issue.category_id)
        .where(Issue.registered_on >= since, _is_open(), sa.not_(_cared_for()), *_within_reach(actor))
        .order_by(Category.position, Category.id, Issue.registered_on, Issue.id)
    ).all()
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
    shared = [
        SharedCategory(
            name,
            len({row.enterprise_id for row in of_one}),
            tuple(row.id for row in of_one[: rules.MOST_AT_ONCE]),
        )
        for name, of_one in found.items()
    ]
    return [each for each in shared if each.firms >= rules.MANY_FIRMS]
