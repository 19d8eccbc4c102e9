"""The working-day calendar as a table, which the office may edit; seeded from the published years."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.calendar_seed import seed_rows
from visits.core.clock import now
from visits.core.db import Model, append_only, db
from visits.core.settings import get_setting, set_setting
from visits.core.workdays import Calendar, CalendarDay


class CalendarEntry(Model):
    """Whether one day is worked; `is_provisional` until the year's notice is published."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    label: Mapped[str] = mapped_column(sa.String(40), default="")
    is_provisional: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(200), default="")


class CalendarChange(Model):
    """One change of the calendar: by whom, which days, and which due dates moved with it.

    `days` has rows of day, what it was, what it is ([is_workday, label] each, None for a day not in the
    table); `moved` rows of problem id, number, former and new due date.
    """

    __tablename__ = "calendar_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    source: Mapped[str] = mapped_column(sa.String(200), default="")
    days: Mapped[list[Any]] = mapped_column(sa.JSON())
    moved: Mapped[list[Any]] = mapped_column(sa.JSON())


append_only(CalendarChange)

_read: dict[str, Calendar] = {}


def load_calendar() -> Calendar:
    """The whole calendar, read anew only when its edition has changed; other processes notice that too.

    A day without a row counts by its weekday, provisionally.
    """
    edition = get_setting("calendar_edition")
    if edition not in _read:
        calendar = _read_calendar()
        if edition is None:
            return calendar
        _read.clear()
        _read[edition] = calendar
    return _read[edition]


def _read_calendar() -> Calendar:
    rows = db.session.execute(
        sa.select(
            CalendarEntry.day, CalendarEntry.is_workday, CalendarEntry.label, CalendarEntry.is_provisional
        )
    )
    return Calendar({row.day: CalendarDay(row.is_workday, row.label, row.is_provisional) for row in rows})


def fill_calendar(years: Iterable[int]) -> None:
    """Add the seed's days of these years where the table has none."""
    set_setting("calendar_edition", token_hex(8))
    known = set(db.session.scalars(sa.select(CalendarEntry.day)))
    db.session.add_all(
        CalendarEntry(
            day=row.day, is_workday=row.is_workday, label=row.label, is_provisional=row.provisional
        )
        for row in seed_rows(years)
        if row.day not in known
    )


def year_of(year: int) -> dict[date, CalendarDay]:
    """The days of a year as the table has them, the missing ones by their weekday."""
    calendar = load_calendar()
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return {day: calendar.day(day) for day in (first + timedelta(days=n) for n in range(length))}


def write_days(days: Mapping[date, CalendarDay], source: str) -> None:
    """Store these days, whether they are in the table or not, under a new edition of the calendar."""
    set_setting("calendar_edition", token_hex(8))
    known = {
        row.day: row
        for row in db.session.scalars(
            sa.select(CalendarEntry).where(CalendarEntry.day.between(min(days), max(days)))
        )
    }
    for day, wanted in days.items():
        entry = known.get(day) or CalendarEntry(day=day)
        entry.is_workday, entry.label = wanted.is_workday, wanted.label
        entry.is_provisional, entry.source = wanted.is_provisional, source
        db.session.add(entry)
    db.session.flush()
