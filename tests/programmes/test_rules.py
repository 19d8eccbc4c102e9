"""When two times share a day."""

from datetime import date

import pytest

from visits.programmes import rules
from visits.programmes.rules import Time


def day(number):
    return date(2026, 3, number)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (Time(day(1), day(5)), Time(day(5), day(9)), False),
        (Time(day(1), day(6)), Time(day(5), day(9)), True),
        (Time(day(1), None), Time(day(5), day(9)), True),
        (Time(day(9), None), Time(day(5), day(9)), False),
        (Time(day(1), None), Time(day(5), None), True),
        (Time(day(2), day(3)), Time(day(1), None), True),
        (Time(day(6), day(6)), Time(day(5), day(9)), False),
    ],
)
def test_half_open_times_share_a_day_or_not(one, other, shared):
    assert rules.overlap(one, other) is shared
    assert rules.overlap(other, one) is shared
    assert rules.is_free(one, [other]) is not shared


@pytest.mark.parametrize(
    ("span", "orderly"),
    [
        (Time(day(1), None), True),
        (Time(day(2), day(2)), True),
        (Time(day(3), day(2)), False),
        (Time(date(1999, 12, 31), None), False),
    ],
)
def test_a_time_begins_in_this_century_and_ends_after_it_began(span, orderly):
    assert rules.is_orderly(span) is orderly


def test_the_last_day_a_person_reads_is_the_day_before_the_stored_end():
    assert rules.last_day(rules.after(day(31))) == day(31)
    assert rules.after(None) is None
    assert rules.last_day(None) is None
