"""Pure questions about visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from visits.core.errors import DomainError, Refused
from visits.core.i18n import N_
from visits.core.workdays import Calendar, add_workdays
from visits.outreach.entries import VisitEntry, VisitKind
from visits.programmes.models import VisitMode

EARLIEST = date(2000, 1, 1)
TIMELY_WORKDAYS = 3
FREE_WORKDAYS = 3
FURTHEST = timedelta(days=366)
NEAR = timedelta(days=3)
CONTACTS = frozenset({VisitMode.PHONE, VisitMode.ONLINE})


@dataclass(frozen=True)
class Cap:
    """How many visits an enterprise should have at most in so many days, over all programmes."""

    visits: int
    days: int

    def span(self, day: date) -> tuple[date, date]:
        """The first and the last day that share such a stretch with a day."""
        reach = self.days - 1
        first, last = max(day.toordinal() - reach, 1), min(day.toordinal() + reach, date.max.toordinal())
        return date.fromordinal(first), date.fromordinal(last)

    def others_around(self, others: Iterable[date], day: date) -> int:
        """The most of these other visits that any stretch of so many days around `day` holds."""
        near = sorted(other for other in others if abs((other - day).days) < self.days)
        ends = [day, *(other for other in near if other > day)]
        return max(sum(0 <= (end - other).days < self.days for other in near) for end in ends)


def is_near(planned_on: date, visited_on: date) -> bool:
    """Say whether a visit may be the one planned: at most three days lie between."""
    return abs(planned_on - visited_on) <= NEAR


def is_exempt(mode: VisitMode | None, kind: VisitKind | None) -> bool:
    """Say whether a visit never asks for a reason: a contact only, or at the enterprise's invitation."""
    return mode in CONTACTS or kind is VisitKind.INVITED


def fault_of_day(planned_on: date, today: date) -> DomainError | None:
    """Why no visit can be planned for a day, or None."""
    if planned_on < today:
        return Refused(
            N_("A visit is planned for today or later. One that was made already is recorded."),
            field="planned_on",
        )
    if planned_on > today + FURTHEST:
        return Refused(N_("Plan at most a year ahead. Choose an earlier day."), field="planned_on")
    return None


def last_timely_day(visited_on: date, calendar: Calendar) -> date:
    """The last day on which recording a visit is no late entry: the 3rd working day after it."""
    return add_workdays(visited_on, TIMELY_WORKDAYS, calendar)


def is_late_entry(recorded_on: date, timely_until: date) -> bool:
    """Say whether a visit was recorded too late to count as a timely note (补录)."""
    return recorded_on > timely_until


def last_free_day(recorded_on: date, calendar: Calendar) -> date:
    """The last day on which its author corrects a visit without a reason (domain C9)."""
    return add_workdays(recorded_on, FREE_WORKDAYS, calendar)


def is_joint(unit_names: Iterable[str]) -> bool:
    """Say whether people of two or more units took part (拼团)."""
    return len({name for name in unit_names if name}) > 1


def fault_of_visit_day(visited_on: date, today: date) -> DomainError | None:
    """Why a visit cannot have taken place on that day, or None."""
    if visited_on > today:
        return Refused(
            N_("A visit is recorded once it has taken place. The date lies in the future."),
            field="visited_on",
        )
    if visited_on < EARLIEST:
        return Refused(N_("The date lies before the year 2000. Correct it."), field="visited_on")
    return None


def fault_of(entry: VisitEntry, today: date) -> DomainError | None:
    """The first of the required entries that is missing or impossible (domain C1), or None."""
    if not entry.firm_ids:
        return Refused(
            N_("Choose at least one enterprise, or name one that is not in the register yet."),
            field="enterprises",
        )
    if fault := fault_of_visit_day(entry.visited_on, today):
        return fault
    if entry.start_time and entry.end_time and entry.end_time < entry.start_time:
        return Refused(N_("The visit ends before it begins. Correct the times."), field="end_time")
    if not entry.participant_ids and not entry.outsiders:
        return Refused(N_("Name at least one participant."), field="participant_ids")
    if not entry.programme_ids:
        return Refused(N_("Tick at least one programme."), field="programme_ids")
    return None


def strangers(entry: VisitEntry) -> set[int]:
    """Enterprises that a problem, a promise or a tick names although they were not visited."""
    heard = {problem.enterprise_id for problem in entry.problems}
    promised = {promise.enterprise_id for promise in entry.promises}
    return (heard | promised | entry.no_issue_ids) - set(entry.firm_ids)


def unanswered(entry: VisitEntry) -> list[int]:
    """Enterprises with neither a problem nor the tick that they have none."""
    heard = {problem.enterprise_id for problem in entry.problems}
    return [firm for firm in entry.firm_ids if firm not in heard and firm not in entry.no_issue_ids]


def contradicted(entry: VisitEntry) -> list[int]:
    """Enterprises with a problem and also the tick that they have none."""
    heard = {problem.enterprise_id for problem in entry.problems}
    return [firm for firm in entry.firm_ids if firm in heard and firm in entry.no_issue_ids]


def only_group(groups: Iterable[int]) -> int | None:
    """The group of a visit for which none was chosen: the one that answers for its enterprises, if any."""
    found = set(groups)
    return found.pop() if len(found) == 1 else None


def programmes_of_pair(chosen: Iterable[int], group_linked: int | None, is_linked: bool) -> list[int]:
    """The programmes of one enterprise's pair: 组团联企 only where a group answers for it that day."""
    return sorted({programme for programme in chosen if programme != group_linked or is_linked})
