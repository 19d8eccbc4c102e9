"""A sheet of a report's workbook: looks, print set-up, tables written from the top down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from flask_babel import gettext

from visits.core.documents import fit_for_xml, width_of
from visits.core.export import MOST_CHARACTERS
from visits.monthly.tables import Column, Kind, Table, Value

A4 = 9
LINE, MOST_HEIGHT = 13.5, 400.0  # points
FORMATS = {Kind.TEXT: "@", Kind.COUNT: "General", Kind.RATE: "0.0%", Kind.DAY: "yyyy-mm-dd"}
SIDES = {Kind.TEXT: "left", Kind.COUNT: "right", Kind.RATE: "right", Kind.DAY: "center"}
CELL = {"border": 1, "border_color": "#9AA5B1", "valign": "vcenter", "font_size": 10}


@dataclass(frozen=True)
class Looks:
    """The formats of a workbook."""

    title: Any
    head: Any
    soft: Any
    of: Mapping[Kind, Any]
    total: Mapping[Kind, Any]
    change: Any
    points: Any


def looks_of(book: Any) -> Looks:
    """Make the formats, once for each workbook."""
    shapes = {
        kind: {**CELL, "num_format": shape, "align": SIDES[kind], "text_wrap": kind is Kind.TEXT}
        for kind, shape in FORMATS.items()
    }
    head = {**CELL, "bold": True, "bg_color": "#E7F0F9", "align": "center", "text_wrap": True}
    return Looks(
        title=book.add_format({"bold": True, "font_size": 14}),
        head=book.add_format(head),
        soft=book.add_format({"font_color": "#495663", "font_size": 10}),
        of={kind: book.add_format(shape) for kind, shape in shapes.items()},
        total={kind: book.add_format({**shape, "bold": True, "top": 2}) for kind, shape in shapes.items()},
        change=book.add_format({**shapes[Kind.COUNT], "num_format": "+0.##;-0.##;0"}),
        points=book.add_format({**shapes[Kind.RATE], "num_format": _points()}),
    )


def _points() -> str:
    """How percentage points are written: with their sign and their name."""
    name = gettext("percentage points").replace('"', "")
    return f'+0.0" {name}";-0.0" {name}";0.0" {name}"'


class SheetWriter:
    """Writes a sheet of a workbook from the top down; `row` is where it goes on."""

    def __init__(self, sheet: Any, looks: Looks, widths: Sequence[float]) -> None:
        self.sheet, self.looks, self.widths, self.row = sheet, looks, widths, 0
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)

    def set_up(self, *, is_wide: bool, foot: str, is_one_page: bool = False) -> None:
        """Set it up for A4, one page wide, or all on one; `foot` stands below each page."""
        if is_wide:
            self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        self.sheet.fit_to_pages(1, int(is_one_page))
        self.sheet.hide_gridlines(2)
        self.sheet.set_footer("&L" + foot.replace("&", "&&") + "&R&P / &N")

    def say(self, text: str, look: Any = None) -> None:
        """Write a line that may reach over the columns beside it."""
        self.sheet.write_string(self.row, 0, _fit(text), look or self.looks.soft)
        self.row += 1

    def skip(self) -> None:
        """Leave a row empty."""
        self.row += 1

    def head(self, headings: Sequence[str]) -> int:
        """Write the head of a table; returns its row."""
        for at, heading in enumerate(headings):
            self.sheet.write_string(self.row, at, heading, self.looks.head)
        self.sheet.set_row(self.row, self._height(headings))
        self.row += 1
        return self.row - 1

    def line(self, values: Sequence[Value], looks: Sequence[Any]) -> None:
        """Write one row of a table, high enough for its texts."""
        for at, (value, look) in enumerate(zip(values, looks, strict=True)):
            self._write(at, value, look)
        self.sheet.set_row(self.row, self._height(values))
        self.row += 1

    def table(self, table: Table) -> int:
        """Write a table with its caption; returns the row of its head."""
        if table.caption:
            self.say(table.caption, self.looks.title)
        head = self.head([column.heading for column in table.columns])
        for number, row in enumerate(table.rows, 1):
            is_total = table.has_total and number == len(table.rows)
            formats = self.looks.total if is_total else self.looks.of
            self.line(row, [formats[column.kind] for column in table.columns])
        if not table.rows:
            self.line([gettext("None")], [self.looks.of[Kind.TEXT]])
        return head

    def keep_head(self, head: int, columns: int = 0) -> None:
        """Keep the head of the table in view, and repeat it on each printed page."""
        self.sheet.freeze_panes(head + 1, columns)
        self.sheet.repeat_rows(head)

    def _write(self, at: int, value: Value, look: Any) -> None:
        if value is None or value == "":
            self.sheet.write_blank(self.row, at, None, look)
        elif isinstance(value, str):
            self.sheet.write_string(self.row, at, _fit(value), look)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, at, value, look)
        else:
            self.sheet.write_number(self.row, at, value, look)

    def _height(self, values: Sequence[Value]) -> float:
        """A row's height, for not every office program makes room for long texts by itself."""
        lines = 1
        for at, value in enumerate(values):
            if isinstance(value, str):
                room = max(1.0, self.widths[at] - 1)
                said = value[:MOST_CHARACTERS].splitlines() or [""]
                lines = max(lines, sum(max(1, ceil(width_of(line) / room)) for line in said))
        return min(MOST_HEIGHT, LINE * lines + 4)


def _fit(text: str) -> str:
    return fit_for_xml(text)[:MOST_CHARACTERS]


def widths_of(tables: Sequence[Sequence[Column]]) -> list[float]:
    """The widths of the columns of tables that stand below each other."""
    most = max(len(columns) for columns in tables)
    shares = [max(columns[at].share for columns in tables if at < len(columns)) for at in range(most)]
    return [max(7.0, share * 0.8) for share in shares]
