"""Ratings after the closing, and those the enterprise gives by its own link."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from visits.core.authz import ENTERPRISE, SYSTEM, Actor
from visits.core.clock import now
from visits.core.errors import Gone, NotAllowed, WrongState
from visits.core.i18n import N_
from visits.issues import queries
from visits.issues.models import Evaluation, Issue, IssueMove
from visits.issues.operations.closing import (
    NOT_CONTENT,
    EvaluationEntry,
    keep_answers,
    record_evaluation,
)
from visits.issues.operations.moving import open_step
from visits.issues.operations.reopening import reopen
from visits.issues.operations.rights import open_right, use_right
from visits.issues.operations.withdrawing import ask_withdrawal
from visits.issues.progress import lock_issue_of
from visits.issues.rules import Verdict
from visits.issues.states import State

OVER = N_("This link is used, over or not whole.")


@dataclass(frozen=True)
class Turn:
    """Which of the ratings of a problem a form asks for."""

    round: int
    number: int = 1


def rate_later(
    actor: Actor, issue: Issue, entry: EvaluationEntry, revision: int | None = None
) -> Evaluation:
    """Record a rating after the closing; both ratings are kept, and the later one counts.

    The system takes up again what is rated badly, unless it was closed by ruling.
    """
    step = open_step(actor, issue, "rate_later", revision)
    evaluation, verdict = keep_answers(step, entry)
    if verdict is Verdict.REWORK and not queries.was_ruled_closed(issue.id):
        reopen(SYSTEM, issue, entry.to_unit or NOT_CONTENT)
    else:
        open_right(issue, step.at)
    return evaluation


def rate_by_link(code: str, entry: EvaluationEntry, turn: Turn | None = None) -> Evaluation:
    """Record what the enterprise itself answers, once; raise Gone where there is no right to.

    One statement uses the right up and so decides which of several senders is heard. A form sent twice is
    no change of mind: it is good for the turn it was made for only, by default the first of the round.
    """
    issue = _issue_of(code)
    if issue.state not in {State.EVALUATING, State.CLOSED}:
        raise Gone(OVER)
    turn = turn or Turn(issue.round)
    if turn.round != issue.round or not use_right(issue, turn.number, now()):
        raise Gone(OVER)
    record = record_evaluation if issue.state is State.EVALUATING else rate_later
    with _over_when_impossible():
        return record(ENTERPRISE, issue, entry)


def withdraw_by_link(code: str, why: str) -> IssueMove:
    """Pass on that the enterprise itself wishes to withdraw; the callback officer asks it first."""
    with _over_when_impossible():
        return ask_withdrawal(ENTERPRISE, _issue_of(code), why)


def reopen_by_link(code: str, why: str) -> IssueMove:
    """Take a closed problem up again because the enterprise itself asks for it, within 30 days."""
    with _over_when_impossible():
        return reopen(ENTERPRISE, _issue_of(code), why)


def _issue_of(code: str) -> Issue:
    issue = lock_issue_of(code)
    if issue is None:
        raise Gone(OVER)
    return issue


@contextmanager
def _over_when_impossible() -> Iterator[None]:
    """To whoever comes by a link, what is not possible (any more) is over, whatever the reason."""
    try:
        yield
    except (NotAllowed, WrongState) as error:
        raise Gone(OVER) from error
