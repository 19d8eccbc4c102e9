"""Rows of a ledger checked one by one, before anything is compared with what there is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from visits.core.i18n import N_
from visits.core.spreadsheet import Table
from visits.core.spreadsheet_heading import Heading
from visits.core.spreadsheet_values import fault_of, tidy
from visits.enterprises.checking import FOOT, ROWS_A_STEP, RowError
from visits.enterprises.columns import Columns

SHOWN = 60

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Sheet:
    """A file as it was read, with its headings, and which column fills which field."""

    table: Table
    heading: Heading
    mapping: dict[str, int]
    filename: str


@dataclass
class Row:
    """One row of a ledger: its cells, what they say, why it stays out.

    One without values is skipped. `labels` is how the file calls its columns; `columns` are those of the
    ledger, `whole` is the one beside which remarks on the row as a whole are shown.
    """

    number: int
    values: dict[str, Any]
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)

    columns: ClassVar[Columns]
    whole: ClassVar[str]

    def reject(self, key: str, reason: str, **params: Any) -> None:
        """Note why the row stays out."""
        self.errors.append(self._said(key, reason, params))

    def warn(self, key: str, reason: str, **params: Any) -> None:
        """Note what somebody should look at."""
        self.warnings.append(self._said(key, reason, params))

    def on_the_whole(self, reason: str, **params: Any) -> RowError:
        """A remark on the row, shown beside its most telling column."""
        return self._said(self.whole, reason, params)

    def _said(self, key: str, reason: str, params: dict[str, Any]) -> RowError:
        value = str(self.values.get(key) or "")[:SHOWN]
        return RowError(self.number, self.heading_of(key), value, reason, params)

    def heading_of(self, key: str) -> str:
        """What the file calls a column; where it has none, how such a one is usually called."""
        return self.labels.get(key) or self.columns.by_key[key].headers[0]


class RowChecker(ABC):
    """What the rows of one file share while they are checked; each ledger says how to `read` one."""

    row: type[Row]
    long_texts: tuple[str, ...] = ()
    foot: str
    needed: str  # the column without which a first cell such as 合计 makes a row a total

    def __init__(self, sheet: Sheet) -> None:
        self.table, self.mapping, self.is_1904 = sheet.table, sheet.mapping, sheet.table.is_1904
        self.labels, self.first = sheet.heading.labels, sheet.heading.first
        self.named = {key: self.labels[at] for key, at in self.mapping.items()}

    def check_rows(self, progress: Progress = lambda done: None) -> list[Any]:
        """Check every row by itself; long work, done outside any transaction.

        `progress` is told every so often how many rows are done.
        """
        checked = []
        for done, at in enumerate(range(self.first, len(self.table.rows))):
            if done % ROWS_A_STEP == 0:
                progress(done)
            checked.append(self.check(self.table.row_numbers[at], self.table.rows[at]))
        return checked

    def check(self, number: int, cells: Sequence[str]) -> Row:
        """Check one row's cells and turn them into what a record is made of."""
        values = {
            key: tidy(cells[at], keep_lines=key in self.long_texts) for key, at in self.mapping.items()
        }
        row = self.row(number, values, labels=self.named)
        first = next((text for cell in cells if (text := tidy(cell))), "")
        if not any(values.values()):
            row.values = {}
        elif reason := self._is_no_row(first, values):
            row.values = {}
            row.warnings.append(RowError(number, "", first[:SHOWN], reason))
        else:
            self._judge(row)
        return row

    def _is_no_row(self, first: str, values: dict[str, str]) -> str | None:
        if FOOT.fullmatch(first.replace(" ", "")) and not values.get(self.needed):
            return self.foot
        at = self.mapping.get(self.needed)
        if at is not None and values[self.needed] == self.labels[at].rpartition("/")[2]:
            return N_("This row repeats the column headings; it is left out.")
        return None

    def _judge(self, row: Row) -> None:
        for key, value in row.values.items():
            most = row.columns.by_key[key].most
            if fault := fault_of(value):
                row.reject(key, fault.reason, **fault.params)
            elif len(value) > most:
                row.reject(key, N_("Longer than %(most)d characters."), most=most)
        if not row.errors:
            self.read(row)

    @abstractmethod
    def read(self, row: Any) -> None:
        """Note in `said` what the cells of a sound row say, and what is wrong with it."""
