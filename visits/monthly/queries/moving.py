"""Which records moved a figure between two moments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from visits.core.authz import SYSTEM
from visits.core.db import db
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue
from visits.outreach.models import Visit, VisitPair
from visits.reports.filters import ReportFilter
from visits.reports.queries import Ground, Sheet, mark_of
from visits.reports.sets import SETS
from visits.supervision.models import Topic

MOST_NAMES = 200
RECORDS = {
    ("issues", "id"): ("issue", "id"),
    ("dispatches", "id"): ("issue", "issue_id"),
    ("moves", "id"): ("issue", "issue_id"),
    ("pairs", "id"): ("visit", "visit_id"),
    ("pairs", "visit_id"): ("visit", "visit_id"),
    ("pairs", "enterprise_id"): ("enterprise", "enterprise_id"),
    ("participants", "id"): ("visit", "visit_id"),
    ("enterprises", "enterprise_id"): ("enterprise", "enterprise_id"),
    ("duties", "id"): ("enterprise", "enterprise_id"),
    ("duties", "enterprise_id"): ("enterprise", "enterprise_id"),
    ("flags", "id"): ("issue", "issue_id"),
    ("checks", "id"): ("issue", "issue_id"),
    ("visit_checks", "id"): ("visit", "visit_id"),
    ("topics", "id"): ("topic", "id"),
}

Record = tuple[str, int]  # its kind and id
Weights = dict[tuple[str, Record], int]  # how much a record adds to a set


@dataclass(frozen=True)
class MovedRecords:
    """Of each set the records that count more than before, and those that count less."""

    added: Mapping[str, set[Record]]
    removed: Mapping[str, set[Record]]
    names: Mapping[Record, str] = field(default_factory=dict)

    def of(self, set_names: Iterable[str | None]) -> tuple[list[Record], list[Record]]:
        """What moved in these sets, in the order of the names."""
        known = [name for name in set_names if name]
        more: set[Record] = set().union(*(self.added.get(name, set()) for name in known))
        less: set[Record] = set().union(*(self.removed.get(name, set()) for name in known))
        return self._sorted(more), self._sorted(less)

    def _sorted(self, records: set[Record]) -> list[Record]:
        return sorted((r for r in records if r in self.names), key=lambda r: self.names[r])[:MOST_NAMES]


def moved_records(
    ground: Ground, before: ReportFilter, after: ReportFilter, set_names: Iterable[str]
) -> MovedRecords:
    """Compare some sets of a period, as known at one moment and at a later one."""
    wanted = sorted(set(set_names))
    if not wanted:
        return MovedRecords({}, {})
    old, new = (_weights(ground, asked, wanted) for asked in (before, after))
    added: dict[str, set[Record]] = {}
    removed: dict[str, set[Record]] = {}
    for key in old.keys() | new.keys():
        difference = new.get(key, 0) - old.get(key, 0)
        if difference:
            (added if difference > 0 else removed).setdefault(key[0], set()).add(key[1])
    records = set().union(*added.values(), *removed.values())
    return MovedRecords(added, removed, _names(records))


def _weights(ground: Ground, asked: ReportFilter, names: list[str]) -> Weights:
    sheet = Sheet(ground.ask(SYSTEM, asked), *names)
    branches = [_branch(sheet, name) for name in names]
    rows = db.session.execute(sa.union_all(*branches))
    return {(name, (kind, key)): int(weight) for name, kind, key, weight in rows if key is not None}


def _branch(sheet: Sheet, name: str) -> sa.Select[Any]:
    wanted = SETS[name]
    kind, column = RECORDS[wanted.fact, wanted.counts]
    rows = sheet.marked[wanted.fact]
    weight: Any = sa.func.count(sa.distinct(rows.c[wanted.counts]))
    if wanted.sums:
        weight = sa.func.sum(rows.c[wanted.sums])
    return (
        sa.select(sa.literal(name), sa.literal(kind), rows.c[column], weight)
        .where(rows.c[mark_of(name)] == 1)
        .group_by(rows.c[column])
    )


def _names(records: set[Record]) -> dict[Record, str]:
    """What people call these records: by number, name or title; a visit by its day and enterprises."""
    ids = {
        kind: sorted(key for of, key in records if of == kind)
        for kind in ("issue", "enterprise", "visit", "topic")
    }
    empty = sa.literal("")
    pairs = (
        sa.select(VisitPair.visit_id, VisitPair.enterprise_id)
        .where(VisitPair.visit_id.in_(ids["visit"]))
        .distinct()
        .subquery()
    )
    stmt = sa.union_all(
        sa.select(sa.literal("issue"), Issue.id, Issue.number, empty).where(Issue.id.in_(ids["issue"])),
        sa.select(sa.literal("enterprise"), Enterprise.id, Enterprise.name, empty).where(
            Enterprise.id.in_(ids["enterprise"])
        ),
        sa.select(sa.literal("topic"), Topic.id, Topic.title, empty).where(Topic.id.in_(ids["topic"])),
        sa.select(sa.literal("visit"), Visit.id, Enterprise.name, sa.cast(Visit.visited_on, sa.String))
        .join(pairs, pairs.c.visit_id == Visit.id)
        .join(Enterprise, Enterprise.id == pairs.c.enterprise_id),
    )
    found: dict[Record, str] = {}
    for kind, key, name, day in sorted(db.session.execute(stmt).all()):
        record = (kind, key)
        found[record] = f"{found[record]}、{name}" if record in found else f"{day} {name}".strip()
    return found
