"""What the guards of a problem's moves must know, read in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person, PersonRole, Unit, UnitMembership
from visits.accounts.queries import heads_of, is_current
from visits.core.authz import SYSTEM, Actor
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.periods import local_date
from visits.core.permissions import Role
from visits.core.workdays import add_workdays
from visits.issues import rules
from visits.issues.guards import MoveFacts
from visits.issues.models import (
    CallbackAttempt,
    Dispatch,
    DispatchKind,
    Duty,
    Evaluation,
    Issue,
    IssueRequest,
    Level,
    Outcome,
    RequestKind,
)
from visits.issues.states import EXCLUDED, State

HANDLING_ROLES = (Role.HANDLER, Role.UNIT_HEAD)


def current_dispatches(issue_id: int) -> list[Dispatch]:
    """The tasks that units have with a problem now."""
    stmt = sa.select(Dispatch).where(Dispatch.issue_id == issue_id, Dispatch.ended_at.is_(None))
    return list(db.session.scalars(stmt.order_by(Dispatch.id)))


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


@dataclass(frozen=True)
class FactsElsewhere:
    """What guards must know of people, units and answers: the round's vain callbacks, who there is.

    `had_it` says that one of the actor's units handled the last round of a problem that is closed now.
    """

    callback_days: Sequence[str] = ()
    head_confirms: bool = False
    has_independent_coordinator: bool = True
    has_leader: bool = True
    has_unit: bool = False
    level: Level | None = None
    ratings: int = 0
    duties: int = 0
    had_it: bool = False
    proposed_ruling: bool = False


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
        FactsElsewhere() if issue.state in EXCLUDED else _facts_elsewhere(actor, issue, lead, handlers)
    )
    return MoveFacts(
        today=today(),
        in_lead_unit=bool(lead and lead.unit_id in actor.unit_ids),
        in_handling_unit=bool(handlers & actor.unit_ids) or elsewhere.had_it,
        waiting_co_units=len(waiting),
        in_waiting_co_unit=bool(waiting & actor.unit_ids),
        **_of_actor(actor),
        **_of_issue(issue),
        **_of_lead(lead),
        **_of_elsewhere(issue, elsewhere),
    )


def _of_actor(actor: Actor) -> dict[str, Any]:
    return {
        "is_coordinator": Role.COORDINATOR in actor.roles,
        "is_leader": Role.LEADER in actor.roles,
        "is_supervisor": Role.SUPERVISOR in actor.roles,
        "is_head": Role.UNIT_HEAD in actor.roles,
        "is_system": actor is SYSTEM,
    }


def _of_issue(issue: Issue) -> dict[str, Any]:
    closed_on = issue.closed_on if issue.state is State.CLOSED else None
    asked = ("extension_asked", "suspension_asked", "withdrawal_asked", "ruling_asked")
    return {
        **{name: getattr(issue, name) for name in asked},
        "is_registered": issue.state is State.REGISTERED,
        "is_closed": issue.state is State.CLOSED,
        "needs_info": issue.needs_info,
        "no_return": issue.no_return,
        "return_count": issue.return_count,
        "due_on": issue.due_on,
        "reopen_until": rules.reopen_until(closed_on, load_calendar()) if closed_on else None,
        "is_planned": issue.outcome is Outcome.PLANNED,
        "commitment_due": issue.commitment_due,
        "is_confidential": issue.confidential,
        "has_flag": issue.red_flag is not None,
        "escalation": issue.escalation,
    }


def _of_lead(lead: Dispatch | None) -> dict[str, Any]:
    if lead is None:
        return {}
    return {
        "return_until": lead.sign_due,
        "was_returned": lead.returned_at is not None,
        "is_contacted": lead.contacted_at is not None,
        "extended": lead.extended,
        "extend_until": _extend_until(lead),
        "extension_cap": rules.latest_extension(
            local_date(lead.assigned_at), lead.original_due_on, load_calendar(), lead.paused
        ),
    }


def _extend_until(lead: Dispatch) -> date:
    """The due day, and one working day more after a report was sent back."""
    if lead.sent_back_at is None:
        return lead.due_on
    return max(lead.due_on, add_workdays(local_date(lead.sent_back_at), 1, load_calendar()))


def _of_elsewhere(issue: Issue, found: FactsElsewhere) -> dict[str, Any]:
    is_rated_badly = found.level in rules.BAD_LEVELS
    return {
        "head_confirms": found.head_confirms,
        "has_independent_coordinator": found.has_independent_coordinator,
        "has_leader": found.has_leader,
        "has_unit": found.has_unit,
        "is_rated": found.level is not None,
        "is_rated_badly": is_rated_badly,
        "may_rate_again": issue.state is State.CLOSED and found.ratings < rules.RATINGS,
        "has_duty": bool(found.duties),
        "proposed_ruling": found.proposed_ruling,
        "attempts": len(found.callback_days),
        "attempt_days": len(set(found.callback_days)),
    }


def _facts_elsewhere(
    actor: Actor, issue: Issue, lead: Dispatch | None, handlers: set[int]
) -> FactsElsewhere:
    """Read the facts of one problem that its own rows do not hold, in one statement.

    A unit whose head confirms but which has no head today is spoken for by its handlers.
    """
    rated = (Evaluation.issue_id == issue.id, Evaluation.level.is_not(None))
    attempts = sa.select(
        sa.func.aggregate_strings(sa.cast(CallbackAttempt.attempted_on, sa.String), " ")
    ).where(CallbackAttempt.issue_id == issue.id, CallbackAttempt.round == issue.round)
    asked = (
        attempts,
        _heads(lead.unit_id if lead else issue.lead_unit_id or 0),
        _independent_coordinators(handlers),
        _holders(Role.LEADER),
        _able_units(issue.lead_unit_id),
        sa.select(Evaluation.level).where(*rated).order_by(Evaluation.id.desc()).limit(1),
        sa.select(sa.func.count(Evaluation.id)).where(*rated, Evaluation.round == issue.round),
        _duties(actor, issue.id),
        _tasks_of_round(actor, issue),
        _proposals(actor, issue.id),
    )
    row = db.session.execute(sa.select(*(stmt.scalar_subquery() for stmt in asked))).one()
    days, heads, coordinators, leaders, units, level, ratings, duties, had, proposals = row
    return FactsElsewhere(
        (days or "").split(),
        bool(heads),
        bool(coordinators),
        bool(leaders),
        bool(units),
        level,
        ratings,
        duties,
        issue.state is State.CLOSED and bool(had),
        bool(proposals),
    )


def _heads(unit_id: int) -> Any:
    return sa.select(sa.func.count(Unit.id)).where(
        Unit.id == unit_id, Unit.head_confirms.is_(True), heads_of(unit_id, today()).exists()
    )


def _independent_coordinators(handlers: set[int]) -> Any:
    members = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id.in_(sorted(handlers)), is_current(today())
    )
    return _holders(Role.COORDINATOR).where(Person.id.not_in(members))


def _holders(*roles: Role) -> Any:
    """Count the people not disabled who hold a role."""
    return (
        sa.select(sa.func.count(Person.id))
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(PersonRole.role.in_(roles), Person.disabled_at.is_(None))
    )


def _able_units(unit_id: int | None) -> Any:
    """Whether the unit is in use and somebody there can sign."""
    members = sa.select(UnitMembership.person_id).where(
        UnitMembership.unit_id == unit_id, is_current(today())
    )
    in_use = sa.select(Unit.id).where(Unit.id == unit_id, Unit.closed_on.is_(None)).exists()
    return _holders(*HANDLING_ROLES).where(Person.id.in_(members), in_use)


def _tasks_of_round(actor: Actor, issue: Issue) -> Any:
    """Count the tasks the actor's units have or had in the present round; a closing ends them."""
    return sa.select(sa.func.count(Dispatch.id)).where(
        Dispatch.issue_id == issue.id,
        Dispatch.round == issue.round,
        Dispatch.unit_id.in_(sorted(actor.unit_ids)),
    )


def _duties(actor: Actor, issue_id: int) -> Any:
    """Count the duties for a problem that the actor may report as done."""
    stmt = sa.select(sa.func.count(Duty.id)).where(
        Duty.issue_id == issue_id, Duty.done_at.is_(None), Duty.cancelled_at.is_(None)
    )
    if Role.COORDINATOR in actor.roles:
        return stmt
    return stmt.where(Duty.unit_id.in_(sorted(actor.unit_ids)))


def _proposals(actor: Actor, issue_id: int) -> Any:
    """Whether the closing by ruling that waits was proposed by the actor."""
    return sa.select(sa.func.count(IssueRequest.id)).where(
        IssueRequest.issue_id == issue_id,
        IssueRequest.kind == RequestKind.RULING,
        IssueRequest.decision.is_(None),
        IssueRequest.asked_by_id == actor.person_id,
    )
