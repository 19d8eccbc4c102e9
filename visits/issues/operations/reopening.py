"""How a closed problem is taken up again, or what was promised at its closing reported as fulfilled."""

from visits.core.authz import Actor
from visits.core.clock import today
from visits.core.i18n import N_
from visits.issues import queries
from visits.issues.models import Issue, IssueMove
from visits.issues.operations.closing import ReportEntry
from visits.issues.operations.handling import require_text
from visits.issues.operations.limits import begin_acceptance
from visits.issues.operations.moving import Step, _move, open_step
from visits.issues.operations.rounds import begin_round, next_task, take_round
from visits.issues.rules import Outcome


def reopen(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Take a closed problem up again, as a new round: on its unit's desk, or at the office without one.

    People re-open within 30 days, supervisors, leaders and the system at any time.
    """
    has_unit = queries.facts_for(actor, issue).has_unit
    step = open_step(actor, issue, "reopen" if has_unit else "reopen_to_office", revision)
    require_text(why, "note", N_("Write why the problem is taken up again."))
    return begin_round(step, why) if has_unit else _reopen_to_office(step, why)


def _reopen_to_office(step: Step, why: str) -> IssueMove:
    """Back to the office, which assigns the problem as it does a new one."""
    issue = step.issue
    take_round(issue)
    issue.lead_unit_id = issue.due_on = issue.original_due_on = None
    issue.no_return = False
    begin_acceptance(issue, step.at)
    return _move(step, why)


def fulfil(actor: Actor, issue: Issue, entry: ReportEntry, revision: int | None = None) -> IssueMove:
    """Report as done what a problem was closed with as planned, on or before the day promised.

    A round of its own begins and is reported at once; review and evaluation follow as always. Sent back,
    it is due on the day promised.
    """
    step = open_step(actor, issue, "fulfil", revision)
    require_text(entry.done, "done", N_("Write what was done."))
    require_text(entry.told, "told", N_("Write what the enterprise was told."))
    promised = issue.commitment_due or today()  # the guard lets no problem without a day pass
    take_round(issue)
    next_task(step, promised).answered_at = step.at
    issue.outcome, issue.worked_at = Outcome.SOLVED, step.at
    return _move(step, entry.done, outcome=Outcome.SOLVED.value, told=entry.told)
