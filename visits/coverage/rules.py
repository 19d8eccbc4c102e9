"""Pure rules of the board: what enterprises of one part come to together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median


@dataclass(frozen=True)
class Firm:
    """One enterprise in scope: its visits in the period, when it was last visited, and what it is owed."""

    visits: int
    last_on: date | None
    required: int
    credited: int
    is_due: bool


@dataclass(frozen=True)
class Line:
    """Enterprises together; the days since the last visit are of those that were ever visited."""

    firms: int
    visited: int
    visits: int
    required: int
    credited: int
    owed: int
    due: int
    never: int
    median_days: float | None
    most_days: int | None

    @property
    def coverage(self) -> float | None:
        """The part of the enterprises that was visited in the period."""
        return self.visited / self.firms if self.firms else None

    @property
    def completion(self) -> float | None:
        """The part of the required visits that was made, no more counted for each than was required."""
        return self.credited / self.required if self.required else None

    @property
    def urgency(self) -> tuple[int, int, float]:
        """Longest unvisited first: who was never visited, then the longest time, then the middle one."""
        return (-self.never, -(self.most_days or 0), -(self.median_days or 0))


def line_of(firms: Sequence[Firm], day: date) -> Line:
    """Put enterprises together as of a day."""
    days = [(day - firm.last_on).days for firm in firms if firm.last_on]
    return Line(
        firms=len(firms),
        visited=_count(firm.visits > 0 for firm in firms),
        visits=sum(firm.visits for firm in firms),
        required=sum(firm.required for firm in firms),
        credited=sum(firm.credited for firm in firms),
        owed=_count(firm.required > 0 for firm in firms),
        due=_count(firm.is_due for firm in firms),
        never=_count(firm.last_on is None for firm in firms),
        median_days=median(days) if days else None,
        most_days=max(days) if days else None,
    )


def _count(marks: Iterable[bool]) -> int:
    return sum(marks)
