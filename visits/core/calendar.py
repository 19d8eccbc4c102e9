"""The working-day calendar as a table, which the office may edit; seeded from the published years."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.calendar_seed import seed_rows
from visits.core.db import Model, db
from visits.core.workdays import Calendar, CalendarDay


class CalendarEntry(Model):
    """Whether one day is worked; `is_provisional` until the year's notice is published."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    label: Mapped[str] = mapped_column(sa.String(40), default="")
    is_provisional: Mapped[bool] = mapped_column(default=False)


def load_calendar() -> Calendar:
    """Read the whole calendar; a day without a row counts by its weekday, provisionally."""
    rows = db.session.execute(
        sa.select(
            CalendarEntry.day, CalendarEntry.is_workday, CalendarEntry.label, CalendarEntry.is_provisional
        )
    )
    return Calendar({row.day: CalendarDay(row.is_workday, row.label, row.is_provisional) for row in rows})


def fill_calendar(years: Iterable[int]) -> None:
    """Add the seed's days of these years where the table has none."""
    known = set(db.session.scalars(sa.select(CalendarEntry.day)))
    db.session.add_all(
        CalendarEntry(
            day=row.day, is_workday=row.is_workday, label=row.label, is_provisional=row.provisional
        )
        for row in seed_rows(years)
        if row.day not in known
    )
