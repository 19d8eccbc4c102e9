"""What is done every working morning: the ladder of reminders first, then everybody's digest."""

from collections.abc import Sequence
from datetime import date

from visits.core.calendar import load_calendar
from visits.core.clock import today
from visits.core.erasing import erase_all
from visits.core.i18n import N_
from visits.core.scheduling import Job, Piece, Task
from visits.core.workdays import is_workday
from visits.digest import ladder, operations, queries
from visits.digest.rules import Rung

NAMED = 3


def _is_morning(on: date) -> bool:
    """Digests tell how things stand: of a day that is over nothing is made up for, nor on a rest day."""
    return on == today() and is_workday(on, load_calendar())


def _waiting(on: date) -> Sequence[Piece]:
    return [(waiting, waiting.name) for waiting in queries.gather()] if _is_morning(on) else []


def _steps(on: date) -> Sequence[Piece]:
    """Reminders one by one; what is only noted, and the orders to propose, each at once."""
    if not _is_morning(on):
        return []
    due = ladder.steps_due(on)
    reminders = due.pop((Rung.REMINDED, True), [])
    reminded = [((Rung.REMINDED, True, (row.id,)), row.number) for row in reminders]
    return reminded + [
        ((*step, tuple(row.id for row in rows)), _named([row.number for row in rows]))
        for step, rows in due.items()
    ]


def _named(numbers: Sequence[str]) -> str:
    return "、".join(numbers[:NAMED]) + ("…" if len(numbers) > NAMED else "")


def _purge(_on: date) -> str:
    return erase_all([operations.spent_digests()])


JOBS = (
    Task(
        "house.purge",
        _purge,
        N_("Erases the digests of mornings more than a year ago."),
        N_("Digests erased"),
    ),
    Job(
        "digest.ladder",
        _steps,
        operations.climb,
        N_("Reminds units of what is overdue, and proposes supervision orders after five working days."),
        N_("Steps of reminding taken: %(count)d"),
    ),
    Job(
        "digest.send",
        _waiting,
        operations.send_digest,
        N_("Tells everybody on working days at 08:30 what waits for them, in the inbox and by mail."),
        N_("Digests made: %(count)d"),
    ),
)
