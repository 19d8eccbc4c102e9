"""What the overview shows: a period held against others, the months up to it, ages of problems, units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from visits.core.authz import Actor
from visits.core.calendar import load_calendar
from visits.core.filters import Days
from visits.core.periods import local_date
from visits.core.settings import get_setting
from visits.reports import rules
from visits.reports.assemble import Figure, Totals, get_totals
from visits.reports.filters import AGE, ReportFilter
from visits.reports.queries import Ground
from visits.reports.spans import Chosen, months_to
from visits.reports.trends import MonthCount, count_months

HEADLINES = (
    "visit_count",
    "enterprise_count",
    "new",
    "closed",
    "solved",
    "open",
    "overdue_open",
    "close_rate",
    "on_time_rate",
    "satisfaction_rate",
)
OUTCOMES = ("outcome_a", "outcome_b", "outcome_c", "outcome_d")
OF_PARTS = ("return_rate", "extension_rate", "solved_rate_verified")
PARTS = ("category", "unit", "group", "park")
AGES = (5, 10, 20, 40)  # working days since registration
FEW = 5  # a unit with fewer cases is not ranked


@dataclass(frozen=True)
class Age:
    """Open problems registered between two days: more than `over` working days ago, `up_to` at most."""

    over: int
    up_to: int | None
    registered: Days
    open: int
    overdue: int


@dataclass(frozen=True)
class Ranked:
    """One unit with its figures, and its place where it has enough cases to be given one."""

    id: int
    name: str
    place: int | None
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Overview:
    """A period's figures, those it is held against, the months that lead up to it, and the units."""

    chosen: Chosen
    totals: Totals
    before: Totals | None
    year_before: Totals | None
    months: Sequence[MonthCount]
    ages: Sequence[Age]
    units: Sequence[Ranked]

    @property
    def wanted(self) -> ReportFilter:
        """What was asked."""
        return self.totals.wanted


def get_overview(actor: Actor, chosen: Chosen, wanted: ReportFilter, ground: Ground) -> Overview:
    """Compute all of it within the actor's reach, in as many statements whatever the period."""
    day = min(wanted.span.to_on, local_date(wanted.as_of))
    since = rules.registered_since(day, AGES, load_calendar())
    totals = get_totals(actor, wanted, ground, PARTS, keys=(*HEADLINES, *OUTCOMES, *OF_PARTS), ages=since)
    held = {
        span: get_totals(
            actor, wanted.narrowed(span=span), ground, ("category",), keys=(*HEADLINES, *OUTCOMES)
        )
        for span in {chosen.before, chosen.year_before}
        if span
    }
    months = months_to(wanted.span.to_on, chosen.months)
    return Overview(
        chosen,
        totals,
        held.get(chosen.before) if chosen.before else None,
        held.get(chosen.year_before) if chosen.year_before else None,
        _from_first(count_months(ground.ask(actor, wanted), months)),
        _ages(totals, since),
        _ranked(totals),
    )


def _from_first(months: Sequence[MonthCount]) -> Sequence[MonthCount]:
    """The months without those at the beginning in which nothing was there yet, but a year at least."""
    beginning = next(
        (number for number, month in enumerate(months) if month.new or month.closed or month.open), 0
    )
    return months[min(beginning, max(0, len(months) - 13)) :]


def _ages(totals: Totals, since: Sequence[date]) -> list[Age]:
    found = []
    firsts, limits = [*since, None], [0, *AGES, None]
    for number, first in enumerate(firsts, 1):
        after = firsts[number - 2] if number > 1 else None
        figures = totals.by[AGE].get(number, {})
        open_, overdue = (
            int(figures[key].value or 0) if figures else 0 for key in ("open", "overdue_open")
        )
        days = Days(first, after - timedelta(days=1) if after else None)
        found.append(Age(limits[number - 1] or 0, limits[number], days, open_, overdue))
    return found


def _ranked(totals: Totals) -> list[Ranked]:
    """Units with something to do, the best at keeping limits first.

    Those with few cases have no place, and none has one in an office that does not rank its units: there
    they stand in the order of their records.
    """
    named = totals.named["unit"]
    units = [
        Ranked(key, named[key].name, None, figures)
        for key, figures in totals.by["unit"].items()
        if key and (cases_of(figures) or any(figures[name].value for name in ("new", "closed", "open")))
    ]
    if not get_setting("rank_units"):
        return units
    enough = sorted((unit for unit in units if cases_of(unit.figures) >= FEW), key=_standing)
    placed, place = [], 0
    for number, unit in enumerate(enough, 1):
        if number == 1 or _rate(unit) != _rate(enough[number - 2]):
            place = number
        placed.append(replace(unit, place=place))
    few = sorted((unit for unit in units if cases_of(unit.figures) < FEW), key=_standing)
    return [*placed, *few]


def cases_of(figures: Mapping[str, Figure]) -> int:
    """How many cases the on-time rate of a part is made of."""
    return figures["on_time_rate"].denominator or 0


def _rate(unit: Ranked) -> float:
    return float(unit.figures["on_time_rate"].value or 0)


def _standing(unit: Ranked) -> tuple[float, int, int]:
    return -_rate(unit), -cases_of(unit.figures), unit.id
