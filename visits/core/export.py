"""Files a person takes home from a list: xlsx with real dates and text, csv that starts no formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from flask_babel import gettext

from visits.core.formulas import guarded_text
from visits.core.listing import Cell, Column, Kind

MOST_CHARACTERS = 32_767  # of a cell of a workbook
FIRST_DAY = date(1900, 3, 1)  # days before do not exist in Excel, or are one off
NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|\s]+')
MOST_MARK = 200  # characters of a page's footer
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Table:
    """What goes into a file: columns and the rows' plain values; `mark` says who took it home and when.

    `notes` say the same and more, as (what, how it is) lines. Rows may come one by one, as they are read.
    In a ledger (台账) cells are framed, and long texts wrap.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[tuple[Cell, ...]]
    mark: str = ""
    notes: Sequence[tuple[str, str]] = ()
    is_ledger: bool = False

    @property
    def headings(self) -> list[str]:
        """The headings in the reader's language."""
        return [gettext(column.heading) for column in self.columns]


def guarded(cell: Cell) -> str:
    """A value as a csv cell; text that would start a formula gets an apostrophe in front."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, str):
        return guarded_text(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def file_name(title: str, who: str, stamp: datetime, count: int) -> str:
    """Title, moment, person and number of rows: a csv has no other place for them."""
    parts = (title, f"{stamp:%Y%m%d-%H%M}", who, gettext("%(count)d rows", count=count))
    return "_".join(NOT_IN_NAMES.sub("", part) for part in parts)


def write_csv(table: Table, file: IO[bytes], folder: Path | None = None) -> int:
    """Write a csv in UTF-8 with a byte order mark and CRLF, headings first; return the number of rows.

    It needs no `folder` for what lies about meanwhile.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    counted = _Counted(table.rows)
    writer.writerow(map(guarded, table.headings))
    writer.writerows(map(guarded, row) for row in counted)
    text.flush()
    text.detach()
    return counted.count


def write_xlsx(table: Table, file: IO[bytes], folder: Path | None = None) -> int:
    """Write a workbook and return the number of rows: the rows, set up for A4, and a sheet with the notes.

    What lies about meanwhile, some twenty times as much as the file, lies in `folder`.
    """
    import xlsxwriter  # large: only a process that writes workbooks loads it

    with TemporaryDirectory(prefix="visits-", dir=folder) as place:
        book = xlsxwriter.Workbook(file, {**OPTIONS, "tmpdir": place})
        book.set_properties({"title": table.title, "comments": table.mark})
        try:
            count = _write_rows(book, table)
            _write_notes(book, table, count)
            book.close()
        finally:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()  # open still when the rows broke off
    return count


@dataclass
class _Counted:
    """Rows that are counted as they pass."""

    rows: Iterable[tuple[Cell, ...]]
    count: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for row in self.rows:
            self.count += 1
            yield row


LEDGER_CELL = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#8A94A0"}
LEDGER_FONT = {"font_name": "宋体", "font_size": 9}
LINE_HEIGHT, MOST_HEIGHT = 12.0, 400.0  # points
LETTERS_IN_WIDTH = (
    1.05  # of a ledger's font in one unit of a column's width, less what lines lose at their ends
)
HEADING = {"bold": True, "bg_color": "#E7F0F9", "bottom": 1, "valign": "vcenter"}
LEDGER_HEADING = {**HEADING, **LEDGER_CELL, "align": "center", "font_name": "黑体", "font_size": 9}


