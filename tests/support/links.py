"""An enterprise at the page of its own problem: its link, what it sends, what is stored of it."""

import sqlalchemy as sa

from visits.core.db import db as handle
from visits.issues import operations as do
from visits.issues.models import Evaluation, IssueMove, Level
from visits.issues.operations import EvaluationEntry
from visits.issues.rules import Solved
from visits.issues.states import State

GOOD = {"solved": "solved", "level": "satisfied", "comment": "办得很快，谢谢"}
BAD = {"solved": "unsolved", "level": "very_dissatisfied", "comment": "根本没有人来过"}
SECOND = {"turn": "1.2"}
OVER = "链接无效或已失效"
TELEPHONED = EvaluationEntry(Solved.SOLVED, Level.SATISFIED, evaluator="王经理")
UNKNOWN = "x" * 32
NO_RESULT = (
    State.REGISTERED,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.REPORTED,
    State.VOID,
    State.REJECTED,
)


def linked(office, issue):
    """The address of a new link for a problem."""
    code = do.make_link(office.coordinator, issue)
    handle.session.commit()
    return f"/r/{code}"


def ratings(issue):
    stmt = sa.select(Evaluation).where(Evaluation.issue_id == issue.id).order_by(Evaluation.id)
    return handle.session.scalars(stmt).all()


def moves(issue):
    stmt = sa.select(IssueMove.move).where(IssueMove.issue_id == issue.id).order_by(IssueMove.seq)
    return handle.session.scalars(stmt).all()


def sent(visitor, address, data, status):
    page = visitor.open(address, method="POST", data=data)
    assert page.status == status, page.text
    return page
