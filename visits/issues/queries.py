"""Every reading of problems: who may see which, lists, and what the guards must know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person, PersonRole, Unit, UnitMembership
from visits.accounts.queries import heads_of, is_current
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.periods import local_date
from visits.core.permissions import Permission, Role
from visits.core.workdays import Calendar, workdays_between
from visits.enterprises.models import Enterprise
from visits.issues import rules
from visits.issues.categories import open_categories as open_categories
from visits.issues.filters import overdue as overdue
from visits.issues.models import (
    CallbackAttempt,
    Category,
    Dispatch,
    DispatchKind,
    Issue,
    IssueMove,
    IssueProgramme,
)
from visits.issues.rules import Light, MoveFacts
from visits.issues.states import OFFICE_LIMITS, ON_UNIT_DESK, OPEN, State
from visits.programmes.models import Group, Programme
from visits.programmes.queries import linked_enterprise_ids

VISITS = sa.table("visits", sa.column("id"), sa.column("voided_at"))  # of the slice above
ATTENDANCES = sa.table(  # of the slice above
    "attendances", sa.column("visit_id"), sa.column("person_id"), sa.column("superseded_at")
)


def own(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems I registered, heard in a visit I took part in, or of enterprises I am primary officer of."""
    mine = sa.select(ATTENDANCES.c.visit_id).where(
        ATTENDANCES.c.person_id == actor.person_id, ATTENDANCES.c.superseded_at.is_(None)
    )
    linked = linked_enterprise_ids(actor.person_id, today())
    return sa.or_(authored(actor), Issue.visit_id.in_(mine), Issue.enterprise_id.in_(linked))


