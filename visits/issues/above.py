"""Tables of the slice above that a problem's reach and evidence hang on, by their names alone."""

import sqlalchemy as sa


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


VISITS = _table("visits", "id", "visited_on", "voided_at")
ATTENDANCES = _table("attendances", "visit_id", "person_id", "superseded_at")
CHECKS = _table("visit_checks", "id", "visit_id", "issue_id", "finding", "recorded_at", "superseded_at")
