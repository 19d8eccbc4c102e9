"""How problems came, were closed and stood open month by month, in one statement whatever the months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.core.among import among
from visits.core.db import db
from visits.core.periods import Span, start_of
from visits.coverage.facts import once
from visits.issues.models import Issue, IssueMove
from visits.issues.states import OPEN, State
from visits.reports.facts import Condition, Question
from visits.reports.histories import wanted_problems


@dataclass(frozen=True)
class MonthCount:
    """The figures `new`, `closed` and `open` of one month."""

    span: Span
    new: int
    closed: int
    open: int


def count_months(question: Question, months: Sequence[Span]) -> list[MonthCount]:
    """Count these months, one after the other, as known at the moment of the question."""
    first_on = months[0].from_on or months[0].to_on
    s = _turns(question, [start_of(first_on), *(month.ends_at for month in months)]).c
    stmt = sa.select(
        s.month,
        _sum(s.from_state.is_(None)),
        _sum(s.to_state == State.CLOSED) - _sum(s.month_closed == s.month),
        _sum(_enters_open(s)) - _sum(_leaves_open(s)),
    ).group_by(s.month)
    found = {month: tuple(map(int, numbers)) for month, *numbers in db.session.execute(stmt)}
    each = [found.get(number, (0, 0, 0)) for number in range(-1, len(months))]
    stood_open = [*accumulate(more for _, _, more in each)]
    return [
        MonthCount(month, new, closed, standing)
        for month, (new, closed, _), standing in zip(months, each[1:], stood_open[1:], strict=True)
    ]


def _turns(question: Question, bounds: Sequence[datetime]) -> sa.CTE:
    """The changes of state by which problems begin, end or come back, and in which month each was.

    Months count from 0; what was before is -1, what came after the last is beyond all of them. What opens a
    closed problem says too in which month that was closed: one closed and opened again within a month is
    not closed at its end.
    """
    m, closing = IssueMove, aliased(IssueMove)
    comes_back = sa.and_(m.from_state == State.CLOSED, m.to_state != State.CLOSED)
    last_closed = (
        sa.select(sa.func.max(closing.happened_at))
        .where(closing.issue_id == m.issue_id, closing.seq < m.seq, closing.to_state == State.CLOSED)
        .where(closing.from_state.is_distinct_from(State.CLOSED))
        .scalar_subquery()
    )
    return once(
        sa.select(
            m.from_state,
            m.to_state,
            _month_of(m.happened_at, bounds).label("month"),
            sa.case((comes_back, _month_of(last_closed, bounds))).label("month_closed"),
        ).where(
            m.recorded_at <= question.wanted.as_of,
            m.from_state.is_distinct_from(m.to_state),
            sa.or_(m.from_state.is_(None), m.from_state.not_in(OPEN), m.to_state.not_in(OPEN)),
            among(m.issue_id, sa.select(_changed(question, bounds[0]).c.id)),
        ),
        "turns",
    )


def _changed(question: Question, start: datetime) -> sa.CTE:
    """The problems that changed since a moment or are open, not void: no other's history need be read."""
    as_of = question.wanted.as_of
    kinds = (
        sa.select(Issue.id).where(Issue.state_since >= start),
        sa.select(Issue.id).where(Issue.state.in_(OPEN)),
        sa.select(IssueMove.issue_id).where(IssueMove.recorded_at > as_of),
    )
    known_void = sa.select(IssueMove.issue_id).where(
        IssueMove.to_state == State.VOID, IssueMove.recorded_at <= as_of
    )
    return once(
        sa.select(Issue.id).where(
            *wanted_problems(question),
            among(Issue.id, sa.union_all(*kinds)),
            Issue.id.not_in(known_void),
        ),
        "changed",
    )


def _month_of(moment: Any, bounds: Sequence[datetime]) -> Any:
    ways = [(moment >= bound, number) for number, bound in reversed([*enumerate(bounds)])]
    return sa.case(*ways, else_=-1)


def _sum(condition: Condition) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _enters_open(s: Any) -> Condition:
    return sa.and_(s.to_state.in_(OPEN), sa.or_(s.from_state.is_(None), s.from_state.not_in(OPEN)))


def _leaves_open(s: Any) -> Condition:
    return sa.and_(s.from_state.in_(OPEN), s.to_state.not_in(OPEN))
