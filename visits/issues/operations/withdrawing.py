"""How an enterprise withdraws a problem: passed on, then asked by somebody else whether it is true."""

from dataclasses import dataclass

from visits.core.authz import Actor
from visits.core.db import db
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.issues.models import Decision, Issue, IssueMove, IssueRequest, RequestKind
from visits.issues.operations.handling import end_dispatches, require_text
from visits.issues.operations.linking import hold_links, require_none_merged
from visits.issues.operations.moving import _move, decide_request, open_step


@dataclass(frozen=True)
class WithdrawalAnswer:
    """What came of asking the enterprise: who answered, whether of its own free will, in which words."""

    evaluator: str
    is_free: bool
    said: str = ""


def ask_withdrawal(actor: Actor, issue: Issue, text: str, revision: int | None = None) -> IssueMove:
    """Pass on that an enterprise withdraws; the problem goes on until the enterprise has been asked."""
    step = open_step(actor, issue, "ask_withdrawal", revision)
    require_text(text, "note", N_("Write what the enterprise said."))
    db.session.add(
        IssueRequest(
            issue_id=issue.id,
            kind=RequestKind.WITHDRAWAL,
            round=issue.round,
            unit_id=min(actor.unit_ids, default=None),
            asked_by_id=actor.person_id,
            asked_at=step.at,
            text=text,
        )
    )
    issue.withdrawal_asked = True
    return _move(step, text)


def withdraw(
    actor: Actor, issue: Issue, answer: WithdrawalAnswer, revision: int | None = None
) -> IssueMove:
    """Take a problem out of the pool after the enterprise said itself that it withdraws of its own will."""
    hold_links(issue)
    step = open_step(actor, issue, "withdraw", revision)
    require_none_merged(issue)
    require_text(answer.evaluator, "evaluator", N_("Write who answered for the enterprise."))
    if not answer.is_free:
        raise Refused(
            N_("Only what the enterprise withdraws of its own free will leaves; else note that it stays."),
            field="is_free",
        )
    end_dispatches(step)
    decide_request(step, RequestKind.WITHDRAWAL, Decision.GRANTED, answer.said)
    with db.session.no_autoflush:  # the database wants the state and what hangs on it to change at once
        issue.outcome = issue.commitment_due = None
        issue.needs_info = False
        return _move(step, answer.said, evaluator=answer.evaluator, is_free=True)


def refuse_withdrawal(
    actor: Actor, issue: Issue, answer: WithdrawalAnswer, revision: int | None = None
) -> IssueMove:
    """Note that the enterprise does not withdraw, or not freely; the problem goes on, the denial stays."""
    step = open_step(actor, issue, "refuse_withdrawal", revision)
    require_text(answer.evaluator, "evaluator", N_("Write who answered for the enterprise."))
    require_text(answer.said, "note", N_("Write what the enterprise said."))
    decide_request(step, RequestKind.WITHDRAWAL, Decision.REFUSED, answer.said)
    return _move(step, answer.said, evaluator=answer.evaluator)
