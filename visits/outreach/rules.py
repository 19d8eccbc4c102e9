"""Pure questions about visits."""

from collections.abc import Iterable
from datetime import date

from visits.core.errors import DomainError, Refused
from visits.core.i18n import N_
from visits.core.workdays import Calendar, add_workdays
from visits.outreach.entries import VisitEntry

EARLIEST = date(2000, 1, 1)
TIMELY_WORKDAYS = 3
FREE_WORKDAYS = 3


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


def fault_of(entry: VisitEntry, today: date) -> DomainError | None:
    """The first of the required entries that is missing or impossible (domain C1), or None."""
    if not entry.firm_ids:
        return Refused(
            N_("Choose at least one enterprise, or name one that is not in the register yet."),
            field="enterprises",
        )
    if entry.visited_on > today:
        return Refused(
            N_("A visit is recorded once it has taken place. The date lies in the future."),
            field="visited_on",
        )
    if entry.visited_on < EARLIEST:
        return Refused(N_("The date lies before the year 2000. Correct it."), field="visited_on")
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


def programmes_of_pair(chosen: Iterable[int], group_linked: int | None, is_linked: bool) -> list[int]:
    """The programmes of one enterprise's pair: 组团联企 only where a group answers for it that day."""
    return sorted({programme for programme in chosen if programme != group_linked or is_linked})
