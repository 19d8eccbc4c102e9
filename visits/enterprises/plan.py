"""What becomes of the rows of a file."""

from dataclasses import dataclass, field
from typing import Any

from visits.enterprises.checking import RowError


@dataclass
class Plan:
    """The rows by fate: those that bring something, those that are here, skipped, rejected."""

    rows: int = 0
    created: list[Any] = field(default_factory=list)
    unchanged: list[Any] = field(default_factory=list)
    skipped: int = 0
    rejected: list[Any] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    run_id: int | None = None
    heading_row: int = 1

    def counts(self) -> dict[str, int]:
        """The figures of an import: rows are the sum of the next four."""
        return {
            "rows": self.rows,
            "created": len(self.created),
            "unchanged": len(self.unchanged),
            "skipped": self.skipped,
            "rejected": len(self.rejected),
        }

    def errors(self) -> list[RowError]:
        """Why the rejected rows were rejected."""
        return [error for row in self.rejected for error in row.errors]

    def meet(self, row: Any) -> bool:
        """Count a row; say whether it is sound and its fate is still to be found."""
        self.rows += 1
        self.warnings += row.warnings if not row.errors else []
        if not row.values:
            self.skipped += 1
        elif row.errors:
            self.rejected.append(row)
        else:
            return True
        return False
