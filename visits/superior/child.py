"""The process that opens a superior's workbook apart from the server: orders and file in, file out."""

import json
import sys
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.worksheet.formula import ArrayFormula

from visits.core.apart import limit_resources
from visits.core.spreadsheet_limits import MEGABYTE, Problem
from visits.superior.scan import scanned
from visits.superior.workbook import filled, opened

MAX_MEMORY_BYTES = 1024 * MEGABYTE
MAX_CPU_SECONDS = 30
MAX_SHOWN_TEXT = 120
Answer = tuple[dict[str, Any], bytes]


def answered(job: str, orders: dict[str, Any], content: bytes) -> Answer:
    """Look at a workbook ("look") or fill it ("fill"); a problem that stops it is the answer."""
    try:
        if job == "fill":
            return {}, filled(content, orders)
        lost = scanned(content)
        book = opened(content)
        return {"sheets": [seen(sheet) for sheet in book.worksheets], "lost": lost}, b""
    except Problem as problem:
        return {"problem": problem.key, "params": problem.params}, b""
    except MemoryError:
        return {"problem": "too_big", "params": {}}, b""
    except Exception:  # whatever a damaged workbook makes the library stumble over
        return {"problem": "broken", "params": {}}, b""


def seen(sheet: Any) -> dict[str, Any]:
    """What a page shows of a sheet: its texts, formulas and merged areas as far as there are any."""
    cells, rows, columns = [], 0, 0
    for (row, column), cell in sorted(sheet._cells.items()):
        text, is_formula = said(cell)
        if text or has_border(cell):
            rows, columns = max(rows, row), max(columns, column)
        if text:
            cells.append([row, column, text, is_formula])
    merges = [[a.min_row, a.min_col, a.max_row, a.max_col] for a in sheet.merged_cells.ranges]
    for _, _, last_row, last_column in merges:
        rows, columns = max(rows, last_row), max(columns, last_column)
    return {
        "name": sheet.title,
        "is_hidden": sheet.sheet_state != "visible",
        "rows": rows,
        "columns": columns,
        "cells": cells,
        "merges": sorted(merges),
    }


def said(cell: Any) -> tuple[str, bool]:
    """A cell's text as far as a page shows it, and whether it is a formula."""
    if isinstance(cell, MergedCell) or cell.value is None:
        return "", False
    value = cell.value.text if isinstance(cell.value, ArrayFormula) else cell.value
    return str(value)[:MAX_SHOWN_TEXT], cell.data_type == "f"


def has_border(cell: Any) -> bool:
    """Whether a line is drawn beside a cell, as around the boxes of a form."""
    if not cell.has_style:
        return False
    border = cell.border
    return any(side is not None and side.style for side in (border.left, border.right, border.bottom))


if __name__ == "__main__":
    limit_resources(MAX_MEMORY_BYTES, MAX_CPU_SECONDS)
    asked = json.loads(sys.stdin.buffer.readline())
    about, made = answered(asked["job"], asked["orders"], sys.stdin.buffer.read())
    sys.stdout.buffer.write(json.dumps(about, ensure_ascii=False).encode() + b"\n" + made)
