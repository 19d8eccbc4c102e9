"""Extensions (延期): a unit asks for a later due date, a coordinator or a leader decides."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.clock import now
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.workdays import next_workday
from visits.issues import queries
from visits.issues.guards import may_be_extended
from visits.issues.models import Decision, Delay, Issue, IssueMove, IssueRequest, RequestKind
from visits.issues.operations.handling import require_text
from visits.issues.operations.moving import Step, _checked, _move, decide_request, open_step
from visits.issues.operations.requesting import ask_for, redate


@dataclass(frozen=True)
class ExtensionEntry:
    """Why a unit needs longer, how it goes on, until when; the enterprise must know."""

    reason: Delay | None
    plan: str
    wanted_on: date | None
    told_enterprise: bool = False


def ask_extension(
    actor: Actor, issue: Issue, entry: ExtensionEntry, revision: int | None = None
) -> IssueMove:
    """Ask for a later due date; the present one holds until somebody decides."""
    step = open_step(actor, issue, "ask_extension", revision)
    request = _ask(step, entry)
    return _move(
        step,
        entry.plan,
        delay=request.reason,
        former_due_on=str(request.from_on),
        wanted_due_on=str(request.wanted_on),
    )


def _ask(step: Step, entry: ExtensionEntry) -> IssueRequest:
    """Write the request of the lead unit down, if the entry says enough."""
    if entry.reason is None:
        raise Refused(N_("Choose why it takes longer."), field="reason")
    require_text(entry.plan, "plan", N_("Write what is done until then."))
    wanted = _possible(step, entry.wanted_on)
    if not entry.told_enterprise:
        raise Refused(
            N_("Tell the enterprise first that it takes longer, then tick this."), field="told_enterprise"
        )
    return ask_for(
        step,
        RequestKind.EXTENSION,
        entry.plan,
        unit_id=step.lead.unit_id,
        from_on=step.lead.due_on,
        wanted_on=wanted,
        reason=entry.reason.value,
        told_enterprise=True,
    )


def _possible(step: Step, wanted: date | None) -> date:
    """The day wanted, or the working day after it: later than the due day, not later than the last one."""
    facts = step.facts
    last = facts.extension_cap if facts else None
    if wanted is None or last is None:
        raise Refused(N_("Choose until when it takes."), field="wanted_on")
    earliest = max(step.lead.due_on, facts.today if facts else step.lead.due_on)
    if wanted <= earliest:
        raise Refused(
            N_("The day wanted must be later than %(day)s."), field="wanted_on", day=earliest.isoformat()
        )
    if wanted > last:
        raise Refused(
            N_("The due date can be moved to %(day)s at the latest. Choose that day or an earlier one."),
            field="wanted_on",
            day=last.isoformat(),
        )
    return next_workday(wanted, load_calendar())


def grant_extension(
    actor: Actor, issue: Issue, granted_on: date | None, answer: str = "", revision: int | None = None
) -> IssueMove:
    """Grant what was asked for, or an earlier day; it holds even when decided after the former due day."""
    return _grant(open_step(actor, issue, "grant_extension", revision), granted_on, answer)


def extend_at_once(actor: Actor, issue: Issue, entry: ExtensionEntry, **details: Any) -> IssueMove:
    """Extend by the right to decide: what waits is granted, else the unit's request is written down first.

    The same people decide and the same days are possible as where a unit asks; `details` go on the
    timeline.
    """
    if issue.extension_asked:
        step = open_step(actor, issue, "grant_extension", None)
        return _grant(step, entry.wanted_on, entry.plan, **details)
    tasks = tuple(queries.current_dispatches(issue.id))
    facts = queries.facts_for(actor, issue, tasks)
    move = _checked(actor, issue, "grant_extension", replace(facts, extension_asked=True))
    if refusal := may_be_extended(facts):
        raise refusal
    step = Step(actor, issue, move, now(), facts, tasks)
    request = _ask(step, entry)
    return _grant(step, request.wanted_on, entry.plan, delay=request.reason, **details)


def _grant(step: Step, granted_on: date | None, answer: str, **details: Any) -> IssueMove:
    request = queries.waiting_request(step.issue.id, RequestKind.EXTENSION)
    former, wanted = step.lead.due_on, request.wanted_on or step.lead.due_on
    due = wanted if granted_on in (None, wanted) else next_workday(granted_on, load_calendar())
    if not former < due <= wanted:
        raise Refused(
            N_("Grant a day after %(former)s, at the latest %(wanted)s as the unit asks."),
            field="granted_on",
            former=former.isoformat(),
            wanted=wanted.isoformat(),
        )
    decide_request(step, RequestKind.EXTENSION, Decision.GRANTED, answer, due)
    step.lead.extended += 1
    redate(step, due)
    return _move(
        step,
        answer,
        former_due_on=former.isoformat(),
        wanted_due_on=wanted.isoformat(),
        due_on=due.isoformat(),
        **details,
    )


def refuse_extension(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Refuse an extension: the due date stays."""
    step = open_step(actor, issue, "refuse_extension", revision)
    require_text(why, "note", N_("Write why the due date stays."))
    decide_request(step, RequestKind.EXTENSION, Decision.REFUSED, why)
    return _move(step, why)
