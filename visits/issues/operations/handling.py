"""How units handle a problem: assigned, signed, contacted, noted, returned, ruled on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from visits.accounts.queries import get_unit, units_with_handler
from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.issues import limits, rules
from visits.issues.models import Dispatch, DispatchKind, Finding, Issue, IssueMove
from visits.issues.operations.moving import Step, _move, open_step
from visits.issues.rules import DueDates


@dataclass(frozen=True)
class AssignEntry:
    """Which units handle a problem: one leads, others help."""

    lead_unit_id: int
    co_unit_ids: Iterable[int] = ()
    note: str = ""


@dataclass(frozen=True)
class ContactEntry:
    """The first talk with the enterprise: with whom, how."""

    contact: str
    by: str = ""
    note: str = ""


def require_text(text: str, field: str, sentence: str) -> None:
    """Refuse an empty text with the sentence that says what belongs there."""
    if not text.strip():
        raise Refused(sentence, field=field)


def assign(actor: Actor, issue: Issue, entry: AssignEntry, revision: int | None = None) -> IssueMove:
    """Accept a problem and assign it to a lead unit and co-units; their limits begin today."""
    step = open_step(actor, issue, "assign", revision)
    return _dispatch(step, entry)


def reassign(actor: Actor, issue: Issue, entry: AssignEntry, revision: int | None = None) -> IssueMove:
    """Grant a return: other units get the problem, with the full limits from today."""
    step = open_step(actor, issue, "reassign", revision)
    if entry.lead_unit_id == step.lead.unit_id:
        raise Refused(
            N_("This unit returned the problem. Choose another, or uphold the assignment."),
            field="lead_unit_id",
        )
    return _dispatch(step, entry)


def _dispatch(step: Step, entry: AssignEntry) -> IssueMove:
    issue = step.issue
    co_units = sorted(set(entry.co_unit_ids) - {entry.lead_unit_id})
    names = _require_able(entry.lead_unit_id, co_units)
    due = rules.due_dates(limits.limits_of(issue), local_date(step.at), load_calendar())
    end_dispatches(step)
    issue.lead_unit_id, issue.needs_info, issue.no_return = entry.lead_unit_id, False, False
    issue.due_on = issue.original_due_on = due.lead
    row = _move(
        step,
        entry.note,
        lead_unit_id=entry.lead_unit_id,
        lead_unit=names[0],
        co_unit_ids=co_units,
        co_units=names[1:],
        due_on=due.lead.isoformat(),
        **({"answer_due_on": due.co.isoformat()} if co_units else {}),
    )
    db.session.add(lead_dispatch(issue, due, step.at))
    db.session.add_all(_co_dispatch(issue, unit_id, due, step.at) for unit_id in co_units)
    db.session.flush()
    return row


def _require_able(lead_unit_id: int, co_unit_ids: list[int]) -> list[str]:
    """Refuse units that are closed or where nobody could sign; return the names, the lead's first."""
    able = units_with_handler(today())
    names = []
    for unit_id in (lead_unit_id, *co_unit_ids):
        field = "lead_unit_id" if unit_id == lead_unit_id else "co_unit_ids"
        unit = get_unit(unit_id)
        if unit is None or unit.closed_on is not None:
            raise Refused(N_("Choose a unit that is in use."), field=field)
        if unit_id not in able:
            raise Refused(
                N_("Nobody in %(unit)s can sign. Ask the administrator to name a handler there."),
                field=field,
                unit=unit.name,
            )
        names.append(unit.name)
    return names


def lead_dispatch(issue: Issue, due: DueDates, at: datetime) -> Dispatch:
    """The lead unit's task of a first round."""
    return Dispatch(
        issue_id=issue.id,
        round=issue.round,
        unit_id=issue.lead_unit_id,
        kind=DispatchKind.LEAD,
        assigned_at=at,
        sign_due=due.sign,
        contact_due=due.contact,
        stage_due=due.stage,
        due_on=due.lead,
        original_due_on=due.lead,
    )


def _co_dispatch(issue: Issue, unit_id: int, due: DueDates, at: datetime) -> Dispatch:
    return Dispatch(
        issue_id=issue.id,
        round=issue.round,
        unit_id=unit_id,
        kind=DispatchKind.CO,
        assigned_at=at,
        due_on=due.co,
        original_due_on=due.co,
    )


def end_dispatches(step: Step) -> None:
    """End all tasks units have with the problem now."""
    for task in step.dispatches:
        task.ended_at = step.at
    db.session.flush()


