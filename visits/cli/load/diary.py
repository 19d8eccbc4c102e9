"""What the courses of all problems share."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from visits.cli.load.office import Office
from visits.core.workdays import add_workdays
from visits.issues import rules
from visits.issues.limits import all_rules
from visits.issues.models import IssueCounter
from visits.issues.rules import DueDates, Kind, Limits, Rule


class NotYetError(Exception):
    """The next thing would happen after the last day."""


def _kind(issue: dict[str, Any]) -> Kind:
    return Kind(issue["category_id"], None, issue["urgency"], issue["complexity"])


@dataclass
class Diary:
    """What the courses of all problems share: until when time runs, limits looked up, numbers given."""

    office: Office
    until: datetime
    rules: list[Rule] = field(default_factory=all_rules)
    due: dict[tuple[Kind, date], DueDates] = field(default_factory=dict)
    later: dict[tuple[date, int], date] = field(default_factory=dict)
    numbers: Counter[date] = field(default_factory=Counter)

    def limits(self, issue: dict[str, Any]) -> Limits:
        """The limits of a problem."""
        rule = rules.rule_for(self.rules, _kind(issue), issue["registered_at"])
        if rule is None:
            raise LookupError("the office begins with a rule for everything")
        return rule.limits

    def due_dates(self, issue: dict[str, Any], day: date) -> DueDates:
        """The due dates of a problem assigned that day."""
        key = (_kind(issue), day)
        if key not in self.due:
            self.due[key] = rules.due_dates(self.limits(issue), day, self.office.calendar)
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
