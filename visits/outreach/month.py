"""A month of plans: its days as the working-day calendar knows them, each with what is planned."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from visits.core.workdays import Calendar, CalendarDay, is_workday_by_weekday

ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True)
class PlanDay:
    """One day: what the calendar says of it, and the plans for it."""

    day: date
    entry: CalendarDay
    plans: list[Any] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """A working day, an ordinary weekend, a holiday, or a weekend day that is worked (调休)."""
        if self.entry.is_workday == is_workday_by_weekday(self.day):
            return "work" if self.entry.is_workday else "rest"
        return "makeup" if self.entry.is_workday else "holiday"


@dataclass(frozen=True)
class PlanMonth:
    """The days of a month in order; weeks begin on Monday."""

    first: date
    days: Sequence[PlanDay]

    @classmethod
    def of(cls, first: date, rows: Sequence[Any], calendar: Calendar) -> "PlanMonth":
        """A month with these plans."""
        last = last_of(first)
        days = {
            day: PlanDay(day, calendar.day(day))
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        }
        for row in rows:
            days[row.planned_on].plans.append(row)
        return cls(first, list(days.values()))

    @property
    def blanks(self) -> int:
        """How many places of the first week lie before the month."""
        return self.first.weekday()

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - ONE_DAY).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return last_of(self.first) + ONE_DAY


def last_of(first: date) -> date:
    """The last day of the month that begins on this day."""
    return (first + timedelta(days=31)).replace(day=1) - ONE_DAY


def month_of(text: str, today: date) -> date:
    """The first day of the month written as 2026-11; of what is none, of the present one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else today.replace(day=1)
