"""Visits to the enterprises ticked in a list, planned in one go over the coming working days."""

from collections.abc import Callable
from datetime import date, timedelta

from visits.core.authz import Actor
from visits.core.bulk import Note
from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.errors import DomainError
from visits.core.i18n import N_
from visits.core.workdays import next_workday
from visits.outreach import operations
from visits.outreach.forms.due import SpreadForm

PLAN_SEVERAL = N_("Plan visits in one go")
PLANNED_FOR = N_("planned for %(day)s")


def spread_form(programme_id: int | None = None) -> SpreadForm:
    """The form, beginning on the next working day; the programme is that of the list, else 企业大走访."""
    return SpreadForm(next_workday(today() + timedelta(days=1), load_calendar()), programme_id)


def planner(actor: Actor, form: SpreadForm) -> Callable[[int], object]:
    """Plan one enterprise after the other; a refused one takes no place of a day."""
    days = form.days(load_calendar())
    free: list[date] = []

    def plan(enterprise_id: int) -> Note:
        day = free.pop() if free else next(days)
        try:
            operations.plan_visit(actor, form.entry(enterprise_id, day))
        except DomainError:
            free.append(day)
            raise
        return Note(PLANNED_FOR, {"day": day.isoformat()})

    return plan
