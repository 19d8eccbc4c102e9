"""The process that opens a workbook apart from the server: workbook in, rows out as lines of JSON."""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine as calamine

from visits.core.apart import limit_resources
from visits.core.spreadsheet_limits import MEGABYTE, Problem, filled_rows, require_within
from visits.core.spreadsheet_scan import scan_packed_workbook

MAX_MEMORY_BYTES = 1024 * MEGABYTE
MAX_CPU_SECONDS = 20

Value = int | float | str | bool | time | date | datetime | timedelta


def json_lines(content: bytes) -> Iterator[str]:
    """Yield the sheet's name and each row as [number, cells]; last of all the problem that stopped it."""
    try:
        sheet = open_sheet(content)
        yield _line({"sheet": sheet.name})
        for number, cells in filled_rows(_rows_as_text(sheet)):
            yield _line([number, cells])
    except Problem as problem:
        yield _line({"problem": problem.key, "params": problem.params})


def open_sheet(content: bytes) -> calamine.CalamineSheet:
    """Return the first visible sheet that holds anything; raise Problem when there is none to read."""
    if content.startswith(b"PK"):
        scan_packed_workbook(content)
    try:
        return _first_filled_sheet(calamine.load_workbook(io.BytesIO(content)))
    except calamine.PasswordError as error:
        raise Problem("password") from error
    except calamine.CalamineError as error:
        raise Problem("broken") from error
    except MemoryError as error:
        raise Problem("too_big") from error


def _first_filled_sheet(workbook: calamine.CalamineWorkbook) -> calamine.CalamineSheet:
    for about in workbook.sheets_metadata:
        if (
            about.typ != calamine.SheetTypeEnum.WorkSheet
            or about.visible != calamine.SheetVisibleEnum.Visible
        ):
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.end is not None:
            last_row, last_column = sheet.end
            require_within(last_row + 1, last_column + 1)
            return sheet
    raise Problem("empty")


def _rows_as_text(sheet: calamine.CalamineSheet) -> Iterable[list[str]]:
    for row in sheet.iter_rows():
        yield [as_text(value) for value in row]


def as_text(value: Value) -> str:
    """Write a cell's value as a person reads it there: no ".0", no exponent, dates as 2026-01-02."""
    match value:
        case str():
            return value
        case bool():
            return str(value).upper()
        case int() | float():
            return _number_as_text(value)
        case datetime():
            return _moment_as_text(value)
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("seconds" if value.second else "minutes")
        case timedelta():
            return _duration_as_text(value)


def _number_as_text(value: float) -> str:
    # Spreadsheets keep and show 15 digits; what a float has beyond them nobody entered.
    return format(Decimal(f"{value:.15g}"), "f") if value else "0"


def _moment_as_text(value: datetime) -> str:
    moment = (value + timedelta(seconds=0.5)).replace(microsecond=0)
    if moment.time() == time.min:
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def _duration_as_text(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def _line(answer: object) -> str:
    return json.dumps(answer, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    limit_resources(MAX_MEMORY_BYTES, MAX_CPU_SECONDS)
    for line in json_lines(sys.stdin.buffer.read()):
        sys.stdout.buffer.write(line.encode())
