"""What happens to notices and messages by itself: those read or sent long ago are erased."""

from datetime import date

from visits.core.erasing import erase_all
from visits.core.i18n import N_
from visits.core.scheduling import Task
from visits.inbox.operations import purging


def _purge(_on: date) -> str:
    return erase_all(purging.spent())


JOBS = (
    Task(
        "house.purge",
        _purge,
        N_("Erases notices read half a year ago and messages sent three months ago."),
        N_("Notices and messages erased"),
    ),
)
