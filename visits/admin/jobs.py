"""What the administration has done by itself: spent rows of the kernel, and the calendar's warning."""

from collections.abc import Iterable
from datetime import date

from visits.accounts import queries as accounts
from visits.core import slots, submissions
from visits.core.authz import SYSTEM
from visits.core.calendar import load_calendar
from visits.core.erasing import erase_all
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.scheduling import Job, Piece, Task
from visits.core.workdays import is_workday
from visits.inbox.models import NoticeKind
from visits.inbox.operations import Telling, post_notice

WARNED_FROM_MONTH = 11  # the notice of the State Council usually comes in November
UNPUBLISHED = N_("The working days of %(year)d are not entered yet. Enter them once they are published.")


def _purge(_on: date) -> str:
    return erase_all([submissions.spent(), slots.spent()])


def _unpublished(on: date) -> Iterable[Piece]:
    """On working days: this year, and from November on the next one, where their days are not entered."""
    calendar = load_calendar()
    if not is_workday(on, calendar):
        return []
    years = [on.year, on.year + 1] if on.month >= WARNED_FROM_MONTH else [on.year]
    return [(y, str(y)) for y in years if calendar.day(date(y, 1, 1)).is_provisional]


def _warn(year: int, on: date) -> bool:
    """Tell who looks after the calendar, once a week."""
    week = on.isocalendar()
    event = f"calendar:{year}:{week.year}-{week.week:02}"
    people = accounts.people_who_may(Permission.ADMIN_CALENDAR)
    return bool(
        post_notice(SYSTEM, people, Telling(NoticeKind.SYSTEM, event, UNPUBLISHED, params={"year": year}))
    )


JOBS = (
    Task(
        "house.purge",
        _purge,
        N_("Erases notes of forms sent a month ago and of turns of jobs three months ago."),
        N_("Notes of forms and jobs erased"),
    ),
    Job(
        "calendar.warn",
        _unpublished,
        _warn,
        N_("Tells the coordinators once a week while the working days of a year are not entered."),
        N_("Years warned of: %(count)d"),
    ),
)
