"""Files a person takes home from a list: xlsx with real dates and text, csv that starts no formula."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import IO, Any

import xlsxwriter
from flask_babel import gettext

from visits.core.formulas import guarded_text
from visits.core.listing import Cell, Column, Kind

MOST_CHARACTERS = 32_767  # of a cell of a workbook
FIRST_DAY = date(1900, 3, 1)  # days before do not exist in Excel, or are one off
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

    `notes` say the same and more, as (what, how it is) lines.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[Cell, ...]]
    mark: str = ""
    notes: Sequence[tuple[str, str]] = ()

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


def write_csv(table: Table, file: IO[bytes]) -> None:
    """Write a csv in UTF-8 with a byte order mark and CRLF; its first row is the headings."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(guarded, table.headings))
    writer.writerows(map(guarded, row) for row in table.rows)
    text.flush()
    text.detach()


def write_xlsx(table: Table, file: IO[bytes]) -> None:
    """Write a workbook: the rows, set up for printing on A4, and a second sheet with the notes."""
    with TemporaryDirectory(prefix="visits-") as folder:
        book = xlsxwriter.Workbook(file, {**OPTIONS, "tmpdir": folder})
        book.set_properties({"title": table.title, "comments": table.mark})
        _write_rows(book, table)
        _write_notes(book, table)
        book.close()


def _write_rows(book: Any, table: Table) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#E7F0F9", "bottom": 1, "valign": "vcenter"})
    formats = {
        Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
        Kind.TEXT: book.add_format({"num_format": "@"}),
    }
    sheet = book.add_worksheet(gettext("List"))
    _set_up_print(sheet, table)
    for at, column in enumerate(table.columns):
        look = formats.get(Kind.TEXT if column.kind is Kind.LABEL else column.kind)
        sheet.set_column(at, at, column.width, look)
    for at, heading in enumerate(table.headings):
        sheet.write_string(0, at, heading, bold)
    for number, row in enumerate(table.rows, 1):
        for at, cell in enumerate(row):
            _write_cell(sheet, number, at, cell, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(table.rows)), max(0, len(table.columns) - 1))


def _write_cell(sheet: Any, number: int, at: int, cell: Cell, formats: dict[Kind, Any]) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        sheet.write_string(number, at, cell[:MOST_CHARACTERS], formats[Kind.TEXT])
    elif isinstance(cell, date):
        _write_day(sheet, number, at, cell, formats)
    else:
        sheet.write_number(number, at, cell)


def _write_day(sheet: Any, number: int, at: int, cell: date, formats: dict[Kind, Any]) -> None:
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


def _write_notes(book: Any, table: Table) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet = book.add_worksheet(gettext("About this file"))
    sheet.set_column(0, 0, 16, wrapped)
    sheet.set_column(1, 1, 90, wrapped)
    for number, (label, value) in enumerate(table.notes):
        sheet.write_string(number, 0, label, wrapped)
        sheet.write_string(number, 1, value[:MOST_CHARACTERS], wrapped)


WRITERS = {"xlsx": write_xlsx, "csv": write_csv}
MIMETYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
