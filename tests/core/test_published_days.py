"""Every day of nine years against a second source, which was typed from the notices by other people."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from visits.core.calendar_seed import seed_rows


@pytest.mark.parametrize("year", range(2018, 2027))
def test_every_day_is_worked_or_not_as_the_second_source_says(year):
    rows = list(seed_rows([year]))
    first, days = date(year, 1, 1), (date(year, 12, 31) - date(year, 1, 1)).days + 1
    assert [row.day for row in rows] == [first + timedelta(days=n) for n in range(days)]
    differing = [row.day for row in rows if row.is_workday != chinese_calendar.is_workday(row.day)]
    assert differing == []
    assert not any(row.provisional for row in rows)


def test_the_year_of_the_reference_has_248_working_days():
    rows = list(seed_rows([2026]))
    assert sum(row.is_workday for row in rows) == 248
    makeup = [f"{row.day:%m-%d}" for row in rows if row.is_workday and row.day.weekday() >= 5]
    assert makeup == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_the_year_after_the_last_notice_is_provisional():
    assert all(row.provisional for row in seed_rows([2027]))
