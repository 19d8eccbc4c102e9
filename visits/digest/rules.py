"""Pure questions about the ladder of reminders: which step a problem has come to by its due day."""

from datetime import date
from enum import StrEnum

from visits.core.workdays import Calendar, add_workdays, is_workday, workdays_between

SOON = 2
REMIND_AFTER = 1
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


def is_told(due_on: date, rung: Rung, since: date, calendar: Calendar) -> bool:
    """Say whether a step is to be told, and not only noted.

    Of what was overdue before anybody watched, the digest tells: a reminder of each would come as a storm.
    What came to its step on a morning that was missed is told once, late.
    """
    after = {Rung.REMINDED: REMIND_AFTER, Rung.ORDERED: ORDER_AFTER}
    return rung in after and add_workdays(due_on, after[rung], calendar) >= since
