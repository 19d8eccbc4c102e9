"""Counts the sets of a question, all in one statement, and lists the rows of one of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Unit
from visits.core.authz import Actor
from visits.core.db import db
from visits.core.periods import start_of
from visits.core.site_days import site_day_number
from visits.coverage.facts import once
from visits.issues.models import Category, IssueProgramme
from visits.outreach.models import Attendance, PairProgramme, VisitPair
from visits.programmes.models import Group
from visits.programmes.scope import Scope
from visits.programmes.scope import scopes as all_scopes
from visits.reports import facts
from visits.reports.facts import Question
from visits.reports.filters import DIMENSIONS, ReportFilter
from visits.reports.sets import SETS, RowSet

TOTAL, AGE, SPANS = "total", "age", "spans"
ClosingSpan = tuple[date, date, int]  # the days of registration and closing, and of how many problems
Counts = dict[tuple[str, int | None], dict[str, int]]


@dataclass(frozen=True)
class Named:
    """One programme, unit, category or group: what figures are broken down by."""

    dimension: str
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Ground:
    """What every question leans on: the names of the parts, and what each programme is about."""

    named: Sequence[Named]
    scopes: Sequence[Scope]

    def ask(self, actor: Actor, wanted: ReportFilter) -> Question:
        """Put a question."""
        return Question(actor, wanted, self.scopes)


def get_ground() -> Ground:
    """Read programmes with their scopes, and units, categories and groups, in two statements."""
    empty = sa.literal("")
    parts = (
        sa.select(sa.literal("unit"), Unit.id, empty, Unit.name),
        sa.select(sa.literal("category"), Category.id, Category.code, Category.name),
        sa.select(sa.literal("group"), Group.id, empty, Group.name),
    )
    rows = sorted(db.session.execute(sa.union_all(*parts)).all(), key=lambda row: (row[0], row[1]))
    scopes = all_scopes()
    programmes = [Named("programme", s.programme_id, s.code, s.name) for s in scopes]
    return Ground(
        named=[*programmes, *(Named(kind, key, code or str(key), name) for kind, key, code, name in rows)],
        scopes=scopes,
    )


class Sheet:
    """The facts of one question with a mark per set; counts and lists read the same marks.

    `names` are the sets that will be asked for, by default all. `ages` are days, the latest first, which
    part problems by when they were registered: on that day or later, before that and so on.
    """

    def __init__(self, question: Question, *names: str, ages: Sequence[date] = ()) -> None:
        self.question = question
        self.names = names or tuple(SETS)
        self.ages = ages

    @cached_property
    def _scope(self) -> sa.CTE:
        return once(facts.enterprises(self.question), "scope")

    @cached_property
    def _facts(self) -> dict[str, sa.Subquery]:
        known = facts.problems(self.question)
        of_problems = {name: getattr(facts, name) for name in ("issues", "dispatches", "moves")}
        pairs = once(facts.pairs(self.question, self._scope), "pairs_there")
        selects = {
            "enterprises": sa.select(self._scope),
            "duties": facts.duties(self.question),
            "pairs": sa.select(pairs),
            "participants": facts.participants(self.question, pairs),
        }
        selects |= {name: make(self.question, known) for name, make in of_problems.items()}
        return {name: stmt.subquery(f"{name}_known") for name, stmt in selects.items()}

    @cached_property
    def marked(self) -> dict[str, sa.CTE]:
        """Per fact its rows, with a column of 0 and 1 for each of its sets."""
        return {name: self._mark(name, rows) for name, rows in self._facts.items()}

    def _mark(self, fact: str, rows: sa.Subquery) -> sa.CTE:
        marks = [
            sa.case((wanted.where(rows.c, self.question.wanted), 1), else_=0).label(mark_of(name))
            for name, wanted in self._sets_of(fact)
        ]
        if fact == "issues" and self.ages:
            marks.append(_age_of(rows.c.registered_at, self.ages).label(AGE))
        return once(sa.select(rows, *marks), f"{fact}_marked")

    def _sets_of(self, fact: str) -> list[tuple[str, RowSet]]:
        return [(name, wanted) for name, wanted in _sets_of(fact) if name in self.names]

    def keys_of(self, name: str) -> sa.Select[Any]:
        """What a set counts, each value once."""
        rows = self.marked[SETS[name].fact]
        return sa.select(rows.c[SETS[name].counts]).where(rows.c[mark_of(name)] == 1).distinct()

    def tally(self, dimensions: Collection[str] = DIMENSIONS) -> tuple[Counts, list[ClosingSpan]]:
        """Count every set, in total and by each dimension, and list the closing spans, in one statement."""
        branches = [
            self._branch(fact, dimension, *source)
            for fact, rows in self.marked.items()
            if self._sets_of(fact)
            for dimension, source in self._sources(fact, rows)
            if dimension in (TOTAL, AGE, *dimensions)
        ]
        if "closed_by_units" in self.names:
            branches.append(self._closing_spans())
        counts: Counts = {}
        spans: list[ClosingSpan] = []
        for fact, dimension, key, *numbers in db.session.execute(sa.union_all(*branches)):
            if dimension == SPANS:
                spans.append((date.fromordinal(key), date.fromordinal(numbers[0]), numbers[1]))
                continue
            part = counts.setdefault((dimension, key), {})
            part.update(
                (name, int(n or 0)) for (name, _), n in zip(self._sets_of(fact), numbers, strict=False)
            )
        return counts, spans

    def _branch(self, fact: str, dimension: str, key: Any, source: Any, counts: Any) -> sa.Select[Any]:
        rows = self.marked[fact]
        columns = [
            _count(rows, name, wanted, self._counting(wanted, counts))
            for name, wanted in self._sets_of(fact)
        ]
        columns += [sa.literal_column("0")] * (WIDTH - len(columns))
        stmt = sa.select(
            sa.literal_column(f"'{fact}'"),
            sa.literal_column(f"'{dimension}'"),
            sa.cast(sa.null(), sa.Integer) if key is None else key,
            *(column.label(f"n{n}") for n, column in enumerate(columns)),
        ).select_from(source)
        return stmt if key is None else stmt.group_by(key)

    def _counting(self, wanted: RowSet, counts: Any) -> Any:
        """Which rows of a part count for a set: all, or those its programme counts, or has in its scope."""
        if not wanted.by_counting_programme or isinstance(counts, sa.True_):
            return sa.true()
        return sa.and_(counts, self._scope.c.programme_id.is_not(None)) if wanted.by_scope else counts

    def _sources(self, fact: str, rows: Any) -> Iterator[tuple[str, tuple[Any, Any, Any]]]:
        """How a fact is broken down: dimension, then its key, the rows to read, which of them count."""
        yield TOTAL, (None, rows, sa.true())
        if AGE in rows.c:
            yield AGE, (rows.c[AGE], rows, sa.true())
        for dimension in ("category", "group"):
            if f"{dimension}_id" in rows.c:
                yield dimension, (rows.c[f"{dimension}_id"], rows, sa.true())
        if fact in ("pairs", "participants"):
            yield from self._visit_sources(fact, rows)
        elif fact in ("enterprises", "duties"):
            yield "programme", (rows.c.programme_id, rows, sa.true())
        else:
            yield "unit", (rows.c.unit_id, rows, sa.true())
            issue = rows.c.id if fact == "issues" else rows.c.issue_id
            source = rows.outerjoin(IssueProgramme, IssueProgramme.issue_id == issue)
            yield "programme", (IssueProgramme.programme_id, source, sa.true())

    def _visit_sources(self, fact: str, rows: Any) -> Iterator[tuple[str, tuple[Any, Any, Any]]]:
        def met(table: Any) -> Any:
            return table.visit_id.in_(sa.select(rows.c.visit_id))

        if fact == "pairs":
            known = Attendance.known_at(self.question.wanted.as_of)
            there = (
                sa.select(Attendance.visit_id, Attendance.unit_id).where(known, met(Attendance)).distinct()
            )
            units = there.subquery("units_there")
            yield (
                "unit",
                (units.c.unit_id, rows.join(units, units.c.visit_id == rows.c.visit_id), sa.true()),
            )
            of_pair = PairProgramme.pair_id.in_(sa.select(rows.c.id))  # else all pairs' programmes are read
            source = rows.join(PairProgramme, sa.and_(PairProgramme.pair_id == rows.c.id, of_pair))
            programme: Any = PairProgramme.programme_id
            scope, firm = self._scope, rows.c.enterprise_id
            same = sa.and_(scope.c.programme_id == programme, scope.c.enterprise_id == firm)
            source = source.outerjoin(scope, same)
        else:
            yield "unit", (rows.c.unit_id, rows, sa.true())
            chosen = (
                sa.select(VisitPair.visit_id, PairProgramme.programme_id)
                .join(PairProgramme, PairProgramme.pair_id == VisitPair.id)
                .where(VisitPair.known_at(self.question.wanted.as_of), met(VisitPair))
                .distinct()
                .subquery("chosen")
            )
            source = rows.join(chosen, chosen.c.visit_id == rows.c.visit_id)
            programme = chosen.c.programme_id
        yield "programme", (programme, source, self.question.counts(rows.c.mode, programme))

    def _closing_spans(self) -> Any:
        """On which days how many problems that units closed in the period were registered and closed."""
        rows = self.marked["issues"]
        days = (site_day_number(rows.c.registered_at), site_day_number(rows.c.closed_at))
        return (
            sa.select(
                sa.literal_column("'issues'"),
                sa.literal_column(f"'{SPANS}'"),
                days[0],
                days[1],
                sa.func.count(),
                *[sa.literal_column("0")] * (WIDTH - 2),
            )
            .where(rows.c[mark_of("closed_by_units")] == 1)
            .group_by(*days)
        )


def _age_of(moment: Any, days: Sequence[date]) -> Any:
    """Which of the stretches between these days a moment lies in; the latest is 1."""
    ways = [(moment >= start_of(day), number) for number, day in enumerate(days, 1)]
    return sa.case(*ways, else_=len(days) + 1)


def mark_of(name: str) -> str:
    """The column that marks the rows of a set."""
    return f"in_{name}"


def _sets_of(fact: str) -> list[tuple[str, RowSet]]:
    return [(name, wanted) for name, wanted in SETS.items() if wanted.fact == fact]


WIDTH = max(len(_sets_of(wanted.fact)) for wanted in SETS.values())


def _count(rows: sa.CTE, name: str, wanted: RowSet, counts: Any) -> Any:
    mark = sa.literal_column(f"{rows.name}.{mark_of(name)}", sa.Integer)  # plain text: there are hundreds
    is_narrowed = not isinstance(counts, sa.True_)
    if wanted.sums:
        return sa.func.coalesce(sa.func.sum(sa.case((mark == 1, rows.c[wanted.sums]), else_=0)), 0)
    if wanted.counts == "id":
        marked = sa.case((counts, mark), else_=0) if is_narrowed else mark
        return sa.func.coalesce(sa.func.sum(marked), 0)
    condition = sa.and_(mark == 1, counts) if is_narrowed else mark == 1
    return sa.func.count(sa.distinct(sa.case((condition, rows.c[wanted.counts]))))
