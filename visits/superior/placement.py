"""What is said of a version's cells: those that stand alone, and those of repeated rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visits.superior.models import MappedCell, RepeatedRow


@dataclass(frozen=True)
class Placement:
    """All that is said of a version's cells."""

    cells: Sequence[MappedCell]
    rows: Mapping[str, RepeatedRow]

    def singles(self, sheet: str) -> list[MappedCell]:
        """The mapped cells of a sheet that stand alone."""
        return [cell for cell in self.cells if cell.sheet == sheet and not self.is_repeated(cell)]

    def repeated(self, sheet: str) -> list[MappedCell]:
        """The mapped cells of a sheet's repeated row, from left to right."""
        found = [cell for cell in self.cells if cell.sheet == sheet and self.is_repeated(cell)]
        return sorted(found, key=lambda cell: cell.column)

    def is_repeated(self, cell: MappedCell) -> bool:
        """Whether a cell stands in its sheet's repeated row."""
        rows = self.rows.get(cell.sheet)
        return rows is not None and rows.first_row <= cell.row <= rows.last_row
