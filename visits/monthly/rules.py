"""Pure questions about monthly reports: sections, the balance, the seal, what can be ranked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from visits.core.i18n import N_
from visits.core.periods import Month, Span

EARLIEST = Month(2000, 2)
LEAST_CASES = 5  # a unit with fewer cases stands in the table unranked
# which figures a score is made of, and the settings with their weights
WEIGHTS = {
    "response_rate": "weight_response",
    "on_time_rate": "weight_on_time",
    "solved_rate_verified": "weight_solved",
    "satisfaction_rate": "weight_satisfied",
}
BALANCE_KEYS = ("opening", "new", "reopened", "closed_events", "excluded_events", "open")


class Section(StrEnum):
    """The parts of a report that are text, in their order."""

    BASICS = "basics"
    HANDLING = "handling"
    TOPICS = "topics"
    TALKS = "talks"
    PROJECTS = "projects"
    NEXT = "next"


SECTION_LABELS = {
    Section.BASICS: N_("The month in figures"),
    Section.HANDLING: N_("How problems were handled"),
    Section.TOPICS: N_("What enterprises speak of most"),
    Section.TALKS: N_("Hard cases and coordination meetings"),
    Section.PROJECTS: N_("Service for projects"),
    Section.NEXT: N_("What comes next"),
}


def has_records(figures: Mapping[str, Any]) -> bool:
    """Whether anything is known of a period; figures of a time before all records say nothing."""
    return any(
        figures[key].value for key in ("visit_count", "contact_count", "opening", "new") if key in figures
    )


@dataclass(frozen=True)
class Balance:
    """What came in and went out between the two ends of a month, and what is open at its end."""

    opening: int
    new: int
    reopened: int
    closed: int
    excluded: int
    open: int

    @property
    def expected(self) -> int:
        """What must be open at the end by what came in and went out."""
        return self.opening + self.new + self.reopened - self.closed - self.excluded

    @property
    def holds(self) -> bool:
        """Whether the two ways to the number open agree."""
        return self.expected == self.open


def balance_of(figures: Mapping[str, Any]) -> Balance:
    """The balance of a month's figures."""
    return Balance(*(int(figures[key].value or 0) for key in BALANCE_KEYS))


def span_to_date(month: Month, count_from: str | None) -> Span:
    """From the day the office counts from, or the very beginning, to the end of a month."""
    first = date.fromisoformat(count_from) if count_from else None
    return Span(first if first and first <= month.last_on else None, month.last_on)


def is_over(month: Month, today: date) -> bool:
    """Say whether a month has ended."""
    return month.last_on < today


def seal_of(content: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The SHA-256 of stored figures and texts, whatever the order of their keys."""
    whole = {"content": content, "texts": dict(texts)}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
