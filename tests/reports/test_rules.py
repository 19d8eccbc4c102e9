"""Rounding for prose, and working days by the running count."""

from datetime import date, timedelta

import pytest

from visits.core.workdays import Calendar, CalendarDay, workdays_between
from visits.reports import rules


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (8, "8"),
        (9, "9"),
        (10, "10"),
        (99, "90余"),
        (100, "100"),
        (101, "100余"),
        (912, "900余"),
        (1000, "1000"),
        (1037, "1000余"),
        (1099, "1000余"),
        (9999, "9900余"),
        (10_000, "1万"),
        (12_345, "1.2万余"),
        (20_000, "2万"),
        (123_456, "12.3万余"),
        (2_345_678, "234.5万余"),
    ],
)
def test_prose_rounds_down_and_says_so(number, text):
    assert rules.about(number) == text


@pytest.mark.parametrize("number", [1_234_567, 12_345_678, 100_000_000])
def test_large_numbers_never_turn_into_powers(number):
    assert "e" not in rules.about(number)


def test_working_days_of_many_spans_are_those_of_each():
    start = date(2026, 2, 10)
    calendar = Calendar({start + timedelta(days=n): CalendarDay(is_workday=n % 5 != 0) for n in range(20)})
    spans = [
        (start + timedelta(days=a), start + timedelta(days=a + b), 1) for a in range(8) for b in range(9)
    ]
    expected = sorted(workdays_between(first, last, calendar) for first, last, _ in spans)
    assert rules.workdays_of(spans, calendar) == expected


def test_nothing_has_no_rate_no_mean_and_no_median():
    assert (rules.rate(0, 0), rules.mean_of([]), rules.median_of([])) == (None, None, None)
