"""What is wrong with what stands in a form's cells, told cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import gettext

from visits.core.i18n import N_
from visits.core.workdays import Calendar
from visits.reports.assemble import is_divisible
from visits.reports.queries import Ground
from visits.superior import rules, sources
from visits.superior.models import MappedCell, RepeatedRow
from visits.superior.placement import Placement

Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Fault:
    """A sentence (an English msgid) about one cell or row of a sheet."""

    sheet: str
    at: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SeenSheet:
    """A sheet as it was seen when the workbook was taken in."""

    name: str
    is_hidden: bool
    rows: int
    columns: int
    cells: Sequence[Sequence[Any]]
    merges: Sequence[Area]

    @cached_property
    def texts(self) -> dict[tuple[int, int], tuple[str, bool]]:
        """What stands in a cell, and whether it is a formula."""
        return {(row, column): (text, is_formula) for row, column, text, is_formula in self.cells}

    @cached_property
    def covered(self) -> dict[tuple[int, int], Area]:
        """The merged area of each cell of it, without its first cell."""
        return {
            (row, column): area
            for area in self.merges
            for row in range(area[0], area[2] + 1)
            for column in range(area[1], area[3] + 1)
            if (row, column) != (area[0], area[1])
        }


def seen_sheets(version: Any) -> list[SeenSheet]:
    """The sheets of a version."""
    return [
        SeenSheet(**{**said, "merges": [tuple(a) for a in said["merges"]]})
        for said in version.sheets["sheets"]
    ]


@dataclass(frozen=True)
class Check:
    """All that a mapping is held against."""

    sheets: Mapping[str, SeenSheet]
    placed: Placement
    ground: Ground
    calendar: Calendar

    def faults(self) -> list[Fault]:
        """Everything that is wrong, sheet by sheet; nothing mapped is wrong too."""
        if not self.placed.cells:
            return [Fault("", "", N_("No cell is filled yet. Choose a cell and say what belongs there."))]
        found = [fault for rows in self.placed.rows.values() for fault in self._of_rows(rows)]
        return found + [fault for cell in self.placed.cells for fault in self._of_cell(cell)]

    def _of_rows(self, rows: RepeatedRow) -> Iterator[Fault]:
        at = rules.rows_words(rows.first_row, rows.last_row)
        sheet = self.sheets.get(rows.sheet)
        if sheet is None:
            yield Fault(rows.sheet, at, N_("This workbook has no such sheet. Take the repeated row away."))
            return
        if rows.list_of not in sources.lists():
            yield Fault(rows.sheet, at, N_("This list does not exist any more. Choose another."))
        if not self.placed.repeated(rows.sheet):
            yield Fault(rows.sheet, at, N_("No cell of the repeated row says what belongs there."))
        for area in sheet.merges:
            if area[0] != area[2] and _cuts(area, rows):
                params = {"area": rules.area_words(area)}
                yield Fault(
                    rows.sheet, at, N_("The merged area %(area)s ends inside the repeated row."), params
                )

    def _of_cell(self, cell: MappedCell) -> Iterator[Fault]:
        at = rules.address_of(cell.row, cell.column)
        sheet = self.sheets.get(cell.sheet)
        if sheet is None:
            yield Fault(cell.sheet, at, N_("This workbook has no such sheet. Leave the cell as it is."))
            return
        for message, params in (
            *self._of_place(sheet, cell),
            *self._of_source(cell),
            *self._of_parts(cell),
        ):
            yield Fault(cell.sheet, at, message, params)

    def _of_place(self, sheet: SeenSheet, cell: MappedCell) -> Iterator[tuple[str, dict[str, Any]]]:
        place = (cell.row, cell.column)
        if area := sheet.covered.get(place):
            first = rules.address_of(area[0], area[1])
            yield (
                N_("This cell lies inside a merged area; choose its first cell, %(first)s."),
                {"first": first},
            )
        if sheet.texts.get(place, ("", False))[1]:
            yield N_("A formula of the template stands here; it would be lost."), {}
        rows = self.placed.rows.get(cell.sheet)
        if rows is not None and self.placed.is_repeated(cell) and cell.row != rows.first_row:
            yield (
                N_("This row is prepared for the list; choose the cell in row %(row)d."),
                {"row": rows.first_row},
            )

    def _of_source(self, cell: MappedCell) -> Iterator[tuple[str, dict[str, Any]]]:
        rows = self.placed.rows.get(cell.sheet) if self.placed.is_repeated(cell) else None
        if cell.source.startswith(sources.COLUMN):
            yield from self._of_column(cell, rows)
        elif (measure := sources.measure_of(cell.source)) is not None:
            if rows is not None and measure.key not in sources.figures_of(rows.list_of):
                yield N_("This figure cannot be told for each row of the list."), {}
            if cell.part is not None and measure.set_name(cell.part) is None:
                yield N_("This figure is not made of two numbers. Choose the figure itself."), {}
        elif cell.source not in (*sources.TEXTS, sources.WORDS, sources.SENTENCE):
            yield N_("This figure does not exist any more. Choose another."), {}
        for blank in rules.blanks_of(cell.words):
            if blank not in sources.BLANKS:
                yield N_("Nothing is called “%(blank)s”; see the list of blanks."), {"blank": blank}

    def _of_column(
        self, cell: MappedCell, rows: RepeatedRow | None
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        if rows is None:
            yield N_("A column of a list belongs into a repeated row."), {}
        elif cell.source.removeprefix(sources.COLUMN) not in sources.columns_of(
            rows.list_of, self.calendar
        ):
            yield N_("The list has no such column. Choose another."), {}

    def _of_parts(self, cell: MappedCell) -> Iterator[tuple[str, dict[str, Any]]]:
        measure = sources.measure_of(cell.source)
        known = {(named.dimension, named.id) for named in self.ground.named}
        for dimension, key in cell.narrowed.items():
            if (dimension, key) not in known:
                yield N_("What the figure is narrowed down to does not exist any more."), {}
            elif measure is not None and not is_divisible(measure, dimension):
                yield (
                    N_("This figure cannot be narrowed down by “%(dimension)s”."),
                    {"dimension": gettext(sources.PART_LABELS[dimension])},
                )
        if cell.narrowed and self.placed.is_repeated(cell):
            yield N_("In a repeated row each figure is of the row's own part; choose no other."), {}


def _cuts(area: Area, rows: RepeatedRow) -> bool:
    """Whether an area over several rows lies inside the repeated ones, or ends among them."""
    top, bottom = area[0], area[2]
    meets = top <= rows.last_row and bottom >= rows.first_row
    holds_all = (
        top <= rows.first_row
        and bottom >= rows.last_row
        and (top, bottom)
        != (
            rows.first_row,
            rows.last_row,
        )
    )
    return meets and not holds_all
