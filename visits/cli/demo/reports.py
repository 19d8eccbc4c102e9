"""The demo office's monthly reports: some months are published, the last one waits frozen."""

from datetime import date, timedelta
from functools import partial

from visits.cli.demo.handling import Timetable
from visits.cli.demo.office import Office
from visits.core.periods import Month
from visits.core.permissions import Role
from visits.monthly import operations, queries
from visits.monthly.rules import Section

REPORTED_MONTHS = 4  # each is counted twice, which takes a second or two
CLOSING = "\n各单位要把企业诉求当成自己的事，办一件、成一件，下月起对超期问题逐件说明原因。"


def plan_reports(office: Office, timetable: Timetable, first: date, last: date) -> None:
    """Put the reports of the last months on the timetable, each in the month after."""
    month = Month.of(last)
    for _ in range(REPORTED_MONTHS):
        month = max(Month.of(first), month.previous)
    while month < Month.of(last):
        timetable.on(month.next.first_on + timedelta(days=2), partial(_freeze, office, month))
        if month.next < Month.of(last):
            timetable.on(month.next.first_on + timedelta(days=3), partial(_publish, office, month))
        month = month.next


def _freeze(office: Office, month: Month) -> None:
    """Draft a month, say something of one's own in every third report, freeze it."""
    coordinator = office.actor(office.with_role(Role.COORDINATOR)[0])
    report = operations.draft_report(coordinator, month)
    if month.number % 3 == 0:
        said = queries.texts_of(report.id)[Section.NEXT].said
        operations.write_text(coordinator, report, Section.NEXT, said + CLOSING)
    operations.freeze_report(coordinator, report)


def _publish(office: Office, month: Month) -> None:
    leader = office.actor(office.with_role(Role.LEADER)[0])
    if (report := queries.in_force(month)) is not None:
        operations.publish_report(leader, report)
