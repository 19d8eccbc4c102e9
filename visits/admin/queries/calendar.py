"""A year of the calendar as its page shows it, and the changes made to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from visits.accounts.models import Person
from visits.core.calendar import CalendarChange, CalendarEntry, load_calendar, year_of
from visits.core.db import db
from visits.core.errors import NotFound
from visits.core.workdays import CalendarDay, is_workday_by_weekday

SHOWN = 30


@dataclass(frozen=True)
class Cell:
    """One day of the year view: `kind` is work, rest, holiday or makeup."""

    day: date
    entry: CalendarDay
    kind: str


@dataclass(frozen=True)
class Month:
    """A month of the year view: weeks of seven cells, None outside the month; how many days are worked."""

    number: int
    weeks: Sequence[Sequence[Cell | None]]
    workdays: int


@dataclass(frozen=True)
class Year:
    """A year of the calendar."""

    number: int
    months: Sequence[Month]
    workdays: int
    is_provisional: bool

    @property
    def cells(self) -> list[Cell]:
        """All days of the year, in order."""
        return [cell for month in self.months for week in month.weeks for cell in week if cell]


def get_year(year: int) -> Year:
    """A year by months and weeks, as everybody may see it."""
    cells = [Cell(day, entry, kind_of(day, entry)) for day, entry in year_of(year).items()]
    months = [
        _month(number, [cell for cell in cells if cell.day.month == number]) for number in range(1, 13)
    ]
    return Year(
        year,
        months,
        workdays=sum(month.workdays for month in months),
        is_provisional=any(cell.entry.is_provisional for cell in cells),
    )


def kind_of(day: date, entry: CalendarDay) -> str:
    """Say how a day differs from its weekday: makeup is worked on a weekend, holiday rested on a weekday.

    A rest day that bears a name is a holiday too.
    """
    if entry.is_workday:
        return "work" if is_workday_by_weekday(day) else "makeup"
    return "holiday" if is_workday_by_weekday(day) or entry.label else "rest"


def _month(number: int, cells: Sequence[Cell]) -> Month:
    padded: list[Cell | None] = [None] * cells[0].day.weekday() + list(cells)
    padded += [None] * (-len(padded) % 7)
    weeks = [padded[start : start + 7] for start in range(0, len(padded), 7)]
    return Month(number, weeks, sum(cell.entry.is_workday for cell in cells))


def source_of(day: date) -> str:
    """Where the table has a day from; empty where it came with the program or is not in it."""
    return db.session.scalar(sa.select(CalendarEntry.source).where(CalendarEntry.day == day)) or ""


def day_of(day: date) -> CalendarDay:
    """What the calendar says of a day."""
    return load_calendar().day(day)


def changes_of(year: int) -> Sequence[Any]:
    """The changes made to a year, the latest first, as (CalendarChange, who)."""
    return db.session.execute(
        sa.select(CalendarChange, Person.name.label("who"))
        .outerjoin(Person, Person.id == CalendarChange.by_id)
        .where(CalendarChange.year == year)
        .order_by(CalendarChange.id.desc())
        .limit(SHOWN)
    ).all()


def get_change(change_id: int) -> Any:
    """One change with who made it; raise NotFound where there is none."""
    row = db.session.execute(
        sa.select(CalendarChange, Person.name.label("who"))
        .outerjoin(Person, Person.id == CalendarChange.by_id)
        .where(CalendarChange.id == change_id)
    ).first()
    if row is None:
        raise NotFound()
    return row