def uphold(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Refuse a return: the unit keeps the problem and its due date, and cannot return it again."""
    step = open_step(actor, issue, "uphold", revision)
    require_text(why, "note", N_("Write why the unit keeps the problem."))
    issue.no_return = True
    step.lead.returned_at = None
    return _move(step, why)


def sign(actor: Actor, issue: Issue, revision: int | None = None) -> IssueMove:
    """Sign for receipt; an upheld assignment keeps its first signature."""
    step = open_step(actor, issue, "sign", revision)
    step.lead.signed_at = step.lead.signed_at or step.at
    return _move(step)


def record_contact(
    actor: Actor, issue: Issue, entry: ContactEntry, revision: int | None = None
) -> IssueMove:
    """Record the first talk with the enterprise."""
    step = open_step(actor, issue, "record_contact", revision)
    require_text(entry.contact, "contact", N_("Write with whom you spoke."))
    step.lead.contacted_at = step.at
    return _move(step, entry.note, contact=entry.contact, by=entry.by)


def add_progress(
    actor: Actor, issue: Issue, note: str, next_step: str = "", revision: int | None = None
) -> IssueMove:
    """Note what was done and what comes next; the lead unit's first note is its interim report."""
    step = open_step(actor, issue, "add_progress", revision)
    require_text(note, "note", N_("Write what was done."))
    if step.lead.unit_id in actor.unit_ids:
        step.lead.staged_at = step.lead.staged_at or step.at
    return _move(step, note, **({"next_step": next_step} if next_step else {}))


def add_note(actor: Actor, issue: Issue, note: str, revision: int | None = None) -> IssueMove:
    """Add what somebody who follows the problem saw or heard; it moves nothing, in any state."""
    step = open_step(actor, issue, "add_note", revision)
    require_text(note, "note", N_("Write what you have to add."))
    return _move(step, note)


@dataclass(frozen=True)
class FieldReport:
    """How a problem stands, as its enterprise said at a visit; `check_id` is the answer as stored there."""

    check_id: int
    visit_id: int
    heard_on: date
    finding: Finding
    of_closed: bool
    note: str = ""


def add_field_report(actor: Actor, issue: Issue, report: FieldReport) -> IssueMove:
    """Note on a problem what its enterprise said of it at a visit: evidence, which moves nothing."""
    step = open_step(actor, issue, "add_note", None)
    return _move(
        step,
        report.note,
        check_id=report.check_id,
        visit_id=report.visit_id,
        heard_on=report.heard_on.isoformat(),
        **{"finding_after" if report.of_closed else "finding": report.finding.value},
    )


def answer_as_co_unit(actor: Actor, issue: Issue, answer: str, revision: int | None = None) -> IssueMove:
    """Give the co-unit's answer to the lead unit."""
    step = open_step(actor, issue, "answer_as_co_unit", revision)
    require_text(answer, "note", N_("Write the answer of your unit."))
    for task in step.waiting:
        if task.unit_id in actor.unit_ids:
            task.answered_at = step.at
    return _move(step, answer)


def waive_co_unit(
    actor: Actor, issue: Issue, unit_id: int, why: str, revision: int | None = None
) -> IssueMove:
    """Do without a co-unit's answer."""
    step = open_step(actor, issue, "waive_co_unit", revision)
    require_text(why, "note", N_("Write why the answer is not needed."))
    task = next((task for task in step.waiting if task.unit_id == unit_id), None)
    if task is None:
        raise Refused(N_("No answer of this unit is awaited."), field="unit_id")
    task.waived_at = step.at
    unit = get_unit(unit_id)
    return _move(step, why, waived_unit_id=unit_id, waived_unit=unit.name if unit else "")


def return_issue(
    actor: Actor, issue: Issue, why: str, suggested_unit_id: int | None, revision: int | None = None
) -> IssueMove:
    """Return an assignment with a reason and the unit that should have it; the clock goes on."""
    step = open_step(actor, issue, "return", revision)
    require_text(why, "note", N_("Write why your unit is not in charge."))
    unit = get_unit(suggested_unit_id) if suggested_unit_id else None
    if unit is None or unit.closed_on is not None or unit.id == step.lead.unit_id:
        raise Refused(N_("Suggest the unit that is in charge instead."), field="suggested_unit_id")
    step.lead.returned_at = step.at
    issue.return_count += 1
    return _move(step, why, suggested_unit_id=unit.id, suggested_unit=unit.name)
