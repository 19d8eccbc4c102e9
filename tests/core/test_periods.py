"""Month cuts and day edges at the site, as instants in UTC."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.core.periods import Month, Period, Span, end_of, local_date, month_of, span_of, start_of

moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("moment", "day", "month"),
    [
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), date(2026, 3, 31), "2026-03"),
        (datetime(2026, 3, 31, 16, 0, 0, tzinfo=UTC), date(2026, 4, 1), "2026-04"),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), date(2027, 1, 1), "2027-01"),
        (datetime(2026, 3, 31, 23, 30, tzinfo=timezone(timedelta(hours=8))), date(2026, 3, 31), "2026-03"),
    ],
)
def test_moment_belongs_to_the_day_and_month_of_the_site(moment, day, month):
    assert local_date(moment) == day
    assert str(month_of(moment)) == month


def test_moment_without_zone_belongs_to_no_day():
    with pytest.raises(ValueError, match="zone"):
        local_date(datetime(2026, 3, 31, 12))


def test_day_begins_at_sixteen_hours_utc_of_the_day_before():
    assert start_of(date(2026, 3, 31)) == datetime(2026, 3, 30, 16, tzinfo=UTC)
    assert end_of(date(2026, 3, 31)) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert end_of(date(2026, 3, 31)).tzinfo is UTC


@given(moments)
def test_every_moment_lies_inside_its_own_day_only(moment):
    day = local_date(moment)
    assert start_of(day) <= moment < end_of(day)


@given(moments)
def test_every_moment_lies_inside_its_own_month_only(moment):
    span = month_of(moment).span
    assert span.starts_at <= moment < span.ends_at


@pytest.mark.parametrize(
    ("month", "first", "last", "before", "after"),
    [
        ("2026-02", "2026-02-01", "2026-02-28", "2026-01", "2026-03"),
        ("2028-02", "2028-02-01", "2028-02-29", "2028-01", "2028-03"),
        ("2026-12", "2026-12-01", "2026-12-31", "2026-11", "2027-01"),
        ("2026-01", "2026-01-01", "2026-01-31", "2025-12", "2026-02"),
    ],
)
def test_month_knows_its_days_and_neighbours(month, first, last, before, after):
    month = Month.parse(month)
    assert (str(month.first_on), str(month.last_on)) == (first, last)
    assert (str(month.previous), str(month.next)) == (before, after)
    assert month.span == Span(month.first_on, month.last_on)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-3", "0000-01", "2026-03-01", "２０２６-03"]
)
def test_text_that_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r"month|year"):
        Month.parse(text)


def test_months_stand_in_order():
    assert Month(2025, 12) < Month(2026, 1) < Month(2026, 2)


@pytest.mark.parametrize(
    ("from_on", "day", "inside"),
    [
        (date(2026, 11, 1), date(2026, 10, 31), False),
        (date(2026, 11, 1), date(2026, 11, 1), True),
        (date(2026, 11, 1), date(2026, 11, 30), True),
        (date(2026, 11, 1), date(2026, 12, 1), False),
        (None, date(1999, 1, 1), True),
        (None, date(2026, 12, 1), False),
    ],
)
def test_span_includes_both_its_ends(from_on, day, inside):
    assert (day in Span(from_on, date(2026, 11, 30))) is inside


def test_span_without_first_day_has_no_first_instant():
    span = Span(None, date(2026, 11, 30))
    assert span.starts_at is None
    assert span.ends_at == datetime(2026, 11, 30, 16, tzinfo=UTC)


def test_span_of_one_day_is_allowed_and_a_backward_one_is_not():
    assert date(2026, 11, 1) in Span(date(2026, 11, 1), date(2026, 11, 1))
    with pytest.raises(ValueError, match="2026-11-02"):
        Span(date(2026, 11, 2), date(2026, 11, 1))


@pytest.mark.parametrize(
    ("period", "today", "first", "last"),
    [
        (Period.TODAY, "2026-11-23", "2026-11-23", "2026-11-23"),
        (Period.THIS_WEEK, "2026-11-29", "2026-11-23", "2026-11-29"),
        (Period.THIS_WEEK, "2026-11-23", "2026-11-23", "2026-11-29"),
        (Period.LAST_WEEK, "2027-01-03", "2026-12-21", "2026-12-27"),
        (Period.NEXT_WEEK, "2026-12-31", "2027-01-04", "2027-01-10"),
        (Period.THIS_MONTH, "2028-02-29", "2028-02-01", "2028-02-29"),
        (Period.LAST_MONTH, "2027-01-31", "2026-12-01", "2026-12-31"),
        (Period.THIS_QUARTER, "2026-03-31", "2026-01-01", "2026-03-31"),
        (Period.THIS_QUARTER, "2026-12-01", "2026-10-01", "2026-12-31"),
        (Period.THIS_YEAR, "2026-01-01", "2026-01-01", "2026-12-31"),
        (Period.LAST_7_DAYS, "2026-03-01", "2026-02-23", "2026-03-01"),
        (Period.LAST_30_DAYS, "2026-03-01", "2026-01-31", "2026-03-01"),
    ],
)
def test_periods_are_told_from_today(period, today, first, last):
    assert span_of(period, date.fromisoformat(today)) == Span(
        date.fromisoformat(first), date.fromisoformat(last)
    )


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(Period))
def test_every_period_lies_near_its_day(today, period):
    span = span_of(period, today)
    is_elsewhere = period in {Period.LAST_WEEK, Period.NEXT_WEEK, Period.LAST_MONTH}
    assert (today in span) is not is_elsewhere
    assert abs((span.from_on - today).days) <= 366
