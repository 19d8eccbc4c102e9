"""Limits in working days, against the published calendar and against a slow second count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.core.calendar_seed import seed_rows
from visits.core.workdays import (
    Calendar,
    CalendarDay,
    add_workdays,
    is_provisional_between,
    is_workday,
    next_workday,
    workdays_between,
)

PUBLISHED = Calendar(
    {
        row.day: CalendarDay(row.is_workday, row.label, row.provisional)
        for row in seed_rows(range(2025, 2028))
    }
)
UNKNOWN = Calendar()

DUE = [
    # start, working days, due, the Monday-to-Friday answer
    ("2026-02-13", 3, "2026-02-25", "2026-02-18"),
    ("2026-02-13", 5, "2026-02-27", "2026-02-20"),
    ("2026-02-13", 7, "2026-03-02", "2026-02-24"),
    ("2026-04-30", 3, "2026-05-08", "2026-05-05"),
    ("2026-09-18", 1, "2026-09-20", "2026-09-21"),
    ("2026-09-30", 5, "2026-10-13", "2026-10-07"),
    ("2026-10-09", 1, "2026-10-10", "2026-10-12"),
    ("2026-01-01", 1, "2026-01-04", "2026-01-02"),
    ("2026-12-29", 2, "2026-12-31", "2026-12-31"),
    ("2026-12-30", 5, "2027-01-07", "2027-01-06"),
]


@pytest.mark.parametrize(("start", "count", "due", "naive"), DUE)
def test_limit_falls_due_on_the_published_calendar(start, count, due, naive):
    start, due = date.fromisoformat(start), date.fromisoformat(due)
    assert add_workdays(start, count, PUBLISHED) == due
    assert workdays_between(start, due, PUBLISHED) == count
    assert add_workdays(start, count, UNKNOWN) == date.fromisoformat(naive)


@pytest.mark.parametrize(
    ("start", "due", "provisional"),
    [
        ("2026-12-29", "2026-12-31", False),
        ("2026-12-30", "2027-01-07", True),
        ("2026-12-31", "2027-01-01", True),
        ("2027-01-01", "2026-12-30", False),
    ],
)
def test_limit_into_an_unpublished_year_is_provisional(start, due, provisional):
    start, due = date.fromisoformat(start), date.fromisoformat(due)
    assert is_provisional_between(start, due, PUBLISHED) is provisional


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026-11-21", "2026-11-23"),
        ("2026-09-20", "2026-09-20"),
        ("2026-02-15", "2026-02-24"),
    ],
)
def test_same_day_limit_on_a_rest_day_moves_to_the_next_workday(day, expected):
    day, expected = date.fromisoformat(day), date.fromisoformat(expected)
    assert add_workdays(day, 0, PUBLISHED) == expected
    assert next_workday(day, PUBLISHED) == expected


def test_unknown_day_is_monday_to_friday_and_provisional():
    assert UNKNOWN.day(date(2031, 3, 3)) == CalendarDay(True, "", True)
    assert UNKNOWN.day(date(2031, 3, 8)) == CalendarDay(False, "", True)


def test_known_day_overrules_the_weekday():
    calendar = Calendar({date(2031, 3, 8): CalendarDay(True, "调休上班")})
    assert is_workday(date(2031, 3, 8), calendar)
    assert calendar.day(date(2031, 3, 8)).label == "调休上班"


def test_negative_count_is_an_error():
    with pytest.raises(ValueError, match="-1"):
        add_workdays(date(2026, 11, 23), -1, PUBLISHED)


days = st.dates(date(2025, 12, 1), date(2027, 2, 28))
calendars = st.one_of(
    st.just(PUBLISHED),
    st.dictionaries(days, st.builds(CalendarDay, st.booleans()), max_size=120).map(Calendar),
)


@given(days, st.integers(1, 60), calendars)
def test_due_day_is_a_workday_and_exactly_so_many_later(start, count, calendar):
    due = add_workdays(start, count, calendar)
    assert is_workday(due, calendar)
    assert workdays_between(start, due, calendar) == count


@given(days, st.integers(0, 30), st.integers(1, 30), calendars)
def test_two_limits_after_each_other_are_one(start, first, second, calendar):
    start = next_workday(start, calendar)
    both = add_workdays(add_workdays(start, first, calendar), second, calendar)
    assert both == add_workdays(start, first + second, calendar)


@given(days, days, calendars)
def test_count_agrees_with_a_day_by_day_count(start, end, calendar):
    slow, day = 0, start
    while day < end:
        day += timedelta(days=1)
        slow += 1 if is_workday(day, calendar) else 0
    assert workdays_between(start, end, calendar) == slow


@given(days, st.integers(0, 30), calendars)
def test_starting_later_never_falls_due_earlier(start, count, calendar):
    later = start + timedelta(days=1)
    assert add_workdays(start, count, calendar) <= add_workdays(later, count, calendar)
