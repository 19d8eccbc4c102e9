"""Pure questions about times of membership and cover, calendar periods, and which rule holds when."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from visits.core.periods import Month, Span

EARLIEST = date(2000, 1, 1)
ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


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


def period_with(period: str, day: date) -> Span:
    """The whole calendar period of a kind that holds a day: its month, quarter, half-year or year."""
    months = MONTHS[period]
    first = Month(day.year, day.month - (day.month - 1) % months)
    last = first
    for _ in range(months - 1):
        last = last.next
    return Span(first.first_on, last.last_on)


def periods_ending_in(period: str, first_on: date, last_on: date) -> list[Span]:
    """The whole calendar periods of a kind whose last day lies between two days, both included."""
    if first_on > last_on:
        return []
    found = []
    span = period_with(period, first_on)
    while span.to_on <= last_on:
        found.append(span)
        span = period_with(period, span.to_on + ONE_DAY)
    return found


def month_number(day: date) -> int:
    """A number that grows by one from month to month."""
    return day.year * 12 + day.month - 1


class Stretch(NamedTuple):
    """Days on which one version of a rule holds; without `version` none was set yet."""

    version: int | None
    first_on: date
    last_on: date


def stretches(starts: Iterable[tuple[date, int]], span: Span) -> list[Stretch]:
    """Which version of a rule holds when: (first day, version id) each; of one day the later recorded."""
    begun: list[tuple[date, int | None]] = [(date.min, None), *sorted(starts)]
    ends = [from_on - ONE_DAY if from_on > date.min else date.min for from_on, _ in begun[1:]]
    first = span.from_on or date.min
    found = []
    for (from_on, version), until in zip(begun, [*ends, span.to_on], strict=True):
        part = Stretch(version, max(from_on, first), min(until, span.to_on))
        if part.first_on <= part.last_on:
            found.append(part)
    return found
