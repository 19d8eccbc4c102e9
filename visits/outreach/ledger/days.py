"""Days as ledgers write them: several in one cell, ranges, and days whose year stands in the title."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from visits.core.i18n import N_
from visits.core.spreadsheet_values import (
    AMBIGUOUS,
    NO_SUCH_DAY,
    NOT_A_DATE,
    Fault,
    read_day,
)

MOST_DAYS = 31
BETWEEN = re.compile(r"[、,;\n]+|(?<=[日号])(?:和|及|与)?\s*(?=\d)|(?<=\d)\s+(?=\d{4}[-/.年])")
RANGE = re.compile(r"\s*(?:[—–~至到]+|(?<=[日号])\s*-+)\s*")
RANGE_OF_WHOLE_DAYS = re.compile(r"(\d{4}[./]\d{1,2}[./]\d{1,2})\s*-\s*(\d.*)")
RANGE_OF_NUMBERS = re.compile(r"((?:\d{4}年)?(?:\d{1,2}月)?)(\d{1,2})-(\d{1,2})[日号]")
SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})年(?=\d{1,2}月)")
MONTH_AND_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?|(\d{1,2})/(\d{1,2})")
DAY_ALONE = re.compile(r"(\d{1,2})[日号]?")
YEAR = re.compile(r"(20\d{2})\s*年|(?<!\d)(20\d{2})(?!\d)")

TIME_OF_DAY = re.compile(r"上午|下午|晚上|[ T]?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[-~至]\s*\d{1,2}:\d{2})?")

YEAR_MISSING = N_("The year is missing; write the whole date as 2026-11-23.")
TOO_LONG = N_("This names a time of more than %(most)s days, not the day of a visit.")
BACKWARDS = N_("The time ends before it begins. Correct the dates.")


class Span(NamedTuple):
    """The days of one visit; nearly always one."""

    first: date
    last: date


def year_of(texts: Iterable[str]) -> int | None:
    """The year that a ledger's title, sheet or file name gives, where these name only one."""
    years = {int(one or other) for text in texts for one, other in YEAR.findall(text)}
    return years.pop() if len(years) == 1 else None


def read_days(text: str, year: int | None = None, *, is_1904: bool = False) -> list[Span] | Fault:
    """Read a cell of days: each is a visit of its own, a range (3月5日至7日) one visit.

    A part without year or month takes those before it, the first one the year given.
    """
    whole = read_day(text, is_1904=is_1904)
    if isinstance(whole, date):
        return [Span(whole, whole)]
    if whole.reason in (AMBIGUOUS, NO_SUCH_DAY):
        return whole
    reader = _Reader(year, is_1904)
    plain = SHORT_YEAR.sub(r"20\1年", TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", text))).strip()
    spans = []
    for part in filter(None, map(str.strip, BETWEEN.split(plain))):
        span = reader.span(part)
        if isinstance(span, Fault):
            return span
        spans.append(span)
    if len(spans) > MOST_DAYS:
        return Fault(TOO_LONG, {"most": str(MOST_DAYS)})
    return list(dict.fromkeys(spans)) or Fault(NOT_A_DATE, {})


class _Reader:
    """Reads the parts of one cell; remembers year and month for those that follow."""

    def __init__(self, year: int | None, is_1904: bool) -> None:
        self.year, self.month, self.is_1904 = year, 0, is_1904

    def span(self, part: str) -> Span | Fault:
        """Read a day or a range of days."""
        ends = _ends(part)
        first = self._day(ends[0])
        last = self._day(ends[1]) if len(ends) == 2 else first
        if isinstance(first, Fault):
            return first
        if isinstance(last, Fault):
            return last
        if last < first and first.year == last.year and last.month < first.month:
            last = last.replace(year=last.year + 1)  # 12月30日至1月2日
            self.year = last.year
        if last < first:
            return Fault(BACKWARDS, {})
        if last - first >= timedelta(days=MOST_DAYS):
            return Fault(TOO_LONG, {"most": str(MOST_DAYS)})
        return Span(first, last)

    def _day(self, text: str) -> date | Fault:
        found = read_day(text, is_1904=self.is_1904)
        if isinstance(found, Fault):
            found = self._short_day(text, found)
        if isinstance(found, date):
            self.year, self.month = found.year, found.month
        return found

    def _short_day(self, text: str, fault: Fault) -> date | Fault:
        if named := MONTH_AND_DAY.fullmatch(text.replace(" ", "")):
            month, day = int(named[1] or named[3]), int(named[2] or named[4])
        elif self.month and (alone := DAY_ALONE.fullmatch(text)):
            month, day = self.month, int(alone[1])
        else:
            return fault
        if self.year is None:
            return Fault(YEAR_MISSING, {})
        try:
            return date(self.year, month, day)
        except ValueError:
            return Fault(NO_SUCH_DAY, {})


def _ends(part: str) -> list[str]:
    if found := RANGE_OF_WHOLE_DAYS.fullmatch(part):
        return [found[1], found[2].replace(".", "/") if found[2].count(".") == 1 else found[2]]
    if found := RANGE_OF_NUMBERS.fullmatch(part):
        return [f"{found[1]}{found[2]}日", f"{found[3]}日"]
    return RANGE.split(part, maxsplit=1)
