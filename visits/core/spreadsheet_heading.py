"""Where a table begins: the row of column headings below titles, or two rows of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from visits.core.spreadsheet import Table
from visits.core.spreadsheet_values import tidy

LOOKED_AT = 20  # filled rows among which the headings are looked for
JOINT = "/"

Recognise = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class Heading:
    """The columns' headings, the row of the file they stand in (the lower of two), the rows below them."""

    labels: list[str]
    row: int
    first: int  # index of the first row below, among the table's rows


def find_heading(table: Table, recognise: Recognise, row: int | None = None) -> Heading:
    """Find the headings: where most of them are recognised, else the first row as full as others.

    A group heading over sub-headings is joined to them, as "联络员/电话", where these are alike.
    `row` says that they stand in this row of the file.
    """
    rows = [[tidy(cell) for cell in cells] for cells in table.rows[:LOOKED_AT]]
    numbers = table.row_numbers[: len(rows)]
    looked_at = [numbers.index(row)] if row in numbers else range(len(rows))
    best = looked_at[0] if len(looked_at) == 1 else _first_full(rows)
    labels, most = rows[best], 0
    for index in looked_at:
        for candidate in (rows[index], _joined(rows, index)):
            if candidate and (count := recognise(candidate)) > most:
                best, labels, most = index, candidate, count
    return Heading(labels, numbers[best], best + 1)


def _first_full(rows: Sequence[Sequence[str]]) -> int:
    """Pass over titles: lines that fill less than half of the columns other lines fill."""
    filled = [sum(map(bool, row)) for row in rows]
    return next(index for index, count in enumerate(filled) if count * 2 >= max(filled))


def _joined(rows: Sequence[Sequence[str]], index: int) -> list[str] | None:
    """The headings of a row under the group headings of the row above; None where there are none."""
    upper, lower = rows[index - 1] if index else [], rows[index]
    if sum(map(bool, upper)) < 2 or list(upper) == list(lower):
        return None
    labels, group = [], ""
    for column, name in enumerate(lower):
        group = upper[column] or (group if name else "")
        is_alike = name and lower.count(name) > 1 and group and group != name
        labels.append(f"{group}{JOINT}{name}" if is_alike else name or group)
    return labels
