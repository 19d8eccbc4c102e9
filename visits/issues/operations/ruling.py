"""Closing by ruling (核定办结): a leader proposes, a supervisor confirms; the bad rating stands."""

from datetime import date

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.i18n import N_
from visits.core.periods import local_date
from visits.issues import queries
from visits.issues.models import Decision, Issue, IssueMove, RequestKind
from visits.issues.operations.handling import end_dispatches, require_text
from visits.issues.operations.moving import _move, decide_request, open_step
from visits.issues.operations.requesting import ask_for
from visits.issues.rules import Outcome


def ask_ruling(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Propose to close a problem that was rated badly although nothing lawful is left to do."""
    step = open_step(actor, issue, "ask_ruling", revision)
    require_text(why, "note", N_("Write why nothing more can lawfully be done."))
    ask_for(step, RequestKind.RULING, why)
    return _move(step, why)


def rule_closed(actor: Actor, issue: Issue, note: str = "", revision: int | None = None) -> IssueMove:
    """Confirm the ruling: closed, with the outcome reported last; the rating stays the bad one it is."""
    step = open_step(actor, issue, "rule_closed", revision)
    decide_request(step, RequestKind.RULING, Decision.GRANTED, note)
    outcome, promised = issue.outcome, issue.commitment_due
    if outcome is None:
        outcome, promised = _reported_last(issue)
    end_dispatches(step)
    with db.session.no_autoflush:  # outcome, closing and state are written in one
        issue.outcome, issue.commitment_due = outcome, promised
        issue.closed_at, issue.closed_on = step.at, local_date(step.at)
        return _move(step, note, outcome=outcome)


def _reported_last(issue: Issue) -> tuple[Outcome, date | None]:
    """Outcome and promise of the last report of any round."""
    said = queries.last_outcome(issue.id)
    promised = said.get("commitment_due")
    return Outcome(said["outcome"]), date.fromisoformat(promised) if promised else None


def refuse_ruling(actor: Actor, issue: Issue, why: str, revision: int | None = None) -> IssueMove:
    """Refuse the ruling: the problem goes on where it stands."""
    step = open_step(actor, issue, "refuse_ruling", revision)
    require_text(why, "note", N_("Write what is still to be done."))
    decide_request(step, RequestKind.RULING, Decision.REFUSED, why)
    return _move(step, why)
