"""What a figure is: its shape, its two sets, its words."""

from dataclasses import dataclass
from enum import Enum

from visits.reports.sets import OF_ANSWERS, SETS, RowSet


class Shape(Enum):
    """What a figure makes of its two sets."""

    COUNT = "count"
    COUNT_AMONG = "count among"
    RATE = "rate"
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
        return all(wanted.fact in ("issues", "dispatches", "moves") for wanted in self.sets)

    @property
    def is_of_answers(self) -> bool:
        """Whether it tells what enterprises answered, which handling units see in total only."""
        return bool({self.numerator, self.denominator} & OF_ANSWERS)

    @property
    def sets(self) -> list[RowSet]:
        """The sets it is made of."""
        return [SETS[name] for name in (self.numerator, self.denominator) if name]
