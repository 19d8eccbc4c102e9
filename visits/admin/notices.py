"""Reads a year's calendar from the State Council's notice as pasted, or from a table of all its days."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from visits.core.calendar_seed import MAKEUP_LABEL
from visits.core.errors import Refused
from visits.core.i18n import N_
from visits.core.workdays import CalendarDay, is_workday_by_weekday

FIRST_YEAR, LAST_YEAR = 2000, 2100
HOLIDAYS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
WEEKDAYS = "一二三四五六日"
NAME = f"(?:{'|'.join(HOLIDAYS)})节?"
ITEM = re.compile(rf"({NAME}(?:[、,和及]\s*{NAME})*)\s*:")
DAY = r"(?:(?:(\d{4})年)?(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?"
SPAN = re.compile(rf"{DAY}(?:\s*(?:至|到|-|—|–|~)\s*{DAY})?")
TITLE = re.compile(r"(\d{4})年部分节假日")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
COUNT = re.compile(r"(?:共|放假)(\d{1,2})天")
ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
WORKED = {"上班", "工作日", "调休上班", "是", "1", "workday"}
RESTED = {"休息", "放假", "休息日", "节假日", "周末", "否", "0", "rest"}
FIELD = "text"


@dataclass(frozen=True)
class YearPlan:
    """What a notice says of every day of its year, and of days of the year before that it names."""

    year: int
    days: dict[date, CalendarDay]


def read_year(text: str, year: int) -> YearPlan:
    """Read a notice or a table of days for this year; raise Refused where it is neither, or not whole."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.strip().splitlines()
    head = re.split(r"[,\t;]", lines[0]) if lines else []
    if any(cell.strip().strip('"\ufeff') == "日期" for cell in head):
        return YearPlan(year, _read_table(text.strip(), year))
    return YearPlan(year, _read_notice(unicodedata.normalize("NFKC", text), year))


def _unfit(sentence: str, **params: object) -> Refused:
    return Refused(sentence, field=FIELD, **params)


