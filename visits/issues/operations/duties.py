"""Duties (议定事项): what one unit must do for a problem by a day, as a meeting or the office settled."""

from dataclasses import dataclass
from datetime import date

from visits.accounts.queries import get_unit
from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotAllowed, Refused
from visits.core.i18n import N_
from visits.core.permissions import Role
from visits.issues.models import Duty, Issue, IssueMove
from visits.issues.operations.handling import require_text
from visits.issues.operations.moving import Step, _move, open_step


@dataclass(frozen=True)
class DutyEntry:
    """Which unit does what until when."""

    unit_id: int
    text: str
    due_on: date | None


def set_duty(actor: Actor, issue: Issue, entry: DutyEntry, revision: int | None = None) -> Duty:
    """Give one unit a duty; what meetings settle is theirs to set (`operations.meetings`)."""
    step = open_step(actor, issue, "set_duty", revision)
    require_text(entry.text, "what", N_("Write what the unit has to do."))
    unit = get_unit(entry.unit_id)
    if unit is None or unit.closed_on is not None:
        raise Refused(N_("Choose a unit that is in use."), field="unit_id")
    if entry.due_on is None or entry.due_on < today():
        raise Refused(N_("Choose a day from today on."), field="due_on")
    duty = Duty(
        issue_id=issue.id,
        unit_id=unit.id,
        text=entry.text,
        due_on=entry.due_on,
        made_by_id=actor.person_id,
        made_at=step.at,
    )
    db.session.add(duty)
    db.session.flush()
    _move(
        step,
        entry.text,
        duty_id=duty.id,
        duty_unit_id=unit.id,
        duty_unit=unit.name,
        duty_due=entry.due_on.isoformat(),
    )
    return duty


def complete_duty(
    actor: Actor, issue: Issue, duty_id: int | None, note: str, revision: int | None = None
) -> IssueMove:
    """Report a duty as done; by somebody of its unit, or by a coordinator for it."""
    step = open_step(actor, issue, "complete_duty", revision)
    duty = _require_open(step, duty_id)
    if duty.unit_id not in actor.unit_ids and Role.COORDINATOR not in actor.roles and not actor.is_system:
        raise NotAllowed(N_("This duty is another unit's."))
    require_text(note, "note", N_("Write what was done."))
    duty.done_at, duty.done_by_id, duty.done_note = step.at, actor.person_id, note
    return _move(step, note, duty_id=duty.id, duty=duty.text)


def cancel_duty(
    actor: Actor, issue: Issue, duty_id: int | None, why: str, revision: int | None = None
) -> IssueMove:
    """Take a duty back."""
    step = open_step(actor, issue, "cancel_duty", revision)
    duty = _require_open(step, duty_id)
    require_text(why, "note", N_("Write why the duty is taken back."))
    duty.cancelled_at = step.at
    return _move(step, why, duty_id=duty.id, cancelled_duty=duty.text)


def _require_open(step: Step, duty_id: int | None) -> Duty:
    duty = db.session.get(Duty, duty_id) if duty_id else None
    if duty is None or duty.issue_id != step.issue.id or duty.done_at or duty.cancelled_at:
        raise Refused(N_("Choose a duty of this problem that is open."), field="duty_id")
    return duty
