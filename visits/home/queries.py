"""What the pages of home read across the slices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, can, may
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.permissions import Permission as P
from visits.core.workdays import Calendar
from visits.enterprises.models import Enterprise
from visits.enterprises.profile import Profile, profile_of
from visits.issues import queries as issues
from visits.issues.filters import overdue
from visits.issues.models import Issue
from visits.issues.states import OPEN, State
from visits.meetings import queries as meetings
from visits.meetings.models import Meeting
from visits.outreach import queries as outreach
from visits.programmes import queries as programmes

SHOWN = 8


@dataclass(frozen=True)
class Section:
    """Problems that wait for the person: the most urgent rows, how many in all, the list's filter."""

    title: str
    rows: Sequence[tuple[Any, Any]]
    total: int
    filters: dict[str, str]


def _sections(actor: Actor) -> list[tuple[P, str, sa.ColumnElement[bool], dict[str, str]]]:
    """What each right means for one's day: permission, heading, which problems, the list's filter."""
    return [
        (
            P.ISSUES_ACCEPT,
            N_("To accept and assign"),
            Issue.state == State.REGISTERED,
            {"state": "registered"},
        ),
        (
            P.ISSUES_RULE,
            N_("Returned, to be ruled on"),
            Issue.state == State.RETURNED,
            {"state": "returned"},
        ),
        (
            P.ISSUES_REVIEW,
            N_("Reported, to be reviewed"),
            Issue.state == State.REPORTED,
            {"state": "reported"},
        ),
        (
            P.ISSUES_HANDLE,
            N_("On my unit's desk"),
            issues.on_desk(actor),
            {"mine": "desk"},
        ),
        (P.ISSUES_EVALUATE, N_("To be rung up"), Issue.state == State.EVALUATING, {"state": "evaluating"}),
        (
            P.OUTREACH_RECORD,
            N_("Open problems I brought home"),
            sa.and_(Issue.state.in_(OPEN), issues.authored(actor)),
            {"mine": "authored", "state": "open"},
        ),
    ]


def my_day(actor: Actor) -> list[Section]:
    """What waits for a person, in the order in which it presses; sections without rows are left out."""
    calendar = load_calendar()
    wanted = [row for row in _sections(actor) if may(actor, row[0])]
    if not any(row[0] in (P.ISSUES_HANDLE, P.ISSUES_EVALUATE) for row in wanted) and may(
        actor, P.ISSUES_READ
    ):
        wanted.append((P.ISSUES_READ, N_("Overdue"), overdue(today()), {"overdue": "1"}))
    found = [_section(actor, calendar, title, which, url) for _, title, which, url in wanted]
    return [section for section in found if section.total]


def _section(
    actor: Actor, calendar: Calendar, title: str, which: sa.ColumnElement[bool], filters: dict[str, str]
) -> Section:
    stmt = (
        issues.rows()
        .add_columns(sa.func.count().over().label("total"))
        .where(which, issues.visible_to(actor))
    )
    order = (Issue.due_on.is_(None), Issue.due_on, Issue.registered_on, Issue.id)
    rows = db.session.execute(stmt.order_by(*order).limit(SHOWN)).all()
    lit = [(row, issues.light_of(row, calendar)) for row in rows]
    return Section(title, lit, rows[0].total if rows else 0, filters)


def my_drafts(actor: Actor) -> Sequence[Any]:
    """The latest visits a person has not finished."""
    return outreach.list_drafts(actor, SHOWN) if may(actor, P.OUTREACH_RECORD) else []


def meetings_soon(actor: Actor) -> Sequence[Meeting]:
    """The planned meetings of this week that a person may read."""
    return meetings.soon(actor) if may(actor, P.MEETINGS_READ) else []


@dataclass(frozen=True)
class EnterpriseFile:
    """Everything one page says about an enterprise (一企一档)."""

    enterprise: Enterprise
    profile: Profile
    may_reveal: bool
    link: Any
    problems: Sequence[tuple[Any, Any]]
    visits: Sequence[Any]
    promises: Sequence[Any]


def enterprise_file(actor: Actor, enterprise: Enterprise) -> EnterpriseFile:
    """Gather an enterprise's file; phones come masked."""
    profile, calendar = profile_of(enterprise.id), load_calendar()
    return EnterpriseFile(
        enterprise=enterprise,
        profile=profile,
        may_reveal=bool(profile.contacts) and can(actor, P.ENTERPRISES_REVEAL, enterprise),
        link=programmes.link_of(enterprise.id, today()),
        problems=[
            (row, issues.light_of(row, calendar))
            for row in issues.open_for_enterprise(actor, enterprise.id)
        ],
        visits=outreach.last_visits(actor, enterprise.id) if may(actor, P.OUTREACH_READ) else [],
        promises=outreach.promises_open(enterprise.id),
    )
