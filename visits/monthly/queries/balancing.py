"""Which problems keep a month from balancing."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from visits.core.db import db
from visits.issues.models import Issue
from visits.reports.queries import Sheet, mark_of

MOST_SHOWN = 50
AT_THE_ENDS = {"opening": 1, "new": 1, "open": -1}
BETWEEN = {"reopenings": 1, "closings": -1, "exclusions": -1, "exclusions_undone": 1}


def unbalanced_problems(sheet: Sheet) -> Sequence[Any]:
    """Problems (id, number) of which what came in, less what went out, is not what is open at the end."""
    issues, moves = sheet.marked["issues"], sheet.marked["moves"]
    ends: Any = sum(sign * issues.c[mark_of(name)] for name, sign in AT_THE_ENDS.items())
    between: Any = sum(sign * moves.c[mark_of(name)] for name, sign in BETWEEN.items())
    parts = sa.union_all(
        sa.select(issues.c.id.label("issue_id"), ends.label("n")),
        sa.select(moves.c.issue_id, between.label("n")),
    ).subquery("parts")
    odd = sa.select(parts.c.issue_id).group_by(parts.c.issue_id).having(sa.func.sum(parts.c.n) != 0)
    stmt = sa.select(Issue.id, Issue.number).where(Issue.id.in_(odd)).order_by(Issue.number)
    return db.session.execute(stmt.limit(MOST_SHOWN)).all()
