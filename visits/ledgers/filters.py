"""What a ledger is asked for: days of which kind, and which parts of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Self

from visits.core.filters import ALL_DAYS, ALL_VALUES, Days, Picked
from visits.core.i18n import N_


class By(StrEnum):
    """Which day of a record the period is about."""

    VISITED = "visited"
    RECORDED = "recorded"
    REGISTERED = "registered"
    CLOSED = "closed"
    OPEN = "open"


BY_LABELS = {
    By.VISITED: N_("Day of the visit"),
    By.RECORDED: N_("Day of recording"),
    By.REGISTERED: N_("Day registered"),
    By.CLOSED: N_("Day closed"),
    By.OPEN: N_("Open at some time in it"),
}


@dataclass(frozen=True)
class Wanted:
    """A period, by which day of a record, and the chosen values of each part; empty parts do not narrow."""

    days: Days = ALL_DAYS
    by: By | None = None
    parts: Mapping[str, Picked] = field(default_factory=dict)

    def __getitem__(self, part: str) -> Picked:
        """The chosen values of one part."""
        return self.parts.get(part, ALL_VALUES)

    def as_stored(self) -> dict[str, Any]:
        """The same as plain values, for a column of the database."""
        return {
            "first": self.days.first and self.days.first.isoformat(),
            "last": self.days.last and self.days.last.isoformat(),
            "by": self.by,
            "parts": {
                name: [list(picked.values), picked.nothing] for name, picked in self.parts.items() if picked
            },
        }

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """What `as_stored` put down."""
        first, last = (stored[name] and date.fromisoformat(stored[name]) for name in ("first", "last"))
        parts = {
            name: Picked(tuple(values), nothing) for name, (values, nothing) in stored["parts"].items()
        }
        return cls(Days(first, last), By(stored["by"]) if stored["by"] else None, parts)
