"""What an enterprise reads of its own problem by the link: no names of staff, no notes of the office."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.accounts.rules import link_hash
from visits.core.calendar import load_calendar
from visits.core.clock import now, today
from visits.core.db import db
from visits.core.periods import local_date
from visits.enterprises.models import Enterprise
from visits.issues import rules
from visits.issues.models import Evaluation, Issue, IssueMove, Outcome, ProgressLink, RatingRight
from visits.issues.states import OPEN, State

PURPOSE = "progress"
WITH_UNIT = frozenset({State.ASSIGNED, State.RETURNED, State.IN_PROGRESS})
NAMED = frozenset({"lead_unit", "due_on", "review_on", "commitment_due"})


@dataclass(frozen=True)
class Reply:
    """What the enterprise was told: on which day, the words."""

    day: date
    text: str


@dataclass(frozen=True)
class PublicStep:
    """One thing that happened, as far as it concerns the enterprise."""

    day: date
    move: str
    named: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """One problem as its enterprise may see it."""

    issue: Issue
    enterprise: str
    unit: str | None
    last_day: date | None
    due_on: date | None
    steps: Sequence[PublicStep]
    replies: Sequence[Reply]
    answers: Sequence[Evaluation]
    rate_until: date | None
    turn: int | None

    @property
    def may_withdraw(self) -> bool:
        """Whether the enterprise can ask to withdraw."""
        return self.issue.state in OPEN and not self.issue.withdrawal_asked

    @property
    def may_reopen(self) -> bool:
        """Whether the enterprise can have it taken up again; as long as its link lives."""
        return self.issue.state is State.CLOSED

    @property
    def asks_acceptance(self) -> bool:
        """Whether the plan or explanation is asked about: for every outcome but A."""
        return self.issue.outcome is not None and self.issue.outcome is not Outcome.SOLVED


def hash_of(code: str) -> str:
    """What the database keeps of a code; a code of another purpose has another hash."""
    return link_hash(PURPOSE, code)


def dies_on(issue: Issue) -> date | None:
    """The last day of a problem's link: that of re-opening it, or 30 days after another end."""
    if issue.state in OPEN:
        return None
    ended_on = issue.closed_on or local_date(issue.state_since)
    return rules.reopen_until(ended_on, load_calendar())


def _linked(code: str) -> sa.Select[Any]:
    return (
        sa.select(Issue)
        .join(ProgressLink, ProgressLink.issue_id == Issue.id)
        .where(ProgressLink.code_hash == hash_of(code), ProgressLink.ended_at.is_(None))
    )


def is_dead(issue: Issue) -> bool:
    """Say whether the time of a problem's link is over."""
    last = dies_on(issue)
    return last is not None and last < today()


def issue_of(code: str) -> Issue | None:
    """The problem of a living link."""
    issue = db.session.scalar(_linked(code))
    return None if issue is None or is_dead(issue) else issue


def is_known(code: str) -> bool:
    """Say whether a code was ever given out, whatever became of its link."""
    known = sa.select(ProgressLink.id).where(ProgressLink.code_hash == hash_of(code))
    return db.session.scalar(known) is not None


def lock_issue_of(code: str) -> Issue | None:
    """The problem of a living link, held until the transaction ends, so that no two senders meet."""
    stmt = _linked(code).with_for_update(of=Issue).execution_options(populate_existing=True)
    issue = db.session.scalar(stmt)
    if issue is None or is_dead(issue) or db.session.scalar(_linked(code)) is None:
        return None  # asked once more, for a new link may have been made while we waited
    return issue


def progress_of(code: str) -> Progress | None:
    """What the holder of a code reads; None where its link is over or never was."""
    row = db.session.execute(
        _linked(code)
        .add_columns(Enterprise.name.label("enterprise"), Unit.name.label("unit"))
        .join(Enterprise, Enterprise.id == Issue.enterprise_id)
        .outerjoin(Unit, Unit.id == Issue.lead_unit_id)
    ).first()
    if row is None or is_dead(row.Issue):
        return None
    issue = row.Issue
    moves = _moves_of(issue.id)
    right = _open_right(issue)
    return Progress(
        issue=issue,
        enterprise=row.enterprise,
        unit=row.unit if issue.state in OPEN - {State.REGISTERED} or issue.closed_on else None,
        last_day=dies_on(issue),
        due_on=issue.due_on if issue.state in WITH_UNIT else None,
        steps=[_step(move) for move in moves][::-1],
        replies=_replies(moves)[::-1],
        answers=_answers_of(issue.id),
        rate_until=local_date(right.closes_at - timedelta(seconds=1)) if right else None,
        turn=right.turn if right else None,
    )


def _moves_of(issue_id: int) -> Sequence[IssueMove]:
    return db.session.scalars(
        sa.select(IssueMove).where(IssueMove.issue_id == issue_id).order_by(IssueMove.seq)
    ).all()


def _answers_of(issue_id: int) -> Sequence[Evaluation]:
    stmt = sa.select(Evaluation).where(Evaluation.issue_id == issue_id)
    return db.session.scalars(stmt.order_by(Evaluation.id.desc())).all()


def _open_right(issue: Issue) -> RatingRight | None:
    if issue.state not in {State.EVALUATING, State.CLOSED}:
        return None
    return db.session.scalar(
        sa.select(RatingRight).where(
            RatingRight.issue_id == issue.id,
            RatingRight.round == issue.round,
            RatingRight.used_at.is_(None),
            RatingRight.closes_at > now(),
        )
    )


def is_used(code: str, round_: int, turn: int) -> bool:
    """Say whether the rating for which a form was made has been given, while its link lives."""
    issue = db.session.scalar(_linked(code))
    if issue is None or is_dead(issue) or round_ > issue.round or turn > rules.RATINGS:
        return False
    right = sa.select(RatingRight.id).where(
        RatingRight.issue_id == issue.id,
        RatingRight.round == round_,
        RatingRight.turn == turn,
        RatingRight.used_at.is_not(None),
    )
    return db.session.scalar(right) is not None


def _step(move: IssueMove) -> PublicStep:
    named = {key: value for key, value in move.details.items() if key in NAMED}
    return PublicStep(local_date(move.happened_at), move.move, named)


def _replies(moves: Sequence[IssueMove]) -> list[Reply]:
    """What was told with a rejection, and with reports that the office found sufficient."""
    replies: list[Reply] = []
    reported: IssueMove | None = None
    for move in moves:
        if move.move in {"report", "fulfil"}:
            reported = move
        elif move.move == "send_back":
            reported = None
        elif move.move == "pass_review" and reported is not None:
            replies.append(_reply(reported))
        elif move.move == "reject":
            replies.append(_reply(move))
    return replies


def _reply(move: IssueMove) -> Reply:
    return Reply(local_date(move.happened_at), str(move.details.get("told", "")))
