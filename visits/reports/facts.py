"""Who asks what, and the visits and enterprises that figures count, as they were known at a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.periods import local_date
from visits.core.permissions import Permission
from visits.coverage import facts as coverage
from visits.enterprises.models import Enterprise
from visits.outreach.models import Attendance, Fact, PairProgramme, Visit, VisitPair
from visits.programmes.scope import Known, Scope
from visits.reports.filters import NONE, ReportFilter

Condition = sa.ColumnElement[bool]
Rows = Any  # a Select; its column types say nothing here


def park_of() -> Any:
    """The park of an enterprise by its name; none where it lies in none."""
    return sa.func.nullif(Enterprise.park, "").label("park")


def exists(table: Any, *where: Condition) -> sa.Exists:
    """Whether a row of the table is such; everything else named in it belongs to the statement around."""
    return (
        sa.select(sa.literal_column("1")).select_from(table).where(*where).correlate_except(table).exists()
    )


@dataclass(frozen=True)
class Question:
    """Who asks what, and what each programme counts and is about."""

    actor: Actor
    wanted: ReportFilter
    scopes: Sequence[Scope]

    @property
    def known(self) -> list[Known]:
        """The programmes asked for, or all, with their scopes as known at the moment."""
        named = self.wanted.programme
        return [
            scope.known_at(self.wanted.as_of)
            for scope in self.scopes
            if named in (None, scope.programme_id)
        ]

    def counts(self, mode: Any, programme: Any) -> Condition:
        """Whether a programme counts visits of a mode."""
        ways = (
            sa.and_(programme == scope.programme_id, mode.in_(list(scope.counted_modes)))
            for scope in self.scopes
        )
        return sa.or_(sa.false(), *ways)

    def reaches(self, table: Any) -> Condition:
        """Rows within reach of whoever asks; a statement of its own, since it names tables used here."""
        within = predicate_for(self.actor, Permission.REPORTS_READ, table)
        if within.compare(sa.true()):
            return within
        return table.id.in_(sa.select(sa.select(table.id).where(within).subquery().c.id))

    def is_part(self, dimension: str, column: Any) -> Condition:
        """Rows of the wanted unit, group or category; all, when none is named."""
        key = getattr(self.wanted, dimension)
        return sa.true() if key is None else column.is_(None) if key == NONE else column == key

    def is_in_programme(self, table: Any, link: Condition) -> Condition:
        """Rows linked to the wanted programme, or to none; all, when none is named."""
        key = self.wanted.programme
        if key is None:
            return sa.true()
        return ~exists(table, link) if key == NONE else exists(table, link, table.programme_id == key)

    def is_in_park(self, column: Any) -> Condition:
        """Enterprises of the wanted park, or of none; all, when none is named."""
        key = self.wanted.park
        return sa.true() if key is None else column == ("" if key == NONE else key)

    def of_park(self, column: Any) -> Condition:
        """The same of a column that names enterprises."""
        if self.wanted.park is None:
            return sa.true()
        firms: Condition = column.in_(sa.select(Enterprise.id).where(self.is_in_park(Enterprise.park)))
        return firms


def enterprises(question: Question) -> Rows:
    """One row per programme asked for and enterprise in its scope on at least one day of the period."""
    scoped = coverage.scoped(question.known, question.wanted.span)
    if question.wanted.park is None:
        return scoped
    there = scoped.subquery("scoped")
    return sa.select(there).where(question.of_park(there.c.enterprise_id))


def in_parks(scope: sa.CTE) -> Rows:
    """The same with the park in which each enterprise lies."""
    return sa.select(scope, park_of()).join(Enterprise, Enterprise.id == scope.c.enterprise_id)


def duties(question: Question) -> Rows:
    """One row per programme, enterprise within reach and calendar period ending in the period asked for."""
    wanted = question.wanted
    periods = coverage.ending_in(wanted.span, min(local_date(wanted.as_of), today()))
    owed = coverage.duties(question.known, periods).subquery("owed")
    within = predicate_for(question.actor, Permission.COVERAGE_READ, Enterprise)
    return (
        sa.select(owed, park_of())
        .join(Enterprise, Enterprise.id == owed.c.enterprise_id)
        .where(
            question.is_in_park(Enterprise.park),
            owed.c.enterprise_id.in_(sa.select(Enterprise.id).where(within)),
        )
    )


def _of_visits(question: Question, fact: type[Fact]) -> list[Condition]:
    """Which rows of pairs or attendances are asked for: those of the version of their visit known then."""
    wanted = question.wanted
    return [
        question.reaches(Visit),
        wanted.days(fact.visited_on),
        fact.known_at(wanted.as_of),
        sa.or_(Visit.voided_at.is_(None), Visit.voided_at > wanted.as_of),
        question.is_part("group", fact.group_id),
    ]


def attended(question: Question) -> Condition:
    """Visits in which the wanted unit took part."""
    unit = question.is_part("unit", Attendance.unit_id)
    known = Attendance.known_at(question.wanted.as_of)
    return (
        sa.true()
        if question.wanted.unit is None
        else exists(Attendance, Attendance.visit_id == Visit.id, known, unit)
    )


def _joint_visits(question: Question) -> Any:
    """Visits of the period on which people of two units or more went together."""
    unit = sa.func.coalesce(sa.cast(Attendance.unit_id, sa.String), Attendance.unit_name)
    wanted = question.wanted
    return (
        sa.select(Attendance.visit_id)
        .where(wanted.days(Attendance.visited_on), Attendance.known_at(wanted.as_of), unit != "")
        .group_by(Attendance.visit_id)
        .having(sa.func.min(unit) < sa.func.max(unit))
    )


def _is_counted(question: Question) -> Condition:
    key = question.wanted.programme
    named = sa.true() if key is None else PairProgramme.programme_id == key
    counting = question.counts(VisitPair.mode, PairProgramme.programme_id)
    return exists(PairProgramme, PairProgramme.pair_id == VisitPair.id, named, counting)


def pairs(question: Question, scope: Any) -> Rows:
    """One row per visit and enterprise met on it."""
    return (
        sa.select(
            VisitPair.id,
            VisitPair.visit_id,
            VisitPair.enterprise_id,
            VisitPair.group_id,
            VisitPair.mode,
            VisitPair.is_late,
            park_of(),
            VisitPair.visit_id.in_(_joint_visits(question)).label("is_joint"),
            _is_counted(question).label("is_counted"),
            VisitPair.enterprise_id.in_(sa.select(scope.c.enterprise_id)).label("is_in_scope"),
        )
        .join(Visit, Visit.id == VisitPair.visit_id)
        .join(Enterprise, Enterprise.id == VisitPair.enterprise_id)
        .where(
            question.is_in_park(Enterprise.park),
            *_of_visits(question, VisitPair),
            attended(question),
            question.is_in_programme(PairProgramme, PairProgramme.pair_id == VisitPair.id),
        )
    )


def participants(question: Question, met: sa.CTE) -> Rows:
    """One row per participant of a visit with at least one counted pair among those met."""
    a = Attendance
    counted = sa.select(met.c.visit_id).where(met.c.is_counted)
    return sa.select(a.id, a.visit_id, a.unit_id, a.group_id, a.mode).where(
        a.visit_id.in_(counted),
        a.known_at(question.wanted.as_of),
        question.is_part("unit", a.unit_id),
    )
