"""The period of an overview: a month, quarter, year or days of one's own, and what it is held against."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.core.periods import ONE_DAY, Month, Span

QUARTER_TEXT = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
YEAR_TEXT = re.compile(r"\d{4}", re.ASCII)
EARLIEST, LATEST = 1980, 2199


class Kind(StrEnum):
    """What a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OWN = "own"


MONTHS_IN = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}


@dataclass(frozen=True)
class Chosen:
    """A period as it is chosen: what it is, how an address writes it, and its days up to today."""

    kind: Kind
    text: str
    span: Span

    @property
    def before(self) -> Span | None:
        """The period before, as far as this one has gone; before days of one's own, as many days."""
        first = self.span.from_on
        if first is None:
            return None
        if self.kind is Kind.OWN:
            length = self.span.to_on - first
            is_countable = (first - date(EARLIEST, 1, 1)) > length
            return Span(first - ONE_DAY - length, first - ONE_DAY) if is_countable else None
        return shifted(self.span, -MONTHS_IN[self.kind])

    @property
    def year_before(self) -> Span | None:
        """The same days a year before."""
        return shifted(self.span, -12)

    @property
    def months(self) -> int:
        """How many months a trend that ends with it goes back: the same month of last year is in it."""
        first, last = self.span.from_on, self.span.to_on
        is_long = first is None or (last - first).days > 92
        return 25 if is_long else 13


def day_shifted(day: date, months: int) -> date:
    """The day so many months on; the last day of a month stays the last day of one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = monthrange(year, month + 1)[1]
    is_last = (day + ONE_DAY).month != day.month
    return date(year, month + 1, length if is_last else min(day.day, length))


def shifted(span: Span, months: int) -> Span | None:
    """The span so many months on, its first day by its number; nothing where no figures can be."""
    if span.from_on is None or span.from_on.year <= EARLIEST:
        return None
    first = day_shifted(span.from_on.replace(day=1), months)
    last_of_first = monthrange(first.year, first.month)[1]
    first = first.replace(day=min(span.from_on.day, last_of_first))
    return Span(first, max(first, day_shifted(span.to_on, months)))


def read(text: str, today: date) -> Chosen | None:
    """Read "2026-11", "2026-Q4" or "2026"; what still runs ends today. Nothing else is a period."""
    found = _whole(text)
    if found is None:
        return None
    kind, span = found
    if span.from_on is None or not EARLIEST <= span.from_on.year <= LATEST:
        return None
    return Chosen(kind, text, Span(span.from_on, today) if today in span else span)


def of_kind(kind: Kind, day: date) -> Chosen:
    """The period of a kind that holds a day, up to that day."""
    first = day.replace(day=1)
    back = {Kind.MONTH: 0, Kind.QUARTER: (day.month - 1) % 3, Kind.YEAR: day.month - 1}[kind]
    return Chosen(kind, text_of(kind, day), Span(day_shifted(first, -back), day))


def _whole(text: str) -> tuple[Kind, Span] | None:
    if found := QUARTER_TEXT.fullmatch(text):
        first = Month(int(found[1]), int(found[2]) * 3 - 2) if int(found[1]) else None
        return (Kind.QUARTER, Span(first.first_on, first.next.next.last_on)) if first else None
    if YEAR_TEXT.fullmatch(text):
        return (Kind.YEAR, Span(date(int(text), 1, 1), date(int(text), 12, 31))) if int(text) else None
    try:
        return Kind.MONTH, Month.parse(text).span
    except ValueError:
        return None


def text_of(kind: Kind, day: date) -> str:
    """How an address writes the period of a kind in which a day lies."""
    if kind is Kind.YEAR:
        return f"{day.year:04d}"
    if kind is Kind.QUARTER:
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    return str(Month.of(day))


def neighbour(chosen: Chosen, steps: int) -> str:
    """How an address writes the period so many periods on."""
    day = chosen.span.from_on or chosen.span.to_on
    return text_of(chosen.kind, day_shifted(day, steps * MONTHS_IN[chosen.kind]))


def recent(chosen: Chosen, today: date) -> list[str]:
    """How addresses write the periods of a kind up to today, the latest first, and the chosen one."""
    count = {Kind.MONTH: 36, Kind.QUARTER: 16, Kind.YEAR: 8}[chosen.kind]
    first = date.fromisoformat(f"{today:%Y-%m}-01")
    size = MONTHS_IN[chosen.kind]
    found = [text_of(chosen.kind, day_shifted(first, -size * number)) for number in range(count)]
    return found if chosen.text in found else sorted([*found, chosen.text], reverse=True)


def months_to(last_on: date, count: int) -> list[Span]:
    """So many months, the last of them that of a day and ending with it."""
    first = Month.of(last_on)
    found = [Span(first.first_on, last_on)]
    while len(found) < count and first.year > EARLIEST:
        first = first.previous
        found.append(first.span)
    return found[::-1]