def _formats(book: Any, table: Table) -> dict[Kind | None, Any]:
    """The look of each kind of cell; None stands for empty ones, which a ledger frames as well."""
    looks: dict[Kind | None, dict[str, Any]] = {
        Kind.DAY: {"num_format": "yyyy-mm-dd", "align": "left"},
        Kind.MOMENT: {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
        Kind.TEXT: {"num_format": "@"},
        Kind.NUMBER: {},
        None: {},
    }
    if not table.is_ledger:
        return {kind: book.add_format(look) if look else None for kind, look in looks.items()}
    return {kind: book.add_format(look | LEDGER_CELL | LEDGER_FONT) for kind, look in looks.items()}


def _write_rows(book: Any, table: Table) -> int:
    heading_look = book.add_format(LEDGER_HEADING if table.is_ledger else HEADING)
    formats = _formats(book, table)
    sheet = book.add_worksheet(gettext("List"))
    _set_up_print(sheet, table)
    for at, column in enumerate(table.columns):
        look = formats[Kind.TEXT if column.kind is Kind.LABEL else column.kind]
        # An empty ledger's frame would go on below its rows.
        sheet.set_column(at, at, column.width, None if table.is_ledger else look)
    if table.is_ledger:
        sheet.set_row(0, _height(table.columns, table.headings))
    for at, heading in enumerate(table.headings):
        sheet.write_string(0, at, heading, heading_look)
    counted = _Counted(table.rows)
    for number, row in enumerate(counted, 1):
        if table.is_ledger:
            sheet.set_row(number, _height(table.columns, row))
        for at, cell in enumerate(row):
            _write_cell(sheet, number, at, cell, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, counted.count), max(0, len(table.columns) - 1))
    return counted.count


def _height(columns: Sequence[Column], row: Sequence[Cell]) -> float:
    """How high a row of a ledger must be for its longest text; not every program finds that out."""
    texts = ((column.width, cell) for column, cell in zip(columns, row, strict=True) if type(cell) is str)
    lines = max((_lines(text, width) for width, text in texts), default=1)
    return min(lines * LINE_HEIGHT + 3, MOST_HEIGHT)


def _lines(text: str, width: int) -> int:
    """About how many lines a text takes; of three bytes is a character that is twice as wide."""
    room = width * LETTERS_IN_WIDTH
    if "\n" in text:
        return sum(_lines(part, width) for part in text.split("\n"))
    return max(1, ceil((len(text.encode(errors="replace")) + len(text)) / 2 / room))


def _write_cell(sheet: Any, number: int, at: int, cell: Cell, formats: dict[Kind | None, Any]) -> None:
    if cell is None:
        if formats[None] is not None:
            sheet.write_blank(number, at, None, formats[None])
    elif isinstance(cell, str):
        sheet.write_string(number, at, cell[:MOST_CHARACTERS], formats[Kind.TEXT])
    elif isinstance(cell, date):
        _write_day(sheet, number, at, cell, formats)
    else:
        sheet.write_number(number, at, cell, formats[Kind.NUMBER])


def _write_day(sheet: Any, number: int, at: int, cell: date, formats: dict[Kind | None, Any]) -> None:
    is_moment = isinstance(cell, datetime)
    if (cell.date() if isinstance(cell, datetime) else cell) < FIRST_DAY:
        sheet.write_string(number, at, guarded(cell), formats[Kind.TEXT])
    else:
        sheet.write_datetime(number, at, cell, formats[Kind.MOMENT if is_moment else Kind.DAY])


def _set_up_print(sheet: Any, table: Table) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header("&C&B" + _printable(table.title))
    sheet.set_footer("&L" + _printable(table.mark) + "&R&P / &N")


def _printable(text: str) -> str:
    return text[:MOST_MARK].replace("&", "&&")


def _write_notes(book: Any, table: Table, count: int) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet = book.add_worksheet(gettext("About this file"))
    sheet.set_column(0, 0, 16, wrapped)
    sheet.set_column(1, 1, 90, wrapped)
    for number, (label, value) in enumerate([*table.notes, (gettext("Rows"), str(count))]):
        sheet.write_string(number, 0, label, wrapped)
        sheet.write_string(number, 1, value[:MOST_CHARACTERS], wrapped)


WRITERS = {"xlsx": write_xlsx, "csv": write_csv}
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
