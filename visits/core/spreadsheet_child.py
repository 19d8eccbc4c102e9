"""The process that opens a workbook apart from the server: workbook in, rows out as lines of JSON."""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import python_calamine as calamine

from visits.core.apart import limit_resources
from visits.core.spreadsheet_limits import MEGABYTE, Problem, filled_rows, require_within
from visits.core.spreadsheet_notes import SheetNotes
from visits.core.spreadsheet_records import old_workbook_notes
from visits.core.spreadsheet_scan import scan_packed_workbook

MAX_MEMORY_BYTES = 1024 * MEGABYTE
MAX_CPU_SECONDS = 20
MAX_SHEETS = 30  # further ones are not looked at

Value = int | float | str | bool | time | date | datetime | timedelta


def json_lines(content: bytes, wanted: str = "") -> Iterator[str]:
    """Yield what is said of the sheet, then each row as [number, cells]; last a problem that stopped it."""
    try:
        book = Book(content)
        sheet, others = book.choose(wanted)
        notes = book.notes.of(sheet.name)
        rows = dict(filled_rows(_rows_as_text(sheet, notes)))
        yield _line(
            {
                "sheet": sheet.name,
                "other_sheets": others,
                "is_1904": book.notes.is_1904,
                "hidden_rows": sorted(notes.hidden_rows & rows.keys()),
            }
        )
        for number, cells in rows.items():
            yield _line([number, cells])
    except Problem as problem:
        yield _line({"problem": problem.key, "params": problem.params})


class Book:
    """A workbook opened, and what was noted on the way."""

    def __init__(self, content: bytes) -> None:
        is_packed = content.startswith(b"PK")
        self.notes = scan_packed_workbook(content) if is_packed else old_workbook_notes(content)
        with _problems_named():
            self.book = calamine.load_workbook(io.BytesIO(content))

    def choose(self, wanted: str) -> tuple[calamine.CalamineSheet, list[str]]:
        """The visible sheet of that name, else the first that holds anything, and the others that do."""
        chosen, names = None, []
        with _problems_named():
            for name in self._visible():
                if (sheet := self._filled(name)) is None:
                    continue
                names.append(name)
                if chosen is None and wanted in ("", name):
                    chosen = sheet
        if not names:
            raise Problem("empty")
        if chosen is None:
            raise Problem("no_such_sheet", sheet=wanted, sheets="、".join(names))
        return chosen, [name for name in names if name != chosen.name]

    def _visible(self) -> list[str]:
        return [
            about.name
            for about in self.book.sheets_metadata
            if about.typ == calamine.SheetTypeEnum.WorkSheet
            and about.visible == calamine.SheetVisibleEnum.Visible
        ][:MAX_SHEETS]

    def _filled(self, name: str) -> calamine.CalamineSheet | None:
        sheet = self.book.get_sheet_by_name(name)
        if sheet.end is not None:
            last_row, last_column = sheet.end
            require_within(last_row + 1, last_column + 1)
            return sheet
        return sheet if self.notes.of(name).failed else None


@contextmanager
def _problems_named() -> Iterator[None]:
    try:
        yield
    except calamine.PasswordError as error:
        raise Problem("password") from error
    except calamine.CalamineError as error:
        raise Problem("broken") from error
    except MemoryError as error:
        raise Problem("too_big") from error


def _rows_as_text(sheet: calamine.CalamineSheet, notes: SheetNotes) -> Iterator[list[str]]:
    """Every row from the first on; cells without a value show why, merged cells repeat downwards."""
    columns = [column - 1 for _, column in notes.failed]
    left = min([*columns, *([sheet.start[1]] if sheet.start else [])])
    blank = [""] * (sheet.start[1] - left if sheet.start else 0)
    failed: dict[int, list[tuple[int, str]]] = {}
    for (row, column), said in notes.failed.items():
        failed.setdefault(row, []).append((column - left, said))
    merged = _Merged([(first, last, c - left) for first, last, c in (*notes.merges, *_merges(sheet))])
    written = sheet.iter_rows() if sheet.end is not None else iter(())
    for number, values in enumerate(_padded(written, max(failed, default=0)), start=1):
        cells = [*blank, *map(as_text, values)]
        for column, said in failed.get(number, ()):
            cells.extend([""] * (column - len(cells)))
            cells[column - 1] = said
        merged.repeat(number, cells)
        yield cells


def _padded(rows: Iterable[list[Value]], least: int) -> Iterator[list[Value]]:
    written = 0
    for row in rows:
        written += 1
        yield row
    yield from ([] for _ in range(least - written))


def _merges(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, int, int]]:
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        if last > first:
            yield first + 1, last + 1, column + 1


class _Merged:
    """The cells merged downwards: what stands in the first of them belongs to all their rows."""

    def __init__(self, merges: list[tuple[int, int, int]]) -> None:
        self.waiting = sorted(set(merges), reverse=True)
        self.open: list[tuple[int, int, str]] = []

    def repeat(self, number: int, cells: list[str]) -> None:
        """Fill a row's merged cells; to be called row by row."""
        self.open = [merge for merge in self.open if merge[0] >= number]
        for _, column, text in self.open:
            if 0 < column <= len(cells) and not cells[column - 1]:
                cells[column - 1] = text
        while self.waiting and self.waiting[-1][0] <= number:
            _, last, column = self.waiting.pop()
            if 0 < column <= len(cells) and cells[column - 1]:
                self.open.append((last, column, cells[column - 1]))


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
    asked = json.loads(sys.stdin.buffer.readline())
    for line in json_lines(sys.stdin.buffer.read(), asked["sheet"]):
        sys.stdout.buffer.write(line.encode())
