"""Changes to the working-day calendar, and the due dates that move with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from visits.admin.notices import YearPlan
from visits.core import audit
from visits.core.authz import Actor, require
from visits.core.calendar import CalendarChange, load_calendar, write_days
from visits.core.db import db, lock_name
from visits.core.errors import Refused, Stale
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.settings import get_setting
from visits.core.workdays import Calendar, CalendarDay
from visits.issues.operations import (
    MovedDue,
    MovedReview,
    due_dates_by,
    recompute_accept_dates,
    recompute_due_dates,
    recompute_review_days,
    review_days_by,
)


@dataclass(frozen=True)
class DayChange:
    """A day that is worked, called or certain otherwise than before."""

    day: date
    before: CalendarDay
    after: CalendarDay

    @property
    def is_turned(self) -> bool:
        """Say whether a rest day becomes a working day or the other way round."""
        return self.before.is_workday != self.after.is_workday


@dataclass(frozen=True)
class Preview:
    """What a change of the calendar would do; nothing is written yet."""

    days: Sequence[DayChange]
    moved: Sequence[MovedDue]
    reviews: Sequence[MovedReview] = ()

    @property
    def due_dates(self) -> list[MovedDue]:
        """The problems that would be due on another day."""
        return [row for row in self.moved if row.is_lead and "due_on" in row.dates]

    @property
    def turned(self) -> list[DayChange]:
        """The days that are worked otherwise than before."""
        return [change for change in self.days if change.is_turned]


def preview(days: Mapping[date, CalendarDay]) -> Preview:
    """Compare these days with the calendar as it is, and recount every date that waits."""
    calendar = load_calendar()
    changes = [DayChange(day, calendar.day(day), entry) for day, entry in sorted(days.items())]
    changes = [change for change in changes if change.before != change.after]
    is_counted_otherwise = any(change.is_turned for change in changes)
    if not is_counted_otherwise:
        return Preview(changes, [])
    after = Calendar({**calendar.days, **days})
    return Preview(changes, due_dates_by(calendar, after), review_days_by(after))


def publish_year(actor: Actor, plan: YearPlan, source: str, edition: str | None) -> CalendarChange:
    """Make a year's calendar final and recount the open due dates and review days.

    `edition` is that of the calendar the preview was made from; another one raises Stale.
    """
    require(actor, Permission.ADMIN_CALENDAR)
    lock_name("calendar")
    if edition != get_setting("calendar_edition"):
        raise Stale()
    return _carry_out(actor, plan.year, plan.days, source, "calendar.published")


def change_day(actor: Actor, day: date, is_workday: bool, label: str, source: str) -> CalendarChange:
    """Change one day; it is final with that."""
    require(actor, Permission.ADMIN_CALENDAR)
    lock_name("calendar")
    before = load_calendar().day(day)
    after = replace(before, is_workday=is_workday, label=label, is_provisional=False)
    if before == after:
        raise Refused(N_("Nothing is different. Change what is wrong, or go back."))
    return _carry_out(actor, day.year, {day: after}, source, "calendar.day_changed")


def _carry_out(
    actor: Actor, year: int, days: Mapping[date, CalendarDay], source: str, verb: str
) -> CalendarChange:
    found, before = preview(days), load_calendar()
    write_days(days, source)
    recompute_accept_dates(before, load_calendar())
    moved = recompute_due_dates(found.moved, source) + recompute_review_days(found.reviews, source)
    change = CalendarChange(
        year=year,
        by_id=actor.person_id,
        source=source,
        days=[[row.day.isoformat(), _said(row.before), _said(row.after)] for row in found.days],
        moved=moved,
    )
    db.session.add(change)
    db.session.flush()
    audit.record(
        actor, verb, change, year=year, source=source, turned=_turned(found), moved=len(change.moved)
    )
    return change


def _said(entry: CalendarDay) -> list[Any]:
    return [entry.is_workday, entry.label]


def _turned(found: Preview) -> list[str]:
    return [change.day.isoformat() for change in found.turned]
