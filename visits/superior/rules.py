"""Pure rules of superiors' forms: periods and those told from them, words with blanks, addresses."""

import re
from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from visits.core.periods import ONE_DAY, Month, Span

ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,5})")
BLANK = re.compile(r"\{\s*([^{}]{1,20}?)\s*\}")
LINE_END = re.compile(r"[\s_＿…\u3000]*$")
MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
HALF = re.compile(r"(\d{4})-H([12])", re.ASCII)
YEAR = re.compile(r"(\d{4})", re.ASCII)
MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Term:
    """What a form is filled for: whole months (`kind` says how many), or any days (`kind` is "days")."""

    kind: str
    span: Span

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read 2026-03, 2026-Q1, 2026-H1 or 2026; None where it is none of them."""
        for kind, pattern in (("month", MONTH), ("quarter", QUARTER), ("half", HALF), ("year", YEAR)):
            if found := pattern.fullmatch(text):
                length = MONTHS_OF[kind]
                place = int(found[2]) if kind != "year" else 1
                return cls._of_months(kind, int(found[1]), (place - 1) * length + 1)
        return None

    @classmethod
    def _of_months(cls, kind: str, year: int, first: int) -> Self | None:
        if not (1900 < year < 2200 and 1 <= first <= 12):
            return None
        last = Month(year, first + MONTHS_OF[kind] - 1)
        return cls(kind, Span(date(year, first, 1), last.last_on))

    @property
    def first_on(self) -> date:
        """Its first day."""
        return self.span.from_on or self.span.to_on

    @property
    def before(self) -> Span:
        """As long a time just before; of whole months, as many whole months."""
        end = self.first_on - ONE_DAY
        if self.kind == "days":
            return Span(self.first_on - (self.span.to_on - self.first_on) - ONE_DAY, end)
        month = Month.of(end)
        for _ in range(MONTHS_OF[self.kind] - 1):
            month = month.previous
        return Span(month.first_on, end)

    @property
    def year_before(self) -> Span:
        """The same days of the year before; a month's last day stays its last."""
        first, last = _a_year_before(self.first_on), _a_year_before(self.span.to_on)
        if self.kind != "days":
            last = Month.of(last).last_on
        return Span(first, last)

    @property
    def year(self) -> Span:
        """From New Year to its last day."""
        return Span(date(self.span.to_on.year, 1, 1), self.span.to_on)

    @property
    def year_before_to_date(self) -> Span:
        """From New Year of the year before to the day a year before its last."""
        last = self.year_before.to_on
        return Span(date(last.year, 1, 1), last)

    def to_date(self, counted_from: date | None) -> Span:
        """From where the office begins to count to its last day."""
        return Span(
            counted_from if counted_from and counted_from <= self.span.to_on else None, self.span.to_on
        )


def _a_year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29) and not isleap(day.year - 1)
    return date(day.year - 1, 2, 28) if is_leap_day else day.replace(year=day.year - 1)


def recent_terms(today: date) -> Iterator[tuple[str, int, int]]:
    """Terms that have begun, the newest first: the last 24 months, 8 quarters, 4 half-years and 3 years.

    Each as (text, year, place in the year); the place of a year is 0.
    """
    month = Month.of(today)
    for _ in range(24):
        yield str(month), month.year, month.number
        month = month.previous
    for kind, length, count in (("Q", 3, 8), ("H", 6, 4)):
        place = today.year * (12 // length) + (today.month - 1) // length
        for number in range(place, place - count, -1):
            year, part = divmod(number, 12 // length)
            yield f"{year}-{kind}{part + 1}", year, part + 1
    for year in range(today.year, today.year - 3, -1):
        yield str(year), year, 0


def blanks_of(words: str) -> list[str]:
    """The names of the blanks in words such as "填报单位：{单位}"."""
    return BLANK.findall(words)


def filled_in(words: str, values: Mapping[str, Any]) -> str:
    """The words with each blank filled; one without a value is left empty."""
    return BLANK.sub(lambda found: str(values.get(found[1], "")), words)


def proposed_words(text: str, blank: str) -> str:
    """The cell's own text with a blank behind it, where it ends as a label does."""
    bare = LINE_END.sub("", text)
    return f"{bare}{{{blank}}}" if bare.endswith(("：", ":")) else ""


def letters_of(column: int) -> str:
    """The letters over a column, counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address_of(row: int, column: int) -> str:
    """A cell's address as people read it: C5."""
    return f"{letters_of(column)}{row}"


def position_of(address: str) -> tuple[int, int] | None:
    """Row and column of "c5"; None where it is no address."""
    found = ADDRESS.fullmatch(address.strip())
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2])
    return (row, column) if row else None


def area_words(area: tuple[int, int, int, int]) -> str:
    """An area as people read it: A8:B12."""
    top, left, bottom, right = area
    return f"{address_of(top, left)}:{address_of(bottom, right)}"


def rows_words(first: int, last: int) -> str:
    """Rows as people read them: 8, or 8–12."""
    return str(first) if first == last else f"{first}–{last}"
