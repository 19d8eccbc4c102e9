"""Pure questions about the ladder of reminders: which step a problem has come to by its due day."""

from datetime import date
from enum import StrEnum

from visits.core.workdays import Calendar, is_workday, workdays_between

SOON = 2
ORDER_AFTER = 5


class Rung(StrEnum):
    """A step of the ladder of reminders, by working days before or after the due day."""

    SOON = "soon"
    DUE = "due"
    REMINDED = "reminded"
    ORDERED = "ordered"


def rung_on(due_on: date, day: date, calendar: Calendar) -> Rung | None:
    """The highest step reached on a working day; none on a rest day, or while there is time.

    Steps that were missed are not made up for: who was down for a week is told where things stand now.
    """
    if not is_workday(day, calendar):
        return None
    if day < due_on:
        return Rung.SOON if workdays_between(day, due_on, calendar) <= SOON else None
    if day == due_on:
        return Rung.DUE
    late = workdays_between(due_on, day, calendar)
    return Rung.ORDERED if late >= ORDER_AFTER else Rung.REMINDED
