"""Writes values into a superior's workbook: its formats, merged cells, formulas and print set-up stay."""

import io
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.formula import ArrayFormula

from visits.core.formulas import starts_formula
from visits.core.spreadsheet_limits import MAX_CELL_CHARACTERS, Problem
from visits.superior.growth import Growth, grown, grown_area, repeated

Value = tuple[str, Any] | None  # what kind ("number", "rate", "text", "day", "moment") and what
Orders = Mapping[str, Mapping[str, Any]]


def opened(content: bytes) -> Any:
    """The workbook, with the texts' inner formats."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is lost we tell ourselves
        book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True, keep_links=False)
    book.template = False
    return book


def filled(content: bytes, orders: Orders) -> bytes:
    """The workbook with values in it: per sheet `cells` [[row, column, value]] and maybe `rows`.

    `rows` holds the first and last row that are there for a list, the columns filled and the rows' values.
    """
    book = opened(content)
    growths = {
        name: growth
        for name, order in orders.items()
        if "rows" in order and (growth := growth_of(order["rows"])).extra
    }
    for sheet in book.worksheets:
        _drop_charts(sheet)
    if growths:
        _grow(book, growths)
    for name, order in orders.items():
        _write(book[name], order, growths.get(name))
    book.calculation.fullCalcOnLoad = True
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def growth_of(rows: Mapping[str, Any]) -> Growth:
    """How many rows a list needs beyond those that are there for it."""
    first, last = rows["first"], rows["last"]
    return Growth(first, last, max(0, len(rows["values"]) - (last - first + 1)))


def _drop_charts(sheet: Any) -> None:
    # Half of a chart would be worse than none: its looks would be lost, its areas not moved.
    sheet._charts = []


def _write(sheet: Any, order: Mapping[str, Any], growth: Growth | None) -> None:
    for row, column, value in order.get("cells", ()):
        _put(sheet.cell(growth.moved(row) if growth else row, column), value)
    rows = order.get("rows")
    if rows is None:
        return
    for number, values in enumerate(rows["values"], rows["first"]):
        for column, value in zip(rows["columns"], values, strict=True):
            _put(sheet.cell(number, column), value)
    for number in range(rows["first"] + len(rows["values"]), rows["last"] + 1):
        for column in rows["columns"]:
            _put(sheet.cell(number, column), None)


def _put(cell: Any, value: Sequence[Any] | None) -> None:
    if isinstance(cell, MergedCell):
        raise Problem("inside_merge", cell=cell.coordinate)
    if value is None:
        cell.value = None
        return
    kind, said = value
    PUT[kind](cell, said)


def _put_number(cell: Cell, said: float) -> None:
    cell.value = said
    if cell.number_format == "@":
        cell.number_format = "General"


def _put_rate(cell: Cell, said: float) -> None:
    """A fraction where the cell shows per cent or has no format; a hundredfold where it has another."""
    if cell.number_format in ("General", "@"):
        cell.number_format = "0.0%"
    cell.value = said if "%" in cell.number_format else round(said * 100, 10)


def _put_text(cell: Cell, said: str) -> None:
    text = ILLEGAL_CHARACTERS_RE.sub("", said)[:MAX_CELL_CHARACTERS]
    cell.value = text
    cell.data_type = "s"  # whatever it looks like: it is text, never a formula
    if starts_formula(text):
        cell.quotePrefix = True


def _put_day(cell: Cell, said: str) -> None:
    cell.number_format, cell.value = _dated(cell, "yyyy-mm-dd"), date.fromisoformat(said)


def _put_moment(cell: Cell, said: str) -> None:
    cell.number_format, cell.value = _dated(cell, "yyyy-mm-dd hh:mm"), datetime.fromisoformat(said)


def _dated(cell: Cell, otherwise: str) -> str:
    own = cell.number_format
    return own if is_date_format(own) else otherwise


PUT: dict[str, Callable[[Any, Any], None]] = {
    "number": _put_number,
    "rate": _put_rate,
    "text": _put_text,
    "day": _put_day,
    "moment": _put_moment,
}


def _grow(book: Any, growths: Mapping[str, Growth]) -> None:
    """Repeat rows, move down what stands below them, and let everything that names rows follow."""
    copies = {name: _rows_to_copy(book[name], growth) for name, growth in growths.items()}
    for sheet in book.worksheets:
        _grow_formulas(sheet, growths)
        for name in sheet.defined_names.values():
            name.value = grown(name.value, sheet.title, growths)
    for name in book.defined_names.values():
        name.value = grown(name.value, "", growths)
    for name, growth in growths.items():
        _grow_sheet(book[name], growth)
        _paste(book[name], growth, copies[name], growths)


def _rows_to_copy(sheet: Any, growth: Growth) -> dict[int, tuple[Any, Any, bool]]:
    """Style and contents, per column, of the last row that is there for the list, and if a formula."""
    cells = [sheet._cells.get((growth.last, column)) for column in range(1, sheet.max_column + 1)]
    return {
        cell.column: (copy(cell._style), cell.value, cell.data_type == "f")
        for cell in cells
        if cell is not None and not isinstance(cell.value, ArrayFormula)
    }


def _grow_formulas(sheet: Any, growths: Mapping[str, Growth]) -> None:
    own = growths.get(sheet.title)
    for cell in list(sheet._cells.values()):
        if cell.data_type == "f" and not isinstance(cell, MergedCell):
            _grow_formula(cell, own, sheet.title, growths)
    for cf in sheet.conditional_formatting:
        for rule in cf.rules:
            rule.formula = [grown(text, sheet.title, growths) for text in rule.formula]
    for rule in sheet.data_validations.dataValidation:
        for name in ("formula1", "formula2"):
            if text := getattr(rule, name):
                setattr(rule, name, grown(text, sheet.title, growths))


def _grow_formula(cell: Any, own: Growth | None, name: str, growths: Mapping[str, Growth]) -> None:
    is_inside = own is not None and own.is_inside(cell.row)
    if isinstance(cell.value, ArrayFormula):
        ref = cell.value.ref if own is None or is_inside else grown_area(cell.value.ref, own)
        cell.value = ArrayFormula(ref, grown(cell.value.text, name, growths))
    elif is_inside:
        cell.value = repeated(cell.value, name, growths, 0)
    else:
        cell.value = grown(cell.value, name, growths)


def _grow_sheet(sheet: Any, growth: Growth) -> None:
    _move_heights(sheet, growth)
    sheet.insert_rows(growth.last + 1, growth.extra)
    for area in sheet.merged_cells.ranges:
        area.min_row, area.max_row = _merged(growth, area.min_row, area.max_row)
    _grow_rules(sheet, growth)
    _grow_print(sheet, growth)
    for cell in sheet._cells.values():
        if getattr(cell, "hyperlink", None):
            cell.hyperlink.ref = cell.coordinate
    for picture in sheet._images:
        for corner in (getattr(picture.anchor, "_from", None), getattr(picture.anchor, "to", None)):
            if corner is not None:
                corner.row = growth.moved(corner.row + 1) - 1


def _move_heights(sheet: Any, growth: Growth) -> None:
    heights = {row: how for row, how in sheet.row_dimensions.items() if row > growth.last}
    for row in heights:
        del sheet.row_dimensions[row]
    for row, how in heights.items():
        how.index = row + growth.extra
        sheet.row_dimensions[row + growth.extra] = how


def _merged(growth: Growth, first: int, last: int) -> tuple[int, int]:
    """Cells merged within the row stay as they are; those merged over it grow with it."""
    if first == last:
        return growth.moved(first), growth.moved(last)
    return growth.stretched(first, last)


def _grow_rules(sheet: Any, growth: Growth) -> None:
    rules = ConditionalFormattingList()
    for cf in sheet.conditional_formatting:
        for rule in cf.rules:
            rules.add(grown_area(str(cf.sqref), growth), rule)
    sheet.conditional_formatting = rules
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange(grown_area(str(validation.sqref), growth))
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = grown_area(sheet.auto_filter.ref, growth)
    for table in sheet.tables.values():
        table.ref = grown_area(table.ref, growth)
        if table.autoFilter is not None and table.autoFilter.ref:
            table.autoFilter.ref = grown_area(table.autoFilter.ref, growth)


def _grow_print(sheet: Any, growth: Growth) -> None:
    if sheet.print_area:
        areas = [area.rpartition("!")[2].replace("$", "") for area in _areas(sheet.print_area)]
        sheet.print_area = ",".join(grown_area(area, growth) for area in areas)
    if sheet.print_title_rows:
        sheet.print_title_rows = grown_area(sheet.print_title_rows.replace("$", ""), growth)
    for mark in sheet.row_breaks.brk:
        mark.id = growth.moved(mark.id)


def _areas(said: Any) -> Iterator[str]:
    yield from (said if isinstance(said, list) else str(said).split(","))


def _paste(
    sheet: Any, growth: Growth, copied: Mapping[int, tuple[Any, Any, bool]], growths: Mapping[str, Growth]
) -> None:
    """Give the new rows the look, height, merged cells, texts and formulas of the row above them."""
    height = sheet.row_dimensions.get(growth.last)
    flat = [a for a in sheet.merged_cells.ranges if a.min_row == a.max_row == growth.last]
    wide = [(area.min_col, area.max_col) for area in flat]
    for down in range(1, growth.extra + 1):
        row = growth.last + down
        for first, last in wide:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        for column, (style, value, is_formula) in copied.items():
            cell = sheet.cell(row, column)
            cell._style = copy(style)
            if isinstance(cell, MergedCell):
                continue
            cell.value = repeated(value, sheet.title, growths, down) if is_formula else value
        if height is not None:
            sheet.row_dimensions[row] = copy(height)
            sheet.row_dimensions[row].index = row
