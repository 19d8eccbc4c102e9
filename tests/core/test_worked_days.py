"""Working days between stored moments: the database counts as the calendar does."""

from datetime import date, timedelta

import sqlalchemy as sa

from visits.core.calendar import fill_calendar, load_calendar
from visits.core.db import UTCDateTime
from visits.core.periods import local_date, start_of
from visits.core.workdays import workdays_between
from visits.core.worked_days import workdays_amid

FIRST = date(2026, 9, 24)  # before the Mid-Autumn and National days, with worked weekends between


def test_the_database_counts_the_working_days_between_two_moments(db):
    fill_calendar([2026])
    starts = [start_of(FIRST + timedelta(days=n)) for n in range(0, 9, 2)]
    lengths = [timedelta(days=n, hours=h) for n in range(18) for h in (0, 23)]
    calendar = load_calendar()
    assert calendar.exceptions
    for start, end in ((start, start + length) for start in starts for length in lengths):
        first, last = sa.literal(start, UTCDateTime()), sa.literal(end, UTCDateTime())
        day, before = local_date(start), local_date(end) - timedelta(days=1)
        counted = db.session.scalar(sa.select(workdays_amid(first, last)))
        assert max(0, counted) == workdays_between(day, before, calendar), (start, end)
