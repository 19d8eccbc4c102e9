"""The first contents of the calendar table."""

from datetime import date, timedelta

import pytest

from visits.core.calendar_seed import MAKEUP_LABEL, last_published_year, seed_rows

SEED = {row.day: row for row in seed_rows()}
MAKEUP_2026 = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
RESTS_2026 = [
    # first, last
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]


def test_2026_has_248_working_days():
    assert sum(known.is_workday for day, known in SEED.items() if day.year == 2026) == 248


def test_makeup_days_of_2026_are_working_days_with_a_label():
    weekend = {str(day) for day, known in SEED.items() if day.year == 2026 and known.label == MAKEUP_LABEL}
    assert weekend == set(MAKEUP_2026)
    assert all(SEED[date.fromisoformat(day)].is_workday for day in MAKEUP_2026)


@pytest.mark.parametrize(("first", "last"), RESTS_2026)
def test_holidays_of_2026_are_rest_days(first, last):
    day, last = date.fromisoformat(first), date.fromisoformat(last)
    while day <= last:
        assert not SEED[day].is_workday, day
        day += timedelta(days=1)


def test_every_day_of_a_published_year_is_known_and_final():
    published = [known for day, known in SEED.items() if day.year <= last_published_year()]
    assert len(published) == (date(last_published_year(), 12, 31) - date(2018, 1, 1)).days + 1
    assert not any(known.provisional for known in published)


def test_later_years_hold_only_provisional_rest_days():
    later = [known for day, known in SEED.items() if day.year > last_published_year()]
    assert len(later) > 20
    assert all(known.provisional and not known.is_workday and known.label for known in later)


def test_only_the_years_asked_for_are_given():
    assert {row.day.year for row in seed_rows([2025, 2027])} == {2025, 2027}


@pytest.mark.parametrize(
    ("day", "label"), [("2026-02-17", "春节"), ("2026-04-06", "清明节（补假）"), ("2026-01-03", "")]
)
def test_holiday_carries_its_chinese_name(day, label):
    assert SEED[date.fromisoformat(day)].label == label
