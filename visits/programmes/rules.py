"""Pure questions about times of membership and cover."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

EARLIEST = date(2000, 1, 1)
ONE_DAY = timedelta(days=1)


class Time(NamedTuple):
    """A half-open span of days; without `until_on` it is still open."""

    from_on: date
    until_on: date | None


def overlap(one: Time, other: Time) -> bool:
    """Say whether two spans share a day; an empty span shares none."""
    if one.from_on == one.until_on or other.from_on == other.until_on:
        return False
    starts_before_end = other.until_on is None or one.from_on < other.until_on
    return starts_before_end and (one.until_on is None or other.from_on < one.until_on)


def is_free(wanted: Time, taken: Iterable[Time]) -> bool:
    """Say whether a span shares no day with those already there."""
    return not any(overlap(wanted, span) for span in taken)


def is_orderly(span: Time) -> bool:
    """Say whether a span begins in this century and does not end before it begins."""
    return span.from_on >= EARLIEST and (span.until_on is None or span.until_on >= span.from_on)


def day_after(last_on: date) -> date:
    """The half-open end of a span whose last day is known."""
    return last_on + ONE_DAY


def after(last_on: date | None) -> date | None:
    """The half-open end of a span; no last day leaves it open."""
    return day_after(last_on) if last_on else None


def last_day(until_on: date | None) -> date | None:
    """The last day of a half-open span, as people read it."""
    return until_on - ONE_DAY if until_on else None
