"""The days a new calendar starts with, from the yearly notices as the holidays package has them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from visits.core.workdays import is_workday_by_weekday

if TYPE_CHECKING:
    from holidays.countries.china import China

FIRST_YEAR = 2018
YEARS_AHEAD = 2
MAKEUP_LABEL = "调休上班"


class SeedRow(NamedTuple):
    """One day of the calendar; provisional until the notice of its year is published."""

    day: date
    is_workday: bool
    label: str
    provisional: bool


def last_published_year() -> int:
    """Return the last year whose notice the holidays package knows."""
    from holidays.countries.china import ChinaStaticHolidays  # brings every country: only for who asks

    return int(max(ChinaStaticHolidays.special_public_holidays))


def seed_rows(years: Iterable[int] | None = None) -> Iterator[SeedRow]:
    """Yield every day of the published years; of later years the statutory rest days, as provisional.

    Without years: from 2018 to two years after the last published one.
    """
    from holidays.countries.china import China  # brings every country: only for who asks

    published = last_published_year()
    wanted = sorted(set(range(FIRST_YEAR, published + YEARS_AHEAD + 1) if years is None else years))
    china = China(years=wanted, language="zh_CN")  # type: ignore[no-untyped-call]
    for year in wanted:
        yield from _published_rows(year, china) if year <= published else _statutory_rows(year, china)


def _published_rows(year: int, china: "China") -> Iterator[SeedRow]:
    day = date(year, 1, 1)
    while day.year == year:
        is_workday = china.is_working_day(day)
        is_makeup = is_workday and not is_workday_by_weekday(day)
        yield SeedRow(day, is_workday, MAKEUP_LABEL if is_makeup else china.get(day, ""), False)
        day += timedelta(days=1)


def _statutory_rows(year: int, china: "China") -> Iterator[SeedRow]:
    for day in sorted(day for day in china if day.year == year):
        yield SeedRow(day, False, china[day], True)
