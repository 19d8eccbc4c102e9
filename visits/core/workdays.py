"""Working days: what the calendar says of a day, and how limits are counted on it."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What is known of one day; provisional until the State Council has published its year."""

    is_workday: bool
    label: str = ""
    is_provisional: bool = False


@dataclass(frozen=True)
class Calendar:
    """The known days; any other day counts as Monday to Friday, provisionally."""

    days: Mapping[date, CalendarDay] = field(default_factory=dict)

    @cached_property
    def exceptions(self) -> list[tuple[date, int]]:
        """The known days that differ from Monday to Friday, in order: 1 when worked, -1 when not."""
        known = (
            (on, int(day.is_workday) - int(is_workday_by_weekday(on))) for on, day in self.days.items()
        )
        return sorted((on, more) for on, more in known if more)

    def day(self, on: date) -> CalendarDay:
        """Answer for any day, known or not."""
        return self.days.get(on) or CalendarDay(is_workday=is_workday_by_weekday(on), is_provisional=True)


def is_workday_by_weekday(day: date) -> bool:
    """Tell whether the day is one of Monday to Friday, whatever the calendar says."""
    return day.weekday() < SATURDAY


def is_workday(day: date, calendar: Calendar) -> bool:
    """Tell whether people work on that day."""
    return calendar.day(day).is_workday


def next_workday(day: date, calendar: Calendar) -> date:
    """Return the day itself if it is a working day, else the first one after it.

    A limit in calendar days that ends on a rest day ends here (Civil Code, art. 203).
    """
    while not is_workday(day, calendar):
        day += ONE_DAY
    return day


def add_workdays(start: date, count: int, calendar: Calendar) -> date:
    """Return the count-th working day after the start; the count begins on the day after.

    A count of 0 means "the same day": the start itself, or the next working day if people rest then.
    """
    if count < 0:
        raise ValueError(f"cannot count {count} working days")
    if count == 0:
        return next_workday(start, calendar)
    day = start
    for _ in range(count):
        day = next_workday(day + ONE_DAY, calendar)
    return day


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """Count the working days after the start, up to and including the end; 0 if the end is not later."""
    if end <= start:
        return 0
    known = calendar.exceptions
    first, last = (bisect_right(known, (day, 1)) for day in (start, end))
    return _weekdays_until(end) - _weekdays_until(start) + sum(more for _, more in known[first:last])


def _weekdays_until(day: date) -> int:
    """How many days of Monday to Friday there were from the first Monday of the calendar to a day."""
    weeks, rest = divmod(day.toordinal(), 7)  # day 1 of all was a Monday
    return weeks * SATURDAY + min(rest, SATURDAY)


def is_provisional_between(start: date, end: date, calendar: Calendar) -> bool:
    """Tell whether a limit from start to end leans on a day that may still be moved by a notice."""
    return any(calendar.day(day).is_provisional for day in days_after(start, end))


@dataclass(frozen=True)
class Stretch:
    """Days in a row that a count treats otherwise than their weekday, or rests over, for one reason."""

    first: date
    last: date
    is_workday: bool
    label: str


@dataclass(frozen=True)
class Count:
    """How a limit was counted: the working days after `start` up to `due`, and the days to be explained."""

    start: date
    due: date
    days: int
    stretches: tuple[Stretch, ...]
    is_provisional: bool


def explained(start: date, due: date, calendar: Calendar) -> Count:
    """Say how the days from start to due were counted: what was rested over, which weekends are worked."""
    found: list[Stretch] = []
    for day in days_after(start, due):
        entry = calendar.day(day)
        if entry.is_workday and is_workday_by_weekday(day):
            continue
        new = Stretch(day, day, entry.is_workday, entry.label)
        if found and replace(found[-1], first=day, last=day) == new and found[-1].last + ONE_DAY == day:
            found[-1] = replace(found[-1], last=day)
        else:
            found.append(new)
    count = workdays_between(start, due, calendar)
    return Count(start, due, count, tuple(found), is_provisional_between(start, due, calendar))


def rested(start: date, due: date, calendar: Calendar) -> list[tuple[date, str]]:
    """The days after the start up to the due day on which nobody works, each with its holiday, if any."""
    entries = ((day, calendar.day(day)) for day in days_after(start, due))
    return [(day, entry.label) for day, entry in entries if not entry.is_workday]


def days_after(start: date, end: date) -> list[date]:
    """The days after the start, up to and including the end."""
    return [start + timedelta(days=offset) for offset in range(1, (end - start).days + 1)]
