"""What is asked for and decided about a problem, as pages tell it, and for whom a decision waits."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from visits.accounts.models import Person, PersonRole
from visits.core.authz import Actor, permitted
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.markup import day, moment
from visits.core.periods import local_date
from visits.core.permissions import Permission, Role
from visits.issues import queries, rules
from visits.issues.models import (
    BLOCK_LABELS,
    DECISION_LABELS,
    DELAY_LABELS,
    REQUEST_LABELS,
    Block,
    Decision,
    Delay,
    Dispatch,
    DispatchKind,
    Issue,
    IssueRequest,
    RequestKind,
)
from visits.issues.states import LIFE

DECISION_TONES = {Decision.GRANTED: "success", Decision.REFUSED: "warning", Decision.LAPSED: "muted"}
Facts = list[tuple[str, str]]


def waiting(issue: Issue, kind: RequestKind) -> Any:
    """What waits for a decision of this kind, as a row of queries.requests_of, or nothing."""
    rows = queries.requests_of(issue.id) if getattr(issue, f"{kind}_asked") else []
    return next((row for row in rows if is_waiting(row) and row.IssueRequest.kind is kind), None)


def is_waiting(row: Any) -> bool:
    """Say whether nobody has decided yet."""
    return row.IssueRequest.decision is None


def reason_of(request: IssueRequest) -> str:
    """The reason's label."""
    if request.kind is RequestKind.EXTENSION and request.reason:
        return gettext(DELAY_LABELS[Delay(request.reason)])
    if request.kind is RequestKind.SUSPENSION and request.reason:
        return gettext(BLOCK_LABELS[Block(request.reason)])
    return ""


def facts_of(row: Any) -> Facts:
    """What was asked for, in full: who, when, why, until when."""
    request = row.IssueRequest
    facts = [(gettext("Asked by"), asker_of(row)), (gettext("Asked at"), moment(request.asked_at))]
    if reason := reason_of(request):
        facts.append((gettext("Reason"), reason))
    if request.kind is RequestKind.EXTENSION:
        facts += [
            (gettext("Due on"), day(request.from_on)),
            (gettext("Due date wanted"), day(request.wanted_on)),
            (gettext("What is done until then"), request.text),
        ]
    elif request.kind is RequestKind.SUSPENSION:
        facts += [
            (gettext("Who keeps an eye on it"), request.owner),
            (gettext("Review day"), day(request.wanted_on)),
            (gettext("The block, and what is done about it"), request.text),
        ]
    else:
        facts.append((gettext("Why"), request.text))
    return facts


def asker_of(row: Any) -> str:
    """Who asked, with the unit."""
    return "，".join(name for name in (row.asker, row.unit) if name) or gettext("The enterprise")


def pending_cards(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """What waits for a decision, as cards of the page."""
    headings = {
        RequestKind.EXTENSION: gettext("Extension asked for"),
        RequestKind.SUSPENSION: gettext("Suspension asked for"),
        RequestKind.WITHDRAWAL: gettext("Withdrawal by the enterprise"),
        RequestKind.RULING: gettext("Closing by ruling proposed"),
    }
    return [
        {"kind": row.IssueRequest.kind, "title": headings[row.IssueRequest.kind], "facts": facts_of(row)}
        for row in rows
        if is_waiting(row)
    ]


def decided_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """What was decided or has lapsed, the latest first."""
    return [
        {
            "kind": gettext(REQUEST_LABELS[row.IssueRequest.kind]),
            "asked": f"{asker_of(row)} · {moment(row.IssueRequest.asked_at)}",
            "why": "：".join(part for part in (reason_of(row.IssueRequest), row.IssueRequest.text) if part),
            "wanted": row.IssueRequest.wanted_on,
            "decision": gettext(DECISION_LABELS[row.IssueRequest.decision]),
            "tone": DECISION_TONES[row.IssueRequest.decision],
            "granted": row.IssueRequest.granted_on,
            "decided": f"{row.decider or gettext('System')} · {moment(row.IssueRequest.decided_at)}",
            "answer": row.IssueRequest.answer,
        }
        for row in rows
        if not is_waiting(row)
    ]


def granted_until(issue: Issue, due: date) -> IssueRequest | None:
    """The extension by which a problem became due on this day."""
    asked_for = (row.IssueRequest for row in queries.requests_of(issue.id))
    fitting = (one for one in asked_for if one.kind is RequestKind.EXTENSION and one.granted_on == due)
    return next(fitting, None)


def extension_span(issue: Issue) -> tuple[date, date] | None:
    """The first and the last day to which the due date can be moved now."""
    tasks = queries.current_dispatches(issue.id)
    lead = next((task for task in tasks if task.kind is DispatchKind.LEAD), None)
    if lead is None:
        return None
    start, calendar = local_date(lead.assigned_at), load_calendar()
    last = rules.latest_extension(start, lead.original_due_on, calendar, lead.paused)
    return max(lead.due_on, today()) + timedelta(days=1), last


def may_extend(actor: Actor, issue: Issue) -> bool:
    """Say whether the actor may decide on extensions of this problem, and it can have one."""
    may_rule = permitted(actor, {Permission.ISSUES_RULE}, issue)
    return bool(may_rule) and issue.state in LIFE["grant_extension"].origin


def about_due(issue: Issue, span: tuple[date, date] | None) -> Facts:
    """The dates that matter to whoever asks for other ones."""
    facts = [
        (gettext("Due on"), day(issue.due_on)),
        (gettext("Originally due on"), day(issue.original_due_on)),
    ]
    return facts + ([(gettext("Latest due date possible"), day(span[1]))] if span else [])


def _second() -> sa.ColumnElement[bool]:
    """Problems whose present lead unit was granted an extension already."""
    extended = sa.select(Dispatch.issue_id).where(
        Dispatch.kind == DispatchKind.LEAD, Dispatch.ended_at.is_(None), Dispatch.extended > 0
    )
    return Issue.id.in_(extended)


def _has_leader() -> sa.ColumnElement[bool]:
    """Whether anybody holds the leader's role."""
    holders = sa.select(Person.id).join(PersonRole, PersonRole.person_id == Person.id)
    return holders.where(PersonRole.role == Role.LEADER, Person.disabled_at.is_(None)).exists()


def extensions_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems whose extension the actor decides on: coordinators on the first, leaders on later ones."""
    mine: list[sa.ColumnElement[bool]] = [sa.false()]
    if Role.LEADER in actor.roles:
        mine.append(_second())
    if Role.COORDINATOR in actor.roles:
        mine.append(sa.and_(~queries.handling(actor), sa.or_(~_second(), ~_has_leader())))
    return sa.and_(Issue.extension_asked.is_(True), sa.or_(*mine))


def suspensions_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems whose suspension the actor decides on: leaders, and coordinators where there is none."""
    mine: list[sa.ColumnElement[bool]] = [sa.true() if Role.LEADER in actor.roles else sa.false()]
    if Role.COORDINATOR in actor.roles:
        mine.append(sa.and_(~queries.handling(actor), ~_has_leader()))
    return sa.and_(Issue.suspension_asked.is_(True), sa.or_(*mine))


def rulings_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems whose closing by ruling the actor confirms: as a second person, of no handling unit."""
    proposed = sa.select(IssueRequest.issue_id).where(
        IssueRequest.kind == RequestKind.RULING,
        IssueRequest.decision.is_(None),
        IssueRequest.asked_by_id == actor.person_id,
    )
    return sa.and_(Issue.ruling_asked.is_(True), Issue.id.not_in(proposed), ~queries.handling(actor))
