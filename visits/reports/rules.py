"""Pure rules of the figures: rates, rounding for prose, mean and median of working days."""

from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median

from visits.core.workdays import Calendar, is_workday

EXACT_BELOW = 10
TENS_BELOW = 100
HUNDREDS_BELOW = 10_000
TEN_THOUSAND = 10_000


def rate(numerator: int | None, denominator: int | None) -> float | None:
    """A part of a whole as a fraction; of nothing there is none."""
    return (numerator or 0) / denominator if denominator else None


def floored(number: int) -> int:
    """A number rounded down as prose does it: to tens, hundreds, from ten thousand on to thousands."""
    if number < EXACT_BELOW:
        return number
    step = 10 if number < TENS_BELOW else 100 if number < HUNDREDS_BELOW else 1000
    return number - number % step


def about(number: int) -> str:
    """N余 as Chinese prose writes it: 912 is 900余, 12,345 is 1.2万余, 20,000 is 2万."""
    floor = floored(number)
    text = f"{floor / TEN_THOUSAND:.1f}".removesuffix(".0") + "万" if floor >= TEN_THOUSAND else str(floor)
    return text if floor == number else f"{text}余"


def workdays_of(spans: Iterable[tuple[date, date, int]], calendar: Calendar) -> list[int]:
    """The working days in (start, end] of each span, as often as the span occurs, in rising order."""
    spans = list(spans)
    if not spans:
        return []
    worked = _worked_until(min(s[0] for s in spans), max(s[1] for s in spans), calendar)
    found: list[int] = []
    for start, end, times in spans:
        found += [max(0, worked[end] - worked[start])] * times
    return sorted(found)


def _worked_until(first: date, last: date, calendar: Calendar) -> dict[date, int]:
    worked, total = {}, 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        total += is_workday(day, calendar)
        worked[day] = total
    return worked


def mean_of(values: list[int]) -> float | None:
    """The mean, to two decimals."""
    return round(sum(values) / len(values), 2) if values else None


def median_of(values: list[int]) -> float | None:
    """The median."""
    return float(median(values)) if values else None


def registered_since(day: date, ages: Iterable[int], calendar: Calendar) -> list[date]:
    """For each of these rising ages the first day since which no more working days have passed by a day."""
    first, passed = day, 0
    found = []
    for age in ages:
        while passed + is_workday(first, calendar) <= age:
            passed += is_workday(first, calendar)
            first -= timedelta(days=1)
        found.append(first)
    return found
