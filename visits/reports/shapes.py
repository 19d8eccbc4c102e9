"""What a figure is: its shape, its two sets, its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from visits.core.i18n import N_
from visits.reports.filters import ReportFilter
from visits.reports.sets import DIVIDED_BY, NARROWED_BY, OF_ANSWERS, OF_PROBLEMS, SETS, RowSet

VISITS = N_("visits to enterprises")
ENTERPRISES = N_("enterprises")
ATTENDANCES = N_("attendances")
TIMES = N_("times")
PROBLEMS = N_("problems")
WORKDAYS = N_("working days")
FLAGS = N_("red flags")
TOPICS = N_("topics")
PERCENT = "%"
ONE_OF = {
    VISITS: N_("visit to an enterprise"),
    ENTERPRISES: N_("enterprise"),
    ATTENDANCES: N_("attendance"),
    TIMES: N_("time"),
    PROBLEMS: N_("problem"),
    WORKDAYS: N_("working day"),
    FLAGS: N_("red flag"),
    TOPICS: N_("topic"),
}


class Shape(Enum):
    """What a figure makes of its two sets."""

    COUNT = "count"
    COUNT_AMONG = "count among"
    RATE = "rate"
    RATIO = "ratio"
    DIFFERENCE = "difference"
    MEAN = "mean"
    MEDIAN = "median"


class Part(Enum):
    """Which of a figure's two sets is meant."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True)
class Measure:
    """One figure with its definition (统计口径), as it is printed beside the rows it counts."""

    key: str
    label: str
    definition: str
    unit: str
    numerator: str | None
    denominator: str | None = None
    shape: Shape = Shape.COUNT

    def set_name(self, part: Part) -> str | None:
        """The name of one of its sets."""
        return self.numerator if part is Part.NUMERATOR else self.denominator

    @property
    def is_of_problems(self) -> bool:
        """Whether it counts problems and what happened to them, not visits."""
        return all(wanted.fact in OF_PROBLEMS for wanted in self.sets)

    @property
    def is_of_answers(self) -> bool:
        """Whether it tells what enterprises answered, which handling units see in total only."""
        return bool({self.numerator, self.denominator} & OF_ANSWERS)

    @property
    def sets(self) -> list[RowSet]:
        """The sets it is made of."""
        return [SETS[name] for name in (self.numerator, self.denominator) if name]

    def is_divisible(self, dimension: str) -> bool:
        """Whether it can be broken down by a dimension."""
        return self.shape not in (Shape.MEAN, Shape.MEDIAN) and self._is_told_apart(DIVIDED_BY, dimension)

    def is_answerable(self, wanted: ReportFilter) -> bool:
        """Whether its rows can be narrowed down to the part that is asked for."""
        return all(self._is_told_apart(NARROWED_BY, dimension) for dimension in wanted.narrowed_by)

    def _is_told_apart(self, ways: Mapping[str, frozenset[str]], dimension: str) -> bool:
        """Whether all its rows know of a dimension; rows of two kinds know different units."""
        facts = {wanted.fact for wanted in self.sets}
        return all(dimension in ways[fact] for fact in facts) and (dimension != "unit" or len(facts) == 1)


def rate(key: str, label: str, definition: str, numerator: str, denominator: str) -> Measure:
    """A figure in percent."""
    return Measure(key, label, definition, PERCENT, numerator, denominator, Shape.RATE)
