"""The job of the first of a month: one draft, of which the coordinators hear."""

from datetime import date

import sqlalchemy as sa

from tests.factories.accounts import make_person
from tests.factories.issues import make_issue, make_office
from visits.cli.jobs import run_named
from visits.core.db import write_next
from visits.core.permissions import Role
from visits.inbox.models import Notice, NoticeKind
from visits.monthly.models import MonthlyReport


def draft(db, day):
    db.session.commit()
    write_next(False)
    (outcome,) = run_named("monthly.draft", day, lambda: None)
    write_next(True)
    assert outcome.failed == []
    return db.session.scalars(sa.select(MonthlyReport).order_by(MonthlyReport.id)).all()


def test_the_month_before_is_drafted_once_and_told(db, at):
    at("2026-10-20")
    office, cadre = make_office(), make_person([Role.CADRE])
    make_issue(office)
    at("2026-11-01")
    (report,) = draft(db, date(2026, 11, 1))
    assert (report.first_on, report.drafted_by_id) == (date(2026, 10, 1), None)
    assert len(draft(db, date(2026, 11, 1))) == 1
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == NoticeKind.REPORT)).all()
    assert {notice.person_id for notice in told} == {office.coordinator.person_id}
    assert cadre.id not in {notice.person_id for notice in told}
    assert told[0].subject_id == report.id


def test_a_late_run_still_drafts_the_month_before(db, at):
    at("2026-10-30")
    make_issue(make_office())
    at("2026-11-09")
    (report,) = draft(db, date(2026, 11, 9))
    assert report.first_on == date(2026, 10, 1)


def test_no_report_is_drafted_of_a_time_before_all_records(db, at):
    at("2026-11-09")
    make_issue(make_office())
    assert draft(db, date(2026, 11, 9)) == []
