"""Counts the sets of a question, all in one statement, and lists the rows of one of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
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
from visits.enterprises.models import Enterprise
from visits.issues.models import Category, IssueProgramme
from visits.outreach.models import Attendance, PairProgramme, VisitPair
from visits.programmes.models import Group
from visits.programmes.scope import Scope
from visits.programmes.scope import scopes as all_scopes
from visits.reports import facts, histories, oversight
from visits.reports.facts import Condition, Question
from visits.reports.filters import AGE, DIMENSIONS, Key, ReportFilter
from visits.reports.sets import SETS, RowSet

TOTAL, SPANS = "total", "spans"
EVERYTHING: Mapping[str, Collection[str]] = dict.fromkeys(DIMENSIONS, SETS)
ClosingSpan = tuple[date, date, int]  # the days of registration and closing, and of how many problems
Counts = dict[tuple[str, Key | None], dict[str, int]]
OF_PROBLEMS = {
    "issues": histories.issues,
    "dispatches": histories.dispatches,
    "moves": histories.moves,
    "flags": oversight.flags,
    "checks": oversight.checks,
}


@dataclass(frozen=True)
class Named:
    """One programme, unit, category, group or park: what figures are broken down by."""

    dimension: str
    id: Key
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
    """Read programmes with their scopes, units, categories, groups and parks, in two statements."""
    empty = sa.literal("")
    parts = (
        sa.select(sa.literal("unit"), Unit.id, empty, Unit.name),
        sa.select(sa.literal("category"), Category.id, Category.code, Category.name),
        sa.select(sa.literal("group"), Group.id, empty, Group.name),
        sa.select(sa.literal("park"), sa.literal(0), Enterprise.park, Enterprise.park)
        .where(Enterprise.park != "")
        .distinct(),
    )
    rows = sorted(db.session.execute(sa.union_all(*parts)).all(), key=lambda row: (row[0], row[1], row[3]))
    scopes = all_scopes()
    programmes = [Named("programme", s.programme_id, s.code, s.name) for s in scopes]
    return Ground(
        named=[*programmes, *(_named(*row) for row in rows)],
        scopes=scopes,
    )


def _named(dimension: str, key: int, code: str, name: str) -> Named:
    """A park is no more than its name."""
    return Named(dimension, name if dimension == "park" else key, code or str(key), name)


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
        question = self.question
        known = histories.problems(question)
        pairs = once(facts.pairs(question, self._scope), "pairs_there")
        selects = {
            "enterprises": facts.in_parks(self._scope),
            "pairs": sa.select(pairs),
            "participants": facts.participants(question, pairs),
            "visit_checks": oversight.visit_checks(question),
            "topics": oversight.topics(question),
            "duties": facts.duties(question),
        }
        selects |= {name: make(question, known) for name, make in OF_PROBLEMS.items()}
        return {name: stmt.subquery(f"{name}_known") for name, stmt in selects.items()}

    @cached_property
    def marked(self) -> dict[str, sa.CTE]:
        """Per fact its rows, with a column of 0 and 1 for each of its sets."""
        return {name: self._mark(name, rows) for name, rows in self._facts.items()}

    def _mark(self, fact: str, rows: sa.Subquery) -> sa.CTE:
        marks = [
            sa.case((wanted.where(rows.c, self.question.wanted), 1), else_=0).label(mark_of(name))
            for name, wanted in self._sets_of(fact, self.names)
        ]
        if fact == "issues" and self.ages:
            marks.append(_age_of(rows.c.registered_at, self.ages).label(AGE))
        return once(sa.select(rows, *marks), f"{fact}_marked")

    def _sets_of(self, fact: str, names: Collection[str]) -> list[tuple[str, RowSet]]:
        """The sets of a fact that are asked for, as far as they are named here."""
        return [(name, wanted) for name, wanted in _sets_of(fact) if name in names and name in self.names]

    def keys_of(self, name: str) -> sa.Select[Any]:
        """What a set counts, each value once."""
        rows = self.marked[SETS[name].fact]
        return sa.select(rows.c[SETS[name].counts]).where(rows.c[mark_of(name)] == 1).distinct()

    def tally(
        self, divided: Mapping[str, Collection[str]] = EVERYTHING
    ) -> tuple[Counts, list[ClosingSpan]]:
        """Count the sets in total and by dimension, and list the closing spans, in one statement.

        `divided` holds by dimension the names of the sets that are counted by it.
        """
        wanted = {TOTAL: self.names, AGE: self.names, **divided}
        branches = [
            self._branch(fact, dimension, wanted[dimension], source)
            for fact, rows in self.marked.items()
            for dimension, source in self._sources(fact, rows)
            if self._sets_of(fact, wanted.get(dimension, ()))
        ]
        if "closed_by_units" in self.names:
            branches.append(self._closing_spans())
        counts: Counts = {}
        spans: list[ClosingSpan] = []
        for fact, dimension, key, name, *numbers in db.session.execute(sa.union_all(*branches)):
            if dimension == SPANS:
                closed, times = (int(n) for n in numbers[:2])  # a sum beside them makes them decimals
                spans.append((date.fromordinal(key), date.fromordinal(closed), times))
                continue
            part = counts.setdefault((dimension, key if name is None else name), {})
            sets = self._sets_of(fact, wanted[dimension])
            part.update((one, int(n or 0)) for (one, _), n in zip(sets, numbers, strict=False))
        return counts, spans

    def _branch(
        self, fact: str, dimension: str, names: Collection[str], source: tuple[Any, Any, Any]
    ) -> sa.Select[Any]:
        (key, joined, counts), rows = source, self.marked[fact]
        columns = [
            _count(rows, name, wanted, self._counting(wanted, counts))
            for name, wanted in self._sets_of(fact, names)
        ]
        columns += [sa.literal_column("0")] * (WIDTH - len(columns))
        stmt = sa.select(
            sa.literal_column(f"'{fact}'"),
            sa.literal_column(f"'{dimension}'"),
            *_keyed(dimension, key),
            *(column.label(f"n{n}") for n, column in enumerate(columns)),
        ).select_from(joined)
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
        for dimension, column in (("category", "category_id"), ("group", "group_id"), ("park", "park")):
            if column in rows.c:
                yield dimension, (rows.c[column], rows, sa.true())
        if fact in ("pairs", "participants"):
            yield from self._visit_sources(fact, rows)
        elif "programme_id" in rows.c:
            yield "programme", (rows.c.programme_id, rows, sa.true())
        elif "unit_id" in rows.c:
            yield "unit", (rows.c.unit_id, rows, sa.true())
        if fact in OF_PROBLEMS:
            issue = rows.c.id if fact == "issues" else rows.c.issue_id
            source = rows.outerjoin(IssueProgramme, IssueProgramme.issue_id == issue)
            yield "programme", (IssueProgramme.programme_id, source, sa.true())

    def _visit_sources(self, fact: str, rows: Any) -> Iterator[tuple[str, tuple[Any, Any, Any]]]:
        if fact == "pairs":
            yield from self._pair_sources(rows)
        else:
            yield from self._participant_sources(rows)

    def _known_of(self, table: Any, rows: Any) -> tuple[Condition, Condition]:
        """Rows of these visits as they were known."""
        of_visits = table.visit_id.in_(sa.select(rows.c.visit_id))
        return table.known_at(self.question.wanted.as_of), of_visits

    def _pair_sources(self, rows: Any) -> Iterator[tuple[str, tuple[Any, Any, Any]]]:
        there = sa.select(Attendance.visit_id, Attendance.unit_id).distinct()
        units = there.where(*self._known_of(Attendance, rows)).subquery("units_there")
        yield "unit", (units.c.unit_id, rows.join(units, units.c.visit_id == rows.c.visit_id), sa.true())
        of_pair = PairProgramme.pair_id.in_(sa.select(rows.c.id))  # else all pairs' programmes are read
        source = rows.join(PairProgramme, sa.and_(PairProgramme.pair_id == rows.c.id, of_pair))
        programme: Any = PairProgramme.programme_id
        scope, firm = self._scope, rows.c.enterprise_id
        same = sa.and_(scope.c.programme_id == programme, scope.c.enterprise_id == firm)
        counts = self.question.counts(rows.c.mode, programme)
        yield "programme", (programme, source.outerjoin(scope, same), counts)

    def _participant_sources(self, rows: Any) -> Iterator[tuple[str, tuple[Any, Any, Any]]]:
        yield "unit", (rows.c.unit_id, rows, sa.true())
        met = self.marked["pairs"]
        parks = (
            sa.select(met.c.visit_id, met.c.park).where(met.c.is_counted).distinct().subquery("parks_met")
        )
        yield "park", (parks.c.park, rows.join(parks, parks.c.visit_id == rows.c.visit_id), sa.true())
        chosen = (
            sa.select(VisitPair.visit_id, PairProgramme.programme_id)
            .join(PairProgramme, PairProgramme.pair_id == VisitPair.id)
            .where(*self._known_of(VisitPair, rows))
            .distinct()
            .subquery("chosen")
        )
        programme: Any = chosen.c.programme_id
        counts = self.question.counts(rows.c.mode, programme)
        yield "programme", (programme, rows.join(chosen, chosen.c.visit_id == rows.c.visit_id), counts)

    def _closing_spans(self) -> Any:
        """On which days how many problems that units closed in the period were registered and closed."""
        rows = self.marked["issues"]
        days = (site_day_number(rows.c.registered_at), site_day_number(rows.c.closed_at))
        return (
            sa.select(
                sa.literal_column("'issues'"),
                sa.literal_column(f"'{SPANS}'"),
                days[0],
                sa.null(),
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


def _keyed(dimension: str, key: Any) -> tuple[Any, Any]:
    """Which part a row counts: by its id, or, of parks, by its name."""
    no_id, no_name = sa.cast(sa.null(), sa.Integer), sa.cast(sa.null(), sa.String)
    if key is None:
        return no_id, no_name
    return (no_id, key) if dimension == "park" else (key, no_name)


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
