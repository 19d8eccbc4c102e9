"""The dates of extensions and suspensions, whatever the day and the calendar."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from visits.core.workdays import (
    Calendar,
    CalendarDay,
    add_workdays,
    is_workday,
    next_workday,
    workdays_between,
)
from visits.issues import rules

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw):
    """Weeks with some working days off and some rest days worked."""
    turned = draw(st.sets(DAYS, max_size=40))
    plain = Calendar()
    return Calendar({day: CalendarDay(not plain.day(day).is_workday) for day in turned})


@given(DAYS, st.integers(1, 60), st.integers(0, 30), calendars())
def test_extensions_add_no_more_than_the_limit_and_ten_days(start, limit, paused, calendar):
    original = add_workdays(start, limit, calendar)
    last = rules.latest_extension(start, original, calendar, paused)
    assert workdays_between(original, last, calendar) == min(limit, 10) + paused
    assert is_workday(last, calendar)
    moved = rules.latest_extension(start, original, calendar)
    assert workdays_between(moved, last, calendar) == paused


@given(DAYS, st.integers(-20, 60), st.integers(1, 45), calendars())
def test_what_comes_back_has_what_was_left_and_three_days_at_least(begin, ahead, rested, calendar):
    due = next_workday(begin + timedelta(days=ahead), calendar)
    back = begin + timedelta(days=rested)
    remaining = rules.remaining_days(due, begin, calendar)
    resumed = rules.resumed_due(remaining, back, calendar)
    assert workdays_between(back, resumed, calendar) == max(3, remaining)
    assert is_workday(resumed, calendar)
    assert remaining == (workdays_between(begin, due, calendar) if due > begin else 0)
    assert rules.light_for(resumed, back, calendar).tone is not rules.Tone.RED


@given(DAYS, st.integers(1, 60), st.integers(0, 20), calendars())
def test_co_units_answer_between_their_assignment_and_the_lead(start, limit, more, calendar):
    due = add_workdays(start, limit + more, calendar)
    answer = rules.co_unit_due(start, due, calendar)
    assert start < answer <= due
    assert workdays_between(answer, due, calendar) in ({2} if limit + more >= 3 else {0, 1})


@given(DAYS, calendars())
def test_a_review_day_is_a_working_day_within_reach(day, calendar):
    last = rules.latest_review(day, calendar)
    assert is_workday(last, calendar)
    assert last >= day + timedelta(days=30)
    assert workdays_between(day + timedelta(days=30), last, calendar) <= 1
