"""Days, months and spans on the site's calendar, and the instants in UTC at which they begin and end."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from visits.core.i18n import N_

SITE_ZONE = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
MONTH_TEXT = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def local_date(moment: datetime) -> date:
    """Return the day on the site's calendar to which an aware moment belongs."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone belongs to no day")
    return moment.astimezone(SITE_ZONE).date()


def start_of(day: date) -> datetime:
    """Return the instant, in UTC, at which the day begins at the site."""
    return datetime.combine(day, time.min, SITE_ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return 24:00 of the day in UTC: the first instant that no longer belongs to it (compare with `<`)."""
    return start_of(day + ONE_DAY)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from first to last, both included; without a first day it reaches back to the beginning."""

    from_on: date | None
    to_on: date

    def __post_init__(self) -> None:
        if self.from_on is not None and self.from_on > self.to_on:
            raise ValueError(f"a span cannot end on {self.to_on} before it begins on {self.from_on}")

    def __contains__(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and day <= self.to_on

    @property
    def starts_at(self) -> datetime | None:
        """The first instant of the span in UTC; None when it has no first day."""
        return None if self.from_on is None else start_of(self.from_on)

    @property
    def ends_at(self) -> datetime:
        """The first instant after the span in UTC."""
        return end_of(self.to_on)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of the calendar, written 2026-03."""

    year: int
    number: int

    def __post_init__(self) -> None:
        # date() refuses a month or year that does not exist.
        date(self.year, self.number, 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2026-03"; raise ValueError for anything else."""
        found = MONTH_TEXT.fullmatch(text)
        if not found:
            raise ValueError(f"{text!r} is not a month like 2026-03")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month of a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def first_on(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        """The last day of the month."""
        return self.next.first_on - ONE_DAY

    @property
    def span(self) -> Span:
        """The days of the month."""
        return Span(self.first_on, self.last_on)

    @property
    def next(self) -> Self:
        """The month after."""
        return type(self)(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> Self:
        """The month before."""
        return type(self).of(self.first_on - ONE_DAY)

    @property
    def year_before(self) -> Self:
        """The same month of the year before."""
        return type(self)(self.year - 1, self.number)


def month_of(moment: datetime) -> Month:
    """Return the month of the site's calendar to which an aware moment belongs."""
    return Month.of(local_date(moment))


class Period(StrEnum):
    """Days told from today, as people say them; a list's address keeps the word, not the days."""

    TODAY = "today"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    NEXT_WEEK = "next_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    THIS_YEAR = "this_year"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"


PERIOD_LABELS = {
    Period.TODAY: N_("Today"),
    Period.THIS_WEEK: N_("This week"),
    Period.LAST_WEEK: N_("Last week"),
    Period.NEXT_WEEK: N_("Next week"),
    Period.THIS_MONTH: N_("This month"),
    Period.LAST_MONTH: N_("Last month"),
    Period.THIS_QUARTER: N_("This quarter"),
    Period.THIS_YEAR: N_("This year"),
    Period.LAST_7_DAYS: N_("Last 7 days"),
    Period.LAST_30_DAYS: N_("Last 30 days"),
}


def _week_of(day: date) -> Span:
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def _quarter_of(day: date) -> Span:
    first = Month(day.year, day.month - (day.month - 1) % 3)
    return Span(first.first_on, first.next.next.last_on)


_SPANS: dict[Period, Callable[[date], Span]] = {
    Period.TODAY: lambda day: Span(day, day),
    Period.THIS_WEEK: _week_of,
    Period.LAST_WEEK: lambda day: _week_of(day - timedelta(days=7)),
    Period.NEXT_WEEK: lambda day: _week_of(day + timedelta(days=7)),
    Period.THIS_MONTH: lambda day: Month.of(day).span,
    Period.LAST_MONTH: lambda day: Month.of(day).previous.span,
    Period.THIS_QUARTER: _quarter_of,
    Period.THIS_YEAR: lambda day: Span(date(day.year, 1, 1), date(day.year, 12, 31)),
    Period.LAST_7_DAYS: lambda day: Span(day - timedelta(days=6), day),
    Period.LAST_30_DAYS: lambda day: Span(day - timedelta(days=29), day),
}


def span_of(period: Period, today: date) -> Span:
    """The days a period means on a day: weeks begin on Monday, "last 7 days" ends with today."""
    return _SPANS[period](today)
