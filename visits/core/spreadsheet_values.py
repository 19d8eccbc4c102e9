"""What the text of a cell means: tidied, a day in its many forms, a number that Excel has spoilt."""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from visits.core.i18n import N_
from visits.core.spreadsheet_notes import NOT_CALCULATED, WITHOUT_VALUE

ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
BREAKS = re.compile(r"[ \t\x0b\x0c\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
LINE_ENDS = re.compile(r"\s*(?:\r\n|[\n\r\x85\u2028\u2029])\s*")
# A line broken to fit its cell goes on without a blank in Chinese, with one in Latin script.
BETWEEN_WORDS = re.compile(r"(?<=[!-~])\n(?=[!-~])")
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
APOSTROPHES = ("'", "’", "‘", "＇")
HALF_WIDTH = {0xFEE0 + code: code for code in range(ord("0"), ord("z") + 1) if chr(code).isalnum()}
NOUGHTS_BEHIND = re.compile(r"(\d+)\.0+")
EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?E\+?\d+", re.IGNORECASE)

FIRST_SERIAL, FIRST_SERIAL_1904 = date(1899, 12, 30), date(1904, 1, 1)
# Whoever writes a shorter number means a year, a longer one has a form of its own.
SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})(?:-(?P<a>\d{1,2})-|/(?P<b>\d{1,2})/|\.(?P<c>\d{1,2})\.|年(?P<e>\d{1,2})月)(?P<d>\d{1,2})[日号]?"
)
COMPACT = re.compile(r"(?P<y>\d{4})(?P<a>\d{2})(?P<d>\d{2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
MONTH_NAMED = re.compile(r"(?P<d>\d{1,2})[- /]?(?P<m>[A-Z]{3,9})[- /,]*(?P<y>\d{4}|\d{2})", re.IGNORECASE)
MONTH_FIRST = re.compile(r"(?P<m>[A-Z]{3,9})[- /]?(?P<d>\d{1,2})[- /,]+(?P<y>\d{4}|\d{2})", re.IGNORECASE)
WITHOUT_DAY = re.compile(r"\d{4}(?:[-/.年]\d{1,2}月?|年)?|\d{4}年\d{1,2}月")
TIME_BEHIND = re.compile(r"[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?Z?$", re.IGNORECASE)
WEEKDAY = re.compile(r"[ (]*(?:星期|周)[一二三四五六日天]\)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CENTURY_TURN = 30  # Excel takes two-digit years from here on for those of the last century

NOT_A_DATE = N_("Not a date; write it as 2026-11-23.")
AMBIGUOUS = N_("This may be %(one)s or %(other)s. Write the date as %(one)s.")
NO_SUCH_DAY = N_("There is no such day. Correct the date.")
DAY_MISSING = N_("The day is missing; write the whole date as 2026-11-23.")
SPOILT_NUMBER = N_(
    "The spreadsheet has turned this number into %(value)s and lost digits. "
    "Format the column as text and enter the number again."
)
FAILED_CELL = N_(
    "The formula in this cell gives the error %(value)s. Correct it in the file, or enter the value itself."
)
NEVER_CALCULATED = N_(
    "The formula in this cell was never calculated. "
    "Open the file in Excel or WPS, save it, and choose it again."
)


class Fault(NamedTuple):
    """Why a cell cannot be taken: a sentence and the values it names."""

    reason: str
    params: dict[str, str]


def tidy(text: str, *, keep_lines: bool = False) -> str:
    """Return what a person meant to enter: without unseen characters, soft line breaks and double blanks.

    The apostrophe that marks a text goes too; full-width digits and letters become
    ordinary ones. With `keep_lines` line ends stay.
    """
    text = UNSEEN.sub("", ESCAPED.sub(_unescaped, text))
    text = LINE_ENDS.sub("\n", BREAKS.sub(" ", text).translate(HALF_WIDTH)).strip()
    if not keep_lines:
        text = BETWEEN_WORDS.sub(" ", text).replace("\n", "")
    return text[1:].lstrip() if text.startswith(APOSTROPHES) else text


def _unescaped(found: re.Match[str]) -> str:
    # Excel writes characters that XML cannot hold so; others may be meant as they stand.
    character = chr(int(found[1], 16))
    return character if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp") else found[0]


def plain_number(text: str) -> str:
    """Write digits without the noughts a program put behind them: 13800138000.0 is 13800138000."""
    found = NOUGHTS_BEHIND.fullmatch(text)
    return found[1] if found else text


def fault_of(text: str) -> Fault | None:
    """Say why a cell has no value, where it shows an error instead."""
    if text.upper() not in WITHOUT_VALUE:
        return None
    if text.upper() == NOT_CALCULATED:
        return Fault(NEVER_CALCULATED, {})
    return Fault(FAILED_CELL, {"value": text})


def spoilt_number(text: str) -> Fault | None:
    """Say that a number of many digits was cut down to an exponent such as 1.38E+10."""
    return Fault(SPOILT_NUMBER, {"value": text}) if EXPONENT.fullmatch(text) else None


def read_day(text: str, *, is_1904: bool = False) -> date | Fault:
    """Read a day as tables write it, or say why it cannot be read.

    2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, 5-Mar-26, each with or without a time; also the
    number by which Excel counts days, from 1900 or (`is_1904`) from 1904.
    """
    plain = WEEKDAY.sub("", unicodedata.normalize("NFKC", text)).strip()
    if SERIAL.fullmatch(plain):
        first = FIRST_SERIAL_1904 if is_1904 else FIRST_SERIAL
        return first + timedelta(days=int(plain.partition(".")[0]))
    plain = TIME_BEHIND.sub("", plain).strip()
    plain = re.sub(r"\s*([-/.年月日])\s*", r"\1", plain)
    if found := YEAR_FIRST.fullmatch(plain) or COMPACT.fullmatch(plain):
        parts = found.groupdict()
        month = next(parts[key] for key in "abce" if parts.get(key))
        return _day(int(parts["y"]), int(month), int(parts["d"]))
    if found := YEAR_LAST.fullmatch(plain):
        return _year_last(int(found[1]), int(found[3]), int(found[4]))
    if found := MONTH_NAMED.fullmatch(plain) or MONTH_FIRST.fullmatch(plain):
        return _month_named(found["y"], found["m"], int(found["d"]))
    return Fault(DAY_MISSING if WITHOUT_DAY.fullmatch(plain) else NOT_A_DATE, {})


def _day(year: int, month: int, day: int) -> date | Fault:
    try:
        return date(year, month, day)
    except ValueError:
        return Fault(NO_SUCH_DAY, {})


def _year_last(first: int, second: int, year: int) -> date | Fault:
    """3/5/2026 is the third of May to some and the fifth of March to others."""
    readings = {d for d in (_day(year, first, second), _day(year, second, first)) if isinstance(d, date)}
    if not readings:
        return Fault(NO_SUCH_DAY, {})
    if len(readings) == 1:
        return readings.pop()
    one, other = sorted(readings)
    return Fault(AMBIGUOUS, {"one": one.isoformat(), "other": other.isoformat()})


def _month_named(year: str, month: str, day: int) -> date | Fault:
    if month[:3].lower() not in MONTHS:
        return Fault(NOT_A_DATE, {})
    full = int(year)
    if len(year) == 2:
        full += 2000 if full < CENTURY_TURN else 1900
    return _day(full, MONTHS.index(month[:3].lower()) + 1, day)
