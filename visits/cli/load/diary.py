"""What the courses of all problems share."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from visits.cli.load.office import Office
from visits.core.workdays import add_workdays
from visits.issues import rules
from visits.issues.models import IssueCounter
from visits.issues.rules import Complexity, DueDates, Urgency


class NotYetError(Exception):
    """The next thing would happen after the last day."""


@dataclass
class Diary:
    """What the courses of all problems share: until when time runs, limits looked up, numbers given."""

    office: Office
    until: datetime
    due: dict[tuple[Complexity, Urgency, date], DueDates] = field(default_factory=dict)
    later: dict[tuple[date, int], date] = field(default_factory=dict)
    numbers: Counter[date] = field(default_factory=Counter)

    def due_dates(self, issue: dict[str, Any], day: date) -> DueDates:
        """The limits of a problem assigned that day."""
        key = (issue["complexity"], issue["urgency"], day)
        if key not in self.due:
            limits = rules.limits_for(issue["complexity"], issue["urgency"])
            self.due[key] = rules.due_dates(limits, day, self.office.calendar)
        return self.due[key]

    def workday(self, day: date, count: int) -> date:
        """The count-th working day after a day."""
        if (day, count) not in self.later:
            self.later[day, count] = add_workdays(day, count, self.office.calendar)
        return self.later[day, count]

    def number(self, day: date) -> str:
        """The next number of a day."""
        self.numbers[day] += 1
        return f"WT{day:%Y%m%d}-{self.numbers[day]:03d}"

    def write_counters(self) -> None:
        """Note the last number of each day, from which the office counts on."""
        for day, last in self.numbers.items():
            self.office.store.add(IssueCounter, day=day, last=last)
