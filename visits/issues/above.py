"""Tables of the slice above that a problem's reach and evidence hang on, by their names alone."""

import sqlalchemy as sa


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


VISITS = _table("visits", "id", "visited_on", "voided_at")
ATTENDANCES = _table("attendances", "visit_id", "person_id", "superseded_at")
VISIT_PAIRS = sa.table(
    "visit_pairs",
    *(sa.column(name) for name in ("id", "visit_id", "enterprise_id", "group_id", "superseded_at")),
    sa.column("visited_on", sa.Date),
)
PAIR_PROGRAMMES = _table("pair_programmes", "pair_id", "programme_id")
CHECKS = _table("visit_checks", "id", "visit_id", "issue_id", "finding", "recorded_at", "superseded_at")