def all_days(year: int) -> Iterator[date]:
    """Yield every day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _read_notice(text: str, year: int) -> dict[date, CalendarDay]:
    title = TITLE.search(text)
    if title and int(title[1]) != year:
        raise _unfit(
            N_("This is the notice of %(found)s, not of %(year)s. Open the calendar of that year."),
            found=title[1],
            year=str(year),
        )
    items = _items(text)
    missing = [name for name in HOLIDAYS if not any(name in label for label, _ in items)]
    if missing:
        raise _unfit(
            N_("The text says nothing of %(missing)s. Paste the whole notice, all seven holidays."),
            missing="、".join(missing),
        )
    special: dict[date, CalendarDay] = {}
    for label, said in items:
        for day, entry in _days_of_item(label, said, year):
            if special.setdefault(day, entry).is_workday != entry.is_workday:
                raise _unfit(N_("%(day)s is called both a rest day and a working day."), day=str(day))
    plain = {day: CalendarDay(is_workday_by_weekday(day)) for day in all_days(year)}
    return plain | special


def _items(text: str) -> list[tuple[str, str]]:
    """The notice cut into (holidays, what is said of them)."""
    found = list(ITEM.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)] * bool(found)
    return [
        (re.sub(r"[,和及]\s*", "、", match[1]), text[match.end() : end])
        for match, end in zip(found, ends, strict=True)
    ]


def _days_of_item(label: str, said: str, year: int) -> Iterator[tuple[date, CalendarDay]]:
    for sentence in re.split(r"[。;\n]", said):
        if "上班" in sentence:
            for day in _days_in(sentence, year):
                if is_workday_by_weekday(day):
                    raise _unfit(
                        N_("%(day)s is a working day anyway. Is this the notice of %(year)s?"),
                        day=str(day),
                        year=str(year),
                    )
                yield day, CalendarDay(True, MAKEUP_LABEL)
        elif "放假" in sentence:
            days = list(_days_in(sentence, year))
            _require_count(label, sentence, len(days))
            yield from ((day, CalendarDay(False, label)) for day in days)
        elif SPAN.search(sentence) and "休息" not in sentence:
            raise _unfit(
                N_("“%(text)s” says neither 放假 nor 上班. Paste the whole notice."),
                text=sentence.strip()[:40],
            )


def _require_count(label: str, sentence: str, found: int) -> None:
    said = COUNT.search(sentence)
    if not found or (said and int(said[1]) != found):
        raise _unfit(
            N_("%(label)s: the days read are %(found)d, the notice says %(said)s. Check its text."),
            label=label,
            found=found,
            said=said[1] if said else "—",
        )


def _days_in(sentence: str, year: int) -> Iterator[date]:
    """The days a sentence names; a month or year left out is the one named last."""
    on: tuple[int, int | None] = (year, None)
    for match in SPAN.finditer(sentence):
        first, on = _day(match.groups()[:4], on)
        last = first
        if match[7]:
            last, on = _day(match.groups()[4:], on)
        if last < first or first.year < year - 1 or last.year > year:
            raise _unfit(
                N_("“%(text)s” is no time of %(year)s. Check the notice's text."),
                text=match[0],
                year=str(year),
            )
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _day(parts: tuple[str | None, ...], on: tuple[int, int | None]) -> tuple[date, tuple[int, int | None]]:
    """One day from (year, month, day, what stands in brackets); its weekday must be the one written."""
    year, month = int(parts[0] or on[0]), int(parts[1] or on[1] or 0)
    said = WEEKDAY.search(parts[3] or "")
    try:
        day = date(year, month, int(parts[2] or 0))
    except ValueError:
        raise _unfit(
            N_("There is no day %(month)s月%(day)s日. Check the notice's text."),
            month=str(month or "?"),
            day=parts[2],
        ) from None
    if said and WEEKDAYS.index(said[1].replace("天", "日")) != day.weekday():
        raise _unfit(
            N_("%(day)s is not 周%(weekday)s. Is this the notice of %(year)s?"),
            day=str(day),
            weekday=said[1],
            year=str(year),
        )
    return day, (year, month)


def _read_table(text: str, year: int) -> dict[date, CalendarDay]:
    """A row for each day of the year, with the columns 日期, 类型 (上班 or 休息) and, if wanted, 名称."""
    delimiter = max(",\t;", key=text.splitlines()[0].count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    if not {"日期", "类型"} <= set(rows.fieldnames or ()):
        raise _unfit(N_("The table needs the columns 日期 and 类型; 名称 may follow."))
    days: dict[date, CalendarDay] = {}
    for number, row in enumerate(rows, 2):
        day = _date_in(row["日期"] or "", number, year)
        if day in days:
            raise _unfit(N_("Row %(row)d: %(day)s stands there twice."), row=number, day=str(day))
        days[day] = CalendarDay(_is_worked(row["类型"] or "", number), (row.get("名称") or "").strip()[:40])
    missing = [day for day in all_days(year) if day not in days]
    if missing:
        raise _unfit(
            N_("%(count)d days are missing, the first is %(day)s. A table has every day of the year."),
            count=len(missing),
            day=str(missing[0]),
        )
    return days


def _date_in(text: str, row: int, year: int) -> date:
    found = ISO.fullmatch(text.strip())
    try:
        day = date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or day.year != year:
        raise _unfit(
            N_("Row %(row)d: “%(value)s” is no day of %(year)s."),
            row=row,
            value=text[:20],
            year=str(year),
        )
    return day


def _is_worked(text: str, row: int) -> bool:
    word = text.strip().lower()
    if word not in WORKED | RESTED:
        raise _unfit(N_("Row %(row)d: write 上班 or 休息, not “%(value)s”."), row=row, value=text[:20])
    return word in WORKED
