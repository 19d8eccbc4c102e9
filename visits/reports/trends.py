"""How problems came, were closed and stood open month by month, in one statement whatever the months."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

import sqlalchemy as sa

from visits.core.among import among
from visits.core.db import db
from visits.core.periods import Span, start_of
from visits.coverage.facts import once
from visits.issues.models import Issue, IssueMove
from visits.issues.states import OPEN, State
from visits.reports import facts
from visits.reports.facts import Condition, Question


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
    steps = _steps(question, [start_of(first_on), *(month.ends_at for month in months)])
    s = steps.c
    stays = sa.or_(s.until.is_(None), s.until > s.month)
    stmt = (
        sa.select(
            s.month,
            _sum(s.from_state.is_(None)),
            _sum(sa.and_(s.to_state == State.CLOSED, stays)),
            _sum(_enters_open(s)) - _sum(_leaves_open(s)),
        )
        .where(s.is_void == 0)
        .group_by(s.month)
    )
    found = {month: tuple(map(int, numbers)) for month, *numbers in db.session.execute(stmt)}
    each = [found.get(number, (0, 0, 0)) for number in range(-1, len(months))]
    stood_open = [*accumulate(more for _, _, more in each)]
    return [
        MonthCount(month, new, closed, standing)
        for month, (new, closed, _), standing in zip(months, each[1:], stood_open[1:], strict=True)
    ]


def _steps(question: Question, bounds: Sequence[datetime]) -> sa.CTE:
    """The changes of state of each problem: in which month, and in which of them the next one came.

    Months count from 0; what was before is -1, what came after the last is beyond all of them.
    """
    m = IssueMove
    later = sa.func.min(m.happened_at).over(partition_by=m.issue_id, order_by=m.seq, rows=(1, None))
    is_void = sa.func.max(sa.case((m.to_state == State.VOID, 1), else_=0)).over(partition_by=m.issue_id)
    known = (
        sa.select(
            m.issue_id,
            m.from_state,
            m.to_state,
            m.happened_at,
            later.label("later"),
            is_void.label("is_void"),
        )
        .where(
            m.recorded_at <= question.wanted.as_of,
            m.from_state.is_distinct_from(m.to_state),
            among(m.issue_id, sa.select(_changed(question, bounds[0]).c.id)),
        )
        .subquery("known")
    )
    return once(
        sa.select(
            known.c.from_state,
            known.c.to_state,
            known.c.is_void,
            _month_of(known.c.happened_at, bounds).label("month"),
            sa.case((known.c.later.is_not(None), _month_of(known.c.later, bounds))).label("until"),
        ),
        "steps",
    )


def _changed(question: Question, start: datetime) -> sa.CTE:
    """The problems that changed since a moment or are open: no other's history need be read."""
    kinds = (
        sa.select(Issue.id).where(Issue.state_since >= start),
        sa.select(Issue.id).where(Issue.state.in_(OPEN)),
        sa.select(IssueMove.issue_id).where(IssueMove.recorded_at > question.wanted.as_of),
    )
    wanted = facts.wanted_problems(question)
    return once(sa.select(Issue.id).where(*wanted, among(Issue.id, sa.union_all(*kinds))), "changed")


def _month_of(moment: Any, bounds: Sequence[datetime]) -> Any:
    ways = [(moment >= bound, number) for number, bound in reversed([*enumerate(bounds)])]
    return sa.case(*ways, else_=-1)


def _sum(condition: Condition) -> Any:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _enters_open(s: Any) -> Condition:
    return sa.and_(s.to_state.in_(OPEN), sa.or_(s.from_state.is_(None), s.from_state.not_in(OPEN)))


def _leaves_open(s: Any) -> Condition:
    return sa.and_(s.from_state.in_(OPEN), s.to_state.not_in(OPEN))
