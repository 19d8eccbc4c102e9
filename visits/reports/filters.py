"""What a figure is asked for: a period, as known at which moment, and which part of the whole."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

import sqlalchemy as sa

from visits.core.clock import now, today
from visits.core.filters import ALL_DAYS, Days
from visits.core.periods import Month, Span, end_of, local_date

NONE = 0  # stands for "without a programme, unit, group or category"
AGE = "age"  # by which of some days problems were registered; a dimension for who asks for it
DIMENSIONS = ("programme", "unit", "category", "group", "park")
Key = Any  # which part of the whole: an id, the name of a park, or NONE


def _known_until(day: date | None) -> datetime:
    return end_of(day) - timedelta(microseconds=1) if day else now()


@dataclass(frozen=True)
class ReportFilter:
    """The period P, the moment T as of which it is known, and what narrows the whole down.

    That is a part by each dimension, and of problems the days on which they were registered.
    Asked as of the moment at which it is asked, it means what is known now, however long that takes.
    """

    span: Span
    as_of: datetime
    programme: int | None = None
    unit: int | None = None
    category: int | None = None
    group: int | None = None
    park: Key | None = None
    registered: Days = ALL_DAYS
    asked_at: datetime | None = field(default=None, compare=False)

    @classmethod
    def of(cls, span: Span, as_of: date | None = None, **parts: Any) -> Self:
        """A filter for a period, as known at the end of a day, by default now."""
        moment = _known_until(as_of)
        return cls(span, moment, asked_at=None if as_of else moment, **parts)

    @property
    def is_past(self) -> bool:
        """Whether things may have been recorded since the moment as of which is asked."""
        return self.as_of != self.asked_at

    @property
    def known_on(self) -> date | None:
        """The past day as known at whose end is asked; None where everything counts that is known now."""
        day = local_date(self.as_of)
        return day if day < today() else None

    @property
    def overdue_before(self) -> date:
        """The day before which a limit must lie to have passed; its own day is not late while it lasts."""
        return min(self.span.to_on + timedelta(days=1), local_date(self.as_of))

    def days(self, column: Any) -> sa.ColumnElement[bool]:
        """Days that lie in the period."""
        after = sa.true() if self.span.from_on is None else column >= self.span.from_on
        return sa.and_(after, column <= self.span.to_on)

    def moments(self, column: Any) -> sa.ColumnElement[bool]:
        """Moments that lie in the period."""
        return sa.and_(column < self.span.ends_at, sa.not_(self.before(column)))

    def before(self, column: Any) -> sa.ColumnElement[bool]:
        """Moments before the period begins; there are none when it has no beginning."""
        return sa.false() if self.span.starts_at is None else column < self.span.starts_at

    def as_known(self, day: date | None) -> Self:
        """The same question, as known at the end of a day, or now."""
        moment = _known_until(day)
        return replace(self, as_of=moment, asked_at=None if day else moment)

    def narrowed(self, **parts: Any) -> Self:
        """The same question about a smaller part."""
        return replace(self, **parts)

    @property
    def narrowed_by(self) -> list[str]:
        """By which dimensions the whole is narrowed down."""
        return [name for name in DIMENSIONS if getattr(self, name) is not None]


def this_month() -> Span:
    """From the first of this month to today."""
    return Span(Month.of(today()).first_on, today())


def last_month() -> Span:
    """The month before this one, whole."""
    return Month.of(today()).previous.span


def this_year() -> Span:
    """From New Year to today."""
    return Span(date(today().year, 1, 1), today())


def to_date(count_from: date | None) -> Span:
    """From the day the office counts from, or the very beginning, to today."""
    return Span(count_from if count_from and count_from <= today() else None, today())
