"""Working days between two stored moments, as SQL; the same count as `workdays` makes of two days."""

from typing import Any

import sqlalchemy as sa

from visits.core.calendar import CalendarEntry
from visits.core.site_days import site_day, site_day_number

SUNDAY, SATURDAY = 0, 6
WEEK, WORKED = 7, 5


def workdays_amid(start: Any, end: Any) -> sa.ColumnElement[int]:
    """Count the working days after the day of one moment and before the day of a later one."""
    first, last = site_day_number(start), site_day_number(end) - 1
    return _weekdays_until(last) - _weekdays_until(first) + _exceptions_amid(start, end)


def _weekdays_until(number: Any) -> Any:
    """How many days of Monday to Friday there were up to a day; day 1 of all was a Monday."""
    rest = number % WEEK
    return (number // WEEK) * WORKED + sa.case((rest > WORKED, WORKED), else_=rest)


def _exceptions_amid(start: Any, end: Any) -> Any:
    """By how many the days that the calendar names differ from Monday to Friday."""
    day = CalendarEntry.day
    is_weekend = sa.extract("dow", day).in_((SUNDAY, SATURDAY))
    more = sa.case(
        (sa.and_(CalendarEntry.is_workday, is_weekend), 1),
        (sa.and_(~CalendarEntry.is_workday, ~is_weekend), -1),
        else_=0,
    )
    return (
        sa.select(sa.func.coalesce(sa.func.sum(more), 0))
        .where(day > site_day(start), day < site_day(end))
        .correlate_except(CalendarEntry)
        .scalar_subquery()
    )
