"""How large a table may be that is read from a file, and what stops the reading of a larger one."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 20 * MEGABYTE
MAX_UNPACKED_BYTES = 200 * MEGABYTE
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_FILLED_CELLS = 2_000_000
MAX_CELL_CHARACTERS = 32_767
# One shared string of a workbook may stand in every cell, so small files can hold endless text.
MAX_CHARACTERS = 40_000_000


class Problem(Exception):
    """Why a file is not read: a key of `spreadsheet.SENTENCES`, and the values its sentence names."""

    def __init__(self, key: str, **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def column_letters(column: int) -> str:
    """Return the letters over a column, counted from 1, as a spreadsheet shows them."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def require_within(row: int, column: int) -> None:
    """Raise Problem when a filled cell at this row and column, counted from 1, lies outside the limits."""
    if row > MAX_ROWS:
        raise Problem("too_many_rows", row=row, limit=MAX_ROWS)
    if column > MAX_COLUMNS:
        raise Problem("too_many_columns", column=column_letters(column), limit=MAX_COLUMNS)


def filled_rows(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that holds anything, with its number and without its blank end."""
    cells_left, characters_left = MAX_FILLED_CELLS, MAX_CHARACTERS
    for number, row in enumerate(rows, start=1):
        cells = _without_blank_end(row)
        if not cells:
            continue
        require_within(number, len(cells))
        cells_left -= sum(map(bool, cells))
        characters_left -= _count_characters(number, cells)
        if cells_left < 0 or characters_left < 0:
            raise Problem("too_big")
        yield number, cells


def _without_blank_end(row: Sequence[str]) -> list[str]:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return list(row[:end])


def _count_characters(number: int, cells: list[str]) -> int:
    if max(map(len, cells)) > MAX_CELL_CHARACTERS:
        raise Problem("cell_too_long", row=number, limit=MAX_CELL_CHARACTERS)
    if any("\x00" in cell for cell in cells):
        raise Problem("not_text")
    return sum(map(len, cells))
