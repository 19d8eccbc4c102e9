"""How a problem moves: the check before, and the one writer of its state, log and audit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from visits.core import audit
from visits.core.authz import ENTERPRISE, SYSTEM, Actor, may, permitted
from visits.core.clock import now
from visits.core.db import db
from visits.core.errors import DomainError
from visits.core.permissions import Permission, Reach, reach_of
from visits.core.states import Move
from visits.issues import queries
from visits.issues.audiences import Happened
from visits.issues.guards import MoveFacts
from visits.issues.models import (
    Decision,
    Dispatch,
    DispatchKind,
    Issue,
    IssueMove,
    IssueRequest,
    RequestKind,
)
from visits.issues.notifications import notify_moved
from visits.issues.states import ASKABLE, LIFE, TAKEN_UP, State


@dataclass(frozen=True)
class Step:
    """A move that was checked and may be made: on which problem, by whom, when.

    `back_to` is the state to which a move leads that goes back to an earlier one, `behind` the person whose
    act made the system move it.
    """

    actor: Actor
    issue: Issue
    move: Move
    at: datetime
    facts: MoveFacts | None = None
    dispatches: tuple[Dispatch, ...] = ()
    back_to: State | None = None
    behind: int | None = None

    @property
    def lead(self) -> Dispatch:
        """The present task of the lead unit; only moves of an assigned problem have one."""
        return next(task for task in self.dispatches if task.kind is DispatchKind.LEAD)

    @property
    def waiting(self) -> list[Dispatch]:
        """The co-units' tasks without answer."""
        return [
            task
            for task in self.dispatches
            if task.kind is DispatchKind.CO and not (task.answered_at or task.waived_at)
        ]


def open_step(actor: Actor, issue: Issue, name: str, revision: int | None) -> Step:
    """Check that this person may make this move now; raise Stale, NotAllowed or what the machine raises."""
    tasks = tuple(queries.current_dispatches(issue.id))
    facts = queries.facts_for(actor, issue, tasks)
    try:
        move = _checked(actor, issue, name, facts)
    except DomainError:
        issue.require_revision(revision, is_open=False)  # that it was overtaken says more
        raise
    issue.require_revision(revision)
    return Step(actor, issue, move, now(), facts, tasks)


def _checked(actor: Actor, issue: Issue, name: str, facts: MoveFacts) -> Move:
    if actor.is_system:
        return LIFE.check_state(name, issue.state, facts)
    held = permitted(actor, {LIFE[name].permission} - {None}, issue)  # type: ignore[arg-type]
    return LIFE.check(name, held, issue.state, facts)


def system_step(issue: Issue, name: str, after: Step) -> Step:
    """A move the system makes at once after a person's."""
    move = LIFE.check_state(name, issue.state, after.facts)
    behind = after.actor.person_id
    return Step(SYSTEM, issue, move, after.at, after.facts, after.dispatches, behind=behind)


def first_step(actor: Actor, issue: Issue, name: str, at: datetime) -> Step:
    """The move that brings a problem into being."""
    permission = LIFE[name].permission
    held = frozenset({permission}) if permission and may(actor, permission) else frozenset()
    move = LIFE.check_state(name, None, None) if actor.is_system else LIFE.check(name, held, None, None)
    return Step(actor, issue, move, at)


def _roles_used(step: Step) -> str:
    permission = step.move.permission
    if step.actor.is_system:
        return "enterprise" if step.actor is ENTERPRISE else "system"
    if permission is None:
        return ",".join(sorted(step.actor.roles))
    used = sorted(role for role in step.actor.roles if reach_of(role, permission) is not Reach.NONE)
    return ",".join(used)


def _unit_of(step: Step) -> int | None:
    """The unit for which the person acts: a handling one before any other."""
    units = sorted(step.actor.unit_ids)
    handling = [task.unit_id for task in step.dispatches if task.unit_id in step.actor.unit_ids]
    return next(iter(handling or units), None)


def _lapse_requests(step: Step, target: State) -> None:
    """End what was asked for and cannot be decided in the state to come; that is written with the state."""
    with db.session.no_autoflush:
        for kind, states in ASKABLE.items():
            if getattr(step.issue, f"{kind}_asked") and target not in states:
                decide_request(step, kind, Decision.LAPSED)


def decide_request(
    step: Step, kind: RequestKind, decision: Decision, answer: str = "", granted_on: date | None = None
) -> IssueRequest:
    """Write how the waiting request of this kind ends; raise nothing, for the guards know that it waits."""
    request = queries.waiting_request(step.issue.id, kind)
    request.decision, request.decided_at, request.answer = decision, step.at, answer
    request.decided_by_id, request.granted_on = step.actor.person_id, granted_on
    setattr(step.issue, f"{kind}_asked", False)
    return request


def _move(step: Step, note: str = "", **details: Any) -> IssueMove:
    """Write state, log row and audit row of one move, and tell; nothing else writes a problem's state."""
    issue, before = step.issue, step.issue.state
    target = State(step.back_to or step.move.target or before)
    if target is not before:
        _lapse_requests(step, target)
        issue.state, issue.state_since = target, step.at
        if before is State.SUSPENDED:
            issue.review_on = issue.remaining = None
    issue.moved_at = step.at
    if step.move.permission is Permission.ISSUES_HANDLE or (target is not before and target in TAKEN_UP):
        issue.worked_at = step.at
    db.session.add(issue)
    flag_modified(issue, "moved_at")  # a move in the same instant still makes a new revision
    db.session.flush()
    row = IssueMove(
        issue_id=issue.id,
        seq=queries.last_seq(issue.id) + 1,
        move=step.move.name,
        from_state=before,
        to_state=target,
        round=issue.round,
        actor_id=step.actor.person_id,
        acted_as=_roles_used(step),
        unit_id=_unit_of(step),
        happened_at=step.at,
        note=note,
        details=details,
    )
    db.session.add(row)
    audit.record(step.actor, f"issue.{step.move.name}", issue, number=issue.number, note=note, **details)
    db.session.flush()
    notify_moved(step.actor, Happened(issue, row, step.facts, step.dispatches), step.behind)
    return row
