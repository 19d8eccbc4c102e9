"""The right to rate a round of a problem by its link: opened for a time, used once."""

from datetime import datetime

import sqlalchemy as sa

from visits.core.calendar import load_calendar
from visits.core.db import db
from visits.core.periods import end_of
from visits.issues import queries, rules
from visits.issues.models import Issue, RatingRight
from visits.issues.states import State


def open_right(issue: Issue, at: datetime) -> None:
    """Let the enterprise rate the present round: 14 days while it is asked, 30 after the closing.

    What is still unused is kept open longer; a second turn follows a first rating, a third does not.
    """
    closes_at = _closes_at(issue, at)
    if closes_at is None or _unused(issue, {"closes_at": closes_at}):
        return
    ratings = queries.count_ratings(issue.id, issue.round)
    if ratings < rules.RATINGS:
        db.session.add(
            RatingRight(
                issue_id=issue.id,
                round=issue.round,
                turn=ratings + 1,
                opened_at=at,
                closes_at=closes_at,
            )
        )
        db.session.flush()


def _closes_at(issue: Issue, at: datetime) -> datetime | None:
    if issue.state is State.EVALUATING:
        return end_of(rules.rating_until(issue.state_since))
    if issue.state is State.CLOSED and issue.closed_on is not None:
        return end_of(rules.reopen_until(issue.closed_on, load_calendar()))
    return None


def _unused(issue: Issue, values: dict[str, datetime], *where: sa.ColumnElement[bool]) -> int:
    """Change the right of the present round that nobody has used; say how many rows that were."""
    stmt = sa.update(RatingRight).where(
        RatingRight.issue_id == issue.id,
        RatingRight.round == issue.round,
        RatingRight.used_at.is_(None),
        *where,
    )
    return db.session.execute(stmt.values(**values)).rowcount  # type: ignore[attr-defined]


def use_right(issue: Issue, turn: int, at: datetime) -> bool:
    """Use the open right to this turn of the round up, in one statement; False when there is none."""
    return _unused(issue, {"used_at": at}, RatingRight.turn == turn, RatingRight.closes_at > at) == 1


def settle_right(issue: Issue, at: datetime) -> None:
    """An answer came another way: what was open for it is used up."""
    _unused(issue, {"used_at": at})
