"""Which days an overview is about, which it is held against, and since when problems have waited."""

from datetime import date, timedelta

import pytest

from visits.core.periods import Span
from visits.core.workdays import Calendar, workdays_between
from visits.reports import rules, spans
from visits.reports.spans import Chosen, Kind

TODAY = date(2026, 11, 28)


def span(first, last):
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "days", "before", "year_before"),
    [
        ("2026-10", "2026-10-01 2026-10-31", "2026-09-01 2026-09-30", "2025-10-01 2025-10-31"),
        ("2026-11", "2026-11-01 2026-11-28", "2026-10-01 2026-10-28", "2025-11-01 2025-11-28"),
        ("2026-02", "2026-02-01 2026-02-28", "2026-01-01 2026-01-31", "2025-02-01 2025-02-28"),
        ("2024-02", "2024-02-01 2024-02-29", "2024-01-01 2024-01-31", "2023-02-01 2023-02-28"),
        ("2025-02", "2025-02-01 2025-02-28", "2025-01-01 2025-01-31", "2024-02-01 2024-02-29"),
        ("2026-01", "2026-01-01 2026-01-31", "2025-12-01 2025-12-31", "2025-01-01 2025-01-31"),
        ("2026-Q3", "2026-07-01 2026-09-30", "2026-04-01 2026-06-30", "2025-07-01 2025-09-30"),
        ("2026-Q4", "2026-10-01 2026-11-28", "2026-07-01 2026-08-28", "2025-10-01 2025-11-28"),
        ("2025", "2025-01-01 2025-12-31", "2024-01-01 2024-12-31", "2024-01-01 2024-12-31"),
        ("2026", "2026-01-01 2026-11-28", "2025-01-01 2025-11-28", "2025-01-01 2025-11-28"),
    ],
)
def test_a_period_is_held_against_as_much_of_the_one_before(text, days, before, year_before):
    chosen = spans.read(text, TODAY)
    got = (chosen.span, chosen.before, chosen.year_before)
    assert got == tuple(span(*each.split()) for each in (days, before, year_before))


def test_days_of_ones_own_are_held_against_as_many_before_them():
    chosen = Chosen(Kind.OWN, "", span("2026-03-05", "2026-03-11"))
    assert chosen.before == span("2026-02-26", "2026-03-04")
    assert chosen.year_before == span("2025-03-05", "2025-03-11")
    leap = Chosen(Kind.OWN, "", span("2024-02-29", "2024-02-29"))
    assert leap.year_before == span("2023-02-28", "2023-02-28")


@pytest.mark.parametrize("first", [None, date(1, 1, 1), date(1980, 5, 1)])
def test_before_all_counting_nothing_is_held_against(first):
    chosen = Chosen(Kind.OWN, "", Span(first, TODAY))
    assert (chosen.before, chosen.year_before) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-Q0",
        "0000",
        "0000-01",
        "0000-Q1",
        "9999",
        "26",
        "٢٠٢٦",
        "x",
    ],
)
def test_what_is_no_period_is_none(text):
    assert spans.read(text, TODAY) is None


@pytest.mark.parametrize("text", ["2026-01", "2025-12", "2026-Q1", "2026"])
def test_after_one_period_before_another_comes_the_first(text):
    chosen = spans.read(text, TODAY)
    before = spans.read(spans.neighbour(chosen, -1), TODAY)
    assert spans.neighbour(before, 1) == text
    assert before.span.to_on == chosen.span.from_on - timedelta(days=1)


def test_a_trend_ends_with_its_period_and_shows_the_month_of_a_year_before():
    months = spans.months_to(TODAY, spans.read("2026-11", TODAY).months)
    assert (months[0], months[-1]) == (span("2025-11-01", "2025-11-30"), span("2026-11-01", "2026-11-28"))
    assert spans.read("2026", TODAY).months == 25


def test_since_when_no_more_working_days_have_passed():
    rest = {date(2026, 10, day) for day in range(1, 9)}
    calendar = Calendar()
    limits = (0, 5, 10, 20)
    for day in (TODAY, date(2026, 11, 23), *rest):
        for limit, first in zip(limits, rules.registered_since(day, limits, calendar), strict=True):
            assert workdays_between(first, day, calendar) <= limit
            assert workdays_between(first - timedelta(days=1), day, calendar) == limit + 1
