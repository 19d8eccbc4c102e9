"""What the list and the board are asked for: programmes, a period, and which enterprises of their scope."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from visits.core.filters import ALL_VALUES, Picked
from visits.core.i18n import N_
from visits.core.periods import Span
from visits.programmes.scope import Known


class Standing(StrEnum):
    """How an enterprise in scope stands."""

    DUE = "due"
    MET = "met"
    FREE = "free"
    VISITED = "visited"
    UNVISITED = "unvisited"
    NEVER = "never"


STANDING_LABELS = {
    Standing.DUE: N_("Due and not visited"),
    Standing.MET: N_("Visited as often as required"),
    Standing.FREE: N_("No visit required"),
    Standing.VISITED: N_("Visited in the period"),
    Standing.UNVISITED: N_("Not visited in the period"),
    Standing.NEVER: N_("Never visited"),
}


@dataclass(frozen=True)
class Asked:
    """Programmes as known at a moment and a period: `span`, or with None the periods running `today`."""

    programmes: tuple[Known, ...]
    span: Span | None
    today: date

    @property
    def scope_span(self) -> Span:
        """On which days an enterprise must be in scope, one of them at least."""
        return self.span or Span(self.today, self.today)

    @property
    def visit_span(self) -> Span:
        """The days whose visits are shown: the period, else this year so far."""
        return self.span or Span(date(self.today.year, 1, 1), self.today)

    @property
    def counted_to(self) -> date:
        """The day from which the days since the last visit are counted back."""
        return min(self.visit_span.to_on, self.today)

    @property
    def has_tiers(self) -> bool:
        """Whether any of the programmes asks for a number of visits."""
        return any(known.has_tiers for known in self.programmes)


@dataclass(frozen=True)
class DueFilters:
    """What the list is narrowed to; empty parts do not narrow."""

    q: str = ""
    standing: tuple[Standing, ...] = ()
    tier: Picked = ALL_VALUES
    group: Picked = ALL_VALUES
    officer: Picked = ALL_VALUES
    park: Picked = ALL_VALUES
    street: Picked = ALL_VALUES
    tag: Picked = ALL_VALUES
