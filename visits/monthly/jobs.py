"""What happens to monthly reports by itself: when a month is over its report is drafted."""

from datetime import date

from visits.accounts import queries as accounts
from visits.core.authz import SYSTEM
from visits.core.db import db, write_next
from visits.core.i18n import N_
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.core.scheduling import Task
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice
from visits.monthly import operations, queries

DRAFTED = N_("The system has drafted the report of %(month)s. Please complete, freeze and publish it.")


def _draft(on: date) -> str:
    """Draft the report of the month before, unless there is one or nothing had been recorded until then.

    Figures are counted before the lock.
    """
    month = Month.of(on).previous
    db.session.rollback()
    write_next(False)
    try:
        if queries.in_force(month) is not None:
            return str(month)
        if not queries.has_records_until(month):
            return ""
        report = operations.draft_report(SYSTEM, month)
        people = [person_id for person_id, _ in accounts.active_people(Role.COORDINATOR)]
        event = f"monthly_reports:{report.id}:drafted:{report.revision}"
        post_notice(
            SYSTEM, people, Telling(NoticeKind.REPORT, event, DRAFTED, report, {"month": str(month)})
        )
        db.session.commit()
    finally:
        db.session.rollback()
        write_next(False)
    return str(month)


JOBS = (
    Task(
        "monthly.draft",
        _draft,
        N_("Drafts the report of the month before on the first of the month and tells the coordinators."),
        N_("Monthly reports drafted: %(count)d"),
    ),
)
