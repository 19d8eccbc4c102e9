"""What a workbook says besides its values: error cells, hidden rows, merged cells, its first day."""

from dataclasses import dataclass, field

from visits.core.spreadsheet_limits import MAX_ROWS

ERROR_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# Stands in a cell whose formula was never calculated, as programs other than a spreadsheet leave it.
NOT_CALCULATED = "#FORMULA"
WITHOUT_VALUE = frozenset(
    {*ERROR_NAMES.values(), "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", NOT_CALCULATED}
)


@dataclass
class SheetNotes:
    """Notes on one sheet; rows and columns are counted from 1.

    `failed` holds the cells without a value and what they show instead; `merges` the cells merged downwards
    as (first row, last row, column).
    """

    failed: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int]] = field(default_factory=list)

    def hide(self, first: int, last: int) -> None:
        """Note hidden rows, as far down as rows are read."""
        self.hidden_rows.update(range(first, min(last, MAX_ROWS) + 1))

    def merge(self, rows: tuple[int, int], column: int) -> None:
        """Note a merged area when it reaches over several rows."""
        if rows[1] > rows[0]:
            self.merges.append((*rows, column))


@dataclass
class BookNotes:
    """Notes on a workbook: its sheets by name, and whether day 0 is in 1904."""

    sheets: dict[str, SheetNotes] = field(default_factory=dict)
    is_1904: bool = False

    def of(self, sheet: str) -> SheetNotes:
        """The notes on a sheet, empty ones where nothing was found."""
        return self.sheets.get(sheet) or SheetNotes()
