"""Reports and their texts, as stored; what earlier ones told of which month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from visits.accounts.models import Person
from visits.core.authz import Actor, predicate_for
from visits.core.clock import today
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.periods import Month
from visits.core.permissions import Permission
from visits.issues.models import Issue
from visits.monthly import rules
from visits.monthly.content import Cell, Content
from visits.monthly.models import MonthlyReport, ReportText
from visits.monthly.rules import Section
from visits.monthly.states import ReportState
from visits.outreach.models import Visit


@dataclass(frozen=True)
class Reading:
    """A report as it is read: its figures, its texts in order, who did what, whether it is as frozen."""

    report: MonthlyReport
    content: Content
    texts: Mapping[Section, ReportText]
    people: Mapping[str, str]
    is_untouched: bool


@dataclass(frozen=True)
class Told:
    """What was last told of an earlier month: its figures, and until which moment records were counted."""

    month: Month
    figures: Mapping[str, Cell] = field(default_factory=dict)
    known_at: datetime | None = None


def get_report(actor: Actor, report_id: int) -> MonthlyReport:
    """One report, as it is now; raise NotFound where there is none, or not for this person."""
    within = predicate_for(actor, Permission.MONTHLY_READ, MonthlyReport)
    stmt = sa.select(MonthlyReport).where(MonthlyReport.id == report_id, within)
    report = db.session.scalar(stmt.execution_options(populate_existing=True))
    if report is None:
        raise NotFound()
    return report


def texts_of(report_id: int) -> dict[Section, ReportText]:
    """The texts of a report, in the order of its sections."""
    rows = db.session.scalars(sa.select(ReportText).where(ReportText.report_id == report_id)).all()
    by_section = {Section(row.section): row for row in rows}
    return {section: by_section[section] for section in Section if section in by_section}


def read_report(report: MonthlyReport) -> Reading:
    """A report with its texts, checked against the seal it got when it was frozen."""
    texts = texts_of(report.id)
    said = {section.value: text.said for section, text in texts.items()}
    is_untouched = report.digest is None or rules.seal_of(report.content, said) == report.digest
    return Reading(report, Content.from_json(report.content), texts, _people_of(report), is_untouched)


def _people_of(report: MonthlyReport) -> dict[str, str]:
    """The names of those who drafted, froze, published and took back."""
    names = ("drafted_by", "frozen_by", "published_by", "withdrawn_by")
    ids = {name: getattr(report, f"{name}_id") for name in names}
    stmt = sa.select(Person.id, Person.name).where(Person.id.in_([key for key in ids.values() if key]))
    known = {row.id: row.name for row in db.session.execute(stmt)}
    return {name: known.get(key, "") for name, key in ids.items()}


def has_records_until(month: Month) -> bool:
    """Whether a visit or problem of this month or an earlier one is on record."""
    visits = sa.exists().where(Visit.visited_on <= month.last_on)
    problems = sa.exists().where(Issue.registered_on <= month.last_on)
    return bool(db.session.scalar(sa.select(sa.or_(visits, problems))))


def in_force(month: Month) -> MonthlyReport | None:
    """The report of a month that was not taken back."""
    wanted = (MonthlyReport.first_on == month.first_on, MonthlyReport.state != ReportState.WITHDRAWN)
    return db.session.scalar(sa.select(MonthlyReport).where(*wanted))


def issues_of_month(month: Month) -> Sequence[MonthlyReport]:
    """All issues of a month's report, the newest first."""
    stmt = sa.select(MonthlyReport).where(MonthlyReport.first_on == month.first_on)
    return db.session.scalars(stmt.order_by(MonthlyReport.issue_no.desc())).all()


def is_frozen(day: date) -> bool:
    """Say whether the month of a day is frozen or published; one that is not over never is."""
    month = Month.of(day)
    if not rules.is_over(month, today()):
        return False
    states = (ReportState.FROZEN, ReportState.PUBLISHED)
    wanted = sa.exists().where(MonthlyReport.first_on == month.first_on, MonthlyReport.state.in_(states))
    return bool(db.session.scalar(sa.select(wanted)))


def list_reports(actor: Actor) -> Any:
    """Every report within reach with who froze and who published it; without its content."""
    froze, published_it = aliased(Person), aliased(Person)
    table = MonthlyReport
    return (
        sa.select(
            table.id,
            table.first_on,
            table.issue_no,
            table.state,
            table.as_of,
            table.frozen_at,
            table.published_at,
            table.withdrawn_at,
            table.withdrawal_reason,
            froze.name.label("frozen_by"),
            published_it.name.label("published_by"),
        )
        .outerjoin(froze, froze.id == table.frozen_by_id)
        .outerjoin(published_it, published_it.id == table.published_by_id)
        .where(predicate_for(actor, Permission.MONTHLY_READ, table))
    )


def told_before(month: Month) -> list[Told]:
    """What published reports say of the past year's months, later corrections included."""
    stmt = (
        sa.select(MonthlyReport)
        .where(
            MonthlyReport.state == ReportState.PUBLISHED,
            MonthlyReport.first_on >= month.year_before.first_on,
            MonthlyReport.first_on < month.first_on,
        )
        .order_by(MonthlyReport.first_on)
    )
    reports = db.session.scalars(stmt).all()
    contents = {report.id: Content.from_json(report.content) for report in reports}
    return [_told_of(report, reports, contents) for report in reports]


def _told_of(
    report: MonthlyReport, reports: Sequence[MonthlyReport], contents: Mapping[int, Content]
) -> Told:
    content = contents[report.id]
    figures, known_at = dict(content.figures), report.as_of
    for later in reports:
        has_looked = report.published_at is not None and report.published_at <= later.as_of
        if later.first_on > report.first_on and has_looked and later.as_of >= known_at:
            said = [c for c in contents[later.id].corrections if c.month == content.month]
            figures.update({correction.key: correction.after for correction in said})
            known_at = later.as_of
    return Told(report.month, figures, known_at)
