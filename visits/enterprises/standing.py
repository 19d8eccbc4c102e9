"""Who was what on a day: on the register, tagged, of so much output. Lists and the board of tiers ask here.

A tag holds on a day, a figure for a year; of both, what is recorded now is asked, also for days gone by.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from visits.core.filters import ALL_VALUES, Picked
from visits.core.i18n import N_
from visits.enterprises.models import (
    Enterprise,
    EnterpriseStatus,
    Measure,
    StatusChange,
    Tag,
    TagGrant,
    YearlyFact,
)
from visits.enterprises.queries import is_granted
from visits.enterprises.rules import HUNDRED_MILLION

# Moved away or deregistered, an enterprise is on the register no more (不再在册).
REGISTERED = (EnterpriseStatus.NORMAL, EnterpriseStatus.HALTED, EnterpriseStatus.LOST)


class Amount(StrEnum):
    """How much a figure comes to: so many 亿元 or more, anything at all, or not on record."""

    ONE = "1"
    FIVE = "5"
    TEN = "10"
    HUNDRED = "100"
    FILED = "filed"
    MISSING = "missing"

    @property
    def least(self) -> Decimal | None:
        """The least figure in 万元; none where any figure does."""
        return HUNDRED_MILLION * int(self) if self in FLOORS else None


FLOORS = (Amount.ONE, Amount.FIVE, Amount.TEN, Amount.HUNDRED)
AMOUNT_LABELS = {
    Amount.ONE: N_("100 million yuan or more"),
    Amount.FIVE: N_("500 million yuan or more"),
    Amount.TEN: N_("1 billion yuan or more"),
    Amount.HUNDRED: N_("10 billion yuan or more"),
    Amount.FILED: N_("On record, whatever it is"),
    Amount.MISSING: N_("Not on record"),
}


class Standing(StrEnum):
    """How an enterprise stands on a day, also against the same day a year before."""

    ON = "on"
    ENTERED = "entered"
    LEFT = "left"


STANDING_LABELS = {
    Standing.ON: N_("On the register"),
    Standing.ENTERED: N_("New against a year before"),
    Standing.LEFT: N_("Gone against a year before"),
}


@dataclass(frozen=True)
class Class:
    """A class of enterprises: those with one of the tags, of one of the levels, and of a figure."""

    tag: Picked = ALL_VALUES
    level: Picked = ALL_VALUES
    figure: tuple[Measure, int] | None = None
    amount: Amount = Amount.ONE

    def on(self, day: date, years_back: int = 0) -> list[sa.ColumnElement[bool]]:
        """Its members on a day; the figure is that of so many years earlier."""
        wanted = []
        if self.tag or self.level:
            wanted.append(tagged(day, self.tag, self.level))
        if self.figure:
            measure, year = self.figure
            wanted.append(reached(measure, year - years_back, self.amount))
        return wanted


def year_before(day: date) -> date:
    """The same day a year earlier; of the 29th of February the 28th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def is_founded(day: date) -> sa.ColumnElement[bool]:
    """Enterprises that existed on a day, as far as that is known."""
    return sa.or_(Enterprise.established_on.is_(None), Enterprise.established_on <= day)


def status_on(day: date) -> Any:
    """The status of an enterprise on a day; what is first known of it holds since the founding."""
    change = sa.select(StatusChange.status).where(StatusChange.enterprise_id == Enterprise.id)
    by_then = change.where(StatusChange.from_on <= day)
    latest = by_then.order_by(StatusChange.from_on.desc(), StatusChange.id.desc()).limit(1)
    first = change.order_by(StatusChange.from_on, StatusChange.id).limit(1)
    known = (stmt.correlate(Enterprise).scalar_subquery() for stmt in (latest, first))
    return sa.func.coalesce(*known, Enterprise.status)


def is_registered(day: date) -> sa.ColumnElement[bool]:
    """Enterprises on the register on a day (在册): founded, neither moved away nor deregistered."""
    return sa.and_(is_founded(day), status_on(day).in_(REGISTERED))


def tagged(day: date, tag: Picked, level: Picked = ALL_VALUES) -> sa.ColumnElement[bool]:
    """Enterprises that on a day hold one of these tags, of one of these levels, or none at all."""
    held = sa.select(TagGrant.enterprise_id).join(Tag, Tag.id == TagGrant.tag_id).where(is_granted(day))
    if level:
        held = held.where(level.within(TagGrant.level))
    among = Enterprise.id.in_(held.where(Tag.name.in_(tag.values)) if tag.values else held)
    if not tag.nothing:
        return among
    without = Enterprise.id.not_in(held)
    return sa.or_(among, without) if tag.values else without


def reached(measure: Measure, year: int, amount: Amount = Amount.ONE) -> sa.ColumnElement[bool]:
    """Enterprises whose figure of a year comes to an amount."""
    known = sa.select(YearlyFact.enterprise_id).where(
        YearlyFact.measure == measure, YearlyFact.year == year, YearlyFact.superseded_at.is_(None)
    )
    if amount is Amount.MISSING:
        return Enterprise.id.not_in(known)
    return Enterprise.id.in_(
        known if amount.least is None else known.where(YearlyFact.value >= amount.least)
    )


def in_class(of: Class, standing: Standing, day: date) -> sa.ColumnElement[bool]:
    """Enterprises that stand so in a class: in it, newly in it, no longer in it."""
    present = sa.and_(is_registered(day), *of.on(day))
    if standing is Standing.ON:
        return present
    earlier = year_before(day)
    former = sa.and_(is_registered(earlier), *of.on(earlier, years_back=1))
    return (
        sa.and_(present, sa.not_(former))
        if standing is Standing.ENTERED
        else sa.and_(former, sa.not_(present))
    )
