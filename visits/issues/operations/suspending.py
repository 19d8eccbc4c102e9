"""Suspensions (挂账): what the zone cannot move on for now rests until its review day."""

from dataclasses import dataclass
from datetime import date

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.core.workdays import next_workday, workdays_between
from visits.issues import queries, rules
from visits.issues.models import Block, Decision, Issue, IssueMove, RequestKind
from visits.issues.operations.handling import require_text
from visits.issues.operations.moving import _move, decide_request, open_step
from visits.issues.operations.requesting import ask_for, redate


@dataclass(frozen=True)
class SuspensionEntry:
    """What blocks a problem, who keeps an eye on it, when it is looked at again."""

    reason: Block | None
    text: str
    owner: str
    review_on: date | None


def ask_suspension(
    actor: Actor, issue: Issue, entry: SuspensionEntry, revision: int | None = None
) -> IssueMove:
    """Ask that a problem rests until a day of review; its due date runs on until somebody decides."""
    step = open_step(actor, issue, "ask_suspension", revision)
    if entry.reason is None:
        raise Refused(N_("Choose what blocks the problem."), field="reason")
    require_text(entry.text, "text", N_("Write what blocks the problem and what is done about it."))
    require_text(entry.owner, "owner", N_("Write who keeps an eye on it."))
    review_on = _possible(entry.review_on)
    ask_for(
        step,
        RequestKind.SUSPENSION,
        entry.text,
        from_on=issue.due_on,
        wanted_on=review_on,
        reason=entry.reason,
        owner=entry.owner,
    )
    return _move(
        step, entry.text, block=entry.reason.value, owner=entry.owner, review_on=review_on.isoformat()
    )


def _possible(wanted: date | None) -> date:
    """The review day, or the working day after it; refused when it is not to come, or comes too late."""
    calendar = load_calendar()
    last = rules.latest_review(today(), calendar)
    if wanted is None or wanted <= today():
        raise Refused(
            N_("Choose a day to come on which the problem is looked at again."), field="review_on"
        )
    if wanted > last:
        raise Refused(
            N_("A suspended problem is looked at again within 30 days, on %(day)s at the latest."),
            field="review_on",
            day=last.isoformat(),
        )
    return next_workday(wanted, calendar)


def suspend(
    actor: Actor, issue: Issue, review_on: date | None, answer: str = "", revision: int | None = None
) -> IssueMove:
    """Let a problem rest until a day of review; what its unit had left is kept for then."""
    step = open_step(actor, issue, "suspend", revision)
    request = queries.waiting_request(issue.id, RequestKind.SUSPENSION)
    review = _possible(review_on or request.wanted_on)
    former = step.lead.due_on
    decide_request(step, RequestKind.SUSPENSION, Decision.GRANTED, answer, review)
    issue.remaining = rules.remaining_days(former, today(), load_calendar())
    issue.due_on, issue.review_on = None, review
    return _move(
        step,
        answer,
        former_due_on=former.isoformat(),
        remaining=issue.remaining,
        review_on=review.isoformat(),
    )


def refuse_suspension(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Refuse a suspension: the unit goes on, its due date stays."""
    step = open_step(actor, issue, "refuse_suspension", revision)
    require_text(why, "note", N_("Write why the unit must go on."))
    decide_request(step, RequestKind.SUSPENSION, Decision.REFUSED, why)
    return _move(step, why)


def resume(actor: Actor, issue: Issue, why: str = "", revision: int | None = None) -> IssueMove:
    """Put a suspended problem back on its unit's desk with what was left of its limit, three days at least.

    The system does so on the review day; a person says why it is not waited for.
    """
    step = open_step(actor, issue, "resume", revision)
    if not actor.is_system:
        require_text(why, "note", N_("Write why the problem is taken up again now."))
    calendar = load_calendar()
    rested = workdays_between(local_date(issue.state_since), today(), calendar)
    due = rules.resumed_due(issue.remaining or 0, today(), calendar)
    step.lead.paused += rested
    former = step.lead.due_on
    redate(step, due)
    return _move(step, why, rested=rested, former_due_on=former.isoformat(), due_on=due.isoformat())