def group(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems of my groups, and my own."""
    return sa.or_(Issue.group_id.in_(sorted(actor.group_ids)), own(actor))


def unit(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems one of my units has or had as lead or co-unit."""
    return Issue.id.in_(sa.select(Dispatch.issue_id).where(Dispatch.unit_id.in_(sorted(actor.unit_ids))))


def authored(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems I registered."""
    return Issue.registered_by_id == actor.person_id


def handling(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems one of my units has now, as lead or co-unit."""
    mine = sa.select(Dispatch.issue_id).where(
        Dispatch.unit_id.in_(sorted(actor.unit_ids)), Dispatch.ended_at.is_(None)
    )
    return Issue.id.in_(mine)


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The problems a person may read."""
    return predicate_for(actor, Permission.ISSUES_READ, Issue)


def get_visible(actor: Actor, issue_id: int) -> Issue:
    """One problem; raise NotFound where there is none, or not for this person."""
    issue = db.session.scalar(sa.select(Issue).where(Issue.id == issue_id, visible_to(actor)))
    if issue is None:
        raise NotFound()
    return issue


def get_shown(actor: Actor, issue_id: int) -> Any:
    """One problem, as `Issue`, with the names its page shows; raise NotFound as get_visible."""
    author, lead = aliased(Person), aliased(Unit)
    programmes = (
        sa.select(sa.func.aggregate_strings(Programme.name, "、"))
        .join(IssueProgramme, IssueProgramme.programme_id == Programme.id)
        .where(IssueProgramme.issue_id == Issue.id)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(
            Issue,
            Enterprise.name.label("enterprise"),
            Category.name.label("category"),
            author.name.label("author"),
            lead.name.label("lead_unit"),
            Group.name.label("group"),
            programmes.label("programmes"),
            VISITS.c.voided_at.is_not(None).label("visit_is_void"),
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Category, Category.id == Issue.category_id)
        .outerjoin(author, author.id == Issue.registered_by_id)
        .outerjoin(lead, lead.id == Issue.lead_unit_id)
        .outerjoin(Group, Group.id == Issue.group_id)
        .outerjoin(VISITS, VISITS.c.id == Issue.visit_id)
        .where(Issue.id == issue_id, visible_to(actor))
    ).first()
    if row is None:
        raise NotFound()
    return row


def get_by_client_id(client_id: str) -> Issue | None:
    """The problem a browser registered under this id."""
    return db.session.scalar(sa.select(Issue).where(Issue.client_id == client_id))


def moves_of(issue_id: int) -> Sequence[Any]:
    """All that happened to a problem, oldest first, with who did it."""
    return db.session.execute(
        sa.select(IssueMove, Person.name.label("who"), Unit.name.label("unit"))
        .outerjoin(Person, Person.id == IssueMove.actor_id)
        .outerjoin(Unit, Unit.id == IssueMove.unit_id)
        .where(IssueMove.issue_id == issue_id)
        .order_by(IssueMove.seq)
    ).all()


def last_assignment(issue_id: int) -> Any:
    """The move by which the present units got a problem, as (IssueMove, who, unit), if any."""
    assigned = [row for row in moves_of(issue_id) if row.IssueMove.move in {"assign", "reassign"}]
    return assigned[-1] if assigned else None


def last_seq(issue_id: int) -> int:
    """How many moves a problem has."""
    return (
        db.session.scalar(sa.select(sa.func.max(IssueMove.seq)).where(IssueMove.issue_id == issue_id)) or 0
    )


def dispatches_of(issue_id: int) -> Sequence[Any]:
    """The tasks units had and have with a problem, as (Dispatch, unit), oldest first."""
    return db.session.execute(
        sa.select(Dispatch, Unit.name.label("unit"))
        .join(Unit, Unit.id == Dispatch.unit_id)
        .where(Dispatch.issue_id == issue_id)
        .order_by(Dispatch.id)
    ).all()


def current_dispatches(issue_id: int) -> list[Dispatch]:
    """The tasks that units have with a problem now."""
    stmt = sa.select(Dispatch).where(Dispatch.issue_id == issue_id, Dispatch.ended_at.is_(None))
    return list(db.session.scalars(stmt.order_by(Dispatch.id)))


_ASKING_ELSEWHERE = ON_UNIT_DESK | {State.REPORTED, State.EVALUATING}


@dataclass(frozen=True)
class FactsElsewhere:
    """What guards must know of people and units: days of the round's vain callbacks, who there is."""

    callback_days: Sequence[str] = ()
    head_confirms: bool = False
    has_independent_coordinator: bool = True
    has_leader: bool = True


def facts_for(actor: Actor, issue: Issue, dispatches: Sequence[Dispatch] | None = None) -> MoveFacts:
    """What the guards must know; with the problem's dispatches given in one statement at most."""
    tasks = current_dispatches(issue.id) if dispatches is None else dispatches
    current = [task for task in tasks if task.ended_at is None]
    lead = next((task for task in current if task.kind is DispatchKind.LEAD), None)
    waiting = {
        t.unit_id for t in current if t.kind is DispatchKind.CO and not (t.answered_at or t.waived_at)
    }
    handlers = {task.unit_id for task in current}
    elsewhere = (
        _facts_elsewhere(issue, lead, handlers) if issue.state in _ASKING_ELSEWHERE else FactsElsewhere()
    )
    return MoveFacts(
        today=today(),
        return_until=lead.sign_due if lead else None,
        is_registered=issue.state is State.REGISTERED,
        is_closed=issue.state is State.CLOSED,
        needs_info=issue.needs_info,
        no_return=issue.no_return,
        was_returned=bool(lead and lead.returned_at),
        return_count=issue.return_count,
        is_contacted=bool(lead and lead.contacted_at),
        is_coordinator=Role.COORDINATOR in actor.roles,
        is_leader=Role.LEADER in actor.roles,
        is_head=Role.UNIT_HEAD in actor.roles,
        head_confirms=elsewhere.head_confirms,
        in_lead_unit=bool(lead and lead.unit_id in actor.unit_ids),
        in_handling_unit=bool(handlers & actor.unit_ids),
        waiting_co_units=len(waiting),
        in_waiting_co_unit=bool(waiting & actor.unit_ids),
        has_independent_coordinator=elsewhere.has_independent_coordinator,
        has_leader=elsewhere.has_leader,
        attempts=len(elsewhere.callback_days),
        attempt_days=len(set(elsewhere.callback_days)),
    )


def _facts_elsewhere(issue: Issue, lead: Dispatch | None, handlers: set[int]) -> FactsElsewhere:
    """Read the facts of one problem that its own rows do not hold, in one statement.

    A unit whose head confirms but which has no head today is spoken for by its handlers.
    """
    members = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id.in_(sorted(handlers)), is_current(today())
    )
    coordinators = _holders(Role.COORDINATOR).where(Person.id.not_in(members))
    attempts = sa.select(
        sa.func.aggregate_strings(sa.cast(CallbackAttempt.attempted_on, sa.String), " ")
    ).where(CallbackAttempt.issue_id == issue.id, CallbackAttempt.round == issue.round)
    unit_id = lead.unit_id if lead else 0
    heads = sa.select(sa.func.count(Unit.id)).where(
        Unit.id == unit_id, Unit.head_confirms.is_(True), heads_of(unit_id, today()).exists()
    )
    counted = (heads, coordinators, _holders(Role.LEADER))
    row = db.session.execute(
        sa.select(attempts.scalar_subquery(), *(stmt.scalar_subquery() for stmt in counted))
    ).one()
    return FactsElsewhere((row[0] or "").split(), bool(row[1]), bool(row[2]), bool(row[3]))


def _holders(role: Role) -> Any:
    """Count the people not disabled who hold a role."""
    return (
        sa.select(sa.func.count(Person.id))
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role == role, Person.disabled_at.is_(None))
    )


