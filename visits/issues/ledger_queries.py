"""What an import of a ledger of problems reads: the office it is laid beside, what is here already."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.db import Model, db
from visits.issues.above import PAIR_PROGRAMMES, VISIT_PAIRS, VISITS
from visits.issues.categories import Parent
from visits.issues.models import (
    Category,
    Dispatch,
    Evaluation,
    Issue,
    IssueCounter,
    IssueMove,
    IssueProgramme,
    IssueText,
)
from visits.issues.states import State

CHUNK = 500


def _chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    found = sorted(set(values))
    return (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))


def units() -> list[tuple[int, str, bool]]:
    """Every unit, as (id, name, whether it is in use), by name."""
    rows = db.session.execute(sa.select(Unit.id, Unit.name, Unit.closed_on).order_by(Unit.name))
    return [(unit_id, name, closed_on is None) for unit_id, name, closed_on in rows]


def categories() -> Sequence[Any]:
    """Every category, those in use first: id, name, code, parent_id, parent, complexity, is_open."""
    is_closed = Category.closed_on.is_not(None)
    stmt = (
        sa.select(
            Category.id,
            Category.name,
            Category.code,
            Category.parent_id,
            Parent.name.label("parent"),
            Category.complexity,
            sa.not_(is_closed).label("is_open"),
        )
        .outerjoin(Parent, Parent.id == Category.parent_id)
        .order_by(is_closed, Category.id)
    )
    return db.session.execute(stmt).all()


def visits_between(first: date, last: date) -> Sequence[Any]:
    """Who was met on these days: enterprise_id, visited_on, visit_id, group_id, pair."""
    pairs = VISIT_PAIRS
    return db.session.execute(
        sa.select(
            pairs.c.enterprise_id,
            pairs.c.visited_on,
            pairs.c.visit_id,
            pairs.c.group_id,
            pairs.c.id.label("pair"),
        )
        .join(VISITS, VISITS.c.id == pairs.c.visit_id)
        .where(
            pairs.c.visited_on.between(first, last),
            pairs.c.superseded_at.is_(None),
            VISITS.c.voided_at.is_(None),
        )
    ).all()


def programmes_of(pairs: Iterable[int]) -> dict[int, list[int]]:
    """The programmes of each of these meetings of a visit and an enterprise."""
    found: dict[int, list[int]] = {}
    table = PAIR_PROGRAMMES
    for chunk in _chunks(pairs):
        stmt = sa.select(table.c.pair_id, table.c.programme_id).where(table.c.pair_id.in_(chunk))
        for pair_id, programme_id in db.session.execute(stmt.order_by(table.c.programme_id)):
            found.setdefault(pair_id, []).append(programme_id)
    return found


def counters_of(days: Iterable[date]) -> dict[date, int]:
    """The last number given on each of these days, kept from being raised by others meanwhile."""
    found: dict[date, int] = {}
    for chunk in _chunks(days):
        stmt = sa.select(IssueCounter.day, IssueCounter.last).where(IssueCounter.day.in_(chunk))
        found |= {row.day: row.last for row in db.session.execute(stmt.with_for_update())}
    return found


def client_ids_among(client_ids: Iterable[str]) -> set[str]:
    """Those of these ids under which a problem is stored, void or not."""
    found: set[str] = set()
    for chunk in _chunks(client_ids):
        stmt = sa.select(Issue.client_id).where(Issue.client_id.in_(chunk))
        found |= {key for key in db.session.scalars(stmt) if key}
    return found


_STORED = (
    Issue.id,
    Issue.number,
    Issue.client_id,
    Issue.external_no,
    Issue.enterprise_id,
    Issue.registered_on,
    Issue.description,
    Issue.state,
    Issue.closed_on,
    Issue.import_run_id,
)


def stored_like(
    numbers: Iterable[str], client_ids: Iterable[str], firms: Iterable[int], first: date, last: date
) -> Sequence[Any]:
    """Problems, not void, with one of these numbers or ids, or of one of these enterprises and days."""
    found: dict[int, Any] = {}
    conditions = [
        *(Issue.external_no.in_(chunk) for chunk in _chunks(numbers)),
        *(Issue.client_id.in_(chunk) for chunk in _chunks(client_ids)),
        *(
            sa.and_(Issue.registered_on.between(first, last), Issue.enterprise_id.in_(chunk))
            for chunk in _chunks(firms)
        ),
    ]
    for condition in conditions:
        stmt = sa.select(*_STORED).where(Issue.state != State.VOID, condition)
        found |= {row.id: row for row in db.session.execute(stmt)}
    return [found[key] for key in sorted(found)]


def issues_of_run(run_id: int) -> Sequence[Any]:
    """The problems an import brought: id, number, state, revision, seq (how many moves); by number."""
    moves = sa.select(sa.func.max(IssueMove.seq)).where(IssueMove.issue_id == Issue.id)
    columns = (Issue.id, Issue.number, Issue.state, Issue.revision)
    stmt = sa.select(*columns, moves.correlate(Issue).scalar_subquery().label("seq"))
    return db.session.execute(stmt.where(Issue.import_run_id == run_id).order_by(Issue.number)).all()


def used_since(run_id: int) -> set[int]:
    """The problems of an import on which something hangs now: a file, a duty, a meeting."""
    mine = sa.select(Issue.id).where(Issue.import_run_id == run_id)
    models = (IssueText, IssueMove, Dispatch, Evaluation, IssueProgramme)
    brought = {model.__table__.c.issue_id for model in models}
    key: Any = Issue.__table__.c.id
    columns = [
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if column.references(key) and column not in brought
    ]
    found: set[int] = set()
    for column in columns:
        found |= set(db.session.scalars(sa.select(column).where(column.in_(mine))))
    return found
