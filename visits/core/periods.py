"""Days, months and spans on the site's calendar, and the instants in UTC at which they begin and end."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

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


def month_of(moment: datetime) -> Month:
    """Return the month of the site's calendar to which an aware moment belongs."""
    return Month.of(local_date(moment))