def light_of(row: Any, calendar: Calendar) -> Light | None:
    """The light of a row with state, state_since and due_on; none where nothing presses."""
    if row.state in ON_UNIT_DESK and row.due_on is not None:
        return rules.light_for(row.due_on, today(), calendar)
    if row.state is State.SUSPENDED:
        return rules.SUSPENDED_LIGHT
    if row.state in OFFICE_LIMITS:
        since = local_date(row.state_since)
        return rules.office_light(since, OFFICE_LIMITS[row.state], today(), calendar)
    return None


def rows() -> Any:
    """The select of what a list shows of a problem."""
    return (
        sa.select(
            Issue.id,
            Issue.number,
            Issue.title,
            Issue.enterprise_id,
            Enterprise.name.label("enterprise"),
            Category.name.label("category"),
            Issue.state,
            Issue.state_since,
            Issue.urgency,
            Issue.round,
            Issue.outcome,
            Issue.on_spot,
            Issue.needs_info,
            Unit.name.label("lead_unit"),
            Issue.due_on,
            Issue.registered_on,
            Issue.closed_on,
        )
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .join(Category, Category.id == Issue.category_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    )


def on_desk(actor: Actor) -> sa.ColumnElement[bool]:
    """Problems that wait on the desk of one of my units now."""
    return sa.and_(handling(actor), Issue.state.in_(ON_UNIT_DESK))


def workdays_open(issue: Issue, calendar: Calendar) -> int:
    """The enterprise's clock: working days from registration to closing or today, never set back."""
    return workdays_between(issue.registered_on, issue.closed_on or today(), calendar)


def open_for_enterprise(actor: Actor, enterprise_id: int) -> Sequence[Any]:
    """An enterprise's open problems that a person may read, the oldest first."""
    return db.session.execute(
        rows()
        .where(Issue.enterprise_id == enterprise_id, Issue.state.in_(OPEN), visible_to(actor))
        .order_by(Issue.registered_on, Issue.id)
    ).all()


def get_category(category_id: int) -> Category | None:
    """One category."""
    return db.session.get(Category, category_id)


def waiting_co_units(issue_id: int) -> list[tuple[int, str]]:
    """Co-units whose answer is awaited, as (id, name)."""
    found = db.session.execute(
        sa.select(Unit.id, Unit.name)
        .join(Dispatch, Dispatch.unit_id == Unit.id)
        .where(
            Dispatch.issue_id == issue_id,
            Dispatch.kind == DispatchKind.CO,
            Dispatch.ended_at.is_(None),
            Dispatch.answered_at.is_(None),
            Dispatch.waived_at.is_(None),
        )
        .order_by(Unit.name)
    )
    return [(unit_id, name) for unit_id, name in found]
